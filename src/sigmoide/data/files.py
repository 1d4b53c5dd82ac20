"""Sources from files: CSV (plain or gzip), Parquet, Arrow IPC."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet

from sigmoide.data.signatures import ARROW_FILE, ARROW_STREAM, GZIP, PARQUET, begins, refusal
from sigmoide.data.source import Source, without_index
from sigmoide.data.text import READ_ERRORS, TextFile, unreadable
from sigmoide.data.text import ReadOptions as ReadOptions
from sigmoide.errors import ColumnError, DataError, FileError

_HEAD = 1 << 16
# One line must fit in it; a few of them are in memory at a time.
_CSV_BLOCK = 1 << 23


def read_file(path: Path, options: ReadOptions) -> Source:
    """Read a file into memory; what it is, is read off its first bytes.

    Raises
    ------
    FileError
        If it is absent, empty, broken or of a kind that is not read.
    ColumnError
        If two columns share a name, or one has none.
    DataError
        If it has no rows.
    """
    head, packed = _head(path)
    for signature, reader, kind in (
        (PARQUET, _read_parquet, "Parquet"),
        (ARROW_FILE, pa.feather.read_table, "Arrow"),
        (ARROW_STREAM, _read_stream, "Arrow"),
    ):
        if begins(head, signature):
            if packed:
                raise FileError(
                    f"{path}: this is a {kind} file inside a gzip file. Unpack it first; "
                    f"{kind} files have a compression of their own."
                )
            return _binary(path, reader, kind)
    why = refusal(head)
    if why:
        raise FileError(f"{path}: {why}")
    return _delimited(TextFile(path, packed, head, options))


def _head(path: Path) -> tuple[bytes, bool]:
    """Return the first bytes, unpacked, and whether they were packed; or say why there are none."""
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise FileError(
                f"{path}: this is a pipe or a device, which can be read only once. Write it to a "
                "file first, and give that."
            )
        with path.open("rb") as file:
            head = file.read(_HEAD)
        packed = head.startswith(GZIP)
        if packed:
            with gzip.open(path) as unpacked:
                head = unpacked.read(_HEAD)
    except READ_ERRORS as error:
        if isinstance(error, FileError):
            raise
        raise unreadable(path, error) from error
    if not head:
        raise FileError(f"{path}: the file is empty; a header and rows are needed.")
    return head, packed


def _name(path: Path) -> str:
    """Return a file's name as text, whatever bytes the system calls it by."""
    return path.name.encode("utf-8", "backslashreplace").decode()


def _handle(path: Path) -> Any:
    """Return what Arrow can open: the path, or the open file where its name is no text."""
    try:
        str(path).encode()
    except UnicodeError:
        return path.open("rb")
    return str(path)


def _read_parquet(place: Any) -> Any:
    # Not read_table: it would make columns of folders that are called like a=1.
    with pa.parquet.ParquetFile(place) as file:
        return file.read()


def _read_stream(place: Any) -> Any:
    with pa.input_stream(place) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_all()


def _binary(path: Path, reader: Callable[[Any], Any], kind: str) -> Source:
    try:
        table = reader(_handle(path))
    except (pa.ArrowException, OSError, ValueError) as error:
        why = str(error).strip().rstrip(".")
        raise FileError(
            f"{path}: the {kind} file is broken or cut short ({why}). Copy or write it again."
        ) from error
    refuse_repeated(str(path), table.column_names)
    table, notes = without_index(table)
    if not table.num_rows:
        raise DataError(f"{path}: the file has columns and no rows.")
    return Source(_name(path), table, notes=notes)


def refuse_repeated(where: str, names: Sequence[str]) -> None:
    """Raise ColumnError if two columns share a name."""
    for name, times in Counter(names).items():
        if times > 1:
            raise ColumnError(
                f"{where}: {times} columns are called {name!r}. Rename them, so that each name "
                "is one column."
            )


def _delimited(file: TextFile) -> Source:
    """Read every column as text; what is wrong with the file is said with its line."""
    refuse_repeated(str(file.path), file.header)
    try:
        kind = "gzip" if file.packed else None
        with pa.input_stream(_handle(file.path), compression=kind) as stream:
            table = pa.csv.read_csv(
                stream,
                read_options=pa.csv.ReadOptions(
                    # Arrow skips a UTF-8 byte-order mark by itself.
                    encoding="utf8" if file.encoding == "utf-8-sig" else file.encoding,
                    column_names=file.header,
                    block_size=_CSV_BLOCK,
                ),
                parse_options=pa.csv.ParseOptions(
                    delimiter=file.delimiter, newlines_in_values=True
                ),
                convert_options=pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(file.header, pa.string()),
                    strings_can_be_null=False,
                ),
            )
    except (pa.ArrowException, *READ_ERRORS) as error:
        raise file.explain(error) from error
    # The header is a row too: so it may stand below empty lines, and over several.
    table = table.slice(1)
    if not table.num_rows:
        raise DataError(f"{file.path}: the file has a header and no rows.")
    if "\n" in str(table.column(table.num_columns - 1)[-1]):
        # Arrow takes a quote that is never closed, in the last column, for one long value.
        for _ in file.records():
            pass
    source = Source(_name(file.path), table, True, file.options.decimal, file.place)
    if file.delimiter != "," and file.options.delimiter is None:
        note = f"the columns of {source.name} are separated by {file.delimiter!r}"
        return replace(source, notes=(note,))
    return source
