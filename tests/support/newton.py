"""Newton's method as a textbook has it: nothing of the solver is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sigmoide.problem.frame import Frame
from support.problems import Array, Problem, Rng, whole_block

STEPS = 60


def newton_path(p: Problem, frame: Frame, rng: Rng) -> Iterator[Array]:
    """Yield the points of Newton's method from zero, while they are finite.

    Plain, or with the step shortened to 2 standard errors; a singular Hessian is met by a
    pseudo-inverse, the others by that too, by a ridge of a few roundings, or by nothing.
    """
    damped, how = bool(rng.integers(2)), str(rng.choice(["solve", "pinv", "ridge"]))
    Z = frame.design(whole_block(p))
    ridge = frame.penalty(p.alpha)
    sign = 2.0 * p.y - 1.0
    theta = np.zeros(frame.size)
    for _ in range(STEPS + 1):
        yield theta
        eta = p.offset + Z @ theta
        small = np.exp(-np.abs(eta))
        miss = np.where(sign * eta < 0.0, 1.0, small) / (1.0 + small)
        bend = p.weight * small / (1.0 + small) ** 2
        g = -(p.weight * sign * miss) @ Z + ridge * theta
        H = (Z * bend[:, None]).T @ Z + np.diag(ridge)
        scale = 1.0 / np.sqrt(np.maximum(np.diag(H), 1e-300))
        scaled = H * scale[:, None] * scale
        try:
            if how == "pinv":
                raise np.linalg.LinAlgError
            ridged = scaled + (1e-13 if how == "ridge" else 0.0) * np.eye(len(g))
            solved = np.linalg.solve(ridged, scale * g)
        except np.linalg.LinAlgError:
            solved = np.linalg.pinv(scaled, rcond=1e-15, hermitian=True) @ (scale * g)
        step = -scale * solved
        if damped:
            step /= max(1.0, np.sqrt(max(-(g @ step), 0.0)) / 2.0)
        theta = theta + step
        if not np.isfinite(theta).all() or np.abs(theta).max() > 1e6:
            return


def other_frame(p: Problem, rng: Rng) -> Frame:
    """Return a frame centred somewhere near the data, scaled by some power of two or other."""
    best = p.frame()
    shift = np.ldexp(rng.integers(-8, 9, len(best.centre)) / 4.0, -best.exponent)
    return replace(
        best,
        centre=np.where(rng.random(len(shift)) < 0.3, 0.0, best.centre + shift),
        exponent=best.exponent + rng.integers(-12, 13, len(shift)),
    )
