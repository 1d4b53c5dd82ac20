"""Newton's method by hand: it looks at the curvature too, and needs a brake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson.valley import gradient, hessian, mean_loss

Array = NDArray[np.float64]

_MOST_STEPS = 50
_SHORTEST = 2.0**-30


@dataclass(frozen=True, eq=False)
class NewtonWalk:
    """The points that Newton's method stood at.

    Attributes
    ----------
    path : ndarray, shape (steps + 1, 3)
        The parameters, the start first.
    losses : ndarray, shape (steps + 1,)
        The mean loss at each.
    arrived : bool
        Whether the last one is within the tolerance.
    """

    path: Array
    losses: Array
    arrived: bool

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.path) - 1


def newton(Z: Array, start: Array, *, brake: bool, tol: float = 1e-9) -> NewtonWalk:
    """Jump to the bottom of the parabola that fits the loss best, again and again.

    Parameters
    ----------
    Z : ndarray, shape (m, 3)
        The points, from ``valley.signed_rows``.
    start : ndarray, shape (3,)
        Where to begin.
    brake : bool
        Whether a step that makes the loss larger is halved until it does not.
    tol : float
        It has arrived when the Newton decrement of the summed loss, which is the distance to the
        optimum in standard errors, is at most this.

    Returns
    -------
    NewtonWalk
        It ends where it arrives, where there is no curvature left to divide by, or after 50
        steps.
    """
    theta = np.array(start, dtype=np.float64)
    path, losses = [theta], [float(mean_loss(Z, theta)[0])]
    while True:
        slope = gradient(Z, theta)
        step = _step(hessian(Z, theta), slope)
        if step is None:
            return NewtonWalk(np.array(path), np.array(losses), False)
        arrived = bool(np.sqrt(max(-len(Z) * float(slope @ step), 0.0)) <= tol)
        if arrived or len(path) > _MOST_STEPS:
            return NewtonWalk(np.array(path), np.array(losses), arrived)
        share = 1.0
        # Close to the optimum a step changes the loss by less than its last digit.
        allowed = losses[-1] * (1 + 1e-14)
        while brake and share > _SHORTEST and mean_loss(Z, theta + share * step)[0] > allowed:
            share /= 2
        theta = theta + share * step
        path.append(theta)
        losses.append(float(mean_loss(Z, theta)[0]))


def _step(curved: Array, slope: Array) -> Array | None:
    """Return -H⁻¹ g, or None where H is flat to the last digit."""
    scale = np.sqrt(np.diag(curved))
    if not (np.isfinite(curved).all() and (scale > 0).all()):
        return None
    scaled = curved / scale / scale[:, None]
    if np.linalg.cond(scaled) > 1e13:
        return None
    return np.asarray(-np.linalg.solve(scaled, slope / scale) / scale)
