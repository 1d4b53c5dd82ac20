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


def significant(value: float, digits: int, decimal_mark: str) -> str:
    """Write a number with so many significant digits, in the language's way."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if 1e-3 <= abs(value) < 1e7:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return f"{value:.{decimals}f}".replace(".", decimal_mark)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace(".", decimal_mark)


def whole(value: int, thousands: str) -> str:
    """Write a whole number, its thousands apart from 10,000 up (in English from 1,000)."""
    if thousands == "~" and abs(value) < 10_000:
        return str(value)
    return f"{value:,}".replace(",", thousands)


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
            lines.extend(f"# {line}".replace("~", " ") for line in block.split("\n"))
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


def table(rows: Sequence[Sequence[str]], gap: int = 2) -> str:
    """Line up the cells of a table: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    apart = " " * gap
    return "\n".join(
        "  " + apart.join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in rows
    )


@dataclass(frozen=True)
class Words:
    """Texts in one language, and how that language writes numbers.

    Attributes
    ----------
    texts : dict
        The texts, by section.
    """

    texts: dict[str, str]

    def number(self, value: float, digits: int) -> str:
        """Write a number with so many decimals."""
        return number(value, digits, self.texts["decimal_mark"])

    def significant(self, value: float, digits: int = 3) -> str:
        """Write a number with so many significant digits; large ones whole."""
        if 10_000 <= abs(value) < 1e12:
            return self.whole(round(value))
        return significant(value, digits, self.texts["decimal_mark"])

    def short(self, value: float) -> str:
        """Write a number with no more digits than it needs, six at the most."""
        return f"{value:g}".replace(".", self.texts["decimal_mark"])

    def rate(self, value: float) -> str:
        """Write a learning rate: 0.05, 3.9, 4.0."""
        return self.number(value, 1) if value >= 1 else self.short(value)

    def whole(self, value: int) -> str:
        """Write a whole number."""
        return whole(value, self.texts["thousands"])

    def fill(self, section: str, **values: str) -> str:
        """Return a text with its values filled in, in one line."""
        return self.texts[section].format(**values).replace("~", " ")


@dataclass(frozen=True)
class Page(Words):
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

    write: Callable[[str], object]
    lines: list[str] = field(default_factory=list)

    def say(self, section: str, **values: str) -> None:
        """Write a section of the prose, with its values filled in; ``{n}`` is its number."""
        if self.lines:
            self._write("#")
        # The opening has a heading and no number.
        headings = sum(line.startswith("## ") for line in self.lines)
        for line in prose_lines(self.texts[section].format(n=headings, **values)):
            self._write(line)

    def picture(self, name: str) -> None:
        """Say which picture belongs here."""
        self.say("picture", name=name)

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

    def _write(self, line: str) -> None:
        self.write(line)
        self.lines.append(line)
