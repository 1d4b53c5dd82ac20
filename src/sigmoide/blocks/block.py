"""Rows as they are read: blocks of them, their sources, and the order of their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
# Rows of each block, and the events among them.
Counts = tuple[Integers, Integers]


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

    def only(self, stay: NDArray[Any]) -> Block:
        """Return the rows of a mask, or at these positions; they are copied."""
        return Block(
            self.X[stay], self.y[stay], self.weight[stay], self.offset[stay], self.rows[stay]
        )


class RowSource(Protocol):
    """The source of rows: all that has to be written for a new one.

    Several threads load at once. A block holds the rows whose row numbers, divided by
    ``rows_per_block``, give its number. A source may have ``counts``, too, of type ``Counts``: it
    saves the read that finds out how many rows and events there are.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X."""
        ...

    @property
    def rows_per_block(self) -> int:
        """Most rows in one block."""
        ...

    @property
    def n_blocks(self) -> int:
        """Blocks that a read goes through."""
        ...

    def load(self, number: int) -> Block:
        """Return one block."""
        ...


def classes_of(block: Block) -> tuple[int, int]:
    """Count the rows, and the events among them."""
    return len(block.y), int(np.count_nonzero(block.y > 0.5))


def up_to_last(counts: Counts) -> Counts:
    """Leave out the blocks behind the last row: there are none where rows are in memory."""
    kept, events = counts
    used = np.flatnonzero(kept)
    last = int(used[-1]) + 1 if len(used) else 0
    return kept[:last], events[:last]


@dataclass(frozen=True, slots=True)
class SomeRows:
    """A source of which some rows are left out, and the others may be changed.

    Attributes
    ----------
    source : RowSource
        Where the rows come from.
    see : callable
        From a block to what is left of it, whose row numbers stay.
    counts : Counts, optional
        Rows and events that are left; None where only a read tells.
    """

    source: RowSource
    see: Callable[[Block], Block]
    counts: Counts | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X."""
        return self.source.names

    @property
    def rows_per_block(self) -> int:
        """Most rows in one block."""
        return self.source.rows_per_block

    @property
    def n_blocks(self) -> int:
        """Blocks that a read goes through."""
        return self.source.n_blocks if self.counts is None else len(self.counts[0])

    def load(self, number: int) -> Block:
        """Return what is left of one block."""
        return self.see(self.source.load(number))


@dataclass(frozen=True, slots=True)
class View:
    """A view: a function of a block by which all rows are read, none lost, none copied for good.

    Attributes
    ----------
    names : tuple of str
        Names of the columns that are seen.
    see : callable
        From a block as read to the block as seen.
    copies : int
        Rows seen for each row; more than one are numbered anew, from ``copies`` times the number.
    """

    names: tuple[str, ...]
    see: Callable[[Block], Block]
    copies: int = 1

    def over(self, inner: View | None) -> View:
        """Return the view of what is seen through another one."""
        if inner is None:
            return self
        first, then = inner.see, self.see
        return View(self.names, lambda block: then(first(block)), inner.copies * self.copies)


# The squares of larger numbers would overflow.
LARGEST = 1e150


class Addable(Protocol):
    """Anything with ``+``: the partial result of a block."""

    def __add__(self, other: Self, /) -> Self: ...


T = TypeVar("T", bound=Addable)


def tree_sum(parts: Iterable[T]) -> T:
    """Add the parts in a balanced tree fixed by their order and their number.

    Neighbours are added first, then pairs of neighbours, and so on, as a binary counter carries:
    the rounding error grows with the logarithm of the number of parts, the memory too, and the
    bits do not depend on who computed which part, nor when.

    Parameters
    ----------
    parts : iterable
        At least one partial result, in block order.

    Raises
    ------
    ValueError
        If there is no part at all.
    """
    pending: list[tuple[int, T]] = []
    for part in parts:
        level, total = 0, part
        while pending and pending[-1][0] == level:
            total = pending.pop()[1] + total
            level += 1
        pending.append((level, total))
    if not pending:
        raise ValueError("a sum over no blocks has no value")
    total = pending.pop()[1]
    while pending:
        total = pending.pop()[1] + total
    return total


def depth(parts: int) -> int:
    """Return the most additions that one part goes through in :func:`tree_sum`."""
    return max(parts - 1, 0).bit_length() + 1
