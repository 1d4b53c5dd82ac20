"""A source: a table with a name, and a way to say where a row of it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import pyarrow as pa

from sigmoide.errors import ColumnError


def count_from_zero(row: int) -> str:
    """Say where a row stands in something that has no lines."""
    return f"row {row} (counted from 0)"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows as they came, before anything is understood.

    Attributes
    ----------
    name : str
        How messages call it: a file's name, or ``the data``.
    table : pyarrow.Table
        The columns.
    untyped : bool
        Whether the columns are text whose types are still to be found (CSV).
    decimal : str
        The decimal sign of untyped numbers.
    place : callable
        From a row number, counted from 0, to the words that say where it stands.
    notes : tuple of str
        What was found out on the way and the reader should know.
    """

    name: str
    table: Any
    untyped: bool = False
    decimal: str = "."
    place: Callable[[int], str] = count_from_zero
    notes: tuple[str, ...] = field(default=())

    @property
    def n_rows(self) -> int:
        """Rows of the table."""
        return int(self.table.num_rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.table.column_names)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return one column.

        Raises
        ------
        ColumnError
            If there is none of that name; the message names the nearest ones.
        """
        if name not in self.names:
            near = get_close_matches(name, self.names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ColumnError(
                f"{self.name}: no column {name!r}{hint} The columns are: {listed(self.names)}."
                if hint
                else f"{self.name}: no column {name!r}. The columns are: {listed(self.names)}."
            )
        return self.table.column(name)


def listed(names: tuple[str, ...] | list[str], most: int = 12) -> str:
    """Join names for a message, the first few of many."""
    shown = ", ".join(repr(str(n)) for n in names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names)} in all)"
