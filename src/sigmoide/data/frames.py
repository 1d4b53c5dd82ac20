"""Sources from what is in memory: data frames, Arrow tables, mappings, NumPy arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sigmoide.data.files import ReadOptions, read_file
from sigmoide.data.source import Source
from sigmoide.errors import ColumnError, DataError


def read_source(data: Any, options: ReadOptions | None = None) -> Source:
    """Make a source of anything that holds a table.

    Parameters
    ----------
    data : path, data frame, Arrow table, mapping of arrays, or 2-D ndarray
        A path is read as :func:`sigmoide.data.files.read_file` says. A data frame is anything
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
    if isinstance(data, str | Path):
        return read_file(Path(data), options or ReadOptions())
    table = _table(data)
    repeated = [name for name, n in Counter(table.column_names).items() if n > 1]
    if repeated:
        raise ColumnError(
            f"the data have {len(repeated)} column name(s) twice: {repeated[0]!r}. "
            "Rename one of each pair."
        )
    if not table.num_rows:
        raise DataError("the data have no rows, so there is nothing to fit or to predict.")
    return Source("the data", table)


def _table(data: Any) -> pa.Table:
    if isinstance(data, np.ndarray):
        return _from_array(data)
    if isinstance(data, Mapping):
        return _from_mapping(data)
    module = type(data).__module__.partition(".")[0]
    try:
        if module == "pandas" and hasattr(data, "columns"):
            renamed = data.set_axis([str(name) for name in data.columns], axis=1)
            return pa.Table.from_pandas(renamed, preserve_index=False)
        if module == "polars" and hasattr(data, "collect"):
            return pa.table(data.collect())
        if hasattr(data, "to_table") and module == "pyarrow":
            return data.to_table()
        if hasattr(data, "__arrow_c_stream__") and hasattr(data, "columns"):
            return pa.table(data)
        if isinstance(data, pa.RecordBatchReader):
            return data.read_all()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise ColumnError(
            f"the data frame holds a column that is not of one type: {error}. "
            "Convert that column to numbers, booleans or text first."
        ) from error
    raise DataError(
        f"data of type {type(data).__name__} were given; a path, a data frame (pandas, polars, "
        "Arrow), a mapping of arrays or a two-dimensional NumPy array is needed."
    )


def _from_array(data: np.ndarray) -> pa.Table:
    if data.ndim != 2:
        raise DataError(
            f"an array of {data.ndim} dimension(s) was given; one row for each observation and "
            "one column for each feature are needed: try data.reshape(-1, 1)."
        )
    return pa.table({f"x{j}": pa.array(data[:, j]) for j in range(data.shape[1])})


def _from_mapping(data: Mapping[Any, Any]) -> pa.Table:
    columns = {}
    for name, values in data.items():
        try:
            columns[str(name)] = pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
            raise ColumnError(
                f"column {str(name)!r} is not an array of one type: {error}."
            ) from error
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise DataError(f"the columns are not of one length: {lengths}.")
    return pa.table(columns)
