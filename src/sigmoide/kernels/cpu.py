"""The one-read kernel, compiled: value and gradient of a block, each row loaded once.

Rows are taken in tiles of a few dozen, which the first-level cache still holds when the gradient
comes back to them; they are centred as they are loaded, both times. All arithmetic is in float64,
whatever the type of X.

The compiled code is kept on disk beside the module; the first fit that needs it waits for the
compiler once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sigmoide.data.blocks import Array, Block
from sigmoide.data.sums import depth
from sigmoide.kernels.frame import Frame
from sigmoide.kernels.reference import Slope
from sigmoide.kernels.vectors import LANES, dots, gather, power_of_two

# Rows of a tile: long enough for the vectors, short enough for the cache.
_TILE = 64
# Tiles whose sums are added one after another before they are carried over.
_CARRY = 32

# Sums that come before those of the columns.
_TOTALS = 5

# Sums may be added in the order of the vectors' lanes; nothing else may be rearranged.
_COMPILED: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "error_model": "numpy",
    "fastmath": {"contract", "nsz"},
}
_REDUCED = _COMPILED | {"fastmath": {"contract", "nsz", "reassoc"}}


def slope(block: Block, frame: Frame, theta: Array) -> Slope:
    """Return value and gradient of one block: one read of its rows.

    Row-major X is read where it lies, other layouts by way of a tile.
    """
    first, d = int(frame.intercept), len(frame.columns)
    X = block.X
    direct = d == X.shape[1] and X.strides[1] == X.itemsize
    totals = np.zeros(_TOTALS + _whole(d))
    _read(
        X,
        block.y,
        block.weight,
        block.offset,
        frame.columns,
        direct,
        _padded(frame.centre),
        _padded(np.ldexp(theta[first:], frame.exponent)),
        float(theta[0]) if first else 0.0,
        totals,
    )
    # Scaled at the end, by powers of two: the same numbers as if z had been scaled when loaded.
    # The sum of the residuals, which is the intercept's, stands just before those of the columns.
    gradient = -totals[_TOTALS - first : _TOTALS + d]
    gradient[first:] = np.ldexp(gradient[first:], frame.exponent)
    value, residuals, squares, curvature = (float(t) for t in totals[:4])
    return Slope(value, gradient, residuals, squares, curvature)


def _whole(d: int) -> int:
    """Return d rounded up to whole vectors."""
    return -(-d // LANES) * LANES


def _padded(values: Array) -> Array:
    """Return the values, and zeros up to a whole vector."""
    padded = np.zeros(_whole(len(values)))
    padded[: len(values)] = values
    return padded


def accumulation(rows_per_block: int, n_blocks: int) -> int:
    """Return the most additions one product goes through in a sum over all rows."""
    tiles = -(-rows_per_block // _TILE)
    return min(_TILE, rows_per_block) + min(_CARRY, tiles) + -(-tiles // _CARRY) + depth(n_blocks)


@njit(inline="always", **_COMPILED)
def _exp(x: float) -> float:
    """Return e^x for x <= 0, to an ulp; e^-708 below that.

    x = k ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts (Cody and Waite 1980), and the Taylor
    series of e^r, whose first term left out is below 2e-16.
    """
    x = x if x > -708.0 else -708.0
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10
    t = 2.08767569878681e-09
    t = t * r + 2.505210838544172e-08
    t = t * r + 2.755731922398589e-07
    t = t * r + 2.755731922398589e-06
    t = t * r + 2.48015873015873e-05
    t = t * r + 1.984126984126984e-04
    t = t * r + 1.388888888888889e-03
    t = t * r + 8.333333333333333e-03
    t = t * r + 4.1666666666666664e-02
    t = t * r + 1.6666666666666666e-01
    t = t * r + 0.5
    return (t * (r * r) + r + 1.0) * power_of_two(k)


@njit(inline="always", **_COMPILED)
def _log1p(e: float) -> float:
    """Return ln(1 + e) for e in [0, 1]: 2 artanh(e / (2 + e)), a series in 1/9 at most."""
    s = e / (2.0 + e)
    q = s * s
    t = 1.0 / 33.0
    t = t * q + 1.0 / 31.0
    t = t * q + 1.0 / 29.0
    t = t * q + 1.0 / 27.0
    t = t * q + 1.0 / 25.0
    t = t * q + 1.0 / 23.0
    t = t * q + 1.0 / 21.0
    t = t * q + 1.0 / 19.0
    t = t * q + 1.0 / 17.0
    t = t * q + 1.0 / 15.0
    t = t * q + 1.0 / 13.0
    t = t * q + 1.0 / 11.0
    t = t * q + 1.0 / 9.0
    t = t * q + 1.0 / 7.0
    t = t * q + 1.0 / 5.0
    t = t * q + 1.0 / 3.0
    return 2.0 * (s + s * (q * t))


@njit(**_COMPILED)
def _link(eta: Any, y: Any, s: Any, residual: Any, loss: Any, square: Any, bend: Any) -> None:
    """Fill, for the rows of a tile, s (y - p), s loss, s (y - p)^2 and s p (1 - p)."""
    for i in range(_TILE):
        # Towards the wrong class: the loss is softplus(u), the residual's size sigmoid(u).
        u = -eta[i] if y[i] > 0.5 else eta[i]
        size = u if u > 0.0 else -u
        e = _exp(-size)
        large = 1.0 / (1.0 + e)
        small = e * large
        wrong = large if u > 0.0 else small
        signed = wrong if y[i] > 0.5 else -wrong
        residual[i] = s[i] * signed
        loss[i] = s[i] * ((u if u > 0.0 else 0.0) + _log1p(e))
        square[i] = s[i] * (wrong * wrong)
        bend[i] = s[i] * (large * small)


@njit(inline="always", **_REDUCED)
def _sum(a: Any) -> float:
    total = 0.0
    for i in range(_TILE):
        total += a[i]
    return total


@njit(**_COMPILED)
def _copy(X: Any, low: int, rows: int, columns: Any, Z: Any) -> None:
    """Lay out the rows of a tile side by side; those that are not there as zeros."""
    for j in range(len(columns)):
        c = columns[j]
        for i in range(rows):
            Z[i, j] = X[low + i, c]
    Z[rows:] = 0.0


@njit(**_COMPILED)
def _read(
    X: Any,
    y: Any,
    weight: Any,
    offset: Any,
    columns: Any,
    direct: bool,
    m: Any,
    v: Any,
    b: float,
    totals: Any,
) -> None:
    """Add the sums of a block to ``totals``: value, |r|, r^2, p(1-p), r, and r (x - m) by column.

    ``direct`` says that the columns are those of X, side by side: then rows are read where they
    lie, and copied to a tile only at the end of the block.
    """
    d = len(columns)
    Z = np.empty((_TILE, d), X.dtype)
    eta, y_, s = np.empty(_TILE), np.empty(_TILE), np.empty(_TILE)
    residual, loss = np.empty(_TILE), np.empty(_TILE)
    square, bend = np.empty(_TILE), np.empty(_TILE)
    held = np.zeros(len(totals))
    slopes = held[_TOTALS:]
    n = len(y)
    for low in range(0, n, _TILE):
        rows = min(_TILE, n - low)
        for i in range(rows):
            eta[i] = offset[low + i] + b
            y_[i] = y[low + i]
            s[i] = weight[low + i]
        for i in range(rows, _TILE):
            eta[i] = y_[i] = s[i] = 0.0
        in_place = direct and rows == _TILE
        if in_place:
            for i in range(0, _TILE, LANES):
                dots(X, low + i, m, v, eta, i)
        else:
            _copy(X, low, rows, columns, Z)
            for i in range(0, _TILE, LANES):
                dots(Z, i, m, v, eta, i)
        _link(eta, y_, s, residual, loss, square, bend)
        held[0] += _sum(loss)
        held[2] += _sum(square)
        held[3] += _sum(bend)
        held[4] += _sum(residual)
        if in_place:
            for i in range(0, _TILE, LANES):
                gather(X, low + i, m, residual, i, slopes)
        else:
            for i in range(0, _TILE, LANES):
                gather(Z, i, m, residual, i, slopes)
        for i in range(_TILE):
            residual[i] = residual[i] if residual[i] > 0.0 else -residual[i]
        held[1] += _sum(residual)
        if (low // _TILE + 1) % _CARRY == 0:
            totals += held
            held[:] = 0.0
    totals += held
