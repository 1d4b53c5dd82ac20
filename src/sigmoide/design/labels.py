"""A column as labels: rows of one value have one code. It need not be a column of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from sigmoide.arguments.arrays import one_a_row
from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.columns.cells import as_kind, read_cells
from sigmoide.columns.typed import dates_as_words, read_typed
from sigmoide.columns.values import Values, values_of, whole_array
from sigmoide.design.opening import Beyond, Data
from sigmoide.design.stream.cache import Cache
from sigmoide.design.stream.column import Wanted
from sigmoide.design.stream.transcribe import transcribe
from sigmoide.errors import ColumnError, UsageError
from sigmoide.sources.frames import read_source
from sigmoide.sources.source import Source

# Rows of a chunk while one column is transcribed.
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Labels:
    """Codes of the rows of a source.

    Attributes
    ----------
    codes : ndarray of int64, shape (rows of the source,)
        Negative where the value is missing.
    numbers : ndarray of int64, optional
        Row numbers of a source that is a part of a larger one; increasing.
    """

    codes: Integers
    numbers: Integers | None = None

    def of(self, block: Block) -> Integers:
        """Return the codes of the rows of a block."""
        if self.numbers is None:
            return self.codes[block.rows]
        return self.codes[np.searchsorted(self.numbers, block.rows)]


@dataclass(frozen=True, slots=True)
class CachedLabels:
    """Codes of the rows of a source beyond memory. Several threads ask at once.

    Attributes
    ----------
    cache : Cache
        The column.
    finished : Finished
        What it is.
    key : str
        What the cache calls it.
    distinct : ndarray
        Its numbers, where it holds some.
    """

    cache: Cache
    finished: Any
    key: str
    distinct: Array

    def of(self, block: Block) -> Integers:
        """Return the codes of the rows of a block."""
        if not len(block.rows):
            return np.empty(0, dtype=np.int64)
        low, high = int(block.rows[0]), int(block.rows[-1]) + 1
        held = self.cache.read(low, high, (self.key,))[self.key]
        values = self.finished.values(held[block.rows - low])
        return coded(values, self.distinct)


@dataclass(frozen=True, slots=True)
class _Distinct:
    """Different numbers; they add up over rows.

    Attributes
    ----------
    numbers : ndarray
        Sorted.
    """

    numbers: Array

    def __add__(self, other: _Distinct) -> _Distinct:
        return _Distinct(np.union1d(self.numbers, other.numbers))


def distinct_of(values: Values) -> Array:
    """Return the different numbers of a column, sorted; none for text."""
    return np.unique(values.numbers[~np.isnan(values.numbers)])


def coded(values: Values, distinct: Array) -> Integers:
    """Return one code for each value, negative where it is missing."""
    if values.kind == "text":
        return values.codes
    codes = np.searchsorted(distinct, values.numbers)
    return np.where(np.isnan(values.numbers), -1, codes).astype(np.int64)


def read_labels(source: Source, name: str) -> Values:
    """Understand a column of which only matters which values are the same: dates are fine.

    Raises
    ------
    ColumnError
        If there is no such column, or it is of a type that has no words.
    """
    array = whole_array(source, name)
    if source.untyped:
        cells = read_cells(array, source.decimal)
        raw = as_kind(cells, cells.evidence.kind)
    else:
        raw = read_typed(source.name, name, dates_as_words(source.name, name, array))
    if raw is None:
        raise AssertionError(f"column {name!r} is not what it was found to be")
    return values_of(name, raw)


@contextmanager
def labels_of_column(data: Data, name: str) -> Iterator[Labels | CachedLabels]:
    """Open a column of a source as labels.

    Raises
    ------
    ColumnError
        If there is no such column, or it is of a type that has no words.
    """
    if isinstance(data, Source):
        values = read_labels(data, name)
        yield Labels(coded(values, distinct_of(values)), data.numbers)
        return
    with _transcribed(data, name) as labels:
        yield labels


def labels_of_array(given: Any, name: str, rows: int, numbers: Integers | None) -> Labels:
    """Return labels that were given, one for each row of the source.

    Parameters
    ----------
    given
        An array of numbers or texts.
    name : str
        What to call it.
    rows : int
        Rows of the source, those left out included.
    numbers : ndarray of int64, optional
        As in :class:`Labels`.

    Raises
    ------
    UsageError
        If there are more or fewer.
    ColumnError
        If they are no array of one dimension, or have a mask.
    """
    values = read_labels(read_source({name: one_a_row(given, name, ColumnError)}), name)
    found = coded(values, distinct_of(values))
    if len(found) != rows:
        raise UsageError(
            f"{name}: {len(found):,} labels were given; the data have {rows:,} rows, and one for "
            "each is needed, rows that were left out of the fit included."
        )
    return Labels(found, numbers)


@contextmanager
def _transcribed(data: Beyond, name: str) -> Iterator[CachedLabels]:
    wanted = Wanted(name, labels=True)

    def observe(held: Mapping[str, Values], _: int, rows: int) -> tuple[_Distinct, Any]:
        return _Distinct(distinct_of(held[wanted.key])), np.ones(rows, dtype=bool)

    with Cache(data.limits.cache) as cache:
        found = transcribe(data.reader, (wanted,), _CHUNK, cache, data.limits.room, observe)
        column = found.columns[wanted.key]
        yield CachedLabels(cache, column, wanted.key, found.found.numbers)
