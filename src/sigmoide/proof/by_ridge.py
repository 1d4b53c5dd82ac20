r"""The proof that the penalty gives: no Hessian, for many columns.

H is at least what a few rows add to the penalty, and that at least a diagonal:

.. math::

    v'Hv \ge \sum_i w_i (b + z_i \cdot u)^2 + u'Du
         \ge \kappa b^2 + \tfrac12 u'Du, \qquad v = (b, u), \quad w_i = s_i p_i (1 - p_i),

where kappa is the least of sum_i w_i (1 + z_i . u)^2 + u'Du/2 over u. By duality every choice of
numbers t_i bounds it from below,

.. math::

    \kappa \ge 2 \sum_i w_i t_i - \sum_i w_i t_i^2 - 2 \sum_j (\sum_i w_i t_i z_{ij})^2 / D_j ,

and the best one solves a system of as many equations as there are rows. How well it is solved does
not matter: the bound holds for whatever comes out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dposv

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.kernels.reference import FEW_DIGITS
from sigmoide.problem import objective
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.frame import Frame
from sigmoide.problem.objective import LINK_ROUNDINGS
from sigmoide.problem.protocols import Linear
from sigmoide.proof.certificate import (
    EPS,
    LARGEST_DELTA,
    DiagonalFactor,
    certify,
    rounding_of,
    unproved,
)
from sigmoide.proof.full_hessian import Proof
from sigmoide.proof.rounding import bounds_of
from sigmoide.proof.sampled_rows import sampled_rows

RIDGE = "penalty and a few hundred rows, float64"

# The share of the penalty that is given to the columns; the rest helps to hold the intercept.
_SHARE = 0.5
# Rounding may take so much of what is to be proved, and this many times it is near.
_FLOOR, _NEAR = 0.2, 1e3


def prove_by_ridge(
    problem: BlockProblem, part: Blocks, theta: Array, moments: Moments, slope: Linear
) -> Proof:
    """Prove by the penalty and some rows: the Hessian of neither is made.

    Parameters
    ----------
    problem, part, theta, moments, slope
        As in :func:`sigmoide.proof.by_sample.prove_by_sample`; every column penalised. The
        proof has no Hessian of all rows: its ``hessian`` is empty.
    """
    value = slope.value - 0.5 * float(problem.ridge @ theta**2)
    none = np.empty((0, 0))
    bounds = bounds_of(problem, theta, moments, slope)
    factor = ridge_factor(problem, part, theta, bounds.reach)
    if factor is None:
        reason = "a few hundred rows do not hold the intercept beyond rounding"
        return Proof(unproved(RIDGE, 0, reason), value, none)
    radius = factor.norm(bounds.farthest)
    certificate = certify(slope.gradient, factor, radius, radius, bounds.loads, RIDGE, 0)
    return Proof(certificate, value, none)


@dataclass(slots=True)
class RidgeMeasure:
    """Measures gradients as this proof will; the intercept's curvature is found anew near the end.

    Attributes
    ----------
    problem, part
        As in :func:`prove_by_ridge`.
    near : float
        What is near the end.
    factor : DiagonalFactor
        What the gradients are measured with.
    enough : float
        The distance, in standard errors, from which on the proof holds.
    """

    problem: BlockProblem
    part: Blocks
    near: float
    factor: DiagonalFactor
    enough: float
    _fresh: bool = False

    def __call__(self, theta: Array, gradient: Array) -> float:
        """Return the decrement, by the penalty."""
        if not self._fresh and self.factor.norm(gradient) <= self.near:
            self._fresh = True
            self.factor = ridge_factor(self.problem, self.part, theta, 1.0) or self.factor
        return self.factor.norm(gradient)


def ridge_measure(
    problem: BlockProblem, part: Blocks, theta: Array, moments: Moments, slope: Linear, tol: float
) -> RidgeMeasure | None:
    """Return what measures a gradient as this proof will, or None if rounding forbids the proof.

    Parameters
    ----------
    problem, part, theta, moments, slope
        As in :func:`prove_by_ridge`, at a first point.
    tol : float
        What is to be proved.
    """
    bounds = bounds_of(problem, theta, moments, slope)
    factor = ridge_factor(problem, part, theta, bounds.reach)
    if factor is None:
        return None
    radius = factor.norm(bounds.farthest)
    if not rounding_of(slope.gradient, factor, radius, bounds.loads) <= _FLOOR * tol:
        return None
    enough = LARGEST_DELTA / radius
    return RidgeMeasure(problem, part, _NEAR * min(tol, enough), factor, enough)


def ridge_factor(
    problem: BlockProblem, part: Blocks, theta: Array, reach: float
) -> DiagonalFactor | None:
    """Return a diagonal that is certainly not larger than the Hessian, or None.

    Parameters
    ----------
    problem, part, theta
        As in :func:`prove_by_ridge`.
    reach : float
        max_i E_i, E_i = |o_i| + |b| + sum_j |z_ij v_j|.
    """
    diagonal = _SHARE * problem.ridge
    if problem.frame.intercept:
        diagonal[0] = _least_curvature(part, problem.frame, theta, diagonal[1:], reach)
    return DiagonalFactor(diagonal) if (diagonal > 0.0).all() else None


def _least_curvature(
    part: Blocks, frame: Frame, theta: Array, penalty: Array, reach: float
) -> float:
    """Return kappa, rounded downwards; ``penalty`` is that of the columns that helps."""
    rows = sampled_rows(part, frame)
    Z = rows.Z
    bend = objective.curvature(rows.offset + theta @ Z)
    w = rows.weight * np.where(bend > FEW_DIGITS, bend, 0.0)
    t = _dual(Z[1:], w, penalty)
    # Roundings of w, of eta in it, of the products and of their sums, relative to their sizes.
    slip = EPS * (LINK_ROUNDINGS + (frame.size + 3) * reach + 2 * len(w))
    size = w * np.abs(t)
    across = np.abs(Z[1:] @ (w * t)) + slip * (np.abs(Z[1:]) @ size)
    spent = float(size @ np.abs(t)) + float(np.sum(across**2 / penalty))
    kappa = 2.0 * (float(w @ t) - slip * float(size.sum())) - spent * (
        1.0 + slip + frame.size * EPS
    )
    return kappa if math.isfinite(kappa) else 0.0


def _dual(Z: Array, w: Array, penalty: Array) -> Array:
    """Return numbers t for the bound: those of (I + A P^-1 A') u = sqrt(w), u = sqrt(w) t."""
    root = np.sqrt(w)
    A = Z * root / np.sqrt(penalty)[:, None]
    system = A.T @ A
    system.flat[:: len(w) + 1] += 1.0
    _, solved, _ = dposv(system, root, lower=1)
    return np.asarray(np.divide(solved, root, out=np.zeros_like(root), where=root > 0.0))
