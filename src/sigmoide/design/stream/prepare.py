"""From a source beyond memory to blocks: what ``prepare`` and ``follow`` do, in one read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from sigmoide.arguments.words import size_words
from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.stream import streamed_blocks
from sigmoide.blocks.threads import default_threads
from sigmoide.columns.tally import Tally
from sigmoide.columns.values import Values
from sigmoide.design.apply import (
    Followed,
    Foreseen,
    RowsToPredict,
    ToPredict,
    follow_rows,
    foresee_rows,
)
from sigmoide.design.census import Census, Columns, census, slice_of, slice_rows
from sigmoide.design.decide import (
    account_of,
    account_to_predict,
    checked_names,
    learn,
    roles_to_follow,
)
from sigmoide.design.design import Design, Request
from sigmoide.design.encode import Encoded
from sigmoide.design.learn import refuse_too_large
from sigmoide.design.prepare import Prepared
from sigmoide.design.roles import AskedRoles, Roles, RowWeights, ask_roles, role_faults, role_rows
from sigmoide.design.stream.cache import Cache
from sigmoide.design.stream.column import Finished, Wanted
from sigmoide.design.stream.loader import CachedRows, Uses
from sigmoide.design.stream.transcribe import Tell, Transcript, transcribe
from sigmoide.design.target import Target
from sigmoide.sources.options import Limits
from sigmoide.sources.reader import Reader


def prepare_streamed(
    reader: Reader, request: Request, limits: Limits, tell: Tell | None = None
) -> Prepared:
    """Learn the design from data beyond memory, and make blocks of the rows that are used.

    What is learned, and the bits of the blocks, are those of
    :func:`sigmoide.design.prepare.prepare` for the same rows.

    Raises
    ------
    UsageError
        If what is asked for contradicts itself.
    DataError
        If the data cannot be used so.
    """
    names = checked_names(request)
    asked = ask_roles(request.frequency, request.weights, request.offset, request.trials)
    columns = Uses(Wanted(request.target), _roles(asked), tuple(Wanted(name) for name in names))

    def observe(held: Mapping[str, Values], start: int, rows: int) -> tuple[Census, np.ndarray]:
        part = slice_of(_understood(columns, held, rows), asked, reader.head.decimal, start)
        return census(part, request.terms, request.policies)

    cache = Cache(limits.cache)
    try:
        found = transcribe(
            reader, columns.every, slice_rows(len(names)), cache, limits.room, observe, tell
        )
        described = _described(columns, found)
        learned = learn(found.source, request, asked, described, _renamed(columns, request, found))
        blocks = _blocks(cache, columns, found, asked, learned.design, learned.target, limits)
    except BaseException:
        cache.close()
        raise
    return Prepared(
        blocks,
        learned.design,
        learned.target,
        asked.names,
        found.rows,
        learned.dropped,
        (*found.source.notes, *learned.notes, _streamed(found, cache)),
        signature=found.signature,
        close=cache.close,
    )


def follow_streamed(
    reader: Reader,
    design: Design,
    target: Target,
    roles: Roles,
    limits: Limits,
    given: tuple[Any, Any, Any] = (None, None, None),
) -> Prepared:
    """Prepare other data beyond memory by what was learned before.

    See :func:`sigmoide.design.prepare.follow`.
    """
    asked = roles_to_follow(roles, given)
    columns = Uses(
        Wanted(target.column),
        _roles(asked),
        tuple(Wanted(name, kind) for name, kind in design.sources.items()),
    )

    def observe(held: Mapping[str, Values], start: int, rows: int) -> tuple[Followed, np.ndarray]:
        decimal = reader.head.decimal
        part = slice_of(_understood(columns, held, rows), asked, decimal, start)
        counted, encoded, _ = follow_rows(part, design, target, decimal)
        return counted, encoded.usable

    cache = Cache(limits.cache)
    try:
        found = transcribe(
            reader, columns.every, slice_rows(len(columns.terms)), cache, limits.room, observe
        )
        dropped = account_of(found.source, design, target, asked, found.found)
        blocks = _blocks(cache, columns, found, asked, design, target, limits)
    except BaseException:
        cache.close()
        raise
    return Prepared(
        blocks,
        design,
        target,
        roles,
        found.rows,
        dropped,
        (*found.source.notes, _streamed(found, cache)),
        dict(found.found.replaced),
        found.signature,
        cache.close,
    )


def rows_to_predict_streamed(
    reader: Reader, design: Design, offset: Any, limits: Limits
) -> ToPredict:
    """Encode all rows of data beyond memory by what was learned before, to predict them.

    See :func:`sigmoide.design.prepare.rows_to_predict`.
    """
    asked = ask_roles(None, None, offset)
    roles = _roles(asked)
    terms = tuple(Wanted(name, kind) for name, kind in design.sources.items())
    decimal = reader.head.decimal

    def encoded(
        held: Mapping[str, Values], start: int, rows: int
    ) -> tuple[Foreseen, Encoded, RowWeights]:
        given = {wanted.name: held[wanted.key] for wanted in roles}
        shift = role_rows(asked, given, start, rows)
        faults = role_faults(asked, given, shift, decimal, start)
        values = {wanted.name: held[wanted.key] for wanted in terms}
        return *foresee_rows(values, shift, faults, design, decimal, start), shift

    def observe(held: Mapping[str, Values], start: int, rows: int) -> tuple[Foreseen, np.ndarray]:
        counted, made, _ = encoded(held, start, rows)
        return counted, made.usable

    cache = Cache(limits.cache)
    try:
        wanted = tuple(dict.fromkeys((*roles, *terms)))
        found = transcribe(reader, wanted, slice_rows(len(terms)), cache, limits.room, observe)
        account = account_to_predict(found.source, design, asked, found.found)
    except BaseException:
        cache.close()
        raise

    def parts() -> Iterator[RowsToPredict]:
        size = rows_per_block(len(design.names))
        with cache:
            for low in range(0, found.rows, size):
                high = min(low + size, found.rows)
                entries = cache.read(low, high, tuple(cache.layout.types))
                held = {key: column.values(entries[key]) for key, column in found.columns.items()}
                _, made, shift = encoded(held, low, high - low)
                yield RowsToPredict(made.X, shift.offset, made.usable)

    return ToPredict(account, parts())


def _streamed(found: Transcript[Any], cache: Cache) -> str:
    """Say that the data were read in pieces, and how often."""
    often = "once" if found.reads == 1 else f"{found.reads} times ({found.why})"
    return (
        f"streamed: the memory allowed does not hold {found.source.name}; read in pieces, {often}, "
        f"and then from a cache of {size_words(cache.size)}"
    )


def _roles(asked: AskedRoles) -> tuple[Wanted, ...]:
    return tuple(Wanted(name, "numeric") for name in asked.names.columns)


def _understood(columns: Uses, held: Mapping[str, Values], rows: int) -> Columns:
    return Columns(
        rows,
        held[columns.answer.key],
        {wanted.name: held[wanted.key] for wanted in columns.roles},
        {wanted.name: held[wanted.key] for wanted in columns.terms},
    )


def _described(columns: Uses, found: Transcript[Any]) -> Columns:
    """Return what the columns are, without their rows."""
    held = {key: finished.values() for key, finished in found.columns.items()}
    return _understood(columns, held, 0)


def _renamed(columns: Uses, request: Request, found: Transcript[Census]) -> Census:
    """Return the counts with levels in their final order."""
    counted = found.found
    levels = [
        None if held is None else _in_order(found.columns[Wanted(term.column).key], held)
        for term, held in zip(request.terms, counted.levels, strict=True)
    ]
    answers = _in_order(found.columns[columns.answer.key], counted.answers) or counted.answers
    return replace(counted, levels=tuple(levels), answers=answers)


def _in_order(finished: Finished, held: Tally | None) -> Tally | None:
    if held is None or finished.kind != "text":
        return held
    keys = finished.table[held.keys]
    order = np.argsort(keys, kind="stable")
    return Tally(keys[order], held.counts[order], held.firsts[order], held.more)


def _blocks(
    cache: Cache,
    columns: Uses,
    found: Transcript[Any],
    asked: AskedRoles,
    design: Design,
    target: Target,
    limits: Limits,
) -> Blocks:
    # Blocks that are in memory at a time: one in use by each thread, and those ready for it.
    at_once = rows_per_block(len(design.names)) * 3 * default_threads()
    refuse_too_large(found.source, design, min(at_once, found.rows), limits.room)
    loader = CachedRows(cache, columns, found.columns, asked, design, target, found.source)
    return streamed_blocks(loader, design.names)
