"""The sampled start: Newton on growing samples, so that all rows are begun near their optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.problem.protocols import Array, Problem, Quadratic
from sigmoide.solver.newton import Factored, factored, newton, newton_step

_FIRST = 10
_GROWTH = 10
# A sample is worth solving on the way to one that is so many times as large.
_WORTH_IT = 2
# A step after which some of it is left has changed the Hessian by about twice that share: too much
# where it is so much of what sampling changes.
_STALE = 0.25
# A ridge, in units of the samples' thinness, keeps samples finite that are separated by chance.
_RIDGE = 0.3
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class SampledStart:
    """Where to start on all rows.

    Attributes
    ----------
    theta : ndarray, shape (size,)
        Near the optimum, by what a sample tells.
    hessian : ndarray, shape (size, size)
        Of the largest sample, weighted to stand for all rows.
    inverse : Factored
        Of that Hessian.
    rows : int
        Rows of that sample.
    """

    theta: Array
    hessian: Array
    inverse: Factored
    rows: int


@dataclass(frozen=True, slots=True)
class _Ridged:
    """A problem with a little more ridge."""

    problem: Problem
    ridge: Array

    @property
    def size(self) -> int:
        return self.problem.size

    def quadratic(self, theta: Array) -> Quadratic:
        at = self.problem.quadratic(theta)
        return Quadratic(
            at.value + 0.5 * float(self.ridge @ theta**2),
            at.gradient + self.ridge * theta,
            at.hessian + np.diag(self.ridge),
        )


def sampled_start(
    problem: Problem, all_rows: int, start: Array, rows: int, penalised: NDArray[np.bool_]
) -> SampledStart:
    """Solve samples of 10 p rows, ten times as many, and so on up to ``rows``.

    Parameters
    ----------
    problem : Problem
        As many rows as the largest sample or more, standing for all; asked for samples only.
    all_rows : int
        How many rows these stand for.
    start : ndarray, shape (size,)
        The first point.
    rows : int
        Rows of the largest sample.
    penalised : ndarray of bool, shape (size,)
        Coordinates that may be held back by a ridge: not the intercept.
    """
    theta, drawn = start, min(_FIRST * problem.size, rows)
    seed = 0
    while drawn < rows:
        thin = all_rows / drawn
        part = _Ridged(problem.sample(drawn, seed), np.where(penalised, _RIDGE * thin, 0.0))
        theta = newton(
            part, theta, part.quadratic(theta), _target(thin, problem.size), 4 if seed else 12, 99
        ).theta
        grown = drawn * _GROWTH
        drawn = grown if _WORTH_IT * grown < rows else rows
        seed += 1
    last = problem.sample(rows, seed)
    return _last_step(last, theta, rows, _target(all_rows / rows, problem.size))


def _target(thin: float, size: int) -> float:
    """Return a share of the standard errors of all rows that a sample's own optimum is off by."""
    return 0.3 * float(np.sqrt(thin * size))


def _last_step(part: Problem, theta: Array, rows: int, target: float) -> SampledStart:
    """Take one step on the largest sample, with one Hessian, if one step is enough.

    What is left after the step, measured by the Hessian from before it, tells how much that has
    changed: where it is much, the steps to come are worth a new one.
    """
    at = part.quadratic(theta)
    step, decrement = newton_step(at)
    if decrement > target:
        there = part.slope(theta + step)
        left = newton_step(Quadratic(there.value, there.gradient, at.hessian))[1]
        if there.value <= at.value and left <= target:
            theta = theta + step
            if left > _STALE * np.sqrt(part.size / rows) * decrement:
                at = part.quadratic(theta)
        else:
            solution = newton(part, theta, at, target, 12, 99)
            theta, at = solution.theta, solution.at or at
    return SampledStart(theta, at.hessian, inverse_of(at.hessian, rows), rows)


def inverse_of(hessian: Array, rows: int) -> Factored:
    """Return what a sample's Hessian tells of the inverse of that of all rows.

    The inverse of a Hessian of m rows is too large by about m/(m - p) (as the mean of an inverse
    Wishart matrix is).
    """
    size = len(hessian)
    diagonal = np.diag(hessian)
    # A column that the sample holds one value of has nothing on the diagonal.
    floor = 1e-12 * float(diagonal.max())
    full = hessian + np.diag(np.maximum(floor - diagonal, 0.0))
    inverse = factored(full * (1.0 / (1.0 - min(size / rows, 0.5))), 1e3 * size * _EPS)
    return inverse or Factored(np.eye(size), np.ones(size))
