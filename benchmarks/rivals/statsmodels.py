"""statsmodels' Logit by Newton: maximum likelihood only, in float64, with standard errors."""

from __future__ import annotations

import warnings

import numpy as np

from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Fit, Rival, powers


def _prepare(problem: Problem, _: int) -> Fit:
    from statsmodels.discrete.discrete_model import Logit

    # The column of ones is made here, outside of what is timed.
    design = np.column_stack([np.ones(len(problem.y)), problem.X.astype(np.float64)])

    def fit(tolerance: float) -> Answer:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = Logit(problem.y, design).fit(
                method="newton", tol=tolerance, maxiter=200, disp=0, warn_convergence=False
            )
        params = np.asarray(found.params)
        steps = float(found.mle_retvals["iterations"])
        return Answer(float(params[0]), params[1:], {"steps": steps})

    return fit


RIVAL = Rival(
    "statsmodels",
    "statsmodels",
    "statsmodels.discrete.discrete_model",
    _prepare,
    powers(1, 10),
    penalty="none",
    largest=3e7,
    note="without a penalty only; its fit includes standard errors",
)
