"""Quantiles of a column, from counts that add up over slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Array
from sigmoide.blocks.sample import mixed

# So many different values are told apart; of columns with more, quantiles are those of a sample.
MOST_VALUES = 1 << 18
# So many rows are in the sample: those whose numbers have the lowest hashes.
SAMPLED = 1 << 16
_SEED = 5


@dataclass(frozen=True, slots=True)
class QuantileSketch:
    """A sketch of the values of some rows, for their quantiles; it adds up over rows.

    Attributes
    ----------
    low, high : float
        Smallest and largest.
    keys, times : ndarray, shape (k,)
        The different values, increasing, and how often each is met; none if there are too many.
    more : bool
        Whether there are too many.
    hashes, values, counts : ndarray, shape (m,)
        A sample of the rows: the lowest hashes of row numbers, the values of those rows, and how
        often each counts.
    """

    low: float
    high: float
    keys: Array
    times: Array
    more: bool
    hashes: NDArray[np.uint64]
    values: Array
    counts: Array

    def __add__(self, other: QuantileSketch) -> QuantileSketch:
        more = self.more or other.more
        keys, times = _counted(
            np.concatenate([self.keys, other.keys]), np.concatenate([self.times, other.times])
        )
        return _bounded(
            min(self.low, other.low),
            max(self.high, other.high),
            keys,
            times,
            more,
            np.concatenate([self.hashes, other.hashes]),
            np.concatenate([self.values, other.values]),
            np.concatenate([self.counts, other.counts]),
        )

    def points(self) -> tuple[Array, Array]:
        """Return values, increasing, and how often each is met: all of them, or a sample's."""
        return _counted(self.values, self.counts) if self.more else (self.keys, self.times)


def quantile_sketch(x: Array, times: Array, rows: NDArray[np.int64]) -> QuantileSketch:
    """Return the sketch of the values of some rows.

    Parameters
    ----------
    x : ndarray, shape (n,)
        Finite values.
    times : ndarray, shape (n,)
        How often each counts, above zero.
    rows : ndarray of int64, shape (n,)
        Their row numbers.
    """
    low, high = (float(x.min()), float(x.max())) if len(x) else (np.inf, -np.inf)
    return _bounded(low, high, *_counted(x, times), False, mixed(rows, _SEED), x, times)


def quantiles(keys: Array, times: Array, shares: Array) -> Array:
    """Return quantiles of repeated values, interpolated as NumPy does by default.

    Type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", 1996.

    Parameters
    ----------
    keys, times : ndarray, shape (k,)
        Different values, increasing, and how often each is met.
    shares : ndarray
        From 0 to 1.
    """
    last = times.sum() - 1.0
    # With so few rows that no share is between two of them, all quantiles are the first value.
    place = np.clip(shares * last, 0.0, None)
    before = np.floor(place)
    upto = np.cumsum(times)
    ends = len(keys) - 1
    a = keys[np.minimum(np.searchsorted(upto, before, side="right"), ends)]
    b = keys[np.minimum(np.searchsorted(upto, before + 1.0, side="right"), ends)]
    t = place - before
    step = b - a
    return np.asarray(np.where(t >= 0.5, b - step * (1.0 - t), a + step * t))


def _counted(x: Array, times: Array) -> tuple[Array, Array]:
    keys, inverse = np.unique(x, return_inverse=True)
    counts = np.bincount(inverse, weights=times, minlength=len(keys))
    return keys, counts.astype(np.float64, copy=False)


def _bounded(
    low: float,
    high: float,
    keys: Array,
    times: Array,
    more: bool,
    hashes: NDArray[np.uint64],
    values: Array,
    counts: Array,
) -> QuantileSketch:
    if more or len(keys) > MOST_VALUES:
        keys, times, more = keys[:0], times[:0], True
    if len(hashes) > SAMPLED:
        lowest = np.argpartition(hashes, SAMPLED - 1)[:SAMPLED]
        hashes, values, counts = hashes[lowest], values[lowest], counts[lowest]
    return QuantileSketch(low, high, keys, times, more, hashes, values, counts)
