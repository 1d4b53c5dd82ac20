"""The one-read kernel, compiled: value and gradient of a block, each row loaded once.

Rows are taken in tiles of a few dozen, which the cache still holds when the gradient comes back to
them, while memory is already asked for the next. All arithmetic is in float64, whatever the type
of X: rows are centred and scaled as they are loaded.

Each sum runs over eight rows, then over a few such groups, then over a tree: rounding grows with
the logarithm of the number of rows, and :mod:`sigmoide.kernels.compiled.additions` says how far.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.kernels.compiled.additions import CARRY, TILE
from sigmoide.kernels.compiled.additions import of_slope as accumulation
from sigmoide.kernels.compiled.compiler import Compiled
from sigmoide.kernels.compiled.link import (
    ABSOLUTE,
    BEND,
    LOSS,
    RESIDUAL,
    SQUARE,
    TOTALS,
    WIDE,
    link_apart,
    link_together,
    settle,
)
from sigmoide.kernels.compiled.panels import ROWS, fill, room_of_tile, rows_ahead
from sigmoide.kernels.compiled.passing import Placed, aligned, place, straight, where
from sigmoide.kernels.compiled.products import row_dots, row_gather, tile_dots, tile_gather
from sigmoide.kernels.compiled.rows import (
    carry,
    clear,
    collect,
    common_weight,
    keep,
    lanes,
    lay,
    put_away,
)
from sigmoide.kernels.compiled.vectors import LANES, NUMBER
from sigmoide.kernels.reference import Slope
from sigmoide.problem.frame import Frame

__all__ = ["accumulation", "slope", "slope_at"]

# Up to so many columns rows are laid out; beyond, the first-level cache would not hold them beside
# X, and rows that lie side by side are read there twice.
_MOST_LAID_OUT = 80

# What comes before the columns: value, |r|, r^2, p (1 - p), r.
_BEFORE = (LOSS, ABSOLUTE, SQUARE, BEND, RESIDUAL)


def slope_at(frame: Frame, theta: Array) -> Callable[[Block], Slope]:
    """Return the function of a block that gives value and gradient: one read of its rows.

    X is read where it lies, whatever its layout: row by row, in place; otherwise by way of a tile.
    """
    return partial(_slope_of, placed=place(frame), theta=theta)


def slope(block: Block, frame: Frame, theta: Array) -> Slope:
    """Return value and gradient of one block: one read of its rows."""
    return slope_at(frame, theta)(block)


def _slope_of(block: Block, placed: Placed, theta: Array) -> Slope:
    first, d, width = int(placed.frame.intercept), len(placed.columns), placed.width
    v, b = placed.split(theta)
    levels = (len(block.y) // CARRY).bit_length()
    length = TOTALS + width
    space = np.empty(room_of_tile(TILE, width) + 6 * TILE + LANES + (1 + levels) * length)
    totals = np.empty(len(_BEFORE) + width)
    _SLOPE(
        block.X,
        straight(block.y),
        straight(block.weight),
        straight(block.offset),
        v,
        space,
        totals,
        placed.layout(block.X),
        *placed.arguments,
        b,
    )
    value, residuals, squares, curvature = totals[:4].tolist()
    # The sum of the residuals, which is the intercept's, stands just before the columns.
    gradient = -totals[len(_BEFORE) - first : len(_BEFORE) + d]
    return Slope(value, gradient, residuals, squares, curvature)


def _slope(
    like: float,
    X: Any,
    y: Any,
    weight: Any,
    offset: Any,
    theta: Any,
    space: Any,
    totals: Any,
    layout: int,
    columns: int,
    d: int,
    width: int,
    scale: int,
    shift: int,
    b: float,
) -> None:
    n, tile, v = len(y), np.int64(TILE), where(theta)
    part = tile * NUMBER
    eta = aligned(where(space))
    y_, s, base, residual, bend = (
        eta + part,
        eta + 2 * part,
        eta + 3 * part,
        eta + 4 * part,
        eta + 5 * part,
    )
    sums = eta + 6 * part
    length = TOTALS + width
    slopes, tree = sums + TOTALS * NUMBER, sums + length * NUMBER
    start, row_stride, column_stride = where(X), X.strides[0], X.strides[1]
    labels, weights, offsets, out = where(y), where(weight), where(offset), where(totals)
    # Whole tiles ahead: half a tile is asked for by each of the two products.
    ahead = rows_ahead(tile, row_stride) * row_stride
    pending = 0.0
    varied, moved = weight.strides[0] != 0, offset.strides[0] != 0
    clear(sums, length)
    levels, carries = 0, n // CARRY
    while carries:
        levels += 1
        carries >>= 1
    Z = tree + levels * length * NUMBER
    for low in range(0, n, tile):
        rows = min(tile, n - low)
        whole = rows == tile
        in_place = whole and layout == ROWS and width > _MOST_LAID_OUT
        at = start + low * row_stride
        lay(labels + low * NUMBER, True, rows, 0.0, y_, tile)
        if varied or low == 0 or not whole:
            lay(weights + low * weight.strides[0], varied, rows, 0.0, s, tile)
        if moved or low == 0:
            lay(offsets + low * offset.strides[0], moved, rows, b, base, tile)
        if in_place:
            for i in range(0, tile, LANES):
                far = i * row_stride
                row_dots(
                    like, at + far, row_stride, d, scale, shift, v, base, eta, i, at + far + ahead
                )
        else:
            fill(
                like,
                at,
                row_stride,
                column_stride,
                columns,
                d,
                scale,
                shift,
                Z,
                tile,
                rows,
                layout,
            )
            for i in range(0, tile, LANES):
                far = at + i * row_stride + ahead
                tile_dots(like, Z, tile, i, width, v, base, eta, far)
        common = common_weight(s, tile) if whole else np.nan
        if common == common:
            if common != pending:
                settle(sums, pending)
                pending = common
            for i in range(0, tile, WIDE):
                link_together(eta, y_, s, i, residual, bend, sums)
        else:
            for i in range(0, tile, WIDE):
                link_apart(eta, y_, s, i, residual, bend, sums)
        # The other half of the rows that the next tile will want.
        half = ahead + LANES // 2 * row_stride
        for i in range(0, tile, LANES):
            here = at + i * row_stride
            far = here + half
            if in_place:
                row_gather(like, here, row_stride, d, scale, shift, residual, i, slopes, far)
            else:
                tile_gather(like, Z, tile, i, width, residual, slopes, far)
        if (low + tile) % CARRY == 0:
            settle(sums, pending)
            carry(sums, length, tree, carries)
            carries += 1
    settle(sums, pending)
    collect(tree, length, carries, sums)
    for k in range(len(_BEFORE)):
        keep(lanes(sums + _BEFORE[k] * LANES * NUMBER), out + k * NUMBER)
    put_away(slopes, out + len(_BEFORE) * NUMBER, width)


_SLOPE = Compiled(_slope, reads=4, fills=2, rest="iiiiiif")
