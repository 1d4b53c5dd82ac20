"""Numbers in disguise: percentages, money, grouped digits, another decimal sign, dates.

A column of them read as text would be as many levels as values, and a model of nothing. They are
refused by name, with the way to make numbers of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from sigmoide.columns.words import GROUPING, number_pattern

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
    found = int(pc.index(_matches(words, pattern), True).as_py())
    return None if found < 0 else found


def _all(words: Any, pattern: str) -> bool:
    """Say whether all words match; the first few tell it of most columns."""
    return all(pc.all(_matches(part, pattern)).as_py() for part in (words[:99], words))
