"""A few rows in the coordinates of a frame, put one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.problem.frame import Frame

# Beside so many rows a diagonal is begun and proved with: these always,
_LEAST_ROWS = 256
# and as many for each column as long as they are no more numbers than that (8 MiB).
_ROWS_EACH, _MOST_NUMBERS = 0.25, 1 << 20


@dataclass(frozen=True, slots=True)
class SampledRows:
    """Some rows.

    Attributes
    ----------
    Z : ndarray, shape (p, m)
        The rows in the frame, side by side.
    offset, weight : ndarray, shape (m,)
        Theirs.
    """

    Z: Array
    offset: Array
    weight: Array


@dataclass(frozen=True, slots=True)
class _Parts:
    blocks: tuple[Block, ...]

    def __add__(self, other: _Parts) -> _Parts:
        return _Parts(self.blocks + other.blocks)


def sampled_rows(part: Blocks, frame: Frame) -> SampledRows:
    """Return all rows of ``part``: few."""
    blocks = part.reduce(lambda block: _Parts((block,))).blocks
    return SampledRows(
        np.concatenate([frame.columnwise(block) for block in blocks], axis=1),
        np.concatenate([block.offset for block in blocks]),
        np.concatenate([block.weight for block in blocks]),
    )


def rows_beside(size: int) -> int:
    """Return how many rows go with a diagonal of so many coordinates."""
    return max(_LEAST_ROWS, min(int(_ROWS_EACH * size), _MOST_NUMBERS // max(size, 1)))
