"""Names and messages as one line of text, whatever they hold."""

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
