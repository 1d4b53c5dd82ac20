"""Arrow IPC, files and streams, and anything in memory that hands out Arrow batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from sigmoide.arguments.arrow import BINARY_ERRORS, OBJECT, broken_file, check_arrow, file_origin
from sigmoide.errors import DataError, SigmoideError
from sigmoide.sources.source import Source, refuse_repeated, without_index

_KIND = "Arrow"


class ArrowReader:
    """An Arrow IPC file or stream; its pages are mapped, not copied.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        How messages call it.
    stream : bool
        Whether it is a stream, which has no table of contents.
    """

    again = True

    def __init__(self, path: Path, name: str, *, stream: bool) -> None:
        self.paths = (path,)
        self._stream = stream
        self._rows: int | None = None
        try:
            with _opened(path, stream, None) as opened:
                schema, names = opened.schema, opened.schema.names
                if not stream:
                    self._rows = int(opened.count_rows())
        except BINARY_ERRORS as error:
            raise broken_file(path, _KIND, error) from error
        refuse_repeated(str(path), names)
        if self._rows == 0:
            raise DataError(f"{path}: the file has columns and no rows.")
        nothing, notes = without_index(schema.empty_table())
        self._schema = schema
        self.head: Source = Source(name, nothing, notes=notes, form=_KIND)

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """How many rows there are, None if nobody knows; and whether that is exact."""
        if self._rows is not None:
            return self._rows, True
        width = sum(_width(field.type) for field in self._schema)
        return self.paths[0].stat().st_size // max(width, 1), False

    @property
    def bytes_about(self) -> int:
        """What its columns take in memory, about."""
        size = self.paths[0].stat().st_size
        width = sum(_width(field.type) for field in self._schema)
        return max(size, (self._rows or 0) * width)

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        places = [self._schema.get_field_index(name) for name in columns]
        path, rows = self.paths[0], 0
        origin = file_origin(path)
        try:
            with _opened(path, self._stream, places) as opened:
                every = (
                    opened
                    if self._stream
                    else (opened.get_batch(k) for k in range(opened.num_record_batches))
                )
                for batch in every:
                    yield check_arrow(batch.select(list(columns)), origin, rows)
                    rows += batch.num_rows
        except BINARY_ERRORS as error:
            raise broken_file(path, _KIND, error) from error
        if not rows:
            raise DataError(f"{path}: the file has columns and no rows.")


class ObjectReader:
    """Something in Python that hands out Arrow batches.

    Parameters
    ----------
    schema : pyarrow.Schema
        Of the batches.
    hand_out : callable
        From names of columns to batches of them: a read.
    again : bool
        Whether that can be done more than once.
    rows : int, optional
        Rows, where they are known.
    """

    def __init__(
        self,
        schema: Any,
        hand_out: Callable[[list[str]], Iterator[Any]],
        *,
        again: bool,
        rows: int | None = None,
    ) -> None:
        refuse_repeated("the data", schema.names)
        nothing, notes = without_index(schema.empty_table())
        self._schema, self._hand_out, self._rows = nothing.schema, hand_out, rows
        self.again = again
        self.paths: tuple[Path, ...] = ()
        self.head: Source = Source("the data", nothing, notes=notes)

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """How many rows there are, None if nobody knows; and whether that is exact."""
        return self._rows, self._rows is not None

    @property
    def bytes_about(self) -> int:
        """What its columns take in memory, about."""
        return (self._rows or 0) * sum(_width(field.type) for field in self._schema)

    def going_on(self, waiting: deque[Any], batches: Iterator[Any]) -> ObjectReader:
        """Return a reader of what was read already, and what is still to come: once."""
        return ObjectReader(
            self._schema, lambda _: _rest(waiting, batches), again=False, rows=self._rows
        )

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        rows = 0
        try:
            for batch in self._hand_out(list(columns)):
                yield check_arrow(batch.select(list(columns)), OBJECT, rows)
                rows += batch.num_rows
        except SigmoideError:
            raise
        except Exception as error:  # whatever the library raises that hands them out
            raise not_given(error) from error
        if not rows:
            raise DataError("the data have no rows, so there is nothing to fit or to predict.")


def not_given(error: Exception) -> DataError:
    """Say that an object does not give its rows away."""
    return DataError(
        f"the data do not give all their rows through Arrow: {error}. Write them to a Parquet file "
        "first, and give that."
    )


def _rest(waiting: deque[Any], batches: Iterator[Any]) -> Iterator[Any]:
    while waiting:
        yield waiting.popleft()
    yield from batches


@contextmanager
def _opened(path: Path, stream: bool, fields: list[int] | None) -> Iterator[Any]:
    options = pa.ipc.IpcReadOptions(included_fields=fields)
    with path.open("rb") as file, pa.memory_map(file.name) if _text(path) else file as place:
        opener = pa.ipc.open_stream if stream else pa.ipc.open_file
        with opener(place, options=options) as opened:
            yield opened


def _text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeError:
        return False
    return True


def _width(kind: Any) -> int:
    try:
        return -(-int(kind.bit_width) // 8)
    except ValueError:
        return 8
