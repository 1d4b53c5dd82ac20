"""Firth's logistic regression: finite estimates wherever the columns are not aliased.

The penalised likelihood L(b) sqrt(det I(b)) falls to 0 far out in every direction (Kosmidis and
Firth 2021, "Jeffreys-prior penalty, finiteness and shrinkage in binomial-response generalized
linear models", Biometrika 108, 71-82), so it has a maximum, on separated data too. But ln of it is
not known to be concave: no certificate says that there is only one. What a fit claims is how near
it came to a point where the modified score vanishes (``Convergence``), and no more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.aliased import find_aliased
from sigmoide.fit.progress import Progress
from sigmoide.fit.setup import refuse_aliased, refuse_unfit
from sigmoide.inference.batched_searches import Search, advance
from sigmoide.inference.firth_surface import Penalised, penalised
from sigmoide.inference.searching import SearchEnd, lowest
from sigmoide.inference.surface import likelihood_at, solve, visit
from sigmoide.kernels.reference import Local
from sigmoide.problem.blockwise import moments_kernel
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.proof.certificate import Factor
from sigmoide.results.covariance import Estimates, around_zero, in_columns
from sigmoide.results.records import AliasedColumn, Coefficients, Settings
from sigmoide.results.small_sample import Convergence as Convergence
from sigmoide.solver.aliasing import screen

# The search goes somewhat beyond what is asked: what is left after a step is a share of the step.
_BEYOND = 0.01


@dataclass(frozen=True, slots=True)
class FirthFit:
    """A fit by Firth's method.

    Attributes
    ----------
    convergence : Convergence
        What is known of the answer: nothing is proved.
    coefficients : Coefficients
        The estimates; the covariance is the inverse Fisher information at them, of the likelihood
        without its penalty (as in logistf and brglm2).
    intercept : bool
        Whether the model has one.
    aliased : tuple of AliasedColumn
        Columns left out.
    rows : int
        Rows used.
    weight, events : float
        Sums of the weights, of all rows and of those with the event.
    loglik, penalised_loglik : float
        Log-likelihood at the estimates, and that plus ln det I / 2, I in the user's columns: it
        moves by a constant when columns are scaled.
    reads : int
        Reads of the data.
    """

    convergence: Convergence
    coefficients: Coefficients
    intercept: bool
    aliased: tuple[AliasedColumn, ...]
    rows: int
    weight: float
    events: float
    loglik: float
    penalised_loglik: float
    reads: int

    @property
    def estimates(self) -> Estimates:
        """Estimates and covariance in the user's columns; NaN where the search did not end."""
        return estimates_at(self.coefficients, self.intercept)


def estimates_at(kept: Coefficients, intercept: bool) -> Estimates:
    """Return estimates and covariance where all columns are 0."""
    params = in_columns(kept, intercept)
    covariance = kept.covariance
    if covariance is None:
        covariance = np.full((len(params), len(params)), np.nan)
    elif intercept:
        covariance = around_zero(covariance, kept.centre)
    return Estimates(params, covariance)


def fit_firth(
    blocks: Blocks,
    intercept: bool,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> FirthFit:
    """Maximise the likelihood penalised by Jeffreys' prior.

    Parameters
    ----------
    blocks : Blocks
        Rows of positive weight. A frequency of f counts as f rows; so does, for the penalty, a
        weight of f.
    intercept : bool
        Whether the model has one; it is part of the information, as any coefficient.
    settings : Settings, optional
        ``tol`` (what may be left, in standard errors), ``max_steps`` and ``aliased`` are used.
    progress : callable, optional
        Told, after each read, what is known by then.

    Raises
    ------
    UsageError
        If a ridge is asked for too.
    TargetError
        If all rows are of one class and there is an intercept.
    ColumnError
        If a column is beyond what floating point holds.
    AliasedError
        If columns are aliased and ``settings.aliased`` is ``"error"``.
    NotProvedError
        If the information is singular to working precision.
    """
    settings = settings or Settings()
    if settings.l2 > 0.0:
        raise UsageError(
            f"l2={settings.l2:g} was given with Firth's method, which has a penalty of its own. "
            "Choose one of them."
        )
    before = blocks.reads
    with single_threaded_arithmetic():
        moments = blocks.reduce(moments_kernel(blocks, intercept))
        refuse_unfit(blocks.names, moments, intercept)
        frame, aliased = _regular_frame(blocks, moments, intercept, settings)
        surface = penalised(moments.rows, frame.size)
        search = _descend(surface, frame, moments, settings)
        ((end, loglik),) = advance(
            blocks,
            frame,
            [search],
            progress,
            "Firth's estimates",
            numbers=surface.numbers(frame.size),
        )
    place = end.place
    b, slopes = frame.in_units(place.theta)
    convergence = Convergence(
        end.status,
        math.sqrt(float(place.gradient @ solve(place.information, place.gradient))),
        float(np.abs(place.gradient).max(initial=0.0)),
        end.steps,
        place.hessian is None if surface.exact else None,
    )
    covariance = covariance_at(place.information, frame) if convergence.reached else None
    return FirthFit(
        convergence,
        Coefficients(frame.columns, frame.centre, slopes, b, covariance),
        intercept,
        aliased,
        moments.rows,
        moments.total,
        moments.events,
        loglik,
        in_users_units(-place.value, frame),
        blocks.reads - before,
    )


def covariance_at(information: Factor, frame: Frame) -> Array:
    """Return the inverse information, for (intercept at the centre, coefficients); shape (p, p)."""
    inverse = solve(information, np.eye(frame.size))
    first = int(frame.intercept)
    exponent = np.concatenate([np.zeros(first, dtype=np.int64), frame.exponent])
    inverse = np.ldexp(inverse, exponent[:, None] + exponent)
    return np.asarray((inverse + inverse.T) / 2.0)


def in_users_units(penalised: float, frame: Frame) -> float:
    """Return a penalised log-likelihood with the information of the user's columns.

    Centring does not move the determinant; scaling by 2^k adds k ln 2 for each column.
    """
    return penalised - math.log(2.0) * float(frame.exponent.sum())


def _regular_frame(
    blocks: Blocks, moments: Moments, intercept: bool, settings: Settings
) -> tuple[Frame, tuple[AliasedColumn, ...]]:
    """Return the frame of the columns that are not aliased, and the others."""
    frame = frame_of(moments, intercept)
    (at,) = advance(blocks, frame, [_ask(np.zeros(frame.size))])
    if not screen(at.hessian):
        return frame, ()
    aliased, kept = find_aliased(blocks, frame, moments, np.zeros(len(frame.columns)))
    refuse_aliased(aliased, settings)
    return frame.keep(kept), aliased


def _ask(theta: Array) -> Search[Local]:
    at: Local = yield likelihood_at(theta)
    return at


def _descend(
    surface: Penalised, frame: Frame, moments: Moments, settings: Settings
) -> Search[tuple[SearchEnd, float]]:
    """Go down from the base rate; return the log-likelihood too."""
    theta = np.zeros(frame.size)
    if frame.intercept:
        theta[0] = math.log(moments.events) - math.log(moments.total - moments.events)
    start = yield from visit(surface, theta)
    if start is None:
        raise NotProvedError(
            "the information is singular to working precision: Firth's penalty has no value. "
            "Leave out the columns that are nearly combinations of others."
        )
    end = yield from lowest(surface, start, _BEYOND * settings.tol, most_steps=settings.max_steps)
    at: Local = yield likelihood_at(end.place.theta)
    return end, -at.value
