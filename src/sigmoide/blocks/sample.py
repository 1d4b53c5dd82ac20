"""Stratified samples of rows: spread over the whole source, the rarer class never lost.

Which rows are drawn follows from how many there are of each class, and from nothing else: so it
is known before they are read, and the same wherever they live.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Array, Block, Integers

# A class rarer than this gets at least a quarter of the sample.
_RARE = 0.1
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Rows drawn from among all rows, or those of one class.

    Attributes
    ----------
    event : bool or None
        The class; None for all rows.
    ranks : ndarray of int64
        Increasing places among the rows of the stratum, counted from 0.
    factor : float
        Rows of the stratum, over rows drawn from it.
    """

    event: bool | None
    ranks: Integers
    factor: float


def draw(others: int, events: int, rows: int, seed: int) -> tuple[Stratum, ...]:
    """Choose rows, and the factors by which their weights stand for the others.

    One row of every stretch of the source, at a place hashed from the stretch's number: never the
    first rows, for files come sorted by class. Where one is rare, each is drawn by itself.

    Parameters
    ----------
    others, events : int
        Rows of each class.
    rows : int
        Rows wanted.
    seed : int
        Changes the places.
    """
    n = others + events
    if rows >= n:
        return (Stratum(None, np.arange(n, dtype=np.int64), 1.0),)
    if min(events, others) >= _RARE * n:
        return (Stratum(None, _places(n, rows, seed), n / rows),)
    strata = []
    for number, members in enumerate((others, events)):
        count = min(members, max(round(rows * members / n), rows // 4))
        places = _places(members, count, seed * 2 + number)
        strata.append(Stratum(bool(number), places, members / max(count, 1)))
    return tuple(strata)


def places_of(strata: tuple[Stratum, ...], y: Array) -> tuple[Integers, Array]:
    """Return where the rows drawn stand among all rows, increasing, and their factors.

    Parameters
    ----------
    strata : tuple of Stratum
        What was drawn.
    y : ndarray, shape (n,)
        The target of all rows.
    """
    places, factors = [], []
    for stratum in strata:
        ranks = stratum.ranks
        if stratum.event is not None:
            ranks = np.flatnonzero(y > 0.5 if stratum.event else y <= 0.5)[ranks]
        places.append(ranks)
        factors.append(np.full(len(ranks), stratum.factor))
    if len(places) == 1:
        return places[0], factors[0]
    order = np.argsort(np.concatenate(places), kind="stable")
    return np.concatenate(places)[order], np.concatenate(factors)[order]


def _places(n: int, rows: int, seed: int) -> Integers:
    """Return one place in each of ``rows`` stretches of 0..n-1."""
    edges = np.arange(rows + 1, dtype=np.int64) * n // max(rows, 1)
    z = (np.arange(rows, dtype=np.uint64) + np.uint64(seed + 1)) * _MIX
    z = (z ^ (z >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    u = (z >> np.uint64(11)).astype(np.float64) / 2.0**53
    return edges[:-1] + (u * np.diff(edges)).astype(np.int64)


def mixed(rows: Integers, seed: int) -> NDArray[np.uint64]:
    """Return a hash of row numbers: the finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    z = rows.astype(np.uint64) + np.uint64((seed * 0x9E3779B97F4A7C15 + 1) % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Lowest:
    """The so many rows whose hashes are lowest, among those that were read.

    Attributes
    ----------
    most : int
        How many are kept.
    hashes : ndarray of uint64
        Their hashes.
    positions : ndarray of int64
        Where they stand.
    """

    most: int
    hashes: NDArray[np.uint64]
    positions: Integers

    def __add__(self, other: Lowest) -> Lowest:
        """Return the lowest of both."""
        hashes = np.concatenate([self.hashes, other.hashes])
        positions = np.concatenate([self.positions, other.positions])
        return Lowest(self.most, hashes, positions).kept()

    def kept(self) -> Lowest:
        """Return no more than the most."""
        if len(self.hashes) <= self.most:
            return self
        low = np.argpartition(self.hashes, self.most - 1)[: self.most]
        return Lowest(self.most, self.hashes[low], self.positions[low])


class Gather:
    """Rows drawn, picked up as the blocks that hold them pass, in any order.

    Parameters
    ----------
    strata : tuple of Stratum
        What was drawn.
    kept, events : ndarray of int64, shape (n_blocks,)
        Rows in each block, and the events among them.
    columns : int
        Columns of X.

    Attributes
    ----------
    drawn : Block
        The rows, in their order.
    factors : ndarray
        By which their weights stand for all rows.
    wanted : ndarray of int64
        Numbers of the blocks that hold such rows.
    """

    def __init__(
        self, strata: tuple[Stratum, ...], kept: Integers, events: Integers, columns: int
    ) -> None:
        members = {None: kept, True: events, False: kept - events}
        self._strata = strata
        # Where each stratum's rows of a block begin, and among its ranks.
        self._first = [np.concatenate([[0], np.cumsum(members[s.event])]) for s in strata]
        self._edges = [
            np.searchsorted(s.ranks, first) for s, first in zip(strata, self._first, strict=True)
        ]
        counts = np.sum([np.diff(edges) for edges in self._edges], axis=0)
        self._places = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.wanted = np.flatnonzero(counts)
        total = int(self._places[-1])
        self.drawn = Block(
            np.empty((total, columns)),
            np.empty(total),
            np.empty(total),
            np.empty(total),
            np.empty(total, dtype=np.int64),
        )
        self.factors = np.empty(total)

    def pick(self, number: int, block: Block) -> None:
        """Keep the rows drawn of a block."""
        local, factors = [], []
        for stratum, first, edges in zip(self._strata, self._first, self._edges, strict=True):
            ranks = stratum.ranks[edges[number] : edges[number + 1]] - first[number]
            if stratum.event is not None:
                ranks = np.flatnonzero((block.y > 0.5) == stratum.event)[ranks]
            local.append(ranks)
            factors.append(np.full(len(ranks), stratum.factor))
        rows = np.concatenate(local)
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
        part = slice(self._places[number], self._places[number + 1])
        drawn = self.drawn
        drawn.X[part], drawn.y[part] = block.X[rows], block.y[rows]
        drawn.weight[part], drawn.offset[part] = block.weight[rows], block.offset[rows]
        drawn.rows[part] = block.rows[rows]
        self.factors[part] = np.concatenate(factors)[order]
