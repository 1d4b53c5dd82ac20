"""A source: a table with a name, what was read of it, and where a row of it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sigmoide.arguments.words import count_from_zero
from sigmoide.errors import ColumnError

Integers = NDArray[np.int64]

# How pandas calls the columns in which it stores an index that has no name.
_INDEX = re.compile(r"__index_level_\d+__")


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
    broken : mapping
        From a column that could not be taken in to the reason why. It hurts only who uses it.
    numbers : ndarray of int64, optional
        Numbers that the rows have in a larger source that they are a part of.
    header : bool
        Whether the source itself names its columns.
    form : str
        How it was read, in words; empty for what was in memory.
    """

    name: str
    table: Any
    untyped: bool = False
    decimal: str = "."
    place: Callable[[int], str] = count_from_zero
    notes: tuple[str, ...] = field(default=())
    broken: Mapping[str, str] = field(default_factory=dict)
    numbers: Integers | None = None
    header: bool = True
    form: str = ""

    def part(self, rows: Integers) -> Source:
        """Return some of the rows, which keep their numbers and their places.

        Parameters
        ----------
        rows : ndarray of int64
            Row numbers, increasing.
        """
        return replace(
            self,
            table=self.table.take(pa.array(rows)),
            place=lambda row: self.place(int(rows[row])),
            numbers=self.row_numbers[rows],
        )

    @property
    def row_numbers(self) -> Integers:
        """Number of each row in the whole source, counted from 0; shape (n_rows,)."""
        if self.numbers is not None:
            return self.numbers
        return np.arange(self.n_rows, dtype=np.int64)

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
            If there is none of that name (the message names the nearest one), or it is broken.
        """
        try:
            position = self.table.schema.get_field_index(name)
        except UnicodeError:
            # Bytes from the command line that are no text.
            position = -1
        if position < 0:
            raise ColumnError(
                f"{self.name}: there is no column {name!r}{self._hint(name)} "
                f"The columns are: {listed(self.names)}."
            )
        if name in self.broken:
            raise ColumnError(
                f"{self.name}: column {name!r} cannot be used: {self.broken[name]} "
                "Convert it to numbers, booleans or text, or leave it out."
            )
        return self.table.column(position)

    def word(self, name: str, row: int) -> str:
        """Return one value as it stands in the source, for a message."""
        return str(self.column(name)[row].as_py())

    def _hint(self, name: str) -> str:
        folded = {other.casefold().strip(): other for other in self.names}
        near = [folded[name.casefold().strip()]] if name.casefold().strip() in folded else []
        near = near or get_close_matches(name, self.names, n=1)
        if near:
            return f"; did you mean {near[0]!r}?"
        if not self.header:
            return ". It was read without a header: if its first row is one, say --header."
        if self.untyped and len(self.names) == 1:
            return ". It has one column only: if the delimiter was not found, say it (--delimiter)."
        return "."


def listed(names: tuple[str, ...] | list[str], most: int = 12) -> str:
    """Join names for a message, the first few of many."""
    shown = ", ".join(repr(str(n)) for n in names[:most])
    return shown if len(names) <= most else f"{shown}, … ({len(names)} in all)"


def refuse_repeated(where: str, names: Sequence[str], otherwise: str = "") -> None:
    """Raise ColumnError if two columns share a name; say what else may be the matter."""
    for name, times in Counter(names).items():
        if times > 1:
            raise ColumnError(
                f"{where}: {times} columns are called {name!r}. Rename them, so that each name "
                f"is one column.{otherwise}"
            )


def rows_like_it(count: int) -> str:
    """Say how many rows share a fault."""
    return "the only such row" if count == 1 else f"{count:,} such rows"


def without_index(table: Any) -> tuple[Any, tuple[str, ...]]:
    """Leave out the index of a pandas frame that was stored among the columns.

    Where pandas reads such a file, the index is no column; so a model must not get one.

    Returns
    -------
    table : pyarrow.Table
        Without it.
    notes : tuple of str
        What to tell the reader, if a column was left out.
    """
    stored = {name for name in _index_columns(table.schema) if isinstance(name, str)}
    index = [n for n in table.column_names if n in stored or _INDEX.fullmatch(n)]
    if not index or len(index) == table.num_columns:
        return table, ()
    note = f"the index that pandas stored is no column: {listed(index)}"
    return table.drop_columns(index), (note,)


def _index_columns(schema: Any) -> list[Any]:
    """Return what pandas wrote about its index; nothing where that cannot be read."""
    try:
        described = schema.pandas_metadata
    except (ValueError, RecursionError):
        return []
    columns = described.get("index_columns") if isinstance(described, dict) else None
    return columns if isinstance(columns, list) else []


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file was when it was looked at: name, bytes, and when it was last written."""

    name: str
    size: int
    written_ns: int


@dataclass(frozen=True, slots=True)
class Signature:
    """What was read: two reads of the same rows of the same files have the same one.

    Attributes
    ----------
    files : tuple of FileState
        Empty for what is no file.
    rows : int
        All rows.
    checksum : int
        Of the columns that are used, as they were understood.
    """

    files: tuple[FileState, ...]
    rows: int
    checksum: int


class SourceReader:
    """A source in memory.

    Parameters
    ----------
    source : Source
        All of it.
    """

    again = True

    def __init__(self, source: Source) -> None:
        self._source = source
        self.paths: tuple[Path, ...] = ()
        self.head: Source = replace(source, table=source.table.slice(0, 0))

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """How many rows there are, None if nobody knows; and whether that is exact."""
        return self._source.n_rows, True

    @property
    def bytes_about(self) -> int:
        """What it takes besides what it has."""
        return 0

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        yield from self._source.table.select(list(columns)).to_batches()
