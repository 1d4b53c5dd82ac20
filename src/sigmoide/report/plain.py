"""Text that can be shown anywhere."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """Return text in which nothing can steer a terminal: control characters are spelled out."""
    return "".join(
        c if c == "\n" or unicodedata.category(c)[0] != "C" else ascii(c)[1:-1] for c in text
    )
