"""The one interface for data: blocks of rows, and results that add up.

Everything downstream sees only :class:`Blocks`, so all of it works wherever the rows live.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

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
    rows : ndarray of int64, shape (rows,)
        The row numbers of the source, counted from 0 before any row was dropped.
    """

    X: NDArray[Any]
    y: Array
    weight: Array
    offset: Array
    rows: Integers


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

    def reduce(self, fn: Callable[[Block], T]) -> T:
        """Sum ``fn(block)`` over the blocks, in a fixed tree."""
        ...

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        """Concatenate ``fn(block)``, one entry (or row) for each row, in row order."""
        ...

    def sample(self, rows: int, seed: int) -> Self:
        """Return about ``rows`` rows, chosen by a hash of their row numbers."""
        ...
