"""Consecutive rows of the columns that are used, understood but not yet encoded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sigmoide.blocks.arrays import rows_per_block
from sigmoide.columns.values import Values
from sigmoide.design.roles import AskedRoles, RoleFaults, RowRoles, role_faults, role_rows


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are used, in some consecutive rows.

    Attributes
    ----------
    rows : int
        How many.
    answer : Values
        The target.
    roles : mapping
        The columns that weigh and shift the rows.
    values : mapping
        The columns of the model.
    """

    rows: int
    answer: Values
    roles: Mapping[str, Values]
    values: Mapping[str, Values]

    def part(self, low: int, high: int) -> Columns:
        """Return the rows low, ..., high - 1."""
        return Columns(
            high - low,
            self.answer.part(low, high),
            {name: column.part(low, high) for name, column in self.roles.items()},
            {name: column.part(low, high) for name, column in self.values.items()},
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """Some consecutive rows, understood but not yet encoded.

    Attributes
    ----------
    start : int
        Number of the first row, as the whole source counts.
    answer : Values
        The target.
    roles : RowRoles
        Weights and offsets.
    faults : RoleFaults
        What is wrong with them.
    values : mapping
        The columns of the model.
    """

    start: int
    answer: Values
    roles: RowRoles
    faults: RoleFaults
    values: Mapping[str, Values]


def slice_rows(terms: int) -> int:
    """Return the fixed number of rows that are counted at a time: a power of two."""
    return rows_per_block(terms)


def slice_of(columns: Columns, asked: AskedRoles, decimal: str, start: int = 0) -> Slice:
    """Return some rows with their weights and offsets.

    Parameters
    ----------
    columns, asked
        The rows, and what weighs and shifts them.
    decimal : str
        The decimal sign of text.
    start : int
        Number of the first row, as the whole source counts.
    """
    roles = role_rows(asked, columns.roles, start, columns.rows)
    faults = role_faults(asked, columns.roles, roles, decimal, start)
    return Slice(start, columns.answer, roles, faults, columns.values)
