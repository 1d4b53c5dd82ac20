"""The largest row of a block in the metric of an inverse Hessian, compiled: one read."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.kernels.compiled.compiler import Compiled
from sigmoide.kernels.compiled.panels import fill, room_of_tile
from sigmoide.kernels.compiled.passing import Placed, aligned, place, where
from sigmoide.kernels.compiled.products import tile_reaches
from sigmoide.kernels.compiled.rows import clear, greatest, keep, spread_out, stretched, take_most
from sigmoide.kernels.compiled.squares import turn, whiten
from sigmoide.kernels.compiled.vectors import LANES, NUMBER
from sigmoide.kernels.reference import Extent
from sigmoide.problem.frame import Frame

# Rows that are solved for at once.
_TILE = 64


def extent_at(
    frame: Frame, lower: Array, scale: Array, deviation: Array
) -> Callable[[Block], Extent]:
    """Return the function of a block that gives the largest |z_i| in the metric of a factor.

    Parameters
    ----------
    frame, lower, scale, deviation
        As ``reference.extent`` takes them.
    """
    return partial(_extent_of, placed=place(frame), lower=lower, scale=scale, deviation=deviation)


def _extent_of(
    block: Block, placed: Placed, lower: Array, scale: Array, deviation: Array
) -> Extent:
    if not len(block.y):
        return Extent(0.0, 0.0)
    first, width, p = int(placed.frame.intercept), placed.width, placed.frame.size
    spread, b = placed.split(deviation)
    space = np.empty(room_of_tile(_TILE, width) + (width + first + 4) * _TILE + LANES)
    maxima = np.empty(2)
    _EXTENT(
        block.X,
        np.ascontiguousarray(lower).reshape(p * p),
        1.0 / np.diag(lower),
        np.ascontiguousarray(scale),
        spread,
        space,
        maxima,
        placed.layout(block.X),
        *placed.arguments,
        b,
        first,
    )
    norm, rounding = maxima.tolist()
    return Extent(math.sqrt(norm), rounding)


def _extent(
    like: float,
    X: Any,
    factor: Any,
    reciprocals: Any,
    stretches: Any,
    deviations: Any,
    space: Any,
    maxima: Any,
    layout: int,
    columns: int,
    d: int,
    width: int,
    scale: int,
    shift: int,
    b: float,
    first: int,
) -> None:
    tile, p = np.int64(_TILE), d + first
    L, over = where(factor), where(reciprocals)
    stretch, spread = where(stretches), where(deviations)
    part = tile * NUMBER
    norms = aligned(where(space))
    base, reach, most, Z = norms + part, norms + 2 * part, norms + 3 * part, norms + 4 * part
    W = Z + (tile + 1) * width * NUMBER
    start, row_stride, column_stride = where(X), X.strides[0], X.strides[1]
    clear(most, 2 * LANES)
    clear(base, tile)
    spread_out(base, b, base, tile)
    for low in range(0, len(X), tile):
        rows = min(tile, len(X) - low)
        at = start + low * row_stride
        fill(like, at, row_stride, column_stride, columns, d, scale, shift, Z, tile, rows, layout)
        for i in range(0, tile, LANES):
            tile_reaches(Z, tile, i, width, spread, base, reach)
        turn(Z, tile, width, W + first * part)
        for j in range(p):
            stretched(W + j * part, stretch + j * NUMBER, j < first, tile)
        whiten(W, tile, p, L, over, norms)
        take_most(norms, tile, most)
        take_most(reach, tile, most + LANES * NUMBER)
    keep(greatest(most), where(maxima))
    keep(greatest(most + LANES * NUMBER), where(maxima) + NUMBER)


_EXTENT = Compiled(_extent, reads=4, fills=2, rest="iiiiiifi")
