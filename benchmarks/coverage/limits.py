r"""What estimates of a wrong model tend to, and by how much Fisher's errors are then wrong.

The estimates of a logistic model tend to the (b, w) that solve E[(y - p)(1, x)] = 0, whatever the
law (White 1982, "Maximum likelihood estimation of misspecified models", Econometrica 50, 1-25).
Their covariance is A^-1 B A^-1 / n with A = E[p (1-p) zz'], z = (1, x), and B the covariance of the
scores; Fisher's errors are of A^-1. Expectations are integrals over normal variables: sums over an
even grid, which for such integrands are exact to rounding (Trefethen and Weideman 2014, SIAM Review
56, 385-458).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.records import Array

_STEP, _REACH = 0.25, 9.0


@dataclass(frozen=True, slots=True)
class Limit:
    """What a slope tends to.

    Attributes
    ----------
    slope : float
        Its limit.
    share : float
        Fisher's standard error of it over the one that it has.
    """

    slope: float
    share: float


def normal_grid(step: float = _STEP) -> tuple[Array, Array]:
    """Return points and weights with which a sum is the mean over a standard normal variable."""
    x = np.arange(-_REACH, _REACH + step / 2, step)
    weight = np.exp(-(x**2) / 2)
    return x, weight / weight.sum()


def curved_limit(curve: Callable[[Array], Array], sigmoid: Callable[[Array], Array]) -> Limit:
    """Return the limit of a model of x alone, x normal, given the probabilities at x."""
    x, weight = normal_grid(0.05)
    p = curve(x)
    beta, A = _pseudo_true(x, weight, p, sigmoid)
    fitted = sigmoid(beta[0] + beta[1] * x)
    # E (y - fitted)^2 given x
    squares = p * (1 - p) + (p - fitted) ** 2
    return _limit(beta, A, _second_moments(x, weight * squares))


def mixed_limit(
    mixed: Callable[[Array, Array], Array], sigmoid: Callable[[Array], Array], size: int
) -> Limit:
    """Return the limit of a model of x alone in clusters, x = (shared + own) / sqrt(2).

    Parameters
    ----------
    mixed : callable
        From x and the pull of the cluster to the probability.
    sigmoid : callable
        The model's.
    size : int
        Rows of a cluster.
    """
    grid, weight = normal_grid()
    # x itself is standard normal, and apart from the pull.
    p = mixed(grid[:, None], grid[None, :]) @ weight
    beta, A = _pseudo_true(grid, weight, p, sigmoid)
    fitted = sigmoid(beta[0] + beta[1] * grid)
    squares = p * (1 - p) + (p - fitted) ** 2
    B = _second_moments(grid, weight * squares)
    # Given what the cluster shares, its rows' scores are independent, of mean m (shared, pull).
    shared, pull, own = np.meshgrid(grid, grid, grid, indexing="ij")
    x = (shared + own) / np.sqrt(2.0)
    rest = mixed(x, pull) - sigmoid(beta[0] + beta[1] * x)
    means = np.stack([rest @ weight, (rest * x) @ weight])
    pairs = np.einsum("asp,bsp,s,p->ab", means, means, weight, weight)
    return _limit(beta, A, B + (size - 1) * pairs)


def _pseudo_true(
    x: Array, weight: Array, p: Array, sigmoid: Callable[[Array], Array]
) -> tuple[Array, Array]:
    """Return the coefficients that the mean score is 0 at, and A there."""
    beta = np.zeros(2)
    for _ in range(50):
        fitted = sigmoid(beta[0] + beta[1] * x)
        A = _second_moments(x, weight * fitted * (1 - fitted))
        score = np.array([weight @ (p - fitted), (weight * x) @ (p - fitted)])
        beta = beta + np.linalg.solve(A, score)
    return beta, A


def _second_moments(x: Array, weight: Array) -> Array:
    one, first, second = weight.sum(), weight @ x, weight @ x**2
    return np.array([[one, first], [first, second]])


def _limit(beta: Array, A: Array, B: Array) -> Limit:
    inverse = np.linalg.inv(A)
    real = inverse @ B @ inverse
    return Limit(float(beta[1]), float(np.sqrt(inverse[1, 1] / real[1, 1])))
