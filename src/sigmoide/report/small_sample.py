"""What is said of a fit by Firth's method, FLIC or FLAC."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sigmoide.results.small_sample import LABELS, SmallSample

if TYPE_CHECKING:
    from sigmoide.report.tables import CoefficientRow, Fact

_METHODS = {
    "firth": "Firth's penalised likelihood",
    "flic": "FLIC: Firth's slopes, the intercept fitted anew by maximum likelihood",
    "flac": "FLAC: maximum likelihood of the rows and Firth's pseudo-rows",
}
_INFERENCE = {
    "firth": "ratios of the penalised likelihood",
    "flic": "ratios of the penalised likelihood; Wald's of the intercept",
    "flac": "ratios of the likelihood of rows and pseudo-rows",
}
PENALTY = "Jeffreys' prior, ln det I / 2 added to the log-likelihood"


def reached_line(small: SmallSample) -> str:
    """Say what was reached, and that it is no proof."""
    label, near = LABELS[small.method], small.convergence
    if not near.reached:
        return f"NOT CONVERGED: {label}, {str(near).removeprefix('not converged: ')}"
    if near.maximum is False:
        return f"NOT CONVERGED: {label}, {str(near).removeprefix('converged to ')}"
    after = "" if small.method == "firth" else " after Firth's method"
    line = f"{label}{after}: {near}"
    if small.correction is None:
        return line
    what = "the intercept" if small.method == "flic" else "the fit"
    if not small.correction.proved:
        return (
            f"NOT CONVERGED: {line}; {what} that follows is not proved ({small.correction.reason})"
        )
    from sigmoide.report.tables import upwards

    return (
        f"{line}; {what} that follows is proved within {upwards(small.correction.distance)} "
        "standard errors"
    )


def method_facts(small: SmallSample) -> tuple[Fact, ...]:
    """Return how the model was estimated."""
    return (("method", _METHODS[small.method]),)


def inference_facts(small: SmallSample, intervals: str) -> tuple[Fact, ...]:
    """Return what intervals (by ``"profile"``, or others) and tests are made of."""
    made = _INFERENCE[small.method]
    if intervals == "profile":
        return (("intervals, p", f"profiles and {made}"),)
    return (("intervals", "estimate ± quantile × standard error"), ("p", made))


def with_ratios(rows: tuple[CoefficientRow, ...], small: SmallSample) -> tuple[CoefficientRow, ...]:
    """Return rows whose tests are the likelihood ratios that were computed with the fit."""
    return tuple(
        replace(row, chi2=float(chi2), p=float(p))
        for row, chi2, p in zip(rows, small.statistics, small.p, strict=True)
    )


def method_statistics(small: SmallSample) -> tuple[Fact, ...]:
    """Return the penalised log-likelihoods."""
    facts = [("penalised log-likelihood", small.penalised_loglik)]
    if not math.isnan(small.null_penalised_loglik):
        facts.append(("null penalised log-likelihood", small.null_penalised_loglik))
    return tuple((label, f"{value:.6g}") for label, value in facts)


def lost_line(small: SmallSample, terms: Iterable[str]) -> str:
    """Say which intervals or tests of a fit that converged could not be found; empty if none."""
    if not small.reached:
        return ""
    gone = np.isnan(small.intervals).any(axis=1) | np.isnan(small.statistics)
    names = [term for term, lost in zip(terms, gone, strict=True) if lost]
    if not names:
        return ""
    return (
        f"Intervals or tests whose search did not come to its end are withheld: {', '.join(names)}."
    )


def method_notes(small: SmallSample, terms: Iterable[str]) -> list[str]:
    """Return what else the reader has to know."""
    if not small.reached:
        return [
            "No standard errors, tests or intervals are given, because the search did not come to "
            "its end. Columns that nearly repeat each other are the usual cause: leave one out."
        ]
    notes = [
        "Firth's method has no proof. AIC and BIC are not given: they compare maximised "
        "likelihoods, and this one is penalised."
    ]
    if lost := lost_line(small, terms):
        notes.insert(0, lost)
    if small.method == "firth":
        notes.append(
            "Probabilities are pulled towards 1/2, so that their mean is not the share of events. "
            "FLIC and FLAC put that right (--flic, --flac, method='flic', method='flac')."
        )
    return notes
