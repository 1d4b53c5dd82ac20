"""Columns that are no features: frequency, weights, offset; and those that mean nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sigmoide.arguments.arrays import real_numbers
from sigmoide.blocks.block import Array
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.values import Values, no_numbers, read_values_as
from sigmoide.columns.words import other_sign_hint
from sigmoide.design.functions.arithmetic import Expression, Node, columns_of, evaluate
from sigmoide.design.functions.transform import offset_words
from sigmoide.errors import UsageError, WeightError
from sigmoide.sources.source import Source, rows_like_it

GIVEN = "(given as an array)"

WeightRole = Literal["frequency", "weights", "trials"]


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of the columns that weigh and shift the rows; None where there is none.

    An array that was given instead of a column's name is called ``(given as an array)``.

    Attributes
    ----------
    frequency, weights, offset : str or None
        The names; of an offset that is arithmetic, the words for it.
    trials : str or None
        The column of the trials, where the target counts successes.
    tree : Node or None
        The arithmetic of the offset, where it is no column.
    """

    frequency: str | None = None
    weights: str | None = None
    offset: str | None = None
    trials: str | None = None
    tree: Node | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of real columns among them."""
        every = (self.frequency, self.weights, self.trials, *self.shift_columns)
        return tuple(dict.fromkeys(name for name in every if name is not None and name != GIVEN))

    @property
    def shift_columns(self) -> tuple[str, ...]:
        """The columns that the offset is made of."""
        if self.tree is not None:
            return columns_of(self.tree)
        return () if self.offset is None or self.offset == GIVEN else (self.offset,)

    @property
    def shift(self) -> str | Expression | None:
        """The offset, as it is asked for."""
        if self.tree is None or self.offset is None:
            return self.offset
        return Expression(self.offset, self.tree)

    @property
    def counted(self) -> str | None:
        """The column that says how many observations a row stands for."""
        return self.frequency or self.trials


@dataclass(frozen=True, slots=True)
class AskedRoles:
    """What is to weigh and shift the rows: each a column's name, an array, or None."""

    frequency: str | Array | None = None
    weights: str | Array | None = None
    offset: str | Array | Expression | None = None
    trials: str | None = None

    @property
    def names(self) -> Roles:
        """Where they come from."""
        shift = self.offset
        tree = shift.tree if isinstance(shift, Expression) else None
        offset = shift.label if isinstance(shift, Expression) else _name(shift)
        return Roles(_name(self.frequency), _name(self.weights), offset, self.trials, tree)

    @property
    def weight_role(self) -> WeightRole:
        """What the weights are, where there are any."""
        if self.trials is not None:
            return "trials"
        return "weights" if self.frequency is None else "frequency"

    @property
    def weight(self) -> str | Array | None:
        """What weighs the rows."""
        if self.trials is not None:
            return self.trials
        return self.weights if self.frequency is None else self.frequency


@dataclass(frozen=True, slots=True)
class RowWeights:
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
    valueless : Rows
        Rows that miss nothing and where the arithmetic of the offset has no value.
    """

    strange: tuple[Rows, Rows]
    text: tuple[Rows, Rows]
    missing: Rows
    negative: Rows
    broken: Rows
    positive: int
    valueless: Rows = field(default_factory=Rows)

    def __add__(self, other: RoleFaults) -> RoleFaults:
        return RoleFaults(
            (self.strange[0] + other.strange[0], self.strange[1] + other.strange[1]),
            (self.text[0] + other.text[0], self.text[1] + other.text[1]),
            self.missing + other.missing,
            self.negative + other.negative,
            self.broken + other.broken,
            self.positive + other.positive,
            self.valueless + other.valueless,
        )


def ask_roles(frequency: Any, weights: Any, offset: Any, trials: str | None = None) -> AskedRoles:
    """Take in what is to weigh and shift the rows.

    Raises
    ------
    UsageError
        If both frequency and weights are given, or one of them and trials.
    WeightError
        If an array does not hold numbers.
    """
    if frequency is not None and weights is not None:
        raise UsageError(
            "frequency and weights were both given; a row has one or the other. Multiply them "
            "yourself if you mean that, and give the product as weights."
        )
    if trials is not None and (frequency is not None or weights is not None):
        raise UsageError(
            f"the target counts successes among {trials!r} trials, and a frequency or weights were "
            "given besides. Multiply successes and trials by the frequency, and leave it out."
        )
    shift = offset if isinstance(offset, Expression) else _given(offset, "offset")
    return AskedRoles(_given(frequency, "frequency"), _given(weights, "weights"), shift, trials)


def role_rows(roles: AskedRoles, values: Mapping[str, Values], start: int, rows: int) -> RowWeights:
    """Return weights and offsets of consecutive rows, whatever is wrong with them.

    Parameters
    ----------
    roles : AskedRoles
        Where they come from.
    values : mapping
        The columns among them, of these rows.
    start, rows : int
        Number of the first row in the source, and how many there are.
    """
    weight, offset = roles.weight, roles.offset
    return RowWeights(
        roles.names,
        np.ones(rows) if weight is None else _numbers(weight, values, start, rows),
        np.zeros(rows) if offset is None else _shift(offset, values, start, rows),
    )


def role_faults(
    roles: AskedRoles, values: Mapping[str, Values], rows: RowWeights, decimal: str, start: int
) -> RoleFaults:
    """Say what is wrong with the weights and offsets of some rows.

    Parameters
    ----------
    roles, values, rows
        As :func:`role_rows` has and gives them.
    decimal : str
        The decimal sign of text.
    start : int
        Number of the first row in the source.
    """
    weighing = values[roles.weight] if isinstance(roles.weight, str) else None
    words = [no_numbers(weighing, decimal, start), (Rows(), Rows())]
    for name in roles.names.shift_columns:
        strange, text = no_numbers(values[name], decimal, start)
        words[1] = words[1][0] + strange, words[1][1] + text
    weight = rows.weight

    def shown(row: int) -> str:
        return f"{weight[row]:g}"

    missing, whole = np.isnan(weight), roles.weight_role == "weights" or roles.weight is None
    return RoleFaults(
        (words[0][0], words[1][0]),
        (words[0][1], words[1][1]),
        rows_where(missing, start),
        rows_where(weight < 0.0, start, shown),
        Rows() if whole else rows_where(weight != np.floor(weight), start, shown),
        int(np.count_nonzero(weight > 0.0)),
        _valueless(roles.offset, values, rows, start),
    )


def _name(given: Any) -> str | None:
    if given is None:
        return None
    return given if isinstance(given, str) else GIVEN


def _given(given: Any, role: str) -> str | Array | None:
    if given is None or isinstance(given, str):
        return given
    # One number is an array of one, and is refused as that where there are more rows.
    return np.atleast_1d(real_numbers(given, f"the {role} given", WeightError))


def _numbers(given: str | Array, values: Mapping[str, Values], start: int, rows: int) -> Array:
    """Return the numbers of consecutive rows, NaN where there are none."""
    if isinstance(given, str):
        column = values[given]
        return column.numbers if column.kind != "text" else np.full(rows, np.nan)
    part = given[start : start + rows]
    if part.shape == (rows,):
        return part
    return np.full(rows, np.nan)


def _shift(
    given: str | Array | Expression, values: Mapping[str, Values], start: int, rows: int
) -> Array:
    """Return the offset of consecutive rows, NaN where there is none."""
    if not isinstance(given, Expression):
        return _numbers(given, values, start, rows)
    columns = {name: _numbers(name, values, start, rows) for name in given.columns}
    offset = np.array(evaluate(given.tree, columns, rows))
    offset[~np.isfinite(offset)] = np.nan
    return offset


def _valueless(
    given: str | Array | Expression | None,
    values: Mapping[str, Values],
    rows: RowWeights,
    start: int,
) -> Rows:
    """Return rows of positive weight whose offset has no value, though its columns have."""
    if not isinstance(given, Expression):
        return Rows()
    columns = {name: _numbers(name, values, start, len(rows.offset)) for name in given.columns}
    wrong = np.isnan(rows.offset) & (rows.weight > 0.0)
    for column in columns.values():
        wrong = wrong & ~np.isnan(column)
    return rows_where(wrong, start, lambda row: offset_words(given, columns, row))


def read_roles(source: Source, frequency: Any, weights: Any, offset: Any) -> RowWeights:
    """Read weights and offset of all rows, each a column's name, an array, or None.

    Raises
    ------
    UsageError
        If both frequency and weights are given.
    WeightError
        If a weight is negative, missing or infinite, a frequency is not whole, or all are zero.
    """
    roles = ask_roles(frequency, weights, offset)
    values = {name: read_values_as(source, name, "numeric") for name in roles.names.columns}
    rows = role_rows(roles, values, 0, source.n_rows)
    refuse_roles(
        source, roles, role_faults(roles, values, rows, source.decimal, 0), len(rows.weight)
    )
    return rows


def refuse_roles(source: Source, roles: AskedRoles, faults: RoleFaults, rows: int) -> None:
    """Refuse weights and offsets that mean nothing.

    Parameters
    ----------
    source : Source
        Whose rows they are: its name, and where its rows stand.
    roles, faults
        What was asked for, and what is wrong with it.
    rows : int
        Rows of the source.
    """
    _refuse_array(source, roles.weight, roles.weight_role, rows)
    if not isinstance(roles.offset, Expression):
        _refuse_array(source, roles.offset, "offset", rows)
    _refuse_words(source, roles.weight, roles.weight_role, faults.strange[0], faults.text[0])
    role = "weight" if roles.weights is not None else "frequency"
    called = _called(roles.weight, role if roles.trials is None else "number of trials")
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
    if faults.broken and roles.trials is not None:
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
    _refuse_words(source, roles.names.offset, "offset", faults.strange[1], faults.text[1])
    if faults.valueless:
        raise WeightError(
            f"{source.name}, {source.place(faults.valueless.first)}: {roles.names.offset} has no "
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
