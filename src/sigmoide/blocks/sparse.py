"""Rows of a sparse matrix, made dense where they are read, and no longer than that.

What is held is what is stored: a block becomes dense in the thread that reads it and is let go
with it. Blocks, row numbers and sums are those of the dense matrix, and so are the bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.sparse import checked_rows
from sigmoide.blocks.block import LARGEST, Integers
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
