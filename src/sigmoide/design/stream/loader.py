"""Rows of X made from the cache, block by block, as the solver asks for them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import local
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.columns.values import Values
from sigmoide.design.design import Design
from sigmoide.design.encode import encode_rows, refuse_faults
from sigmoide.design.roles import AskedRoles, role_rows
from sigmoide.design.stream.cache import Cache
from sigmoide.design.stream.column import Finished, Wanted
from sigmoide.design.stream.transcribe import USED
from sigmoide.design.target import Target, answer_rows, observations, target_rows
from sigmoide.sources.source import Source

# Blocks that a thread may have in use at a time, before its memory is no more used again.
_KEPT = 2
# Up to so many columns stand side by side: each is written in one stretch, and kernels read them as
# fast as rows.
_SIDE_BY_SIDE = 60
# References to an array that nobody else refers to: the list, the loop, and the question itself.
_OURS = 3


class Spare:
    """Arrays for X, each handed out again when nobody refers to it any more.

    A view of an array refers to it, too: so whoever keeps a part of a block keeps its numbers.
    """

    def __init__(self) -> None:
        self._own = local()

    def array(self, rows: int, columns: int) -> Array:
        """Return an array of that shape, its numbers whatever they were."""
        held: list[Array] = self._own.__dict__.setdefault("held", [])
        size = rows * columns
        for memory in held:
            if len(memory) >= size and sys.getrefcount(memory) <= _OURS:
                return _shaped(memory, rows, columns)
        memory = np.empty(size)
        held.append(memory)
        del held[:-_KEPT]
        return _shaped(memory, rows, columns)


def _shaped(memory: Array, rows: int, columns: int) -> Array:
    held = memory[: rows * columns]
    if columns <= _SIDE_BY_SIDE:
        return held.reshape(columns, rows).T
    return held.reshape(rows, columns)


# Rows of the cache that are looked at together where only a few columns are.
_STRETCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Uses:
    """What the columns of the cache are used as.

    Attributes
    ----------
    answer : Wanted
        The target.
    roles : tuple of Wanted
        What weighs and shifts the rows.
    terms : tuple of Wanted
        The columns of the model.
    """

    answer: Wanted
    roles: tuple[Wanted, ...]
    terms: tuple[Wanted, ...]

    @property
    def every(self) -> tuple[Wanted, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((self.answer, *self.roles, *self.terms)))


@dataclass(frozen=True, slots=True)
class CachedRows:
    """Where the rows of a fit beyond memory come from. Several threads ask at once.

    Attributes
    ----------
    cache : Cache
        The rows that were transcribed.
    columns : Columns
        Which of its columns are what.
    finished : mapping
        What each of them is.
    asked : AskedRoles
        What weighs and shifts the rows.
    design, target
        How rows become numbers.
    source : Source
        Where its rows stand.
    """

    cache: Cache
    columns: Uses
    finished: Mapping[str, Finished]
    asked: AskedRoles
    design: Design
    target: Target
    source: Source
    _spare: Spare = field(default_factory=Spare)
    _counted: dict[int, tuple[Integers, Integers]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Rows of the source, those left out included."""
        return self.cache.rows

    def rows(self, low: int, high: int) -> Block:
        """Return what is used of the source's rows low, ..., high - 1."""
        held = self.cache.read(low, high, tuple(self.cache.layout.types))
        used = held[USED].view(bool)
        # Where all rows are used, none is copied.
        whole = bool(used.all())
        kept: slice | Integers = slice(None) if whole else np.flatnonzero(used)
        numbers: range | Integers = range(low, high) if isinstance(kept, slice) else kept + low

        def values(wanted: Wanted) -> Values:
            return self.finished[wanted.key].values(held[wanted.key][kept])

        roles = role_rows(
            self.asked,
            {w.name: self.finished[w.key].values(held[w.key]) for w in self.columns.roles},
            low,
            high - low,
        )
        terms = {wanted.name: values(wanted) for wanted in self.columns.terms}
        live = np.ones(len(numbers), dtype=bool)
        room = self._spare.array(len(numbers), len(self.design.names))
        encoded = encode_rows(self.design, terms, live, self.source.decimal, room=room)
        if encoded.faults:
            self._refuse(held, used, low)
        weight, offset = roles.weight[kept], roles.offset[kept]
        y, _ = answer_rows(self.target, self.asked.trials, values(self.columns.answer), weight, low)
        if self.asked.trials is None:
            return Block(encoded.X, y, weight, offset, numbers)
        at, y, weight = observations(y, weight)
        rows = np.arange(low, high)[kept]
        return Block(encoded.X[at], y, weight, offset[at], rows[at])

    def _refuse(self, held: Mapping[str, NDArray[Any]], used: NDArray[np.bool_], low: int) -> None:
        """Refuse what only what was learned of all rows shows: a function that has no value."""
        terms = {w.name: self.finished[w.key].values(held[w.key]) for w in self.columns.terms}
        again = encode_rows(self.design, terms, used, self.source.decimal, low)
        refuse_faults(self.design, self.source, again.faults)

    def counts(self, block_rows: int) -> tuple[Integers, Integers]:
        """Return the rows used, and the events among them, in each block of so many rows."""
        if block_rows not in self._counted:
            self._counted[block_rows] = self._count(block_rows)
        return self._counted[block_rows]

    def _count(self, block_rows: int) -> tuple[Integers, Integers]:
        blocks = -(-self.n_rows // block_rows)
        kept, events = np.zeros(blocks, dtype=np.int64), np.zeros(blocks, dtype=np.int64)
        answer = self.columns.answer.key
        for low in range(0, self.n_rows, _STRETCH):
            high = min(low + _STRETCH, self.n_rows)
            trials = tuple(w.key for w in self.columns.roles if w.name == self.asked.trials)
            held = self.cache.read(low, high, (USED, answer, *trials))
            rows = np.flatnonzero(held[USED])
            answers = self.finished[answer].values(held[answer][rows])
            if trials:
                often = self.finished[trials[0]].values(held[trials[0]][rows]).numbers
                at, y, _ = observations(answers.numbers, often)
                rows = rows[at]
            else:
                y, _ = target_rows(self.target, answers)
            first, last = low // block_rows, -(-high // block_rows)
            block = (rows + low) // block_rows - first
            kept[first:last] += np.bincount(block, minlength=last - first)
            events[first:last] += np.bincount(block[y > 0.5], minlength=last - first)
        return kept, events

    def close(self) -> None:
        """Give the space of the cache back."""
        self.cache.close()
