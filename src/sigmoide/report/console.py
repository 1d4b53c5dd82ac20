"""Where tables become text: no colours, one width, the same in a terminal, a file and Jupyter."""

from __future__ import annotations

import io

from rich.console import Console

WIDTH = 80


def plain_console() -> tuple[Console, io.StringIO]:
    """Return a console, and what is printed on it."""
    out = io.StringIO()
    # In Jupyter, rich would show the text as pictures of its own, and write none of it.
    console = Console(
        file=out,
        width=WIDTH,
        color_system=None,
        highlight=False,
        legacy_windows=False,
        force_jupyter=False,
    )
    return console, out
