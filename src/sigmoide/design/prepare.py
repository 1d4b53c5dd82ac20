"""From a source to blocks: the design learned or followed, rows dropped and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.block import Array, tree_sum
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.columns.account import Account
from sigmoide.columns.values import read_values, read_values_as
from sigmoide.design.apply import RowsToPredict, ToPredict, follow_rows, foresee_rows
from sigmoide.design.census import Columns, Slice, census, slice_of, slice_rows
from sigmoide.design.decide import (
    account_of,
    account_to_predict,
    checked_names,
    learn,
    roles_to_follow,
)
from sigmoide.design.design import Design
from sigmoide.design.design import Request as Request
from sigmoide.design.encode import Encoded, encode, read_learned
from sigmoide.design.learn import refuse_too_large
from sigmoide.design.roles import AskedRoles, Roles, RowWeights, ask_roles, role_faults, role_rows
from sigmoide.design.target import Target, answer_rows, observations
from sigmoide.sources.options import machine_memory
from sigmoide.sources.source import Signature, Source


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


def prepare(source: Source, request: Request) -> Prepared:
    """Learn the design from the data, and make blocks of the rows that are used.

    Raises
    ------
    UsageError
        If what is asked for contradicts itself.
    DataError
        If the data cannot be used so.
    """
    names = checked_names(request)
    asked = ask_roles(request.frequency, request.weights, request.offset, request.trials)
    columns = Columns(
        source.n_rows,
        read_values(source, request.target),
        {name: read_values_as(source, name, "numeric") for name in asked.names.columns},
        {name: read_values(source, name) for name in names},
    )
    parts = [
        census(part, request.terms, request.policies)
        for part in _slices(source, columns, asked, len(names))
    ]
    learned = learn(source, request, asked, columns, tree_sum(found for found, _ in parts))
    design = learned.design
    refuse_too_large(source, design, source.n_rows, machine_memory())
    used = np.concatenate([used for _, used in parts])
    encoded = encode(design, source, columns.values, used)
    roles = role_rows(asked, columns.roles, 0, source.n_rows)
    y, _ = answer_rows(learned.target, asked.trials, columns.answer.only(used), roles.weight)
    return Prepared(
        _blocks(source, encoded, y, roles, design),
        design,
        learned.target,
        asked.names,
        source.n_rows,
        learned.dropped,
        (*source.notes, *learned.notes),
    )


def follow(
    source: Source,
    design: Design,
    target: Target,
    roles: Roles,
    given: tuple[Any, Any, Any] = (None, None, None),
) -> Prepared:
    """Prepare other data by what was learned before, to judge a model by them.

    Parameters
    ----------
    source, design, target, roles
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
    asked = roles_to_follow(roles, given)
    columns = Columns(
        source.n_rows,
        read_values(source, target.column),
        {name: read_values_as(source, name, "numeric") for name in asked.names.columns},
        read_learned(source, design),
    )
    part = slice_of(columns, asked, source.decimal)
    found, encoded, y = follow_rows(part, design, target, source.decimal)
    dropped = account_of(source, design, target, asked, found)
    return Prepared(
        _blocks(source, encoded, y, part.roles, design),
        design,
        target,
        roles,
        source.n_rows,
        dropped,
        source.notes,
        dict(found.replaced),
    )


def rows_to_predict(source: Source, design: Design, offset: Any) -> ToPredict:
    """Encode all rows by what was learned before, to predict them.

    Parameters
    ----------
    source, design
        The data, and what the model knows.
    offset
        A column's name, an array, or None.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    asked = ask_roles(None, None, offset)
    held = {name: read_values_as(source, name, "numeric") for name in asked.names.columns}
    values = read_learned(source, design)
    roles = role_rows(asked, held, 0, source.n_rows)
    faults = role_faults(asked, held, roles, source.decimal, 0)
    found, encoded = foresee_rows(values, roles, faults, design, source.decimal)
    account = account_to_predict(source, design, asked, found)
    size = rows_per_block(len(design.names))
    cuts = [slice(low, low + size) for low in range(0, source.n_rows, size)]
    parts = (RowsToPredict(encoded.X[cut], roles.offset[cut], encoded.usable[cut]) for cut in cuts)
    return ToPredict(account, parts)


def _slices(source: Source, columns: Columns, asked: AskedRoles, terms: int) -> Iterator[Slice]:
    size = slice_rows(terms)
    for low in range(0, columns.rows, size):
        part = columns.part(low, min(low + size, columns.rows))
        yield slice_of(part, asked, source.decimal, low)


def _blocks(
    source: Source, encoded: Encoded, y: Array, roles: RowWeights, design: Design
) -> Blocks:
    rows = np.flatnonzero(encoded.usable)
    if roles.names.trials is not None:
        at, y, weight = observations(y[rows], roles.weight[rows])
        rows = rows[at]
        return array_blocks(
            encoded.X[rows], y, weight, roles.offset[rows], design.names, source.row_numbers[rows]
        )
    X = encoded.X if len(rows) == len(encoded.usable) else encoded.X[rows]
    return array_blocks(
        X, y[rows], roles.weight[rows], roles.offset[rows], design.names, source.row_numbers[rows]
    )
