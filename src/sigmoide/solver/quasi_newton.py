"""Quasi-Newton steps on all rows, begun with a rough inverse of the Hessian: one read a step."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

import numpy as np

from sigmoide.problem.protocols import Array, Linear, Problem, Solution
from sigmoide.solver.low_rank_diagonal import LowRankDiagonal
from sigmoide.solver.newton import Inverse

_EPS = float(np.finfo(np.float64).eps)
# Pairs of steps and changes that are remembered: as many as the numbers, where these allow it. On a
# read of many columns they cost nothing, and a direction that is forgotten is learned anew.
_LEAST_PAIRS, _MOST_PAIRS, _PAIRED_NUMBERS = 20, 100, 1 << 22
_SUFFICIENT = 1e-4
_SHORTEST = 1e-6
# Steps over which progress is measured, before what is to come is foretold: with a diagonal the
# curvature has to be learned first, and progress is uneven.
_WATCHED, _WATCHED_DIAGONAL = 6, 20


class _Curvature:
    """An approximate inverse Hessian: the one begun with, bent by pairs of steps and changes.

    The two-loop recursion of L-BFGS (Nocedal 1980, Mathematics of Computation 35, 773-782). A
    diagonal is also scaled by the last pair.
    """

    def __init__(self, inverse: Inverse, size: int) -> None:
        self._inverse = inverse
        most = min(max(_PAIRED_NUMBERS // (2 * max(size, 1)), _LEAST_PAIRS), _MOST_PAIRS)
        self._pairs: deque[tuple[Array, Array, float]] = deque(maxlen=most)

    def learn(self, moved: Array, changed: Array) -> None:
        along = float(moved @ changed)
        if along > 1e-12 * float(np.linalg.norm(moved) * np.linalg.norm(changed)):
            self._pairs.append((moved, changed, 1.0 / along))
            if isinstance(self._inverse, LowRankDiagonal):
                self._inverse = self._inverse.scaled_by(moved, changed)

    def times(self, g: Array) -> Array:
        q, shares = g.copy(), []
        for moved, changed, rate in reversed(self._pairs):
            share = rate * float(moved @ q)
            q -= share * changed
            shares.append(share)
        z = self._inverse.times(q)
        for (moved, changed, rate), share in zip(self._pairs, reversed(shares), strict=True):
            z += (share - rate * float(changed @ z)) * moved
        return np.asarray(z)


def quasi_newton(
    problem: Problem,
    start: Array,
    at: Linear,
    inverse: Inverse,
    target: float,
    max_steps: int,
    on_step: Callable[[int, float, float], None] | None = None,
    *,
    measure: Callable[[Array, Array], float] | None = None,
    worth: float = math.inf,
) -> Solution:
    """Minimise from a point near the optimum, or with little known of it.

    Parameters
    ----------
    problem : Problem
        What to minimise; asked for values and gradients only.
    start : ndarray, shape (size,)
        The first point.
    at : Linear
        The problem there.
    inverse : Inverse
        Near the inverse Hessian; a diagonal need not be near it.
    target : float
        Stop when the decrement is at most this.
    max_steps : int
        Stop after so many steps.
    on_step : callable, optional
        Told the step, the value and the decrement.
    measure : callable, optional
        From a point and the gradient there to the decrement; by default the approximate inverse
        Hessian measures it.
    worth : float
        Stop, as drifting, when the last steps foretell more than so many others.
    """
    theta = start
    curvature = _Curvature(inverse, len(start))
    watched = _WATCHED_DIAGONAL if isinstance(inverse, LowRankDiagonal) else _WATCHED
    passed: deque[float] = deque(maxlen=watched + 1)
    for count in range(max_steps + 1):
        step = -curvature.times(at.gradient)
        left = float(np.sqrt(max(-float(at.gradient @ step), 0.0)))
        decrement = left if measure is None else measure(theta, at.gradient)
        if on_step is not None:
            on_step(count, at.value, decrement)
        if decrement <= target:
            return Solution(theta, decrement, count, "converged", slope=at)
        passed.append(decrement)
        if to_come(passed, target) > worth:
            return Solution(theta, decrement, count, "drifting", slope=at)
        if count == max_steps:
            break
        shorter = _search(problem, theta, at, step, left)
        if shorter is None:
            return Solution(theta, decrement, count, "stalled", slope=at)
        point, there = shorter
        curvature.learn(point - theta, there.gradient - at.gradient)
        theta, at = point, there
    return Solution(theta, decrement, max_steps, "limit", slope=at)


def to_come(passed: deque[float], target: float) -> float:
    """Return how many more steps lead to the target, at the pace of the last ones."""
    if len(passed) != passed.maxlen:
        return 0.0
    pace = math.log(passed[0] / passed[-1]) / (len(passed) - 1)
    return math.log(passed[-1] / target) / pace if pace > 0.0 else math.inf


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
