"""Sources from what is in memory: data frames, Arrow tables, mappings, NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sigmoide.arguments.arrays import is_sparse
from sigmoide.arguments.arrow import (
    arrow_fault,
    arrow_parts,
    checksum_options,
    column_fault,
    is_pandas,
)
from sigmoide.arguments.words import shown
from sigmoide.errors import ColumnError, DataError
from sigmoide.sources.files import ReadOptions, read_file
from sigmoide.sources.source import Source, refuse_repeated, without_index

_NEEDED = (
    "a path, a data frame (pandas, polars, Arrow), a mapping of arrays or a two-dimensional NumPy "
    "array is needed"
)
# What pyarrow and the containers raise on values that are not of one type.
_NOT_AN_ARRAY = (pa.ArrowException, TypeError, ValueError, OverflowError, AttributeError)


def read_source(data: Any, options: ReadOptions | None = None) -> Source:
    """Make a source of anything that holds a table.

    Parameters
    ----------
    data : path, data frame, Arrow table, mapping of arrays, or 2-D ndarray
        A path is read as :func:`sigmoide.sources.files.read_file` says. A data frame is anything
        with the Arrow C stream (pandas, polars, pyarrow, duckdb, ibis, ...). The columns of an
        ndarray are called x0, x1, ...
    options : ReadOptions, optional
        How to read a text file.

    Raises
    ------
    DataError
        If it is none of these, has no rows, or two columns share a name.
    """
    if isinstance(data, Source):
        return data
    if isinstance(data, str | PathLike):
        return read_file(Path(data), options or ReadOptions())
    source = _source(data)
    if not source.names:
        raise DataError("the data have no columns, so there is nothing to fit or to predict.")
    if not source.n_rows:
        raise DataError("the data have no rows, so there is nothing to fit or to predict.")
    return source


def _source(data: Any) -> Source:
    if isinstance(data, np.ndarray):
        return _of_columns(_array_columns(data))
    if is_sparse(data):
        raise DataError(
            f"a sparse matrix ({type(data).__name__}) was given, whose columns have no names; "
            "LogisticRegression and certify take one as it is. Elsewhere make a data frame of it: "
            "pandas.DataFrame.sparse.from_spmatrix(X, columns=[...])."
        )
    if isinstance(data, Mapping):
        return _of_columns((str(name), values) for name, values in data.items())
    if is_pandas(data):
        return _of_columns((str(n), data.iloc[:, j]) for j, n in enumerate(data.columns))
    table = _arrow_table(data)
    refuse_repeated("the data", table.column_names)
    table, notes = without_index(table)
    return _of_table(table, notes)


def _of_table(table: Any, notes: tuple[str, ...]) -> Source:
    """Take in a table; a column whose buffers are damaged hurts only who uses it."""
    if table.num_rows < 0:
        raise DataError("the data are damaged: they say that they have fewer rows than none.")
    broken = {}
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if fault := column_fault(table, column):
            broken[name] = f"it is damaged: {fault.words()}."
            table = table.set_column(place, name, pa.nulls(table.num_rows))
    return Source("the data", table, notes=notes, broken=broken)


def _arrow_table(data: Any) -> Any:
    module, kind = type(data).__module__.partition(".")[0], type(data).__name__
    if kind in ("Series", "ChunkedArray", "Array"):
        raise DataError(
            f"data of type {kind} were given, which is one column; {_NEEDED}: try "
            "data.to_frame(), or {'name': data}."
        )
    try:
        if module == "polars" and hasattr(data, "collect"):
            return pa.table(data.collect())
        if module == "pyarrow" and hasattr(data, "scanner"):
            return data.to_table(fragment_scan_options=checksum_options(data))
        if module == "pyarrow" and hasattr(data, "to_table"):
            return data.to_table()
        # Not by the stream, which does not tell the sizes of buffers.
        if isinstance(data, pa.Table):
            return data
        if isinstance(data, pa.RecordBatch):
            return pa.Table.from_batches([data])
        if isinstance(data, pa.RecordBatchReader):
            return data.read_all()
        if hasattr(data, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(data).read_all()
    except (*_NOT_AN_ARRAY, OSError) as error:
        raise DataError(
            f"the data of type {kind} do not give a table through Arrow: {error}. "
            "Convert them to a pandas or Arrow table first."
        ) from error
    raise DataError(f"data of type {kind} were given; {_NEEDED}.")


def _array_columns(data: np.ndarray) -> list[tuple[str, Any]]:
    if data.dtype.names:
        return [(name, data[name]) for name in data.dtype.names]
    if data.ndim != 2:
        raise DataError(
            f"an array of {data.ndim} dimension(s) was given; one row for each observation and "
            "one column for each feature are needed: try data.reshape(-1, 1)."
        )
    # A matrix would give two-dimensional columns; a masked array must keep its mask.
    plain = data if isinstance(data, np.ma.MaskedArray) else np.asarray(data)
    return [(f"x{j}", plain[:, j]) for j in range(data.shape[1])]


def _of_columns(pairs: Iterable[tuple[str, Any]]) -> Source:
    """Take in columns one by one, so that one of no use stands in the way of no other."""
    columns, broken = [], {}
    named = list(pairs)
    refuse_repeated("the data", [name for name, _ in named])
    for name, values in named:
        column, why = _column(name, values)
        columns.append(column)
        if why:
            broken[name] = why
    names = [name for name, _ in named]
    lengths = {name: len(column) for name, column in zip(names, columns, strict=True)}
    if len(set(lengths.values())) > 1:
        least, most = min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__)
        raise DataError(
            f"the columns are not of one length: {least!r} has {lengths[least]} values and "
            f"{most!r} {lengths[most]}."
        )
    return Source("the data", pa.table(columns, names=names), broken=broken)


def _column(name: str, values: Any) -> tuple[Any, str]:
    """Return a column, or a stand-in of its length and the reason why there is none."""
    scalar = isinstance(values, str | bytes | Mapping | set | frozenset) or is_sparse(values)
    if scalar or not hasattr(values, "__iter__") or getattr(values, "ndim", 1) == 0:
        raise ColumnError(
            f"column {name!r} was given as {type(values).__name__}; an array or a list of values, "
            "one a row, is needed."
        )
    if not hasattr(values, "__len__"):
        values = list(values)
    for part in arrow_parts(values):
        if fault := arrow_fault(part):
            return pa.nulls(len(values)), f"it is damaged: {fault.words()}."
    try:
        array = _array(values)
        # The codes of a category are checked by nobody before.
        fault = arrow_fault(array) if pa.types.is_dictionary(array.type) else None
        return (array, "") if fault is None else (pa.nulls(len(array)), f"{fault.words()}.")
    except _NOT_AN_ARRAY as error:
        return pa.nulls(len(values)), _why(values, error)


def _array(values: Any) -> Any:
    _refuse_nested(values)
    categories = getattr(getattr(values, "dtype", None), "categories", None)
    if categories is not None and not all(
        isinstance(entry, str | int | float | np.generic) for entry in categories
    ):
        # Intervals and dates as categories: how they are written is how they are called.
        values = getattr(values, "cat", values).rename_categories(
            [str(entry) for entry in categories]
        )
    try:
        array = pa.array(values, from_pandas=True)
    except _NOT_AN_ARRAY:
        # Sparse columns, long doubles, tensors: what NumPy can make numbers of.
        # A mask means that values are missing, here as above.
        plain = values if isinstance(values, np.ma.MaskedArray) else np.asarray(values)
        if plain.dtype.kind not in "biuf" or plain.ndim != 1:
            raise
        array = pa.array(plain.astype(np.float64), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _refuse_nested(values: Any) -> None:
    """Refuse lists among the values: Arrow follows them down, and one may hold itself."""
    if isinstance(values, list | tuple) or getattr(values, "dtype", None) == np.dtype(object):
        # Of an entry under a mask is looked at what it hides.
        entries = np.asarray(values) if isinstance(values, np.ma.MaskedArray) else values
        for kind in set(map(type, entries)):
            if issubclass(kind, list | tuple | Mapping | set | frozenset | np.ndarray):
                raise TypeError(f"some are of type {kind.__name__}")


def _why(values: Any, error: Exception) -> str:
    """Name the first value that is of another type than those before it, if that is the trouble."""
    first = ""
    for row, value in enumerate(values):
        if value is None or (isinstance(value, float) and np.isnan(value)):
            continue
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        kind = "number" if number else type(value).__name__
        if first and kind != first:
            return (
                f"it mixes types: row {row} (counted from 0) holds {shown(value)} ({kind}), after "
                f"values of type {first}."
            )
        first = kind
    if first.startswith("complex"):
        return "its values are complex, which are no numbers of a model. Give the real part, .real."
    return (
        "its values are no numbers, booleans or text that can be taken in "
        f"({str(error).strip().rstrip('.')})."
    )
