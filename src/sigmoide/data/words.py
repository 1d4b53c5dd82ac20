"""Words and numbers: what in a text file is a number, and how a number is named as a level."""

from __future__ import annotations

import re

MISSING_WORDS = ("", "NA", "NaN", "nan", "null", "NULL")

# Whole numbers beyond this are not all float64: they are labels, not measurements.
LARGEST_WHOLE = 2.0**53

_NUMBER = (
    r"^[+-]?(?:[0-9]+{point}?[0-9]*|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?$"
    r"|^[+-]?(?:[iI][nN][fF]|[iI][nN][fF][iI][nN][iI][tT][yY])$"
)


def number_pattern(decimal: str) -> str:
    """Return the regular expression of numbers with that decimal sign, and of infinity."""
    return _NUMBER.replace("{point}", re.escape(decimal))


def is_number(word: str, decimal: str = ".") -> bool:
    """Say whether a word is a number with that decimal sign."""
    return re.fullmatch(number_pattern(decimal), word) is not None


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
