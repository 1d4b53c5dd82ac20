r"""Minus the log-likelihood with Jeffreys' prior: the surface that Firth's method goes down.

.. math::

    F^*(\theta) = -\ell(\theta) - \tfrac12 \ln \det I(\theta), \qquad I = \sum_i s_i w_i z_i z_i',
    \; w_i = p_i (1 - p_i)

(Firth 1993, "Bias reduction of maximum likelihood estimates", Biometrika 80, 27-38). Its gradient
is minus the modified score

.. math::

    U^* = \sum_i [ s_i (y_i - p_i) + h_i (\tfrac12 - p_i) ] z_i, \qquad
    h_i = s_i w_i z_i' I^{-1} z_i

(Heinze and Schemper 2002, "A solution to the problem of separation in logistic regression",
Statistics in Medicine 21, 2409-2419): the score of the rows, and of two more for each of them,
weighted by half its leverage, one an event and one not. Its Hessian is that of the likelihood and
of the penalty,

.. math::

    -\tfrac12 \sum_i s_i w_i'' q_i z_i z_i' + \tfrac12 [\mathrm{tr}(I^{-1} T_k I^{-1} T_l)]_{kl},
    \qquad T_k = \sum_i s_i w_i' z_{ik} z_i z_i', \; q_i = z_i' I^{-1} z_i .

T holds p^3 numbers. Where there are many rows to each column (leverages are small), and where T
would be too large, the curvature of those 3 n rows, their weights held, stands in for it.

A look at a point is one read, for the likelihood and the information; the rest is another one, for
the leverages need the information's inverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular

from sigmoide.blocks.block import Array, Block
from sigmoide.inference.batched_searches import Search
from sigmoide.inference.surface import Place, likelihood_at, log_determinant, upright
from sigmoide.kernels.reference import Local, matrix_sum, vector_sum
from sigmoide.problem import objective
from sigmoide.proof.certificate import Factor, lower_factor

# Leverages are about p / n: below this share the stand-in converges quickly.
_ROWS_PER_COLUMN = 200
# Products that a read of T may cost.
_MOST_PRODUCTS = 2e10
# Numbers that the products of a chunk of rows may hold.
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Pseudo:
    """Score and information of the pseudo-rows, and the derivatives of the information.

    Attributes
    ----------
    score : ndarray, shape (p,)
        sum_i h_i (1/2 - p_i) z_i.
    information : ndarray, shape (p, p)
        sum_i h_i w_i z_i z_i'.
    second : ndarray, shape (p, p) or (0,)
        sum_i s_i w_i'' q_i z_i z_i'; empty where it is not wanted, as is the next.
    first : ndarray, shape (p, p p) or (0,)
        T, all three sides in coordinates where I is the identity.
    """

    score: Array
    information: Array
    second: Array
    first: Array

    def __add__(self, other: Pseudo) -> Pseudo:
        return Pseudo(
            self.score + other.score,
            self.information + other.information,
            self.second + other.second,
            self.first + other.first,
        )


@dataclass(frozen=True, slots=True)
class Penalised:
    """F*: a surface, in the coordinates of any frame (which move it by a constant).

    Attributes
    ----------
    exact : bool
        Whether the Hessian is wanted, or what stands in for it.
    """

    exact: bool

    def numbers(self, size: int) -> int:
        """Return how many numbers an answer to its questions holds."""
        return size**3 if self.exact else size**2

    def look(self, theta: Array) -> Search[tuple[float, Any]]:
        """Return the value at a point, infinite where the information is singular."""
        at: Local = yield likelihood_at(theta)
        information = lower_factor(at.hessian, 0.0)
        if information is None:
            return np.inf, None
        return at.value - 0.5 * log_determinant(information), (at, information)

    def place(self, theta: Array, value: float, read: Any) -> Search[Place]:
        """Return the rest, from a read of the leverages."""
        at, information = read
        pseudo: Pseudo = yield partial(
            pseudo_rows, theta=theta, information=information, exact=self.exact
        )
        gradient = at.gradient - pseudo.score
        if not self.exact:
            stand_in = lower_factor(at.hessian + pseudo.information, 0.0) or information
            return Place(theta, value, gradient, stand_in, information)
        back = information.lower / information.scale[:, None]
        traces = back @ (pseudo.first @ pseudo.first.T) @ back.T
        hessian = at.hessian - 0.5 * pseudo.second + 0.5 * traces
        factor = lower_factor(hessian, 0.0)
        if factor is not None:
            return Place(theta, value, gradient, factor, information)
        return Place(theta, value, gradient, upright(hessian, information), information, hessian)


def penalised(rows: int, size: int) -> Penalised:
    """Choose the way for so many rows and coordinates."""
    few = rows < _ROWS_PER_COLUMN * size and rows * float(size) ** 3 <= _MOST_PRODUCTS
    return Penalised(few)


def pseudo_rows(block: Block, Z: Array, theta: Array, information: Factor, exact: bool) -> Pseudo:
    """Return what the pseudo-rows of a block add up to."""
    eta = block.offset + Z @ theta
    bend = objective.curvature(eta)
    u = whitened(Z, information)
    q = np.einsum("ij,ij->i", u, u)
    h = block.weight * bend * q
    lean = np.tanh(0.5 * eta)
    score, weighed = vector_sum(-0.5 * h * lean, Z), matrix_sum(h * bend, Z)
    if not exact:
        return Pseudo(score, weighed, np.empty(0), np.empty(0))
    second = (Z * (block.weight * bend * (1.0 - 6.0 * bend) * q)[:, None]).T @ Z
    return Pseudo(score, weighed, second, _cubes(-block.weight * bend * lean, u))


def _cubes(c: Array, u: Array) -> Array:
    """Return sum_i c_i u_i (u_i x u_i), shape (p, p p), over chunks of rows."""
    p = u.shape[1]
    total = np.zeros((p, p * p))
    chunk = max(_CHUNK // max(p * p, 1), 1)
    for low in range(0, len(u), chunk):
        part = u[low : low + chunk]
        squares = (part[:, :, None] * part[:, None, :]).reshape(len(part), p * p)
        total += (c[low : low + chunk, None] * part).T @ squares
    return total


def whitened(Z: Array, information: Factor) -> Array:
    """Return rows u_i with |u_i|^2 = z_i' I^-1 z_i; shape (n, p)."""
    if not len(Z):
        return Z
    scaled = (Z * information.scale).T
    return np.asarray(solve_triangular(information.lower, scaled, lower=True, check_finite=False).T)


def leverages(block: Block, Z: Array, bend: Array, information: Factor) -> Array:
    """Return h_i = s_i w_i z_i' I^-1 z_i of a block's rows; shape (n,).

    Parameters
    ----------
    block : Block
        The rows.
    Z : ndarray, shape (n, p)
        In the coordinates of the information.
    bend : ndarray, shape (n,)
        w_i = p_i (1 - p_i).
    information : Factor
        Of I.
    """
    u = whitened(Z, information)
    return np.asarray(block.weight * bend * np.einsum("ij,ij->i", u, u))
