"""From a source to blocks: the design learned or followed, rows dropped and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.design import (
    Design,
    Encoded,
    Policies,
    Term,
    count_reasons,
    encode,
    learn_design,
)
from sigmoide.data.memory import MemoryBlocks
from sigmoide.data.roles import GIVEN, Roles, RowRoles, read_roles
from sigmoide.data.source import Source
from sigmoide.data.target import Target, encode_target, learn_target
from sigmoide.data.values import Values, read_values
from sigmoide.errors import DataError, TargetError, UsageError


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the data.

    Attributes
    ----------
    target : str
        Column of the target.
    terms : tuple of Term
        Columns of the model.
    intercept : bool
        Whether it has one.
    event
        Value of the target to model, None to choose by convention.
    frequency, weights, offset
        A column's name, an array, or None.
    policies : Policies
        For missing values and unseen levels.
    """

    target: str
    terms: tuple[Term, ...]
    intercept: bool = True
    event: Any = None
    frequency: Any = None
    weights: Any = None
    offset: Any = None
    policies: Policies = field(default_factory=Policies)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data ready to be fitted, and what was learned and lost on the way.

    Attributes
    ----------
    blocks : MemoryBlocks
        Rows of positive weight with nothing missing.
    design, target, roles
        What was learned.
    source_rows : int
        Rows before any was dropped.
    dropped : dict
        From the reason to the number of rows.
    notes : tuple of str
        What the reader should know.
    """

    blocks: MemoryBlocks
    design: Design
    target: Target
    roles: Roles
    source_rows: int
    dropped: dict[str, int]
    notes: tuple[str, ...]


def prepare(source: Source, request: Request) -> Prepared:
    """Learn the design from the data, and make blocks of the rows that are used."""
    if not request.terms and not request.intercept:
        raise UsageError("the model has no intercept and no column: nothing is left to estimate.")
    names = [term.column for term in request.terms]
    if request.target in names:
        raise UsageError(
            f"the target {request.target!r} is also among the columns of the model: it would "
            "explain itself. Leave it out on the right."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"column {twice!r} is asked for twice.")
    answer = read_values(source, request.target)
    roles = read_roles(source, request.frequency, request.weights, request.offset)
    values = {name: read_values(source, name) for name in names}
    outside = _outside(request.target, answer, roles)
    alive = roles.weight > 0.0
    if outside and request.policies.missing == "error":
        raise _refusal(source, outside)
    for gone in outside.values():
        alive &= ~gone
    weight = np.where(alive, roles.weight, 0.0)
    if not alive.any():
        raise DataError(f"{source.name}: no row has both a target and a positive weight.")
    design = learn_design(
        source, request.terms, values, request.intercept, request.policies, weight
    )
    encoded = encode(design, source, values)
    used = alive & encoded.usable
    target = learn_target(source, answer, used, request.event)
    y = encode_target(target, source, _only(answer, used))
    notes = [note for v in (answer, *values.values()) if (note := v.note)]
    if target.notice:
        notes.append(target.notice)
    return Prepared(
        _blocks(encoded, y, weight, roles.offset, used, design.names),
        design,
        target,
        roles.names,
        source.n_rows,
        _account(source, values, outside, roles, encoded),
        (*source.notes, *notes),
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
    """
    asked = [
        _role(name, array, role)
        for name, array, role in zip(
            (roles.frequency, roles.weights, roles.offset),
            given,
            ("frequency", "weights", "offset"),
            strict=True,
        )
    ]
    answer = read_values(source, target.column)
    rows = read_roles(source, *asked)
    values = {c.column: read_values(source, c.column) for c in design.codings}
    outside = _outside(target.column, answer, rows)
    encoded = encode(design, source, values)
    used = (rows.weight > 0.0) & encoded.usable
    for gone in outside.values():
        used &= ~gone
    y = encode_target(target, source, answer)
    if not used.any():
        raise TargetError(
            f"{source.name}: no row has a target, a positive weight and every column of the model."
        )
    return Prepared(
        _blocks(encoded, y, rows.weight, rows.offset, used, design.names),
        design,
        target,
        roles,
        source.n_rows,
        _account(source, values, outside, rows, encoded),
        source.notes,
    )


def _role(name: str | None, array: Any, role: str) -> Any:
    if array is not None:
        return array
    if name == GIVEN:
        raise UsageError(
            f"the model was fitted with a {role} given as an array; give the {role} of these "
            f"rows too: {role}=..."
        )
    return name


def _only(values: Values, rows: np.ndarray) -> Values:
    """Return the same column with the other rows missing."""
    if values.kind == "text":
        codes = np.where(rows, values.codes, -1)
        return Values(values.name, "text", values.numbers, codes, values.levels, values.ordered)
    return Values(values.name, values.kind, np.where(rows, values.numbers, np.nan), values.codes)


def _outside(target: str, answer: Values, roles: RowRoles) -> dict[str, np.ndarray]:
    """Return the rows that miss something no policy can fill in."""
    gaps = {target: answer.missing(), roles.names.offset or "offset": np.isnan(roles.offset)}
    return {name: gone for name, gone in gaps.items() if gone.any()}


def _refusal(source: Source, outside: dict[str, np.ndarray]) -> DataError:
    name, gone = next(iter(outside.items()))
    return DataError(
        f"{source.name}, {source.place(int(np.flatnonzero(gone)[0]))}: {name!r} has no value, and "
        f"missing='error' was asked for ({int(gone.sum())} such rows). Fill them in, or choose "
        "'drop'."
    )


def _blocks(
    encoded: Encoded,
    y: Array,
    weight: Array,
    offset: Array,
    used: np.ndarray,
    names: tuple[str, ...],
) -> MemoryBlocks:
    rows = np.flatnonzero(used)
    X = encoded.X if len(rows) == len(used) else encoded.X[rows]
    return MemoryBlocks(X, y[rows], weight[rows], offset[rows], names, rows.astype(np.int64))


def _account(
    source: Source,
    values: dict[str, Values],
    outside: dict[str, np.ndarray],
    roles: RowRoles,
    encoded: Encoded,
) -> dict[str, int]:
    """Count the rows left out, each under one reason."""
    empty = roles.weight == 0.0
    gaps = {name: gone & ~empty for name, gone in outside.items()}
    if not encoded.usable.all():
        for name, column in values.items():
            gone = column.missing() & ~encoded.usable & ~empty
            if gone.any():
                gaps[name] = gaps.get(name, np.zeros(source.n_rows, dtype=bool)) | gone
        unseen = ~encoded.usable & ~empty
        for gone in gaps.values():
            unseen &= ~gone
        if unseen.any():
            gaps["level (unseen)"] = unseen
    reasons = count_reasons({name: gone for name, gone in gaps.items() if gone.any()})
    if empty.any():
        reasons["weight 0"] = int(empty.sum())
    return reasons
