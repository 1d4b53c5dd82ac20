"""scikit-learn's own solvers. Their objective is the judge's: nothing is converted."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import numpy as np

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers

_MOST_STEPS = 20_000


def answer_of(model: Any) -> Answer:
    """Return the coefficients of a fitted model of scikit-learn's kind."""
    coef = np.asarray(model.coef_, dtype=np.float64).ravel()
    steps = float(np.max(model.n_iter_))
    return Answer(float(np.ravel(model.intercept_)[0]), coef, {"steps": steps})


def _prepare(problem: Problem, _: int, *, solver: str) -> Fit:
    # Threads are those of BLAS and OpenMP, which the process was given.
    from sklearn.linear_model import LogisticRegression

    def fit(tolerance: float) -> Answer:
        model = LogisticRegression(C=problem.C, solver=solver, tol=tolerance, max_iter=_MOST_STEPS)
        with warnings.catch_warnings():
            # Whether it converged is the judge's to say.
            warnings.simplefilter("ignore")
            return answer_of(model.fit(problem.X, problem.y))

    return fit


def _rival(solver: str, tolerances: tuple[float, ...]) -> Rival:
    return Rival(
        f"scikit-learn {solver}",
        "scikit-learn",
        "sklearn.linear_model",
        partial(_prepare, solver=solver),
        tolerances,
    )


RIVALS = (
    _rival("lbfgs", powers(2, 10)),
    _rival("newton-cholesky", powers(1, 10)),
    _rival("newton-cg", powers(1, 10)),
)
