"""One table in every form that sigmoide reads."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

Form = Callable[[pd.DataFrame, Path], Any]


class OnlyAStream:
    """Something that has the Arrow C stream and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def csv(frame: pd.DataFrame, folder: Path) -> str:
    path = folder / "data.csv"
    frame.to_csv(path, index=False, na_rep="NA")
    return str(path)


def gz(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "data.csv.gz"
    path.write_bytes(gzip.compress(Path(csv(frame, folder)).read_bytes()))
    return path


def quoted(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "quoted.csv"
    frame.to_csv(path, index=False, na_rep="", quoting=1, lineterminator="\r\n")
    return path


def latin(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "latin.csv"
    frame.to_csv(path, index=False, sep=";", decimal=",", encoding="latin-1", na_rep="NA")
    return path


def utf16(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "wide.csv"
    frame.to_csv(path, index=False, sep="\t", encoding="utf-16", na_rep="NA")
    return path


def table(frame: pd.DataFrame, folder: Path | None = None) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def parquet(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "data.parquet"
    pa.parquet.write_table(table(frame), path, row_group_size=50)
    return path


def parquet_of_dictionaries(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "dictionaries.parquet"
    as_categories(frame).to_parquet(path)
    return path


def feather(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "data.feather"
    pa.feather.write_feather(table(frame), path)
    return path


def ipc_stream(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "data.arrows"
    held = table(frame)
    with pa.ipc.new_stream(path, held.schema) as writer:
        writer.write_table(held, max_chunksize=40)
    return path


def pandas_with_index(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return frame.set_axis(pd.Index([f"row {i}" for i in range(len(frame))], name="id"))


def nullable(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return frame.convert_dtypes()


def as_categories(frame: pd.DataFrame, folder: Path | None = None) -> pd.DataFrame:
    text = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.astype(dict.fromkeys(text, "category"))


def polars(frame: pd.DataFrame, folder: Path | None = None) -> pl.DataFrame:
    return pl.DataFrame(table(frame))


def lazy(frame: pd.DataFrame, folder: Path) -> pl.LazyFrame:
    return polars(frame).lazy()


def polars_categories(frame: pd.DataFrame, folder: Path) -> pl.DataFrame:
    return polars(frame).with_columns(pl.col(pl.String).cast(pl.Categorical))


def string_views(frame: pd.DataFrame, folder: Path) -> pa.Table:
    held = table(frame)
    fields = [
        pa.field(f.name, pa.string_view() if pa.types.is_large_string(f.type) else f.type)
        for f in held.schema
    ]
    return held.cast(pa.schema(fields))


def chunked_dictionaries(frame: pd.DataFrame, folder: Path) -> pa.Table:
    parts = [frame.iloc[:20], frame.iloc[20:]]
    return pa.concat_tables([table(as_categories(part)) for part in parts])


def reader(frame: pd.DataFrame, folder: Path) -> pa.RecordBatchReader:
    return table(frame).to_reader(max_chunksize=30)


def dataset(frame: pd.DataFrame, folder: Path) -> Any:
    return pa.dataset.dataset(table(frame))


def stream(frame: pd.DataFrame, folder: Path) -> OnlyAStream:
    return OnlyAStream(table(frame))


def arrays(frame: pd.DataFrame, folder: Path) -> dict[str, Any]:
    return {name: frame[name].to_numpy() for name in frame}


def objects(frame: pd.DataFrame, folder: Path) -> dict[str, Any]:
    return {name: frame[name].to_numpy(dtype=object, na_value=None) for name in frame}


def lists(frame: pd.DataFrame, folder: Path) -> dict[str, Any]:
    return {name: frame[name].tolist() for name in frame}


def records(frame: pd.DataFrame, folder: Path) -> np.recarray:
    return frame.to_records(index=False)


def pandas(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    return frame


FORMS: dict[str, Form] = {
    form.__name__: form
    for form in (
        csv,
        gz,
        quoted,
        latin,
        utf16,
        parquet,
        parquet_of_dictionaries,
        feather,
        ipc_stream,
        pandas,
        pandas_with_index,
        nullable,
        as_categories,
        polars,
        lazy,
        polars_categories,
        table,
        string_views,
        chunked_dictionaries,
        reader,
        dataset,
        stream,
        arrays,
        objects,
        lists,
        records,
    )
}


def forms(frame: pd.DataFrame, folder: Path) -> Iterator[tuple[str, Any]]:
    for name, form in FORMS.items():
        yield name, form(frame, folder)
