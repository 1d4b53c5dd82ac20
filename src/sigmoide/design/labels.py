"""A column as labels: rows of one value have one code. It need not be a column of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from sigmoide.arguments.arrays import one_a_row
from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.columns.values import Values, Wanted, read_wanted
from sigmoide.design.understand import Understood, understood
from sigmoide.errors import ColumnError, UsageError
from sigmoide.sources.formats import Data
from sigmoide.sources.frames import read_source

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
    columns : Understood
        The column, in the cache.
    wanted : Wanted
        Which.
    distinct : ndarray
        Its numbers, where it holds some.
    """

    columns: Understood
    wanted: Wanted
    distinct: Array

    def of(self, block: Block) -> Integers:
        """Return the codes of the rows of a block."""
        if not len(block.rows):
            return np.empty(0, dtype=np.int64)
        low, high = int(block.rows[0]), int(block.rows[-1]) + 1
        key = self.wanted.key
        kept = self.columns.read(low, high, (key,))[key]
        return coded(self.columns.values(self.wanted, kept[block.rows - low]), self.distinct)


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


@contextmanager
def labels_of_column(data: Data, name: str) -> Iterator[Labels | CachedLabels]:
    """Open a column of a source as labels.

    Raises
    ------
    ColumnError
        If there is no such column, or it is of a type that has no words.
    """
    wanted = Wanted(name, labels=True)

    def observe(
        entries: Mapping[str, Values], _: int, rows: int
    ) -> tuple[_Distinct, np.ndarray, Values]:
        values = entries[wanted.key]
        return _Distinct(distinct_of(values)), np.ones(rows, dtype=bool), values

    with understood(data, (wanted,), _CHUNK, observe) as (columns, distinct, values):
        if values is not None:
            yield Labels(coded(values, distinct.numbers), columns.source.numbers)
            return
        with closing(columns):
            yield CachedLabels(columns, wanted, distinct.numbers)


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
    source = read_source({name: one_a_row(given, name, ColumnError)})
    values = read_wanted(source, Wanted(name, labels=True))
    codes = coded(values, distinct_of(values))
    if len(codes) != rows:
        raise UsageError(
            f"{name}: {len(codes):,} labels were given; the data have {rows:,} rows, and one for "
            "each is needed, rows that were left out of the fit included."
        )
    return Labels(codes, numbers)
