"""Moments of the columns, compiled: what ``blocks.moments`` learns, in one pass over the rows."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from sigmoide.blocks.block import Block
from sigmoide.blocks.moments import Moments, moments, quiet, split_sum
from sigmoide.kernels.compiled.additions import TILE
from sigmoide.kernels.compiled.compiler import Compiled
from sigmoide.kernels.compiled.panels import entry, fill, room_of_tile, rows_ahead
from sigmoide.kernels.compiled.passing import Placed, aligned, padded, place, straight, where
from sigmoide.kernels.compiled.rows import (
    add_lanes,
    add_products,
    clear,
    fill_with,
    greatest,
    keep,
    lanes,
    lay,
    spread_out,
    take_most,
)
from sigmoide.kernels.compiled.vectors import I64, LANES, NUMBER, Vectors, built
from sigmoide.problem.frame import Frame

# Rows whose mean is subtracted before anything is squared.
_BASE_ROWS = 32
_FEW_ROWS = 256
# What is found before the columns: s, s y, the largest |o|.
_BEFORE = 3


@quiet
def column_moments(block: Block) -> Moments:
    """Return the moments of one block, equal to :func:`sigmoide.blocks.moments.moments`."""
    n, d = block.X.shape
    if n < _FEW_ROWS or not d:
        return moments(block)
    X = block.X
    # Near the mean, so that squares around it do not cancel; a constant column keeps its value.
    first = X[0].astype(np.float64)
    spaced = np.array(X[:: max(n // _BASE_ROWS, 1)], dtype=np.float64, order="C")
    base = first + (spaced - first).mean(axis=0)
    at = _unscaled(d)
    sums = np.empty(_BEFORE + 4 * at.width)
    _MOMENTS(
        X,
        straight(block.y),
        straight(block.weight),
        straight(block.offset),
        padded(base),
        np.empty(room_of_tile(TILE, at.width) + 3 * TILE + 4 * LANES),
        sums,
        at.layout(X),
        *at.arguments,
    )
    total, events, reach = sums[:_BEFORE].tolist()
    low, high, shifted, squares = sums[_BEFORE:].reshape(4, -1)[:, :d]
    mean = shifted / total
    centre, rest = split_sum(base, mean)
    return Moments(
        n,
        total,
        events,
        centre,
        rest,
        np.maximum(squares - total * mean**2, 0.0),
        low,
        high,
        reach,
    )


@cache
def _unscaled(d: int) -> Placed:
    """Return the frame in which z is x."""
    none = np.zeros(d, dtype=np.int64)
    return place(Frame(np.arange(d), np.zeros(d), none, False))


@built
def tile_moments(
    put: Vectors,
    _like: Any,
    Z: Any,
    tile: Any,
    width: Any,
    s: Any,
    base: Any,
    sums: Any,
    ahead: Any,
) -> None:
    """Take in a tile of x: least, greatest, sum of s (x - base), of s (x - base)^2 by column.

    Meanwhile ask for the rows of X that lie ahead.
    """
    b = put.builder

    def chunk(j: Any) -> None:
        middle = put.load(put.place(base, j))
        places = [put.place(sums, b.add(b.mul(width, I64(k)), j)) for k in range(4)]
        start = [put.load(places[0]), put.load(places[1]), put.every(0.0), put.every(0.0)]
        low, high, shifted, squares = (put.variable(x) for x in start)

        def row(i: Any) -> None:
            far = b.add(b.mul(j, tile), b.mul(i, I64(LANES)))
            put.ask(put.beyond(ahead, far, put.size), 1)
            x, weight = put.load(entry(put, Z, tile, i, j)), put.spread(s, i)
            for kept, sign in ((low, "<"), (high, ">")):
                before = b.load(kept)
                b.store(b.select(b.fcmp_ordered(sign, x, before), x, before), kept)
            t = b.fsub(x, middle)
            u = b.fmul(weight, t)
            b.store(b.fadd(b.load(shifted), u), shifted)
            b.store(put.fused(u, t, b.load(squares)), squares)

        put.loop(tile, row, 1)
        put.store(b.load(low), places[0])
        put.store(b.load(high), places[1])
        for kept, there in ((shifted, places[2]), (squares, places[3])):
            put.store(b.fadd(put.load(there), b.load(kept)), there)

    put.loop(width, chunk)


def _moments(
    like: float,
    X: Any,
    y: Any,
    weight: Any,
    offset: Any,
    middle: Any,
    space: Any,
    sums: Any,
    layout: int,
    columns: int,
    d: int,
    width: int,
    ones: int,
    zeros: int,
) -> None:
    n, tile, base = len(y), np.int64(TILE), where(middle)
    s = aligned(where(space))
    y_, o = s + tile * NUMBER, s + 2 * tile * NUMBER
    total, events, reach = (
        o + tile * NUMBER,
        o + (tile + LANES) * NUMBER,
        o + (tile + 2 * LANES) * NUMBER,
    )
    Z = reach + LANES * NUMBER
    clear(total, 3 * LANES)
    out = where(sums)
    columns_at = out + _BEFORE * NUMBER
    fill_with(np.inf, columns_at, width)
    fill_with(-np.inf, columns_at + width * NUMBER, width)
    clear(columns_at + 2 * width * NUMBER, 2 * width)
    start, row_stride, column_stride = where(X), X.strides[0], X.strides[1]
    labels, weights, offsets = where(y), where(weight), where(offset)
    ahead = rows_ahead(tile, row_stride) * row_stride
    varied, moved = weight.strides[0] != 0, offset.strides[0] != 0
    for low in range(0, n, tile):
        rows = min(tile, n - low)
        lay(labels + low * NUMBER, True, rows, 0.0, y_, tile)
        lay(weights + low * weight.strides[0], varied, rows, 0.0, s, tile)
        if moved or low == 0:
            lay(offsets + low * offset.strides[0], moved, rows, 0.0, o, tile)
            spread_out(o, 0.0, o, tile)
            take_most(o, tile, reach)
        add_lanes(s, tile, total)
        add_products(s, y_, tile, events)
        at = start + low * row_stride
        fill(like, at, row_stride, column_stride, columns, d, ones, zeros, Z, tile, rows, layout)
        tile_moments(like, Z, tile, width, s, base, columns_at, at + ahead)
    keep(lanes(total), out)
    keep(lanes(events), out + NUMBER)
    keep(greatest(reach), out + 2 * NUMBER)


_MOMENTS = Compiled(_moments, reads=4, fills=2, rest="iiiiii")
