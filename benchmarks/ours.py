"""Ours: ``LogisticRegression().fit`` as a user calls it, all checks and the certificate in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from benchmarks.records import Answer, Problem


def prepare(problem: Problem, threads: int) -> Callable[[], Answer]:
    """Return the fit: only this is timed."""
    from sigmoide import LogisticRegression
    from sigmoide.errors import SigmoideWarning

    def fit() -> Answer:
        model = LogisticRegression(C=problem.C, n_jobs=threads)
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

    return fit
