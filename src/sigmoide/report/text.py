"""The summary as text of at most 80 columns."""

from __future__ import annotations

import io
import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sigmoide.report.plain import printable
from sigmoide.report.tables import CoefficientRow, Fact, Summary, p_word

WIDTH = 80
_TERM_WIDTH = 30


def render(summary: Summary) -> str:
    """Lay out a summary."""
    out = io.StringIO()
    console = Console(
        file=out, width=WIDTH, color_system=None, highlight=False, legacy_windows=False
    )
    console.print(Text(printable(summary.title)))
    console.print(Text(printable(summary.proof)))
    console.print()
    console.print(_facts(summary.facts))
    console.print()
    console.print(_coefficients(summary))
    console.print()
    if summary.coefficients:
        console.print(_odds(summary))
        console.print()
    console.print(_facts(summary.statistics))
    for note in summary.notes:
        console.print()
        console.print(Text(printable(note)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _facts(facts: tuple[Fact, ...]) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in facts:
        grid.add_row(Text(printable(label)), Text(printable(value)))
    return grid


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold", max_width=_TERM_WIDTH)
    for heading in headings:
        table.add_column(Text(heading, justify="right"), justify="right", no_wrap=True)
    return table


def _coefficients(summary: Summary) -> Table:
    if not summary.inferred:
        table = _table("estimate")
        for row in summary.coefficients:
            table.add_row(_name(row), number(row.estimate))
        return table
    table = _table("estimate", "std. err.", "z", "p", *_ends(summary))
    for row in summary.coefficients:
        table.add_row(
            _name(row),
            number(row.estimate),
            number(row.standard_error),
            "" if math.isnan(row.z) else f"{row.z:.2f}",
            p_word(row.p),
            number(row.low),
            number(row.high),
        )
    return table


def _odds(summary: Summary) -> Table:
    if not summary.inferred:
        table = _table("odds ratio")
        for row in summary.coefficients:
            table.add_row(_name(row), number(row.odds[0]))
        return table
    table = _table("odds ratio", *_ends(summary))
    for row in summary.coefficients:
        table.add_row(_name(row), *(number(v) for v in row.odds))
    return table


def _ends(summary: Summary) -> tuple[str, str]:
    """Head the interval's ends by the quantiles that they are."""
    tail = (100.0 - summary.coverage) / 2.0
    return f"{tail:g} %", f"{100.0 - tail:g} %"


def _name(row: CoefficientRow) -> Text:
    return Text(printable(row.term))


def number(value: float) -> str:
    """Write a number with four digits; nothing where there is none."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "+inf" if value > 0 else "-inf"
    return f"{value:.4g}"
