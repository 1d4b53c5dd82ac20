"""Whether rows are those of a fit: what they add up to, and where their likelihood is greatest.

A fit keeps no checksum of its rows, and needs none. Rows that are as many, weigh as much, hold as
many events, have the same likelihood at the estimate, and are at their maximum there, give every
answer that the rows of the fit give.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import RowsError
from sigmoide.problem import objective
from sigmoide.results.firth_check import check_firth
from sigmoide.results.predict import linear_predictor
from sigmoide.results.records import Fit

# Sums over the same rows differ by their rounding only.
_SAME = 1e-8
# So many standard errors from their maximum are rows that have another one.
_NEAR = 1e-6

_CURE = (
    "Errors, profiles and tests are taken over the rows that were fitted: give the data of the "
    "fit, as they were."
)


@dataclass(frozen=True, slots=True)
class _Totals:
    """What rows add up to at an estimate.

    Attributes
    ----------
    rows, weight, events : float
        Rows, and sums of weights: of all, and of those with the event.
    value : float
        Minus the log-likelihood.
    gradient : ndarray, shape (p,)
        Of that, around the centre of the fit.
    """

    rows: int
    weight: float
    events: float
    value: float
    gradient: Array

    def __add__(self, other: _Totals) -> _Totals:
        return _Totals(
            self.rows + other.rows,
            self.weight + other.weight,
            self.events + other.events,
            self.value + other.value,
            self.gradient + other.gradient,
        )


@single_threaded_arithmetic()
def refuse_other_rows(blocks: Blocks, fit: Fit, intercept: bool, name: str) -> None:
    """Refuse rows that are not those of a fit: one read.

    Parameters
    ----------
    blocks : Blocks
        The rows.
    fit : Fit
        The fit.
    intercept : bool
        Whether the model has one.
    name : str
        What the rows are called.

    Raises
    ------
    RowsError
        If they are others.
    """
    kept, totals = fit.coefficients, fit.totals
    apart = fit.separation.rows if fit.status == "separated" else np.empty(0, dtype=np.int64)

    def at(block: Block) -> _Totals:
        # In the limit that a separated fit tends to, separated rows have no loss and no score.
        live = ~np.isin(block.rows, apart)
        X, y, s = block.X[live], block.y[live], block.weight[live]
        eta = linear_predictor(X, block.offset[live], kept)
        score = -s * objective.residual(eta, y)
        slopes = (X[:, kept.columns] - kept.centre).T @ score
        first = [score.sum()] if intercept else []
        return _Totals(
            len(block.y),
            float(block.weight.sum()),
            float(block.weight @ block.y),
            float(s @ objective.loss(eta, y)),
            np.concatenate([first, slopes]),
        )

    if blocks.n_rows != totals.rows:
        raise _others(name, "rows", f"{blocks.n_rows:,}", f"{totals.rows:,}")
    sums = blocks.reduce(at)
    for what, theirs, ours in (
        ("observations by weight", sums.weight, totals.weight),
        ("events", sums.events, totals.events),
        ("log-likelihood at the estimate", -sums.value, totals.loglik),
    ):
        if not math.isclose(theirs, ours, rel_tol=_SAME, abs_tol=_SAME):
            raise _others(name, what, f"{theirs:.10g}", f"{ours:.10g}")
    if fit.small_sample is not None:
        checked = check_firth(blocks, fit, intercept)
        if not checked.within(max(_NEAR, 10.0 * fit.small_sample.convergence.decrement)):
            raise RowsError(
                f"{name}: these are not the rows of the fit: over them {checked}. {_CURE}"
            )
    elif kept.covariance is not None:
        squared = float(sums.gradient @ kept.covariance @ sums.gradient)
        if squared > _NEAR**2:
            raise RowsError(
                f"{name}: these are not the rows of the fit: their likelihood has its maximum "
                f"{math.sqrt(squared):.2g} standard errors from its estimate. {_CURE}"
            )


def _others(name: str, what: str, theirs: str, ours: str) -> RowsError:
    return RowsError(
        f"{name}: these are not the rows of the fit ({what}: {theirs}, and {ours} were fitted). "
        f"{_CURE}"
    )
