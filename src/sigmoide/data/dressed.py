"""Numbers in disguise: percentages, money, grouped digits, dates.

A column of them read as text would be as many levels as values, and a model of nothing. They are
refused by name, with the way to make numbers of them.
"""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

_NUMBER = r"[+-]?(\d{1,3}([ ,.'\x{a0}\x{202f}]\d{3})+|\d+)([.,]\d+)?"
_MONEY = r"([$€£¥₹]|USD|EUR|GBP|JPY|CHF)"
_DATE = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))"
_TIME = r"([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"

# What it is called, how it looks, and what to do about it.
_DISGUISES = (
    (
        "percentages",
        rf"^{_NUMBER}\s*%$",
        "Take the sign out, in all rows: 12.5% becomes 12.5, or 0.125.",
    ),
    (
        "amounts of money",
        rf"^({_MONEY}\s*{_NUMBER}|{_NUMBER}\s*{_MONEY})$",
        "Take the currency out, and say it in the column's name: $5 becomes 5 in cost_usd.",
    ),
    (
        "numbers with their digits in groups",
        r"^[+-]?\d{1,3}([ ,'\x{a0}\x{202f}]\d{3})+(\.\d+)?$|^[+-]?\d{1,3}(\.\d{3}){2,}(,\d+)?$",
        "Take the separators out: 1,234,567 becomes 1234567.",
    ),
    (
        "dates",
        rf"^{_DATE}{_TIME}$",
        "Make numbers of them (days since a day, or columns for year, month and weekday); or put a "
        "letter before each (d2024-05-01) if they are to be levels.",
    ),
)


def disguise(present: Any) -> tuple[str, str] | None:
    """Say what the texts of a column are instead of numbers, and what to do; None if they are not.

    Parameters
    ----------
    present : pyarrow.Array of text
        The values that are not missing.
    """
    if not len(present):
        return None
    for name, pattern, remedy in _DISGUISES:
        if pc.all(pc.match_substring_regex(present, pattern)).as_py():
            return name, remedy
    return None
