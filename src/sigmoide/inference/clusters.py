"""Clusters of rows, and the sums of scores in each: they add up over blocks.

A cluster's score is p numbers, wherever its rows stand: memory grows with the clusters, never with
the rows. Where clusters are very many, they are taken a part at a time, a read each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from sigmoide.arguments.words import count_from_zero
from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.sample import mixed
from sigmoide.columns.account import Rows, rows_where
from sigmoide.errors import ColumnError
from sigmoide.inference.scores import Footing, score
from sigmoide.sources.source import rows_like_it

# Numbers that the sums of one read may hold: 16 MiB, and a few times that while they are joined.
_MOST_NUMBERS = 1 << 21


@dataclass(frozen=True, slots=True)
class Clusters:
    """A column that says which rows go together.

    Attributes
    ----------
    name : str
        The column, for messages and tables.
    codes : callable
        From a block to one int64 a row: the same for rows of one cluster, whatever the number;
        negative where the row misses a value.
    """

    name: str
    codes: Callable[[Block], Integers]


def clusters_of_source(name: str, codes: Integers) -> Clusters:
    """Return clusters from one code for each row of the source, those left out included.

    Parameters
    ----------
    name : str
        The column.
    codes : ndarray of int64, shape (source rows,)
        Negative where the value is missing.
    """
    return Clusters(name, lambda block: codes[block.rows])


@dataclass(frozen=True, slots=True)
class ClusterKeys:
    """Which clusters there are.

    Attributes
    ----------
    keys : ndarray of int32 or int64, shape (c, q)
        Their codes by each of q columns; distinct, sorted.
    rows : int
        Rows.
    missing : tuple of Rows
        For each column, the rows that miss a value.
    """

    keys: Integers
    rows: int
    missing: tuple[Rows, ...]

    def __add__(self, other: ClusterKeys) -> ClusterKeys:
        return ClusterKeys(
            _distinct(np.concatenate([self.keys, other.keys])),
            self.rows + other.rows,
            tuple(a + b for a, b in zip(self.missing, other.missing, strict=True)),
        )

    def count(self, columns: tuple[int, ...]) -> int:
        """Return how many clusters some of the columns make."""
        return len(_distinct(self.keys[:, columns]))


@dataclass(frozen=True, slots=True)
class Sums:
    """Scores of clusters, in whitened coordinates.

    Attributes
    ----------
    keys : ndarray of int64, shape (c, q)
        Their codes; distinct, sorted.
    scores : ndarray, shape (c, p)
        Sums over their rows.
    """

    keys: Integers
    scores: Array

    def __add__(self, other: Sums) -> Sums:
        keys, mine = np.concatenate([self.keys, other.keys]), len(self.keys)
        if not len(keys):
            return self
        order, starts = _groups(keys)
        place = np.empty(len(keys), dtype=np.int64)
        place[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(keys)))
        # Put where they belong, and not sorted: of many clusters one copy less is much.
        scores = np.zeros((len(starts), self.scores.shape[1]))
        scores[place[:mine]] = self.scores
        scores[place[mine:]] += other.scores
        return Sums(keys[order[starts]], scores)

    @property
    def products(self) -> Array:
        """The sum of the outer products; shape (p, p)."""
        return np.asarray(self.scores.T @ self.scores)


@dataclass(frozen=True, slots=True)
class Products:
    """What is left of sums where every row is a cluster of its own: nothing has to be kept.

    Attributes
    ----------
    products : ndarray, shape (p, p)
        The sum of the outer products.
    """

    products: Array

    def __add__(self, other: Products) -> Products:
        return Products(self.products + other.products)


@dataclass(frozen=True, slots=True)
class Job:
    """Clusters whose scores are added up.

    Attributes
    ----------
    columns : tuple of int
        The columns that make them.
    clusters : int
        How many there are.
    factor : float
        What their products count.
    alone : bool
        Whether every row is a cluster of its own.
    part, parts : int
        Which share of them, by a hash of their codes, of how many.
    """

    columns: tuple[int, ...]
    clusters: int
    factor: float
    alone: bool
    part: int = 0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Tallies:
    """The sums of scores of one read, one for each of its jobs.

    Attributes
    ----------
    sums : tuple of Sums or Products
        One for each job.
    rows : int
        Rows read.
    value : float
        Minus the log-likelihood.
    """

    sums: tuple[Sums | Products, ...]
    rows: int
    value: float

    def __add__(self, other: Tallies) -> Tallies:
        pairs = zip(self.sums, other.sums, strict=True)
        return Tallies(
            tuple(a + b for a, b in pairs),  # type: ignore[operator]
            self.rows + other.rows,
            self.value + other.value,
        )


def cluster_keys(blocks: Blocks, by: tuple[Clusters, ...]) -> ClusterKeys:
    """Return which clusters there are: one read.

    Raises
    ------
    ColumnError
        If a column misses values or makes one cluster only.
    """

    def of_block(block: Block) -> ClusterKeys:
        codes = _codes(block, by)
        missing = []
        for column in codes.T:
            gone = rows_where(column < 0)
            first = int(block.rows[gone.first]) if gone else -1
            missing.append(Rows(gone.count, first))
        return ClusterKeys(_narrow(_distinct(codes)), len(codes), tuple(missing))

    keys = blocks.reduce(of_block)
    for number, column in enumerate(by):
        missing = keys.missing[number]
        if missing:
            raise ColumnError(
                f"column {column.name!r} is to make the clusters and misses a value in "
                f"{count_from_zero(missing.first)} "
                f"({rows_like_it(missing.count)}). A row without "
                "a cluster has no place in the errors: leave such rows out of the fit, or give "
                "them a value."
            )
        if keys.count((number,)) < 2:
            raise ColumnError(
                f"column {column.name!r} is to make the clusters and holds one value only: errors "
                "by cluster are learned from how clusters differ. Choose another column, or HC1."
            )
    return keys


def reads_of(jobs: Iterable[Job], size: int) -> list[tuple[Job, ...]]:
    """Return the jobs of each read: as many as may be held at once, large ones in parts.

    Parameters
    ----------
    jobs : iterable of Job
        Whole ones.
    size : int
        Numbers in a score.
    """
    reads: list[tuple[Job, ...]] = []
    room = 0
    for whole in jobs:
        numbers = 0 if whole.alone else whole.clusters * (size + len(whole.columns))
        parts = max(-(-numbers // _MOST_NUMBERS), 1)
        for part in range(parts):
            job = Job(whole.columns, whole.clusters, whole.factor, whole.alone, part, parts)
            if reads and numbers // parts <= room:
                reads[-1] += (job,)
            else:
                reads.append((job,))
                room = _MOST_NUMBERS
            room -= numbers // parts
    return reads


def tally(block: Block, at: Footing, by: tuple[Clusters, ...], jobs: tuple[Job, ...]) -> Tallies:
    """Return the sums of the scores of a block, for each job.

    Parameters
    ----------
    block, at
        The rows, and where their scores are taken.
    by : tuple of Clusters
        What makes the clusters.
    jobs : tuple of Job
        What is asked.
    """
    rows = score(block, at)
    scores = (block.weight * rows.residual)[:, None] * rows.whitened
    keys = _codes(block, by)
    sums = tuple(_done(job, keys[:, job.columns], scores) for job in jobs)
    return Tallies(sums, len(block.y), rows.value)


def _done(job: Job, keys: Integers, scores: Array) -> Sums | Products:
    if job.alone:
        return Products(scores.T @ scores)
    if job.parts > 1:
        words = np.zeros(len(keys), dtype=np.int64)
        for column in keys.T:
            words = mixed(words + column, 0).view(np.int64)
        mine = words % job.parts == job.part
        keys, scores = keys[mine], scores[mine]
    return summed(keys, scores)


def summed(keys: Integers, scores: Array) -> Sums:
    """Return the sums of scores that have the same keys.

    Parameters
    ----------
    keys : ndarray of int64, shape (n, q)
        In any order.
    scores : ndarray, shape (n, p)
        One for each.
    """
    if not len(keys):
        return Sums(keys, scores)
    order, starts = _groups(keys)
    return Sums(keys[order[starts]], np.add.reduceat(scores[order], starts))


def _codes(block: Block, by: tuple[Clusters, ...]) -> Integers:
    codes = np.column_stack([np.asarray(c.codes(block), dtype=np.int64) for c in by])
    return codes.reshape(len(block.y), len(by))


def _narrow(keys: Integers) -> Integers:
    """Return codes in half of the memory, where they are small enough for it."""
    small = not len(keys) or (keys.min() >= -(2**31) and keys.max() < 2**31)
    return keys.astype(np.int32) if small else keys


def _distinct(keys: Integers) -> Integers:
    """Return distinct rows, sorted."""
    packed = _words(keys)
    if packed is None:
        order, starts = _groups(keys)
        return keys[order[starts]]
    words, bases = packed
    # In place, and without an order of them: pairs of two columns may be as many as rows.
    words.sort(kind="stable")
    words = words[np.concatenate([[True], words[1:] != words[:-1]])]
    distinct = np.empty((len(words), keys.shape[1]), dtype=keys.dtype)
    for k in range(keys.shape[1] - 1, 0, -1):
        distinct[:, k] = words % bases[k - 1]
        words //= bases[k - 1]
    distinct[:, 0] = words
    return distinct


def _groups(keys: Integers) -> tuple[Integers, Integers]:
    """Return an order that brings the same rows together, and where each kind begins in it."""
    order = _order(keys)
    ordered = keys[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return order, np.flatnonzero(new)


def _order(keys: Integers) -> Integers:
    """Return the stable order of rows; quick where they are two sorted runs, as joined ones are."""
    packed = _words(keys)
    return np.lexsort(keys.T[::-1]) if packed is None else np.argsort(packed[0], kind="stable")


def _words(keys: Integers) -> tuple[Integers, list[int]] | None:
    """Return a number for each row, in the same order, and the bases of its digits but the first.

    None where there are no rows, negative codes, or no int64 holds such a number.
    """
    if not len(keys) or keys.min() < 0:
        return None
    words, most, bases = keys[:, 0].astype(np.int64), int(keys[:, 0].max()), []
    for column in keys.T[1:]:
        base = int(column.max()) + 1
        most = most * base + base - 1
        if most >= 2**63:
            return None
        words *= base
        words += column
        bases.append(base)
    return words, bases
