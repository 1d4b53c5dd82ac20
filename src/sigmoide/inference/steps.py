"""Steps by the quadratic model of a surface: to its minimum, or along its level sets."""

from __future__ import annotations

import numpy as np
from scipy.linalg import qr

from sigmoide.blocks.block import Array
from sigmoide.inference.surface import Place, solve, whitening
from sigmoide.proof.certificate import Factor, lower_factor

# A model that dips below the level by less than this share of its fall hardly reaches it.
_ROOM = 1e-2


def step_down(place: Place, fixed: Array | None) -> Array:
    """Return the step to the minimum of the model where the functionals are held."""
    if fixed is None or not len(fixed):
        return -solve(place.factor, place.gradient)
    if (step := _step_inside(place, fixed)) is not None:
        return step
    step = -solve(place.factor, place.gradient)
    return step - _moving(place.factor, fixed, fixed @ step)


def _step_inside(place: Place, fixed: Array) -> Array | None:
    """Return that step by a Hessian that is positive definite only where they are held.

    None where it is so everywhere, or not even there.
    """
    if place.hessian is None:
        return None
    basis = inside(place, fixed)
    factor = lower_factor(basis.T @ place.hessian @ basis, 0.0)
    if factor is None:
        return None
    return np.asarray(-basis @ solve(factor, basis.T @ place.gradient))


def step_to_level(place: Place, a: Array, level: float) -> tuple[Array, float]:
    """Return the step that maximises a . step where the model is at most ``level``.

    It goes to the minimum of the model, and from there along H^-1 a to the level. The second value
    is what a unit of the level is worth: the multiplier of the constraint. Where the model does
    not come down to the level, the step goes to its minimum, and that value is 0.
    """
    factor = _bent(place)
    down = -solve(factor, place.gradient)
    fall = -float(place.gradient @ down)
    room = 2.0 * (level - place.value) + fall
    if room <= _ROOM * fall:
        return down, 0.0
    along = solve(factor, a)
    size, reach = float(np.sqrt(a @ along)), float(np.sqrt(room))
    return down + reach / size * along, size / reach


def _bent(place: Place) -> Factor:
    """Factor a Hessian that is not positive definite, bent upwards along the gradient.

    Adding r g g' makes it the Hessian of e^{r F}, but for a factor: a function with the same level
    sets, and the same curvature along them, which is all that the end of one depends on.
    """
    size = float(place.gradient @ solve(place.information, place.gradient))
    if place.hessian is None or not size > 0.0:
        return place.factor
    along = np.outer(place.gradient, place.gradient) / size
    factors = (lower_factor(place.hessian + 2.0**k * along, 0.0) for k in range(-2, 9))
    return next((factor for factor in factors if factor is not None), place.factor)


def inside(place: Place, fixed: Array | None) -> Array:
    """Return a basis of the steps that change no functional, orthonormal in the information."""
    basis = whitening(place.information)
    if fixed is None or not len(fixed):
        return basis
    Q, _ = qr((fixed @ basis).T)
    return np.asarray(basis @ Q[:, len(fixed) :])


def onto(place: Place, fixed: Array, values: Array) -> Array:
    """Return the point nearest to a place, in its metric, where functionals have given values."""
    return place.theta + _moving(place.factor, fixed, values - fixed @ place.theta)


def _moving(factor: Factor, fixed: Array, by: Array) -> Array:
    """Return the shortest step that changes functionals by so much."""
    spread = solve(factor, fixed.T)
    # Scaled to a unit diagonal, for functionals come in any units.
    scale = 1.0 / np.sqrt(np.einsum("ij,ji->i", fixed, spread))
    inner = (fixed @ spread) * scale[:, None] * scale
    return np.asarray(spread @ (scale * np.linalg.solve(inner, scale * by)))
