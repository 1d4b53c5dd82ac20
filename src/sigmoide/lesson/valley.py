"""The way to the optimum: how many steps of gradient descent, why so many, and Newton's ten.

All in float64, over θ = (w1, w2, b) and the mean loss of the m training points::

    L(θ) = (1/m) · Σ log(1 + exp(z·θ)),     z = (x1, x2, 1), its sign turned for class 1

"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sigmoide.problem.objective import curvature, sigmoid, softplus

Array = NDArray[np.float64]

# The loss is "within" these of its minimum, and the coefficients within these standard errors.
GAPS = (1e-3, 1e-6)
ERRORS = (1.0, 0.1)

MOST_STEPS = 250_000
# So many steps of a rate that never arrives are watched.
_RESTLESS_STEPS = 20_000
# More points, fewer steps: about a second of arithmetic at the most.
_MOST_PRODUCTS = 20_000_000

# Numbers held at a time.
_AT_ONCE = 2_000_000

Outcome = Literal["arrives", "oscillates", "on its way"]


@dataclass(frozen=True, eq=False)
class Goal:
    """Where a descent is going.

    Attributes
    ----------
    theta : ndarray, shape (3,)
        The optimum: w1, w2 and b.
    loss : float
        The mean loss there.
    standard_errors : ndarray, shape (3,)
        The optimum's.
    """

    theta: Array
    loss: float
    standard_errors: Array


@dataclass(frozen=True, eq=False)
class Walk:
    """A descent, from its start to the optimum or to where it was left.

    Attributes
    ----------
    rate : float
        The learning rate.
    steps : int
        How many were taken.
    outcome : {"arrives", "oscillates", "on its way"}
        "arrives" if it ends within the least of ``GAPS`` and of ``ERRORS``; "oscillates" if it
        ends going back and forth between two points.
    to_gap : dict
        From a gap to the number of steps from which on the loss is at most that much above its
        minimum; None if it never is.
    to_errors : dict
        From a number of standard errors to the number of steps from which on each coefficient is
        within so many; None if it never is.
    curve : ndarray, shape (k, 2)
        Steps, and the gap after each: all of the first ones, then fewer and fewer.
    path : ndarray, shape (k, 3)
        The parameters there.
    last_gaps : tuple of two floats
        After the last step but one, and after the last.
    """

    rate: float
    steps: int
    outcome: Outcome
    to_gap: dict[float, int | None]
    to_errors: dict[float, int | None]
    curve: Array
    path: Array
    last_gaps: tuple[float, float]


def signed_rows(X: Array, y: NDArray[np.int64]) -> Array:
    """Return z of each point, shape (m, 3): (x1, x2, 1), its sign turned for class 1."""
    return np.column_stack([X, np.ones(len(X))]) * np.where(y == 1, -1.0, 1.0)[:, None]


def mean_loss(Z: Array, theta: Array) -> Array:
    """Return L at one θ or at each row of an array of them."""
    several = np.atleast_2d(theta)
    size = max(1, _AT_ONCE // len(Z))
    parts = [several[k : k + size] for k in range(0, len(several), size)]
    return np.concatenate([softplus(part @ Z.T).mean(axis=1) for part in parts])


def gradient(Z: Array, theta: Array) -> Array:
    """Return the gradient of L, shape (3,)."""
    return np.asarray(Z.T @ sigmoid(Z @ theta) / len(Z))


def hessian(Z: Array, theta: Array) -> Array:
    """Return the Hessian of L: the curvature in each direction; shape (3, 3)."""
    return np.asarray((Z * curvature(Z @ theta)[:, None]).T @ Z / len(Z))


def most_steps(points: int, wanted: int = MOST_STEPS) -> int:
    """Return how many steps can be afforded with so many points."""
    return max(100, min(wanted, _MOST_PRODUCTS // points))


def rates_around(limit: float, first: float) -> tuple[float, ...]:
    """Choose the learning rates to compare: the lesson's, ten times it, and both sides of a limit.

    Parameters
    ----------
    limit : float
        The learning rate up to which a descent settles at the optimum.
    first : float
        The lesson's.

    Returns
    -------
    tuple of float
        Increasing; the last two have two digits and lie just below and just above the limit.
    """
    unit = 10.0 ** (math.floor(math.log10(limit)) - 1)
    below = math.floor(limit / unit * (1 - 1e-9)) * unit
    above = math.ceil(limit / unit * (1 + 1e-9)) * unit
    slow = [rate for rate in (first, 10 * first) if rate < below]
    return tuple(float(f"{rate:.6g}") for rate in (*slow, below, above))


def descend(Z: Array, start: Array, rate: float, steps: int) -> Iterator[Array]:
    """Go downhill, and yield the parameters in blocks.

    Parameters
    ----------
    Z : ndarray, shape (m, 3)
        The points, from ``signed_rows``.
    start : ndarray, shape (3,)
        Where to begin.
    rate : float
        The learning rate.
    steps : int
        How many.

    Yields
    ------
    ndarray, shape (k, 3)
        After 0, 1, 2, … steps, all of them in turn.
    """
    size = int(np.clip(_AT_ONCE // len(Z), 2, 512))
    # Turned round, for -η.
    against, across = -Z, np.ascontiguousarray(Z.T) * (-rate / len(Z))
    theta = np.array(start, dtype=np.float64)
    eta, one, move = np.empty(len(Z)), np.ones(len(Z)), np.empty_like(theta)
    for first in range(0, steps + 1, size):
        block = np.empty((min(size, steps + 1 - first), 3))
        with np.errstate(over="ignore"):
            for row in block:
                row[:] = theta
                np.dot(against, theta, out=eta)
                np.exp(eta, out=eta)
                eta += one
                np.reciprocal(eta, out=eta)
                np.dot(across, eta, out=move)
                theta += move
        yield block


def walk(Z: Array, start: Array, rate: float, goal: Goal, steps: int, at_least: int = 0) -> Walk:
    """Go downhill until a whole block of steps is within everything, or the steps are used up.

    Parameters
    ----------
    Z, start, rate, steps
        As in ``descend``.
    goal : Goal
        The optimum.
    at_least : int
        Not to stop before so many steps.

    Returns
    -------
    Walk
        What came out.
    """
    outside: dict[tuple[str, float], int] = {}
    curves, paths, first = [], [], 0
    for block in descend(Z, start, rate, steps):
        number = np.arange(first, first + len(block))
        gaps = mean_loss(Z, block) - goal.loss
        errors = np.max(np.abs(block - goal.theta) / goal.standard_errors, axis=1)
        settled = first >= max(at_least, 1)
        for name, values, bounds in (("gap", gaps, GAPS), ("errors", errors, ERRORS)):
            for bound in bounds:
                far = np.flatnonzero(~(values <= bound))
                if len(far):
                    outside[name, bound] = int(number[far[-1]])
                    settled = False
        kept = _kept(number)
        curves.append(np.column_stack([number, gaps])[kept])
        paths.append(block[kept])
        first += len(block)
        if settled:
            break
    last = first - 1
    reached = {
        key: None if outside.get(key) == last else outside.get(key, -1) + 1
        for key in [("gap", g) for g in GAPS] + [("errors", e) for e in ERRORS]
    }
    return Walk(
        rate,
        last,
        _outcome(reached, block),
        {bound: reached["gap", bound] for bound in GAPS},
        {bound: reached["errors", bound] for bound in ERRORS},
        np.concatenate(curves),
        np.concatenate(paths),
        (float(gaps[-2]), float(gaps[-1])) if len(gaps) > 1 else (math.nan, float(gaps[-1])),
    )


def _outcome(reached: dict[tuple[str, float], int | None], block: Array) -> Outcome:
    if None not in reached.values():
        return "arrives"
    if len(block) >= 3:
        size = np.abs(block[-1]).max()
        back = np.abs(block[-1] - block[-3]).max() <= 1e-9 * size
        forth = np.abs(block[-1] - block[-2]).max() > 1e-6 * size
        if back and forth:
            return "oscillates"
    return "on its way"


def _kept(number: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Keep every step up to 400, and then 1 in 4, 8, 16 … as they grow."""
    spacing = 2 ** np.maximum(0, np.floor(np.log2(np.maximum(number, 1) / 100))).astype(np.int64)
    return np.asarray(number % np.maximum(spacing, 1) == 0)


def walks(Z: Array, start: Array, goal: Goal, first: float, at_least: int = 0) -> tuple[Walk, ...]:
    """Go downhill with each of the learning rates to compare.

    Parameters
    ----------
    Z, start, goal
        The points, where to begin and where to.
    first : float
        The lesson's learning rate.
    at_least : int
        Steps not to stop before, at the lesson's rate.
    """
    limit = 2.0 / float(np.linalg.eigvalsh(hessian(Z, goal.theta))[-1])
    most = most_steps(len(Z))
    restless = min(most, _RESTLESS_STEPS)
    return tuple(
        walk(
            Z,
            start,
            rate,
            goal,
            most if rate < limit else restless,
            at_least if rate == first else 0,
        )
        for rate in rates_around(limit, first)
    )
