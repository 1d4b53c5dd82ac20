"""The sampled start: Newton on growing samples, so that all rows are begun near their optimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor

from sigmoide.solver.newton import newton
from sigmoide.solver.problem import Array, Problem, Quadratic, Smooth

_FIRST = 10
_GROWTH = 6
# A ridge, in units of the samples' thinness, keeps samples finite that are separated by chance.
_RIDGE = 0.3
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Start:
    """Where to start on all rows.

    Attributes
    ----------
    theta : ndarray, shape (size,)
        Near the optimum, by what a sample tells.
    hessian : ndarray, shape (size, size)
        Of all rows, or of the largest sample, weighted to stand for them.
    factor
        Its Cholesky factor, as ``cho_factor`` returns it; None where all rows were used.
    rows : int
        Rows of that sample.
    at : Quadratic, optional
        The objective there, where all rows were used.
    """

    theta: Array
    hessian: Array
    factor: Any = None
    rows: int = 0
    at: Quadratic | None = None


@dataclass(frozen=True, slots=True)
class _Ridged:
    """A problem with a little more ridge."""

    problem: Smooth
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
) -> Start:
    """Solve samples of 10 p rows, six times as many, and so on up to ``rows``.

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
    while True:
        part = problem.sample(drawn, seed)
        thin = all_rows / drawn
        last = drawn >= rows
        ridge = np.where(penalised, 0.0 if last else _RIDGE * thin, 0.0)
        # The sample's own optimum is off by about this many standard errors of all rows.
        target = 0.3 * np.sqrt(thin * problem.size)
        asked = _Ridged(part, ridge)
        found = newton(asked, theta, asked.quadratic(theta), target, 12 if seed == 0 else 4, 99)
        theta = found.theta
        if last:
            hessian = (found.at or asked.quadratic(theta)).hessian
            return Start(theta, hessian, _factor(hessian), drawn)
        grown = drawn * _GROWTH
        drawn = grown if grown < 0.7 * rows else rows
        seed += 1


def _factor(hessian: Array) -> Any:
    """Factor a Hessian, with as little added to its diagonal as a singular one needs."""
    diagonal = np.diag(hessian)
    # A column that the sample holds one value of has nothing on the diagonal.
    diagonal = np.maximum(diagonal, 1e-12 * diagonal.max())
    little = 1e3 * len(diagonal) * _EPS
    while True:
        try:
            return cho_factor(hessian + np.diag(little * diagonal), lower=True)
        except LinAlgError:
            little *= 100.0
