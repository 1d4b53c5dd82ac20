"""Parquet, one file or many of one schema, read from the first row to the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from sigmoide.arguments.arrow import (
    BINARY_ERRORS,
    broken_file,
    check_arrow,
    file_origin,
    refuse_other_rows,
)
from sigmoide.errors import ColumnError, DataError
from sigmoide.sources.source import Source, refuse_repeated, without_index
from sigmoide.sources.stored import file_handle

# Read at a time from a column: a row group may be larger than the memory.
_BUFFER = 1 << 20
# Rows decoded at a time, whatever the size of the row groups.
_BATCH = 1 << 16
_KIND = "Parquet"


class ParquetReader:
    """Parquet files, one after the other.

    Parameters
    ----------
    name : str
        How messages call them together.
    paths : sequence of Path
        In order.

    Raises
    ------
    FileError
        If one of them is broken.
    ColumnError
        If one has other columns, or other types, than the first.
    DataError
        If they have no rows.
    """

    again = True

    def __init__(self, name: str, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._rows, self._bytes = 0, 0
        schema: Any = None
        for path in self.paths:
            with _opened(path) as file:
                columns = _schema_of(path, file)
                if schema is None:
                    refuse_repeated(str(path), columns.names)
                    schema = columns
                else:
                    _refuse_other(self.paths[0], schema, path, columns)
                self._rows += file.metadata.num_rows
                groups = range(file.metadata.num_row_groups)
                self._bytes += sum(file.metadata.row_group(k).total_byte_size for k in groups)
        if not self._rows:
            raise DataError(f"{name}: the file has columns and no rows.")
        nothing, notes = without_index(schema.empty_table())
        fields = [(field.name, _plain(field.type)) for field in nothing.schema]
        self._schema = pa.schema(fields)
        nothing = self._schema.empty_table()
        self.head: Source = Source(name, nothing, notes=(*notes, *_named(paths)), form=_KIND)

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """How many rows there are, None if nobody knows; and whether that is exact."""
        return self._rows, True

    @property
    def bytes_about(self) -> int:
        """What the columns take: numbers at their width, and what the file says of its pages."""
        width = sum(_width(field.type) for field in self._schema)
        return max(self._bytes, self._rows * width)

    def whole(self) -> Source:
        """Return all rows, in memory."""
        return replace(
            self.head, table=pa.Table.from_batches(self.batches(self.head.names), self._schema)
        )

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        wanted = pa.schema([self._schema.field(name) for name in columns])
        for path in self.paths:
            origin, rows = file_origin(path), 0
            try:
                with _opened(path) as file:
                    for batch in file.iter_batches(_BATCH, columns=list(columns)):
                        # A name with a point in it may have brought its namesakes with it.
                        yield _alike(check_arrow(batch.select(list(columns)), origin, rows), wanted)
                        rows += batch.num_rows
                    refuse_other_rows(path, _KIND, file.metadata.num_rows, rows)
            except BINARY_ERRORS as error:
                raise broken_file(path, _KIND, error) from error


def _named(paths: Sequence[Path]) -> tuple[str, ...]:
    """Say that what folders are called is no column, as other programs take it for one."""
    if len(paths) < 2:
        return ()
    parts = [part for part in paths[0].parent.parts if "=" in part]
    return (f"what folders are called, such as {parts[0]!r}, makes no column",) if parts else ()


def _opened(path: Path) -> Any:
    try:
        return pa.parquet.ParquetFile(
            file_handle(path),
            pre_buffer=False,
            buffer_size=_BUFFER,
            page_checksum_verification=True,
        )
    except BINARY_ERRORS as error:
        raise broken_file(path, _KIND, error) from error


def _schema_of(path: Path, file: Any) -> Any:
    """Return the Arrow schema of a file, whose names are text."""
    try:
        schema = file.schema_arrow
        # Bytes that are no text are found when they are asked for.
        _ = schema.names
    except BINARY_ERRORS as error:
        raise broken_file(path, _KIND, error) from error
    return schema


def _alike(batch: Any, wanted: Any) -> Any:
    """Return the columns of one schema in all files."""
    columns = batch.columns
    return pa.RecordBatch.from_arrays(
        [c if c.type == f.type else c.cast(f.type) for c, f in zip(columns, wanted, strict=True)],
        schema=wanted,
    )


def _width(kind: Any) -> int:
    try:
        return -(-int(kind.bit_width) // 8)
    except ValueError:
        return 8


def _refuse_other(first: Path, schema: Any, path: Path, second: Any) -> None:
    """Raise ColumnError if a file has other columns, or other types, than the first."""
    remedy = (
        "The files of one data set have the same columns of the same types: write this one "
        "again, or leave it out."
    )
    for here, there, away in ((schema, second, "not in"), (second, schema, "only in")):
        for name in here.names:
            if there.get_field_index(name) < 0:
                raise ColumnError(
                    f"{path}: column {name!r} is {away} this file, unlike {first.name}. {remedy}"
                )
    refuse_repeated(str(path), second.names)
    for name in schema.names:
        ours, other = _plain(schema.field(name).type), _plain(second.field(name).type)
        if ours != other:
            raise ColumnError(
                f"{path}: column {name!r} is of type {other} here and of type {ours} in "
                f"{first.name}. {remedy}"
            )


def _plain(kind: Any) -> Any:
    """Return a type, categories without the width of their codes."""
    if pa.types.is_dictionary(kind):
        return pa.dictionary(pa.int32(), kind.value_type, kind.ordered)
    return kind
