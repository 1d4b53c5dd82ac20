"""Blocks of arrays that are in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.blocks import Array, Block, Drawn, Integers
from sigmoide.data.reading import added, each
from sigmoide.data.sample import draw, mixed, places_of
from sigmoide.data.sparse import SparseRows
from sigmoide.data.sums import Addable
from sigmoide.data.threads import default_threads

T = TypeVar("T", bound=Addable)
R = TypeVar("R")

# About 4 MB of float64 a block: few enough for the memory, many enough to be worth a task.
_BLOCK_NUMBERS = 1 << 19
_MOST_ROWS = 65536


def rows_per_block(columns: int) -> int:
    """Return the fixed number of source rows in a block: a power of two in 256..65536."""
    rows = _BLOCK_NUMBERS // max(columns, 1)
    return int(min(max(1 << max(rows.bit_length() - 1, 0), 256), _MOST_ROWS))


@cache
def _one_for_all(value: float) -> Array:
    return np.full(_MOST_ROWS, value)


def _same(value: float, length: int) -> Array:
    """Return so many times the same; blocks share one array, that nobody writes to."""
    return _one_for_all(value)[:length] if length <= _MOST_ROWS else np.full(length, value)


class MemoryBlocks:
    """Rows held as arrays; X is read where it lies, in the type it came in.

    Parameters
    ----------
    X : ndarray or SparseRows, shape (n, d)
        float32 or float64; any strides. Sparse rows become dense block by block, and stay sparse
        where some of them are held.
    y : ndarray, shape (n,)
        Target in {0, 1}; float64, or bool, which a block turns into float64.
    weight, offset : ndarray, shape (n,), or None
        Weights > 0 and offsets, float64; None for 1 and 0 throughout, which take no memory.
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
        X: NDArray[Any] | SparseRows,
        y: NDArray[Any],
        weight: Array | None,
        offset: Array | None,
        names: tuple[str, ...],
        rows: Integers | None = None,
        *,
        block_rows: int | None = None,
        threads: int | None = None,
    ) -> None:
        self._X, self._y, self._weight, self._offset = X, y, weight, offset
        self._names = names
        self._rows = rows
        self._size = block_rows or rows_per_block(X.shape[1])
        self._threads = threads or default_threads()
        self._reads = 0
        if rows is None:
            self._edges = np.minimum(np.arange(0, len(y) + self._size, self._size), len(y))
        else:
            last = int(rows[-1]) if len(rows) else -1
            self._edges = np.searchsorted(rows, np.arange(0, last + self._size + 1, self._size))

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
        return self._y.astype(np.float64, copy=False)

    @property
    def source_rows(self) -> Integers:
        """Row numbers of the source of the rows held."""
        return np.arange(len(self._y), dtype=np.int64) if self._rows is None else self._rows

    def reduce(self, fn: Callable[[Block], T]) -> T:
        self._reads += 1
        return added(lambda number: fn(self._block(number)), self.n_blocks, self._threads)

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        self._reads += 1
        return np.concatenate(list(self._each(fn)))

    def sample(self, rows: int, seed: int) -> MemoryBlocks:
        if rows >= self.n_rows:
            return self
        ranks = np.argpartition(mixed(self.source_rows, seed), rows - 1)[:rows]
        return self.take(np.sort(ranks))

    def draw(self, rows: int, seed: int) -> Drawn:
        events = self._events
        places, factors = places_of(draw(self.n_rows - events, events, rows, seed), self._y)
        part = places if rows < self.n_rows else slice(0, self.n_rows)
        y, weight, offset, _ = self._beside(part)
        return _twice(self._kept(part), y, weight, offset, factors, self._names, self._threads)

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        return self.reduce(fn), self.draw(rows, 0)

    @cached_property
    def _events(self) -> int:
        return int(np.count_nonzero(self._y > 0.5))

    def without(self, rows: Integers) -> MemoryBlocks:
        return self.take(np.flatnonzero(~np.isin(self.source_rows, rows)))

    def take(self, positions: Integers) -> MemoryBlocks:
        """Return the rows at these positions (of the rows held), in order, as blocks."""
        part = np.sort(positions)
        y, weight, offset, _ = self._beside(part)
        return MemoryBlocks(
            self._kept(part),
            y,
            weight,
            offset,
            self._names,
            part if self._rows is None else self._rows[part],
            block_rows=self._size,
            threads=self._threads,
        )

    def _block(self, number: int) -> Block:
        return self._at(slice(int(self._edges[number]), int(self._edges[number + 1])))

    def _at(self, part: slice | Integers) -> Block:
        """Return rows by their positions, one by one or in one piece."""
        return Block(self._features(part), *self._beside(part))

    def _beside(self, part: slice | Integers) -> tuple[Array, Array, Array, Integers | range]:
        """Return target, weight, offset and numbers of rows."""
        y = self._y[part].astype(np.float64, copy=False)
        numbers: Integers | range
        if self._rows is not None:
            numbers = self._rows[part]
        elif isinstance(part, slice):
            numbers = range(part.start, part.stop)
        else:
            numbers = part
        return (
            y,
            _same(1.0, len(y)) if self._weight is None else self._weight[part],
            _same(0.0, len(y)) if self._offset is None else self._offset[part],
            numbers,
        )

    def _features(self, part: slice | Integers) -> NDArray[Any]:
        if isinstance(self._X, SparseRows):
            return self._X.dense(part)
        if isinstance(part, slice) or not self._X.flags.c_contiguous:
            return self._X[part]
        # Several times as fast; of another layout it would copy all of X first.
        return self._X.take(part, axis=0)

    def _kept(self, part: slice | Integers) -> NDArray[Any] | SparseRows:
        """Return the columns of rows as they are held."""
        return self._X.take(part) if isinstance(self._X, SparseRows) else self._features(part)

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
    return _twice(rows.X, rows.y, rows.weight, rows.offset, factors, names, threads)


def _twice(
    X: NDArray[Any] | SparseRows,
    y: Array,
    weight: Array,
    offset: Array,
    factors: Array,
    names: tuple[str, ...],
    threads: int,
) -> Drawn:
    return Drawn(
        MemoryBlocks(X, y, weight * factors, offset, names, threads=threads),
        MemoryBlocks(X, y, weight, offset, names, threads=threads),
    )


def blocks_of(
    found: Block, names: tuple[str, ...], block_rows: int, threads: int | None
) -> MemoryBlocks:
    """Return rows that were read as one block, as blocks of so many rows."""
    return MemoryBlocks(
        found.X,
        found.y,
        found.weight,
        found.offset,
        names,
        found.rows,
        block_rows=block_rows,
        threads=threads,
    )
