"""Data opened: in memory where they fit into it, and beyond it where they do not."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from sigmoide.arguments.words import size_words
from sigmoide.design.apply import ToPredict
from sigmoide.design.design import Design, Request
from sigmoide.design.prepare import Prepared, follow, prepare, rows_to_predict
from sigmoide.design.roles import Roles
from sigmoide.design.stream.prepare import (
    follow_streamed,
    prepare_streamed,
    rows_to_predict_streamed,
)
from sigmoide.design.target import Target
from sigmoide.errors import UsageError
from sigmoide.sources.arrow import ObjectReader
from sigmoide.sources.formats import open_reader
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import Limits, ReadOptions, parse_memory
from sigmoide.sources.reader import Reader
from sigmoide.sources.source import Source, SourceReader

# Numbers of float64 that a cell takes while a table in memory is prepared: as a value, as a part
# of X, and once more where rows are left out.
_NUMBERS = 3
# So often is told how far the first read has come; or after so many rows.
_TELLS = 10
_TELL_ROWS = 10**7
# A byte of plain text is a cell at most, and takes no more than this in memory.
_MOST_PER_BYTE = 32


@dataclass(frozen=True, slots=True)
class Beyond:
    """Data that are read in pieces, because they are larger than the memory they may take.

    Attributes
    ----------
    reader : Reader
        The data.
    limits : Limits
        What reading them may take.
    """

    reader: Reader
    limits: Limits

    @property
    def head(self) -> Source:
        """The data with all their columns and no row."""
        return self.reader.head


Data = Source | Beyond


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
    if isinstance(data, Beyond):
        return data
    options = options or ReadOptions()
    limits = limits_of(options)
    if _surely_small(data, limits.room):
        return read_source(data, options)
    reader = open_reader(data, options)
    if reader is None:
        source = read_source(data, options)
        reader = SourceReader(source)
        return source if needs(reader) <= limits.room else Beyond(reader, limits)
    if isinstance(reader, ObjectReader) and reader.rows_about[0] is None:
        return _tasted(reader, limits)
    if needs(reader) > limits.room:
        return Beyond(reader, limits)
    return read_source(data, options)


def limits_of(options: ReadOptions) -> Limits:
    """Return how much memory may be taken, and where the cache is kept."""
    cache = None if options.cache is None else Path(options.cache)
    return Limits(parse_memory(options.memory), cache)


def needs(reader: Reader) -> int:
    """Return the bytes that a table takes in memory while it is prepared, about."""
    rows = reader.rows_about[0] or 0
    return reader.bytes_about + 8 * _NUMBERS * rows * len(reader.head.names)


def prepare_data(
    data: Data, request: Request, tell: Callable[[int, int | None], object] | None = None
) -> Prepared:
    """Learn the design from data wherever they are; see :func:`sigmoide.design.prepare.prepare`.

    Parameters
    ----------
    data, request
        The data, and what is asked of them.
    tell : callable, optional
        Told now and then, where the data are streamed, how many rows have been read, and how many
        there are, about, where that is known.
    """
    if isinstance(data, Source):
        return prepare(data, request)
    if tell is None:
        return prepare_streamed(data.reader, request, data.limits)
    about = data.reader.rows_about[0]
    step = max(about // _TELLS, 1) if about else _TELL_ROWS
    told = 0

    def now_and_then(rows: int) -> None:
        nonlocal told
        # A second read of the source begins with the first row again.
        if rows < told or rows // step > told // step:
            tell(rows, about)
        told = rows

    return prepare_streamed(data.reader, request, data.limits, now_and_then)


def follow_data(
    data: Data,
    design: Design,
    target: Target,
    roles: Roles,
    given: tuple[Any, Any, Any] = (None, None, None),
) -> Prepared:
    """Prepare other data by what was learned; see :func:`sigmoide.design.prepare.follow`."""
    if isinstance(data, Source):
        return follow(data, design, target, roles, given)
    return follow_streamed(data.reader, design, target, roles, data.limits, given)


def predict_data(data: Data, design: Design, offset: Any) -> ToPredict:
    """Encode rows to predict them; see :func:`sigmoide.design.prepare.rows_to_predict`."""
    if isinstance(data, Source):
        return rows_to_predict(data, design, offset)
    return rows_to_predict_streamed(data.reader, design, offset, data.limits)


def head_of(data: Data) -> Source:
    """Return the data as far as their columns are concerned."""
    return data if isinstance(data, Source) else data.head


def held(data: Data, what: str) -> Source:
    """Return data that are in memory, for what needs them there.

    Raises
    ------
    UsageError
        If they are not.
    """
    if isinstance(data, Source):
        return data
    raise UsageError(
        f"{what} of {data.head.name} was asked for, which needs all rows in memory: about "
        f"{size_words(needs(data.reader))}, where {size_words(data.limits.memory)} are allowed. "
        "Allow more (--memory, memory=), or leave it out."
    )


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
            return Beyond(reader if reader.again else reader.going_on(waiting, batches), limits)
    return replace(reader.head, table=pa.Table.from_batches(waiting))
