"""The text of warnings: what a reader of the numbers alone would miss, in a line."""

from __future__ import annotations

from collections.abc import Iterable

from sigmoide.report.tables import proof_line
from sigmoide.results.records import Fit

# So many names are listed; the result holds them all.
_MOST = 12


def not_proved_line(fit: Fit, terms: Iterable[str], signs: Iterable[float], remedy: str) -> str:
    """Say that a fit is not proved, and which terms are infinite.

    Parameters
    ----------
    fit : Fit
        The fit.
    terms, signs : iterables of one length
        Names, and the fates that separation has for them (0 is finite).
    remedy : str
        What to do where some are infinite.
    """
    line = proof_line(fit)
    infinite = [term for term, sign in zip(terms, signs, strict=True) if sign != 0.0]
    if fit.status == "separated" and infinite:
        line += f". Infinite: {', '.join(infinite[:_MOST])}. {remedy}"
    return line


def aliased_line(fit: Fit) -> str:
    """Say which columns are combinations of others."""
    said = "; ".join(f"{a.name} = {a}" for a in fit.aliased[:_MOST])
    return f"{len(fit.aliased)} column(s) left out as combinations of others: {said}"
