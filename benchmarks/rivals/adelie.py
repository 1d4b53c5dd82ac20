"""adelie: coordinate descent inside iteratively reweighted least squares, at one penalty.

Its objective is the mean loss plus lambda/2 |w|^2: lambda is 1 / (C n).
"""

from __future__ import annotations

import numpy as np

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers


def _prepare(problem: Problem, threads: int) -> Fit:
    import adelie

    dtype = problem.X.dtype
    X = np.asfortranarray(problem.X)
    y = problem.y.astype(dtype)
    lambdas = np.array([problem.alpha / len(y)], dtype=dtype)

    def fit(tolerance: float) -> Answer:
        state = adelie.grpnet(
            adelie.matrix.dense(X, method="naive", n_threads=threads),
            adelie.glm.binomial(y, dtype=dtype.type),
            alpha=0.0,
            lmda_path=lambdas,
            irls_tol=tolerance,
            tol=tolerance,
            n_threads=threads,
            early_exit=False,
            progress_bar=False,
        )
        coef = np.asarray(state.betas.toarray()[-1], dtype=np.float64)
        return Answer(float(state.intercepts[-1]), coef)

    return fit


RIVAL = Rival(
    "adelie",
    "adelie",
    "adelie",
    _prepare,
    powers(4, 14),
    layout="column-major",
    largest=1.2e7,
)
