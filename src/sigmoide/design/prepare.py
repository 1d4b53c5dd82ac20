"""From data to blocks: the design learned or followed, rows dropped and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.block import Array, Block, Integers, tree_sum
from sigmoide.blocks.blocks import Blocks
from sigmoide.columns.account import Account
from sigmoide.columns.values import Values, Wanted
from sigmoide.design.apply import (
    Followed,
    Foreseen,
    RowsToPredict,
    ToPredict,
    account_of,
    account_to_predict,
    follow_rows,
    foresee_rows,
    roles_to_follow,
)
from sigmoide.design.census import Census, census, slice_of, slice_rows
from sigmoide.design.design import Design
from sigmoide.design.design import Request as Request
from sigmoide.design.encode import encode_rows, refuse_faults
from sigmoide.design.learn import checked_names, learn
from sigmoide.design.roles import Roles, RowWeights, ask_roles, role_faults, role_rows
from sigmoide.design.stream.transcribe import USED
from sigmoide.design.target import Target, answer_rows, observations, target_rows
from sigmoide.design.understand import (
    Tell,
    Understood,
    Uses,
    learned_columns,
    role_columns,
    understood,
)
from sigmoide.sources.formats import Data
from sigmoide.sources.source import Signature

# Rows of the cache that are looked at together where only a few columns are.
_STRETCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data ready to be fitted, and what was learned and lost on the way.

    Attributes
    ----------
    blocks : Blocks
        Rows of positive weight with nothing missing.
    design, target, roles
        What was learned.
    source_rows : int
        Rows before any was dropped.
    dropped : dict
        From the reason to the number of rows.
    notes : tuple of str
        What the reader should know.
    replaced : dict
        From a column to the rows whose level there was not learned, and that count as its
        reference.
    signature : Signature, optional
        What was read, of data beyond memory.
    close : callable
        Gives back what is held outside of memory, when no block is needed any more.
    """

    blocks: Blocks
    design: Design
    target: Target
    roles: Roles
    source_rows: int
    dropped: dict[str, int]
    notes: tuple[str, ...]
    replaced: dict[str, int] = field(default_factory=dict)
    signature: Signature | None = None
    close: Callable[[], object] = tuple

    @property
    def account(self) -> Account:
        """What became of the rows."""
        return Account(self.source_rows, self.dropped, self.replaced)


def prepare(data: Data, request: Request, tell: Tell | None = None) -> Prepared:
    """Learn the design from the data, and make blocks of the rows that are used.

    What is learned, and the bits of the blocks, do not depend on where the data are.

    Parameters
    ----------
    data, request
        The data, and what is asked of them.
    tell : callable, optional
        Told now and then, where the data are streamed, how many rows have been read, and how many
        there are, about, where that is known.

    Raises
    ------
    UsageError
        If what is asked for contradicts itself.
    DataError
        If the data cannot be used so.
    """
    names = checked_names(request)
    roles = ask_roles(request.frequency, request.weights, request.offset, request.trials)
    uses = Uses(Wanted(request.target), roles, tuple(Wanted(name) for name in names))
    decimal, size = data.head.decimal, slice_rows(len(names))

    def observe(
        values: Mapping[str, Values], start: int, rows: int
    ) -> tuple[Census, np.ndarray, None]:
        chunk = uses.columns(values, rows)
        parts = []
        for low in range(0, rows, size):
            part = chunk.part(low, min(low + size, rows))
            counted = slice_of(part, roles, decimal, start + low)
            parts.append(census(counted, request.terms, request.policies))
        used = np.concatenate([used for _, used in parts])
        return tree_sum(counts for counts, _ in parts), used, None

    with understood(data, uses.every, size, observe, tell) as (columns, counted, _):
        counts = _in_order(counted, columns.tables, uses, request)
        learned = learn(columns.source, request, roles, uses.columns(columns.described, 0), counts)
        rows = PreparedRows(columns, uses, learned.design, learned.target)
        return Prepared(
            columns.blocks(rows, learned.design),
            learned.design,
            learned.target,
            roles.names,
            columns.rows,
            learned.dropped,
            (*columns.source.notes, *learned.notes, *columns.notes),
            signature=columns.signature,
            close=columns.close,
        )


def follow(
    data: Data,
    design: Design,
    target: Target,
    roles: Roles,
    given: tuple[Any, Any, Any] = (None, None, None),
) -> Prepared:
    """Prepare other data by what was learned before, to judge a model by them.

    Parameters
    ----------
    data, design, target, roles
        The data, and what the model knows.
    given : tuple
        Frequency, weights and offset as arrays, where the fit had them as arrays.

    Raises
    ------
    UsageError
        If an array is needed and not given.
    DataError
        If the data cannot be used so.
    """
    request = roles_to_follow(roles, given)
    uses = Uses(Wanted(target.column), request, learned_columns(design))
    decimal = data.head.decimal

    def observe(
        values: Mapping[str, Values], start: int, rows: int
    ) -> tuple[Followed, np.ndarray, tuple[Array, Array, RowWeights]]:
        part = slice_of(uses.columns(values, rows), request, decimal, start)
        counts, encoded, y = follow_rows(part, design, target, decimal)
        return counts, encoded.usable, (encoded.X, y, part.roles)

    size = slice_rows(len(uses.terms))
    with understood(data, uses.every, size, observe) as (columns, counts, made):
        dropped = account_of(columns.source, design, target, request, counts)
        rows = PreparedRows(columns, uses, design, target)
        block = None if made is None else _used(*made, rows.used(0, columns.rows))
        return Prepared(
            columns.blocks(rows, design, block),
            design,
            target,
            roles,
            columns.rows,
            dropped,
            (*columns.source.notes, *columns.notes),
            dict(counts.replaced),
            columns.signature,
            columns.close,
        )


def rows_to_predict(data: Data, design: Design, offset: Any) -> ToPredict:
    """Encode all rows by what was learned before, to predict them.

    Parameters
    ----------
    data, design
        The data, and what the model knows.
    offset
        A column's name, an array, or None.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    request = ask_roles(None, None, offset)
    shift, terms = role_columns(request), learned_columns(design)
    decimal = data.head.decimal

    def observe(
        values: Mapping[str, Values], start: int, rows: int
    ) -> tuple[Foreseen, np.ndarray, RowsToPredict]:
        given = {wanted.name: values[wanted.key] for wanted in shift}
        roles = role_rows(request, given, start, rows)
        faults = role_faults(request, given, roles, decimal, start)
        named = {wanted.name: values[wanted.key] for wanted in terms}
        counts, encoded = foresee_rows(named, roles, faults, design, decimal, start)
        return counts, encoded.usable, RowsToPredict(encoded.X, roles.offset, encoded.usable)

    size = slice_rows(len(terms))
    with understood(data, (*shift, *terms), size, observe) as (columns, foreseen, made):
        account = account_to_predict(columns.source, design, request, foreseen)

    def parts() -> Iterator[RowsToPredict]:
        size = rows_per_block(len(design.names))
        with closing(columns):
            for low in range(0, columns.rows, size):
                high = min(low + size, columns.rows)
                if made is not None:
                    yield made.part(low, high)
                    continue
                kept = columns.read(low, high, (*columns.described, USED))
                values = {w.key: columns.values(w, kept[w.key]) for w in (*shift, *terms)}
                yield observe(values, low, high - low)[2]

    return ToPredict(account, parts())


def _in_order(
    counts: Census, tables: Mapping[str, Integers], uses: Uses, request: Request
) -> Census:
    """Return the counts with levels in their final order, where they were met in another."""
    levels = []
    for term, tally in zip(request.terms, counts.levels, strict=True):
        table = tables.get(Wanted(term.column).key)
        levels.append(tally if tally is None or table is None else tally.renamed(table))
    table = tables.get(uses.answer.key)
    answers = counts.answers if table is None else counts.answers.renamed(table)
    return replace(counts, levels=tuple(levels), answers=answers)


def _used(X: Array, y: Array, roles: RowWeights, used: NDArray[np.bool_]) -> Block:
    """Return the rows used, of all that are encoded."""
    rows = np.flatnonzero(used)
    if roles.names.trials is not None:
        at, y, weight = observations(y[rows], roles.weight[rows])
        rows = rows[at]
        return Block(X[rows], y, weight, roles.offset[rows], rows)
    X = X if len(rows) == len(used) else X[rows]
    return Block(X, y[rows], roles.weight[rows], roles.offset[rows], rows)


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """Where the rows of a fit come from. Several threads ask at once.

    Attributes
    ----------
    columns : Understood
        The columns.
    uses : Uses
        Which of them are what.
    design, target
        How rows become numbers.
    """

    columns: Understood
    uses: Uses
    design: Design
    target: Target
    _counted: dict[int, tuple[Integers, Integers]] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        """Rows of the source, those left out included."""
        return self.columns.rows

    def used(self, low: int, high: int) -> NDArray[np.bool_]:
        """Return which of the source's rows low, ..., high - 1 are used."""
        return self.columns.read(low, high, (USED,))[USED].view(bool)

    def rows(self, low: int, high: int) -> Block:
        """Return what is used of the source's rows low, ..., high - 1."""
        entries = self.columns.read(low, high, (*self.columns.described, USED))
        used = entries[USED].view(bool)
        # Where all rows are used, none is copied.
        whole = bool(used.all())
        kept: slice | Integers = slice(None) if whole else np.flatnonzero(used)
        numbers: range | Integers = range(low, high) if isinstance(kept, slice) else kept + low

        def values(wanted: Wanted) -> Values:
            return self.columns.values(wanted, entries[wanted.key][kept])

        request, source = self.uses.asked, self.columns.source
        roles = role_rows(
            request,
            {w.name: self.columns.values(w, entries[w.key]) for w in self.uses.roles},
            low,
            high - low,
        )
        terms = {wanted.name: values(wanted) for wanted in self.uses.terms}
        live = np.ones(len(numbers), dtype=bool)
        room = self.columns.room(len(numbers), len(self.design.names))
        encoded = encode_rows(self.design, terms, live, source.decimal, room=room)
        if encoded.faults:
            # What only what was learned of all rows shows: a function that has no value.
            every = {w.name: self.columns.values(w, entries[w.key]) for w in self.uses.terms}
            again = encode_rows(self.design, every, used, source.decimal, low)
            refuse_faults(self.design, source, again.faults)
        weight, offset = roles.weight[kept], roles.offset[kept]
        y, _ = answer_rows(self.target, request.trials, values(self.uses.answer), weight, low)
        if request.trials is None:
            return Block(encoded.X, y, weight, offset, numbers)
        at, y, weight = observations(y, weight)
        rows = np.arange(low, high)[kept]
        return Block(encoded.X[at], y, weight, offset[at], rows[at])

    def counts(self, block_rows: int) -> tuple[Integers, Integers]:
        """Return the rows used, and the events among them, in each block of so many rows."""
        if block_rows not in self._counted:
            self._counted[block_rows] = self._count(block_rows)
        return self._counted[block_rows]

    def _count(self, block_rows: int) -> tuple[Integers, Integers]:
        blocks = -(-self.n_rows // block_rows)
        kept, events = np.zeros(blocks, dtype=np.int64), np.zeros(blocks, dtype=np.int64)
        answer = self.uses.answer
        trials = [wanted for wanted in self.uses.roles if wanted.name == self.uses.asked.trials]
        for low in range(0, self.n_rows, _STRETCH):
            high = min(low + _STRETCH, self.n_rows)
            entries = self.columns.read(low, high, (USED, answer.key, *(w.key for w in trials)))
            rows = np.flatnonzero(entries[USED])
            answers = self.columns.values(answer, entries[answer.key][rows])
            if trials:
                often = self.columns.values(trials[0], entries[trials[0].key][rows]).numbers
                at, y, _ = observations(answers.numbers, often)
                rows = rows[at]
            else:
                y, _ = target_rows(self.target, answers)
            first, last = low // block_rows, -(-high // block_rows)
            block = (rows + low) // block_rows - first
            kept[first:last] += np.bincount(block, minlength=last - first)
            events[first:last] += np.bincount(block[y > 0.5], minlength=last - first)
        return kept, events
