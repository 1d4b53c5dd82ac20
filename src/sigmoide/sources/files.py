"""Sources from files: CSV (plain or gzip), Parquet, Arrow IPC."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from sigmoide.arguments.arrow import (
    BINARY_ERRORS,
    broken_file,
    check_arrow,
    file_origin,
    refuse_other_rows,
)
from sigmoide.errors import DataError
from sigmoide.sources.csv.text import TextFile, open_text
from sigmoide.sources.file_kinds import FORMS, Kind, files_of, kind_of
from sigmoide.sources.options import ReadOptions as ReadOptions
from sigmoide.sources.parquet import ParquetReader
from sigmoide.sources.source import Source, refuse_repeated, without_index
from sigmoide.sources.stored import READ_ERRORS, Stored, file_handle, stored

# One line must fit in it; a few of them are in memory at a time.
CSV_BLOCK = 1 << 23


def read_file(path: Path, options: ReadOptions) -> Source:
    """Read a file into memory, or the Parquet files of a folder or that fit a pattern.

    What a file is, is read off its first bytes.

    Raises
    ------
    FileError
        If it is absent, empty, broken or of a kind that is not read.
    ColumnError
        If two columns share a name, or one has none.
    DataError
        If it has no rows.
    """
    several = files_of(path)
    if several is not None:
        return ParquetReader(path.name, several).whole()
    file = stored(path)
    kind = kind_of(file)
    if kind == "text":
        return _delimited(open_text(file, options))
    return _binary(file, _READERS[kind], FORMS[kind])


def _read_parquet(path: Path) -> Any:
    # Not read_table: it would make columns of folders that are called like a=1.
    with pa.parquet.ParquetFile(file_handle(path), page_checksum_verification=True) as file:
        table = file.read()
        refuse_other_rows(path, FORMS["Parquet"], file.metadata.num_rows, table.num_rows)
    return table


def _read_file(path: Path) -> Any:
    with path.open("rb") as file, pa.ipc.open_file(file) as batches:
        return batches.read_all()


def _read_stream(path: Path) -> Any:
    with pa.input_stream(file_handle(path)) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_all()


_READERS: dict[Kind, Callable[[Path], Any]] = {
    "Parquet": _read_parquet,
    "Arrow file": _read_file,
    "Arrow stream": _read_stream,
}


def _binary(file: Stored, reader: Callable[[Path], Any], kind: str) -> Source:
    try:
        table = reader(file.path)
        refuse_repeated(str(file.path), table.column_names)
    except BINARY_ERRORS as error:
        raise broken_file(file.path, kind, error) from error
    check_arrow(table, file_origin(file.path))
    table, notes = without_index(table)
    if not table.num_rows:
        raise DataError(f"{file.path}: the file has columns and no rows.")
    return Source(file.name, table, notes=notes, form=kind)


def _delimited(text: TextFile) -> Source:
    """Read every column as text; what is wrong with the file is said with its line."""
    dialect = text.dialect
    try:
        table = _cells(text)
    except (pa.ArrowException, *READ_ERRORS) as error:
        other = text.in_other_letters()
        if other is not None:
            return _delimited(other)
        raise text.explain(error) from error
    if dialect.header:
        # The header is a row too: so it may stand below empty lines, and over several.
        table = table.slice(1)
    if not table.num_rows:
        raise text.no_rows()
    if "\n" in str(table.column(table.num_columns - 1)[-1]):
        # Arrow takes a quote that is never closed, in the last column, for one long value.
        for _ in text.records():
            pass
    return source_of_text(text, table)


def source_of_text(text: TextFile, table: Any) -> Source:
    """Return rows of a text file, all of them words, as a source."""
    dialect = text.dialect
    packed = "packed by gzip, " if text.file.packed else ""
    return Source(
        text.file.name,
        table,
        untyped=True,
        decimal=dialect.decimal,
        place=text.place,
        notes=dialect.notes,
        header=dialect.header,
        form=packed + dialect.words,
    )


def csv_options(text: TextFile, block: int = CSV_BLOCK) -> dict[str, Any]:
    """Return how Arrow is to read a text file: all cells as they stand, header included."""
    names, codec = text.dialect.names, text.dialect.encoding.codec
    return {
        "read_options": pa.csv.ReadOptions(
            # Arrow skips a UTF-8 byte-order mark by itself.
            encoding="utf8" if codec == "utf-8-sig" else codec,
            column_names=names,
            block_size=block,
        ),
        "parse_options": pa.csv.ParseOptions(
            delimiter=text.dialect.delimiter, newlines_in_values=True
        ),
        "convert_options": pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    }


def _cells(text: TextFile) -> Any:
    """Read all cells of a text file."""
    kind = "gzip" if text.file.packed else None
    with pa.input_stream(file_handle(text.file.path), compression=kind) as stream:
        return pa.csv.read_csv(stream, **csv_options(text))
