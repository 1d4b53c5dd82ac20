"""Words and numbers: what in a text file is a number, and how a number is named as a level."""

from __future__ import annotations

import re
from functools import cache

MISSING_WORDS = ("", "NA", "NaN", "nan", "null", "NULL")

# Whole numbers beyond this are not all float64: they are labels, not measurements.
LARGEST_WHOLE = 2.0**53

_NUMBER = (
    r"^[+-]?(?:[0-9]+{point}?[0-9]*|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?$"
    r"|^[+-]?(?:[iI][nN][fF]|[iI][nN][fF][iI][nN][iI][tT][yY])$"
)

# What separates groups of digits, besides the point and the comma.
GROUPING = "' \u00a0\u202f"
# Grouped digits with decimals: each names the other sign by being it.
_GROUPED = {
    sign: re.compile(rf"[+-]?[0-9]{{1,3}}(?:[{other}{GROUPING}][0-9]{{3}})+[{sign}][0-9]+")
    for sign, other in ((".", ","), (",", "."))
}
# Thousands are led by one to three digits and no zero: three decimals behind those may be either.
_THOUSANDS_PERHAPS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")


def number_pattern(decimal: str) -> str:
    """Return the regular expression of numbers with that decimal sign, and of infinity."""
    return _NUMBER.replace("{point}", re.escape(decimal))


@cache
def _number(decimal: str) -> re.Pattern[str]:
    return re.compile(number_pattern(decimal))


def is_number(word: str, decimal: str = ".") -> bool:
    """Say whether a word is a number with that decimal sign."""
    return _number(decimal).fullmatch(word) is not None


def decimal_sign(word: str) -> str | None:
    """Return the decimal sign that a word surely has, as far as one can tell without others.

    Returns
    -------
    str or None
        ``.`` or ``,``; nothing where it has none, or where it could as well separate thousands
        (1,234); None where the word is no number at all.
    """
    for sign, grouped in _GROUPED.items():
        if grouped.fullmatch(word):
            return sign
    if _THOUSANDS_PERHAPS.fullmatch(word):
        return ""
    for sign in _GROUPED:
        if is_number(word, sign):
            return sign if sign in word else ""
    return None


def number_word(value: float) -> str:
    """Return ``2`` for 2.0 and ``0.5`` for 0.5: how a number is named as a level."""
    whole = float(value).is_integer() and abs(value) < LARGEST_WHOLE
    return str(int(value)) if whole else repr(float(value))


def in_formula(name: str) -> str:
    """Return a column's name as a formula wants it."""
    return name if name.isidentifier() else f"`{name}`"


def other_sign_hint(word: str, decimal: str) -> str:
    """Return what to try where a word is a number but for its decimal sign; else nothing."""
    other = "." if decimal == "," else ","
    if not is_number(word, other):
        return ""
    return (
        f" If {other!r} is the decimal sign, say so (--decimal {other}); if it separates "
        "thousands, take it out."
    )
