"""The summary as HTML: tables with captions and scopes, and no style from outside."""

from __future__ import annotations

from html import escape

from sigmoide.arguments.words import printable
from sigmoide.report.tables import Summary
from sigmoide.report.text import Sheet, sheets


def render_html(summary: Summary, extras: tuple[str, ...] = (), *, whole: bool = False) -> str:
    """Lay out a summary as HTML.

    Parameters
    ----------
    summary : Summary
        What is said.
    extras : tuple of str
        Texts to be shown after it as they are, letter under letter.
    whole : bool
        Whether a whole document is wanted, or a piece of one.
    """
    title = _text(summary.title)
    parts = [
        f'<section class="sigmoide" aria-label="{title}">',
        f"<p><strong>{title}</strong><br>{_text(summary.proof)}</p>",
        *(_table(sheet) for sheet in sheets(summary)),
    ]
    if summary.notes:
        notes = "\n".join(f"<li>{_text(note)}</li>" for note in summary.notes)
        parts.append(f"<ul>\n{notes}\n</ul>")
    parts += [f"<pre>{escape(text)}</pre>" for text in extras]
    piece = "\n".join([*parts, "</section>"])
    if not whole:
        return piece
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n{piece}\n</body>\n</html>"
    )


def _table(sheet: Sheet) -> str:
    lines = ["<table>", f"<caption>{_text(sheet.caption)}</caption>"]
    if sheet.headings:
        cells = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in sheet.headings)
        lines.append(f"<thead><tr><td></td>{cells}</tr></thead>")
    lines.append("<tbody>")
    for name, *values in sheet.rows:
        cells = "".join(f"<td>{_text(value)}</td>" for value in values)
        lines.append(f'<tr><th scope="row">{_text(name)}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody>", "</table>"])


def _text(text: str) -> str:
    return escape(printable(text))
