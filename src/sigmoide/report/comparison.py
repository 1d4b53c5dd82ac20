"""Several models side by side: records, and text of at most 80 columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill, indent
from typing import Any

import pandas as pd
from rich.table import Table
from rich.text import Text

from sigmoide.arguments.words import printable
from sigmoide.inference.hypothesis import Likelihoods
from sigmoide.report.scores import json_number
from sigmoide.report.tables import CoefficientRow, Inferred, proof_line, summarise
from sigmoide.report.text import WIDTH, Paragraph, lines_of, number, plain_console
from sigmoide.results.records import Model

# Sums over the same rows agree to this.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """One model of a comparison.

    Attributes
    ----------
    name : str
        How it is called.
    formula : str
        What was modelled on what.
    source : str
        What it was fitted on.
    proof : str
        The verdict, one line.
    coefficients : mapping of str to CoefficientRow
        By term.
    statistics : mapping of str to str
        Of the whole fit, as they are shown.
    """

    name: str
    formula: str
    source: str
    proof: str
    coefficients: dict[str, CoefficientRow]
    statistics: dict[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Models side by side, ready to be shown.

    Attributes
    ----------
    columns : tuple of ComparedModel
        The models, in order.
    terms : tuple of str
        All their terms: those of the first model, then what each next one has besides.
    notes : tuple of str
        What the reader has to know.
    """

    columns: tuple[ComparedModel, ...]
    terms: tuple[str, ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:

        return render_comparison(self)

    def to_frame(self) -> pd.DataFrame:
        """Return a row a term, and for each model ``estimate, std_err, z, p``."""
        frames = {column.name: _frame(column, self.terms) for column in self.columns}
        return pd.concat(frames, axis=1)


def _frame(column: ComparedModel, terms: Sequence[str]) -> pd.DataFrame:
    rows = column.coefficients.values()
    table = pd.DataFrame(
        {
            "estimate": [row.estimate for row in rows],
            "std_err": [row.standard_error for row in rows],
            "z": [row.z for row in rows],
            "p": [row.p for row in rows],
        },
        index=list(column.coefficients),
    )
    return table.reindex(list(terms))


def column_of(
    name: str, formula: str, model: Model, inferred: Inferred, overall: Likelihoods
) -> ComparedModel:
    """Return a model as a column."""
    rows = summarise(model, inferred, overall).coefficients
    statistics = {
        "observations": f"{overall.n:,g}",
        "coefficients": f"{overall.rank}",
        "log-likelihood": f"{overall.loglik:.6g}",
        "AIC": f"{overall.aic:.6g}",
        "BIC": f"{overall.bic:.6g}",
        "McFadden R2": f"{overall.mcfadden:.4f}",
        "errors": inferred.covariance.label,
    }
    shown = {label: "" if text == "nan" else text for label, text in statistics.items()}
    by_term = {row.term: row for row in rows}
    return ComparedModel(name, formula, model.source, proof_line(model.fit), by_term, shown)


def side_by_side(columns: Sequence[ComparedModel], models: Sequence[Model]) -> Comparison:
    """Gather models, and what has to be said of them together."""
    terms = dict.fromkeys(term for column in columns for term in column.coefficients)
    return Comparison(tuple(columns), tuple(terms), _notes(columns, models))


def _notes(columns: Sequence[ComparedModel], models: Sequence[Model]) -> tuple[str, ...]:
    notes = []
    if len({(m.target.column, m.target.event) for m in models}) > 1:
        events = ", ".join(
            f"{c.name}: {m.target.column} = {m.target.event}"
            for c, m in zip(columns, models, strict=True)
        )
        notes.append(f"The models are of different events ({events}).")
    if any(_apart(models[0], model) for model in models[1:]):
        notes.append(
            "The models were fitted on different rows, weights or offsets: their log-likelihoods, "
            "AIC and BIC do not compare."
        )
    return tuple(notes)


def _apart(one: Model, two: Model) -> bool:
    """Say whether two models were fitted on other rows, as far as their sums tell."""
    a, b = one.fit.totals, two.fit.totals
    pairs = [(a.weight, b.weight), (a.events, b.events)]
    if one.design.intercept == two.design.intercept:
        pairs.append((a.null_loglik, b.null_loglik))
    return a.rows != b.rows or not all(math.isclose(x, y, rel_tol=_SAME) for x, y in pairs)


def comparison_entries(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the models as JSON's own types."""
    return [
        {
            "name": column.name,
            "formula": column.formula,
            "source": column.source,
            "proof": column.proof,
            "coefficients": {
                term: {
                    "estimate": json_number(row.estimate),
                    "std_err": json_number(row.standard_error),
                    "z": json_number(row.z),
                    "p": json_number(row.p),
                }
                for term, row in column.coefficients.items()
            },
            "statistics": column.statistics,
        }
        for column in comparison.columns
    ]


# Models that stand in one table; more go into the next.
_ABREAST = 4
_TERM_WIDTH = 26


def render_comparison(comparison: Comparison) -> str:
    """Lay out models side by side; under each estimate its standard error."""
    console, out = plain_console()
    for column in comparison.columns:
        console.print(Paragraph(f"{column.name}: {column.formula} ({column.source})"))
        console.print(Text(indent(fill(printable(column.proof), WIDTH - 2), "  ")))
    for columns in _tables(comparison.columns):
        console.print()
        console.print(_table(comparison.terms, columns))
    console.print()
    console.print(Text("Estimates, and below them (standard errors)."))
    for note in comparison.notes:
        console.print()
        console.print(Paragraph(note))
    return lines_of(out)


def _tables(columns: Sequence[ComparedModel]) -> Iterator[Sequence[ComparedModel]]:
    for low in range(0, len(columns), _ABREAST):
        yield columns[low : low + _ABREAST]


def _table(terms: Sequence[str], columns: Sequence[ComparedModel]) -> Table:
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
