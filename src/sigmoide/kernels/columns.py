"""The first read, compiled: what ``data.moments`` learns, in one pass over the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sigmoide.data.blocks import Block
from sigmoide.data.moments import Moments, moments, split_sum

# Rows whose mean is subtracted before anything is squared.
_BASE_ROWS = 32
_FEW_ROWS = 256


def column_moments(block: Block) -> Moments:
    """Return the moments of one block, equal to :func:`sigmoide.data.moments.moments`."""
    n = len(block.y)
    if n < _FEW_ROWS:
        return moments(block)
    X, s = block.X, block.weight
    # Near the mean, so that squares around it do not cancel; a constant column keeps its value.
    first = X[0].astype(np.float64)
    spaced = np.array(X[:: max(n // _BASE_ROWS, 1)], dtype=np.float64, order="C")
    base = first + (spaced - first).mean(axis=0)
    found = np.zeros((4, X.shape[1]))
    found[:2] = first
    _columns(X, s, base, found)
    low, high, shifted, squares = found
    total = float(s.sum())
    mean = shifted / total
    centre, rest = split_sum(base, mean)
    return Moments(
        n,
        total,
        float(s @ block.y),
        centre,
        rest,
        np.maximum(squares - total * mean**2, 0.0),
        low,
        high,
        float(np.abs(block.offset).max()),
    )


@njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract", "nsz", "nnan"})
def _columns(X: Any, s: Any, base: Any, found: Any) -> None:
    """Fill least, greatest, sum of s (x - base) and of s (x - base)^2 of each column."""
    for i in range(len(s)):
        w = s[i]
        for j in range(X.shape[1]):
            x = np.float64(X[i, j])
            found[0, j] = min(x, found[0, j])
            found[1, j] = max(x, found[1, j])
            t = x - base[j]
            u = w * t
            found[2, j] += u
            found[3, j] += u * t
