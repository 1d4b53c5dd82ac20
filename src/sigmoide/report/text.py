"""The summary as text of at most 80 columns, and its tables cell by cell for every layout."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from sigmoide.arguments.words import printable
from sigmoide.report.tables import CoefficientRow, Fact, Summary, p_word
from sigmoide.results.records import Reading

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: text in every cell, nothing escaped yet.

    Attributes
    ----------
    caption : str
        What it shows.
    headings : tuple of str
        Of the columns besides the first, which holds the names; none for a list of facts.
    rows : tuple of tuple of str
        A name, and its cells.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def coefficient_sheet(summary: Summary) -> Sheet:
    """Return the table of the coefficients: estimates alone where nothing else is known."""
    caption = "Coefficients"
    if not summary.inferred:
        rows = tuple((row.term, estimate(row)) for row in summary.coefficients)
        return Sheet(caption, ("estimate",), rows)
    headings = ("estimate", "std. err.", summary.test, "p", *_ends(summary))
    return Sheet(caption, headings, tuple(_tested(row, summary) for row in summary.coefficients))


def odds_sheet(summary: Summary) -> Sheet:
    """Return the table of the odds ratios."""
    caption = "Odds ratios"
    if not summary.inferred:
        alone = tuple((row.term, _odds(row)) for row in summary.coefficients)
        return Sheet(caption, ("odds ratio",), alone)
    rows = tuple(
        (row.term, _odds(row), word(row.odds[1]), word(row.odds[2])) for row in summary.coefficients
    )
    return Sheet(caption, ("odds ratio", *_ends(summary)), rows)


def fact_sheet(caption: str, facts: tuple[Fact, ...]) -> Sheet:
    """Return a list of facts."""
    return Sheet(caption, (), facts)


def sheets(summary: Summary) -> tuple[Sheet, ...]:
    """Return all tables of a summary, in their order; those without a row are left out."""
    every = (
        fact_sheet("Data and fit", summary.facts),
        coefficient_sheet(summary),
        odds_sheet(summary),
        fact_sheet("The fit as a whole", summary.statistics),
    )
    return tuple(sheet for sheet in every if sheet.rows)


def word(value: float) -> str:
    """Write a number with four digits; in words where it is infinite, or none is given."""
    if math.isnan(value):
        return WITHHELD
    if math.isinf(value):
        return "+infinity" if value > 0 else "-infinity"
    return f"{value:.4g}"


def estimate(row: CoefficientRow) -> str:
    """Write an estimate: one that is undefined is infinite, with no determined sign."""
    return "±infinity" if math.isnan(row.estimate) else word(row.estimate)


def _odds(row: CoefficientRow) -> str:
    return "0 or infinity" if math.isnan(row.estimate) else word(row.odds[0])


def _tested(row: CoefficientRow, summary: Summary) -> tuple[str, ...]:
    statistic = row.chi2 if summary.test == "chi2" else row.z
    return (
        row.term,
        estimate(row),
        word(row.standard_error),
        WITHHELD if math.isnan(statistic) else f"{statistic:.2f}",
        p_word(row.p) or WITHHELD,
        word(row.low),
        word(row.high),
    )


def _ends(summary: Summary) -> tuple[str, str]:
    """Head the interval's ends by the quantiles that they are."""
    tail = (100.0 - summary.coverage) / 2.0
    return f"{tail:g} %", f"{100.0 - tail:g} %"


WIDTH = 80


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that is wrapped, its lines set in after the first.

    A line that begins at the margin is one of ours: no name long enough to be broken makes one.

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


_TERM_WIDTH = 30


def render(summary: Summary) -> str:
    """Lay out a summary."""
    console, out = plain_console()
    console.print(Paragraph(summary.title))
    console.print(Paragraph(summary.proof))
    console.print()
    console.print(_facts(summary.facts))
    console.print()
    console.print(_table(coefficient_sheet(summary)))
    console.print()
    if summary.coefficients:
        console.print(_table(odds_sheet(summary)))
        console.print()
    console.print(_facts(summary.statistics))
    for note in summary.notes:
        console.print()
        console.print(Paragraph(note))
    return lines_of(out)


def _facts(facts: tuple[Fact, ...]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in facts:
        grid.add_row(Text(printable(label)), Text(printable(value)))
    return grid


def _table(sheet: Sheet) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold", max_width=_TERM_WIDTH)
    for heading in sheet.headings:
        table.add_column(Text(heading, justify="right"), justify="right", no_wrap=True)
    for name, *cells in sheet.rows:
        table.add_row(Paragraph(name), *(Text(cell) for cell in cells))
    return table


def number(value: float) -> str:
    """Write a number with four digits; nothing where there is none."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "+inf" if value > 0 else "-inf"
    return f"{value:.4g}"


# A fit that lasts no longer needs no pace.
_SHORT = 2.0


def reading_line(reading: Reading, shown: int | None = None) -> str:
    """Return the line of a read.

    Parameters
    ----------
    reading : Reading
        What is known.
    shown : int, optional
        Reads that lines were shown for already: those in between are named with this one.
    """
    reads = reading.reads
    passed = shown is not None and reads > shown + 1
    parts = [f"reads {shown + 1}-{reads}" if passed and shown is not None else f"read {reads}"]
    parts[0] += f": {reading.what}"
    if reading.decrement is not None:
        parts.append(f"{reading.decrement:.1e} s.e. to go")
    if reading.gap is not None:
        parts.append(f"proved within {reading.gap:.1e} of the least")
    elif reading.value is not None:
        parts.append(f"objective {reading.value:.6f}")
    if reading.seconds > _SHORT:
        parts.append(_pace(reading.rows_per_second))
        if reading.left is not None:
            parts.append(f"about {_duration(reading.left)} left")
    return printable(", ".join(parts))


def _pace(rows: float) -> str:
    return f"{rows / 1e6:.1f} M rows/s" if rows >= 1e5 else f"{rows:,.0f} rows/s"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
