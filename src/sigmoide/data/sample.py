"""Samples that stand for all rows: spread over the whole source, the rarer class never lost."""

from __future__ import annotations

import numpy as np

from sigmoide.data.blocks import Array, Integers

# A class rarer than this gets at least a quarter of the sample.
_RARE = 0.1
_MIX = np.uint64(0x9E3779B97F4A7C15)


def draw(y: Array, rows: int, seed: int) -> tuple[Integers, Array]:
    """Choose rows, and the factors by which their weights stand for the others.

    One row of every stretch of the source, at a place hashed from the stretch's number: never the
    first rows, for files come sorted by class. Where one class is rare, each class is drawn by
    itself.

    Parameters
    ----------
    y : ndarray, shape (n,)
        The target.
    rows : int
        Rows wanted.
    seed : int
        Changes the places.

    Returns
    -------
    positions : ndarray of int64
        Increasing.
    factors : ndarray
        Rows of the stratum, over rows drawn from it.
    """
    n = len(y)
    if rows >= n:
        return np.arange(n, dtype=np.int64), np.ones(n)
    events = int(np.count_nonzero(y > 0.5))
    if min(events, n - events) >= _RARE * n:
        return _places(n, rows, seed), np.full(rows, n / rows)
    positions, factors = [], []
    for number, members in enumerate((np.flatnonzero(y <= 0.5), np.flatnonzero(y > 0.5))):
        count = min(len(members), max(round(rows * len(members) / n), rows // 4))
        positions.append(members[_places(len(members), count, seed * 2 + number)])
        factors.append(np.full(count, len(members) / max(count, 1)))
    chosen = np.concatenate(positions)
    order = np.argsort(chosen, kind="stable")
    return chosen[order], np.concatenate(factors)[order]


def _places(n: int, rows: int, seed: int) -> Integers:
    """Return one place in each of ``rows`` stretches of 0..n-1."""
    edges = np.arange(rows + 1, dtype=np.int64) * n // max(rows, 1)
    z = (np.arange(rows, dtype=np.uint64) + np.uint64(seed + 1)) * _MIX
    z = (z ^ (z >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    u = (z >> np.uint64(11)).astype(np.float64) / 2.0**53
    return edges[:-1] + (u * np.diff(edges)).astype(np.int64)
