"""FLIC and FLAC: Firth's slopes with probabilities that are right on average.

Firth's penalty pulls probabilities towards 1/2: with rare events their mean lies above the share of
events. Puhr, Heinze, Nold, Lusa and Geroldinger (2017, "Firth's logistic regression with rare
events: accurate effect estimates and predictions?", Statistics in Medicine 36, 2302-2317) put it
right in two ways. FLIC (intercept-corrected) keeps Firth's slopes and fits the intercept anew by
maximum likelihood. FLAC (added covariate) fits the rows together with the pseudo-rows that Firth's
method amounts to, told apart by a column that is then left out. Both are maximum-likelihood fits,
given Firth's, and are proved as such.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sigmoide.blocks.block import Array, Block, View
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.fit.progress import Progress
from sigmoide.inference.batched_searches import advance
from sigmoide.inference.firth import FirthFit, covariance_at, estimates_at
from sigmoide.inference.firth_surface import leverages
from sigmoide.inference.firth_tests import fixed_at_zero, ratios
from sigmoide.inference.hypothesis import ChiSquare
from sigmoide.inference.level_ends import Ends, frame_at
from sigmoide.inference.profile import profile_intervals
from sigmoide.inference.surface import Likelihood, Place, functionals, visit
from sigmoide.problem import objective
from sigmoide.problem.blockwise import moments_kernel
from sigmoide.problem.frame import Frame
from sigmoide.proof.certificate import Certificate, Factor
from sigmoide.results.covariance import Estimates
from sigmoide.results.records import Coefficients, Fit, Settings

# The row itself, a pseudo-row that is an event, and one that is none.
_COPIES = 3


@dataclass(frozen=True, slots=True)
class Corrected:
    """Coefficients after FLIC or FLAC.

    Attributes
    ----------
    method : {"FLIC", "FLAC"}
        Which.
    coefficients : Coefficients
        The answer. FLIC: Firth's slopes, the new intercept, and the inverse information there, as
        if all had been fitted (so logistf has it for the intercept). FLAC: of the fit of rows and
        pseudo-rows, without the mark.
    intercept : bool
        Always true: without one there is nothing to correct.
    certificate : Certificate
        Of the maximum-likelihood fit, given Firth's: of the intercept, or of all coefficients.
    loglik : float
        Log-likelihood of the rows at these coefficients, without penalty and pseudo-rows.
    reads : int
        Reads of the data, after Firth's.
    fit : Fit or None
        FLAC: the fit of rows and pseudo-rows.
    """

    method: str
    coefficients: Coefficients
    intercept: bool
    certificate: Certificate
    loglik: float
    reads: int
    fit: Fit | None = None

    @property
    def estimates(self) -> Estimates:
        """Estimates and covariance in the user's columns."""
        return estimates_at(self.coefficients, self.intercept)


def flic(
    blocks: Blocks,
    firth: FirthFit,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Corrected:
    """Fit the intercept anew, so that probabilities add up to the events.

    Intervals and tests of the slopes stay Firth's; those of the intercept are Wald's.

    Parameters
    ----------
    blocks : Blocks
        The rows that Firth's fit was made on.
    firth : FirthFit
        That fit.
    settings : Settings, optional
        ``tol`` and ``max_steps`` are used.
    progress : callable, optional
        Told, after each read, what is known by then.

    Raises
    ------
    UsageError
        If the model has no intercept.
    NotProvedError
        If Firth's fit did not converge.
    """
    _refuse(firth, "FLIC")
    before = blocks.reads
    kept = firth.coefficients
    options = replace(settings or Settings(), l2=0.0, inference=True)
    # A fit begins at the base rate: with this in the offset that is where Firth's ended.
    start = kept.intercept - math.log(firth.events / (firth.weight - firth.events))
    alone = fit_blocks(given_slopes(blocks, kept, start), True, options, progress)
    moved = replace(kept, intercept=start + alone.coefficients.intercept, covariance=None)
    with single_threaded_arithmetic():
        frame, place = _place(blocks, moved)
    return Corrected(
        "FLIC",
        replace(moved, covariance=covariance_at(place.information, frame)),
        True,
        alone.certificate,
        -place.value,
        blocks.reads - before,
    )


def flac(
    blocks: Blocks,
    firth: FirthFit,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Corrected:
    """Fit rows and pseudo-rows, told apart by a column.

    Parameters
    ----------
    blocks, firth, settings, progress
        As for :func:`flic`.

    Raises
    ------
    UsageError, NotProvedError
        As :func:`flic`.
    """
    _refuse(firth, "FLAC")
    before = blocks.reads
    grown = augmented(blocks, firth)
    options = replace(settings or Settings(), l2=0.0, aliased="drop", inference=True)
    fit = fit_blocks(grown, True, options, progress)
    coefficients = _without_mark(fit.coefficients, firth.coefficients)
    with single_threaded_arithmetic():
        _, place = _place(blocks, coefficients)
    return Corrected(
        "FLAC",
        coefficients,
        True,
        fit.certificate,
        -place.value,
        blocks.reads - before,
        fit,
    )


def flac_profile(
    blocks: Blocks,
    firth: FirthFit,
    corrected: Corrected,
    alpha: float = 0.05,
    *,
    progress: Progress | None = None,
) -> Ends:
    """Return the profile intervals of FLAC: of the fit of rows and pseudo-rows, as logistf has it.

    Parameters
    ----------
    blocks, firth, progress
        As for :func:`flac`.
    corrected : Corrected
        What it returned.
    alpha : float
        One minus the coverage.
    """
    if corrected.fit is None:
        raise UsageError(
            "profile intervals of FLIC were asked for: its slopes have Firth's, and its intercept "
            "has Wald's. FLAC has its own."
        )
    profile = profile_intervals(
        augmented(blocks, firth),
        corrected.fit,
        True,
        alpha,
        terms=range(len(corrected.coefficients.columns) + 1),
        progress=progress,
    )
    return replace(profile, ends=profile.ends[:-1], left=profile.left[:-1])


def given_slopes(blocks: Blocks, kept: Coefficients, constant: float) -> Blocks:
    """Return blocks without columns, whose offset is what slopes make of the columns.

    The offset grows by constant + sum_j (x_j - centre_j) coef_j: what is left to fit is what the
    intercept at the centre has beyond the constant.
    """
    none = np.zeros(len(kept.columns), dtype=np.int64)
    frame = Frame(kept.columns, kept.centre, none, False)

    def see(block: Block) -> Block:
        moved = block.offset + constant + frame.design(block) @ kept.coef
        return replace(block, X=block.X[:, :0], offset=moved)

    return blocks.with_view(View((), see))


def augmented(blocks: Blocks, firth: FirthFit) -> Blocks:
    """Return the rows with their pseudo-rows at Firth's estimates: two reads.

    The pseudo-rows have the row's columns, weights h_i / 2 (h_i the leverage), one of them is an
    event and one is not, and a last column is 1 for them and 0 for the row itself. Copy k of row r
    has the row number 3 r + k.
    """
    kept = firth.coefficients
    with single_threaded_arithmetic():
        frame, place = _place(blocks, kept)
    mark = "pseudo"
    while mark in blocks.names:
        mark += "_"
    names = (*(blocks.names[j] for j in frame.columns), mark)
    grown = partial(_grown, frame=frame, theta=place.theta, information=place.information)
    return blocks.with_view(View(names, grown, _COPIES))


def _grown(block: Block, frame: Frame, theta: Array, information: Factor) -> Block:
    n = len(block.y)
    Z = frame.design(block)
    eta = block.offset + Z @ theta
    h = leverages(block, Z, objective.curvature(eta), information)
    X = np.empty((_COPIES * n, len(frame.columns) + 1))
    X[:, :-1] = np.repeat(block.X[:, frame.columns], _COPIES, axis=0)
    X[:, -1] = np.tile([0.0, 1.0, 1.0], n)
    return Block(
        X,
        np.column_stack([block.y, np.ones(n), np.zeros(n)]).ravel(),
        np.column_stack([block.weight, h / 2.0, h / 2.0]).ravel(),
        np.repeat(block.offset, _COPIES),
        (_COPIES * block.rows[:, None] + np.arange(_COPIES, dtype=np.int64)).ravel(),
    )


def _place(blocks: Blocks, kept: Coefficients) -> tuple[Frame, Place]:
    moments = blocks.reduce(moments_kernel(blocks, True))
    frame, theta = frame_at(kept, moments, True)
    (place,) = advance(blocks, frame, [visit(Likelihood(), theta)])
    if place is None:
        raise NotProvedError("the likelihood at these coefficients is beyond floating point.")
    return frame, place


def _without_mark(marked: Coefficients, kept: Coefficients) -> Coefficients:
    """Return what a fit with the mark says of rows whose mark is 0."""
    centre, coef = marked.centre, marked.coef
    covariance = None
    if marked.covariance is not None:
        k = len(marked.columns)
        T = np.eye(k, k + 1)
        T[0, -1] = -centre[-1]
        covariance = np.asarray(T @ marked.covariance @ T.T)
    return Coefficients(
        kept.columns,
        centre[:-1],
        coef[:-1],
        marked.intercept - float(centre[-1] * coef[-1]),
        covariance,
    )


def _refuse(firth: FirthFit, what: str) -> None:
    if not firth.intercept:
        raise UsageError(
            f"{what} corrects the intercept, and this model has none. Give it one, or stay with "
            "Firth's estimates."
        )
    if not firth.convergence.reached:
        raise NotProvedError(
            f"{what} starts from Firth's estimates, and these are {firth.convergence}. Give the "
            "fit more steps (max_steps)."
        )


def flac_tests(
    blocks: Blocks, firth: FirthFit, corrected: Corrected, progress: Progress | None = None
) -> tuple[tuple[ChiSquare, ...], ChiSquare]:
    """Test each coefficient, and all slopes, by likelihood ratios.

    The mark of the pseudo-rows stays in both models of each test.

    Parameters
    ----------
    blocks, firth, progress
        As for :func:`sigmoide.inference.flic_flac.flac`.
    corrected : Corrected
        What it returned.

    Returns
    -------
    tuple of ChiSquare, ChiSquare
        Of each coefficient, the intercept first; of all slopes.
    """
    if corrected.fit is None:
        raise UsageError("the tests of FLIC's slopes are Firth's, and its intercept has Wald's.")
    grown = augmented(blocks, firth)
    with single_threaded_arithmetic():
        moments = grown.reduce(moments_kernel(grown, True))
        frame, theta = frame_at(corrected.fit.coefficients, moments, True)
        surface = Likelihood()
        (place,) = advance(grown, frame, [visit(surface, theta)])
        p = frame.size - 1
        sets = [[j] for j in range(p)] + [list(range(1, p))]
        if place is None:
            none = [ChiSquare(np.nan, len(fixed), np.nan) for fixed in sets]
            return tuple(none[:-1]), none[-1]
        A = functionals(frame)
        searches = [fixed_at_zero(surface, place, A[fixed]) for fixed in sets]
        ends = advance(grown, frame, searches, progress, "likelihood-ratio tests of FLAC")
    tests = ratios(place, ends, sets)
    return tuple(tests[:-1]), tests[-1]
