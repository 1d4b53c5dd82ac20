"""The model with the intercept and the offset alone, which others are compared with."""

from __future__ import annotations

import numpy as np

from sigmoide.fit.proof_plan import BEYOND
from sigmoide.fit.setup import Known, base_rate, pose
from sigmoide.problem.frame import Frame
from sigmoide.solver.newton import newton


def null_loglik(known: Known) -> float:
    """Return its log-likelihood: without an offset no read is needed."""
    seen, settings = known.seen, known.settings
    events, total = seen.events, seen.total
    if known.intercept and not seen.offset_reach:
        return float(events * np.log(events / total) + (total - events) * np.log1p(-events / total))
    none = np.empty(0, dtype=np.int64)
    frame = Frame(none, np.empty(0), none, known.intercept)
    problem, theta = pose(known, frame, np.empty(0)).problem, base_rate(seen, frame)
    at = problem.quadratic(theta)
    if known.intercept:
        most = settings.max_steps
        at = newton(problem, theta, at, BEYOND * settings.tol, most, most).at or at
    return -at.value
