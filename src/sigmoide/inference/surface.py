"""A function of the coefficients that is searched: its value, slope and curvature at a point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from scipy.linalg import cho_solve, solve_triangular

from sigmoide.blocks.block import Array, Block
from sigmoide.inference.batched_searches import Question, Search
from sigmoide.kernels.reference import Local, local_of
from sigmoide.problem.frame import Frame
from sigmoide.proof.certificate import EPS, Factor, lower_factor

# Curvature, as a share of the largest, that none is taken to be less than.
_FLAT = 1e-3


@dataclass(frozen=True, slots=True)
class Place:
    """A function at one point.

    Attributes
    ----------
    theta : ndarray, shape (p,)
        The point, in the coordinates of a frame.
    value : float
        The function: minus a log-likelihood, to be made small.
    gradient : ndarray, shape (p,)
        Its gradient.
    factor : Factor
        Of its Hessian, or of a positive definite matrix that stands in for it.
    information : Factor
        Of the Fisher information: what standard errors are measured by.
    hessian : ndarray, shape (p, p), or None
        The Hessian, where it is known and is not positive definite: ``factor`` is then of one that
        is bent upright. It may still be so in the directions that a search has left.
    """

    theta: Array
    value: float
    gradient: Array
    factor: Factor
    information: Factor
    hessian: Array | None = None


class Surface(Protocol):
    """A function that is searched over the rows of a data set.

    A point is looked at in two steps, because a step that is refused needs only the first.
    """

    def look(self, theta: Array) -> Search[tuple[float, Any]]:
        """Return the value at a point (infinite where it has none), and what was learned."""
        ...

    def place(self, theta: Array, value: float, read: Any) -> Search[Place]:
        """Return the rest, from what the look learned."""
        ...


class Likelihood:
    """Minus the log-likelihood: both steps are one read."""

    def look(self, theta: Array) -> Search[tuple[float, Any]]:
        """Return the value at a point, and its :class:`Local`."""
        at: Local = yield likelihood_at(theta)
        sound = np.isfinite(at.gradient).all() and np.isfinite(at.hessian).all()
        return (at.value if sound else np.inf), at

    def place(self, theta: Array, value: float, read: Any) -> Search[Place]:
        """Return the rest; nothing is asked."""
        factor = _regular(read.hessian)
        yield from ()
        return Place(theta, value, read.gradient, factor, factor)


def likelihood_at(theta: Array) -> Question:
    """Return the question of value, gradient and Hessian of minus the log-likelihood."""
    return partial(_local, theta=theta)


def _local(block: Block, Z: Array, theta: Array) -> Local:
    return local_of(block, Z, theta)


def _regular(hessian: Array) -> Factor:
    """Factor a Hessian, with as little added to its unit diagonal as a singular one needs.

    Far out rows lose their curvature, and the Hessian its rank beyond rounding: what is added there
    keeps steps short in directions of which nothing is known.
    """
    diagonal = np.diag(hessian)
    if (diagonal <= 0.0).any():
        least = np.finfo(np.float64).tiny
        hessian = hessian + np.diag(np.where(diagonal > 0.0, 0.0, max(diagonal.max(), least)))
    little = 0.0
    while True:
        factor = lower_factor(hessian, -little)
        if factor is not None:
            return factor
        little = max(100.0 * little, len(hessian) * EPS)


def visit(surface: Surface, theta: Array) -> Search[Place | None]:
    """Return a surface at a point, or None where it has no value or no curvature."""
    value, read = yield from surface.look(theta)
    if not np.isfinite(value):
        return None
    return (yield from surface.place(theta, value, read))


def solve(factor: Factor, v: Array) -> Array:
    """Return H^-1 v; v of shape (p,) or (p, m)."""
    scale = factor.scale if v.ndim == 1 else factor.scale[:, None]
    return np.asarray(scale * cho_solve((factor.lower, True), scale * v, check_finite=False))


def log_determinant(factor: Factor) -> float:
    """Return ln det H."""
    return 2.0 * float(np.log(np.diag(factor.lower)).sum() - np.log(factor.scale).sum())


def norm(factor: Factor, v: Array) -> float:
    """Return sqrt(v' H v)."""
    whitened = factor.lower.T @ (v / factor.scale)
    return float(np.sqrt(whitened @ whitened))


def whitening(factor: Factor) -> Array:
    """Return W with W' H W = 1: its columns are orthonormal in the metric of H; shape (p, p)."""
    identity = np.eye(len(factor.scale))
    inverse = solve_triangular(factor.lower, identity, lower=True)
    return np.asarray(factor.scale[:, None] * inverse.T)


def upright(hessian: Array, information: Factor) -> Factor:
    """Factor a Hessian with the signs of its downward curvatures changed, in a metric.

    Steps by it leave a saddle instead of being drawn to it (Dauphin et al. 2014, Advances in Neural
    Information Processing Systems 27).
    """
    W = whitening(information)
    bends, axes = np.linalg.eigh(W.T @ hessian @ W)
    back = (information.lower / information.scale[:, None]) @ axes
    sizes = np.maximum(np.abs(bends), _FLAT * np.abs(bends).max())
    return lower_factor((back * sizes) @ back.T, 0.0) or information


def functionals(frame: Frame) -> Array:
    """Return the user's coefficients as linear functions of the frame's coordinates.

    Row j is a with coefficient_j = a . theta: slopes are v_j 2^exponent_j; the intercept, first
    where there is one, holds where all columns are 0, b - sum_j centre_j 2^exponent_j v_j.

    Returns
    -------
    ndarray, shape (p, p)
    """
    A = np.eye(frame.size)
    first = int(frame.intercept)
    A[first:, first:] = np.diag(np.ldexp(1.0, frame.exponent))
    if frame.intercept:
        A[0, 1:] = -np.ldexp(frame.centre, frame.exponent)
    return A
