"""Rows, and for each of them two pseudo-rows that a column marks: the data that FLAC fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide import objective
from sigmoide.certificate import Factor
from sigmoide.data.blocks import Array, Block, Blocks, Drawn, Integers
from sigmoide.data.sums import Addable
from sigmoide.inference.firth_surface import leverages
from sigmoide.kernels.frame import Frame

T = TypeVar("T", bound=Addable)

# The row itself, a pseudo-row that is an event, and one that is none.
_COPIES = 3


@dataclass(frozen=True, slots=True)
class Augmented:
    """Blocks in which each row stands three times: itself, and two pseudo-rows.

    The pseudo-rows have the row's columns, weights h_i / 2 (h_i the leverage at an estimate), one
    of them is an event and one is not, and a last column is 1 for them and 0 for the row itself.
    Copy k of row r has the row number 3 r + k.

    Attributes
    ----------
    blocks : Blocks
        The rows.
    frame : Frame
        Coordinates of the estimate: its columns are the ones that are kept, before the mark.
    theta : ndarray, shape (p,)
        The estimate.
    information : Factor
        Of the Fisher information there, in these coordinates.
    mark : str
        Name of the last column.
    absent : ndarray of int64
        Row numbers that are left out.
    """

    blocks: Blocks
    frame: Frame
    theta: Array
    information: Factor
    mark: str
    absent: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def names(self) -> tuple[str, ...]:
        return (*(self.blocks.names[j] for j in self.frame.columns), self.mark)

    @property
    def n_rows(self) -> int:
        return _COPIES * self.blocks.n_rows - len(self.absent)

    @property
    def n_blocks(self) -> int:
        return self.blocks.n_blocks

    @property
    def rows_per_block(self) -> int:
        return _COPIES * self.blocks.rows_per_block

    @property
    def reads(self) -> int:
        return self.blocks.reads

    @property
    def source_rows(self) -> Integers:
        return np.asarray(self.map(lambda block: block.rows))

    def reduce(self, fn: Callable[[Block], T]) -> T:
        return self.blocks.reduce(lambda block: fn(self._grown(block)))

    def map(self, fn: Callable[[Block], NDArray[Any]]) -> NDArray[Any]:
        return self.blocks.map(lambda block: fn(self._grown(block)))

    def draw(self, rows: int, seed: int) -> Drawn:
        return self._drawn(self.blocks.draw(-(-rows // _COPIES), seed))

    def survey(self, fn: Callable[[Block], T], rows: int) -> tuple[T, Drawn]:
        grown = -(-rows // _COPIES)
        total, drawn = self.blocks.survey(lambda block: fn(self._grown(block)), grown)
        return total, self._drawn(drawn)

    def sample(self, rows: int, seed: int) -> Augmented:
        fewer = self.blocks.sample(-(-rows // _COPIES), seed)
        return replace(self, blocks=fewer)

    def take(self, positions: Integers) -> Augmented:
        numbers = self.source_rows
        stay = np.zeros(len(numbers), dtype=bool)
        stay[positions] = True
        return self.without(numbers[~stay])

    def without(self, rows: Integers) -> Augmented:
        return replace(self, absent=np.union1d(self.absent, rows))

    def _drawn(self, drawn: Drawn) -> Drawn:
        # Rows drawn are numbered anew: those left out here are none of theirs.
        none = self.absent[:0]
        return Drawn(
            replace(self, blocks=drawn.standing, absent=none),
            replace(self, blocks=drawn.plain, absent=none),
        )

    def _grown(self, block: Block) -> Block:
        n = len(block.y)
        Z = self.frame.design(block)
        eta = block.offset + Z @ self.theta
        h = leverages(block, Z, objective.curvature(eta), self.information)
        X = np.empty((_COPIES * n, len(self.frame.columns) + 1))
        X[:, :-1] = np.repeat(block.X[:, self.frame.columns], _COPIES, axis=0)
        X[:, -1] = np.tile([0.0, 1.0, 1.0], n)
        copies = np.arange(_COPIES, dtype=np.int64)
        grown = Block(
            X,
            np.column_stack([block.y, np.ones(n), np.zeros(n)]).ravel(),
            np.column_stack([block.weight, h / 2.0, h / 2.0]).ravel(),
            np.repeat(block.offset, _COPIES),
            (_COPIES * block.rows[:, None] + copies).ravel(),
        )
        if not len(self.absent):
            return grown
        stay = ~np.isin(grown.rows, self.absent)
        return Block(
            grown.X[stay], grown.y[stay], grown.weight[stay], grown.offset[stay], grown.rows[stay]
        )
