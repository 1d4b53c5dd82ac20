"""Ours: ``LogisticRegression().fit`` as a user calls it, all checks and the certificate in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.records import Answer, Problem


def prepare(problem: Problem, threads: int) -> Callable[[], Answer]:
    """Return the fit to the tolerance that users get: only this is timed."""
    return partial(_fit, problem, threads, {})


def prepare_to(problem: Problem, threads: int) -> Callable[[float], Answer]:
    """Return the fit to a tolerance: the proved distance to the optimum, in standard errors."""
    return lambda tol: _fit(problem, threads, {"tol": tol})


def _fit(problem: Problem, threads: int, settings: dict[str, float]) -> Answer:
    from sigmoide import LogisticRegression
    from sigmoide.errors import SigmoideWarning

    model = LogisticRegression(C=problem.C, n_jobs=threads, **settings)
    with warnings.catch_warnings():
        # An unproved fit is said so in the row.
        warnings.simplefilter("ignore", SigmoideWarning)
        model.fit(problem.X, problem.y)
    said = {
        "steps": float(model.n_iter_[0]),
        "reads": float(model.fit_.reads),
        "proved": float(model.certificate_.proved),
        "distance": float(model.certificate_.distance),
    }
    return Answer(float(model.intercept_[0]), np.asarray(model.coef_[0]), said)
