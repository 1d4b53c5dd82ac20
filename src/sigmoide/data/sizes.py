"""Numbers of bytes in words."""

from __future__ import annotations


def size_words(count: float) -> str:
    """Return ``8.0 GB`` for 8,000,000,000."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count / 1000:.0f} kB"
