"""Columns of a source made into columns of X, by what was learned and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.source import Source, listed, rows_like_it
from sigmoide.data.values import Kind, Values, first_no_number, read_values_as
from sigmoide.data.words import number_word, other_sign_hint
from sigmoide.errors import ColumnError, DataError

Missing = Literal["drop", "error", "indicator"]
Unseen = Literal["error", "reference", "missing"]


@dataclass(frozen=True, slots=True)
class Term:
    """What the model is asked to use.

    Attributes
    ----------
    column : str
        A column of the source.
    label : str
        How the term is called in the tables.
    categorical : bool
        Whether to make levels even of numbers.
    reference : str, optional
        The level that the others are compared with; by default the first.
    """

    column: str
    label: str
    categorical: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """One term, as learned from the data.

    Attributes
    ----------
    column, label : str
        As in :class:`Term`.
    kind : {"numeric", "boolean", "text"}
        What the column was when it was learned.
    levels : tuple of str
        Levels met; empty for a number used as it is.
    reference : str or None
        The level without a column; None for a number, and where there is no intercept to stand
        for it.
    fill : float or None
        What a missing number is replaced by.
    indicator : bool
        Whether a column says which values were missing.
    """

    column: str
    label: str
    kind: Kind
    levels: tuple[str, ...] = ()
    reference: str | None = None
    fill: float | None = None
    indicator: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, patsy's way."""
        extra = (f"{self.label}[missing]",) if self.indicator else ()
        if not self.levels:
            return (self.label, *extra)
        mark = "T." if self.reference is not None else ""
        shown = (level for level in self.levels if level != self.reference)
        return (*(f"{self.label}[{mark}{level}]" for level in shown), *extra)


@dataclass(frozen=True, slots=True)
class Policies:
    """What is done with what is not there."""

    missing: Missing = "drop"
    unseen: Unseen = "error"


@dataclass(frozen=True, slots=True)
class Design:
    """All terms, as learned.

    Attributes
    ----------
    codings : tuple of Coding
        In the order of the columns of X.
    intercept : bool
        Whether the model has one.
    policies : Policies
        For missing values and unseen levels, at the fit and at prediction.
    """

    codings: tuple[Coding, ...]
    intercept: bool
    policies: Policies

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, without the intercept."""
        return tuple(name for coding in self.codings for name in coding.names)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows of X, all of those of the source.

    Attributes
    ----------
    X : ndarray, shape (n, d)
        Rows that are not usable hold zeros.
    usable : ndarray of bool, shape (n,)
        Live rows with nothing missing that the model cannot do without.
    gaps : dict
        From a column to the live rows that cannot be used because it is missing there.
    unseen : dict
        From a column to the live rows that hold a level the fit did not see, whatever was done
        with them.
    """

    X: Array
    usable: np.ndarray
    gaps: dict[str, np.ndarray]
    unseen: dict[str, np.ndarray]


def encode(
    design: Design, source: Source, values: Mapping[str, Values], live: np.ndarray | None = None
) -> Encoded:
    """Make the columns of X, by what was learned and nothing else.

    Parameters
    ----------
    design, source, values
        What was learned, and the columns it names.
    live : ndarray of bool, shape (n,), optional
        Rows that count; what others hold is not looked at. All, by default.

    Raises
    ------
    ColumnError
        For a column of another type than it was learned with, or an unseen level under
        ``unseen="error"``.
    DataError
        For a missing value under ``missing="error"``.
    """
    n = source.n_rows
    live = np.ones(n, dtype=bool) if live is None else live
    columns, gaps = _columns_and_gaps(design, source, values, live)
    usable = live.copy()
    for coding in design.codings:
        if not coding.indicator:
            usable &= ~gaps[coding.column]
    X = np.zeros((n, len(design.names)))
    unseen: dict[str, np.ndarray] = {}
    position = 0
    for coding in design.codings:
        part = X[:, position : position + len(coding.names)]
        position += len(coding.names)
        # A row that is lost already may hold what it likes.
        column, gone = columns[coding.column].only(usable), gaps[coding.column]
        if coding.levels:
            codes, strange = _codes(coding, source, column, design.policies)
            _fill_levels(part, coding, codes)
            if strange.any():
                unseen[coding.column] = strange
                gone = gone | (strange & (codes < 0))
        else:
            _fill_number(part, coding, column)
        if coding.indicator:
            part[:, -1] = gone
        else:
            gaps[coding.column] = gone
            usable = usable & ~gone
    X[~usable] = 0.0
    lost = {c.column: gaps[c.column] for c in design.codings if not c.indicator}
    return Encoded(X, usable, lost, unseen)


def _columns_and_gaps(
    design: Design, source: Source, values: Mapping[str, Values], live: np.ndarray
) -> tuple[dict[str, Values], dict[str, np.ndarray]]:
    """Return the columns as the model learned them, and the live rows that miss a value in each."""
    columns, gaps = {}, {}
    for coding in design.codings:
        column = _as_learned(coding, source, values[coding.column].only(live), live)
        gap = column.missing() & live
        if design.policies.missing == "error" and gap.any():
            raise missing_refused(source, coding.column, gap, "fill them in")
        columns[coding.column], gaps[coding.column] = column, gap
    return columns, gaps


def missing_refused(source: Source, name: str, missing: np.ndarray, remedy: str) -> DataError:
    """Say where a value is missing, where none may be."""
    rows = np.flatnonzero(missing)
    return DataError(
        f"{source.name}, {source.place(int(rows[0]))}: {name!r} has no value, and missing='error' "
        f"was asked for ({rows_like_it(len(rows))}). What to do: {remedy}."
    )


def _as_learned(coding: Coding, source: Source, values: Values, live: np.ndarray) -> Values:
    """Return a column in the type it was learned with, or refuse it.

    A text file is read anew where its words alone suggest another type.
    """
    if values.missing().all():
        kind: Kind = "text" if coding.levels else "numeric"
        return Values(values.name, kind, np.full(len(live), np.nan), np.full(len(live), -1))
    if source.untyped and (values.kind == "text") != (coding.kind == "text"):
        values = read_values_as(source, coding.column, coding.kind).only(live)
    if not coding.levels and values.kind == "text":
        raise _not_numbers(coding, source, values)
    return values


def _fill_number(part: Array, coding: Coding, values: Values) -> None:
    stand_in = coding.fill if coding.indicator and coding.fill is not None else 0.0
    part[:, 0] = np.where(values.missing(), stand_in, values.numbers)


def _fill_levels(part: Array, coding: Coding, codes: np.ndarray) -> None:
    shown = [k for k, level in enumerate(coding.levels) if level != coding.reference]
    for j, k in enumerate(shown):
        part[:, j] = codes == k


def _codes(
    coding: Coding, source: Source, values: Values, policies: Policies
) -> tuple[np.ndarray, np.ndarray]:
    """Return positions in the learned levels, -1 for missing, and the rows of unseen levels."""
    if coding.kind == "boolean" and values.kind == "numeric":
        values = _as_booleans(coding, source, values)
    named = values.as_levels()
    known = {level: k for k, level in enumerate(coding.levels)}
    table = np.array([known.get(level, -2) for level in named.levels] + [-1], dtype=np.int64)
    codes = table[named.codes]
    strange = codes == -2
    if strange.any():
        # Without a value no policy says what to do, unless missing values may be missing.
        if policies.unseen == "error" or (policies.unseen, policies.missing) == (
            "missing",
            "error",
        ):
            raise _unseen_refused(coding, source, named, strange)
        if policies.unseen == "reference":
            stand_in = coding.reference if coding.reference is not None else coding.levels[0]
            codes[strange] = known[stand_in]
        else:
            codes[strange] = -1
    return codes, strange


def _unseen_refused(
    coding: Coding, source: Source, named: Values, strange: np.ndarray
) -> ColumnError:
    rows = np.flatnonzero(strange)
    row = int(rows[0])
    return ColumnError(
        f"{source.name}, {source.place(row)}: column {coding.column!r} holds "
        f"{named.levels[named.codes[row]]!r}, which was not among the levels of the fit: "
        f"{listed(coding.levels)} ({rows_like_it(len(rows))}). Mend the value, or fit with "
        "unseen='reference' or unseen='missing'."
    )


def _as_booleans(coding: Coding, source: Source, values: Values) -> Values:
    """Take 0 and 1 for False and True, as other programs write them; refuse other numbers."""
    other = ~(values.missing() | (values.numbers == 0.0) | (values.numbers == 1.0))
    if other.any():
        row = int(np.flatnonzero(other)[0])
        raise ColumnError(
            f"{source.name}, {source.place(row)}: column {coding.column!r} held booleans when the "
            f"model was fitted and holds {number_word(values.numbers[row])} here. Give True and "
            "False."
        )
    return Values(values.name, "boolean", values.numbers, values.codes)


def _not_numbers(coding: Coding, source: Source, values: Values) -> ColumnError:
    found = first_no_number(values, source.decimal)
    row = int(np.flatnonzero(~values.missing())[0]) if found is None else found
    held = values.levels[values.codes[row]]
    hint = other_sign_hint(held, source.decimal) if source.untyped else ""
    return ColumnError(
        f"{source.name}, {source.place(row)}: column {coding.column!r} held numbers when the "
        f"model was fitted and holds {held!r} here. Give numbers.{hint}"
    )
