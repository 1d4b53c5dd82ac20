"""From a source to blocks: the design learned or followed, rows dropped and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sigmoide.data.account import count_reasons, unseen_name
from sigmoide.data.blocks import Array
from sigmoide.data.design import Design, Encoded, Policies, Term, encode, missing_refused
from sigmoide.data.learn import learn_design, mixed_note
from sigmoide.data.memory import MemoryBlocks
from sigmoide.data.roles import GIVEN, Roles, RowRoles, read_roles
from sigmoide.data.source import Source
from sigmoide.data.target import Target, encode_target, learn_target
from sigmoide.data.values import Values, read_values
from sigmoide.data.words import in_formula
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
    """Learn the design from the data, and make blocks of the rows that are used.

    Raises
    ------
    UsageError
        If what is asked for contradicts itself.
    DataError
        If the data cannot be used so.
    """
    names = _checked_names(request)
    answer = read_values(source, request.target)
    roles = read_roles(source, request.frequency, request.weights, request.offset)
    values = {name: read_values(source, name) for name in names}
    live, outside = _live(source, answer, roles, request.policies)
    weight = np.where(live, roles.weight, 0.0)
    design = learn_design(
        source, request.terms, values, request.intercept, request.policies, weight
    )
    encoded = encode(design, source, values, live)
    target = learn_target(source, answer, encoded.usable, request.event)
    y = encode_target(target, source, answer.only(encoded.usable))
    notes = [note for v in (answer, *values.values()) if (note := v.note)]
    for term in request.terms:
        if note := mixed_note(values[term.column], term, source.decimal):
            notes.append(note)
    if target.notice:
        notes.append(target.notice)
    return Prepared(
        _blocks(source, encoded, y, roles, design.names),
        design,
        target,
        roles.names,
        source.n_rows,
        _account(values, outside, roles, encoded),
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

    Raises
    ------
    UsageError
        If an array is needed and not given.
    DataError
        If the data cannot be used so.
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
    live, outside = _live(source, answer, rows, design.policies)
    encoded = encode(design, source, values, live)
    y = encode_target(target, source, answer.only(encoded.usable))
    dropped = _account(values, outside, rows, encoded)
    if not encoded.usable.any():
        why = ", ".join(f"{reason} ({count:,})" for reason, count in dropped.items())
        raise DataError(
            f"{source.name}: no row has all that the model needs: {why}. Fill in the missing "
            "values."
        )
    return Prepared(
        _blocks(source, encoded, y, rows, design.names),
        design,
        target,
        roles,
        source.n_rows,
        dropped,
        source.notes,
    )


def lost_and_unseen(source: Source, design: Design) -> tuple[dict[str, int], dict[str, int]]:
    """Count the rows that get no prediction, by reason, and the rows of unseen levels, by column.

    The offset is not looked at.
    """
    values = {c.column: read_values(source, c.column) for c in design.codings}
    encoded = encode(design, source, values)
    unseen = {name: int(rows.sum()) for name, rows in encoded.unseen.items()}
    return count_reasons(_gaps(values, encoded)), unseen


def _checked_names(request: Request) -> list[str]:
    names = [term.column for term in request.terms]
    if not names and not request.intercept:
        raise UsageError(
            "the model has no intercept and no column: nothing is left to estimate. Add one."
        )
    if request.target in names:
        raise UsageError(
            f"the target {request.target!r} is also among the columns of the model: it would "
            "explain itself. Leave it out on the right."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            f"column {twice!r} is asked for twice. Keep one: as it is, or as levels, "
            f"C({in_formula(twice)})."
        )
    return names


def _role(name: str | None, array: Any, role: str) -> Any:
    if array is not None:
        return array
    if name == GIVEN:
        raise UsageError(
            f"the model was fitted with a {role} given as an array; give the {role} of these "
            f"rows too: {role}=..."
        )
    return name


def _live(
    source: Source, answer: Values, roles: RowRoles, policies: Policies
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the rows that count, and those that miss what no policy can fill in, by column."""
    weighted = roles.weight > 0.0
    gaps = {answer.name: answer.missing(), roles.names.offset or "offset": np.isnan(roles.offset)}
    outside = {name: gone & weighted for name, gone in gaps.items() if (gone & weighted).any()}
    live = weighted.copy()
    for name, gone in outside.items():
        if gone.sum() == weighted.sum():
            what, error = ("target", TargetError) if name == answer.name else ("offset", DataError)
            raise error(
                f"{source.name}: the {what} {name!r} has no value in any row. Name another "
                "column, or fill it in."
            )
        if policies.missing == "error":
            raise missing_refused(source, name, gone, "fill them in, or choose missing='drop'")
        live &= ~gone
    if not live.any():
        raise DataError(
            f"{source.name}: no row has both a target and an offset. Fill one of them in."
        )
    return live, outside


def _blocks(
    source: Source, encoded: Encoded, y: Array, roles: RowRoles, names: tuple[str, ...]
) -> MemoryBlocks:
    rows = np.flatnonzero(encoded.usable)
    X = encoded.X if len(rows) == len(encoded.usable) else encoded.X[rows]
    return MemoryBlocks(
        X, y[rows], roles.weight[rows], roles.offset[rows], names, source.row_numbers[rows]
    )


def _account(
    values: dict[str, Values],
    outside: dict[str, np.ndarray],
    roles: RowRoles,
    encoded: Encoded,
) -> dict[str, int]:
    """Count the rows left out, each under one reason."""
    reasons = count_reasons({**outside, **_gaps(values, encoded, outside)})
    empty = int((roles.weight == 0.0).sum())
    return {**reasons, "weight 0": empty} if empty else reasons


def _gaps(
    values: dict[str, Values], encoded: Encoded, outside: dict[str, np.ndarray] | None = None
) -> dict[str, np.ndarray]:
    """Return the rows that cannot be used, by column, unseen levels apart from missing values.

    Rows that are out for their target or offset are named with the other columns that they miss,
    unless something stands in for what is missing there.
    """
    out_anyway = np.zeros(len(encoded.usable), dtype=bool)
    for gone in (outside or {}).values():
        out_anyway |= gone
    gaps = {}
    for name, lost in encoded.gaps.items():
        unseen = lost & encoded.unseen.get(name, False)
        gaps[name] = (lost & ~unseen) | (out_anyway & values[name].missing())
        gaps[unseen_name(name)] = unseen
    return gaps
