"""Value, gradient and Hessian of a block, and what a proof asks of it, compiled: one read each.

Rows are taken in tiles, centred and scaled; of a tile A = sqrt(s p (1-p)) z, the products A'A are
added up in registers. They equal ``reference.local`` and ``reference.evidence`` but for rounding,
and :mod:`sigmoide.kernels.compiled.additions` says how far that goes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.kernels.compiled.additions import LONG_TILE, TILES
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
)
from sigmoide.kernels.compiled.panels import fill, room_of_tile, rows_ahead
from sigmoide.kernels.compiled.passing import Placed, aligned, place, straight, where
from sigmoide.kernels.compiled.products import tile_dots, tile_gather, tile_loads, tile_reaches
from sigmoide.kernels.compiled.rows import (
    add_lanes,
    add_onto,
    add_products,
    carry,
    clear,
    collect,
    greatest,
    keep,
    lanes,
    lay,
    put_away,
    spread_out,
    take_most,
)
from sigmoide.kernels.compiled.squares import mirror, roots, tile_squares, tile_times
from sigmoide.kernels.compiled.vectors import LANES, NUMBER
from sigmoide.kernels.reference import FEW_DIGITS, CertificateSums, Local, Slope
from sigmoide.problem import objective
from sigmoide.problem.frame import Frame

# What is found before the vectors: value, |r|, r^2, c, r, c E, s, and the greatest E.
_SUMMED = (LOSS, ABSOLUTE, SQUARE, BEND, RESIDUAL)
_BEFORE = len(_SUMMED) + 3


def local_at(frame: Frame, theta: Array) -> Callable[[Block], Local]:
    """Return the function of a block that gives value, gradient and Hessian."""
    return partial(_local_of, placed=place(frame), theta=theta)


def evidence_at(frame: Frame, theta: Array) -> Callable[[Block], CertificateSums]:
    """Return the function of a block that gives what a proof needs of it."""
    return partial(_evidence_of, placed=place(frame), theta=theta)


def _local_of(block: Block, placed: Placed, theta: Array) -> Local:
    sums, gradient, _, hessian = _looked(block, placed, theta, loads=False)
    value, residuals, squares, bend = sums[:4]
    return Local(Slope(value, gradient, residuals, squares, bend), hessian)


def _evidence_of(block: Block, placed: Placed, theta: Array) -> CertificateSums:
    sums, gradient, load, hessian = _looked(block, placed, theta, loads=True)
    value, residuals, _, _, _, curved, weight, reach = sums
    eta_load = (
        objective.LINK_ROUNDINGS * residuals
        + (placed.frame.size + 3) * curved
        + FEW_DIGITS * weight
    )
    return CertificateSums(value, gradient, hessian, load, eta_load, reach)


def _looked(
    block: Block, placed: Placed, theta: Array, *, loads: bool
) -> tuple[list[float], Array, Array, Array]:
    """Return the sums, the gradient, its loads, and the Hessian."""
    n, width, d = len(block.y), placed.width, len(placed.columns)
    first = int(placed.frame.intercept)
    v, b = placed.split(theta)
    levels, area = (n // LONG_TILE).bit_length(), width * width
    space = np.empty(
        room_of_tile(LONG_TILE, width)
        + 9 * LONG_TILE
        + 2 * LANES
        + (1 + levels) * (TOTALS + 2 * LANES + 3 * width)
        + area * _levels_of_hessian(n)
    )
    totals = np.empty(_BEFORE + 3 * width)
    # Room for what stands beyond the last column, before which the intercept may stand.
    whole = np.empty((first + width, first + width))
    _LOOK(
        block.X,
        straight(block.y),
        straight(block.weight),
        straight(block.offset),
        v,
        np.abs(v),
        space,
        totals,
        whole.reshape(-1),
        placed.layout(block.X),
        *placed.arguments,
        b,
        first,
        int(loads),
    )
    sums, vectors = totals[:_BEFORE].tolist(), totals[_BEFORE:].reshape(3, width)[:, :d]
    gradient, load = np.empty(first + d), np.empty(first + d)
    gradient[first:], load[first:] = -vectors[0], vectors[1]
    if first:
        gradient[0], load[0], whole[0, 0] = -sums[4], sums[1], sums[3]
        whole[0, 1 : 1 + d] = whole[1 : 1 + d, 0] = vectors[2]
    return sums, gradient, load, whole[: first + d, : first + d]


def _levels_of_hessian(n: int) -> int:
    """Return how many Hessians are added up apart."""
    return 1 if n <= LONG_TILE * TILES else 2


def _look(
    like: float,
    X: Any,
    y: Any,
    weight: Any,
    offset: Any,
    theta: Any,
    sizes: Any,
    space: Any,
    totals: Any,
    hessian: Any,
    layout: int,
    columns: int,
    d: int,
    width: int,
    scale: int,
    shift: int,
    b: float,
    first: int,
    loads: int,
) -> None:
    n, tile = len(y), np.int64(LONG_TILE)
    v, size = where(theta), where(sizes)
    part = tile * NUMBER
    eta = aligned(where(space))
    y_, s, base, residual, bend = (
        eta + part,
        eta + 2 * part,
        eta + 3 * part,
        eta + 4 * part,
        eta + 5 * part,
    )
    raw, reach, root = eta + 6 * part, eta + 7 * part, eta + 8 * part
    most = eta + 9 * part
    partial_sums = most + LANES * NUMBER
    long = TOTALS + 2 * LANES + 3 * width
    curved, total = partial_sums + TOTALS * NUMBER, partial_sums + (TOTALS + LANES) * NUMBER
    slopes = total + LANES * NUMBER
    burden, bent = slopes + width * NUMBER, slopes + 2 * width * NUMBER
    tree = partial_sums + long * NUMBER
    clear(partial_sums, long)
    clear(most, LANES)
    levels, carries = 0, n // tile
    while carries:
        levels += 1
        carries >>= 1
    Z = tree + levels * long * NUMBER
    area = width * width
    H = Z + (tile + 1) * width * NUMBER
    # Where the Hessians of tiles are added up before they are added to those of earlier ones.
    now = H + (area * NUMBER if n > tile * TILES else 0)
    clear(H, area)
    clear(now, area)
    start, row_stride, column_stride = where(X), X.strides[0], X.strides[1]
    labels, weights, offsets = where(y), where(weight), where(offset)
    far = rows_ahead(tile, row_stride) * row_stride
    varied, moved = weight.strides[0] != 0, offset.strides[0] != 0
    for low in range(0, n, tile):
        rows = min(tile, n - low)
        at = start + low * row_stride
        ahead = at + far
        lay(labels + low * NUMBER, True, rows, 0.0, y_, tile)
        lay(weights + low * weight.strides[0], varied, rows, 0.0, s, tile)
        lay(offsets + low * offset.strides[0], moved, rows, b, base, tile)
        fill(like, at, row_stride, column_stride, columns, d, scale, shift, Z, tile, rows, layout)
        for i in range(0, tile, LANES):
            tile_dots(like, Z, tile, i, width, v, base, eta, ahead + i * row_stride)
        for i in range(0, tile, WIDE):
            link_apart(eta, y_, s, i, residual, bend, partial_sums)
        ahead += LANES // 2 * row_stride
        for i in range(0, tile, LANES):
            tile_gather(like, Z, tile, i, width, residual, slopes, ahead + i * row_stride)
            tile_gather(like, Z, tile, i, width, bend, bent, ahead + i * row_stride)
        if loads:
            lay(offsets + low * offset.strides[0], moved, rows, 0.0, raw, tile)
            spread_out(raw, abs(b), raw, tile)
            for i in range(0, tile, LANES):
                tile_reaches(Z, tile, i, width, size, raw, reach)
                tile_loads(Z, tile, i, width, residual, burden)
            add_products(bend, reach, tile, curved)
            take_most(reach, tile, most)
            add_lanes(s, tile, total)
        roots(bend, root, tile)
        tile_times(Z, tile, width, root)
        tile_squares(Z, tile, width, now)
        if rows == tile:
            carry(partial_sums, long, tree, low // tile)
        if now != H and (low // tile + 1) % TILES == 0:
            add_onto(now, H, area)
            clear(now, area)
    if now != H:
        add_onto(now, H, area)
    collect(tree, long, n // tile, partial_sums)
    line = first + width
    mirror(H, width, where(hessian) + (first * line + first) * NUMBER, line)
    out = where(totals)
    for k in range(len(_SUMMED)):
        keep(lanes(partial_sums + _SUMMED[k] * LANES * NUMBER), out + k * NUMBER)
    out += len(_SUMMED) * NUMBER
    keep(lanes(curved), out)
    keep(lanes(total), out + NUMBER)
    keep(greatest(most), out + 2 * NUMBER)
    put_away(slopes, out + 3 * NUMBER, 3 * width)


_LOOK = Compiled(_look, reads=5, fills=3, rest="iiiiiifii")
