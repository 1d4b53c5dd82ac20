"""Blocks seen through a function of each block: some of the columns, or the offset moved.

Nothing is copied but what a block needs while it is worked on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.blocks import Block, Blocks, Drawn, Integers
from sigmoide.data.sums import Addable
from sigmoide.kernels.frame import Frame
from sigmoide.model.records import Coefficients

T = TypeVar("T", bound=Addable)


@dataclass(frozen=True, slots=True)
class Altered:
    """Blocks whose rows stay, one for one, and whose columns or offset do not.

    Attributes
    ----------
    blocks : Blocks
        What is read.
    names : tuple of str
        Names of the columns that are seen.
    alter : callable
        From a block as read to the block as seen, of the same rows.
    """

    blocks: Blocks
    names: tuple[str, ...]
    alter: Callable[[Block], Block]

    @property
    def n_rows(self) -> int:
        return self.blocks.n_rows

    @property
    def n_blocks(self) -> int:
        return self.blocks.n_blocks

    @property
    def rows_per_block(self) -> int:
        return self.blocks.rows_per_block

    @property
    def reads(self) -> int:
        return self.blocks.reads

    @property
    def source_rows(self) -> Integers:
        return self.blocks.source_rows

    def reduce(self, fn: Callable[[Block], T]) -> T:
        return self.blocks.reduce(lambda block: fn(self.alter(block)))

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        return self.blocks.map(lambda block: fn(self.alter(block)))

    def draw(self, rows: int, seed: int) -> Drawn:
        return self._drawn(self.blocks.draw(rows, seed))

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        total, drawn = self.blocks.survey(lambda block: fn(self.alter(block)), rows)
        return total, self._drawn(drawn)

    def sample(self, rows: int, seed: int) -> Altered:
        return replace(self, blocks=self.blocks.sample(rows, seed))

    def take(self, positions: Integers) -> Altered:
        return replace(self, blocks=self.blocks.take(positions))

    def without(self, rows: Integers) -> Altered:
        return replace(self, blocks=self.blocks.without(rows))

    def _drawn(self, drawn: Drawn) -> Drawn:
        return Drawn(replace(self, blocks=drawn.standing), replace(self, blocks=drawn.plain))


def some_columns(blocks: Blocks, columns: Sequence[int]) -> Altered:
    """Return blocks with these columns only, in this order; neighbours are not copied."""
    chosen = np.asarray(columns, dtype=np.int64)
    names = tuple(blocks.names[j] for j in chosen)
    neighbours = len(chosen) > 0 and bool((np.diff(chosen) == 1).all())
    at: Any = slice(int(chosen[0]), int(chosen[-1]) + 1) if neighbours else chosen
    return Altered(blocks, names, lambda block: replace(block, X=block.X[:, at]))


def given_slopes(blocks: Blocks, kept: Coefficients, constant: float) -> Altered:
    """Return blocks without columns, whose offset is what slopes make of the columns.

    The offset grows by constant + sum_j (x_j - centre_j) coef_j: what is left to fit is what the
    intercept at the centre has beyond the constant.
    """
    none = np.zeros(len(kept.columns), dtype=np.int64)
    frame = Frame(kept.columns, kept.centre, none, False)

    def alter(block: Block) -> Block:
        moved = block.offset + constant + frame.design(block) @ kept.coef
        return replace(block, X=block.X[:, :0], offset=moved)

    return Altered(blocks, (), alter)
