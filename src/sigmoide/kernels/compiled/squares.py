"""The loops whose cost grows with the square of the columns: Z'Z, and solves with a triangle.

Both hold a block of results in registers while they go through the rows of a tile. The order in
which a number is summed up does not depend on the size of that block, which is the processor's.
"""

from __future__ import annotations

from typing import Any

from sigmoide.kernels.compiled.panels import entry
from sigmoide.kernels.compiled.vectors import I64, LANES, LONG_REGISTERS, Vectors, built

# What is worked on at once: columns by panels of Z'Z, rows of L by vectors of right-hand sides. As
# many as there are registers for.
_DOWN, _PANELS = (8, 2) if LONG_REGISTERS else (4, 1)
_ROWS_OF_L, _SIDES = (2, 8) if LONG_REGISTERS else (2, 2)
# Rows of a matrix that are mirrored at a time.
_MIRRORED = 64


@built
def tile_times(put: Vectors, Z: Any, tile: Any, width: Any, factors: Any) -> None:
    """Multiply each row of a tile by a factor of its own."""
    b = put.builder

    def row(i: Any) -> None:
        factor = put.spread(factors, i)

        def chunk(j: Any) -> None:
            place = entry(put, Z, tile, i, j)
            put.store(b.fmul(put.load(place), factor), place)

        put.loop(width, chunk)

    put.loop(tile, row, 1)


@built
def roots(put: Vectors, values: Any, out: Any, length: Any) -> None:
    """Fill whole vectors with square roots."""
    put.loop(
        length, lambda at: put.store(put.root(put.load(put.place(values, at))), put.place(out, at))
    )


@built
def tile_squares(put: Vectors, Z: Any, tile: Any, width: Any, H: Any) -> None:
    """Add Z'Z of a tile to H, rows of ``width``: on and below the diagonal, chunk by chunk."""
    b = put.builder

    def block(k: Any, j: Any, panels: int) -> None:
        """Add the products of ``_DOWN`` columns from k on with those of some panels from j on."""
        sums = [[put.variable(put.every(0.0)) for _ in range(panels)] for _ in range(_DOWN)]
        # Columns of one chunk stand side by side.
        top = b.and_(k, I64(-LANES))
        inside = b.sub(k, top)

        def row(i: Any) -> None:
            right = [
                put.load(entry(put, Z, tile, i, b.add(j, I64(LANES * p)))) for p in range(panels)
            ]
            left = b.ptrtoint(entry(put, Z, tile, i, top), I64)
            for m, line in enumerate(sums):
                factor = put.spread(left, b.add(inside, I64(m)))
                for z, total in zip(right, line, strict=True):
                    b.store(put.fused(factor, z, b.load(total)), total)

        put.loop(tile, row, 1)
        for m, line in enumerate(sums):
            for p, total in enumerate(line):
                index = b.add(b.mul(b.add(k, I64(m)), width), b.add(j, I64(LANES * p)))
                place = put.place(H, index)
                put.store(b.fadd(put.load(place), b.load(total)), place)

    def columns(k: Any) -> None:
        # Chunks up to that of column k: whole blocks of panels, then one by one.
        end = b.add(b.and_(k, I64(-LANES)), I64(LANES))
        step = LANES * _PANELS
        many = b.sub(end, b.srem(end, I64(step)))
        put.loop(many, lambda j: block(k, j, _PANELS), step)
        if _PANELS > 1:
            rest = b.sub(end, many)
            put.loop(rest, lambda j: block(k, b.add(many, j), 1))

    put.loop(width, columns, _DOWN)


@built
def mirror(put: Vectors, H: Any, width: Any, out: Any, line: Any) -> None:
    """Write a matrix out whole, of which the chunks on and below the diagonal are there.

    Its rows of ``width`` numbers become rows of ``line`` numbers. Some rows are gone through at a
    time, so that few pages of memory are in use at once.
    """
    b = put.builder

    def chunk(k: Any, j: Any) -> None:
        lines = [b.mul(b.add(k, I64(i)), width) for i in range(LANES)]
        known = [put.load(put.place(H, b.add(at, j))) for at in lines]
        for i, (below, above) in enumerate(zip(known, put.transposed(known), strict=True)):
            put.store(below, put.place(out, b.add(b.mul(b.add(k, I64(i)), line), j)))
            put.store(above, put.place(out, b.add(b.mul(b.add(j, I64(i)), line), k)))

    def rows(first: Any) -> None:
        last = put.lesser(b.add(first, I64(_MIRRORED)), width)

        def column(j: Any) -> None:
            start = put.greater(first, j)
            put.loop(b.sub(last, start), lambda k: chunk(b.add(start, k), j))

        put.loop(last, column)

    put.loop(width, rows, _MIRRORED)


@built
def turn(put: Vectors, Z: Any, tile: Any, width: Any, out: Any) -> None:
    """Lay out a tile column by column: ``tile`` numbers each."""
    b = put.builder

    def group(i: Any) -> None:
        def chunk(j: Any) -> None:
            rows = [put.load(entry(put, Z, tile, i, j, k)) for k in range(LANES)]
            for k, column in enumerate(put.transposed(rows)):
                index = b.add(b.mul(b.add(j, I64(k)), tile), i)
                put.store(column, put.place(out, index))

        put.loop(width, chunk)

    put.loop(tile, group)


@built
def whiten(put: Vectors, W: Any, tile: Any, p: Any, L: Any, inverse: Any, norms: Any) -> None:
    """Solve L w = x for the columns of W, p rows of ``tile`` numbers, in place.

    L has p rows of p numbers; ``inverse`` holds one over its diagonal. Fill ``norms`` with |w|^2.
    The product with a reciprocal rounds once more than a quotient does, which the bound on the
    backward error of a solve has room for.
    """
    b = put.builder

    def panel(first: Any, sides: int) -> None:
        def place(j: Any, side: int) -> Any:
            return put.place(W, b.add(b.mul(j, tile), b.add(first, I64(LANES * side))))

        squares = [put.variable(put.every(0.0)) for _ in range(sides)]

        def rows(j: Any, count: int) -> None:
            lines = [[put.variable(put.every(0.0)) for _ in range(sides)] for _ in range(count)]
            for m, line in enumerate(lines):
                for side, value in enumerate(line):
                    b.store(put.load(place(b.add(j, I64(m)), side)), value)

            def earlier(k: Any) -> None:
                known = [put.load(place(k, side)) for side in range(sides)]
                for m, line in enumerate(lines):
                    index = b.add(b.mul(b.add(j, I64(m)), p), k)
                    factor = b.fneg(put.spread(L, index))
                    for w, value in zip(known, line, strict=True):
                        b.store(put.fused(factor, w, b.load(value)), value)

            put.loop(j, earlier, 1)
            for m, line in enumerate(lines):
                here = b.add(j, I64(m))
                over = put.spread(inverse, here)
                for side, value in enumerate(line):
                    w = b.load(value)
                    for before in range(m):
                        index = b.add(b.mul(here, p), b.add(j, I64(before)))
                        factor = b.fneg(put.spread(L, index))
                        w = put.fused(factor, b.load(lines[before][side]), w)
                    w = b.fmul(w, over)
                    b.store(w, value)
                    put.store(w, place(here, side))
                    b.store(put.fused(w, w, b.load(squares[side])), squares[side])

        whole = b.sub(p, b.srem(p, I64(_ROWS_OF_L)))
        put.loop(whole, lambda j: rows(j, _ROWS_OF_L), _ROWS_OF_L)
        put.loop(b.sub(p, whole), lambda j: rows(b.add(whole, j), 1), 1)
        for side, total in enumerate(squares):
            put.store(b.load(total), put.place(norms, b.add(first, I64(LANES * side))))

    put.loop(tile, lambda first: panel(first, _SIDES), LANES * _SIDES)
