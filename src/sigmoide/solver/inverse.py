"""Inverse Hessians as they are applied: what they can do, and those by a Cholesky factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs

from sigmoide.problem.protocols import Array

_EPS = float(np.finfo(np.float64).eps)


class Inverse(Protocol):
    """Something near the inverse of a Hessian."""

    def times(self, g: Array) -> Array:
        """Return its product with a vector."""
        ...


@dataclass(frozen=True, slots=True)
class Factored:
    """The inverse of D^-1 L L' D^-1.

    Attributes
    ----------
    lower : ndarray, shape (p, p)
        L, in its lower triangle.
    scale : ndarray, shape (p,)
        The diagonal of D.
    """

    lower: Array
    scale: Array

    def times(self, g: Array) -> Array:
        """Return the product with a vector."""
        if not len(g):
            return g
        solved, _ = dpotrs(self.lower, self.scale * g, lower=1)
        return np.asarray(self.scale * solved)

    @property
    def least_pivot(self) -> float:
        """The smallest squared share of a column that those before it do not explain."""
        return float(np.diag(self.lower).min()) ** 2


def factored(hessian: Array, little: float = 0.0) -> Factored | None:
    """Factor a Hessian, scaled to unit diagonal, with a little added to it where it is singular.

    Parameters
    ----------
    hessian : ndarray, shape (p, p)
        Positive semidefinite.
    little : float
        Added to the unit diagonal at first; more and more of it until there is a factor.

    Returns
    -------
    Factored or None
        None if a number is not finite.
    """
    diagonal = np.diag(hessian)
    if not np.isfinite(diagonal).all():
        return None
    scale = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    scaled = hessian * scale[:, None] * scale
    unit = scaled.diagonal().copy()
    while little < 1e6:
        np.fill_diagonal(scaled, unit + little)
        lower, failed = dpotrf(scaled, lower=1)
        if not failed:
            return Factored(lower, scale)
        little = max(100.0 * little, len(scale) * _EPS)
    return None
