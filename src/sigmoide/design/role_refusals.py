"""Weights, offsets and trials that mean nothing: refused, with the first row at fault."""

from __future__ import annotations

from typing import Any

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.columns.account import Rows
from sigmoide.columns.values import read_values_as
from sigmoide.columns.words import other_sign_hint
from sigmoide.design.functions.arithmetic import Expression
from sigmoide.design.roles import (
    AskedRoles,
    RoleFaults,
    RowRoles,
    ask_roles,
    role_faults,
    role_rows,
)
from sigmoide.errors import WeightError
from sigmoide.sources.source import Source, rows_like_it


def read_roles(source: Source, frequency: Any, weights: Any, offset: Any) -> RowRoles:
    """Read weights and offset of all rows, each a column's name, an array, or None.

    Raises
    ------
    UsageError
        If both frequency and weights are given.
    WeightError
        If a weight is negative, missing or infinite, a frequency is not whole, or all are zero.
    """
    asked = ask_roles(frequency, weights, offset)
    values = {name: read_values_as(source, name, "numeric") for name in asked.names.columns}
    found = role_rows(asked, values, 0, source.n_rows)
    refuse_roles(
        source, asked, role_faults(asked, values, found, source.decimal, 0), len(found.weight)
    )
    return found


def refuse_roles(source: Source, asked: AskedRoles, faults: RoleFaults, rows: int) -> None:
    """Refuse weights and offsets that mean nothing.

    Parameters
    ----------
    source : Source
        Whose rows they are: its name, and where its rows stand.
    asked, faults
        What was asked for, and what is wrong with it.
    rows : int
        Rows of the source.
    """
    _refuse_array(source, asked.weight, asked.weight_role, rows)
    if not isinstance(asked.offset, Expression):
        _refuse_array(source, asked.offset, "offset", rows)
    _refuse_words(source, asked.weight, asked.weight_role, faults.strange[0], faults.text[0])
    role = "weight" if asked.weights is not None else "frequency"
    called = _called(asked.weight, role if asked.trials is None else "number of trials")
    for wrong, what in ((faults.missing, "missing"), (faults.negative, "negative")):
        if wrong:
            shown = "" if what == "missing" else f": {wrong.held}"
            raise WeightError(
                f"{source.name}, {source.place(wrong.first)}: {called} is {what}{shown} "
                f"({rows_like_it(wrong.count)}). Give 0 to leave a row out."
            )
    if not faults.positive:
        raise WeightError(
            f"{source.name}: {called} of every row is zero, so no row is left to learn from. "
            "Give some rows a positive one."
        )
    if faults.broken and asked.trials is not None:
        raise WeightError(
            f"{source.name}, {source.place(faults.broken.first)}: {called} is "
            f"{faults.broken.held}; trials are counted in whole numbers "
            f"({rows_like_it(faults.broken.count)}). Mend the value."
        )
    if faults.broken:
        raise WeightError(
            f"{source.name}, {source.place(faults.broken.first)}: {called} is "
            f"{faults.broken.held}; repeat counts are whole numbers "
            f"({rows_like_it(faults.broken.count)}). If it is a weight, give it as weights."
        )
    _refuse_words(source, asked.names.offset, "offset", faults.strange[1], faults.text[1])
    if faults.valueless:
        raise WeightError(
            f"{source.name}, {source.place(faults.valueless.first)}: {asked.names.offset} has no "
            f"value where {faults.valueless.held} ({rows_like_it(faults.valueless.count)}). Mend "
            "the value, or make it missing."
        )


def _called(given: Any, role: str) -> str:
    return f"the {role} {given!r}" if isinstance(given, str) else f"the {role} given"


def _refuse_array(source: Source, given: str | Array | None, role: str, rows: int) -> None:
    if given is None or isinstance(given, str):
        return
    if given.shape != (rows,):
        raise WeightError(
            f"the {role} given has the shape {given.shape}; the data have {rows} rows, "
            f"so ({rows},) is needed."
        )
    if np.isinf(given).any():
        row = int(np.flatnonzero(np.isinf(given))[0])
        raise WeightError(
            f"the {role} given is infinite at {source.place(row)}. Give a finite number."
        )


def _refuse_words(
    source: Source, given: str | Array | None, role: str, strange: Rows, text: Rows
) -> None:
    if not text:
        return
    first = strange or text
    hint = other_sign_hint(first.held, source.decimal) if source.untyped else ""
    raise WeightError(
        f"{source.name}, {source.place(first.first)}: column {given!r} is to be the {role} and "
        f"holds {first.held!r}. Numbers are needed.{hint}"
    )
