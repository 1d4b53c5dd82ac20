"""The tables of a summary, cell by cell, in the words that every layout shows."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sigmoide.report.tables import CoefficientRow, Fact, Summary, p_word

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
