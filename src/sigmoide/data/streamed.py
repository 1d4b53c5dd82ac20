"""Blocks of rows that are not in memory: loaded, used and let go, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.blocks import Block, Drawn, Integers
from sigmoide.data.memory import MemoryBlocks, blocks_of, held, rows_per_block
from sigmoide.data.reading import added, each
from sigmoide.data.sample import Lowest, Stratum, draw, mixed
from sigmoide.data.sums import Addable
from sigmoide.data.threads import default_threads

T = TypeVar("T", bound=Addable)
R = TypeVar("R")


class Loader(Protocol):
    """Where the rows come from. Several threads ask at once."""

    @property
    def n_rows(self) -> int:
        """Rows of the source, those left out included."""
        ...

    def rows(self, low: int, high: int) -> Block:
        """Return what is used of the source's rows low, ..., high - 1."""
        ...

    def counts(self, block_rows: int) -> tuple[Integers, Integers]:
        """Return the rows used, and the events among them, in each block of so many rows."""
        ...


class StreamedBlocks:
    """Rows that a loader brings in anew for each read.

    The blocks, the sums and the rows drawn are those of :class:`MemoryBlocks` over the same rows,
    bit for bit.

    Parameters
    ----------
    loader : Loader
        Where the rows come from.
    names : tuple of str
        Names of the columns.
    block_rows : int, optional
        Source rows in a block; by default a fixed function of the number of columns.
    threads : int, optional
        Threads over blocks; by default all processors. The results do not depend on it.
    absent : ndarray of int64, optional
        Increasing row numbers of the source to leave out.
    """

    def __init__(
        self,
        loader: Loader,
        names: tuple[str, ...],
        *,
        block_rows: int | None = None,
        threads: int | None = None,
        absent: Integers | None = None,
    ) -> None:
        self._loader, self._names = loader, names
        self._size = block_rows or rows_per_block(len(names))
        self._threads = threads or default_threads()
        self._absent = np.empty(0, dtype=np.int64) if absent is None else absent
        self._reads = 0
        self._kept, self._events = self._count()

    def _count(self) -> tuple[Integers, Integers]:
        if not len(self._absent):
            kept, events = self._loader.counts(self._size)
        else:
            blocks = -(-self._loader.n_rows // self._size)
            pairs = list(each(self._classes, blocks, self._threads))
            kept, events = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        # As where they are in memory: the blocks end with the last row that is used.
        used = np.flatnonzero(kept)
        last = int(used[-1]) + 1 if len(used) else 0
        return kept[:last], events[:last]

    @property
    def names(self) -> tuple[str, ...]:
        return self._names

    @property
    def n_rows(self) -> int:
        return int(self._kept.sum())

    @property
    def n_blocks(self) -> int:
        return len(self._kept)

    @property
    def rows_per_block(self) -> int:
        return self._size

    @property
    def reads(self) -> int:
        return self._reads

    @property
    def source_rows(self) -> Integers:
        """Row numbers of the source of the rows used: a read."""
        return np.asarray(self.map(lambda block: block.rows))

    def reduce(self, fn: Callable[[Block], T]) -> T:
        self._reads += 1
        return added(lambda number: fn(self._block(number)), self.n_blocks, self._threads)

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        self._reads += 1
        return np.concatenate(list(self._each(fn)))

    def draw(self, rows: int, seed: int) -> Drawn:
        return self._gathered(self._strata(rows, seed)).drawn(self._names, self._threads)

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        self._reads += 1
        gather = Gather(self._strata(rows, 0), self._kept, self._events, len(self._names))

        def both(number: int) -> T:
            block = self._block(number)
            gather.pick(number, block)
            return fn(block)

        total = added(both, self.n_blocks, self._threads)
        return total, gather.drawn(self._names, self._threads)

    def sample(self, rows: int, seed: int) -> MemoryBlocks:
        first = np.concatenate([[0], np.cumsum(self._kept)])

        def lowest(block: Block) -> Lowest:
            number = int(block.rows[0]) // self._size if len(block.rows) else 0
            positions = first[number] + np.arange(len(block.rows), dtype=np.int64)
            return Lowest(rows, mixed(block.rows, seed), positions).kept()

        return self.take(self.reduce(lowest).positions)

    def take(self, positions: Integers) -> MemoryBlocks:
        found = self._gathered((Stratum(None, np.sort(positions), 1.0),)).found
        return blocks_of(found, self._names, self._size, self._threads)

    def without(self, rows: Integers) -> StreamedBlocks:
        return StreamedBlocks(
            self._loader,
            self._names,
            block_rows=self._size,
            threads=self._threads,
            absent=np.union1d(self._absent, rows),
        )

    def _strata(self, rows: int, seed: int) -> tuple[Stratum, ...]:
        events = int(self._events.sum())
        return draw(self.n_rows - events, events, rows, seed)

    def _block(self, number: int) -> Block:
        low = number * self._size
        block = self._loader.rows(low, min(low + self._size, self._loader.n_rows))
        if not len(self._absent):
            return block
        stay = ~np.isin(block.rows, self._absent)
        return Block(
            block.X[stay], block.y[stay], block.weight[stay], block.offset[stay], block.rows[stay]
        )

    def _classes(self, number: int) -> tuple[int, int]:
        y = self._block(number).y
        return len(y), int(np.count_nonzero(y > 0.5))

    def _gathered(self, strata: tuple[Stratum, ...]) -> Gather:
        self._reads += 1
        gather = Gather(strata, self._kept, self._events, len(self._names))
        wanted = gather.numbers

        def fetch(k: int) -> None:
            number = int(wanted[k])
            gather.pick(number, self._block(number))

        for _ in each(fetch, len(wanted), self._threads):
            pass
        return gather

    def _each(self, fn: Callable[[Block], R]) -> Iterator[R]:
        return each(lambda number: fn(self._block(number)), self.n_blocks, self._threads)


class Gather:
    """Rows drawn, picked up as the blocks that hold them pass, in any order.

    Parameters
    ----------
    strata : tuple of Stratum
        What was drawn.
    kept, events : ndarray of int64, shape (n_blocks,)
        Rows in each block, and the events among them.
    columns : int
        Columns of X.
    """

    def __init__(
        self, strata: tuple[Stratum, ...], kept: Integers, events: Integers, columns: int
    ) -> None:
        members = {None: kept, True: events, False: kept - events}
        self._strata = strata
        # Where each stratum's rows of a block begin, and among its ranks.
        self._first = [np.concatenate([[0], np.cumsum(members[s.event])]) for s in strata]
        self._edges = [
            np.searchsorted(s.ranks, first) for s, first in zip(strata, self._first, strict=True)
        ]
        counts = np.sum([np.diff(edges) for edges in self._edges], axis=0)
        self._places = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.numbers = np.flatnonzero(counts)
        total = int(self._places[-1])
        self.found = Block(
            np.empty((total, columns)),
            np.empty(total),
            np.empty(total),
            np.empty(total),
            np.empty(total, dtype=np.int64),
        )
        self._factors = np.empty(total)

    def pick(self, number: int, block: Block) -> None:
        """Keep the rows drawn of a block."""
        local, factors = [], []
        for stratum, first, edges in zip(self._strata, self._first, self._edges, strict=True):
            ranks = stratum.ranks[edges[number] : edges[number + 1]] - first[number]
            if stratum.event is not None:
                ranks = np.flatnonzero((block.y > 0.5) == stratum.event)[ranks]
            local.append(ranks)
            factors.append(np.full(len(ranks), stratum.factor))
        rows = np.concatenate(local)
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        part = slice(self._places[number], self._places[number + 1])
        found = self.found
        found.X[part], found.y[part] = block.X[rows], block.y[rows]
        found.weight[part], found.offset[part] = block.weight[rows], block.offset[rows]
        found.rows[part] = block.rows[rows]
        self._factors[part] = np.concatenate(factors)[order]

    def drawn(self, names: tuple[str, ...], threads: int) -> Drawn:
        """Return what was picked."""
        return held(self.found, self._factors, names, threads)
