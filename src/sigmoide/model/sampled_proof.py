"""The proof that costs no read: by the Hessian of some rows, after the solver's last gradient."""

from __future__ import annotations

from functools import partial

import numpy as np

from sigmoide.certificate import Loads, certify, lower_factor, tau_of, unproved
from sigmoide.data.blocks import Array, Blocks
from sigmoide.data.moments import Moments
from sigmoide.kernels import reference
from sigmoide.kernels.frame import Frame
from sigmoide.model.prove import Proof
from sigmoide.objective import LINK_ROUNDINGS
from sigmoide.solver.choose import most_held
from sigmoide.solver.problem import Linear

SAMPLED = "Hessian of a sample of the rows, float64"

# Rows of the sample: so many for each coordinate, no fewer than that many in all, nor than this
# share of all rows, as far as they may be held.
_ROWS_EACH, _ROWS_LEAST, _SHARE = 60, 4000, 40


def rows_to_prove_by(rows: int, size: int) -> int:
    """Return how many of the rows are drawn for the proof."""
    return min(rows, most_held(size), max(_ROWS_LEAST, _ROWS_EACH * size, rows // _SHARE))


def prove_by_sample(
    blocks: Blocks,
    part: Blocks,
    frame: Frame,
    theta: Array,
    alpha: Array,
    seen: Moments,
    slope: Linear,
) -> Proof:
    """Prove with the Hessian of some rows, not scaled up: certainly not larger than that of all.

    The gradient of all rows is the solver's last. What its rounding is measured by, and the largest
    row, are bounded by the moments and the ranges of the columns: no read is needed.

    Parameters
    ----------
    blocks : Blocks
        All rows; not read.
    part : Blocks
        Some of them, with the weights that they have.
    frame, theta, alpha
        As in :func:`prove`.
    seen : Moments
        Of all rows.
    slope : Linear
        Value and gradient of all rows, penalty included.
    """
    residuals, squares, curvature = slope.measures
    some = part.reduce(partial(reference.evidence, frame=frame, theta=theta))
    ridge = frame.penalty(alpha)
    hessian = some.hessian + np.diag(ridge)
    value = slope.value - 0.5 * float(ridge @ theta**2)
    additions = reference.matrix_accumulation(part.rows_per_block, part.n_blocks)
    factor = lower_factor(hessian, tau_of(frame.size, some.reach, additions))
    if factor is None:
        reason = "the Hessian of a sample of the rows is not positive definite beyond rounding"
        return Proof(unproved(SAMPLED, 0, reason), value, hessian)
    farthest, spread = _ranges(frame, seen)
    reach = seen.offset_reach + float(np.abs(theta) @ farthest)
    loads = Loads(
        # Cauchy and Schwarz: sum s |y-p| |z| <= (sum s (y-p)^2  sum s z^2)^(1/2)
        np.sqrt(squares * spread),
        LINK_ROUNDINGS * residuals
        + curvature * (frame.size + 3) * reach
        + reference.FEW_DIGITS * seen.total,
        ridge * np.abs(theta),
        _additions(blocks),
    )
    radius = float(factor.deviation() @ farthest)
    certificate = certify(slope.gradient, factor, radius, radius, loads, SAMPLED, 0)
    return Proof(certificate, value, hessian)


def _ranges(frame: Frame, seen: Moments) -> tuple[Array, Array]:
    """Return, for each coordinate, the largest |z| and the weighted sum of z^2, rounded up."""
    low, high = seen.low[frame.columns], seen.high[frame.columns]
    far = np.maximum(np.abs(low - frame.centre), np.abs(high - frame.centre))
    off = (seen.mean[frame.columns] - frame.centre) ** 2 * seen.total
    squares = seen.squares[frame.columns] + off
    up = 1.0 + 1e-6
    far = np.ldexp(far, frame.exponent) * up
    squares = np.ldexp(squares, 2 * frame.exponent) * up
    if frame.intercept:
        far = np.concatenate([[1.0], far])
        squares = np.concatenate([[seen.total], squares])
    return far, squares


def _additions(blocks: Blocks) -> int:
    from sigmoide.kernels import cpu

    return cpu.accumulation(blocks.rows_per_block, blocks.n_blocks)
