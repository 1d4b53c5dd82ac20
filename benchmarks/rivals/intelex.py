"""scikit-learn-intelex: L-BFGS over oneDAL's losses.

Its other solvers hand over to scikit-learn; so does this one with an infinite C, but not with
C = 1e30, which is the same to float64.
"""

from __future__ import annotations

import warnings

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers
from benchmarks.rivals.scikit_learn import answer_of

_MOST_STEPS = 20_000
_LARGEST_C = 1e30


def _prepare(problem: Problem, threads: int) -> Fit:
    from sklearnex.linear_model import LogisticRegression

    C = min(problem.C, _LARGEST_C)

    def fit(tolerance: float) -> Answer:
        model = LogisticRegression(
            C=C, solver="lbfgs", tol=tolerance, max_iter=_MOST_STEPS, n_jobs=threads
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return answer_of(model.fit(problem.X, problem.y))

    return fit


RIVAL = Rival(
    "intelex lbfgs",
    "scikit-learn-intelex",
    "sklearnex.linear_model",
    _prepare,
    powers(2, 10),
)
