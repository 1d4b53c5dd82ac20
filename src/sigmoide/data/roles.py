"""Columns that are no features: frequency, weights, offset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.rows import Rows, rows_where
from sigmoide.data.source import Source, rows_like_it
from sigmoide.data.strange import no_numbers
from sigmoide.data.values import Values, read_values_as
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
class AskedRoles:
    """What is to weigh and shift the rows: each a column's name, an array, or None."""

    frequency: str | Array | None = None
    weights: str | Array | None = None
    offset: str | Array | None = None

    @property
    def names(self) -> Roles:
        """Where they come from."""
        return Roles(_name(self.frequency), _name(self.weights), _name(self.offset))

    @property
    def weight_role(self) -> Literal["frequency", "weights"]:
        """What the weights are, where there are any."""
        return "weights" if self.frequency is None else "frequency"

    @property
    def weight(self) -> str | Array | None:
        """What weighs the rows."""
        return self.weights if self.frequency is None else self.frequency


@dataclass(frozen=True, slots=True)
class RowRoles:
    """Weight and offset of some rows.

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


@dataclass(frozen=True, slots=True)
class RoleFaults:
    """What is wrong with weights and offsets; it adds up over rows.

    Attributes
    ----------
    strange, text : tuple of Rows
        Words that are no numbers, and any words of a column that is text: weight, offset.
    missing, negative, broken : Rows
        Weights that are so; broken are frequencies that are not whole.
    positive : int
        Rows of positive weight.
    """

    strange: tuple[Rows, Rows]
    text: tuple[Rows, Rows]
    missing: Rows
    negative: Rows
    broken: Rows
    positive: int

    def __add__(self, other: RoleFaults) -> RoleFaults:
        return RoleFaults(
            (self.strange[0] + other.strange[0], self.strange[1] + other.strange[1]),
            (self.text[0] + other.text[0], self.text[1] + other.text[1]),
            self.missing + other.missing,
            self.negative + other.negative,
            self.broken + other.broken,
            self.positive + other.positive,
        )


def ask_roles(frequency: Any, weights: Any, offset: Any) -> AskedRoles:
    """Take in what is to weigh and shift the rows.

    Raises
    ------
    UsageError
        If both frequency and weights are given.
    WeightError
        If an array does not hold numbers.
    """
    if frequency is not None and weights is not None:
        raise UsageError(
            "frequency and weights were both given; a row has one or the other. Multiply them "
            "yourself if you mean that, and give the product as weights."
        )
    return AskedRoles(
        _asked(frequency, "frequency"), _asked(weights, "weights"), _asked(offset, "offset")
    )


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


def role_rows(asked: AskedRoles, values: Mapping[str, Values], start: int, rows: int) -> RowRoles:
    """Return weights and offsets of consecutive rows, whatever is wrong with them.

    Parameters
    ----------
    asked : AskedRoles
        Where they come from.
    values : mapping
        The columns among them, of these rows.
    start, rows : int
        Number of the first row in the source, and how many there are.
    """
    weight, offset = asked.weight, asked.offset
    return RowRoles(
        asked.names,
        np.ones(rows) if weight is None else _numbers(weight, values, start, rows),
        np.zeros(rows) if offset is None else _numbers(offset, values, start, rows),
    )


def role_faults(
    asked: AskedRoles, values: Mapping[str, Values], found: RowRoles, decimal: str, start: int
) -> RoleFaults:
    """Say what is wrong with the weights and offsets of some rows.

    Parameters
    ----------
    asked, values, found
        As :func:`role_rows` has and gives them.
    decimal : str
        The decimal sign of text.
    start : int
        Number of the first row in the source.
    """
    columns = [values[g] if isinstance(g, str) else None for g in (asked.weight, asked.offset)]
    words = [no_numbers(column, decimal, start) for column in columns]
    weight = found.weight

    def shown(row: int) -> str:
        return f"{weight[row]:g}"

    missing, whole = np.isnan(weight), asked.weight_role != "frequency" or asked.weight is None
    return RoleFaults(
        (words[0][0], words[1][0]),
        (words[0][1], words[1][1]),
        rows_where(missing, start),
        rows_where(weight < 0.0, start, shown),
        Rows() if whole else rows_where(weight != np.floor(weight), start, shown),
        int(np.count_nonzero(weight > 0.0)),
    )


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
    _refuse_array(source, asked.offset, "offset", rows)
    _refuse_words(source, asked.weight, asked.weight_role, faults.strange[0], faults.text[0])
    called = _called(asked.weight, "weight" if asked.weights is not None else "frequency")
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
    if faults.broken:
        raise WeightError(
            f"{source.name}, {source.place(faults.broken.first)}: {called} is "
            f"{faults.broken.held}; repeat counts are whole numbers "
            f"({rows_like_it(faults.broken.count)}). If it is a weight, give it as weights."
        )
    _refuse_words(source, asked.offset, "offset", faults.strange[1], faults.text[1])


def _name(given: Any) -> str | None:
    if given is None:
        return None
    return given if isinstance(given, str) else GIVEN


def _called(given: Any, role: str) -> str:
    return f"the {role} {given!r}" if isinstance(given, str) else f"the {role} given"


def _asked(given: Any, role: str) -> str | Array | None:
    if given is None or isinstance(given, str):
        return given
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise WeightError(
            f"the {role} given is not an array of numbers: {error}. Give one number a row, or a "
            "column's name."
        ) from error


def _numbers(given: str | Array, values: Mapping[str, Values], start: int, rows: int) -> Array:
    """Return the numbers of consecutive rows, NaN where there are none."""
    if isinstance(given, str):
        held = values[given]
        return held.numbers if held.kind != "text" else np.full(rows, np.nan)
    part = given[start : start + rows]
    if part.shape == (rows,):
        return part
    return np.full(rows, np.nan)


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
