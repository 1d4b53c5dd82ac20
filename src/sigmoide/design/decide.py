"""From what was counted to what is learned, and what is refused: the same for all sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sigmoide.columns.account import WEIGHTLESS, Account
from sigmoide.columns.words import in_formula
from sigmoide.design.apply import Followed, Foreseen
from sigmoide.design.census import Census, Columns, Standing
from sigmoide.design.design import Design, Policies, Request
from sigmoide.design.encode import missing_refused, refuse_faults
from sigmoide.design.functions.arithmetic import Expression
from sigmoide.design.learn import learn_design, mixed_note
from sigmoide.design.learn_functions import empty_note
from sigmoide.design.roles import GIVEN, AskedRoles, Roles, ask_roles, refuse_roles
from sigmoide.design.target import (
    Target,
    choose_event,
    counted_target,
    refuse_no_counts,
    refuse_strange,
)
from sigmoide.errors import DataError, TargetError, UsageError
from sigmoide.sources.source import Source


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned of data before the fit.

    Attributes
    ----------
    design, target
        How rows become numbers.
    dropped : dict
        From the reason to the number of rows.
    notes : tuple of str
        What the reader should know.
    """

    design: Design
    target: Target
    dropped: dict[str, int]
    notes: tuple[str, ...]


def learn(
    source: Source, request: Request, asked: AskedRoles, columns: Columns, found: Census
) -> Learned:
    """Learn from what was counted of all rows.

    Parameters
    ----------
    source : Source
        Whose rows they are: its name, and where its rows stand.
    request, asked
        What is asked of them.
    columns : Columns
        What the columns are: kinds and levels. Their rows are not looked at.
    found : Census
        The counts.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    refuse_roles(source, asked, found.standing.faults, found.standing.rows)
    _refuse_outside(source, request.target, asked, request.policies, found.standing)
    design = learn_design(
        source,
        request.terms,
        columns.values,
        request.intercept,
        request.policies,
        found,
        request.products,
    )
    target = _target(source, request, columns, found)
    notes = [note for v in (columns.answer, *columns.values.values()) if (note := v.note)]
    for term in request.terms:
        if term.asked is not None:
            continue
        if note := mixed_note(columns.values[term.column], term, source.decimal):
            notes.append(note)
    notes += [empty_note(label, design) for label, names in design.groups.items() if not names]
    if target.notice:
        notes.append(target.notice)
    filled = [coding.column for coding in design.codings if coding.indicator]
    lost = found.reasons.without(filled).counted()
    return Learned(design, target, lost | _weightless(found.standing), tuple(notes))


def _target(source: Source, request: Request, columns: Columns, found: Census) -> Target:
    if request.trials is None or found.counted is None:
        return choose_event(
            source, columns.answer, found.answers, found.standing.rows, request.event
        )
    if request.event is not None:
        raise UsageError(
            f"an event was given, and {request.target!r} counts successes among "
            f"{request.trials!r} trials: a success is the event. Leave the event out."
        )
    return counted_target(source, request.target, request.trials, found.counted)


def account_of(
    source: Source, design: Design, target: Target, asked: AskedRoles, found: Followed
) -> dict[str, int]:
    """Return the rows that cannot be judged, by reason.

    Parameters
    ----------
    source : Source
        Whose rows they are: its name, and where its rows stand.
    design, target, asked
        What the model knows.
    found : Followed
        The counts.

    Raises
    ------
    DataError
        If the data cannot be used so, or no row is left.
    """
    refuse_roles(source, asked, found.standing.faults, found.standing.rows)
    _refuse_outside(source, target.column, asked, design.policies, found.standing)
    refuse_faults(design, source, found.faults)
    if asked.trials is not None:
        refuse_no_counts(source, target.column, found.strange)
    else:
        refuse_strange(target, source, found.strange)
    dropped = found.reasons.counted() | _weightless(found.standing)
    if not found.used:
        why = ", ".join(f"{reason} ({count:,})" for reason, count in dropped.items())
        raise DataError(
            f"{source.name}: no row has all that the model needs: {why}. Fill in the missing "
            "values."
        )
    return dropped


def account_to_predict(
    source: Source, design: Design, asked: AskedRoles, found: Foreseen
) -> Account:
    """Return what becomes of rows that are to be predicted.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    refuse_roles(source, asked, found.roles, found.rows)
    refuse_faults(design, source, found.faults)
    return found.account


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
    asked = zip(names, given, ("frequency", "weights", "offset"), strict=True)
    frequency, weights, offset = (_given(name, array, role) for name, array, role in asked)
    return ask_roles(frequency, weights, offset, roles.trials)


def checked_names(request: Request) -> list[str]:
    """Return the columns of the model, if they can be used together."""
    names = [term.column for term in request.terms if term.asked is None]
    columns = list(request.columns)
    if not request.terms and not request.intercept:
        raise UsageError(
            "the model has no intercept and no column: nothing is left to estimate. Add one."
        )
    if request.trials is not None and request.trials in columns:
        raise UsageError(
            f"the trials {request.trials!r} are also among the columns of the model. Leave them "
            "out on the right."
        )
    if request.target in columns:
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
    return columns


def _given(name: str | Expression | None, array: Any, role: str) -> Any:
    if array is not None:
        return array
    if name == GIVEN:
        raise UsageError(
            f"the model was fitted with a {role} given as an array; give the {role} of these "
            f"rows too: {role}=..."
        )
    return name


def _weightless(found: Standing) -> dict[str, int]:
    empty = found.rows - found.weighted
    return {WEIGHTLESS: empty} if empty else {}


def _refuse_outside(
    source: Source, target: str, asked: AskedRoles, policies: Policies, found: Standing
) -> None:
    """Refuse rows that miss what no policy can fill in: the target, or the offset."""
    offset = asked.names.offset or "offset"
    for name, gone in ((target, found.target), (offset, found.offset)):
        if not gone:
            continue
        if gone.count == found.weighted:
            what, error = ("target", TargetError) if name == target else ("offset", DataError)
            raise error(
                f"{source.name}: the {what} {name!r} has no value in any row. Name another "
                "column, or fill it in."
            )
        if policies.missing == "error":
            raise missing_refused(source, name, gone, "fill them in, or choose missing='drop'")
    if not found.live:
        raise DataError(
            f"{source.name}: no row has both a target and an offset. Fill one of them in."
        )
