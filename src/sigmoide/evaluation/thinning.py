"""Fewer corners for the same curve, so that a picture does not grow with the rows."""

from __future__ import annotations

import math

import numpy as np

from sigmoide.blocks.block import Array, Integers

# A curve of unit size may be simplified by this much, which is far less than the width of a line.
_FINEST = 2.0**-12


def thin(x: Array, y: Array, most: int) -> Integers:
    """Return the corners of a curve that are enough to draw it, its ends among them.

    All of them where they are not more than ``most``; else those of Ramer (1972, Computer Graphics
    and Image Processing 1, 244-256) and of Douglas and Peucker (1973): no corner that is left out
    lies farther than a tolerance from the line drawn without it, a tolerance of 2^-12 that is
    doubled until so few are left.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        Of a curve of about unit size; none is simplified that holds a NaN.
    most : int
        Corners to keep at most, two or more.

    Returns
    -------
    ndarray of int64
        Positions, rising.
    """
    every = np.arange(len(x), dtype=np.int64)
    if len(x) <= most:
        return every
    if np.isnan(x).any() or np.isnan(y).any():
        return every[[0, -1]]
    tolerance = _FINEST
    while True:
        kept = _simplified(x, y, tolerance)
        if len(kept) <= most:
            return kept
        tolerance *= 2.0


def _simplified(x: Array, y: Array, tolerance: float) -> Integers:
    kept = {0, len(x) - 1}
    pieces = [(0, len(x) - 1)]
    while pieces:
        first, last = pieces.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        dx, dy = x[last] - x[first], y[last] - y[first]
        length = math.hypot(dx, dy)
        rx, ry = x[inner] - x[first], y[inner] - y[first]
        away = np.abs(dx * ry - dy * rx) / length if length else np.hypot(rx, ry)
        farthest = int(np.argmax(away))
        if away[farthest] > tolerance:
            corner = first + 1 + farthest
            kept.add(corner)
            pieces += [(first, corner), (corner, last)]
    return np.array(sorted(kept), dtype=np.int64)
