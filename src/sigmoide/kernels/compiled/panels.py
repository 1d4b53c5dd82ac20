"""Rows laid out for the cache, a tile at a time, centred and scaled, whatever the layout of X.

A tile of T rows holds its columns in chunks of eight: entry j of row i stands at
((j // 8) (T + 1) + i) 8 + j % 8, so that a chunk is one unbroken panel, and eight rows of it are
one stretch of 512 bytes. The row that is left out between panels keeps them from falling on the
same lines of the cache.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from sigmoide.kernels.compiled.vectors import FLAGS, I64, LANES, Vectors, built

# Bytes of X that memory is asked for ahead of the arithmetic, at the least.
_AHEAD = 4096

# How the numbers of X lie: rows side by side, columns side by side, or neither.
ROWS, COLUMNS, ANYHOW = 0, 1, 2


def room_of_tile(tile: int, width: int) -> int:
    """Return how many numbers a tile holds, of so many columns in whole vectors."""
    return (tile + 1) * width


@njit(**FLAGS)
def rows_ahead(tile: int, row_stride: int) -> int:
    """Return how many rows ahead memory is asked for: whole tiles, and some bytes at least."""
    return tile * max(1, -(-_AHEAD // max(1, tile * abs(row_stride))))


def entry(put: Vectors, Z: Any, tile: Any, row: Any, j: Any, i: int = 0) -> Any:
    """Return where in a tile column j stands, the first of a chunk, of row ``row + i``."""
    b = put.builder
    pitch = b.add(tile, I64(1))
    index = b.add(b.mul(j, pitch), b.mul(row, I64(LANES)))
    return put.place(Z, b.add(index, I64(LANES * i)))


def centred(put: Vectors, x: Any, scale: Any, shift: Any) -> Any:
    """Return x scale - shift, rounded once: the products with powers of two are exact."""
    return put.fused(x, scale, put.builder.fneg(shift))


def chunk_of(put: Vectors, scale: Any, shift: Any, j: Any) -> tuple[Any, Any]:
    """Return scale and shift of a chunk."""
    return put.load(put.place(scale, j)), put.load(put.place(shift, j))


def column_addresses(put: Vectors, X: Any, stride: Any, columns: Any, d: Any, j: Any) -> list[Any]:
    """Return the addresses of eight columns; beyond the last that of the last."""
    b = put.builder
    last, addresses = b.sub(d, I64(1)), []
    for k in range(LANES):
        here = put.lesser(b.add(j, I64(k)), last)
        column = b.load(b.inttoptr(put.beyond(columns, here), I64.as_pointer()))
        addresses.append(b.add(X, b.mul(column, stride)))
    return addresses


@built
def fill_rows(
    put: Vectors,
    _like: Any,
    X: Any,
    stride: Any,
    d: Any,
    scale: Any,
    shift: Any,
    Z: Any,
    tile: Any,
) -> None:
    """Lay out a tile of rows that lie side by side."""
    b = put.builder

    def chunk(j: Any, mask: Any) -> None:
        by, less = chunk_of(put, scale, shift, j)
        first = put.beyond(X, j, put.size)

        def group(at: Any) -> None:
            top = b.add(first, b.mul(at, stride))
            for i, row in enumerate(put.rows(top, stride)):
                z = centred(put, put.widened(row, mask), by, less)
                put.store(z, entry(put, Z, tile, at, j, i))

        put.loop(tile, group)

    put.chunks(d, chunk)


@built
def fill_columns(
    put: Vectors,
    _like: Any,
    X: Any,
    stride: Any,
    columns: Any,
    d: Any,
    scale: Any,
    shift: Any,
    Z: Any,
    tile: Any,
    row: Any,
) -> None:
    """Lay out eight rows of columns that lie side by side, and ask for those of the next tile.

    ``X`` is the address of the first of the rows in column 0.
    """
    b = put.builder

    def chunk(j: Any, mask: Any) -> None:
        vectors = []
        for column in column_addresses(put, X, stride, columns, d, j):
            put.ask(put.beyond(column, tile, put.size), 1)
            vectors.append(put.widened(column))
        by, less = chunk_of(put, scale, shift, j)
        for i, x in enumerate(put.transposed(vectors)):
            there = x if mask is None else b.select(mask, x, put.every(0.0))
            put.store(centred(put, there, by, less), entry(put, Z, tile, row, j, i))

    put.chunks(d, chunk)


@built
def fill_row(
    put: Vectors,
    _like: Any,
    X: Any,
    stride: Any,
    columns: Any,
    d: Any,
    scale: Any,
    shift: Any,
    Z: Any,
    tile: Any,
    row: Any,
) -> None:
    """Lay out one row, number by number; ``X`` is the address of its first."""
    b = put.builder

    def chunk(j: Any, mask: Any) -> None:
        x = put.every(0.0)
        for k, address in enumerate(column_addresses(put, X, stride, columns, d, j)):
            x = b.insert_element(x, put.number(put.kind, address), I64(k))
        by, less = chunk_of(put, scale, shift, j)
        there = x if mask is None else b.select(mask, x, put.every(0.0))
        put.store(centred(put, there, by, less), entry(put, Z, tile, row, j))

    put.chunks(d, chunk)


@njit(**FLAGS)
def fill(
    like: float,
    X: int,
    row_stride: int,
    column_stride: int,
    columns: int,
    d: int,
    scale: int,
    shift: int,
    Z: int,
    tile: int,
    rows: int,
    layout: int,
) -> None:
    """Lay out rows of X as a tile, z = x scale - shift; ``X`` is the address of the first.

    Rows that are not there are copies of the last: whatever is computed of them is finite where it
    is for the others, and has no weight.
    """
    done = 0
    if layout == ROWS and rows == tile:
        fill_rows(like, X, row_stride, d, scale, shift, Z, tile)
        done = tile
    elif layout == COLUMNS:
        done = rows - rows % LANES
        for i in range(0, done, LANES):
            at = X + i * row_stride
            fill_columns(like, at, column_stride, columns, d, scale, shift, Z, tile, i)
    for i in range(done, tile):
        at = X + min(i, rows - 1) * row_stride
        fill_row(like, at, column_stride, columns, d, scale, shift, Z, tile, i)
