"""Orthogonal polynomials of a column, learned from sums that add up over slices.

A slice leaves the triangle R of a QR factorisation of its Chebyshev polynomials on its own range.
Two slices are joined on the range of both: a polynomial on the larger range is one on the smaller,
with coefficients that are not larger than the polynomial itself, so nothing is lost on the way, and
the triangle is that of all rows at once to within rounding. No power of the column is ever summed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array

# More than this is never asked of a column.
MOST_DEGREE = 20
# Below this share of its length a polynomial is a combination of those before it.
_NOTHING = 2.0**-44


@dataclass(frozen=True, slots=True)
class Polynomials:
    """Polynomials of degree 1 to d, orthonormal over the rows that they were learned from.

    With t = (x - centre) / half: b_(k+1) p_(k+1) = (t - a_k) p_k - b_k p_(k-1), p_0 = 1 / sqrt(n),
    the three-term recurrence of Stieltjes, as in R's ``poly`` and formulaic's.

    Attributes
    ----------
    centre, half : float
        Middle and half the length of the range; half is 0 for a constant.
    count : float
        Rows, frequencies counted.
    a, b : tuple of float
        d each; b[k - 1] is b_k.
    """

    centre: float
    half: float
    count: float
    a: tuple[float, ...]
    b: tuple[float, ...]

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.a)

    @property
    def mean(self) -> float:
        """Mean of the column."""
        return self.centre + self.half * self.a[0]

    @property
    def deviation(self) -> float:
        """Standard deviation, divisor the rows less one."""
        if self.count <= 1.0:
            return 0.0
        return self.half * self.b[0] * float(np.sqrt(self.count / (self.count - 1.0)))

    def columns(self, x: Array) -> Array:
        """Return the polynomials; shape (d, n)."""
        basis = np.empty((self.width, len(x)))
        t = (x - self.centre) / self.half
        before, now = np.zeros_like(t), np.full_like(t, 1.0 / np.sqrt(self.count))
        for k, (a, b) in enumerate(zip(self.a, self.b, strict=True)):
            last = self.b[k - 1] if k else 0.0
            before, now = now, ((t - a) * now - last * before) / b
            basis[k] = now
        return basis


@dataclass(frozen=True, slots=True)
class Powers:
    """What some rows tell of the polynomials of a column; it adds up over rows.

    Attributes
    ----------
    count : float
        Rows, frequencies counted.
    low, high : float
        The range.
    triangle : ndarray, shape (d + 1, d + 1)
        R of the Chebyshev polynomials on the range, its diagonal zero or more.
    """

    count: float
    low: float
    high: float
    triangle: Array

    def __add__(self, other: Powers) -> Powers:
        if not self.count or not other.count:
            return self if self.count else other
        low, high = min(self.low, other.low), max(self.high, other.high)
        parts = [_moved(part, low, high) for part in (self, other)]
        return Powers(self.count + other.count, low, high, _triangle(np.concatenate(parts).T))

    def polynomials(self) -> Polynomials | None:
        """Return what was learned; None if there are too few different values."""
        R, d = self.triangle, len(self.triangle) - 1
        length = np.sqrt(np.square(R).sum(axis=0))
        if (np.diag(R) <= _NOTHING * length).any():
            return None
        # t times the Chebyshev polynomials, in Chebyshev polynomials one degree higher.
        times = np.zeros((d + 1, d))
        for k in range(d):
            times[k + 1, k] = 0.5 if k else 1.0
            if k:
                times[k - 1, k] = 0.5
        jacobi = R @ times @ np.linalg.inv(R[:d, :d])
        centre, half = _middle(self.low, self.high)
        a = tuple(float(jacobi[k, k]) for k in range(d))
        b = tuple(float(jacobi[k + 1, k]) for k in range(d))
        return Polynomials(centre, half, self.count, a, b)


def powers(x: Array, times: Array, degree: int) -> Powers:
    """Return what some rows tell of the polynomials of degree 1 to ``degree``.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Finite values.
    times : ndarray, shape (n,)
        How often each counts, above zero.
    degree : int
        At most MOST_DEGREE.
    """
    if not len(x):
        return Powers(0.0, np.inf, -np.inf, np.zeros((degree + 1, degree + 1)))
    low, high = float(x.min()), float(x.max())
    centre, half = _middle(low, high)
    t = (x - centre) / half if half else np.zeros_like(x)
    root = np.sqrt(times)
    columns = [column * root for column in _chebyshev(t, degree)]
    if not half:
        # One point: every polynomial is its value there, and the first says it all.
        columns[1:] = [np.zeros_like(root) for _ in columns[1:]]
    return Powers(float(times.sum()), low, high, _triangle(np.array(columns)))


def _middle(low: float, high: float) -> tuple[float, float]:
    centre = low + (high / 2.0 - low / 2.0)
    return centre, max(high - centre, centre - low)


def _chebyshev(t: Array, degree: int) -> list[Array]:
    polynomials = [np.ones_like(t), t]
    while len(polynomials) <= degree:
        polynomials.append(2.0 * t * polynomials[-1] - polynomials[-2])
    return polynomials[: degree + 1]


def _moved(part: Powers, low: float, high: float) -> Array:
    """Return rows that have the products of the part's Chebyshev polynomials on another range."""
    degree = len(part.triangle) - 1
    centre, half = _middle(low, high)
    own_centre, own_half = _middle(part.low, part.high)
    # Through the values at Chebyshev's points, which are as many as the degree needs.
    angles = (np.arange(degree + 1) + 0.5) * (np.pi / (degree + 1))
    points = np.cos(angles)
    where = ((own_centre - centre) + own_half * points) / half if half else np.zeros_like(points)
    values = np.array(_chebyshev(where, degree)).T
    to_coefficients = np.cos(np.outer(np.arange(degree + 1), angles)) * (2.0 / (degree + 1))
    to_coefficients[0] /= 2.0
    return part.triangle @ (to_coefficients @ values)


def _triangle(columns: Array) -> Array:
    """Return R of a QR factorisation by modified Gram-Schmidt, which is backward stable in R.

    Bjoerck, "Solving linear least squares problems by Gram-Schmidt orthogonalization", BIT 7, 1967.
    Sums are NumPy's own, in a fixed order, so that the bits depend on no library's threads.

    Parameters
    ----------
    columns : ndarray, shape (k, n)
        Columns of the matrix, one a row; they are written over.
    """
    k = len(columns)
    R = np.zeros((k, k))
    for i in range(k):
        length = float(np.sqrt(np.square(columns[i]).sum()))
        R[i, i] = length
        if not length:
            continue
        columns[i] /= length
        for j in range(i + 1, k):
            R[i, j] = (columns[i] * columns[j]).sum()
            columns[j] -= R[i, j] * columns[i]
    return R
