"""glum. It minimises the mean loss plus alpha/2 |w|^2: alpha is 1 / (C n)."""

from __future__ import annotations

import warnings

import numpy as np

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers


def _prepare(problem: Problem, _: int) -> Fit:
    from glum import GeneralizedLinearRegressor

    X = np.asfortranarray(problem.X)
    y = problem.y.astype(problem.X.dtype)
    alpha = problem.alpha / len(y)

    def fit(tolerance: float) -> Answer:
        model = GeneralizedLinearRegressor(
            family="binomial",
            alpha=alpha,
            l1_ratio=0.0,
            gradient_tol=tolerance,
            max_iter=1000,
            copy_X=False,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, y)
        coef = np.asarray(model.coef_, dtype=np.float64)
        return Answer(float(model.intercept_), coef, {"steps": float(model.n_iter_)})

    return fit


RIVAL = Rival("glum", "glum", "glum", _prepare, powers(2, 11), layout="column-major")
