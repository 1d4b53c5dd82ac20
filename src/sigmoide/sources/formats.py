"""Readers of whatever can be read in pieces: files, folders, and what hands out Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from sigmoide.arguments.arrow import BINARY_ERRORS, checksum_options
from sigmoide.sources.arrow import ArrowReader, ObjectReader, not_given
from sigmoide.sources.csv.reader import TextReader
from sigmoide.sources.csv.text import open_text
from sigmoide.sources.file_kinds import files_of, kind_of
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.parquet import ParquetReader
from sigmoide.sources.reader import Reader
from sigmoide.sources.stored import stored


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
