"""Newton's method with backtracking, one read a step; inverse Hessians as they are applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs

from sigmoide.problem.protocols import Array, Quadratic, Smooth, Solution

_EPS = float(np.finfo(np.float64).eps)


class Inverse(Protocol):
    """Something near the inverse of a Hessian."""

    def times(self, g: Array) -> Array:
        """Return its product with a vector."""
        ...


@dataclass(frozen=True, slots=True)
class Factored:
    """The inverse of D^-1 L L' D^-1.

    Attributes
    ----------
    lower : ndarray, shape (p, p)
        L, in its lower triangle.
    scale : ndarray, shape (p,)
        The diagonal of D.
    """

    lower: Array
    scale: Array

    def times(self, g: Array) -> Array:
        """Return the product with a vector."""
        if not len(g):
            return g
        solved, _ = dpotrs(self.lower, self.scale * g, lower=1)
        return np.asarray(self.scale * solved)

    @property
    def least_pivot(self) -> float:
        """The smallest squared share of a column that those before it do not explain."""
        return float(np.diag(self.lower).min()) ** 2


def factored(hessian: Array, little: float = 0.0) -> Factored | None:
    """Factor a Hessian, scaled to unit diagonal, with a little added to it where it is singular.

    Parameters
    ----------
    hessian : ndarray, shape (p, p)
        Positive semidefinite.
    little : float
        Added to the unit diagonal at first; more and more of it until there is a factor.

    Returns
    -------
    Factored or None
        None if a number is not finite.
    """
    diagonal = np.diag(hessian)
    if not np.isfinite(diagonal).all():
        return None
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    scaled = hessian * scale[:, None] * scale
    unit = scaled.diagonal().copy()
    while little < 1e6:
        np.fill_diagonal(scaled, unit + little)
        lower, failed = dpotrf(scaled, lower=1)
        if not failed:
            return Factored(lower, scale)
        little = max(100.0 * little, len(scale) * _EPS)
    return None


_EPS = float(np.finfo(np.float64).eps)
# Sufficient decrease, as a share of the decrease that the slope promises (Armijo).
_SUFFICIENT = 1e-4
_SHORTEST = 1e-8
# A decrement this far below the square root of the objective is in the quadratic regime.
_NEAR = 1e-4
# A step that shrinks the decrement by less than this is not converging quadratically.
_DRIFT_FACTOR = 0.3


def newton(
    problem: Smooth,
    start: Array,
    at: Quadratic,
    target: float,
    max_steps: int,
    patience: int,
    on_step: Callable[[int, Quadratic, float], None] | None = None,
) -> Solution:
    """Minimise by Newton steps, each shortened until the objective falls.

    Parameters
    ----------
    problem : Smooth
        What to minimise.
    start : ndarray, shape (size,)
        The first point.
    at : Quadratic
        The problem there.
    target : float
        Stop when the decrement is at most this.
    max_steps : int
        Stop after so many steps.
    patience : int
        Stop, as drifting, after so many steps in a row that shrink the decrement by less than
        a constant factor.
    on_step : callable, optional
        Told the step, the problem there and the decrement.
    """
    theta = start
    step, decrement = newton_step(at)
    slow = 0
    for count in range(max_steps + 1):
        if on_step is not None:
            on_step(count, at, decrement)
        if decrement <= target:
            return Solution(theta, decrement, count, "converged", at)
        if count == max_steps:
            break
        trial = _search(problem, theta, at, step, decrement)
        if trial is None:
            return Solution(theta, decrement, count, "stalled", at)
        before = decrement
        theta, at = trial
        step, decrement = newton_step(at)
        # Near the optimum a step squares the error; when that ends, rounding is all that is left.
        if before < _NEAR * np.sqrt(abs(at.value)) and decrement > 0.5 * before:
            return Solution(theta, decrement, count + 1, "stalled", at)
        slow = slow + 1 if decrement > _DRIFT_FACTOR * before else 0
        if slow >= patience:
            return Solution(theta, decrement, count + 1, "drifting", at)
    return Solution(theta, decrement, max_steps, "limit", at)


def newton_step(at: Quadratic) -> tuple[Array, float]:
    """Return -H^-1 g and sqrt(g' H^-1 g), with a little added to a Hessian that is singular."""
    inverse = factored(at.hessian)
    if inverse is None:
        return np.full(len(at.gradient), np.nan), float("nan")
    step = -inverse.times(at.gradient)
    return step, float(np.sqrt(max(-float(at.gradient @ step), 0.0)))


def _search(
    problem: Smooth, theta: Array, at: Quadratic, step: Array, decrement: float
) -> tuple[Array, Quadratic] | None:
    """Return the first of theta + step, + step/2, ... that is better, or None."""
    # A loss is nowhere below zero. Where all rows are saturated the curvature is next to nothing,
    # and the step goes far beyond the point at which even the tangent has fallen that low.
    longest = min(1.0, 2.0 * at.value / decrement**2) if at.value > 0.0 else 1.0
    length = longest
    # What rounding may add to a sum of this size: below it, values cannot be compared.
    noise = 64 * _EPS * abs(at.value)
    while length >= _SHORTEST * longest:
        point = theta + length * step
        there = problem.quadratic(point)
        promised = _SUFFICIENT * length * decrement**2
        if np.isfinite(float(there.value)) and there.value <= at.value - promised + noise:
            return point, there
        length /= 2.0
    return None
