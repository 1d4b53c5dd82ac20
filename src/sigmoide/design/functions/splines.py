"""Splines of a column: B-splines, and natural cubic splines by their values at the knots."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.linalg import solve_banded

from sigmoide.blocks.block import Array

# More than this is never asked of a column.
MOST_KNOTS = 1000
MOST_DEGREE = 10


@dataclass(frozen=True, slots=True)
class BSplines:
    """B-splines without the first, whose place the intercept takes: R's ``bs``, formulaic's.

    De Boor, "A Practical Guide to Splines", 1978, chapter X.

    Attributes
    ----------
    knots : tuple of float
        All knots, increasing, those at the ends repeated: the boundary is ``knots[degree]``
        and ``knots[-degree - 1]``.
    degree : int
        Of the polynomials.
    """

    knots: tuple[float, ...]
    degree: int

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.knots) - self.degree - 2

    @property
    def bounds(self) -> tuple[float, float]:
        """The range outside of which they are not defined."""
        return self.knots[self.degree], self.knots[-self.degree - 1]

    def columns(self, x: Array) -> Array:
        """Return the splines; shape (width, n); NaN outside the bounds."""
        knots, degree = np.array(self.knots), self.degree
        last = len(knots) - 2 * degree - 2
        inner = knots[degree : len(knots) - degree]
        cell = np.clip(np.searchsorted(inner, x, side="right") - 1, 0, last) + degree
        # The degree + 1 splines that are not zero there, from those of one degree less.
        own = [np.ones_like(x)]
        for order in range(1, degree + 1):
            carried = np.zeros_like(x)
            raised = []
            for k in range(order):
                right, left = knots[cell + k + 1], knots[cell + k + 1 - order]
                share = own[k] / (right - left)
                raised.append(carried + (right - x) * share)
                carried = (x - left) * share
            own = [*raised, carried]
        basis = np.zeros((self.width + 1, len(x)))
        rows = np.arange(len(x))
        for k, values in enumerate(own):
            basis[cell - degree + k, rows] = values
        low, high = self.bounds
        basis[:, (x < low) | (x > high)] = np.nan
        return basis[1:]


@dataclass(frozen=True, slots=True)
class NaturalSplines:
    """Natural cubic splines: cubic between the knots, straight beyond them.

    Wood, "Generalized Additive Models", 2006, 4.1.2: patsy's ``cr``, formulaic's, mgcv's.

    Attributes
    ----------
    knots : tuple of float
        Increasing, the ends of the range among them.
    means : tuple of float, optional
        Of the columns over the rows learned from, where they are to be centred: then there is one
        column less, and every column has mean zero.
    """

    knots: tuple[float, ...]
    means: tuple[float, ...] | None = None

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.knots) - (self.means is not None)

    def columns(self, x: Array) -> Array:
        """Return the splines; shape (width, n)."""
        knots = np.array(self.knots)
        values, curves = _tables(self.knots, self.means)
        cell = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, len(knots) - 2)
        h = knots[cell + 1] - knots[cell]
        inside = np.clip(x, knots[0], knots[-1])
        right, left = knots[cell + 1] - x, x - knots[cell]
        # Beyond the ends the cubic parts go on as straight lines.
        to_right, to_left = knots[cell + 1] - inside, inside - knots[cell]
        cubic_left = to_right**3 / (6.0 * h) - h * right / 6.0
        cubic_right = to_left**3 / (6.0 * h) - h * left / 6.0
        basis = np.empty((self.width, len(x)))
        for k in range(self.width):
            basis[k] = (
                right / h * values[cell, k]
                + left / h * values[cell + 1, k]
                + cubic_left * curves[cell, k]
                + cubic_right * curves[cell + 1, k]
            )
        return basis


@lru_cache(maxsize=64)
def _tables(knots: tuple[float, ...], means: tuple[float, ...] | None) -> tuple[Array, Array]:
    """Return the columns' values and second derivatives at the knots; shape (knots, width)."""
    k = len(knots)
    values = np.eye(k)
    curves = np.zeros((k, k))
    h = np.diff(knots)
    if k > 2:
        banded = np.zeros((3, k - 2))
        banded[0, 1:] = banded[2, :-1] = h[1:-1] / 6.0
        banded[1] = (h[:-1] + h[1:]) / 3.0
        jumps = np.zeros((k - 2, k))
        for i in range(k - 2):
            jumps[i, i : i + 3] = 1.0 / h[i], -1.0 / h[i] - 1.0 / h[i + 1], 1.0 / h[i + 1]
        curves[1:-1] = solve_banded((1, 1), banded, jumps)
    if means is None:
        return values, curves
    rest = _complement(np.array(means))
    return rest, curves @ rest


def _complement(c: Array) -> Array:
    """Return an orthonormal basis of all that is orthogonal to c: Householder's; shape (k, k-1)."""
    length = float(np.sqrt(np.square(c).sum()))
    beta = -length if c[0] >= 0.0 else length
    v = c / (c[0] - beta)
    v[0] = 1.0
    whole = np.eye(len(c)) - np.outer(v, v) * ((beta - c[0]) / beta)
    return np.ascontiguousarray(whole[:, 1:])


def free_means(knots: tuple[float, ...], keys: Array, times: Array) -> tuple[float, ...]:
    """Return the means of natural splines over values that are met so often."""
    columns = NaturalSplines(knots).columns(keys)
    return tuple(float((column * times).sum() / times.sum()) for column in columns)
