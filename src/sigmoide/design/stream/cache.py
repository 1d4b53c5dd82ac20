"""The cache: the columns that are used, as numbers and codes, in a file that has no name.

The file is written once, from its beginning to its end, and then read in pieces, by several
threads at once. It is gone with its last user, however that ends: POSIX removes its name as soon
as it is open, Windows removes it when it is closed.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, local
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.words import size_words
from sigmoide.blocks.block import Array
from sigmoide.errors import FileError

# Blocks that a thread may have in use at a time, before its memory is no more used again.
_KEPT = 2
# Up to so many columns stand side by side: each is written in one stretch, and kernels read them as
# fast as rows.
_SIDE_BY_SIDE = 60
# References to an array that nobody else refers to: the list, the loop, and the question itself.
_OURS = 3

_REMEDY = "Name a folder with more room: --cache DIR (from Python: cache=DIR)."


@dataclass(frozen=True, slots=True)
class Layout:
    """How columns stand in the cache: chunk after chunk, in a chunk column after column.

    Attributes
    ----------
    types : mapping
        From a column to the type of its entries; the widest first, so that all are aligned.
    rows : int
        Rows of a chunk; the last may have fewer.
    """

    types: Mapping[str, np.dtype[Any]]
    rows: int

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return sum(kind.itemsize for kind in self.types.values())


def layout(types: Mapping[str, np.dtype[Any]], rows: int) -> Layout:
    """Return the layout of columns of these types."""
    wide = sorted(types.items(), key=lambda item: -item[1].itemsize)
    return Layout(dict(wide), rows)


class Cache:
    """A file of columns.

    Parameters
    ----------
    folder : Path, optional
        Where; by default where the system keeps temporary files.

    Raises
    ------
    FileError
        If no file can be made there.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = Path(tempfile.gettempdir() if folder is None else folder)
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(  # noqa: SIM115 - closed with the cache
                prefix="sigmoide-", dir=self.folder, buffering=0
            )
        except OSError as error:
            raise FileError(
                f"{self.folder}: the cache of the rows cannot be made there: "
                f"{error.strerror or error}. Name another folder: --cache DIR (from Python: "
                "cache=DIR)."
            ) from error
        self._lock = Lock()
        self._own = local()
        self.rows = 0
        self.layout = Layout({}, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        """Bytes written."""
        return self.rows * self.layout.row_bytes

    def close(self) -> None:
        """Give the space back."""
        self._file.close()

    def start(self, layout: Layout, rows: int | None) -> None:
        """Begin anew, with room for so many rows, if that is known.

        Raises
        ------
        FileError
            If there is no room for them.
        """
        self._file.seek(0)
        self._file.truncate()
        self.layout, self.rows = layout, 0
        self.check(rows)

    def check(self, rows: int | None) -> None:
        """Refuse, before the disk is full, what it will not hold: FileError."""
        if rows is None:
            return
        needed = (rows - self.rows) * self.layout.row_bytes
        free = shutil.disk_usage(self.folder).free
        if needed > free:
            raise FileError(
                f"{self.folder}: the cache of the rows needs about {size_words(needed)} there, and "
                f"{size_words(free)} are free. {_REMEDY}"
            )

    def append(self, columns: Mapping[str, NDArray[Any]], rows: int) -> None:
        """Write a chunk.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        try:
            for name, kind in self.layout.types.items():
                entries = np.ascontiguousarray(columns[name], dtype=kind).data.cast("B")
                while entries:
                    entries = entries[self._file.write(entries) :]
        except OSError as error:
            written = self._file.tell()
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise FileError(
                    f"{self.folder}: the disk is full: after {size_words(written)} of the cache of "
                    f"the rows, which takes {self.layout.row_bytes} bytes a row. {_REMEDY}"
                ) from error
            raise FileError(
                f"{self.folder}: the cache of the rows cannot be written: "
                f"{error.strerror or error}. {_REMEDY}"
            ) from error
        self.rows += rows

    def read(self, low: int, high: int, names: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Return the rows low, ..., high - 1 of some columns.

        They stand in memory that the next call of the same thread uses again.
        """
        size = self.layout.rows
        if low // size == (high - 1) // size:
            return self._piece(low // size, low % size, (high - 1) % size + 1, names, self._room)
        parts = [
            self._piece(
                chunk, max(low - chunk * size, 0), min(high - chunk * size, size), names, _new
            )
            for chunk in range(low // size, -(-high // size))
        ]
        if not parts:
            return {name: np.empty(0, self.layout.types[name]) for name in names}
        return {name: np.concatenate([part[name] for part in parts]) for name in names}

    def _piece(
        self,
        chunk: int,
        low: int,
        high: int,
        names: Sequence[str],
        room: Callable[[int], NDArray[np.uint8]],
    ) -> dict[str, NDArray[Any]]:
        """Return some rows of one chunk; a column after the other, or all of it at once."""
        chunk_rows = min(self.layout.rows, self.rows - chunk * self.layout.rows)
        place = chunk * self.layout.rows * self.layout.row_bytes
        count = high - low
        whole = count == chunk_rows and len(names) == len(self.layout.types)
        wanted = self.layout.types.keys() if whole else set(names)
        columns, at = {}, 0
        memory = room(count * sum(self.layout.types[name].itemsize for name in wanted))
        if whole:
            self._fill(memory, place)
        for name, kind in self.layout.types.items():
            if name in wanted:
                part = memory[at : at + count * kind.itemsize]
                if not whole:
                    self._fill(part, place + low * kind.itemsize)
                columns[name] = part.view(kind)
                at += count * kind.itemsize
            place += chunk_rows * kind.itemsize
        return columns

    def _room(self, size: int) -> NDArray[np.uint8]:
        """Return memory that is this thread's own: to ask the system for it anew takes longer."""
        memory: NDArray[np.uint8] | None = getattr(self._own, "held", None)
        if memory is None or len(memory) < size:
            memory = self._own.held = _new(size)
        return memory[:size]

    def _fill(self, memory: NDArray[np.uint8], place: int) -> None:
        """Read bytes of the file, wherever other threads are reading."""
        left = memory.data
        try:
            while left:
                count = self._some(left, place)
                if not count:
                    raise FileError(f"{self.folder}: the cache of the rows was cut short.")
                left = left[count:]
                place += count
        except OSError as error:
            raise FileError(
                f"{self.folder}: the cache of the rows cannot be read: {error.strerror or error}."
            ) from error

    def _some(self, memory: memoryview, place: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [memory], place)
        with self._lock:
            self._file.seek(place)
            return self._file.readinto(memory) or 0  # type: ignore[attr-defined]


def _new(size: int) -> NDArray[np.uint8]:
    return np.empty(size, dtype=np.uint8)


class Spare:
    """Arrays for X, each handed out again when nobody refers to it any more.

    A view of an array refers to it, too: so whoever keeps a part of a block keeps its numbers.
    """

    def __init__(self) -> None:
        self._own = local()

    def array(self, rows: int, columns: int) -> Array:
        """Return an array of that shape, its numbers whatever they were."""
        arrays: list[Array] = self._own.__dict__.setdefault("held", [])
        size = rows * columns
        for memory in arrays:
            if len(memory) >= size and sys.getrefcount(memory) <= _OURS:
                return _shaped(memory, rows, columns)
        memory = np.empty(size)
        arrays.append(memory)
        del arrays[:-_KEPT]
        return _shaped(memory, rows, columns)


def _shaped(memory: Array, rows: int, columns: int) -> Array:
    numbers = memory[: rows * columns]
    if columns <= _SIDE_BY_SIDE:
        return numbers.reshape(columns, rows).T
    return numbers.reshape(rows, columns)
