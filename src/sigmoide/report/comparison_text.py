"""A comparison as text of at most 80 columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from textwrap import fill, indent

from rich.table import Table
from rich.text import Text

from sigmoide.arguments.words import printable
from sigmoide.report.comparison import Column, Comparison
from sigmoide.report.console import WIDTH, Paragraph, lines_of, plain_console
from sigmoide.report.tables import CoefficientRow
from sigmoide.report.text import number

# Models that stand in one table; more go into the next.
_ABREAST = 4
_TERM_WIDTH = 26


def render_comparison(found: Comparison) -> str:
    """Lay out models side by side; under each estimate its standard error."""
    console, out = plain_console()
    for column in found.columns:
        console.print(Paragraph(f"{column.name}: {column.formula} ({column.source})"))
        console.print(Text(indent(fill(printable(column.proof), WIDTH - 2), "  ")))
    for columns in _tables(found.columns):
        console.print()
        console.print(_table(found.terms, columns))
    console.print()
    console.print(Text("Estimates, and below them (standard errors)."))
    for note in found.notes:
        console.print()
        console.print(Paragraph(note))
    return lines_of(out)


def _tables(columns: Sequence[Column]) -> Iterator[Sequence[Column]]:
    for low in range(0, len(columns), _ABREAST):
        yield columns[low : low + _ABREAST]


def _table(terms: Sequence[str], columns: Sequence[Column]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold", max_width=_TERM_WIDTH)
    for column in columns:
        table.add_column(Paragraph(column.name, "…"), justify="right", overflow="fold")
    for term in terms:
        rows = [column.coefficients.get(term) for column in columns]
        if any(rows):
            table.add_row(Paragraph(term), *(_cell(row) for row in rows))
    table.add_row()
    for label in columns[0].statistics:
        table.add_row(label, *(Text(printable(c.statistics[label])) for c in columns))
    return table


def _cell(row: CoefficientRow | None) -> str:
    if row is None:
        return ""
    error = "" if math.isnan(row.standard_error) else f"({number(row.standard_error)})"
    return f"{number(row.estimate)}\n{error}"
