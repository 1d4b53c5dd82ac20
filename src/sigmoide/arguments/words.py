"""Names, values, rows and sizes in the words of messages: one line of text, whatever they hold."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """Return text as one line that steers no terminal: line ends and controls are spelled out.

    What is spelled out, as in a string of Python: all that Unicode calls a control, a format (which
    turn the direction of writing, or have no width), a surrogate, private or unassigned, and its
    separators of lines and paragraphs.
    """
    if text.isprintable():
        return text
    return "".join(ascii(c)[1:-1] if _steers(c) else c for c in text)


def _steers(letter: str) -> bool:
    kind = unicodedata.category(letter)
    return kind[0] == "C" or kind in ("Zl", "Zp")


def shown(value: object, most: int = 80) -> str:
    """Return how a value is written in Python, in a message: not all of what is very long."""
    try:
        text = repr(value)
    except Exception:
        # A whole number of more digits than Python writes, a broken object.
        return f"a value of type {type(value).__name__} that cannot be shown"
    return text if len(text) <= most else f"{text[:most]}…"


def count_from_zero(row: int) -> str:
    """Say where a row stands in something that has no lines."""
    return f"row {row} (counted from 0)"


def size_words(count: float) -> str:
    """Return ``8.0 GB`` for 8,000,000,000."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count / 1000:.0f} kB"
