"""The one interface for data: blocks of rows, and results that add up.

Everything downstream sees only :class:`Blocks`, so all of it works wherever the rows live.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.sums import Addable

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

T = TypeVar("T", bound=Addable)


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows of the source, those left out already gone.

    Attributes
    ----------
    X : ndarray, shape (rows, columns)
        float32 or float64, as held.
    y : ndarray, shape (rows,)
        0.0 or 1.0; 1.0 is the event.
    weight : ndarray, shape (rows,)
        s_i > 0.
    offset : ndarray, shape (rows,)
        o_i, added to the linear predictor.
    numbers : ndarray of int64, shape (rows,), or range
        The row numbers of the source, counted from 0 before any row was dropped.
    """

    X: NDArray[Any]
    y: Array
    weight: Array
    offset: Array
    numbers: Integers | range

    @property
    def rows(self) -> Integers:
        """The row numbers as an array: few ask for it, and it is as large as a column."""
        if isinstance(self.numbers, range):
            return np.arange(self.numbers.start, self.numbers.stop, dtype=np.int64)
        return self.numbers


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some rows of a data set, held in memory, twice over the same arrays.

    Attributes
    ----------
    standing : Blocks
        With weights that stand for all rows.
    plain : Blocks
        With the weights that the rows have: a part of every sum over all rows.
    """

    standing: Blocks
    plain: Blocks


class Blocks(Protocol):
    """A data set that is read in blocks."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X."""
        ...

    @property
    def n_rows(self) -> int:
        """Rows with positive weight."""
        ...

    @property
    def n_blocks(self) -> int:
        """Blocks that a read goes through."""
        ...

    @property
    def rows_per_block(self) -> int:
        """Most rows in one block."""
        ...

    @property
    def reads(self) -> int:
        """Reads made so far: each ``reduce`` and each ``map`` is one."""
        ...

    @property
    def source_rows(self) -> Integers:
        """Row numbers of the source, one for each row; asked for only to name some."""
        ...

    def reduce(self, fn: Callable[[Block], T]) -> T:
        """Sum ``fn(block)`` over the blocks, in a fixed tree."""
        ...

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        """Concatenate ``fn(block)``, one entry (or row) for each row, in row order."""
        ...

    def draw(self, rows: int, seed: int) -> Drawn:
        """Return so many rows, spread over all of them, the rarer class never lost."""
        ...

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        """Return the sum and a draw (seed 0) of one and the same read."""
        ...

    def sample(self, rows: int, seed: int) -> Blocks:
        """Return so many rows, chosen by a hash of their row numbers; held in memory."""
        ...

    def take(self, positions: Integers) -> Blocks:
        """Return the rows at these positions (of the rows held), in order; held in memory."""
        ...

    def without(self, rows: Integers) -> Blocks:
        """Return all rows but those of these row numbers of the source."""
        ...
