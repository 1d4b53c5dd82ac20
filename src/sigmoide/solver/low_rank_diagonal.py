"""A diagonal plus low rank for a Hessian: the few directions in which it is much stronger.

Columns that share a factor (a size, a trend, a common cause) make the Hessian hundreds of times as
large along it as any diagonal tells. Few rows show such a direction, fewer than there are columns:
in the units of the diagonal, m rows of p unrelated columns have no eigenvalue beyond
(1 + (p/m)^(1/2))^2 (Marchenko and Pastur 1967, Mathematics of the USSR-Sbornik 1, 457-483), and
what stands well above is the data's own (Johnstone 2001, Annals of Statistics 29, 295-327, who
calls such a matrix spiked).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import eigh

from sigmoide.problem.protocols import Array

# So many directions are looked for at most,
_MOST = 8
# and one counts that is so many times as strong as chance makes the strongest,
_CLEAR = 3.0
# if each half of the rows shows it: this share of its strength. Else it is some far row's.
_SHARED = 0.2


@dataclass(frozen=True, slots=True)
class LowRankDiagonal:
    """The inverse of D^(1/2) [(I - U U') / rest + U C U'] D^(1/2).

    Attributes
    ----------
    inverse : ndarray, shape (p,)
        The diagonal of D^-1.
    directions : ndarray, shape (p, k)
        U, orthonormal; k may be 0.
    curvatures : ndarray, shape (k,)
        The diagonal of C.
    rest : float
        What all other directions are scaled by.
    """

    inverse: Array
    directions: Array
    curvatures: Array
    rest: float = 1.0

    def times(self, g: Array) -> Array:
        """Return the product with a vector."""
        root = np.sqrt(self.inverse)
        scaled = root * g
        along = self.directions.T @ scaled
        bent = along / self.curvatures - self.rest * along
        return np.asarray(root * (self.rest * scaled + self.directions @ bent))

    def scaled_by(self, moved: Array, changed: Array) -> LowRankDiagonal:
        """Return it with ``rest`` as a step and the change of the gradient tell.

        Measured beside the directions (Shanno and Phua 1978, Mathematical Programming 14,
        149-160).
        """
        root = np.sqrt(self.inverse)
        change, step = self._beside(root * changed), self._beside(moved / root)
        along, size = float(step @ change), float(change @ change)
        return replace(self, rest=along / size) if along > 0.0 else self

    def _beside(self, v: Array) -> Array:
        return np.asarray(v - self.directions @ (self.directions.T @ v))


def low_rank(inverse: Array, rows: Array) -> LowRankDiagonal:
    """Return a diagonal plus low rank for a Hessian of which a sample of rows is known.

    Parameters
    ----------
    inverse : ndarray, shape (p,)
        The inverse of its diagonal.
    rows : ndarray, shape (m, p)
        Rows whose products, added up, are near it: each times the root of its weight.
    """
    scaled = rows * np.sqrt(inverse)
    count, size = scaled.shape
    most = min(_MOST, count)
    if not most:
        return LowRankDiagonal(inverse, np.empty((size, 0)), np.empty(0))
    strength, vectors = eigh(scaled @ scaled.T, subset_by_index=[count - most, count - 1])
    clear = strength > _CLEAR * (1.0 + np.sqrt(size / count)) ** 2
    strength, vectors = strength[clear], vectors[:, clear]
    directions = scaled.T @ (vectors / np.sqrt(strength))
    # Products of a row with a direction, squared, are its share of the strength.
    shares = strength * vectors**2
    shown = np.minimum(shares[::2].sum(axis=0), shares[1::2].sum(axis=0)) > _SHARED * strength
    return LowRankDiagonal(inverse, directions[:, shown], strength[shown])
