"""Columns that are no features: frequency, weights, offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.source import Source
from sigmoide.data.values import read_values
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
        _check_weights(source, weight, "frequency")
        broken = np.flatnonzero(weight != np.floor(weight))
        if len(broken):
            raise WeightError(
                f"{source.name}, {source.place(int(broken[0]))}: the frequency is "
                f"{weight[broken[0]]:g}; repeat counts are whole numbers. "
                "Give it as weights if it is a weight."
            )
    elif weights is not None:
        weight = _numbers(source, weights, "weights")
        _check_weights(source, weight, "weight")
    if offset is not None:
        shift = _numbers(source, offset, "offset")
    names = Roles(_name(frequency), _name(weights), _name(offset))
    return RowRoles(names, weight, shift)


def _name(given: Any) -> str | None:
    if given is None:
        return None
    return given if isinstance(given, str) else GIVEN


def _numbers(source: Source, given: Any, role: str) -> Array:
    if isinstance(given, str):
        values = read_values(source, given)
        if values.kind == "text":
            raise WeightError(
                f"{source.name}: column {given!r} is to be the {role} and holds text, such as "
                f"{values.levels[0] if values.levels else ''!r}. Numbers are needed."
            )
        return values.numbers
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise WeightError(f"the {role} given is not an array of numbers: {error}.") from error
    if array.shape != (source.n_rows,):
        raise WeightError(
            f"the {role} given has the shape {array.shape}; the data have {source.n_rows} rows, "
            f"so ({source.n_rows},) is needed."
        )
    if np.isinf(array).any():
        row = int(np.flatnonzero(np.isinf(array))[0])
        raise WeightError(f"the {role} given is infinite at {source.place(row)}.")
    return array


def _check_weights(source: Source, weight: Array, role: str) -> None:
    for wrong, what in ((np.isnan(weight), "missing"), (weight < 0.0, "negative")):
        rows = np.flatnonzero(wrong)
        if len(rows):
            row = int(rows[0])
            shown = "" if what == "missing" else f": {weight[row]:g}"
            raise WeightError(
                f"{source.name}, {source.place(row)}: the {role} is {what}{shown} "
                f"({len(rows)} such rows). Give 0 to leave a row out."
            )
    if not (weight > 0.0).any():
        raise WeightError(
            f"{source.name}: the {role} of every row is zero, so no row is left to learn from."
        )
