"""The unit of cost: one read of X at the rate that the machine's memory has, in this very run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.timing import timed


@njit(nogil=True, cache=True)
def _add(words: Any) -> int:
    # Integers: their sum may be taken in any order, so that the compiler makes vectors of it.
    total = 0
    for i in range(len(words)):
        total += words[i]
    return total


def read(X: NDArray[Any], pool: ThreadPoolExecutor, threads: int) -> int:
    """Load every byte of a row-major X once, by so many threads."""
    words = X.reshape(-1).view(np.uint8)
    words = words[: len(words) // 8 * 8].view(np.int64)
    edges = np.linspace(0, len(words), threads + 1).astype(int)
    parts = pool.map(_add, [words[a:b] for a, b in pairwise(edges)])
    return sum(parts)


def read_seconds(X: NDArray[Any], threads: int, repeats: int = 5) -> list[float]:
    """Return the seconds of several reads of X."""
    with ThreadPoolExecutor(threads) as pool:
        read(X, pool, threads)
        return [timed(lambda: read(X, pool, threads))[0] for _ in range(repeats)]
