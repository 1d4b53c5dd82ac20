"""Blocks of arrays that are in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.blocks import Array, Block, Drawn, Integers
from sigmoide.data.reading import each
from sigmoide.data.sample import draw, mixed, places_of
from sigmoide.data.sums import Addable, tree_sum
from sigmoide.data.threads import default_threads

T = TypeVar("T", bound=Addable)
R = TypeVar("R")

# About 4 MB of float64 a block: few enough for the memory, many enough to be worth a task.
_BLOCK_NUMBERS = 1 << 19


def rows_per_block(columns: int) -> int:
    """Return the fixed number of source rows in a block: a power of two in 256..65536."""
    rows = _BLOCK_NUMBERS // max(columns, 1)
    return int(min(max(1 << max(rows.bit_length() - 1, 0), 256), 65536))


class MemoryBlocks:
    """Rows held as arrays; X is read where it lies, in the type it came in.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        float32 or float64; any strides.
    y, weight, offset : ndarray, shape (n,)
        Target in {0, 1}, weights > 0, offsets; float64.
    names : tuple of str
        d names.
    rows : ndarray of int64, shape (n,), optional
        Increasing row numbers in the source; 0..n-1 by default.
    block_rows : int, optional
        Source rows in a block; by default a fixed function of d.
    threads : int, optional
        Threads over blocks; by default all processors. The results do not depend on it.
    """

    def __init__(
        self,
        X: NDArray[Any],
        y: Array,
        weight: Array,
        offset: Array,
        names: tuple[str, ...],
        rows: Integers | None = None,
        *,
        block_rows: int | None = None,
        threads: int | None = None,
    ) -> None:
        self._X, self._y, self._weight, self._offset = X, y, weight, offset
        self._names = names
        self._rows = np.arange(len(y), dtype=np.int64) if rows is None else rows
        self._size = block_rows or rows_per_block(X.shape[1])
        self._threads = threads or default_threads()
        self._reads = 0
        last = int(self._rows[-1]) if len(self._rows) else -1
        edges = np.arange(0, last + self._size + 1, self._size)
        self._edges = np.searchsorted(self._rows, edges)

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    @property
    def n_rows(self) -> int:
        return len(self._y)

    @property
    def n_blocks(self) -> int:
        return len(self._edges) - 1

    @property
    def rows_per_block(self) -> int:
        return self._size

    @property
    def reads(self) -> int:
        return self._reads

    @property
    def target(self) -> Array:
        """The target of the rows held."""
        return self._y

    @property
    def source_rows(self) -> Integers:
        """Row numbers of the source of the rows held."""
        return self._rows

    def reduce(self, fn: Callable[[Block], T]) -> T:
        self._reads += 1
        return tree_sum(self._each(fn))

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        self._reads += 1
        return np.concatenate(list(self._each(fn)))

    def sample(self, rows: int, seed: int) -> MemoryBlocks:
        if rows >= self.n_rows:
            return self
        ranks = np.argpartition(mixed(self._rows, seed), rows - 1)[:rows]
        return self.take(np.sort(ranks))

    def draw(self, rows: int, seed: int) -> Drawn:
        events = self._events
        places, factors = places_of(draw(self.n_rows - events, events, rows, seed), self._y)
        return held(
            Block(
                self._X[places],
                self._y[places],
                self._weight[places],
                self._offset[places],
                places,
            ),
            factors,
            self._names,
            self._threads,
        )

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        return self.reduce(fn), self.draw(rows, 0)

    @cached_property
    def _events(self) -> int:
        return int(np.count_nonzero(self._y > 0.5))

    def without(self, rows: Integers) -> MemoryBlocks:
        return self.take(np.flatnonzero(~np.isin(self._rows, rows)))

    def take(self, positions: Integers) -> MemoryBlocks:
        """Return the rows at these positions (of the rows held), in order, as blocks."""
        positions = np.sort(positions)
        return MemoryBlocks(
            self._X[positions],
            self._y[positions],
            self._weight[positions],
            self._offset[positions],
            self._names,
            self._rows[positions],
            block_rows=self._size,
            threads=self._threads,
        )

    def _block(self, number: int) -> Block:
        part = slice(self._edges[number], self._edges[number + 1])
        return Block(
            self._X[part], self._y[part], self._weight[part], self._offset[part], self._rows[part]
        )

    def _each(self, fn: Callable[[Block], R]) -> Iterator[R]:
        return each(lambda number: fn(self._block(number)), self.n_blocks, self._threads)


def held(rows: Block, factors: Array, names: tuple[str, ...], threads: int) -> Drawn:
    """Return rows drawn, as a source of their own: in few full blocks, not spread over many.

    Parameters
    ----------
    rows : Block
        The rows; their numbers are not kept.
    factors : ndarray, shape (n,)
        By which their weights stand for all rows.
    names : tuple of str
        Names of the columns.
    threads : int
        Threads over blocks.
    """
    X, y, offset = rows.X, rows.y, rows.offset
    return Drawn(
        MemoryBlocks(X, y, rows.weight * factors, offset, names, threads=threads),
        MemoryBlocks(X, y, rows.weight, offset, names, threads=threads),
    )
