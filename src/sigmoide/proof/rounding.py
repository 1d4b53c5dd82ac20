"""What the rounding of a gradient is at most, by the moments of the columns: no read is needed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.moments import Moments
from sigmoide.kernels import reference
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.frame import Frame
from sigmoide.problem.objective import LINK_ROUNDINGS
from sigmoide.problem.protocols import Linear
from sigmoide.proof.certificate import EPS, Loads

# Added to sums and means that are rounded themselves.
_UP = 1.0 + 1e-6
# A rounding of eta up to here changes p (1 - p) by a tenth, which EPS, twice a rounding, covers.
_LARGEST_SLIP = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds over all rows.

    Attributes
    ----------
    farthest : ndarray, shape (p,)
        The largest |z_ij|.
    reach : float
        The largest E_i = |o_i| + |b| + sum_j |z_ij v_j|.
    loads : Loads
        What the rounding of the gradient is measured by.
    """

    farthest: Array
    reach: float
    loads: Loads


def bounds_of(problem: BlockProblem, theta: Array, moments: Moments, slope: Linear) -> Bounds:
    """Bound the rounding of a gradient.

    The rounding of eta_i, at most e_i = (p+3) E_i EPS with E_i = |o_i| + |b| + sum_j |z_ij v_j|,
    changes the gradient by sum_i s_i p_i (1-p_i) e_i z_i. In the metric of H^-1 that is at most
    (sum_i s_i p_i (1-p_i) e_i^2)^(1/2), for H is no smaller than the same rows' products; and that
    again (Minkowski) at most the sum over the terms of E_i of their own such norms, which the
    moments of the columns bound.

    Parameters
    ----------
    problem : BlockProblem
        All rows; not read.
    theta : ndarray, shape (p,)
        The point.
    moments : Moments
        Of all rows.
    slope : Linear
        What the last read found there.
    """
    frame = problem.frame
    residuals, squares, curvature = (measure * _UP for measure in slope.measures)
    farthest, spread = _farthest(frame, moments), spread_of(frame, moments)
    size = np.abs(theta)
    # p (1-p) is at most 1/4, and sums to the curvature.
    bent = np.sqrt(np.minimum(spread / 4.0, curvature * farthest**2))
    reach = moments.offset_reach + float(size @ farthest)
    along = moments.offset_reach * math.sqrt(curvature) + float(size @ bent)
    if not (frame.size + 3) * reach * EPS <= _LARGEST_SLIP:
        along = math.inf
    loads = Loads(
        # Cauchy and Schwarz: sum s |y-p| |z| <= (sum s (y-p)^2  sum s z^2)^(1/2)
        np.minimum(np.sqrt(squares * spread), residuals * farthest),
        reference.FEW_DIGITS / EPS * moments.total,
        problem.ridge * size,
        problem.additions + LINK_ROUNDINGS,
        (frame.size + 3) * along,
    )
    return Bounds(farthest, reach, loads)


def spread_of(frame: Frame, moments: Moments) -> Array:
    """Return, for each coordinate, the weighted sum of z^2, rounded up; shape (p,)."""
    off = (moments.mean[frame.columns] - frame.centre) ** 2 * moments.total
    squares = np.ldexp(moments.squares[frame.columns] + off, 2 * frame.exponent) * _UP
    return np.concatenate([[moments.total], squares]) if frame.intercept else squares


def _farthest(frame: Frame, moments: Moments) -> Array:
    """Return, for each coordinate, the largest |z|, rounded up; shape (p,)."""
    low, high = moments.low[frame.columns], moments.high[frame.columns]
    far = np.maximum(np.abs(low - frame.centre), np.abs(high - frame.centre))
    far = np.ldexp(far, frame.exponent) * _UP
    return np.concatenate([[1.0], far]) if frame.intercept else far
