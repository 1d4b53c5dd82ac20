"""The summary as text of at most 80 columns."""

from __future__ import annotations

import math

from rich.table import Table
from rich.text import Text

from sigmoide.arguments.words import printable
from sigmoide.report.console import Paragraph, lines_of, plain_console
from sigmoide.report.sheets import Sheet, coefficient_sheet, odds_sheet
from sigmoide.report.tables import Fact, Summary

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
