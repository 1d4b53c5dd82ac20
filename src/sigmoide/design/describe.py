"""What was understood of a source, before anything is fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.columns.values import Values, first_no_number, read_values
from sigmoide.columns.words import is_number
from sigmoide.design.target import learn_target
from sigmoide.errors import ColumnError, TargetError
from sigmoide.sources.source import Source

_SHOWN_LEVELS = 6


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """One column, as it was understood.

    Attributes
    ----------
    name, kind : str
        The column; ``numeric``, ``boolean``, ``text``, or ``refused``.
    missing : int
        Rows without a value.
    holds : str
        The range of numbers, the levels of text, or why the column cannot be used.
    note : str
        What else the reader should know.
    """

    name: str
    kind: str
    missing: int
    holds: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """A source, as it was understood.

    Attributes
    ----------
    name : str
        The source.
    rows : int
        Its rows.
    columns : tuple of ColumnDescription
        In order.
    form : str
        How it was read: encoding, delimiter and the like; empty for what was in memory.
    notes : tuple of str
        What was found out in reading that is not what one expects.
    event : str
        What would be modelled of the target asked about, or why it cannot be; else empty.
    """

    name: str
    rows: int
    columns: tuple[ColumnDescription, ...]
    form: str
    notes: tuple[str, ...]
    event: str


def description_of(source: Source, target: str | None = None) -> Description:
    """Describe every column, and the event of a target.

    Raises
    ------
    ColumnError
        If there is no such target.
    """
    return Description(
        source.name,
        source.n_rows,
        tuple(_column(source, name) for name in source.names),
        source.form,
        source.notes,
        "" if target is None else _event(source, target),
    )


def _column(source: Source, name: str) -> ColumnDescription:
    try:
        values = read_values(source, name)
    except ColumnError as error:
        return ColumnDescription(name, "refused", 0, str(error))
    missing = int(values.missing().sum())
    note = values.note or _among_numbers(source, values)
    return ColumnDescription(name, values.kind, missing, _holds(values), note)


def _among_numbers(source: Source, values: Values) -> str:
    """Say which word makes text of a column whose values are mostly numbers."""
    row = first_no_number(values, source.decimal)
    if row is None:
        return ""
    count = np.bincount(values.codes[values.codes >= 0], minlength=len(values.levels))
    numbers = [is_number(word, source.decimal) for word in values.levels]
    if 2 * count[numbers].sum() <= count.sum():
        return ""
    return (
        f"text for {values.levels[values.codes[row]]!r} ({source.place(row)}), which is no number"
    )


def _holds(values: Values) -> str:
    if values.missing().all():
        return "no values"
    if values.kind == "text":
        shown = ", ".join(values.levels[:_SHOWN_LEVELS])
        rest = len(values.levels) - _SHOWN_LEVELS
        more = f", … ({len(values.levels):,} levels)" if rest > 0 else ""
        return f"{shown}{more}"
    numbers = values.numbers[~np.isnan(values.numbers)]
    if values.kind == "boolean":
        return f"{int(numbers.sum()):,} of {len(numbers):,} True"
    distinct = len(np.unique(numbers))
    low, high = values.word(numbers.min()), values.word(numbers.max())
    return f"{low} to {high}, {distinct:,} different" if distinct > 1 else f"{low} only"


def _event(source: Source, name: str) -> str:
    values = read_values(source, name)
    try:
        target = learn_target(source, values, np.ones(source.n_rows, dtype=bool))
    except TargetError as error:
        return str(error)
    return f"{name} = {target.event} would be modelled, against {name} = {target.other}"
