"""How the lesson's prose is set: its numbers, its lines, and the page they are written on.

Every line of prose begins with "#", so that what the notebook prints can be told apart from
what is said about it.
"""

from __future__ import annotations

import contextlib
import io
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

WIDTH = 78

# In the texts "~" ties two words, as in TeX. textwrap breaks lines at spaces only.
_TIE = "\N{NO-BREAK SPACE}"


def number(value: float, digits: int, decimal_mark: str) -> str:
    """Write a number with so many decimals, in the language's way."""
    return f"{value:.{digits}f}".replace(".", decimal_mark)


def power_of_ten_above(value: float) -> str:
    """Write the least power of ten that is not less than ``value``, as "1e-12".

    A proved bound may be widened but not narrowed; and its exact digits, which are made of
    rounding, differ from one machine to another.
    """
    if value <= 0:
        return "0"
    return f"1e{math.ceil(math.log10(value))}"


def prose_lines(text: str) -> list[str]:
    """Wrap a text as lines of prose, at most ``WIDTH`` columns wide.

    Parameters
    ----------
    text : str
        Blocks with an empty line between them: a heading ("## …"), a list (each item begins
        with "- "), lines to be kept as they are (indented), or else a paragraph.

    Returns
    -------
    list of str
        Lines that begin with "# " or "## ", or are "#".
    """
    lines: list[str] = []
    for block in text.strip("\n").split("\n\n"):
        if lines:
            lines.append("#")
        if block.startswith("## "):
            lines.append(block)
        elif block.startswith(" "):
            lines.extend(f"# {line}" for line in block.split("\n"))
        elif block.startswith("- "):
            for item in block.removeprefix("- ").split("\n- "):
                lines.extend(_wrapped(item, "# - ", "#   "))
        else:
            lines.extend(_wrapped(block, "# ", "# "))
    return lines


def _wrapped(paragraph: str, first: str, others: str) -> list[str]:
    wrapped = textwrap.wrap(
        " ".join(paragraph.split()).replace("~", _TIE),
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_TIE, " ") for line in wrapped]


def table(rows: Sequence[Sequence[str]]) -> str:
    """Line up the cells of a table: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in rows
    )


@dataclass(frozen=True)
class Page:
    """What is being printed: prose and the notebook's own lines, in turns.

    Attributes
    ----------
    texts : dict
        The prose, by section.
    write : callable
        Takes one line, without its end.
    lines : list of str
        All that was written.
    """

    texts: dict[str, str]
    write: Callable[[str], object]
    lines: list[str] = field(default_factory=list)

    def say(self, section: str, **values: str) -> None:
        """Write a section of the prose, with its values filled in."""
        if self.lines:
            self._write("#")
        for line in prose_lines(self.texts[section].format(**values)):
            self._write(line)

    def show(self, output: str) -> None:
        """Write what the notebook prints, untouched."""
        if self.lines and self.lines[-1].startswith("#"):
            self._write("#")
        for line in output.split("\n"):
            self._write(line)

    @contextlib.contextmanager
    def showing(self) -> Iterator[None]:
        """Write what is printed in here as the notebook's."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            yield
        self.show(printed.getvalue().removesuffix("\n"))

    def number(self, value: float, digits: int) -> str:
        """Write a number in the language of the prose."""
        return number(value, digits, self.texts["decimal_mark"])

    def _write(self, line: str) -> None:
        self.write(line)
        self.lines.append(line)
