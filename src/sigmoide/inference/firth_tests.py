"""Penalised profile intervals and penalised likelihood-ratio tests, as logistf has them.

The penalty is that of the whole model, with the tested coefficients held: 2 (l* - max l* with b_j
held) (Heinze and Schemper 2002, Statistics in Medicine 21, 2409-2419; R package logistf). Dropping
a column from the model would change the penalty, and is another test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import NotProvedError
from sigmoide.fit.progress import Progress
from sigmoide.inference.batched_searches import Search, advance
from sigmoide.inference.firth import FirthFit, in_users_units
from sigmoide.inference.firth_surface import Penalised, penalised
from sigmoide.inference.hypothesis import ChiSquare
from sigmoide.inference.level_ends import Ends, both_ends, frame_at, half_quantile
from sigmoide.inference.searching import SearchEnd, lowest
from sigmoide.inference.steps import onto
from sigmoide.inference.surface import Place, Surface, functionals, visit
from sigmoide.problem.blockwise import moments_kernel
from sigmoide.problem.frame import Frame

_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class PenalisedTests:
    """Penalised likelihood-ratio tests.

    Attributes
    ----------
    coefficients : tuple of ChiSquare
        Of each coefficient against 0, the intercept first where there is one.
    terms : dict
        From each term that was asked for to the test of all its coefficients.
    overall : ChiSquare
        Of all slopes against 0, the intercept free; without an intercept of everything.
    null_penalised_loglik : float
        The penalised log-likelihood there, with the penalty of the whole model.
    reads : int
        Reads of the data.
    """

    coefficients: tuple[ChiSquare, ...]
    terms: dict[str, ChiSquare]
    overall: ChiSquare
    null_penalised_loglik: float
    reads: int


def penalised_profile(
    blocks: Blocks,
    fit: FirthFit,
    alpha: float = 0.05,
    *,
    terms: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Ends:
    """Return the penalised profile-likelihood intervals.

    Both ends are always finite. They are the ends nearest to the estimate: that the penalised
    profile rises on, further out, is not known.

    Parameters
    ----------
    blocks : Blocks
        The rows that the fit was made on.
    fit : FirthFit
        The fit.
    alpha : float
        One minus the coverage.
    terms : sequence of int, optional
        Positions of the coefficients wanted, the intercept first; all by default.
    progress : callable, optional
        Told, after each read, what is known by then.

    Raises
    ------
    UsageError
        If ``alpha`` is not between 0 and 1.
    NotProvedError
        If the fit did not converge.
    """
    above = half_quantile(alpha)
    before = blocks.reads
    with single_threaded_arithmetic():
        frame, surface, place = _at_the_estimate(blocks, fit)
        wanted = range(frame.size) if terms is None else [int(j) for j in terms]
        level = place.value + above
        numbers = surface.numbers(frame.size)
        ends, left = both_ends(
            blocks, frame, surface, place, level, wanted, progress, numbers=numbers
        )
    return Ends(ends, left, blocks.reads - before)


def penalised_tests(
    blocks: Blocks,
    fit: FirthFit,
    terms: Mapping[str, Sequence[int]] | None = None,
    progress: Progress | None = None,
) -> PenalisedTests:
    """Test each coefficient, terms, and all slopes, by penalised likelihood ratios.

    Parameters
    ----------
    blocks, fit, progress
        As for :func:`penalised_profile`.
    terms : mapping, optional
        From a term to the positions of its coefficients, the intercept's being 0 if it has one.

    Raises
    ------
    NotProvedError
        If the fit did not converge.
    """
    before = blocks.reads
    with single_threaded_arithmetic():
        frame, surface, place = _at_the_estimate(blocks, fit)
        slopes = list(range(int(fit.intercept), frame.size))
        named = dict(terms or {})
        sets = [[j] for j in range(frame.size)] + [list(v) for v in named.values()] + [slopes]
        A = functionals(frame)
        searches = [fixed_at_zero(surface, place, A[fixed]) for fixed in sets]
        what, numbers = "penalised likelihood-ratio tests", surface.numbers(frame.size)
        ends = advance(blocks, frame, searches, progress, what, numbers=numbers)
    tests = ratios(place, ends, sets)
    null = ends[-1].place.value if ends[-1] is not None else np.nan
    return PenalisedTests(
        tuple(tests[: frame.size]),
        dict(zip(named, tests[frame.size : -1], strict=True)),
        tests[-1],
        in_users_units(-null, frame),
        blocks.reads - before,
    )


def _at_the_estimate(blocks: Blocks, fit: FirthFit) -> tuple[Frame, Penalised, Place]:
    if not fit.convergence.reached:
        raise NotProvedError(
            f"penalised profiles start from Firth's estimates, and these are {fit.convergence}. "
            "Give the fit more steps (max_steps)."
        )
    moments = blocks.reduce(moments_kernel(blocks, fit.intercept))
    frame, theta = frame_at(fit.coefficients, moments, fit.intercept)
    surface = penalised(moments.rows, frame.size)
    (place,) = advance(blocks, frame, [visit(surface, theta)])
    if place is None:
        raise NotProvedError("the information at the estimates is singular to working precision.")
    return frame, surface, place


def fixed_at_zero(surface: Surface, place: Place, fixed: Array) -> Search[SearchEnd | None]:
    """Hold some coefficients at 0, and go down from the nearest point that does."""
    if not len(fixed):
        return (yield from lowest(surface, place, _TOLERANCE))
    nearest = yield from visit(surface, onto(place, fixed, np.zeros(len(fixed))))
    if nearest is None:
        nearest = yield from visit(surface, np.zeros(len(place.theta)))
    if nearest is None:
        return None
    return (yield from lowest(surface, nearest, _TOLERANCE, fixed))


def ratios(
    place: Place, ends: Sequence[SearchEnd | None], sets: Sequence[Sequence[int]]
) -> list[ChiSquare]:
    """Return the likelihood-ratio tests of what was held, against the place of all."""
    return [_ratio(place, end, len(fixed)) for end, fixed in zip(ends, sets, strict=True)]


def _ratio(place: Place, end: SearchEnd | None, df: int) -> ChiSquare:
    if end is None or not end.good:
        return ChiSquare(np.nan, df, np.nan)
    statistic = max(2.0 * (end.place.value - place.value), 0.0)
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)) if df else np.nan)
