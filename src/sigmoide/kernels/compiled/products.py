"""The two products of a read: z_i . v of eight rows, and sum_i r_i z_i over them.

Each exists for rows of a tile and for rows of X where they lie, the same arithmetic in the same
order: which of them is used does not show in the bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sigmoide.kernels.compiled.panels import centred, chunk_of, entry
from sigmoide.kernels.compiled.vectors import I64, LANES, Vectors, built

# From the row of a group to its z in a chunk.
_Row = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class _OfTile:
    """Eight rows of a tile, from ``first`` on, of whole vectors up to ``width``."""

    put: Vectors
    Z: Any
    tile: Any
    first: Any
    width: Any
    absolute: bool = False

    def over(self, body: Callable[[Any, _Row], None]) -> None:
        """Do something with each chunk: its first column, and the z of each row there."""
        put = self.put

        def chunk(j: Any) -> None:
            def row(i: int) -> Any:
                z = put.load(entry(put, self.Z, self.tile, self.first, j, i))
                return put.absolute(z) if self.absolute else z

            body(j, row)

        put.loop(self.width, chunk)


@dataclass(frozen=True, slots=True)
class _OfX:
    """Eight rows of X, each side by side, centred and scaled as they are loaded."""

    put: Vectors
    X: Any
    stride: Any
    d: Any
    scale: Any
    shift: Any

    def over(self, body: Callable[[Any, _Row], None]) -> None:
        """Do something with each chunk: its first column, and the z of each row there."""
        put = self.put
        rows = put.rows(self.X, self.stride)

        def chunk(j: Any, mask: Any) -> None:
            by, less = chunk_of(put, self.scale, self.shift, j)

            def row(i: int) -> Any:
                x = put.widened(put.beyond(rows[i], j, put.size), mask)
                return centred(put, x, by, less)

            body(j, row)

        put.chunks(self.d, chunk)


def _dots(
    rows: _OfTile | _OfX,
    v: Any,
    base: Any,
    eta: Any,
    at: Any,
    meanwhile: Callable[[Any], None] | None = None,
) -> None:
    """Set ``eta[at + i]`` to ``base[at + i]`` + z_i . v."""
    put, b = rows.put, rows.put.builder
    sums = [put.variable(put.every(0.0)) for _ in range(LANES)]

    def body(j: Any, row: _Row) -> None:
        if meanwhile is not None:
            meanwhile(j)
        slope = put.load(put.place(v, j))
        for i, total in enumerate(sums):
            b.store(put.fused(row(i), slope, b.load(total)), total)

    rows.over(body)
    dots = put.across([b.load(total) for total in sums])
    put.store(b.fadd(put.load(put.place(base, at)), dots), put.place(eta, at))


def _gather(
    rows: _OfTile | _OfX, r: Any, at: Any, g: Any, meanwhile: Callable[[Any], None] | None = None
) -> None:
    """Add sum_i r[at + i] z_i to ``g``: two chains of four, joined, and added at once."""
    put, b = rows.put, rows.put.builder
    shares = [put.spread(r, b.add(at, I64(i))) for i in range(LANES)]
    if isinstance(rows, _OfTile) and rows.absolute:
        shares = [put.absolute(share) for share in shares]

    def body(j: Any, row: _Row) -> None:
        if meanwhile is not None:
            meanwhile(j)
        halves: list[Any] = [None, None]
        for i, share in enumerate(shares):
            z, before = row(i), halves[i % 2]
            halves[i % 2] = b.fmul(z, share) if before is None else put.fused(z, share, before)
        place = put.place(g, j)
        put.store(b.fadd(put.load(place), b.fadd(halves[0], halves[1])), place)

    rows.over(body)


def _asking(put: Vectors, address: Any) -> Callable[[Any], None]:
    """Ask memory for half of the eight rows at an address, a little with each chunk.

    All at once would stop the arithmetic until the last line is on its way.
    """
    b = put.builder
    return lambda j: put.ask(b.add(address, b.mul(j, I64(LANES // 2 * put.size))), put.size // 2)


@built
def tile_dots(
    put: Vectors,
    _like: Any,
    Z: Any,
    tile: Any,
    first: Any,
    width: Any,
    v: Any,
    base: Any,
    eta: Any,
    ahead: Any,
) -> None:
    """Set eta to base + z_i . v for eight rows of a tile, and ask for what is ahead in X."""
    _dots(_OfTile(put, Z, tile, first, width), v, base, eta, first, _asking(put, ahead))


@built
def tile_reaches(
    put: Vectors, Z: Any, tile: Any, first: Any, width: Any, v: Any, base: Any, reach: Any
) -> None:
    """Set reach to base + |z_i| . v for eight rows of a tile."""
    _dots(_OfTile(put, Z, tile, first, width, absolute=True), v, base, reach, first)


@built
def tile_gather(
    put: Vectors,
    _like: Any,
    Z: Any,
    tile: Any,
    first: Any,
    width: Any,
    r: Any,
    g: Any,
    ahead: Any,
) -> None:
    """Add sum_i r_i z_i over eight rows of a tile to g, and ask for what is ahead in X."""
    _gather(_OfTile(put, Z, tile, first, width), r, first, g, _asking(put, ahead))


@built
def tile_loads(put: Vectors, Z: Any, tile: Any, first: Any, width: Any, r: Any, g: Any) -> None:
    """Add sum_i |r_i| |z_i| over eight rows of a tile to g."""
    _gather(_OfTile(put, Z, tile, first, width, absolute=True), r, first, g)


@built
def row_dots(
    put: Vectors,
    _like: Any,
    X: Any,
    stride: Any,
    d: Any,
    scale: Any,
    shift: Any,
    v: Any,
    base: Any,
    eta: Any,
    first: Any,
    ahead: Any,
) -> None:
    """Set eta to base + z_i . v for eight rows of X, and ask for what is ahead."""
    _dots(_OfX(put, X, stride, d, scale, shift), v, base, eta, first, _asking(put, ahead))


@built
def row_gather(
    put: Vectors,
    _like: Any,
    X: Any,
    stride: Any,
    d: Any,
    scale: Any,
    shift: Any,
    r: Any,
    first: Any,
    g: Any,
    ahead: Any,
) -> None:
    """Add sum_i r_i z_i over eight rows of X to g, and ask for what is ahead."""
    _gather(_OfX(put, X, stride, d, scale, shift), r, first, g, _asking(put, ahead))
