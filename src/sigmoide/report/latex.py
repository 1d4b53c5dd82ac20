r"""The summary as LaTeX: tabulars in the rules of the package booktabs."""

from __future__ import annotations

import re

from sigmoide.arguments.words import printable
from sigmoide.report.tables import Summary
from sigmoide.report.text import Sheet, sheets

_NEEDS = (
    "% Needs \\usepackage{booktabs}. Letters of other scripts than Latin and Greek need a font\n"
    "% that has them: LuaLaTeX or XeLaTeX with fontspec."
)

_LOWER = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma "
    "sigma tau upsilon varphi chi psi omega"
)
# Unicode leaves a gap where a second capital sigma would stand.
_UPPER = "A B Gamma Delta E Z H Theta I K Lambda M N Xi O Pi P - Sigma T Upsilon Phi X Psi Omega"


def _maths(name: str) -> str:
    """Return a symbol by its name; Greek letters that look like Latin ones have none."""
    return f"\\ensuremath{{\\{name}}}" if len(name) > 1 else f"\\ensuremath{{\\mathrm{{{name}}}}}"


_LETTERS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    # After the end of a row these would be an argument of it.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
    "±": _maths("pm"),
    "×": _maths("times"),
    "÷": _maths("div"),
    "·": _maths("cdot"),
    "∞": _maths("infty"),
    "−": r"\ensuremath{-}",
    "≤": _maths("le"),
    "≥": _maths("ge"),
    "≠": _maths("ne"),
    "≈": _maths("approx"),
    "√": r"\ensuremath{\surd}",
    "∑": _maths("sum"),
    "°": r"\ensuremath{^\circ}",
    "²": r"\ensuremath{^2}",
    "³": r"\ensuremath{^3}",
    "¹": r"\ensuremath{^1}",
    "½": r"\ensuremath{\frac12}",
    "µ": _maths("mu"),
    "ϕ": _maths("phi"),
    "…": r"\ldots{}",
}
_LETTERS |= {chr(0x3B1 + k): _maths(name) for k, name in enumerate(_LOWER.split())}
_LETTERS |= {chr(0x391 + k): _maths(name) for k, name in enumerate(_UPPER.split()) if name != "-"}


def render_latex(summary: Summary, extras: tuple[str, ...] = ()) -> str:
    """Lay out a summary as LaTeX, to be put into a document.

    Parameters
    ----------
    summary : Summary
        What is said.
    extras : tuple of str
        Texts to be shown after it as they are, letter under letter.
    """
    parts = [_NEEDS, f"\\noindent\\textbf{{{_text(summary.title)}}}\\\\\n{_text(summary.proof)}"]
    parts += [_table(sheet) for sheet in sheets(summary)]
    if summary.notes:
        notes = "\n".join(f"\\item {_text(note)}" for note in summary.notes)
        parts.append(f"\\begin{{itemize}}\n{notes}\n\\end{{itemize}}")
    parts += [_as_it_is(text) for text in extras]
    return "\n\n".join(parts)


def _table(sheet: Sheet) -> str:
    width = max(len(row) for row in sheet.rows)
    columns = "l" + "r" * (width - 1) if sheet.headings else r"lp{0.7\linewidth}"
    lines = [f"\\noindent\\begin{{tabular}}{{{columns}}}", r"\toprule"]
    if sheet.headings:
        lines += [_row(("", *sheet.headings)), r"\midrule"]
    lines += [_row(row) for row in sheet.rows]
    lines += [r"\bottomrule", r"\end{tabular}"]
    return f"\\medskip\\noindent {_text(sheet.caption)}\n\n" + "\n".join(lines)


def _row(cells: tuple[str, ...]) -> str:
    name, *values = cells
    return " & ".join([_text(name), *(_number(value) for value in values)]) + r" \\"


def _number(text: str) -> str:
    """Return a cell; a number below zero has a minus sign, and not a hyphen."""
    shown = _text(text)
    minus = text[:1] == "-" and (text[1:2].isdigit() or text == "-infinity")
    return "\\ensuremath{-}" + shown[1:] if minus else shown


def _as_it_is(text: str) -> str:
    lines = [_text(line).replace(" ", "~") or "~" for line in text.splitlines()]
    return "\\noindent\\texttt{" + "\\\\\n".join(lines) + "}"


def _text(text: str) -> str:
    escaped = "".join(_LETTERS.get(c, c) for c in printable(text))
    # Two hyphens would be a dash.
    return re.sub("-(?=-)", "-{}", escaped)
