"""Proofs that cost no read: by the Hessian of some rows, or one that the solver made of all.

The gradient of all rows is the solver's last. What its rounding is measured by, and the largest
row, are bounded by the moments and the ranges of the columns.
"""

from __future__ import annotations

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.protocols import Linear, Quadratic
from sigmoide.proof.certificate import LARGEST_DELTA, certify, lower_factor, tau_of, unproved
from sigmoide.proof.full_hessian import Proof
from sigmoide.proof.rounding import bounds_of
from sigmoide.solver.choose import most_sampled

SAMPLED = "Hessian of a sample of the rows, float64"
LAST = "the solver's last Hessian, float64"

# Rows of the sample: so many for each coordinate, no fewer than that many in all, nor than this
# share of all rows, as far as they may be held.
_ROWS_EACH, _ROWS_LEAST, _SHARE = 60, 4000, 40


def rows_to_prove_by(rows: int, size: int) -> int:
    """Return how many of the rows are drawn for the proof."""
    return min(rows, most_sampled(size), max(_ROWS_LEAST, _ROWS_EACH * size, rows // _SHARE))


def prove_by_sample(
    problem: BlockProblem, part: Blocks, theta: Array, moments: Moments, slope: Linear
) -> Proof:
    """Prove with the Hessian of some rows, not scaled up: certainly not larger than that of all.

    Parameters
    ----------
    problem : BlockProblem
        All rows; not read.
    part : Blocks
        Some of them, with the weights that they have.
    theta : ndarray, shape (p,)
        The point.
    moments : Moments
        Of all rows.
    slope : Linear
        Value and gradient of all rows, penalty included.
    """
    some = problem.over(part)
    return _proof(problem, some, some.quadratic(theta).hessian, theta, moments, slope, SAMPLED)


def near_enough(
    problem: BlockProblem, hessian: Array, theta: Array, moments: Moments, slope: Linear
) -> float:
    """Return the distance, in standard errors, from which on rows with this Hessian prove a point.

    Parameters
    ----------
    problem, theta, moments, slope
        As in :func:`prove_by_sample`; the point is one on the way.
    hessian : ndarray, shape (p, p)
        About that of the rows.
    """
    bounds = bounds_of(problem, theta, moments, slope)
    factor = lower_factor(hessian, 0.0)
    return 0.0 if factor is None else LARGEST_DELTA / factor.farthest(bounds.farthest)


def prove_by_last(problem: BlockProblem, theta: Array, moments: Moments, at: Quadratic) -> Proof:
    """Prove with the Hessian of all rows that the solver made last.

    Parameters
    ----------
    problem, theta, moments
        As in :func:`prove_by_sample`.
    at : Quadratic
        Value, gradient and Hessian of all rows, penalty included.
    """
    slope = Linear(at.value, at.gradient, at.measures)
    return _proof(problem, problem, at.hessian, theta, moments, slope, LAST)


def _proof(
    problem: BlockProblem,
    part: BlockProblem,
    hessian: Array,
    theta: Array,
    moments: Moments,
    slope: Linear,
    method: str,
) -> Proof:
    value = slope.value - 0.5 * float(problem.ridge @ theta**2)
    bounds = bounds_of(problem, theta, moments, slope)
    tau = tau_of(problem.size, bounds.reach, part.hessian_additions)
    factor = lower_factor(hessian, tau)
    if factor is None:
        reason = "the Hessian that the proof rests on is not positive definite beyond rounding"
        return Proof(unproved(method, 0, reason), value, hessian)
    radius = factor.farthest(bounds.farthest)
    certificate = certify(slope.gradient, factor, radius, radius, bounds.loads, method, 0)
    return Proof(certificate, value, hessian)
