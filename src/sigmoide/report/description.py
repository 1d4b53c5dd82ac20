"""The description of a data set as text of at most 80 columns."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from sigmoide.arguments.words import printable
from sigmoide.design.describe import Description
from sigmoide.report.text import Paragraph, lines_of, plain_console


def render_description(data: Description) -> str:
    """Lay out a description."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("column", overflow="fold", max_width=24)
    table.add_column("type", no_wrap=True)
    table.add_column("missing", justify="right", no_wrap=True)
    table.add_column("holds", overflow="fold")
    for column in data.columns:
        holds = f"{column.holds}; {column.note}" if column.note else column.holds
        missing = f"{column.missing:,}" if column.missing else ""
        table.add_row(
            Paragraph(column.name),
            *(Text(printable(word)) for word in (column.kind, missing, holds)),
        )
    console, out = plain_console()
    console.print(Paragraph(f"{data.name}: {data.rows:,} rows, {len(data.columns)} columns"))
    for note in filter(None, (data.form, *data.notes)):
        console.print(Paragraph(note))
    console.print()
    console.print(table)
    if data.event:
        console.print()
        console.print(Paragraph(data.event))
    return lines_of(out)
