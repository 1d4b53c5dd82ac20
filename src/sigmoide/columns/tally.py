"""The different values of a column: how often each is met, and where first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Integers

# More different values than this are not counted one by one: no levels, and no two classes.
MOST = 1 << 20
# So many are looked for one by one before the values are sorted.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Tally:
    """Values, increasing, with their counts.

    Attributes
    ----------
    keys : ndarray, shape (k,)
        Numbers, or codes of levels.
    counts : ndarray of int64, shape (k,)
        Rows that hold each.
    firsts : ndarray of int64, shape (k,)
        The first such row, as the whole source counts.
    more : bool
        Whether others were met that are not told apart any more.
    """

    keys: NDArray[Any]
    counts: Integers
    firsts: Integers
    more: bool = False

    def __add__(self, other: Tally) -> Tally:
        if self.more or (not len(other.keys) and not other.more):
            return self
        if not len(self.keys):
            return other
        keys, inverse = np.unique(np.concatenate([self.keys, other.keys]), return_inverse=True)
        counts = np.zeros(len(keys), dtype=np.int64)
        np.add.at(counts, inverse, np.concatenate([self.counts, other.counts]))
        firsts = np.full(len(keys), np.iinfo(np.int64).max)
        np.minimum.at(firsts, inverse, np.concatenate([self.firsts, other.firsts]))
        return Tally(keys, counts, firsts, other.more or len(keys) > MOST)

    def renamed(self, table: Integers) -> Tally:
        """Return the same counts under other codes: each code k becomes ``table[k]``."""
        keys = table[self.keys]
        order = np.argsort(keys, kind="stable")
        return Tally(keys[order], self.counts[order], self.firsts[order], self.more)

    @property
    def rows(self) -> int:
        """Rows counted."""
        return int(self.counts.sum())

    @property
    def first(self) -> int:
        """Position in ``keys`` of the value that is met first."""
        return int(self.firsts.argmin())


def tally(values: NDArray[Any], rows: np.ndarray | None = None, start: int = 0) -> Tally:
    """Count the different values among some rows.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Numbers, or codes of levels; no NaN among the rows counted.
    rows : ndarray of bool, shape (n,), optional
        Which are counted; all by default.
    start : int
        Number of the first row in the source.
    """
    places = np.arange(len(values)) if rows is None or rows.all() else np.flatnonzero(rows)
    chosen = values if len(places) == len(values) else values[places]
    few = _few(chosen)
    if few is None:
        keys, firsts, counts = np.unique(chosen, return_index=True, return_counts=True)
    else:
        keys, firsts, counts = few
    return Tally(keys, counts.astype(np.int64), places[firsts] + start, len(keys) > MOST)


def _few(values: NDArray[Any]) -> tuple[NDArray[Any], Integers, Integers] | None:
    """Return what ``np.unique`` would, without sorting; None where there are many values."""
    keys: list[Any] = []
    firsts: list[int] = []
    counts: list[int] = []
    rest = np.ones(len(values), dtype=bool)
    while len(keys) < _FEW and rest.any():
        first = int(rest.argmax())
        same = values == values[first]
        keys.append(values[first])
        firsts.append(first)
        counts.append(int(np.count_nonzero(same)))
        rest &= ~same
    if rest.any():
        return None
    order = np.argsort(np.array(keys, dtype=values.dtype), kind="stable")
    return (
        np.array(keys, dtype=values.dtype)[order],
        np.array(firsts, dtype=np.int64)[order],
        np.array(counts, dtype=np.int64)[order],
    )
