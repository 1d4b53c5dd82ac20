"""Readers of sources beyond memory: what one is called, and its rows from first to last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from sigmoide.errors import FileError
from sigmoide.sources.chunks import ahead, exact
from sigmoide.sources.source import FileState, Source
from sigmoide.sources.stored import unreadable

# Chunks that are decoded before they are asked for.
_AHEAD = 2


class Reader(Protocol):
    """A source that is read from its first row to its last, any number of times, or once."""

    @property
    def head(self) -> Source:
        """The source with all its columns and no row; it knows where any row stands."""
        ...

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that it consists of."""
        ...

    @property
    def again(self) -> bool:
        """Whether it can be read more than once."""
        ...

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """How many rows there are, None if nobody knows; and whether that is exact."""
        ...

    @property
    def bytes_about(self) -> int:
        """What its columns take in memory, about."""
        ...

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        ...


class OtherReader(Exception):  # noqa: N818 - no error, but news
    """A read has found that the source is to be read in another way, from the beginning."""

    def __init__(self, reader: Reader, why: str) -> None:
        super().__init__()
        self.reader, self.why = reader, why


def chunks(reader: Reader, columns: Sequence[str], rows: int) -> Iterator[Source]:
    """Yield the source in chunks of so many rows, which keep their numbers and their places.

    Decoding goes on in a thread ahead of the one that asks.

    Raises
    ------
    FileError
        If a file is broken, or was changed while it was read.
    OtherReader
        If it has to be read in another way.
    """
    head, before = reader.head, states(reader)
    start = 0
    tables = ahead(exact(reader.batches(columns), rows), _AHEAD)
    try:
        for table in tables:
            numbers = np.arange(start, start + table.num_rows, dtype=np.int64)
            yield replace(head, table=table, numbers=numbers, place=_moved(head, start))
            start += table.num_rows
    finally:
        tables.close()
    refuse_changed(before, states(reader))


def states(reader: Reader) -> tuple[FileState, ...]:
    """Return what the files of a reader are now."""
    files = []
    for path in reader.paths:
        try:
            stat = path.stat()
        except OSError as error:
            raise unreadable(path, error) from error
        files.append(FileState(str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(files)


def refuse_changed(before: tuple[FileState, ...], after: tuple[FileState, ...]) -> None:
    """Raise FileError if a file was changed between two looks at it."""
    for old, new in zip(before, after, strict=True):
        if old != new:
            raise changed(
                new.name,
                f"it had {old.size:,} bytes and has {new.size:,}"
                if old.size != new.size
                else "it was written to",
            )


def changed(name: str, how: str) -> FileError:
    """Say that a file is not any more what was read first."""
    return FileError(
        f"{name}: the file was changed while it was read ({how}). Nothing that was learned of it "
        "can be trusted: wait until it is finished, and begin again."
    )


def _moved(head: Source, start: int) -> Any:
    return lambda row: head.place(start + row)
