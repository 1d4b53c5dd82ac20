"""What the first read learns of every column: mean, spread, range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.data.blocks import Array, Block


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


def moments(block: Block) -> Moments:
    """Return the moments of one block."""
    d = block.X.shape[1]
    if not len(block.y):
        none = np.zeros(d)
        return Moments(0, 0.0, 0.0, none, none, none, none + np.inf, none - np.inf, 0.0)
    s, total = block.weight, float(block.weight.sum())
    low, high = block.X.min(axis=0).astype(np.float64), block.X.max(axis=0).astype(np.float64)
    # Shifted by a value of the block before it is summed: a column of timestamps keeps its digits,
    # and a constant one gets exactly its value for a mean.
    # Laid out row by row whatever X is, so that the bits of its sums do not depend on that.
    shifted = np.subtract(block.X, low, order="C")
    mean = (s @ shifted) / total
    squares = s @ (shifted - mean) ** 2
    centre, rest = split_sum(low, mean)
    return Moments(
        len(block.y),
        total,
        float(s @ block.y),
        centre,
        rest,
        squares,
        low,
        high,
        float(np.abs(block.offset).max()),
    )


def split_sum(base: Array, more: Array) -> tuple[Array, Array]:
    """Return base + more as a rounded sum, and what the rounding took (Knuth 1969, 4.2.2)."""
    total = base + more
    back = total - base
    return total, (base - (total - back)) + (more - back)
