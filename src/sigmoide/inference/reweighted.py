"""Blocks whose rows count otherwise: each gets another weight, and those of weight 0 are gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.blocks import Array, Block, Blocks, Drawn, Integers
from sigmoide.data.memory import MemoryBlocks, blocks_of
from sigmoide.data.sample import Lowest, Stratum, draw, mixed
from sigmoide.data.streamed import Gather
from sigmoide.data.sums import Addable
from sigmoide.data.threads import default_threads

T = TypeVar("T", bound=Addable)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Rows of each block, and events among them; all of length (blocks that hold rows,)."""

    numbers: Integers
    kept: Integers
    events: Integers

    def __add__(self, other: _Counts) -> _Counts:
        return _Counts(
            np.concatenate([self.numbers, other.numbers]),
            np.concatenate([self.kept, other.kept]),
            np.concatenate([self.events, other.events]),
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A read that was made for what it did on the way."""

    def __add__(self, other: _Seen) -> _Seen:
        return self


class Reweighted:
    """Blocks with other weights.

    Parameters
    ----------
    blocks : Blocks
        The rows.
    weights : callable
        From a block to the weights of its rows, 0 or more; shape (rows,).
    """

    def __init__(self, blocks: Blocks, weights: Callable[[Block], Array]) -> None:
        self._blocks, self._weights = blocks, weights

    @property
    def names(self) -> tuple[str, ...]:
        return self._blocks.names

    @property
    def n_rows(self) -> int:
        """Rows that count: a read, when it is first asked for."""
        return int(self._counts[0].sum())

    @property
    def n_blocks(self) -> int:
        return self._blocks.n_blocks

    @property
    def rows_per_block(self) -> int:
        return self._blocks.rows_per_block

    @property
    def reads(self) -> int:
        return self._blocks.reads

    @property
    def source_rows(self) -> Integers:
        return np.asarray(self.map(lambda block: block.rows))

    def reduce(self, fn: Callable[[Block], T]) -> T:
        return self._blocks.reduce(lambda block: fn(self._block(block)))

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        return self._blocks.map(lambda block: fn(self._block(block)))

    def draw(self, rows: int, seed: int) -> Drawn:
        kept, events = (int(c.sum()) for c in self._counts)
        gathered = self._gathered(draw(kept - events, events, rows, seed))
        return gathered.drawn(self.names, default_threads())

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        return self.reduce(fn), self.draw(rows, 0)

    def sample(self, rows: int, seed: int) -> MemoryBlocks:
        first = np.concatenate([[0], np.cumsum(self._counts[0])])

        def lowest(block: Block) -> Lowest:
            start = first[self._number(block)] if len(block.rows) else 0
            here = self._block(block).rows
            positions = start + np.arange(len(here), dtype=np.int64)
            return Lowest(rows, mixed(here, seed), positions).kept()

        return self.take(self._blocks.reduce(lowest).positions)

    def take(self, positions: Integers) -> MemoryBlocks:
        found = self._gathered((Stratum(None, np.sort(positions), 1.0),)).found
        return blocks_of(found, self.names, self.rows_per_block, None)

    def without(self, rows: Integers) -> Blocks:
        return Reweighted(self._blocks.without(rows), self._weights)

    def _block(self, block: Block) -> Block:
        weight = self._weights(block)
        stay = np.flatnonzero(weight > 0.0)
        if len(stay) == len(weight):
            return replace(block, weight=weight)
        return Block(
            block.X[stay], block.y[stay], weight[stay], block.offset[stay], block.rows[stay]
        )

    def _number(self, block: Block) -> int:
        return int(block.rows[0]) // self.rows_per_block

    @cached_property
    def _counts(self) -> tuple[Integers, Integers]:
        """Rows that count in each block, and the events among them."""

        def of_block(block: Block) -> _Counts:
            if not len(block.rows):
                none = np.empty(0, dtype=np.int64)
                return _Counts(none, none, none)
            y = self._block(block).y
            events = np.count_nonzero(y > 0.5)
            return _Counts(np.array([self._number(block)]), np.array([len(y)]), np.array([events]))

        found = self._blocks.reduce(of_block)
        kept, events = (np.zeros(self.n_blocks, dtype=np.int64) for _ in range(2))
        kept[found.numbers], events[found.numbers] = found.kept, found.events
        return kept, events

    def _gathered(self, strata: tuple[Stratum, ...]) -> Gather:
        gather = Gather(strata, *self._counts, len(self.names))

        def pick(block: Block) -> _Seen:
            if len(block.rows):
                gather.pick(self._number(block), self._block(block))
            return _Seen()

        self._blocks.reduce(pick)
        return gather
