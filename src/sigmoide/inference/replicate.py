"""One sample of a bootstrap: the rows drawn anew, fitted, and proved or judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

import numpy as np
from scipy.linalg import solve_triangular

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.views import reweighted, some_columns
from sigmoide.errors import TargetError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.batched_searches import Question, Search
from sigmoide.inference.clusters import Clusters
from sigmoide.inference.hashed_draws import poisson, words_of
from sigmoide.inference.robust import Unit
from sigmoide.inference.searching import lowest
from sigmoide.inference.surface import Likelihood, solve, visit
from sigmoide.kernels import reference
from sigmoide.problem.frame import Frame
from sigmoide.proof.certificate import Certificate, Factor
from sigmoide.proof.full_hessian import concluded, extent_in, factor_of
from sigmoide.results.covariance import estimates, in_columns
from sigmoide.results.records import Coefficients, Settings

T = TypeVar("T")

ReplicateStatus = Literal[
    "proved", "separated", "one class", "aliased", "undetermined", "not converged"
]

# The step left, in standard errors, at which a search ends: it is taken, and leaves its square.
_TOLERANCE = 1e-4
# From the estimate of all rows it is a few steps to that of a sample, where there is one.
_MOST_STEPS = 12
# Samples of so many numbers are brought into memory to be judged: 64 MiB.
_MOST_HELD = 1 << 23


@dataclass(frozen=True, slots=True)
class Drawing:
    """How samples are drawn.

    Attributes
    ----------
    seed : int
        Names the whole of the draws.
    unit : {"row", "trial", "line"}
        What is drawn, where it is no cluster.
    clusters : Clusters or None
        What is drawn instead.
    """

    seed: int
    unit: Unit
    clusters: Clusters | None

    def weights(self, number: int) -> Callable[[Block], Array]:
        """Return the weights of one sample, as a function of the block alone.

        Each unit is drawn a Poisson number of times, which a hash of its name, the number of the
        sample and the seed decides: so it does not depend on where and when it is asked.
        """

        def weigh(block: Block) -> Array:
            if self.clusters is not None:
                keys = np.asarray(self.clusters.codes(block), dtype=np.int64)
            elif self.unit == "line":
                keys = block.rows
            else:
                # Successes and failures of one line are drawn each for themselves.
                keys = 2 * block.rows + (block.y > 0.5)
            words = words_of(keys, self.seed, number)
            if self.unit == "trial" and self.clusters is None:
                return poisson(words, block.weight)
            return block.weight * poisson(words)

        return weigh


@dataclass(frozen=True, slots=True)
class Replicate:
    """What came of one sample.

    Attributes
    ----------
    status : str
        ``"proved"``; ``"separated"``; ``"one class"``: no row, or none of one class, was drawn;
        ``"aliased"``: columns repeat each other in the sample, as where a level was not drawn;
        ``"undetermined"`` and ``"not converged"`` as for any fit.
    around : ndarray, shape (p,)
        The estimates, the intercept at the centre of the whole fit; NaN unless proved.
    params : ndarray, shape (p,)
        The estimates of the user's coefficients; infinite, or NaN where nothing is known.
    distance : float
        Proved distance to the maximum in the sample's standard errors; infinite where none is.
    """

    status: ReplicateStatus
    around: Array
    params: Array
    distance: float


@dataclass(frozen=True, slots=True)
class Start:
    """From where every sample is begun: the fit of all rows.

    Attributes
    ----------
    blocks : Blocks
        All rows.
    frame : Frame
        Coordinates, of the columns in use.
    theta : ndarray, shape (p,)
        The estimate there.
    factor : Factor
        Of the Hessian there.
    far : Extent
        How far the rows reach in its metric.
    """

    blocks: Blocks
    frame: Frame
    theta: Array
    factor: Factor
    far: reference.Extent


def start_at(blocks: Blocks, frame: Frame, theta: Array) -> Start | None:
    """Return where samples are begun: two reads; None where the Hessian has no factor."""
    sums = blocks.reduce(partial(reference.evidence, frame=frame, theta=theta))
    factor = factor_of(sums, np.zeros(frame.size), blocks)
    if factor is None:
        return None
    return Start(blocks, frame, theta, factor, extent_in(blocks, frame, factor))


def replicate(start: Start, weigh: Callable[[Block], Array]) -> Search[Replicate]:
    """Fit one sample: a search whose reads are shared with those of other samples.

    Where it does not come to a proof, the sample is fitted as any data are, by reads of its own:
    for the verdict, and for what stays finite. A sample that can be held takes two of them.

    Parameters
    ----------
    start : Start
        Where it begins.
    weigh : callable
        From a block to the sample's weights of its rows.
    """
    proof = yield from _weighed(_proved(start), weigh)
    if proof is not None and proof[1].proved:
        intercept, coef = start.frame.in_units(proof[0])
        return _good(start.frame, intercept, coef, proof[1].distance)
    return _judged(
        reweighted(some_columns(start.blocks, start.frame.columns.tolist()), weigh), start.frame
    )


def _proved(start: Start) -> Search[tuple[Array, Certificate] | None]:
    """Return the maximum of the likelihood with its proof; None where one of them is not found."""
    surface = Likelihood()
    place = yield from visit(surface, start.theta)
    if place is None:
        return None
    end = yield from lowest(surface, place, _TOLERANCE, most_steps=_MOST_STEPS)
    if end.status == "limit":
        return None
    theta = end.theta - solve(end.place.factor, end.place.gradient)
    ridge = np.zeros(start.frame.size)
    sums = yield partial(_evidence, theta=theta)
    factor = factor_of(sums, ridge, start.blocks)
    if factor is None:
        return None
    far = _reach(start, factor)
    return theta, concluded(sums, far, factor, theta, ridge, start.blocks).certificate


def _reach(start: Start, factor: Factor) -> reference.Extent:
    """Bound how far the rows reach in the metric of a sample's Hessian H_r: no read.

    |z| there is at most the norm of L_r^-1 L, with L L' the Hessian of all rows, times |z| in the
    metric of all rows.
    """
    mine = start.factor
    between = solve_triangular(
        factor.lower, (factor.scale / mine.scale)[:, None] * mine.lower, lower=True
    )
    # The factors leave no smaller eigenvalue than 1e-15: the solve is good to far more digits.
    most = float(np.linalg.norm(between, 2)) * 1.001
    return reference.Extent(most * start.far.norm, most * start.far.rounding)


def _evidence(block: Block, Z: Array, theta: Array) -> reference.CertificateSums:
    return reference.evidence_of(block, Z, theta)


def _weighed(search: Search[T], weigh: Callable[[Block], Array]) -> Search[T]:
    """Let a search see the rows with other weights, and those of weight 0 not at all."""
    answer: Any = None
    while True:
        try:
            question = search.send(answer)
        except StopIteration as end:
            result: T = end.value
            return result
        answer = yield partial(_ask, question=question, weigh=weigh)


def _ask(block: Block, Z: Array, question: Question, weigh: Callable[[Block], Array]) -> Any:
    weight = weigh(block)
    stay = np.flatnonzero(weight > 0.0)
    Z = Z[stay]
    # A question is put to rows in the frame, and has no use for others.
    return question(Block(Z, block.y[stay], weight[stay], block.offset[stay], block.rows[stay]), Z)


def _judged(part: Blocks, frame: Frame) -> Replicate:
    """Fit a sample as any data are fitted."""
    nothing = np.full(frame.size, np.nan)
    if not part.n_rows:
        return Replicate("one class", nothing, nothing, np.inf)
    rows = part
    if part.n_rows * frame.size <= _MOST_HELD:
        rows = part.take(np.arange(part.n_rows))
    try:
        fit = fit_blocks(rows, frame.intercept, Settings())
    except TargetError:
        return Replicate("one class", nothing, nothing, np.inf)
    if fit.aliased:
        return Replicate("aliased", nothing, nothing, np.inf)
    kept = fit.coefficients
    if fit.status == "proved":
        # Both centres are near each other: what is added is small.
        shift = float((frame.centre - kept.centre) @ kept.coef) if frame.intercept else 0.0
        return _good(frame, kept.intercept + shift, kept.coef, fit.certificate.distance)
    if fit.status == "separated":
        return Replicate("separated", nothing, estimates(fit, frame.intercept).params, np.inf)
    undetermined = fit.status == "undetermined"
    return Replicate("undetermined" if undetermined else "not converged", nothing, nothing, np.inf)


def _good(frame: Frame, intercept: float, coef: Array, distance: float) -> Replicate:
    coefficients = Coefficients(frame.columns, frame.centre, coef, intercept, None)
    around = np.concatenate([[intercept] if frame.intercept else [], coef])
    return Replicate("proved", around, in_columns(coefficients, frame.intercept), distance)
