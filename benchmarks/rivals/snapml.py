"""Snap ML's dual coordinate descent.

It penalises the intercept, as the coefficient of one more column of the constant
``intercept_scaling``, and returns that coefficient, not the intercept. With 10 for it the penalty
is a hundredth of everybody else's; with more, coordinate descent hardly moves (at 100 it stops at
1e-2).
"""

from __future__ import annotations

import warnings

import numpy as np

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers

CONSTANT = 10.0


def _prepare(problem: Problem, threads: int) -> Fit:
    from snapml import LogisticRegression

    def fit(tolerance: float) -> Answer:
        model = LogisticRegression(
            regularizer=problem.alpha,
            fit_intercept=True,
            intercept_scaling=CONSTANT,
            tol=tolerance,
            max_iter=20_000,
            n_jobs=threads,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(problem.X, problem.y)
        coef = np.asarray(model.coef_, dtype=np.float64).ravel()
        return Answer(CONSTANT * float(np.ravel(model.intercept_)[0]), coef)

    return fit


RIVAL = Rival(
    "snapml",
    "snapml",
    "snapml",
    _prepare,
    powers(1, 8),
    penalty="needed",
    largest=1e6,
    note=f"penalises the intercept; made small by intercept_scaling={CONSTANT:g}",
)
