"""Rows counted by what was learned before: what is wrong, what is lost, what stands in for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.columns.account import Account, Reasons, Rows, reasons, unseen_name
from sigmoide.columns.values import Values
from sigmoide.design.census import Slice, Standing, outside, standing
from sigmoide.design.design import Design
from sigmoide.design.encode import Encoded, Fault, encode_rows, refuse_faults
from sigmoide.design.functions.arithmetic import Expression
from sigmoide.design.learn import refuse_outside, weightless
from sigmoide.design.roles import (
    GIVEN,
    AskedRoles,
    RoleFaults,
    Roles,
    RowWeights,
    ask_roles,
    refuse_roles,
)
from sigmoide.design.target import Target, answer_rows, refuse_no_counts, refuse_strange
from sigmoide.errors import DataError, UsageError
from sigmoide.sources.source import Source


@dataclass(frozen=True, slots=True)
class Followed:
    """What is counted of rows that a model is put to; it adds up over rows.

    Attributes
    ----------
    standing : Standing
        Which rows count.
    used : int
        Rows that can be judged.
    faults : dict
        What the model does not allow (see :func:`sigmoide.design.encode.refuse_faults`).
    strange : Rows
        Rows whose target is none of the two values.
    reasons : Reasons
        Rows of positive weight that cannot be judged.
    replaced : mapping
        From a column to the rows of levels that were not learned.
    """

    standing: Standing
    used: int
    faults: Mapping[Fault, Rows]
    strange: Rows
    reasons: Reasons
    replaced: Mapping[str, int]

    def __add__(self, other: Followed) -> Followed:
        return Followed(
            self.standing + other.standing,
            self.used + other.used,
            _joined(self.faults, other.faults),
            self.strange + other.strange,
            self.reasons + other.reasons,
            _summed(self.replaced, other.replaced),
        )


def follow_rows(
    part: Slice, design: Design, target: Target, decimal: str
) -> tuple[Followed, Encoded, Array]:
    """Encode some rows by what was learned before, and count what becomes of them.

    Returns
    -------
    counts : Followed
        The counts.
    encoded : Encoded
        The rows.
    y : ndarray, shape (n,)
        The target: 1 for the event; or the successes, where they are counted.
    """
    live, gone = outside(part)
    encoded = encode_rows(design, part.values, live, decimal, part.start)
    answer = part.answer.only(encoded.usable)
    y, strange = answer_rows(target, part.roles.names.trials, answer, part.roles.weight, part.start)
    counts = Followed(
        standing(part, live, gone),
        int(np.count_nonzero(encoded.usable)),
        encoded.faults,
        strange,
        reasons({**gone, **gaps(part.values, encoded, gone)}),
        replaced(design, encoded),
    )
    return counts, encoded, y


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is counted of rows that are to be predicted; it adds up over rows.

    Attributes
    ----------
    rows : int
        All.
    faults, reasons, replaced
        As in :class:`Followed`; of all rows.
    roles : RoleFaults
        What is wrong with the offset.
    """

    rows: int
    faults: Mapping[Fault, Rows]
    reasons: Reasons
    replaced: Mapping[str, int]
    roles: RoleFaults

    def __add__(self, other: Foreseen) -> Foreseen:
        return Foreseen(
            self.rows + other.rows,
            _joined(self.faults, other.faults),
            self.reasons + other.reasons,
            _summed(self.replaced, other.replaced),
            self.roles + other.roles,
        )

    @property
    def account(self) -> Account:
        """What becomes of the rows."""
        return Account(self.rows, self.reasons.counted(), dict(self.replaced))


@dataclass(frozen=True, slots=True)
class ToPredict:
    """Rows to be predicted, in slices.

    Attributes
    ----------
    account : Account
        What becomes of all of them.
    parts : iterator of RowsToPredict
        From the first row to the last; once.
    """

    account: Account
    parts: Iterator[RowsToPredict]


@dataclass(frozen=True, slots=True)
class RowsToPredict:
    """Consecutive rows to be predicted.

    Attributes
    ----------
    X : ndarray, shape (n, d)
        Zeros in rows that cannot be predicted.
    offset : ndarray, shape (n,)
        NaN where missing.
    usable : ndarray of bool, shape (n,)
        Rows that miss nothing but the offset.
    """

    X: Array
    offset: Array
    usable: np.ndarray

    def part(self, low: int, high: int) -> RowsToPredict:
        """Return the rows low, ..., high - 1 of them."""
        return RowsToPredict(self.X[low:high], self.offset[low:high], self.usable[low:high])


def foresee_rows(
    values: Mapping[str, Values],
    roles: RowWeights,
    faults: RoleFaults,
    design: Design,
    decimal: str,
    start: int = 0,
) -> tuple[Foreseen, Encoded]:
    """Encode some rows by what was learned before, and count which cannot be predicted."""
    encoded = encode_rows(design, values, np.ones(len(roles.offset), dtype=bool), decimal, start)
    name = roles.names.offset
    missing = {"offset" if name in (None, GIVEN) else name: np.isnan(roles.offset)}
    counts = Foreseen(
        len(roles.offset),
        encoded.faults,
        reasons({**missing, **gaps(values, encoded, missing)}),
        replaced(design, encoded),
        faults,
    )
    return counts, encoded


def account_of(
    source: Source, design: Design, target: Target, roles: AskedRoles, counts: Followed
) -> dict[str, int]:
    """Return the rows that cannot be judged, by reason.

    Parameters
    ----------
    source : Source
        Whose rows they are: its name, and where its rows stand.
    design, target, roles
        What the model knows.
    counts : Followed
        The counts.

    Raises
    ------
    DataError
        If the data cannot be used so, or no row is left.
    """
    refuse_roles(source, roles, counts.standing.faults, counts.standing.rows)
    refuse_outside(source, target.column, roles, design.policies, counts.standing)
    refuse_faults(design, source, counts.faults)
    if roles.trials is not None:
        refuse_no_counts(source, target.column, counts.strange)
    else:
        refuse_strange(target, source, counts.strange)
    dropped = counts.reasons.counted() | weightless(counts.standing)
    if not counts.used:
        why = ", ".join(f"{reason} ({count:,})" for reason, count in dropped.items())
        raise DataError(
            f"{source.name}: no row has all that the model needs: {why}. Fill in the missing "
            "values."
        )
    return dropped


def account_to_predict(
    source: Source, design: Design, roles: AskedRoles, counts: Foreseen
) -> Account:
    """Return what becomes of rows that are to be predicted.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    refuse_roles(source, roles, counts.roles, counts.rows)
    refuse_faults(design, source, counts.faults)
    return counts.account


def roles_to_follow(roles: Roles, given: tuple[Any, Any, Any]) -> AskedRoles:
    """Return what weighs and shifts rows that a model is put to.

    Parameters
    ----------
    roles : Roles
        What the model knows.
    given : tuple
        Frequency, weights and offset as arrays, where the fit had them as arrays.

    Raises
    ------
    UsageError
        If an array is needed and not given.
    """
    names = (roles.frequency, roles.weights, roles.shift)
    arguments = zip(names, given, ("frequency", "weights", "offset"), strict=True)
    frequency, weights, offset = (_given(name, array, role) for name, array, role in arguments)
    return ask_roles(frequency, weights, offset, roles.trials)


def _given(name: str | Expression | None, array: Any, role: str) -> Any:
    if array is not None:
        return array
    if name == GIVEN:
        raise UsageError(
            f"the model was fitted with a {role} given as an array; give the {role} of these "
            f"rows too: {role}=..."
        )
    return name


def gaps(
    values: Mapping[str, Values], encoded: Encoded, outside: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the rows that cannot be used, by column, unseen levels apart from missing values.

    Rows that are out for their target or offset are named with the other columns that they miss,
    unless something stands in for what is missing there.
    """
    out_anyway = np.zeros(len(encoded.usable), dtype=bool)
    for gone in outside.values():
        out_anyway |= gone
    masks = {}
    for name, lost in encoded.gaps.items():
        unseen = lost & encoded.unseen.get(name, False)
        masks[name] = (lost & ~unseen) | (out_anyway & values[name].missing())
        masks[unseen_name(name)] = unseen
    return masks


def replaced(design: Design, encoded: Encoded) -> dict[str, int]:
    """Count the rows of unseen levels that count as the reference, by column."""
    if design.policies.unseen != "reference":
        return {}
    return {name: int(rows.sum()) for name, rows in encoded.unseen.items()}


def _joined(a: Mapping[Fault, Rows], b: Mapping[Fault, Rows]) -> dict[Fault, Rows]:
    none = Rows()
    return {fault: a.get(fault, none) + b.get(fault, none) for fault in {**a, **b}}


def _summed(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {name: a.get(name, 0) + b.get(name, 0) for name in {**a, **b}}
