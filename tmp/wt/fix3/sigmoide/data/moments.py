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
    mean, squares : ndarray, shape (d,)
        Weighted mean, and weighted sum of squares around it.
    low, high : ndarray, shape (d,)
        Smallest and largest value.
    offset_reach : float
        Largest absolute offset.
    """

    rows: int
    total: float
    events: float
    mean: Array
    squares: Array
    low: Array
    high: Array
    offset_reach: float
    rest: Array

    def __add__(self, other: Moments) -> Moments:
        """Join two parts (Chan, Golub and LeVeque 1983, eq. 2.1)."""
        if not self.rows:
            return other
        if not other.rows:
            return self
        total = self.total + other.total
        # With what rounding took from the means: of timestamps that is most of a step.
        step = (other.mean - self.mean) + (other.rest - self.rest)
        mean, rest = split_sum(self.mean, self.rest + step * (other.total / total))
        return Moments(
            self.rows + other.rows,
            total,
            self.events + other.events,
            mean,
            self.squares + other.squares + step**2 * (self.total * (other.total / total)),
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
            max(self.offset_reach, other.offset_reach),
            rest,
        )

    @property
    def deviation(self) -> Array:
        """Weighted standard deviation, divisor the sum of the weights; shape (d,)."""
        return np.sqrt(self.squares / self.total)

    @property
    def constant(self) -> np.ndarray:
        """Which columns hold one value only; shape (d,), bool."""
        return np.asarray(self.low == self.high)


def split_sum(base: Array, more: Array) -> tuple[Array, Array]:
    """Return a sum, rounded, and what rounding took from it (Knuth 1969, section 4.2.2)."""
    total = base + more
    back = total - base
    return total, (base - (total - back)) + (more - back)


def moments(block: Block) -> Moments:
    """Return the moments of one block."""
    d = block.X.shape[1]
    if not len(block.y):
        none = np.zeros(d)
        return Moments(0, 0.0, 0.0, none, none, none + np.inf, none - np.inf, 0.0, none)
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
        squares,
        low,
        high,
        float(np.abs(block.offset).max()),
        rest,
    )
