"""Splits: which rows are fitted, and which are held out to be judged by.

A row's part follows from its own number or key, never from how many rows there are: it stays where
it is when rows are added below it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from sigmoide.columns.values import Values, read_values
from sigmoide.errors import ColumnError, DataError, UsageError
from sigmoide.sources.source import Source, listed

TRAIN, TEST, VALIDATION = "train", "test", "validation"

# A share is met exactly in every run of so many rows of a class, at most.
_LONGEST_RUN = 100

_FORMS = (
    "'random:0.2' (a fifth is the test), 'random:0.2,0.1' (and a tenth the validation), "
    "'stratified:0.2', 'every:3' (rows 0, 3, 6, … are the test), or 'column:NAME=TRAIN'"
)


@dataclass(frozen=True, slots=True)
class Split:
    """How to split.

    Attributes
    ----------
    kind : {"random", "stratified", "every", "column"}
        By hash of the row's number or key; the same within each class; every k-th row; by what a
        column says.
    shares : tuple of float
        Of the test, and of the validation where there is one.
    step : int
        Every so many rows.
    column, value : str
        The column, and its value for the rows that are fitted.
    seed : int
        Of the hash.
    key : str, optional
        A column whose value stands for the row's number: rows of one key stay together.
    text : str
        As it was asked for.
    """

    kind: Literal["random", "stratified", "every", "column"]
    shares: tuple[float, ...] = ()
    step: int = 0
    column: str = ""
    value: str = ""
    seed: int = 0
    key: str | None = None
    text: str = ""

    @property
    def described(self) -> str:
        """All that decides which part a row is in, in a few words."""
        if not self.shares:
            return repr(self.text)
        by = f", by {self.key!r}" if self.key is not None else ""
        return f"{self.text!r} (seed {self.seed}{by})"


def parse_split(text: str, seed: int | None = None, key: str | None = None) -> Split:
    """Read a split from its short form.

    Parameters
    ----------
    text : str
        One of the forms.
    seed : int, optional
        Of the splits that are drawn; 0 by default.
    key : str, optional
        A column whose rows of one value stay together, in a random split.

    Raises
    ------
    UsageError
        If it is none of the forms, or a seed or key is given where none is used.
    """
    kind, _, rest = text.partition(":")
    if key is not None and kind != "random":
        raise UsageError(
            f"the split {text!r} does not go by a key; rows of one key stay together in "
            "'random' splits only."
        )
    if seed is not None and kind in ("every", "column"):
        raise UsageError(
            f"the split {text!r} draws nothing, so that a seed ({seed} was given) changes nothing. "
            "Leave the seed out."
        )
    seed = 0 if seed is None else seed
    if kind == "random":
        return Split("random", _shares(text, rest), seed=seed, key=key, text=text)
    if kind == "stratified":
        return Split("stratified", _shares(text, rest), seed=seed, text=text)
    if kind == "every":
        if not rest.isascii() or not rest.isdigit() or int(rest) < 2:
            raise UsageError(f"the split {text!r} needs a whole number of 2 or more: 'every:3'.")
        return Split("every", step=int(rest), text=text)
    column, sign, value = rest.partition("=")
    if kind == "column" and sign and column and value:
        return Split("column", column=column, value=value, text=text)
    raise UsageError(f"the split {text!r} is not one that is known. Write {_FORMS}.")


def _shares(text: str, rest: str) -> tuple[float, ...]:
    try:
        shares = tuple(float(word) for word in rest.split(","))
    except ValueError:
        shares = ()
    if not 1 <= len(shares) <= 2 or not all(0 < s < 1 for s in shares) or sum(shares) >= 1:
        raise UsageError(
            f"the split {text!r} needs one share or two, each above 0, together below 1. "
            f"Write {_FORMS}."
        )
    return shares


def split_rows(split: Split, source: Source, target: str) -> dict[str, np.ndarray]:
    """Return the row numbers of each part, ``train`` first.

    Parameters
    ----------
    split : Split
        How.
    source : Source
        The rows.
    target : str
        Column whose classes a stratified split keeps in proportion.

    Raises
    ------
    DataError
        If no row is left to fit, or a part is empty.
    ColumnError
        If the column of the split holds something that cannot be followed.
    """
    parts = _parts(split, source, target)
    names = [TRAIN, *sorted(set(parts) - {TRAIN})]
    members = {name: np.flatnonzero(parts == name).astype(np.int64) for name in names}
    if not len(members[TRAIN]):
        raise DataError(f"{source.name}: the split {split.text!r} leaves no row to fit.")
    if len(members) == 1:
        raise DataError(f"{source.name}: the split {split.text!r} holds out no row.")
    return members


def _parts(split: Split, source: Source, target: str) -> np.ndarray:
    n = source.n_rows
    if split.kind == "every":
        return np.where(np.arange(n) % split.step == 0, TEST, TRAIN)
    if split.kind == "column":
        return _by_column(split, source)
    if split.kind == "random":
        words = _keys(split, source) if split.key else [str(row) for row in range(n)]
        return _named(np.array([_uniform(split.seed, word) for word in words]), split.shares)
    named = read_values(source, target).as_levels()
    parts = np.full(n, TRAIN, dtype="<U10")
    for code in np.unique(named.codes):
        rows = np.flatnonzero(named.codes == code)
        word = named.levels[code] if code >= 0 else ""
        parts[rows] = _in_runs(len(rows), split, word)
    return parts


def _named(u: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    """Name the parts by where a number in [0, 1) falls: test first, then validation."""
    parts = np.full(len(u), TRAIN, dtype="<U10")
    edge = 0.0
    for name, share in zip((TEST, VALIDATION), shares, strict=False):
        parts[(u >= edge) & (u < edge + share)] = name
        edge += share
    return parts


def _uniform(seed: int, word: str) -> float:
    """Return a number in [0, 1) that follows from the seed and the word."""
    digest = hashlib.blake2b(f"{seed}:{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def _in_runs(rows: int, split: Split, word: str) -> np.ndarray:
    """Part the rows of one class, run by run, so that every full run has the shares exactly.

    Which places of a run are held out is drawn from the run's number, before its rows are there.
    """
    fractions = [Fraction(s).limit_denominator(_LONGEST_RUN) for s in split.shares]
    length = int(np.lcm.reduce([f.denominator for f in fractions]))
    parts = []
    for run in range(-(-rows // length)):
        order = np.argsort([_uniform(split.seed, f"{word}:{run}:{k}") for k in range(length)])
        places = np.full(length, TRAIN, dtype="<U10")
        start = 0
        for name, f in zip((TEST, VALIDATION), fractions, strict=False):
            count = int(f * length)
            places[order[start : start + count]] = name
            start += count
        parts.append(places)
    return np.concatenate(parts)[:rows]


def _words(source: Source, name: str) -> tuple[Values, np.ndarray]:
    """Return a column as text, refusing rows without a value."""
    values = read_values(source, name).as_levels()
    gone = np.flatnonzero(values.codes < 0)
    if len(gone):
        raise ColumnError(
            f"{source.name}, {source.place(int(gone[0]))}: column {name!r} is to say how the rows "
            f"are split and has no value ({len(gone)} such rows). Fill them in."
        )
    return values, np.array(values.levels)[values.codes]


def _keys(split: Split, source: Source) -> list[str]:
    return list(_words(source, split.key or "")[1])


def _by_column(split: Split, source: Source) -> np.ndarray:
    values, words = _words(source, split.column)
    if split.value not in values.levels:
        raise ColumnError(
            f"{source.name}: column {split.column!r} has the values {listed(values.levels)}; "
            f"{split.value!r}, which the split says to fit on, is none of them."
        )
    return np.where(words == split.value, TRAIN, words)
