"""Moments of the columns, learned by the first read: mean, spread, range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Block, tree_sum

# What is not finite shows in the mean: whoever asked says what is wrong with it.
quiet = np.errstate(invalid="ignore", over="ignore")
# Numbers that stay in the cache.
_TILE = 1 << 16


@dataclass(frozen=True, slots=True)
class Moments:
    """Weighted moments of the columns, and the totals of the target.

    Attributes
    ----------
    rows : int
        Rows seen, each of positive weight.
    total, events : float
        Sum of the weights, and of the weights of the rows whose target is 1.
    mean, rest : ndarray, shape (d,)
        Weighted mean, and what rounding took from it: the two together are joined with others, for
        around a timestamp the digits that are lost would be those of the spread.
    squares : ndarray, shape (d,)
        Weighted sum of squares around the mean.
    low, high : ndarray, shape (d,)
        Smallest and largest value.
    offset_reach : float
        Largest absolute offset.
    """

    rows: int
    total: float
    events: float
    mean: Array
    rest: Array
    squares: Array
    low: Array
    high: Array
    offset_reach: float

    @quiet
    def __add__(self, other: Moments) -> Moments:
        """Join two parts (Chan, Golub and LeVeque 1983, eq. 2.1)."""
        if not self.rows:
            return other
        if not other.rows:
            return self
        total = self.total + other.total
        step = (other.mean - self.mean) + (other.rest - self.rest)
        mean, rest = split_sum(self.mean, self.rest + step * (other.total / total))
        return Moments(
            self.rows + other.rows,
            total,
            self.events + other.events,
            mean,
            rest,
            self.squares + other.squares + step**2 * (self.total * (other.total / total)),
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
            max(self.offset_reach, other.offset_reach),
        )

    @property
    def deviation(self) -> Array:
        """Weighted standard deviation, divisor the sum of the weights; shape (d,)."""
        return np.sqrt(self.squares / self.total)

    @property
    def constant(self) -> np.ndarray:
        """Which columns hold one value only; shape (d,), bool."""
        return np.asarray(self.low == self.high)


@quiet
def moments(block: Block) -> Moments:
    """Return the moments of one block."""
    d = block.X.shape[1]
    if not len(block.y):
        none = np.zeros(d)
        return Moments(0, 0.0, 0.0, none, none, none, none + np.inf, none - np.inf, 0.0)
    step = max(_TILE // max(d, 1), 1)
    return tree_sum(_of_rows(block, slice(k, k + step)) for k in range(0, len(block.y), step))


def _of_rows(block: Block, rows: slice) -> Moments:
    """Return the moments of so few rows that they stay in the cache from one use to the next."""
    s, y = block.weight[rows], block.y[rows]
    # Column by column, whatever the layout of X is: loops over many rows are long ones.
    columns = np.array(block.X[rows].T, dtype=np.float64, order="C")
    low, high = columns.min(axis=1), columns.max(axis=1)
    total = float(s.sum())
    # Shifted by a value among the rows before it is summed: a column of timestamps keeps its
    # digits, and a constant one gets exactly its value for a mean.
    middle = low + (high / 2.0 - low / 2.0)
    columns -= middle[:, None]
    mean = (columns @ s) / total
    columns -= mean[:, None]
    centre, rest = split_sum(middle, mean)
    return Moments(
        len(y),
        total,
        float(s @ y),
        centre,
        rest,
        np.square(columns, out=columns) @ s,
        low,
        high,
        float(np.abs(block.offset[rows]).max()),
    )


def split_sum(base: Array, more: Array) -> tuple[Array, Array]:
    """Return base + more as a rounded sum, and what the rounding took (Knuth 1969, 4.2.2)."""
    total = base + more
    back = total - base
    return total, (base - (total - back)) + (more - back)
