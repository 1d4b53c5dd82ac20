"""The frame in which rows are worked on: z = (x - centre) 2^exponent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.blocks.moments import Moments


@dataclass(frozen=True, slots=True)
class Frame:
    """Which columns are used, and how they are centred and scaled.

    The coordinates of the frame are ``theta = (b, v)`` with an intercept, ``v`` without:
    eta = offset + b + sum_j z_j v_j, so that the coefficient of column j in the user's units is
    v_j 2^exponent_j, exactly. Scales are powers of two: scaling never rounds.

    Attributes
    ----------
    columns : ndarray of int64, shape (d,)
        Columns of X in use.
    centre : ndarray, shape (d,)
        Subtracted first; zero where there is no intercept to make up for it.
    exponent : ndarray of int64, shape (d,)
        Powers of two that follow.
    intercept : bool
        Whether there is one.
    """

    columns: Integers
    centre: Array
    exponent: Integers
    intercept: bool

    @property
    def size(self) -> int:
        """Length of ``theta``."""
        return len(self.columns) + self.intercept

    def keep(self, kept: Integers) -> Frame:
        """Return the frame of some of the columns, by position in ``columns``."""
        return Frame(self.columns[kept], self.centre[kept], self.exponent[kept], self.intercept)

    def design(self, block: Block) -> Array:
        """Return the rows of a block in this frame, a column of ones first; float64."""
        Z = np.empty((len(block.y), self.size))
        if self.intercept:
            Z[:, 0] = 1.0
        body = Z[:, int(self.intercept) :]
        every = len(self.columns) == block.X.shape[1]
        np.subtract(block.X if every else block.X[:, self.columns], self.centre, out=body)
        # By products, which are as exact as ldexp and many times as fast.
        body *= np.ldexp(1.0, self.exponent)
        return Z

    def columnwise(self, block: Block) -> Array:
        """Return the transpose of ``design``, its rows laid out side by side."""
        Z = np.empty((self.size, len(block.y)))
        if self.intercept:
            Z[0] = 1.0
        body = Z[int(self.intercept) :]
        every = len(self.columns) == block.X.shape[1]
        body[...] = (block.X if every else block.X[:, self.columns]).T
        body -= self.centre[:, None]
        body *= np.ldexp(1.0, self.exponent)[:, None]
        return Z

    def in_units(self, theta: Array) -> tuple[float, Array]:
        """Return the intercept at the centre, and the coefficients in the user's units."""
        first = int(self.intercept)
        return (float(theta[0]) if first else 0.0), np.ldexp(theta[first:], self.exponent)

    def coordinates(self, intercept: float, coef: Array) -> Array:
        """Return ``theta`` from the intercept at the centre and the user's coefficients."""
        v = np.ldexp(coef, -self.exponent)
        return np.concatenate([[intercept], v]) if self.intercept else v

    def penalty(self, alpha: Array) -> Array:
        """Return the penalty of each coordinate from that of each coefficient; exact."""
        scaled = np.ldexp(alpha, 2 * self.exponent)
        return np.concatenate([[0.0], scaled]) if self.intercept else scaled


def frame_of(moments: Moments, intercept: bool) -> Frame:
    """Choose the frame: centred at the mean, of standard deviation in [1, 2).

    Without an intercept the columns are scaled only, by their root mean square.
    """
    if intercept:
        centre = moments.mean
        spread = moments.deviation
    else:
        centre = np.zeros_like(moments.mean)
        spread = np.sqrt(moments.squares / moments.total + moments.mean**2)
    _, exponent = np.frexp(np.where(spread > 0.0, spread, 1.0))
    return Frame(
        np.arange(len(centre), dtype=np.int64), centre, 1 - exponent.astype(np.int64), intercept
    )
