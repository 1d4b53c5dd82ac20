"""The way from the lesson's end to the optimum: all that is measured of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson.data import LessonData
from sigmoide.lesson.freezing import Freezing, descend_in_float32
from sigmoide.lesson.newton import NewtonWalk, newton
from sigmoide.lesson.optimum import Optimum
from sigmoide.lesson.valley import Goal, Walk, hessian, mean_loss, most_steps, signed_rows, walks

Array = NDArray[np.float64]

# From so many times the least curvature up, the descent is slow for the valley's shape.
LONG_VALLEY = 30.0


@dataclass(frozen=True, eq=False)
class Way:
    """The way to the optimum.

    Attributes
    ----------
    start : ndarray, shape (3,)
        w1, w2 and b as they were drawn.
    goal : Goal
        The optimum.
    eigenvalues : ndarray, shape (3,)
        Of the Hessian of the mean loss at the optimum, increasing.
    walks : tuple of Walk
        Descents from the start, by learning rate, increasing; the lesson's first.
    freezing : Freezing
        The lesson's descent in float32, to its end.
    frozen_gap : float
        How far above its minimum the loss is there.
    frozen_errors : float
        How many standard errors the farthest coefficient is from the optimum there.
    newton, unbraked : NewtonWalk
        Newton's method from the start, with its brake and without.
    """

    start: Array
    goal: Goal
    eigenvalues: Array
    walks: tuple[Walk, ...]
    freezing: Freezing
    frozen_gap: float
    frozen_errors: float
    newton: NewtonWalk
    unbraked: NewtonWalk

    @property
    def condition(self) -> float:
        """The largest curvature over the least."""
        return float(self.eigenvalues[-1] / self.eigenvalues[0])

    @property
    def limit(self) -> float:
        """The learning rate up to which a descent settles at the optimum."""
        return 2.0 / float(self.eigenvalues[-1])


def condition_at(data: LessonData, optimum: Optimum) -> float:
    """Return the condition of the mean loss at the optimum: its largest curvature over the least.

    Parameters
    ----------
    data : LessonData
        The points.
    optimum : Optimum
        Where.
    """
    Z = signed_rows(data.X[data.in_train], data.yn[data.in_train])
    curvatures = np.linalg.eigvalsh(hessian(Z, np.array([*optimum.weights, optimum.bias])))
    return float(curvatures[-1] / max(curvatures[0], np.finfo(np.float64).tiny))


def find_way(data: LessonData, start: Array, optimum: Optimum, rate: float) -> Way:
    """Go all the way to the optimum, by descent and by Newton's method.

    Parameters
    ----------
    data : LessonData
        The points.
    start : ndarray, shape (3,)
        w1, w2 and b as they were drawn.
    optimum : Optimum
        Where to; with standard errors.
    rate : float
        The lesson's learning rate.

    Returns
    -------
    Way
        What was met on it.
    """
    X, y = data.X[data.in_train], data.yn[data.in_train]
    Z = signed_rows(X, y)
    best = np.array([*optimum.weights, optimum.bias])
    goal = Goal(best, float(mean_loss(Z, best)[0]), optimum.standard_errors)
    freezing = descend_in_float32(X, y, start, rate, most_steps(len(Z)))
    return Way(
        start,
        goal,
        np.asarray(np.linalg.eigvalsh(hessian(Z, best)), dtype=np.float64),
        walks(Z, start, goal, rate, round(1.1 * freezing.steps)),
        freezing,
        float(mean_loss(Z, freezing.theta)[0]) - goal.loss,
        float(np.max(np.abs(freezing.theta - best) / goal.standard_errors)),
        newton(Z, start, brake=True),
        newton(Z, start, brake=False),
    )
