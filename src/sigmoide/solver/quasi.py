"""Quasi-Newton steps on all rows, preconditioned by a sample's Hessian: one read a step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import cho_solve

from sigmoide.solver.problem import Array, Linear, Problem, Solution

_EPS = float(np.finfo(np.float64).eps)
_PAIRS = 20
_SUFFICIENT = 1e-4
_SHORTEST = 1e-6
# Steps in a row that shrink the error by less than this are no use.
_SLOW, _SLOW_STEPS = 0.5, 6


class _Curvature:
    """An approximate inverse Hessian: the preconditioner, bent by pairs of steps and changes.

    The two-loop recursion of L-BFGS (Nocedal 1980, Mathematics of Computation 35, 773-782).
    """

    def __init__(self, factor: Any) -> None:
        self._factor = factor
        self._pairs: deque[tuple[Array, Array, float]] = deque(maxlen=_PAIRS)

    def learn(self, moved: Array, changed: Array) -> None:
        along = float(moved @ changed)
        if along > 1e-12 * float(np.linalg.norm(moved) * np.linalg.norm(changed)):
            self._pairs.append((moved, changed, 1.0 / along))

    def times(self, g: Array) -> Array:
        q, shares = g.copy(), []
        for moved, changed, rate in reversed(self._pairs):
            share = rate * float(moved @ q)
            q -= share * changed
            shares.append(share)
        z = cho_solve(self._factor, q, check_finite=False)
        for (moved, changed, rate), share in zip(self._pairs, reversed(shares), strict=True):
            z += (share - rate * float(changed @ z)) * moved
        return np.asarray(z)


def quasi_newton(
    problem: Problem,
    start: Array,
    factor: Any,
    target: float,
    max_steps: int,
    on_step: Callable[[int, float, float], None] | None = None,
) -> Solution:
    """Minimise from a point near the optimum.

    Parameters
    ----------
    problem : Problem
        What to minimise; asked for values and gradients only.
    start : ndarray, shape (size,)
        The first point.
    factor
        ``cho_factor`` of a matrix near the Hessian.
    target : float
        Stop when the decrement, as the approximate Hessian measures it, is at most this.
    max_steps : int
        Stop after so many steps.
    on_step : callable, optional
        Told the step, the value and the decrement.
    """
    theta, at = start, problem.slope(start)
    curvature = _Curvature(factor)
    slow, before = 0, np.inf
    for count in range(max_steps + 1):
        step = -curvature.times(at.gradient)
        decrement = float(np.sqrt(max(-float(at.gradient @ step), 0.0)))
        if on_step is not None:
            on_step(count, at.value, decrement)
        if decrement <= target:
            return Solution(theta, decrement, count, "converged", slope=at)
        slow = slow + 1 if decrement > _SLOW * before else 0
        if slow >= _SLOW_STEPS:
            return Solution(theta, decrement, count, "drifting", slope=at)
        before = decrement
        if count == max_steps:
            break
        found = _search(problem, theta, at, step, decrement)
        if found is None:
            return Solution(theta, decrement, count, "stalled", slope=at)
        point, there = found
        curvature.learn(point - theta, there.gradient - at.gradient)
        theta, at = point, there
    return Solution(theta, decrement, max_steps, "limit", slope=at)


def _search(
    problem: Problem, theta: Array, at: Linear, step: Array, decrement: float
) -> tuple[Array, Linear] | None:
    """Return the first point along the step that is better, shortened by cubic interpolation.

    Where values differ by no more than their rounding, the slope decides.
    """
    length, slope = 1.0, -(decrement**2)
    noise = 64 * _EPS * abs(at.value)
    while length >= _SHORTEST:
        point = theta + length * step
        there = problem.slope(point)
        after = float(there.gradient @ step)
        if np.isfinite(there.value):
            if there.value <= at.value + _SUFFICIENT * length * slope:
                return point, there
            if there.value <= at.value + noise and abs(after) <= 0.9 * abs(slope):
                return point, there
        length = _shorter(length, at.value, slope, there.value, after)
    return None


def _shorter(length: float, value: float, slope: float, after: float, slope_after: float) -> float:
    """Return where the cubic through both ends is least, kept between 1/20 and 3/5 of the way."""
    bend = slope + slope_after - 3.0 * (after - value) / length
    inside = bend**2 - slope * slope_after
    best = 0.3 * length
    if np.isfinite(inside) and inside > 0.0:
        root = float(np.sqrt(inside))
        bottom = slope_after - slope + 2.0 * root
        if bottom:
            best = length * (1.0 - (slope_after + root - bend) / bottom)
    return float(np.clip(best if np.isfinite(best) else 0.3 * length, 0.05 * length, 0.6 * length))
