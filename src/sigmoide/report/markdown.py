"""The summary as Markdown, with the tables of GitHub's."""

from __future__ import annotations

import re

from sigmoide.arguments.words import printable
from sigmoide.report.tables import Summary
from sigmoide.report.text import Sheet, sheets

# A cell ends at a bar whatever stands before it in some dialects: bars and backslashes become
# entities, which no dialect takes for structure.
_LETTERS = {c: f"&#{ord(c)};" for c in "|\\<>&"} | {c: f"\\{c}" for c in "`*_[]~$"}
_AT_START = re.compile(r"^(?:([-+=#])|(\d+)([.)]))")


def render_markdown(summary: Summary, extras: tuple[str, ...] = ()) -> str:
    """Lay out a summary as Markdown.

    Parameters
    ----------
    summary : Summary
        What is said.
    extras : tuple of str
        Texts to be shown after it as they are, letter under letter.
    """
    parts = [f"**{_text(summary.title)}**", _text(summary.proof)]
    parts += [f"{_text(sheet.caption)}:\n\n{_table(sheet)}" for sheet in sheets(summary)]
    if summary.notes:
        parts.append("\n".join(f"- {_text(note)}" for note in summary.notes))
    parts += [_as_it_is(text) for text in extras]
    return "\n\n".join(parts)


def _table(sheet: Sheet) -> str:
    width = max(len(row) for row in sheet.rows)
    headings = ["", *sheet.headings, *[""] * (width - 1 - len(sheet.headings))]
    align = "--:" if sheet.headings else "---"
    lines = [headings, ["---", *[align] * (width - 1)]]
    lines[0] = [_cell(heading) for heading in headings]
    lines += [[_cell(cell) for cell in row] for row in sheet.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _as_it_is(text: str) -> str:
    """Return code between fences that are longer than any in it."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _cell(text: str) -> str:
    return "".join(_letter(c) for c in printable(text))


def _letter(letter: str) -> str:
    # Blanks of other kinds at the ends of a cell would be taken off.
    if letter.isspace() and letter != " ":
        return f"&#{ord(letter)};"
    return _LETTERS.get(letter, letter)


def _text(text: str) -> str:
    """Return a paragraph's text: what would begin a list or a heading is escaped, too."""
    return _AT_START.sub(_escaped, _cell(text).strip(" "))


def _escaped(match: re.Match[str]) -> str:
    sign, number, point = match.groups()
    return f"\\{sign}" if sign else f"{number}\\{point}"
