"""The arithmetic of a block in NumPy, a tile of rows at a time: no compiler is waited for.

For small data, and for samples. The numbers are those of the reference, up to rounding; inside a
tile they may be added in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Array, Block, depth
from sigmoide.kernels.reference import FEW_DIGITS, Local, Slope
from sigmoide.problem.frame import Frame

# Numbers of a tile: they stay in the cache while they are scaled and multiplied.
_TILE = 1 << 16
_LEAST_ROWS = 256


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows in a frame, laid out column by column: loops over many rows are long ones.

    ``sign`` is 1 for the event and -1 for the other class; ``offset`` is None where all are 0.
    """

    Z: Array
    sign: Array
    weight: Array
    offset: Array | None


@dataclass(frozen=True, slots=True)
class _Link:
    """What the link makes of rows: their loss, s (y - p), s p (1 - p) and |y - p|."""

    value: float
    residual: Array
    bend: Array
    wrong: Array


@dataclass(frozen=True, slots=True)
class Tiles:
    """Blocks as they are worked on in one frame.

    Attributes
    ----------
    frame : Frame
        The coordinates.
    keep : bool
        Whether the rows of all blocks in the frame are kept from one point to the next.
    rough : bool
        Whether the products of a Hessian are made in float32.
    """

    frame: Frame
    keep: bool = False
    rough: bool = False
    _kept: dict[int, tuple[_Rows, ...]] = field(default_factory=dict)

    def local(self, block: Block, theta: Array) -> Local:
        """Return value, gradient and Hessian of one block."""
        size = self.frame.size
        total, hessian = _none(size), np.zeros((size, size))
        for rows in self._tiles(block):
            link = _linked(rows, theta)
            total += _slope(rows, link)
            hessian += self._products(rows.Z, np.sqrt(link.bend))
        return Local(total, hessian)

    def slope(self, block: Block, theta: Array) -> Slope:
        """Return value and gradient of one block."""
        total = _none(self.frame.size)
        for rows in self._tiles(block):
            total += _slope(rows, _linked(rows, theta))
        return total

    def _products(self, Z: Array, scale: Array) -> NDArray[Any]:
        """Return sum_i scale_i^2 z_i z_i'."""
        scaled = np.empty(Z.shape, dtype=np.float32 if self.rough else np.float64)
        np.multiply(Z, scale, out=scaled, casting="same_kind")
        return np.asarray(scaled @ scaled.T)

    def accumulation(self, rows_per_block: int, n_blocks: int) -> int:
        """Return the most additions one product goes through in a sum over all rows."""
        tile = tile_rows(self.frame.size)
        return min(tile, rows_per_block) + -(-rows_per_block // tile) + depth(n_blocks)

    def _tiles(self, block: Block) -> Iterable[_Rows]:
        if not self.keep or not len(block.y):
            return self._made(block)
        number = int(block.numbers[0])
        tiles = self._kept.get(number)
        if tiles is None:
            tiles = self._kept[number] = tuple(self._made(block))
        return tiles

    def _made(self, block: Block) -> Iterator[_Rows]:
        step = tile_rows(self.frame.size)
        for low in range(0, len(block.y), step):
            yield self._framed(_part(block, slice(low, low + step)))

    def _framed(self, block: Block) -> _Rows:
        offset = block.offset if block.offset.any() else None
        return _Rows(self.frame.columnwise(block), 2.0 * block.y - 1.0, block.weight, offset)


def tile_rows(size: int) -> int:
    """Return the rows of a tile."""
    return max(_TILE // max(size, 1), _LEAST_ROWS)


def _part(block: Block, rows: slice) -> Block:
    return replace(
        block,
        X=block.X[rows],
        y=block.y[rows],
        weight=block.weight[rows],
        offset=block.offset[rows],
        numbers=block.numbers[rows],
    )


def _none(size: int) -> Slope:
    return Slope(0.0, np.zeros(size), 0.0, 0.0, 0.0)


def _slope(rows: _Rows, link: _Link) -> Slope:
    wrong = rows.weight * link.wrong
    return Slope(
        link.value,
        -(rows.Z @ link.residual),
        float(wrong.sum()),
        float(wrong @ link.wrong),
        float(link.bend.sum()),
    )


def _linked(rows: _Rows, theta: Array) -> _Link:
    """Apply the link; towards the wrong class the loss is softplus and the residual sigmoid."""
    eta = theta @ rows.Z
    if rows.offset is not None:
        eta += rows.offset
    against = -rows.sign * eta
    small = np.exp(-np.abs(against))
    large = 1.0 / (1.0 + small)
    value = float(rows.weight @ (np.maximum(against, 0.0) + np.log1p(small)))
    wrong = np.maximum(small, against > 0.0) * large
    bend = large * large * small
    # Near the smallest floats digits are lost: less curvature is claimed than there is.
    bend *= bend > FEW_DIGITS
    bend *= rows.weight
    return _Link(value, rows.weight * rows.sign * wrong, bend, wrong)


# So few numbers are read in NumPy before compiled kernels could be loaded, or even compiled.
FEW_NUMBERS = 1 << 17


def worth_compiling(rows: int, size: int) -> bool:
    """Return whether so many rows of so many coordinates are read by compiled kernels.

    The same for the same data, wherever they live and whatever is loaded already: the two ways
    differ in rounding.
    """
    return rows * size > FEW_NUMBERS
