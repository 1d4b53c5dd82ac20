"""The first read: columns are understood, rows counted, and what is used written to the cache."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Addable, Integers, tree_sum
from sigmoide.blocks.threads import default_threads
from sigmoide.columns.values import Values, Wanted
from sigmoide.design.stream.cache import Cache, layout
from sigmoide.design.stream.column import Column
from sigmoide.errors import DataError
from sigmoide.sources.reader import (
    OtherReader,
    Reader,
    changed,
    chunks,
    refuse_changed,
    states,
)
from sigmoide.sources.source import Signature, Source

T = TypeVar("T", bound=Addable)
M = TypeVar("M")

# What the cache calls the column that says which rows are used.
USED = ""
# All different texts together may take this share of the memory.
_SHARE = 16

# From the columns of a chunk, by their keys, the number of its first row, and how many it has, to
# what is counted of it, which of its rows are used, and what was made of them on the way.
Observe = Callable[[Mapping[str, Values], int, int], tuple[T, np.ndarray, M]]
# Hears how many rows have been read.
Tell = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Transcript(Generic[T]):
    """What a source came to.

    Attributes
    ----------
    source : Source
        Its head: no rows, but all places.
    rows : int
        Its rows.
    columns : mapping
        From the key of what was wanted to what it is, without its rows.
    tables : mapping
        From the key of text to what its codes, as they were written and counted, are in its levels.
    counts : T
        What was counted of all rows.
    reads : int
        How often the source was read.
    why : str
        Why more than once; else empty.
    signature : Signature
        What was read.
    """

    source: Source
    rows: int
    columns: Mapping[str, Values]
    tables: Mapping[str, Integers]
    counts: T
    reads: int
    why: str
    signature: Signature


def transcribe(
    reader: Reader,
    wanted: Sequence[Wanted],
    rows: int,
    cache: Cache,
    memory: int,
    observe: Observe[T, M],
    tell: Tell | None = None,
) -> Transcript[T]:
    """Read a source, once or twice, and write what is used of it to the cache.

    Parameters
    ----------
    reader : Reader
        The source.
    wanted : sequence of Wanted
        Columns.
    rows : int
        Rows in a chunk.
    cache : Cache
        Where they go.
    memory : int
        Limit in bytes.
    observe : callable
        Counts each chunk.
    tell : callable, optional
        Told, after each chunk, how many rows this read has come to.

    Raises
    ------
    DataError
        If the source cannot be used so, was changed, or would have to be read again and cannot.
    """
    for column in wanted:
        reader.head.column(column.name)
    columns = [Column(column) for column in wanted]
    files, reads, why = states(reader), 0, ""
    before: dict[str, int] = {}
    rows_before = 0
    while True:
        reads += 1
        progress = _Pass(reader, columns, rows, cache, memory // _SHARE, observe, tell)
        try:
            counts = progress.run()
        except OtherReader as other:
            reader, why = other.reader, other.why
            columns = [Column(column) for column in wanted]
            continue
        refuse_changed(files, states(reader))
        now = {column.wanted.key: column.checksum for column in columns}
        if rows_before and (progress.rows_read != rows_before or now | before != now):
            raise _other_rows(reader)
        late = [column for column in columns if column.contradicted]
        if counts is not None:
            break
        if columns[0].settled:
            raise _other_rows(reader)
        why = (
            f"column {late[0].wanted.name!r} shows what it is only after row {late[0].changed_at:,}"
        )
        if not reader.again:
            raise DataError(
                f"{reader.head.name}: {why}, and such data can be read only once. Write them to a "
                "Parquet file first, and give that."
            )
        # Of words, whatever they turned out to be; else of what is written in both reads.
        before = {
            column.wanted.key: column.checksum
            for column in columns
            if reader.head.untyped or not column.contradicted
        }
        rows_before, columns = progress.rows_read, [column.again() for column in columns]
    finished = {c.wanted.key: c.finish(reader.head) for c in columns}
    checksum = 0
    for each in columns:
        checksum = zlib.crc32(each.checksum.to_bytes(4, "little"), checksum)
    return Transcript(
        reader.head,
        progress.rows_read,
        {key: values for key, (values, _) in finished.items()},
        {key: table for key, (_, table) in finished.items() if table is not None},
        counts,
        reads,
        why,
        Signature(files, progress.rows_read, checksum),
    )


class _Pass(Generic[T]):
    """One read of the source."""

    def __init__(
        self,
        reader: Reader,
        columns: Sequence[Column],
        rows: int,
        cache: Cache,
        texts: int,
        observe: Observe[T, M],
        tell: Tell | None,
    ) -> None:
        self._reader, self._columns, self._rows = reader, columns, rows
        self._cache, self._texts, self._observe, self._tell = cache, texts, observe, tell
        threads = default_threads()
        # A few columns for each thread, in runs, so that the first fault is that of the first.
        width = -(-len(columns) // (4 * threads))
        self._shares = [columns[k : k + width] for k in range(0, len(columns), width)]
        self.rows_read = 0

    def run(self) -> T | None:
        """Return what was counted; None if the rows written are of no use."""
        with ThreadPoolExecutor(default_threads(), thread_name_prefix="sigmoide") as pool:
            counted = self._counted(pool)
            first = next(counted, None)
            if first is None:
                return None
            total = tree_sum(chain([first], counted))
        return None if any(column.contradicted for column in self._columns) else total

    def _counted(self, pool: ThreadPoolExecutor) -> Iterator[T]:
        names = tuple(dict.fromkeys(column.wanted.name for column in self._columns))
        for part in chunks(self._reader, names, self._rows):
            start, self.rows_read = self.rows_read, self.rows_read + part.n_rows
            if self._tell is not None:
                self._tell(self.rows_read)
            taken = pool.map(partial(_take, part=part, start=start), self._shares)
            entries = {key: entry for share in taken for key, entry in share.items()}
            if sum(column.size for column in self._columns) > self._texts:
                largest = max(self._columns, key=lambda column: column.size)
                largest.refuse_many(self._reader.head, self.rows_read)
            if any(column.contradicted for column in self._columns):
                continue
            if not start:
                self._begin()
            values = {c.wanted.key: c.values(entries[c.wanted.key]) for c in self._columns}
            counts, used, _ = self._observe(values, start, part.n_rows)
            self._cache.append({**entries, USED: used}, part.n_rows)
            yield counts

    def _begin(self) -> None:
        types = {column.wanted.key: column.entries for column in self._columns}
        kinds = layout({**types, USED: np.dtype(np.uint8)}, self._rows)
        self._cache.start(kinds, self._reader.rows_about[0])


def _take(columns: Sequence[Column], part: Source, start: int) -> dict[str, NDArray[Any]]:
    """Return what is to be written of some columns of a chunk."""
    taken = {column.wanted.key: column.take(part, start) for column in columns}
    return {key: entries for key, entries in taken.items() if entries is not None}


def _other_rows(reader: Reader) -> DataError:
    name = reader.head.name
    if reader.paths:
        return changed(str(reader.paths[0]), "a second read brought other rows")
    return DataError(
        f"{name}: the data were read twice, and other rows came the second time. Write them to a "
        "Parquet file first, and give that."
    )
