"""Numbers as JSON can have them."""

from __future__ import annotations

import math


def json_number(value: float) -> float | str | None:
    """Return a number as JSON can have it: none where it is undefined, a word where infinite."""
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else f"{'-' if value < 0 else ''}Infinity"
