"""Text and numbers that can be shown anywhere."""

from __future__ import annotations

import math
import unicodedata


def printable(text: str) -> str:
    """Return text in which nothing can steer a terminal: control characters are spelled out."""
    return "".join(
        c if c == "\n" or unicodedata.category(c)[0] != "C" else ascii(c)[1:-1] for c in text
    )


def json_number(value: float) -> float | str | None:
    """Return a number as JSON can have it: none where it is undefined, a word where infinite."""
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else f"{'-' if value < 0 else ''}Infinity"
