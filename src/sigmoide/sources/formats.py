"""Data opened, each format by its reader: in memory where they fit into it, else in pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from sigmoide.arguments.arrow import BINARY_ERRORS, checksum_options
from sigmoide.arguments.words import size_words
from sigmoide.errors import UsageError
from sigmoide.sources.arrow import ArrowReader, ObjectReader, not_given
from sigmoide.sources.csv.reader import TextReader
from sigmoide.sources.csv.text import open_text
from sigmoide.sources.file_kinds import files_of, kind_of
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import Limits, ReadOptions, machine_memory, parse_memory
from sigmoide.sources.parquet import ParquetReader
from sigmoide.sources.reader import Reader
from sigmoide.sources.source import Source, SourceReader
from sigmoide.sources.stored import stored

# Numbers of float64 that a cell takes while a table in memory is prepared: as a value, as a part
# of X, and once more where rows are left out.
_NUMBERS = 3
# A byte of plain text is a cell at most, and takes no more than this in memory.
_MOST_PER_BYTE = 32


@dataclass(frozen=True, slots=True)
class Data:
    """Data that are open.

    Attributes
    ----------
    reader : Reader
        Their rows, from first to last.
    limits : Limits
        What reading them may take.
    table : Source, optional
        All their rows, where they are in memory; else they are read in pieces.
    """

    reader: Reader
    limits: Limits
    table: Source | None = None

    @property
    def head(self) -> Source:
        """The data as far as their columns are concerned."""
        return self.reader.head if self.table is None else self.table


def in_memory(source: Source) -> Data:
    """Return a table that is in memory as open data."""
    return Data(SourceReader(source), Limits(machine_memory()), source)


def open_data(data: Any, options: ReadOptions | None = None) -> Data:
    """Take in data, or only their beginning where all of them would take too much memory.

    Parameters
    ----------
    data
        What :func:`sigmoide.sources.frames.read_source` takes, or what
        :func:`sigmoide.sources.formats.open_reader` takes besides.
    options : ReadOptions, optional
        How to read them, and how much memory that may take.

    Raises
    ------
    UsageError
        If the limit is no size.
    DataError
        If the data cannot be read.
    """
    if isinstance(data, Data):
        return data
    options = options or ReadOptions()
    limits = limits_of(options)
    small = _surely_small(data, limits.room)
    reader = None if small else open_reader(data, options)
    if isinstance(reader, ObjectReader) and reader.rows_about[0] is None:
        return _tasted(reader, limits)
    if reader is not None and needs(reader) > limits.room:
        return Data(reader, limits)
    source = read_source(data, options)
    whole = SourceReader(source)
    if reader is None and not small and needs(whole) > limits.room:
        return Data(whole, limits)
    return Data(whole, limits, source)


def limits_of(options: ReadOptions) -> Limits:
    """Return how much memory may be taken, and where the cache is kept."""
    cache = None if options.cache is None else Path(options.cache)
    return Limits(parse_memory(options.memory), cache)


def needs(reader: Reader) -> int:
    """Return the bytes that a table takes in memory while it is prepared, about."""
    rows = reader.rows_about[0] or 0
    return reader.bytes_about + 8 * _NUMBERS * rows * len(reader.head.names)


def table_of(data: Data, what: str) -> Source:
    """Return the table of data that are in memory, for what needs all rows there.

    Raises
    ------
    UsageError
        If they are not.
    """
    if data.table is not None:
        return data.table
    raise UsageError(
        f"{what} of {data.head.name} was asked for, which needs all rows in memory: about "
        f"{size_words(needs(data.reader))}, where {size_words(data.limits.memory)} are allowed. "
        "Allow more (--memory, memory=), or leave it out."
    )


def open_reader(data: Any, options: ReadOptions | None = None) -> Reader | None:
    """Return a reader of what can be read in pieces; None for what is in memory already.

    Parameters
    ----------
    data
        A path: of a CSV file (plain or packed by gzip), a Parquet file, a folder of Parquet files
        or a pattern such as ``part-*.parquet``, an Arrow IPC file or stream. Or a pyarrow
        Dataset, a polars LazyFrame, a pyarrow RecordBatchReader.
    options : ReadOptions, optional
        How to read a text file.

    Raises
    ------
    FileError
        If a file is absent, empty, broken or of a kind that is not read.
    ColumnError
        If files have different columns.
    DataError
        If there are no rows.
    """
    if isinstance(data, str | PathLike):
        return _of_path(Path(data), options or ReadOptions())
    return _of_object(data)


def _of_path(path: Path, options: ReadOptions) -> Reader:
    several = files_of(path)
    if several is not None:
        return ParquetReader(path.name, several)
    file = stored(path)
    kind = kind_of(file)
    if kind == "text":
        return TextReader(open_text(file, options))
    if kind == "Parquet":
        return ParquetReader(file.name, [path])
    return ArrowReader(path, file.name, stream=kind == "Arrow stream")


def _of_object(data: Any) -> Reader | None:
    module, kind = type(data).__module__.partition(".")[0], type(data).__name__
    if module == "polars" and kind == "LazyFrame":
        return _of_lazy_frame(data)
    if module == "pyarrow" and hasattr(data, "scanner"):
        return _of_dataset(data)
    if isinstance(data, pa.RecordBatchReader):
        return ObjectReader(data.schema, lambda _: iter(data), again=False)
    return None


def _of_dataset(data: Any) -> Reader:
    options = checksum_options(data)

    def hand_out(columns: list[str]) -> Iterator[Any]:
        return iter(data.scanner(columns=columns, fragment_scan_options=options).to_batches())

    try:
        rows = None if _of_text(data) else data.count_rows()
    except BINARY_ERRORS as error:
        raise not_given(error) from error
    return ObjectReader(data.schema, hand_out, again=True, rows=rows)


def _of_text(data: Any) -> bool:
    """Say whether to count the rows of a Dataset takes as long as to read them."""
    return type(getattr(data, "format", None)).__name__ in ("CsvFileFormat", "JsonFileFormat")


def _of_lazy_frame(data: Any) -> Reader:
    try:
        schema = data.head(0).collect().to_arrow().schema
    except Exception as error:  # of whatever file it scans
        raise not_given(error) from error

    def hand_out(columns: list[str]) -> Iterator[Any]:
        for frame in data.select(columns).collect_batches(maintain_order=True):
            yield from frame.to_arrow().to_batches()

    return ObjectReader(schema, hand_out, again=True)


def _surely_small(data: Any, memory: int) -> bool:
    """Say whether a plain file is small enough, whatever it holds, without opening it."""
    if not isinstance(data, str | PathLike):
        return False
    path = Path(data)
    try:
        plain = path.suffix.lower() in (".csv", ".tsv", ".txt") and path.is_file()
        return plain and path.stat().st_size * _MOST_PER_BYTE <= memory
    except OSError:
        return False


def _tasted(reader: ObjectReader, limits: Limits) -> Data:
    """Read data of unknown size until they are in memory, or too large for it."""
    names = reader.head.names
    batches = reader.batches(names)
    waiting: deque[Any] = deque()
    size = rows = 0
    for batch in batches:
        waiting.append(batch)
        size, rows = size + batch.nbytes, rows + batch.num_rows
        if size + 8 * _NUMBERS * rows * len(names) > limits.room:
            return Data(reader if reader.again else reader.going_on(waiting, batches), limits)
    source = replace(reader.head, table=pa.Table.from_batches(waiting))
    return Data(SourceReader(source), limits, source)
