"""Texts made safe: everything is escaped, and a tiny fixed markup is all that there is."""

from __future__ import annotations

import html
import json
import re
from typing import Any

# In the texts: *emphasis*, `code`; the page's own code reads the same two.
_MARKS = re.compile(r"\*([^*]+)\*|`([^`]+)`")

# In a script element these could end it, or begin a comment; JavaScript once ended lines at two.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029\x7f"}


def escaped(text: str) -> str:
    """Return text that is only text wherever it stands in HTML, in an attribute too."""
    return html.escape(text, quote=True)


def inline(text: str) -> str:
    """Return a text of the tables as HTML: escaped, with its emphasis and code."""

    def mark(found: re.Match[str]) -> str:
        words, code = found.groups()
        return f"<em>{words}</em>" if words is not None else f"<code>{code}</code>"

    return _MARKS.sub(mark, escaped(text))


def json_script(entries: Any) -> str:
    """Return JSON that may stand in a script element."""
    text = json.dumps(entries, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_UNSAFE)
