"""Random draws hashed from the keys of rows: the same in any block, thread or order."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrik

from sigmoide.blocks.block import Array, Integers
from sigmoide.blocks.sample import mixed

Words = NDArray[np.uint64]

_ALL = 2**64 - 1
# So many laws are held as tables, up to this mean.
_TABLES, _LARGEST_MEAN = 256, 1000.0


def words_of(keys: Integers, seed: int, number: int) -> Words:
    """Return a word for each key: any key, seed and number have another, as random as any.

    Parameters
    ----------
    keys : ndarray of int64
        Any shape.
    seed, number : int
        Of the whole of the draws, and of one among them.
    """
    stream = int(mixed(np.array([number], dtype=np.int64), seed)[0])
    return mixed(mixed(keys, 0).view(np.int64), stream)


def poisson(words: Words, mean: Array | None = None) -> Array:
    """Return Poisson counts by inversion, one for each word.

    Parameters
    ----------
    words : ndarray of uint64, shape (n,)
        Uniform over all words.
    mean : ndarray, shape (n,), optional
        Means > 0; 1 by default.
    """
    if mean is None:
        return _counted(words, 1.0)
    counts = np.empty(len(words))
    means, which = np.unique(mean, return_inverse=True)
    tabled = len(means) <= _TABLES and bool((means <= _LARGEST_MEAN).all())
    if not tabled:
        return _inverted(words, mean)
    for k, one in enumerate(means):
        here = which == k
        counts[here] = _counted(words[here], float(one))
    return counts


def _counted(words: Words, mean: float) -> Array:
    return np.searchsorted(_steps(mean), words, side="right").astype(np.float64)


def _inverted(words: Words, mean: Array) -> Array:
    # In the open interval: no word asks for an infinite count.
    share = ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    count = np.ceil(pdtrik(share, mean))
    below = np.maximum(count - 1.0, 0.0)
    return np.asarray(np.where(pdtr(below, mean) >= share, below, count))


@lru_cache(maxsize=_TABLES)
def _steps(mean: float) -> Words:
    """Return where, among all words, the counts step from k to k + 1."""
    # Twelve deviations beyond the mean, and some: no word is there.
    most = int(mean + 12.0 * np.sqrt(mean)) + 20
    shares = pdtr(np.arange(most), mean).tolist()
    steps = np.array([min(int(share * 2.0**64), _ALL) for share in shares], dtype=np.uint64)
    return steps[: int(np.searchsorted(steps, np.uint64(_ALL))) + 1]
