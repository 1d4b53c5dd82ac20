"""Type inference of text columns: what the words show, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sigmoide.blocks.block import Array, Integers
from sigmoide.columns.account import Rows
from sigmoide.columns.typed import Kind, Raw, of_numbers, of_words, too_large
from sigmoide.columns.words import GROUPING, LARGEST_WHOLE, MISSING_WORDS, is_number, number_pattern
from sigmoide.errors import ColumnError
from sigmoide.sources.source import Source

_MISSING = pa.array(MISSING_WORDS)
_BOOLEAN = r"^(?i:true|false)$"
# Whole numbers of so many digits may be beyond what float64 holds.
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words of a column show; it adds up over rows.

    Attributes
    ----------
    numbers, booleans : bool
        Whether all are.
    zeros, beyond : bool
        Where all are numbers: whether some have leading zeros, or are whole and beyond 2^53.
    spaced : bool
        Whether some have spaces around them.
    wrong : Rows
        Where all are numbers: those that are infinite, or would become so.
    """

    numbers: bool = True
    booleans: bool = True
    zeros: bool = False
    beyond: bool = False
    spaced: bool = False
    wrong: Rows = field(default_factory=Rows)

    def __add__(self, other: Evidence) -> Evidence:
        numbers = self.numbers and other.numbers
        return Evidence(
            numbers,
            self.booleans and other.booleans,
            numbers and (self.zeros or other.zeros),
            numbers and (self.beyond or other.beyond),
            self.spaced or other.spaced,
            self.wrong + other.wrong if numbers else Rows(),
        )

    @property
    def kind(self) -> Kind:
        """What the column is; all of it decides, not its beginning."""
        if self.numbers:
            return "text" if self.zeros or self.beyond else "numeric"
        return "boolean" if self.booleans else "text"

    def as_learned(self, kind: Kind) -> Kind:
        """Return what a column is to a model that learned it as ``kind``.

        A column of ``007`` and ``1.50`` that was learned as text is text in every other file too,
        and one that was learned as numbers is numbers even where they have leading zeros. What
        cannot be read so is what it is.
        """
        if kind == "text" or (kind == "numeric" and self.numbers):
            return kind
        return self.kind

    def note(self, name: str) -> str:
        """Say why a column is text, or how its words were taken."""
        if self.kind != "text":
            return ""
        if self.numbers and self.zeros:
            return f"column {name!r} has numbers with leading zeros: kept as text"
        if self.numbers:
            return f"column {name!r} has whole numbers beyond 2^53: kept as text"
        if self.spaced:
            return f"spaces around the values of column {name!r} were left out"
        return ""


@dataclass(frozen=True, slots=True)
class Cells:
    """The words of some consecutive rows.

    Attributes
    ----------
    array : pyarrow.Array
        As they stand.
    there : ndarray of bool, shape (n,)
        Which stand for something.
    present : pyarrow.Array
        Those, without the spaces around them.
    numbers : ndarray, shape (n,), or None
        What they are as numbers, if all are.
    evidence : Evidence
        What they show.
    """

    array: Any
    there: np.ndarray
    present: Any
    numbers: Array | None
    evidence: Evidence


def read_cells(array: Any, decimal: str, start: int = 0) -> Cells:
    """Read the words of some rows of a column.

    Parameters
    ----------
    array : pyarrow.Array of text
        The rows.
    decimal : str
        The decimal sign.
    start : int
        Number of the first row, as the whole source counts.
    """
    trimmed = pc.utf8_trim_whitespace(array)
    there = pc.invert(pc.is_in(trimmed, value_set=_MISSING))
    present = trimmed.filter(there)
    spaced = bool(pc.any(pc.and_(pc.not_equal(array, trimmed), there)).as_py())
    filled = np.asarray(there.to_numpy(zero_copy_only=False))
    parsed = _parsed(present, decimal)
    if parsed is None:
        booleans = _all_match(present, _BOOLEAN)
        return Cells(array, filled, present, None, Evidence(False, booleans, spaced=spaced))
    numbers = np.full(len(array), np.nan)
    numbers[filled] = parsed
    evidence = Evidence(
        booleans=not len(present),
        zeros=_leading_zeros(present),
        beyond=_beyond(present, parsed),
        spaced=spaced,
        wrong=too_large(numbers, array, start),
    )
    return Cells(array, filled, present, numbers, evidence)


def as_kind(cells: Cells, kind: Kind) -> Raw | None:
    """Return the rows read as a kind; None where they are no such thing."""
    if kind == "numeric":
        return None if cells.numbers is None else of_numbers(cells.numbers)
    if kind == "boolean":
        if not cells.evidence.booleans:
            return None
        numbers = np.full(len(cells.array), np.nan)
        numbers[cells.there] = pc.equal(pc.utf8_lower(cells.present), "true").to_numpy(
            zero_copy_only=False
        )
        return of_numbers(numbers, "boolean")
    encoded = pc.dictionary_encode(cells.present)
    codes: Integers = np.full(len(cells.array), -1, dtype=np.int64)
    codes[cells.there] = encoded.indices.to_numpy(zero_copy_only=False)
    return of_words(codes, tuple(encoded.dictionary.to_pylist()))


def refuse_words(
    source: Source, name: str, words: Sequence[str], first: Callable[[int], int]
) -> None:
    """Refuse text that is numbers in disguise, or damaged.

    Parameters
    ----------
    source, name
        The column.
    words : sequence of str
        Its different words, in the order they are met; some are no numbers.
    first : callable
        From the position of a word to the first row that holds it.

    Raises
    ------
    ColumnError
        If it is.
    """
    if hidden := disguise(pa.array(words, pa.string()), source.decimal):
        raise ColumnError(
            f"{source.name}, {source.place(first(hidden.first))}: column {name!r} holds "
            f"{hidden.what}, such as {words[hidden.first]!r}, which are no numbers as they stand. "
            f"{hidden.remedy}"
        )
    broken = [k for k, word in enumerate(words) if "\0" in word]
    if broken:
        # What a crash or a full disk leaves in a file.
        raise ColumnError(
            f"{source.name}, {source.place(first(broken[0]))}: column {name!r} holds NUL bytes, "
            "so the file is damaged there. Mend that line, or write the file again."
        )


def _parsed(present: Any, decimal: str) -> Array | None:
    """Return words as numbers; None if not all are.

    Arrow takes for numbers what :func:`sigmoide.columns.words.is_number` does, and NaN.
    """
    if not len(present):
        return np.empty(0)
    if not is_number(present[0].as_py(), decimal):
        return None
    if decimal == ",":
        if pc.any(pc.match_substring(present, ".")).as_py():
            return None
        present = pc.replace_substring(present, ",", ".")
    try:
        numbers = pc.cast(present, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return None if np.isnan(numbers).any() else np.asarray(numbers)


def _all_match(words: Any, pattern: str) -> bool:
    if not len(words):
        return True
    # The first tells it of most columns.
    return all(
        pc.all(pc.match_substring_regex(part, pattern)).as_py() for part in (words[:1], words)
    )


def _leading_zeros(words: Any) -> bool:
    perhaps = words.filter(pc.match_substring_regex(words, r"^[+-]?0[0-9]"))
    return len(perhaps) > 0


def _beyond(words: Any, numbers: Array) -> bool:
    """Say whether whole numbers are beyond 2^53."""
    large = np.flatnonzero(np.abs(numbers) >= 10.0 ** (_DIGITS - 1))
    for word in words.take(pa.array(large)).to_pylist() if len(large) else ():
        digits = word.lstrip("+-")
        if digits.isdecimal() and (len(digits) > _DIGITS or int(digits) > LARGEST_WHOLE):
            return True
    return False


_NUMBER = rf"[+-]?(\d{{1,3}}([,.{GROUPING}]\d{{3}})+|\d+)([.,]\d+)?"
_MONEY = r"([$€£¥₹]|USD|EUR|GBP|JPY|CHF)"
_DATE = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))"
_TIME = r"([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
_PERCENT = rf"^{_NUMBER}\s*%$"
_AMOUNT = rf"^({_MONEY}\s*{_NUMBER}|{_NUMBER}\s*{_MONEY})$"
_LABELS = "if they are labels, put a letter before each"

# What it is called, how it looks, what may stand among it, and what to do about it.
_DISGUISES = (
    (
        "percentages",
        _PERCENT,
        rf"{_PERCENT}|^{_NUMBER}$",
        "Take the sign out, in all rows: 12.5% becomes 12.5, or 0.125.",
    ),
    (
        "amounts of money",
        _AMOUNT,
        rf"{_AMOUNT}|^{_NUMBER}$",
        "Take the currency out, and say it in the column's name: $5 becomes 5 in cost_usd.",
    ),
    (
        "dates",
        rf"^{_DATE}{_TIME}$",
        rf"^{_DATE}{_TIME}$",
        "Make numbers of them (days since a day, or columns for year, month and weekday); or put a "
        "letter before each (d2024-05-01) if they are to be levels.",
    ),
)
_SEPARATED = rf"^[+-]?\d{{1,3}}([.,{GROUPING}]\d{{3}})+([.,]\d+)?$"


@dataclass(frozen=True, slots=True)
class Disguise:
    """What the texts of a column are instead of numbers.

    Attributes
    ----------
    what : str
        Their name, in the plural.
    first : int
        Position of the first of them, among those given.
    remedy : str
        What to do.
    """

    what: str
    first: int
    remedy: str


def disguise(present: Any, decimal: str) -> Disguise | None:
    """Say what the texts of a column are instead of numbers; None if they are just text.

    Parameters
    ----------
    present : pyarrow.Array of text
        The values that are not missing, of which some are no numbers.
    decimal : str
        The decimal sign of those that are.
    """
    if not len(present):
        return None
    for what, pattern, among, remedy in _DISGUISES:
        if _all(present, among) and (first := _first(present, pattern)) is not None:
            return Disguise(what, first, remedy)
    if _all(present, f"{number_pattern('.')}|{number_pattern(',')}|{_SEPARATED}"):
        return _grouped_or_signed(present, decimal)
    return None


def _grouped_or_signed(present: Any, decimal: str) -> Disguise:
    """Tell grouped digits from decimals after another sign, and what could be either."""
    other = "," if decimal == "." else "."
    mine, its = _escaped(decimal), _escaped(other)
    sign = "comma" if other == "," else "point"
    grouped = (
        rf"^[+-]?\d{{1,3}}(([{GROUPING}]\d{{3}})+|([,.]\d{{3}}){{2,}}|({its}\d{{3}})+{mine}\d+)"
        r"([,.]\d+)?$"
    )
    either = rf"^[+-]?[1-9]\d{{0,2}}{its}\d{{3}}$"
    # What a column of 1,234 and 0.5 holds, and one of 1,234 and 1,234,567: no decimal comma.
    decimals = _first(present, rf"^[^.,]*{mine}[^.,]*$")
    separators = _first(present, grouped)
    ways = f"{either}|{grouped}"
    signed = pc.and_not(pc.match_substring(present, other), _matches(present, ways))
    groups_only = not pc.any(signed).as_py()
    strange = pc.invert(_matches(present, number_pattern(decimal))) if groups_only else signed
    first = int(pc.index(strange, True).as_py())
    if groups_only and (decimals is not None or separators is not None):
        return Disguise(
            "numbers with their digits in groups",
            first,
            f"Take the separators out: 1{other}234{other}567 becomes 1234567.",
        )
    if decimals is not None:
        return Disguise(
            "numbers with two decimal signs",
            first,
            f"Others are like {present[decimals].as_py()!r}. Write all of them with one sign; "
            f"{_LABELS}.",
        )
    return Disguise(
        "numbers that can be read in two ways" if groups_only else f"numbers with a decimal {sign}",
        first,
        f"If {other!r} is the decimal sign of all columns, say so (--decimal {other}); if it "
        f"separates thousands, take it out; {_LABELS}.",
    )


def _escaped(sign: str) -> str:
    return rf"\{sign}" if sign == "." else sign


def _matches(words: Any, pattern: str) -> Any:
    return pc.match_substring_regex(words, pattern)


def _first(words: Any, pattern: str) -> int | None:
    """Return the position of the first word that matches; None if there is none."""
    position = int(pc.index(_matches(words, pattern), True).as_py())
    return None if position < 0 else position


def _all(words: Any, pattern: str) -> bool:
    """Say whether all words match; the first few tell it of most columns."""
    return all(pc.all(_matches(part, pattern)).as_py() for part in (words[:99], words))
