"""Entries of a JSON file that is read as hostile: each knows its place, and refuses what it is not.

Nothing here trusts a length, a type or a size; every refusal is a ``ModelFileError`` that says
which entry is wrong.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.errors import ModelFileError

T = TypeVar("T")

# Numbers that JSON has no word for.
WORDS = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


class Entry:
    """One entry of the file.

    Parameters
    ----------
    path : Path
        The file.
    place : str
        Where in it the entry stands, such as ``fit.totals.rows``.
    value
        What JSON made of it.
    """

    def __init__(self, path: Path, place: str, value: Any) -> None:
        self.path, self.place, self.value = path, place, value

    def wrong(self, what: str) -> ModelFileError:
        """Return the error that says what is wrong with this entry."""
        where = f" at {_short(self.place)}" if self.place else ""
        return ModelFileError(
            f"{self.path}: this is not a sound model file{where}: {what}. "
            "Fit the model again, or take the file from where it was written."
        )

    def __getitem__(self, key: str) -> Entry:
        if not isinstance(self.value, dict) or key not in self.value:
            raise self.wrong(f"entry {key!r} is missing")
        return Entry(self.path, f"{self.place}.{key}".lstrip("."), self.value[key])

    def get(self, key: str) -> Entry:
        """Return an entry that older files have not; its value is None there."""
        if isinstance(self.value, dict) and key not in self.value:
            return Entry(self.path, f"{self.place}.{key}".lstrip("."), None)
        return self[key]

    def _is(self, kind: type[T], what: str) -> T:
        if not isinstance(self.value, kind) or (kind is not bool and isinstance(self.value, bool)):
            raise self.wrong(f"{what} is needed, not {_short(self.value)}")
        return self.value

    def text(self) -> str:
        """Return a text that can be written down: half a letter of UTF-16 cannot."""
        text = self._is(str, "text")
        try:
            text.encode()
        except UnicodeError as error:
            raise self.wrong("a text is not Unicode") from error
        return text

    def flag(self) -> bool:
        """Return true or false."""
        return self._is(bool, "true or false")

    def count(self, most: int = 1 << 53) -> int:
        """Return a whole number from 0 to ``most``."""
        value = self._is(int, "a whole number")
        if not 0 <= value <= most:
            raise self.wrong(f"a whole number from 0 to {most} is needed, not {_short(value)}")
        return value

    def choice(self, *choices: str) -> Any:
        """Return one of some texts."""
        if not isinstance(self.value, str) or self.value not in choices:
            raise self.wrong(f"one of {', '.join(choices)} is needed, not {_short(self.value)}")
        return self.value

    def number(self, *, finite: bool = True) -> float:
        """Return a number; infinite and undefined ones are words."""
        value = self.value
        if isinstance(value, str) and value in WORDS:
            value = WORDS[value]
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"a number is needed, not {_short(value)}")
        elif isinstance(value, float) and not math.isfinite(value):
            raise self.wrong("a number is too large")
        try:
            value = float(value)
        except OverflowError as error:
            raise self.wrong("a number is too large") from error
        if finite and not math.isfinite(value):
            raise self.wrong(f"a finite number is needed, not {_short(self.value)}")
        return value

    def positive(self) -> float:
        """Return a finite number of zero or more."""
        value = self.number()
        if value < 0.0:
            raise self.wrong(f"a number of zero or more is needed, not {value:g}")
        return value

    def bound(self) -> float:
        """Return a number of zero or more, infinite or undefined where nothing is known."""
        value = self.number(finite=False)
        if value < 0.0:
            raise self.wrong(f"a number of zero or more is needed, not {value:g}")
        return value

    def each(self) -> list[Entry]:
        """Return the entries of a list."""
        values = self._is(list, "a list")
        return [Entry(self.path, f"{self.place}[{k}]", v) for k, v in enumerate(values)]

    def numbers(self, length: int, *, finite: bool = True) -> Array:
        """Return a list of so many numbers."""
        entries = self.each()
        if len(entries) != length:
            raise self.wrong(f"{length} numbers are needed, not {len(entries)}")
        return np.array([entry.number(finite=finite) for entry in entries], dtype=np.float64)

    def packed(self, length: int) -> Array:
        """Return so many finite numbers from base64 of little-endian float64."""
        try:
            data = base64.b64decode(self.text(), validate=True)
        except ValueError as error:
            raise self.wrong(f"base64 is needed: {error}") from error
        if len(data) != 8 * length:
            raise self.wrong(f"{length} numbers are needed, not {len(data) / 8:g}")
        numbers = np.frombuffer(data, dtype="<f8").astype(np.float64)
        if not np.isfinite(numbers).all():
            raise self.wrong("finite numbers are needed")
        return numbers

    def mapping(self, value: Callable[[Entry], T]) -> dict[str, T]:
        """Return an object, each of its entries read by ``value``."""
        entries = self._is(dict, "an object")
        return {
            Entry(self.path, self.place, key).text(): value(
                Entry(self.path, f"{self.place}.{key}", item)
            )
            for key, item in entries.items()
        }

    def optional(self, reader: Callable[[Entry], T]) -> T | None:
        """Return None for null, or what ``reader`` makes of the entry."""
        return None if self.value is None else reader(self)


def _short(value: Any, most: int = 40) -> str:
    """Return a value for a message: not more of it than is of use."""
    if isinstance(value, int) and abs(value) > 1 << 64:
        return "a number of very many digits"
    if isinstance(value, list | dict):
        return f"a list of {len(value)}" if isinstance(value, list) else "an object"
    text = repr(value[: most + 1] if isinstance(value, str) else value)
    return text if len(text) <= most else text[:most] + "…"
