"""Two searches on a smooth surface F: its lowest point, and the reach of its level sets.

The lowest point is searched with linear constraints or without. The reach is how far a linear
functional goes inside {F <= level}, and is what a profile interval is made of: the profile
P(c) = min {F : a . theta = c} is at most ``level`` exactly where {F <= level} reaches, so that the
ends of {c : P(c) <= level} are the least and the greatest a . theta of the level set. No profile
has to be followed: each step maximises a . theta where the quadratic model of F is at most
``level``, which has a closed form (it is the step of Venzon and Moolgavkar 1988, "A method for
computing profile-likelihood-based confidence intervals", Applied Statistics 37, 87-94) and
converges quadratically where the Hessian is exact. An exact penalty says whether a step is taken
or shortened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.inference.batched_searches import Search
from sigmoide.inference.steps import inside, step_down, step_to_level
from sigmoide.inference.surface import Place, Surface, norm

Status = Literal["converged", "stalled", "limit"]

_EPS = float(np.finfo(np.float64).eps)
_SUFFICIENT = 1e-4
_SHORTEST = 1e-12
# A step is shortened to this part of itself at least.
_LEAST_PART = 0.25
_MOST_STEPS = 100
# Below so many standard errors steps that no longer shrink, so many of them, are rounding.
_NEAR, _PATIENCE = 1e-4, 10
# A step that is this small is an answer, whatever came after it.
_SMALL = 1e-6
# Downward curvature that makes a saddle, in units of the information's, and how far to step off it,
# in standard errors.
_FLAT, _KICKS = 1e-6, (0.5, 0.1, 0.02)


@dataclass(frozen=True, slots=True)
class SearchEnd:
    """Where a search stopped.

    Attributes
    ----------
    place : Place
        The last point that was looked at.
    theta : ndarray, shape (p,)
        The answer: that point, or for an end the point one step ahead.
    left : float
        The step that was left there, in standard errors.
    steps : int
        Steps taken.
    status : {"converged", "stalled", "limit"}
        ``stalled``: rounding allows no further progress. ``limit``: out of steps.
    """

    place: Place
    theta: Array
    left: float
    steps: int
    status: Status

    @property
    def good(self) -> bool:
        """Whether the answer is one: rounding aside, nothing is left to do."""
        return self.left <= (_NEAR if self.status == "stalled" else _SMALL)


def lowest(
    surface: Surface,
    place: Place,
    tol: float,
    fixed: Array | None = None,
    enough: float = -np.inf,
    bound: float = -np.inf,
    most_steps: int = _MOST_STEPS,
) -> Search[SearchEnd]:
    """Search the lowest point of a surface, with the values of some functionals held.

    Newton steps in the subspace, each shortened until the surface falls (Armijo).

    Parameters
    ----------
    surface : Surface
        The function.
    place : Place
        Where to start: the functionals stay what they are there.
    tol : float
        Stop when the step left is at most so many standard errors.
    fixed : ndarray, shape (m, p), optional
        Functionals that are held.
    enough : float
        Stop when the value is at most this.
    bound : float
        The surface is nowhere lower. Steps that promise to go twice as far down are shortened
        before they are tried: where the Hessian has lost its rank, they promise anything.
    most_steps : int
        Stop after so many steps.
    """
    patience = _Patience()
    for count in range(most_steps + 1):
        step = step_down(place, fixed)
        left = norm(place.information, step)
        if left <= tol and count < most_steps:
            lower = yield from _downhill(surface, place, fixed)
            if lower is not None:
                place = lower
                continue
        if left <= tol or place.value <= enough:
            return SearchEnd(place, place.theta, left, count, "converged")
        if patience.spent(left):
            return SearchEnd(place, place.theta, left, count, "stalled")
        if count == most_steps:
            break
        fall = -float(place.gradient @ step)
        if fall > 2.0 * (place.value - bound):
            step = step * (2.0 * (place.value - bound) / fall)
            fall = 2.0 * (place.value - bound)
        measure = _Measure(place.value, 1.0, None, fall)
        went = yield from _shortened(surface, place, step, measure)
        if went is None:
            return SearchEnd(place, place.theta, left, count, "stalled")
        place = went
    return SearchEnd(place, place.theta, left, most_steps, "limit")


def furthest(
    surface: Surface, place: Place, a: Array, level: float, tol: float
) -> Search[SearchEnd]:
    """Search the point of {F <= level} where a . theta is greatest.

    Parameters
    ----------
    surface : Surface
        The function.
    place : Place
        Where to start; best inside the level set.
    a : ndarray, shape (p,)
        The functional; its negative searches the least.
    level : float
        The level.
    tol : float
        Stop when the step left is at most so many standard errors; the answer is that step
        further, where the error is of the order of its square.
    """
    patience, price = _Patience(), 0.0
    for count in range(_MOST_STEPS + 1):
        step, worth = step_to_level(place, a, level)
        left = norm(place.information, step)
        ahead = place.theta + step
        if worth and left <= tol:
            return SearchEnd(place, ahead, left, count, "converged")
        if worth and patience.spent(left):
            return SearchEnd(place, ahead, left, count, "stalled")
        if count == _MOST_STEPS:
            break
        if worth:
            # The penalty is exact as long as its price is above the constraint's multiplier.
            price = max(0.5 * price, 2.0 * worth)
            along = float(a @ step)
            promised = along + price * max(place.value - level, 0.0)
            measure = _Measure(place.value, price, level, promised, along)
        else:
            # All that is wanted of a step down to the level is that the surface falls.
            measure = _Measure(place.value, 1.0, None, -float(place.gradient @ step))
        went = yield from _shortened(surface, place, step, measure)
        if went is None:
            return SearchEnd(place, ahead, left, count, "stalled")
        place = went
    return SearchEnd(place, place.theta, left, _MOST_STEPS, "limit")


def _downhill(surface: Surface, place: Place, fixed: Array | None) -> Search[Place | None]:
    """Leave a saddle along its steepest downward curvature; None where it is none."""
    if place.hessian is None:
        return None
    basis = inside(place, fixed)
    bends, axes = np.linalg.eigh(basis.T @ place.hessian @ basis)
    if not len(bends) or bends[0] >= -_FLAT:
        return None
    for kick in _KICKS:
        step = kick * (basis @ axes[:, 0])
        looks = []
        for point in (place.theta + step, place.theta - step):
            value, read = yield from surface.look(point)
            looks.append((point, value, read))
        point, value, read = min(looks, key=lambda look: look[1])
        # Half of what the curvature promises, or the fall is made of rounding.
        if value <= place.value + 0.25 * kick**2 * bends[0]:
            return (yield from surface.place(point, value, read))
    return None


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a step is judged by: how far it goes along a functional, less the price of height.

    Attributes
    ----------
    value : float
        The surface where the step starts.
    price : float
        Of each unit above ``level``.
    level : float or None
        Height below this costs nothing; None for no such level.
    promised : float
        What the whole step gains by the model.
    along : float
        How far the whole step goes along the functional.
    """

    value: float
    price: float
    level: float | None
    promised: float
    along: float = 0.0

    def gain(self, length: float, value: float) -> float:
        """Return what a step of that length, to that value, gains."""
        before, after = self.value, value
        if self.level is not None:
            before, after = max(before - self.level, 0.0), max(after - self.level, 0.0)
        return length * self.along - self.price * (after - before)

    def fine(self, length: float, value: float) -> bool:
        """Whether a step is as good as it ought to be (Armijo), rounding aside."""
        noise = 64 * _EPS * (self.price * abs(self.value) + abs(self.along))
        return self.gain(length, value) >= _SUFFICIENT * length * self.promised - noise

    def shorter(self, length: float, value: float) -> float:
        """Return where the parabola through both ends is best, kept inside a part of the way."""
        short = length * self.promised - self.gain(length, value)
        best = 0.5 * length * (length * self.promised / short) if short > 0.0 else 0.5 * length
        return float(min(max(best, _LEAST_PART * length), 0.5 * length))


def _shortened(
    surface: Surface, place: Place, step: Array, measure: _Measure
) -> Search[Place | None]:
    """Take a step, shortened until it is fine; None where no length is."""
    length = 1.0
    while length >= _SHORTEST:
        point = place.theta + length * step
        value, read = yield from surface.look(point)
        if not np.isfinite(value):
            length *= _LEAST_PART
            continue
        if measure.fine(length, value):
            return (yield from surface.place(point, value, read))
        length = measure.shorter(length, value)
    return None


class _Patience:
    """Sees that steps no longer shrink."""

    def __init__(self) -> None:
        self._best, self._since = np.inf, 0

    def spent(self, left: float) -> bool:
        """Whether so many steps of rounding's size brought nothing."""
        if left < 0.9 * self._best:
            self._best, self._since = left, 0
        else:
            self._since += 1
        return left <= _NEAR and self._since >= _PATIENCE
