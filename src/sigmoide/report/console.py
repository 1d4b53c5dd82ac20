"""Where tables become text: no colours, one width, the same in a terminal, a file and Jupyter."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.text import Text

from sigmoide.arguments.words import printable

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that is wrapped, its lines set in after the first.

    A line that begins at the margin is one of ours: no name that is long enough to be broken makes
    one.

    Attributes
    ----------
    text : str
        One paragraph; line ends and controls in it are spelled out.
    mark : str
        What the further lines begin with.
    """

    text: str
    mark: str = "  "

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        rest, mark = printable(self.text), ""
        while rest or not mark:
            width = max(options.max_width - len(mark), 2)
            # No line needs more of the text, which may be long.
            line = Text(rest[: 8 * width]).wrap(console, width, overflow="fold")[0].plain
            yield Text(mark + line)
            rest, mark = rest[max(len(line), 1) :].lstrip(), self.mark

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, Text(printable(self.text)))


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


def lines_of(out: io.StringIO) -> str:
    """Return what was printed, without the blanks at the ends of its lines."""
    return "\n".join(line.rstrip() for line in out.getvalue().removesuffix("\n").split("\n"))
