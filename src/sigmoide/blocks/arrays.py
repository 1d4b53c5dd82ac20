"""Rows that are in memory, as arrays or as a sparse matrix, made dense as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.sparse import checked_rows
from sigmoide.blocks.block import LARGEST, Array, Block, Integers
from sigmoide.blocks.sample import Stratum, places_of
from sigmoide.errors import DataError

if TYPE_CHECKING:
    from scipy.sparse import csr_array, csr_matrix


@dataclass(frozen=True, slots=True)
class SparseRows:
    """Rows of numbers, most of them 0 and not stored.

    Attributes
    ----------
    matrix : scipy.sparse.csr_array or csr_matrix, shape (n, d)
        It is read, and never written to: entries may be out of order, explicit zeros, and stored
        twice, which is their sum.
    """

    matrix: csr_array[Any] | csr_matrix[Any]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.matrix.shape
        return int(rows), int(columns)

    def dense(self, part: slice | Integers) -> NDArray[Any]:
        """Return some rows by their positions as an array, row by row in memory."""
        return np.asarray(self.matrix[part].toarray(order="C"))

    def take(self, part: slice | Integers) -> SparseRows:
        """Return some rows by their positions, as sparse as they are."""
        return SparseRows(self.matrix[part])

    def pieces(self, rows: int) -> Iterator[NDArray[Any]]:
        """Yield all rows as arrays of so many rows, one after the other."""
        for start in range(0, self.shape[0], rows):
            yield self.dense(slice(start, start + rows))


def compressed(data: Any) -> SparseRows:
    """Make rows of any sparse matrix, whatever its format; what is given is left as it is.

    Raises
    ------
    DataError
        If it has not two dimensions, or no rows, or no columns, or its structure is damaged.
    ColumnError
        If it holds no real numbers.
    """
    matrix = checked_rows(data, (np.dtype(np.float64),))
    if not all(matrix.shape):
        raise DataError(
            f"the {type(data).__name__} has {matrix.shape[0]} rows and {matrix.shape[1]} columns; "
            "at least one of each is needed."
        )
    return SparseRows(matrix)


def first_unfit(rows: SparseRows, most: int) -> tuple[int, int, float] | None:
    """Return row, column and value of the first entry that is no number to work with, or None.

    Parameters
    ----------
    rows : SparseRows
        The rows.
    most : int
        Rows to make dense at once, where they have to be looked at one by one.
    """
    with np.errstate(over="ignore"):
        # No entry, and no sum of the parts of one, is larger than that of all of them.
        if np.abs(rows.matrix.data).sum() <= LARGEST:
            return None
        for number, piece in enumerate(rows.pieces(most)):
            unfit = ~(np.abs(piece) <= LARGEST)
            if unfit.any():
                row, column = (int(k) for k in np.argwhere(unfit)[0])
                return number * most + row, column, float(piece[row, column])
    return None


# About 4 MB of float64 a block: few enough for the memory, many enough to be worth a task.
_BLOCK_NUMBERS = 1 << 19
_MOST_ROWS = 65536


def rows_per_block(columns: int) -> int:
    """Return the fixed number of source rows in a block: a power of two in 256..65536."""
    rows = _BLOCK_NUMBERS // max(columns, 1)
    return int(min(max(1 << max(rows.bit_length() - 1, 0), 256), _MOST_ROWS))


@cache
def _one_for_all(value: float) -> Array:
    return np.full(_MOST_ROWS, value)


def _same(value: float, length: int) -> Array:
    """Return so many times the same; blocks share one array, that nobody writes to."""
    return _one_for_all(value)[:length] if length <= _MOST_ROWS else np.full(length, value)


class Arrays:
    """Rows held as arrays; X is read where it lies, in the type it came in.

    Parameters
    ----------
    X : ndarray or SparseRows, shape (n, d)
        float32 or float64; any strides. Sparse rows become dense block by block, and stay sparse
        where some of them are held.
    y : ndarray, shape (n,)
        Target in {0, 1}; float64, or bool, which a block turns into float64.
    weight, offset : ndarray, shape (n,), or None
        Weights > 0 and offsets, float64; None for 1 and 0 throughout, which take no memory.
    names : tuple of str
        d names.
    rows : ndarray of int64, shape (n,), optional
        Increasing row numbers in the source; 0..n-1 by default.
    block_rows : int, optional
        Source rows in a block; by default a fixed function of d.
    """

    def __init__(
        self,
        X: NDArray[Any] | SparseRows,
        y: NDArray[Any],
        weight: Array | None,
        offset: Array | None,
        names: tuple[str, ...],
        rows: Integers | None = None,
        block_rows: int | None = None,
    ) -> None:
        self._X, self._y, self._weight, self._offset = X, y, weight, offset
        self._rows = rows
        self.names = names
        self.n_rows = len(y)
        self.rows_per_block = size = block_rows or rows_per_block(X.shape[1])
        if rows is None:
            self._edges = np.minimum(np.arange(0, len(y) + size, size), len(y))
        else:
            last = int(rows[-1]) if len(rows) else -1
            self._edges = np.searchsorted(rows, np.arange(0, last + size + 1, size))
        self.n_blocks = len(self._edges) - 1

    @property
    def rows(self) -> Integers:
        """Row numbers of the source."""
        return np.arange(self.n_rows, dtype=np.int64) if self._rows is None else self._rows

    @cached_property
    def events(self) -> int:
        """Rows that are an event."""
        return int(np.count_nonzero(self._y > 0.5))

    def load(self, number: int) -> Block:
        """Return one block; nothing is copied."""
        part = slice(int(self._edges[number]), int(self._edges[number + 1]))
        length = part.stop - part.start
        return Block(
            self._X.dense(part) if isinstance(self._X, SparseRows) else self._X[part],
            self._y[part].astype(np.float64, copy=False),
            _same(1.0, length) if self._weight is None else self._weight[part],
            _same(0.0, length) if self._offset is None else self._offset[part],
            range(part.start, part.stop) if self._rows is None else self._rows[part],
        )

    def take(self, places: Integers) -> Arrays:
        """Return the rows at increasing positions, with their row numbers."""
        return Arrays(
            self._features(places),
            self._y[places],
            None if self._weight is None else self._weight[places],
            None if self._offset is None else self._offset[places],
            self.names,
            places if self._rows is None else self._rows[places],
            self.rows_per_block,
        )

    def pick(self, strata: tuple[Stratum, ...]) -> tuple[Arrays, Array]:
        """Return rows that were drawn, and their factors; all rows are not copied."""
        places, factors = places_of(strata, self._y)
        every = len(places) == self.n_rows and bool((places == np.arange(self.n_rows)).all())
        return (self if every else self.take(places)), factors

    def renumbered(self, factors: Array | None = None) -> Arrays:
        """Return the rows as a source of their own: in few full blocks, not spread over many.

        Parameters
        ----------
        factors : ndarray, shape (n,), optional
            What the weights are multiplied by.
        """
        weight = self._weight
        if factors is not None:
            weight = factors if weight is None else weight * factors
        return Arrays(self._X, self._y, weight, self._offset, self.names)

    def _features(self, places: Integers) -> NDArray[Any] | SparseRows:
        if isinstance(self._X, SparseRows) or not self._X.flags.c_contiguous:
            return self._X.take(places) if isinstance(self._X, SparseRows) else self._X[places]
        # Several times as fast; of another layout it would copy all of X first.
        return self._X.take(places, axis=0)
