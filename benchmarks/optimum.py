"""F*: the optimum by damped Newton in float64, far beyond the accuracy that is asked of anybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.linalg.blas import dsyrk

from benchmarks.judge import objective, rows_at_a_time
from benchmarks.records import Answer, Array, Problem

# The error of F*, over F*, that is left: a thousandth of the finest level that is asked for.
ENOUGH = 1e-12
_MOST_STEPS = 60
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Optimum:
    """The optimum, as well as float64 has it.

    Attributes
    ----------
    answer : Answer
        Where it is.
    value : float
        F there.
    left : float
        What Newton's next step would still gain, over F: half the squared decrement.
    """

    answer: Answer
    value: float
    left: float

    @property
    def established(self) -> bool:
        """Whether it may judge anybody."""
        return self.left <= ENOUGH


def polish(problem: Problem, start: Answer) -> Optimum:
    """Go from coefficients of whatever quality to the optimum."""
    answer, value = start, objective(problem, start)
    if not np.isfinite(value):
        answer = Answer(0.0, np.zeros(problem.X.shape[1]))
        value = objective(problem, answer)
    left = np.inf
    for _ in range(_MOST_STEPS):
        gradient, hessian = _derivatives(problem, answer)
        step = _newton_step(gradient, hessian)
        if step is None:
            break
        slope = float(gradient @ step)
        left = -slope / (2.0 * abs(value))
        found = _walk(problem, answer, value, step, slope)
        if found is None:
            break
        answer, value = found
        if left <= ENOUGH:
            break
    return Optimum(answer, value, left)


def _walk(
    problem: Problem, answer: Answer, value: float, step: Array, slope: float
) -> tuple[Answer, float] | None:
    """Return the first point along the step that is better; None where none is."""
    length = 1.0
    while length >= _SHORTEST:
        there = Answer(answer.intercept + length * step[0], answer.coef + length * step[1:])
        after = objective(problem, there)
        if after < value + 1e-4 * length * slope:
            return there, after
        length *= 0.5
    return None


def _newton_step(gradient: Array, hessian: Array) -> Array | None:
    """Return -H^-1 g by way of H with a unit diagonal; None where H is not positive definite."""
    diagonal = np.diag(hessian)
    if not (diagonal > 0.0).all():
        return None
    scale = 1.0 / np.sqrt(diagonal)
    try:
        factor = cho_factor(hessian * scale[:, None] * scale, check_finite=False)
    except LinAlgError:
        return None
    return np.asarray(-scale * cho_solve(factor, scale * gradient))


def _derivatives(problem: Problem, answer: Answer) -> tuple[Array, Array]:
    """Return gradient and Hessian of F, the intercept first."""
    n, d = problem.X.shape
    gradient, hessian = np.zeros(d + 1), np.zeros((d + 1, d + 1))
    step = rows_at_a_time(d)
    for low in range(0, n, step):
        rows = slice(low, low + step)
        Z = np.column_stack([np.ones(len(problem.y[rows])), problem.X[rows].astype(np.float64)])
        eta = Z[:, 1:] @ answer.coef + answer.intercept
        small = np.exp(-np.abs(eta))
        p = np.where(eta >= 0.0, 1.0, small) / (1.0 + small)
        gradient += (p - problem.y[rows]) @ Z
        Z *= (np.sqrt(small) / (1.0 + small))[:, None]
        # Z is row-major: its transpose, column-major, is what BLAS takes without a copy.
        hessian += dsyrk(1.0, Z.T)
    gradient[1:] += problem.alpha * answer.coef
    hessian += np.triu(hessian, 1).T
    hessian[np.diag_indices(d + 1)] += np.concatenate([[0.0], np.full(d, problem.alpha)])
    return gradient, hessian
