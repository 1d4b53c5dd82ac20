"""One objective for all: float64, the same few lines whoever's coefficients are judged.

It shares no code with the library, nor with any rival.
"""

from __future__ import annotations

import math

import numpy as np

from benchmarks.records import Answer, Array, Integers, Problem

# Numbers of X that are widened to float64 at a time: 16 MB.
_NUMBERS = 1 << 21


def rows_at_a_time(columns: int) -> int:
    """Return how many rows of so many columns are worked on together."""
    return max(_NUMBERS // max(columns, 1), 1)


def losses(eta: Array, y: Integers) -> Array:
    """Return softplus(eta) - y eta of each row, without cancellation."""
    wrong = np.where(y > 0.5, -eta, eta)
    return np.maximum(wrong, 0.0) + np.log1p(np.exp(-np.abs(wrong)))


def objective(problem: Problem, answer: Answer) -> float:
    """Return F at the coefficients; infinite where they are not finite."""
    w = answer.coef
    if not (np.isfinite(w).all() and np.isfinite(answer.intercept)):
        return math.inf
    n, d = problem.X.shape
    step = rows_at_a_time(d)
    parts = []
    for low in range(0, n, step):
        rows = slice(low, low + step)
        eta = problem.X[rows].astype(np.float64) @ w + answer.intercept
        parts.append(float(losses(eta, problem.y[rows]).sum()))
    return math.fsum(parts) + 0.5 * problem.alpha * float(w @ w)


def gap(value: float, best: float) -> float:
    """Return (F - F*) / |F*|: the accuracy that everybody is held to."""
    return (value - best) / abs(best)
