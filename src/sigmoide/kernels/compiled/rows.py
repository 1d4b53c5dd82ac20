"""Operations on one vector, compiled: laying it out, adding it up, carrying its sums over."""

from __future__ import annotations

import math
from typing import Any

from numba import njit, types

from sigmoide.kernels.compiled.vectors import F64, FLAGS, I64, LANES, NUMBER, Vectors, built


@built
def lay(
    put: Vectors, values: Any, varied: Any, rows: Any, more: Any, out: Any, length: Any
) -> None:
    """Fill whole vectors with entries plus ``more``, then zeros.

    Where they are not varied, one entry stands for all of them.
    """
    b = put.builder

    def body(at: Any) -> None:
        there = put.below(b.sub(rows, at))
        with b.if_else(varied) as (many, one):
            with many:
                several = put.masked(types.float64, put.beyond(values, at), there)
                first = b.block
            with one:
                same = put.spread(values, I64(0))
                second = b.block
        entries = b.phi(same.type)
        entries.add_incoming(several, first)
        entries.add_incoming(same, second)
        total = b.fadd(entries, put.all(more))
        put.store(b.select(there, total, put.every(0.0)), put.place(out, at))

    put.loop(length, body)


@built
def clear(put: Vectors, values: Any, length: Any) -> None:
    """Fill whole vectors with zeros."""
    put.loop(length, lambda at: put.store(put.every(0.0), put.place(values, at)))


@built
def fill_with(put: Vectors, value: Any, values: Any, length: Any) -> None:
    """Fill whole vectors with a number."""
    put.loop(length, lambda at: put.store(put.all(value), put.place(values, at)))


@built
def add_onto(put: Vectors, values: Any, total: Any, length: Any) -> None:
    """Add whole vectors to others."""

    def body(at: Any) -> None:
        place = put.place(total, at)
        put.store(put.builder.fadd(put.load(place), put.load(put.place(values, at))), place)

    put.loop(length, body)


@built
def put_away(put: Vectors, values: Any, kept: Any, length: Any) -> None:
    """Move whole vectors, and leave zeros."""

    def body(at: Any) -> None:
        place = put.place(values, at)
        put.store(put.load(place), put.place(kept, at))
        put.store(put.every(0.0), place)

    put.loop(length, body)


@built
def common_weight(put: Vectors, values: Any, length: Any) -> float:
    """Return what all entries of whole vectors are equal to, or NaN where they differ."""
    b = put.builder
    first = put.spread(values, I64(0))
    # Zero, and no number once some entry differs.
    doubt = put.variable(put.every(0.0))

    def body(at: Any) -> None:
        same = b.fcmp_ordered("==", put.load(put.place(values, at)), first)
        b.store(b.select(same, b.load(doubt), put.every(math.nan)), doubt)

    put.loop(length, body)
    return b.fadd(put.number(types.float64, values), put.total(b.load(doubt)))


@built
def lanes(put: Vectors, values: Any) -> float:
    """Return the sum of a vector's lanes."""
    return put.total(put.load(put.place(values, I64(0))))


@built
def keep(put: Vectors, value: Any, out: Any) -> None:
    """Write one number."""
    put.builder.store(value, put.builder.inttoptr(out, F64.as_pointer()))


@built
def spread_out(put: Vectors, values: Any, more: Any, out: Any, length: Any) -> None:
    """Fill whole vectors with sizes plus ``more``."""
    b = put.builder

    def body(at: Any) -> None:
        size = put.absolute(put.load(put.place(values, at)))
        put.store(b.fadd(size, put.all(more)), put.place(out, at))

    put.loop(length, body)


@built
def stretched(put: Vectors, values: Any, factor: Any, ones: Any, length: Any) -> None:
    """Multiply whole vectors by the number at an address; or fill them with it."""
    b = put.builder
    by = put.spread(factor, I64(0))

    def body(at: Any) -> None:
        place = put.place(values, at)
        put.store(b.select(ones, by, b.fmul(put.load(place), by)), place)

    put.loop(length, body)


@built
def add_products(put: Vectors, x: Any, y: Any, length: Any, total: Any) -> None:
    """Add the products of whole vectors to one, lane by lane."""
    place = put.place(total, I64(0))
    sums = put.variable(put.load(place))

    def body(at: Any) -> None:
        left, right = put.load(put.place(x, at)), put.load(put.place(y, at))
        put.builder.store(put.fused(left, right, put.builder.load(sums)), sums)

    put.loop(length, body)
    put.store(put.builder.load(sums), place)


@built
def add_lanes(put: Vectors, values: Any, length: Any, total: Any) -> None:
    """Add whole vectors to one, lane by lane."""
    place = put.place(total, I64(0))
    sums = put.variable(put.load(place))

    def body(at: Any) -> None:
        there = put.load(put.place(values, at))
        put.builder.store(put.builder.fadd(there, put.builder.load(sums)), sums)

    put.loop(length, body)
    put.store(put.builder.load(sums), place)


@built
def take_most(put: Vectors, values: Any, length: Any, most: Any) -> None:
    """Raise one vector to the greatest of whole ones, lane by lane."""
    place = put.place(most, I64(0))
    largest = put.variable(put.load(place))

    def body(at: Any) -> None:
        there = put.load(put.place(values, at))
        put.builder.store(put.most(there, put.builder.load(largest)), largest)

    put.loop(length, body)
    put.store(put.builder.load(largest), place)


@built
def greatest(put: Vectors, values: Any) -> float:
    """Return the greatest of a vector's lanes, no number if one is none."""
    most, step = put.load(put.place(values, I64(0))), 1
    while step < LANES:
        most = put.most(most, put.shuffled(most, most, [k ^ step for k in range(LANES)]))
        step *= 2
    return put.builder.extract_element(most, I64(0))


@njit(**FLAGS)
def carry(sums: int, length: int, tree: int, count: int) -> None:
    """Add the sums to those of earlier rows, as ``count`` is added to in binary."""
    while count & 1:
        add_onto(tree, sums, length)
        tree += length * NUMBER
        count >>= 1
    put_away(sums, tree, length)


@njit(**FLAGS)
def collect(tree: int, length: int, count: int, sums: int) -> None:
    """Add what is left in the tree after so many carries."""
    while count:
        if count & 1:
            add_onto(tree, sums, length)
        tree += length * NUMBER
        count >>= 1
