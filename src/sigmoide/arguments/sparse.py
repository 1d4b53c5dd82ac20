"""Structure of sparse matrices, checked in full before any compiled code reads it.

Compiled code follows the index arrays of a sparse matrix wherever they point. They are attributes
that anyone can write to, and so are the flags that say what is sorted or stored once: here all of
it is looked at, in one pass over what is stored, and a matrix of the same entries is made whose
flags nobody has set. What is given is not written to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.words import shown
from sigmoide.errors import ColumnError, DataError

_FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
_MEND = (
    "The matrix was damaged after it was made, or made of other arrays than it says. Make it "
    "again, from the dense matrix or from values, rows and columns: "
    "scipy.sparse.coo_array((values, (rows, columns)), shape)."
)


@dataclass(frozen=True, slots=True)
class _Given:
    """A sparse matrix, as its messages call it, and its shape, which is two whole numbers."""

    matrix: Any
    name: str
    rows: int
    columns: int

    def fault(self, what: str) -> DataError:
        return DataError(f"the {self.name} {what}. {_MEND}")

    def part(self, attribute: str, ndim: int = 1) -> NDArray[Any]:
        """Return one of its arrays."""
        return self.array(getattr(self.matrix, attribute, None), attribute, ndim)

    def array(self, held: Any, attribute: str, ndim: int = 1) -> NDArray[Any]:
        """Return what is held as an array of so many dimensions."""
        if isinstance(held, np.ma.MaskedArray) and np.ma.getmaskarray(held).any():
            first = int(np.flatnonzero(np.ma.getmaskarray(held))[0])
            raise self.fault(f"has a mask on its {attribute}, first at position {first}")
        if not isinstance(held, np.ndarray):
            raise self.fault(
                f"has an attribute {attribute!r} of type {type(held).__name__}, not an array"
            )
        if held.ndim != ndim:
            raise self.fault(
                f"has an array {attribute!r} of {held.ndim} dimensions, where {ndim} is needed"
            )
        return np.ascontiguousarray(held)

    def indices(self, held: Any, attribute: str) -> NDArray[Any]:
        """Return an array of whole numbers."""
        array = self.array(held, attribute)
        if array.dtype.kind not in "iu":
            raise self.fault(
                f"has an array {attribute!r} of type {array.dtype}; indices are whole numbers"
            )
        return array.astype(array.dtype.newbyteorder("="), copy=False)

    def values(self, held: Any, ndim: int = 1) -> NDArray[Any]:
        """Return the entries, which are real numbers."""
        array = self.array(held, "data", ndim)
        if array.dtype.kind not in "biuf":
            remedy = "X.real, or leave them out" if array.dtype.kind == "c" else "X.astype(float)"
            raise ColumnError(
                f"the {self.name} holds values of type {array.dtype}; real numbers are needed. "
                f"Convert them first: {remedy}."
            )
        # There are no sparse matrices of float16.
        kind = np.dtype(np.float64) if array.dtype == np.float16 else array.dtype
        return array.astype(kind.newbyteorder("="), copy=False)


def checked_rows(given: Any, keep: Sequence[np.dtype[Any]] = _FLOATS) -> Any:
    """Check the structure of a sparse matrix in full, and return it as CSR.

    Entries may be out of order, zero, and stored in parts; parts stay in their order, or are added
    up in the type of the matrix where that is changed. Places reserved beyond the last entry are
    not looked at.

    Parameters
    ----------
    given : scipy.sparse matrix or array
        Of any format.
    keep : sequence of dtype
        Types that entries may have; others become float64.

    Returns
    -------
    scipy.sparse.csr_array or csr_matrix
        A new one, over the arrays of the given one where they can be used.

    Raises
    ------
    DataError
        If it has not two dimensions, or its structure is damaged: the message names the entry,
        its row or column, and its value.
    ColumnError
        If it holds no real numbers.
    """
    asked = _given(given)
    try:
        found = _READERS[given.format](asked)
        if found.dtype in keep:
            return found
        return _once(found).astype(np.float64)
    except DataError:
        raise
    except (MemoryError, OverflowError, ValueError) as error:
        raise DataError(
            f"the {asked.name} of {asked.rows:,} rows and {asked.columns:,} columns does not fit "
            "into the memory as rows. If its shape is right, take a part of the rows at a time."
        ) from error


def _given(matrix: Any) -> _Given:
    name, shape = type(matrix).__name__, matrix.shape
    whole = isinstance(shape, tuple) and all(
        isinstance(side, int | np.integer) and side >= 0 for side in shape
    )
    if not whole or not shape:
        raise DataError(f"the {name} has the shape {shape!r}, which is none. {_MEND}")
    if len(shape) != 2:
        raise DataError(
            f"a sparse array of {len(shape)} dimension{'s' * (len(shape) > 1)} was given; one row "
            "for each observation and one column for each feature are needed: try "
            "data.reshape(-1, 1)."
        )
    if matrix.format not in _READERS:
        raise DataError(
            f"the {name} is of a format {matrix.format!r} that is not known. Convert it first: "
            "scipy.sparse.csr_array(X)."
        )
    return _Given(matrix, name, int(shape[0]), int(shape[1]))


def _made(asked: _Given, form: str, parts: Any) -> Any:
    """Make a matrix of arrays that were checked; a matrix of a matrix, an array of an array."""
    import scipy.sparse

    kind = "array" if isinstance(asked.matrix, scipy.sparse.sparray) else "matrix"
    shape = (asked.rows, asked.columns)
    return getattr(scipy.sparse, f"{form}_{kind}")(parts, shape=shape, copy=False)


def _once(rows: Any) -> Any:
    """Return rows with every entry stored once, its parts added up in their order."""
    if rows.has_canonical_format:
        return rows
    # Sorted by column as this is, no two parts of an entry change places.
    sorted_rows = rows.tocsc().tocsr()
    sorted_rows.sum_duplicates()
    return sorted_rows


# The formats


def _of_csr(asked: _Given) -> Any:
    parts = _compressed(asked, asked.rows, asked.columns, ("row", "column"))
    return _made(asked, "csr", parts)


def _of_csc(asked: _Given) -> Any:
    parts = _compressed(asked, asked.columns, asked.rows, ("column", "row"))
    return _made(asked, "csc", parts).tocsr()


def _of_bsr(asked: _Given) -> Any:
    high, wide = asked.values(getattr(asked.matrix, "data", None), 3).shape[1:]
    if not (high and wide) or asked.rows % high or asked.columns % wide:
        raise asked.fault(
            f"has blocks of {high} by {wide}, which do not fill its shape of "
            f"{asked.rows} by {asked.columns}"
        )
    across = ("block row", "block column")
    parts = _compressed(asked, asked.rows // high, asked.columns // wide, across, 3)
    return _made(asked, "bsr", parts).tocsr()


def _compressed(
    asked: _Given, lines: int, places: int, words: tuple[str, str], ndim: int = 1
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return data, indices and indptr of a compressed matrix, checked.

    Parameters
    ----------
    asked : _Given
        The matrix.
    lines, places : int
        What indptr goes by, and what indices are of: rows and columns of CSR.
    words : tuple of str
        What the two are called.
    ndim : int
        Dimensions of data.
    """
    line, place = words
    data = asked.values(getattr(asked.matrix, "data", None), ndim)
    indices = asked.indices(getattr(asked.matrix, "indices", None), "indices")
    starts = asked.indices(getattr(asked.matrix, "indptr", None), "indptr")
    if len(starts) != lines + 1:
        raise asked.fault(
            f"has {lines} {line}s and an indptr of {len(starts)} entries, where {lines + 1} are "
            "needed"
        )
    if starts[0] != 0:
        raise asked.fault(f"has an indptr that begins with {starts[0]}, not with 0")
    falls = starts[1:] < starts[:-1]
    if falls.any():
        k = int(falls.argmax())
        raise asked.fault(
            f"has an indptr that falls: {line} {k} (counted from 0) begins at entry {starts[k]} "
            f"and ends at {starts[k + 1]}"
        )
    if len(indices) != len(data):
        raise asked.fault(
            f"has {len(indices)} indices and {len(data)} values; one index for each is needed"
        )
    if starts[-1] > len(indices):
        k = int(np.searchsorted(starts, len(indices), side="right")) - 1
        raise asked.fault(
            f"has {len(indices)} entries, and by its indptr {line} {k} (counted from 0) ends at "
            f"entry {starts[k + 1]}"
        )
    used = indices[: starts[-1]]

    def where(position: int) -> str:
        number = int(np.searchsorted(starts, position, side="right")) - 1
        return f"{line} {number} (counted from 0)"

    _refuse_outside(asked, used, places, place, where)
    # The smaller of two types is enough for both, and the larger array is not copied.
    if starts.dtype != indices.dtype and starts[-1] <= np.iinfo(indices.dtype).max:
        starts = starts.astype(indices.dtype)
    return data, indices, starts


def _of_coo(asked: _Given) -> Any:
    coords = getattr(asked.matrix, "coords", None)
    if not isinstance(coords, tuple) or len(coords) != 2:
        raise asked.fault("has no two arrays of coordinates, of rows and of columns")
    values = asked.values(getattr(asked.matrix, "data", None))
    return _of_entries(asked, values, *coords)


def _of_entries(asked: _Given, values: NDArray[Any], rows: Any, columns: Any) -> Any:
    """Return a matrix of values at rows and columns, none of which was checked."""
    places = []
    for held, side, word in ((rows, asked.rows, "row"), (columns, asked.columns, "column")):
        indices = asked.indices(held, word)
        if len(indices) != len(values):
            raise asked.fault(
                f"has {len(values)} values and {len(indices)} numbers of {word}s; one for each "
                "is needed"
            )
        _refuse_outside(asked, indices, side, word, lambda k: f"entry {k} (counted from 0)")
        places.append(indices)
    found = _made(asked, "coo", (values, tuple(places)))
    # So that parts of an entry stay as they are: they are added up in the order they stand in.
    found.has_canonical_format = True
    found = found.tocsr()
    return _made(asked, "csr", (found.data, found.indices, found.indptr))


def _of_dia(asked: _Given) -> Any:
    data = asked.values(getattr(asked.matrix, "data", None), 2)
    offsets = asked.indices(getattr(asked.matrix, "offsets", None), "offsets")
    if len(offsets) != len(data):
        raise asked.fault(f"has {len(data)} diagonals and {len(offsets)} offsets")
    values, rows, columns = [data[:0, :0].ravel()], [np.empty(0, int)], [np.empty(0, int)]
    for diagonal, offset in zip(data, offsets.tolist(), strict=True):
        low = max(offset, 0)
        high = max(min(asked.columns, asked.rows + offset, len(diagonal)), low)
        if low < high:
            values.append(diagonal[low:high])
            columns.append(np.arange(low, high))
            rows.append(columns[-1] - offset)
    return _of_entries(asked, *(np.concatenate(each) for each in (values, rows, columns)))


def _of_lil(asked: _Given) -> Any:
    lists = asked.part("rows"), asked.part("data")
    for name, held in zip(("rows", "data"), lists, strict=True):
        if len(held) != asked.rows:
            raise asked.fault(f"has {asked.rows} rows and {len(held)} lists in {name!r}")
    for k, (places, values) in enumerate(zip(*lists, strict=True)):
        if not (isinstance(places, list) and isinstance(values, list)):
            raise asked.fault(f"holds no lists in row {k} (counted from 0)")
        if len(places) != len(values):
            raise asked.fault(
                f"has {len(values)} values and {len(places)} numbers of columns in row {k} "
                "(counted from 0)"
            )
    columns, values = (_joined(asked, chain.from_iterable(held)) for held in lists)
    rows = np.repeat(np.arange(asked.rows), [len(held) for held in lists[0]])
    return _of_entries(asked, asked.values(values), rows, columns.astype(_whole(columns)))


def _of_dok(asked: _Given) -> Any:
    keys = list(asked.matrix.keys())
    for key in keys:
        if not isinstance(key, tuple) or len(key) != 2:
            raise asked.fault(f"has an entry at {shown(key)}, which is no row and column")
    rows, columns = (_joined(asked, (key[side] for key in keys)) for side in (0, 1))
    values = asked.values(_joined(asked, asked.matrix.values()))
    return _of_entries(asked, values, rows.astype(_whole(rows)), columns.astype(_whole(columns)))


def _joined(asked: _Given, entries: Any) -> NDArray[Any]:
    """Return entries in an array of the type that holds all of them."""
    try:
        found = np.asarray(list(entries))
    except (TypeError, ValueError, OverflowError) as error:
        raise asked.fault(f"holds entries that are no numbers ({error})") from error
    if found.ndim != 1:
        raise asked.fault("holds entries that are no numbers")
    return found


def _whole(indices: NDArray[Any]) -> np.dtype[Any]:
    """Return the type of indices; an empty list of them has none of its own."""
    return indices.dtype if len(indices) else np.dtype(np.int64)


def _refuse_outside(
    asked: _Given,
    indices: NDArray[Any],
    side: int,
    word: str,
    where: Callable[[int], str],
) -> None:
    """Refuse indices that are below 0, or not below ``side``."""
    # Read without a sign, what is negative is larger than any index.
    plain = indices.view(indices.dtype.str.replace("i", "u"))
    if not len(plain) or int(plain.max()) < side:
        return
    k = int((plain >= side).argmax())
    raise asked.fault(
        f"has the {word} {indices[k]} at {where(k)}, and {side} {word}s, counted from 0"
    )


_READERS: dict[str, Callable[[_Given], Any]] = {
    "csr": _of_csr,
    "csc": _of_csc,
    "coo": _of_coo,
    "bsr": _of_bsr,
    "dia": _of_dia,
    "lil": _of_lil,
    "dok": _of_dok,
}
