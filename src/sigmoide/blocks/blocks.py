"""The one interface for data: blocks of rows, and results that add up.

Everything downstream sees only :class:`Blocks`, so all of it works wherever the rows live.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, final

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.arrays import Arrays, SparseRows
from sigmoide.blocks.block import (
    Addable,
    Array,
    Block,
    Counts,
    Integers,
    RowSource,
    SomeRows,
    View,
    classes_of,
    up_to_last,
)
from sigmoide.blocks.sample import Gather, Lowest, Stratum, draw, mixed
from sigmoide.blocks.threads import added, default_threads, each

T = TypeVar("T", bound=Addable)


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


@dataclass(slots=True)
class _Reads:
    """Reads of a source, through whatever views."""

    made: int = 0


@final
class Blocks:
    """A data set that is read in blocks.

    Blocks, sums and rows drawn follow from the rows, their numbers and the size of the blocks: not
    from where they live, nor from the number of threads.

    Parameters
    ----------
    source : RowSource
        Where the rows come from.
    threads : int, optional
        Threads over blocks; by default all processors.
    view : View, optional
        How the rows are seen.

    Attributes
    ----------
    names : tuple of str
        Names of the columns of X.
    n_blocks : int
        Blocks that a read goes through.
    rows_per_block : int
        Most rows in one block.
    """

    def __init__(
        self,
        source: RowSource,
        *,
        threads: int | None = None,
        view: View | None = None,
    ) -> None:
        self.source, self.threads = source, threads or default_threads()
        self._view = view
        self._copies = 1 if view is None else view.copies
        self._reads = _Reads()
        self.names = source.names if view is None else view.names
        self.n_blocks = source.n_blocks
        self.rows_per_block = self._copies * source.rows_per_block

    @property
    def n_rows(self) -> int:
        """Rows with positive weight."""
        if isinstance(self.source, Arrays):
            return self._copies * self.source.n_rows
        return self._copies * int(self._counts[0].sum())

    @property
    def reads(self) -> int:
        """Reads made so far, of these rows through any view: each sum and each ``map`` is one."""
        return self._reads.made

    @property
    def source_rows(self) -> Integers:
        """Row numbers of the source, one for each row; asked for only to name some."""
        if isinstance(self.source, Arrays) and self._copies == 1:
            return self.source.rows
        return self.map(lambda block: block.rows)

    def load(self, number: int) -> Block:
        """Return one block, as it is seen."""
        block = self.source.load(number)
        return block if self._view is None else self._view.see(block)

    def reduce(self, fn: Callable[[Block], T]) -> T:
        """Sum ``fn(block)`` over the blocks, in a fixed tree."""
        return self._added(lambda number: fn(self.load(number)))

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        """Concatenate ``fn(block)``, one entry (or row) for each row, in row order."""
        self._reads.made += 1
        parts = each(lambda number: fn(self.load(number)), self.n_blocks, self.threads)
        return np.concatenate(list(parts))

    def draw(self, rows: int, seed: int) -> Drawn:
        """Return so many rows, spread over all of them, the rarer class never lost."""
        drawn, factors = self._picked(self._strata(rows, seed))
        return _twice(drawn, factors, self.threads, self._view)

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        """Return the sum and a draw (seed 0) of one and the same read."""
        source, see = self.source, None if self._view is None else self._view.see
        if isinstance(source, Arrays):
            return self.reduce(fn), self.draw(rows, 0)
        gather = Gather(self._strata(rows, 0), *self._counts, len(source.names))

        def both(number: int) -> T:
            block = source.load(number)
            gather.pick(number, block)
            return fn(block if see is None else see(block))

        total = self._added(both)
        drawn, factors = _rows_of(gather, source)
        return total, _twice(drawn, factors, self.threads, self._view)

    def sample(self, rows: int, seed: int) -> Blocks:
        """Return so many rows, chosen by a hash of their row numbers; held in memory."""
        source, rows = self.source, -(-rows // self._copies)
        if not isinstance(source, Arrays):
            first = np.concatenate([[0], np.cumsum(self._counts[0])])
            self._reads.made += 1
            positions = _lowest(source, first, rows, seed, self.threads)
        elif rows < source.n_rows:
            positions = np.argpartition(mixed(source.rows, seed), rows - 1)[:rows]
        else:
            return self
        return self._taken(positions)

    def take(self, positions: Integers) -> Blocks:
        """Return the rows at these positions (of the rows held), in order; held in memory."""
        if self._copies > 1:
            return self.without(np.delete(self.source_rows, positions))
        return self._taken(positions)

    def without(self, rows: Integers) -> Blocks:
        """Return all rows but those of these row numbers of the source."""
        # One copy of a row may go, and the others stay.
        source, view = (self, None) if self._copies > 1 else (self.source, self._view)
        if isinstance(source, Arrays):
            left: RowSource = source.take(np.flatnonzero(~np.isin(source.rows, rows)))
        else:
            part = SomeRows(source, lambda block: block.only(~np.isin(block.rows, rows)))
            left = SomeRows(source, part.see, up_to_last(_counted(part, self.threads)))
        return Blocks(left, threads=self.threads, view=view)

    def with_view(self, view: View) -> Blocks:
        """Return all rows, viewed through a function of a block; a read of them is one of these."""
        blocks = Blocks(
            self.source,
            threads=self.threads,
            view=view.over(self._view),
        )
        blocks._reads = self._reads
        return blocks

    def filtered(self, see: Callable[[Block], Block]) -> Blocks:
        """Return the rows that a function of a block leaves; a read of them is one of these."""
        blocks = Blocks(SomeRows(self, see), threads=self.threads)
        blocks._reads = self._reads
        return blocks

    def _added(self, task: Callable[[int], T]) -> T:
        self._reads.made += 1
        return added(task, self.n_blocks, self.threads)

    @cached_property
    def _counts(self) -> Counts:
        """Rows of each block of the source, and events: a read where it does not know them."""
        known: Counts | None = getattr(self.source, "counts", None)
        if known is None:
            self._reads.made += 1
            known = _counted(self.source, self.threads)
        return known

    def _strata(self, rows: int, seed: int) -> tuple[Stratum, ...]:
        """Choose rows of the source, as many as make so many that are seen."""
        source = self.source
        events = source.events if isinstance(source, Arrays) else int(self._counts[1].sum())
        others = self.n_rows // self._copies - events
        return draw(others, events, -(-rows // self._copies), seed)

    def _picked(self, strata: tuple[Stratum, ...]) -> tuple[Arrays, Array]:
        """Return rows of the source, and what makes them stand for all: a read, but in memory."""
        if isinstance(self.source, Arrays):
            return self.source.pick(strata)
        gather = Gather(strata, *self._counts, len(self.source.names))
        self._reads.made += 1

        def fetch(k: int) -> None:
            number = int(gather.wanted[k])
            gather.pick(number, self.source.load(number))

        for _ in each(fetch, len(gather.wanted), self.threads):
            pass
        return _rows_of(gather, self.source)

    def _taken(self, positions: Integers) -> Blocks:
        rows, _ = self._picked((Stratum(None, np.sort(positions), 1.0),))
        return Blocks(rows, threads=self.threads, view=self._view)


def _twice(rows: Arrays, factors: Array, threads: int, view: View | None) -> Drawn:
    return Drawn(
        Blocks(rows.renumbered(factors), threads=threads, view=view),
        Blocks(rows.renumbered(), threads=threads, view=view),
    )


def _counted(source: RowSource, threads: int) -> Counts:
    pairs = list(each(lambda k: classes_of(source.load(k)), source.n_blocks, threads))
    kept, events = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return kept, events


def _lowest(source: RowSource, first: Integers, rows: int, seed: int, threads: int) -> Integers:
    """Return the positions of the rows whose hashes are lowest, given those of the blocks."""

    def lowest(number: int) -> Lowest:
        numbers = source.load(number).rows
        positions = first[number] + np.arange(len(numbers), dtype=np.int64)
        return Lowest(rows, mixed(numbers, seed), positions).kept()

    return added(lowest, source.n_blocks, threads).positions


def _rows_of(gather: Gather, source: RowSource) -> tuple[Arrays, Array]:
    """Return the rows that were picked up, and what makes them stand for all."""
    drawn, size = gather.drawn, source.rows_per_block
    rows = Arrays(drawn.X, drawn.y, drawn.weight, drawn.offset, source.names, drawn.rows, size)
    return rows, gather.factors


def array_blocks(
    X: NDArray[Any] | SparseRows,
    y: NDArray[Any],
    weight: Array | None,
    offset: Array | None,
    names: tuple[str, ...],
    rows: Integers | None = None,
    *,
    block_rows: int | None = None,
    threads: int | None = None,
) -> Blocks:
    """Return the blocks of arrays in memory, as :class:`Arrays` takes them."""
    return Blocks(Arrays(X, y, weight, offset, names, rows, block_rows), threads=threads)
