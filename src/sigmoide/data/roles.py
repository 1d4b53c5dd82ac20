"""Columns that are no features: frequency, weights, offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.source import Source, rows_like_it
from sigmoide.data.values import first_no_number, read_values_as
from sigmoide.data.words import other_sign_hint
from sigmoide.errors import UsageError, WeightError

GIVEN = "(given as an array)"

WeightKind = Literal["none", "frequency", "weights"]


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of the columns that weigh and shift the rows; None where there is none.

    An array that was given instead of a column's name is called ``(given as an array)``.
    """

    frequency: str | None = None
    weights: str | None = None
    offset: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of real columns among them."""
        every = (self.frequency, self.weights, self.offset)
        return tuple(name for name in every if name is not None and name != GIVEN)


@dataclass(frozen=True, slots=True)
class RowRoles:
    """Weight and offset of each row.

    Attributes
    ----------
    names : Roles
        Where they came from.
    weight : ndarray, shape (n,)
        s_i >= 0; ones by default.
    offset : ndarray, shape (n,)
        o_i; NaN where missing, zeros by default.
    """

    names: Roles
    weight: Array
    offset: Array


def read_roles(source: Source, frequency: Any, weights: Any, offset: Any) -> RowRoles:
    """Read weights and offset, each a column's name, an array, or None.

    Raises
    ------
    UsageError
        If both frequency and weights are given.
    WeightError
        If a weight is negative, missing or infinite, a frequency is not whole, or all are zero.
    """
    if frequency is not None and weights is not None:
        raise UsageError(
            "frequency and weights were both given; a row has one or the other. Multiply them "
            "yourself if you mean that, and give the product as weights."
        )
    n = source.n_rows
    weight, shift = np.ones(n), np.zeros(n)
    if frequency is not None:
        weight = _numbers(source, frequency, "frequency")
        _check_weights(source, weight, _called(frequency, "frequency"))
        broken = np.flatnonzero(weight != np.floor(weight))
        if len(broken):
            row = int(broken[0])
            raise WeightError(
                f"{source.name}, {source.place(row)}: {_called(frequency, 'frequency')} is "
                f"{weight[row]:g}; repeat counts are whole numbers ({rows_like_it(len(broken))}). "
                "If it is a weight, give it as weights."
            )
    elif weights is not None:
        weight = _numbers(source, weights, "weights")
        _check_weights(source, weight, _called(weights, "weight"))
    if offset is not None:
        shift = _numbers(source, offset, "offset")
    names = Roles(_name(frequency), _name(weights), _name(offset))
    return RowRoles(names, weight, shift)


def _name(given: Any) -> str | None:
    if given is None:
        return None
    return given if isinstance(given, str) else GIVEN


def _called(given: Any, role: str) -> str:
    return f"the {role} {given!r}" if isinstance(given, str) else f"the {role} given"


def _numbers(source: Source, given: Any, role: str) -> Array:
    if isinstance(given, str):
        values = read_values_as(source, given, "numeric")
        if values.kind == "text" and not values.missing().all():
            row = first_no_number(values, source.decimal)
            row = int(np.flatnonzero(~values.missing())[0]) if row is None else row
            held = values.levels[values.codes[row]]
            hint = other_sign_hint(held, source.decimal) if source.untyped else ""
            raise WeightError(
                f"{source.name}, {source.place(row)}: column {given!r} is to be the {role} and "
                f"holds {held!r}. Numbers are needed.{hint}"
            )
        return values.numbers if values.kind != "text" else np.full(source.n_rows, np.nan)
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise WeightError(
            f"the {role} given is not an array of numbers: {error}. Give one number a row, or a "
            "column's name."
        ) from error
    if array.shape != (source.n_rows,):
        raise WeightError(
            f"the {role} given has the shape {array.shape}; the data have {source.n_rows} rows, "
            f"so ({source.n_rows},) is needed."
        )
    if np.isinf(array).any():
        row = int(np.flatnonzero(np.isinf(array))[0])
        raise WeightError(
            f"the {role} given is infinite at {source.place(row)}. Give a finite number."
        )
    return array


def _check_weights(source: Source, weight: Array, called: str) -> None:
    for wrong, what in ((np.isnan(weight), "missing"), (weight < 0.0, "negative")):
        rows = np.flatnonzero(wrong)
        if len(rows):
            row = int(rows[0])
            shown = "" if what == "missing" else f": {weight[row]:g}"
            raise WeightError(
                f"{source.name}, {source.place(row)}: {called} is {what}{shown} "
                f"({rows_like_it(len(rows))}). Give 0 to leave a row out."
            )
    if not (weight > 0.0).any():
        raise WeightError(
            f"{source.name}: {called} of every row is zero, so no row is left to learn from. "
            "Give some rows a positive one."
        )
