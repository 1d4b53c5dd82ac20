r"""The logistic loss, its derivatives and the ridge penalty: the objective, stated once.

Rows i with features x_i, target y_i in {0, 1}, weight s_i > 0, offset o_i; linear predictor
eta_i = o_i + b + x_i . w; probability p_i = sigmoid(eta_i):

.. math::

    F(b, w) = \sum_i s_i [\mathrm{softplus}(\eta_i) - y_i \eta_i]
              + \tfrac12 \sum_j \alpha_j w_j^2

Sums, never means: sums over blocks add. The intercept b is never penalised. Without a penalty,
-F is the Bernoulli log-likelihood. The functions here are of one row each; what is done with
columns stands in ``kernels``.
"""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.block import Array

# Roundings of p and y - p beyond those of eta, in units of float64's epsilon: of the exponential,
# the quotient and the products around them, with some in hand.
LINK_ROUNDINGS = 8


def softplus(t: Array) -> Array:
    """Return ln(1 + e^t), finite and accurate wherever t is (it is t itself for large t)."""
    return np.maximum(t, 0.0) + np.log1p(np.exp(-np.abs(t)))


def sigmoid(t: Array) -> Array:
    """Return 1 / (1 + e^-t) to full relative precision in both tails."""
    small = np.exp(-np.abs(t))
    return np.where(t >= 0.0, 1.0, small) / (1.0 + small)


def loss(eta: Array, y: Array) -> Array:
    """Return softplus(eta) - y eta, the negative log-likelihood of a row of weight 1.

    Written as softplus(-eta) for y = 1 and softplus(eta) for y = 0: no cancellation.
    """
    return softplus(np.where(y > 0.5, -eta, eta))


def residual(eta: Array, y: Array) -> Array:
    """Return y - p, minus the derivative of the loss in eta, without cancellation."""
    sign = np.where(y > 0.5, 1.0, -1.0)
    return sign * sigmoid(-sign * eta)


def curvature(eta: Array) -> Array:
    """Return p (1 - p), the second derivative of the loss in eta, without cancellation."""
    small = np.exp(-np.abs(eta))
    return small / (1.0 + small) ** 2


def penalty(alpha: Array, w: Array) -> float:
    """Return the ridge penalty sum_j alpha_j w_j^2 / 2; both of shape (d,)."""
    return 0.5 * float(alpha @ w**2)
