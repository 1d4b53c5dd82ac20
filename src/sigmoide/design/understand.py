"""The columns of data, understood and counted: in memory at once, else by way of a cache.

A table in memory is a reader of one chunk: it is understood at once and stays where it is. Data
beyond memory are understood chunk by chunk, and what is used of them is written to a file. What
comes of both is the same record, and the bits that are made of it are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.words import size_words
from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.block import Addable, Array, Block, Integers
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.stream import Loader, streamed_blocks
from sigmoide.blocks.threads import default_threads
from sigmoide.columns.values import Values, Wanted, read_wanted
from sigmoide.design.census import Columns
from sigmoide.design.design import Design
from sigmoide.design.learn import refuse_too_large
from sigmoide.design.roles import AskedRoles
from sigmoide.design.stream.cache import Cache, Spare
from sigmoide.design.stream.transcribe import USED, Observe, transcribe
from sigmoide.sources.formats import Data
from sigmoide.sources.options import Limits, machine_memory
from sigmoide.sources.reader import Reader
from sigmoide.sources.source import Signature, Source

T = TypeVar("T", bound=Addable)
M = TypeVar("M")

# Hears how many rows have been read, and how many there are, about, where that is known.
Tell = Callable[[int, int | None], object]
# So often is told how far the first read has come; or after so many rows.
_TELLS = 10
_TELL_ROWS = 10**7


@dataclass(frozen=True, slots=True)
class Understood:
    """What the columns of data came to.

    Attributes
    ----------
    source : Source
        Whose rows they are: its name, and where they stand.
    rows : int
        How many it has.
    described : mapping
        From the key of what was wanted to what it is; of a column in the cache, without its rows.
    tables : mapping
        From the key of text in the cache to what its codes are among its levels.
    read : callable
        From low, high and keys to what is kept of the rows low, ..., high - 1.
    room : callable
        From a number of rows and columns to an array for X.
    limits : Limits, optional
        What the rows may take, where they are not in memory.
    notes : tuple of str
        What the reader should know besides the notes of the source.
    signature : Signature, optional
        What was read, of data beyond memory.
    close : callable
        Gives the space of the cache back.
    """

    source: Source
    rows: int
    described: Mapping[str, Values]
    tables: Mapping[str, Integers]
    read: Callable[[int, int, Sequence[str]], Mapping[str, NDArray[Any]]]
    room: Callable[[int, int], Array]
    limits: Limits | None = None
    notes: tuple[str, ...] = ()
    signature: Signature | None = None
    close: Callable[[], object] = tuple

    def values(self, wanted: Wanted, kept: NDArray[Any]) -> Values:
        """Return a column in some rows, from what :attr:`read` gives of them."""
        key = wanted.key
        return self.described[key].with_keys(self.tables[key][kept] if key in self.tables else kept)

    def blocks(self, loader: Loader, design: Design, block: Block | None = None) -> Blocks:
        """Return blocks of the rows used, in memory where the data are.

        Parameters
        ----------
        loader : Loader
            Makes them.
        design : Design
            By which they are made.
        block : Block, optional
            All of them, where they are made already.

        Raises
        ------
        DataError
            If they take too much memory.
        """
        if self.limits is not None:
            # Blocks in memory at a time: one in use by each thread, and those ready for it.
            at_once = rows_per_block(len(design.names)) * 3 * default_threads()
            refuse_too_large(self.source, design, min(at_once, self.rows), self.limits.room)
            return streamed_blocks(loader, design.names)
        if block is None:
            refuse_too_large(self.source, design, self.rows, machine_memory())
            block = loader.rows(0, self.rows)
        numbers, weight, offset = self.source.row_numbers, block.weight, block.offset
        if isinstance(block.numbers, range):
            # Nothing was left out, so that these may be the caller's own arrays.
            weight, offset = weight.copy(), offset.copy()
        else:
            numbers = numbers[block.numbers]
        return array_blocks(block.X, block.y, weight, offset, design.names, numbers)


@dataclass(frozen=True, slots=True)
class Uses:
    """What columns are used as.

    Attributes
    ----------
    answer : Wanted
        The target.
    asked : AskedRoles
        What weighs and shifts the rows.
    terms : tuple of Wanted
        The columns of the model.
    """

    answer: Wanted
    asked: AskedRoles
    terms: tuple[Wanted, ...]

    @property
    def roles(self) -> tuple[Wanted, ...]:
        """The columns that weigh and shift the rows."""
        return role_columns(self.asked)

    @property
    def every(self) -> tuple[Wanted, ...]:
        """All of them, in the order in which their faults are told."""
        return (self.answer, *self.roles, *self.terms)

    def columns(self, values: Mapping[str, Values], rows: int) -> Columns:
        """Return some rows of all of them, by what they are used as."""
        return Columns(
            rows,
            values[self.answer.key],
            {wanted.name: values[wanted.key] for wanted in self.roles},
            {wanted.name: values[wanted.key] for wanted in self.terms},
        )


def role_columns(roles: AskedRoles) -> tuple[Wanted, ...]:
    """Return the columns that weigh and shift the rows: numbers, whatever they hold."""
    return tuple(Wanted(name, "numeric") for name in roles.names.columns)


def learned_columns(design: Design) -> tuple[Wanted, ...]:
    """Return the columns that a model learned, each as it learned it."""
    return tuple(Wanted(name, kind) for name, kind in design.sources.items())


@contextmanager
def understood(
    data: Data,
    wanted: Sequence[Wanted],
    rows: int,
    observe: Observe[T, M],
    tell: Tell | None = None,
) -> Iterator[tuple[Understood, T, M | None]]:
    """Understand columns of data, and close the cache again if what is made of them fails.

    Parameters
    ----------
    data : Data
        Wherever they are.
    wanted : sequence of Wanted
        The columns, in the order in which their faults are told.
    rows : int
        Rows in a chunk, where the data are read in pieces.
    observe : callable
        Counts each chunk.
    tell : callable, optional
        Told now and then, where the data are read in pieces, how far that has come.

    Yields
    ------
    columns : Understood
        What they are.
    counts : T
        What was counted of all rows.
    made : M, optional
        What was made of all rows while they were counted, where they are in memory.

    Raises
    ------
    DataError
        If the data cannot be used so.
    """
    each = tuple(dict.fromkeys(wanted))
    if data.table is None:
        columns, counts, made = _transcribed(data, each, rows, observe, tell)
    else:
        columns, counts, made = _whole(data.table, each, observe)
    try:
        yield columns, counts, made
    except BaseException:
        columns.close()
        raise


def _whole(
    source: Source, wanted: Sequence[Wanted], observe: Observe[T, M]
) -> tuple[Understood, T, M | None]:
    columns = {each.key: read_wanted(source, each) for each in wanted}
    counts, used, made = observe(columns, 0, source.n_rows)
    kept = {USED: used, **{key: values.keys for key, values in columns.items()}}

    def read(low: int, high: int, keys: Sequence[str]) -> dict[str, NDArray[Any]]:
        return {key: kept[key][low:high] for key in keys}

    return Understood(source, source.n_rows, columns, {}, read, _array), counts, made


def _array(rows: int, columns: int) -> Array:
    return np.empty((rows, columns))


def _transcribed(
    data: Data,
    wanted: Sequence[Wanted],
    rows: int,
    observe: Observe[T, M],
    tell: Tell | None,
) -> tuple[Understood, T, M | None]:
    cache = Cache(data.limits.cache)
    hear = None if tell is None else _now_and_then(tell, data.reader)
    try:
        text = transcribe(data.reader, wanted, rows, cache, data.limits.room, observe, hear)
    except BaseException:
        cache.close()
        raise
    often = "once" if text.reads == 1 else f"{text.reads} times ({text.why})"
    note = (
        f"streamed: the memory allowed does not hold {text.source.name}; read in pieces, {often}, "
        f"and then from a cache of {size_words(cache.size)}"
    )
    columns = Understood(
        text.source,
        text.rows,
        text.columns,
        text.tables,
        cache.read,
        Spare().array,
        data.limits,
        (note,),
        text.signature,
        cache.close,
    )
    return columns, text.counts, None


def _now_and_then(tell: Tell, reader: Reader) -> Callable[[int], object]:
    about = reader.rows_about[0]
    step = max(about // _TELLS, 1) if about else _TELL_ROWS
    reported = 0

    def hear(rows: int) -> None:
        nonlocal reported
        # A second read of the source begins with the first row again.
        if rows < reported or rows // step > reported // step:
            tell(rows, about)
        reported = rows

    return hear
