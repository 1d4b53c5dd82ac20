"""Validation of Arrow buffers: offsets, dictionary codes, UTF-8 and sizes.

Arrow's kernels look at no bounds, and a damaged file, or a buffer made by hand, may hold anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from sigmoide.arguments.words import count_from_zero
from sigmoide.errors import ColumnError, DataError, FileError, SigmoideError

T = TypeVar("T")

# What validating Arrow buffers raises.
_ARROW_ERRORS = (pa.ArrowException, ValueError, IndexError, OverflowError)


@dataclass(frozen=True, slots=True)
class ArrowFault:
    """What makes the buffers of an Arrow column unsafe to read.

    Attributes
    ----------
    why : str
        The fault, in words that follow the name of the column.
    row : int or None
        The first row that has it; None where the column as a whole has.
    """

    why: str
    row: int | None = None

    def words(self, start: int = 0) -> str:
        """Return the fault with its row, of a column whose first row has this number."""
        return (
            self.why if self.row is None else f"in {count_from_zero(start + self.row)} {self.why}"
        )


@dataclass(frozen=True, slots=True)
class ArrowOrigin:
    """Where Arrow buffers come from, and how they are refused.

    Attributes
    ----------
    where : str
        The file, or ``the data``.
    error : type of DataError
        What is raised.
    remedy : str
        What to do about it.
    """

    where: str
    error: type[DataError]
    remedy: str

    def refusal(self, name: str, fault: ArrowFault, start: int = 0) -> DataError:
        """Return the error for a column, whose first row has this number."""
        return self.error(
            f"{self.where}: column {name!r} is damaged: {fault.words(start)}. {self.remedy}"
        )


OBJECT = ArrowOrigin(
    "the data",
    ColumnError,
    "Make the column of its values, not of buffers, or leave it out.",
)


def file_origin(path: Path) -> ArrowOrigin:
    """Return a file as the origin of Arrow buffers."""
    return ArrowOrigin(str(path), FileError, "Copy or write the file again.")


def check_arrow(data: T, origin: ArrowOrigin, start: int = 0) -> T:
    """Validate the buffers of an Arrow table or record batch in full, and return it.

    Offsets, dictionary codes, UTF-8 and sizes: only after that may Arrow's kernels see them, which
    look at no bounds. Columns of numbers take no time, text a second for each 1 to 2 GB.

    Parameters
    ----------
    data : pyarrow.Table or pyarrow.RecordBatch
        Its columns.
    origin : ArrowOrigin
        Where it is from.
    start : int
        Number of its first row.

    Raises
    ------
    DataError
        Of the origin's class, which names column and row.
    """
    table: Any = data
    for name, column in zip(table.schema.names, table.columns, strict=True):
        if fault := column_fault(table, column):
            raise origin.refusal(name, fault, start)
    return data


def column_fault(table: Any, column: Any) -> ArrowFault | None:
    """Return why a column of a table or batch cannot be read safely; None if it can."""
    if fault := arrow_fault(column):
        return fault
    if len(column) != table.num_rows:
        return ArrowFault(f"it has {len(column):,} rows, and the table {table.num_rows:,}")
    return None


def arrow_fault(column: Any) -> ArrowFault | None:
    """Return why an Arrow array, in one piece or in chunks, cannot be read safely; None if it can.

    ``validate(full=True)`` of pyarrow, and the first row at which it fails.
    """
    start = 0
    for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else (column,):
        try:
            chunk.validate(full=True)
        except _ARROW_ERRORS as error:
            row = _first_invalid(chunk)
            why = _why_invalid(chunk, row, error)
            return ArrowFault(why, None if row is None else start + row)
        start += len(chunk)
    return None


def refuse_invalid_arrow(values: Any, what: str) -> None:
    """Refuse an array, a column or a frame that holds invalid Arrow buffers, whoever wraps them.

    For what NumPy is about to read: it takes a buffer at its word.

    Raises
    ------
    ColumnError
        If it does.
    """
    columns: Iterable[tuple[str, Any]] = ((what, values),)
    if isinstance(values, pa.Table | pa.RecordBatch):
        columns = zip(values.schema.names, values.columns, strict=True)
    elif is_pandas(values):
        # NumPy's columns need no look, and there may be many.
        places = (j for j, kind in enumerate(values.dtypes) if not isinstance(kind, np.dtype))
        columns = ((str(values.columns[j]), values.iloc[:, j]) for j in places)
    for name, column in columns:
        for part in arrow_parts(column):
            if fault := arrow_fault(part):
                raise OBJECT.refusal(name, fault)


def arrow_parts(values: Any) -> tuple[Any, ...]:
    """Return the Arrow arrays that a column consists of, as they are; none where it has none.

    pyarrow's arrays, and those inside pandas' columns of text and of Arrow types, or inside the
    categories of one. An import through the C interface would lose the sizes of the buffers.
    """
    if isinstance(values, pa.Array | pa.ChunkedArray):
        return (values,)
    inner = getattr(values, "array", values)
    categories = getattr(inner, "categories", None)
    if categories is not None:
        return arrow_parts(categories)
    # pandas' other arrays are made of NumPy's, which know their sizes.
    arrow = any(cls.__name__ == "ArrowExtensionArray" for cls in type(inner).__mro__)
    return (inner.__arrow_array__(),) if arrow else ()


def checksum_options(dataset: Any) -> Any:
    """Return options of a scan of a pyarrow Dataset that verify page checksums; None for none."""
    options: Any = getattr(getattr(dataset, "format", None), "default_fragment_scan_options", None)
    # What is encrypted has checksums of its own, and its keys are lost in a copy.
    if hasattr(options, "page_checksum_verification") and not _encrypted(options):
        options = copy(options)
        options.page_checksum_verification = True
    return options


def _encrypted(options: Any) -> bool:
    try:
        keys = options.parquet_decryption_config, options.decryption_properties
    except NotImplementedError:
        return False
    return any(key is not None for key in keys)


def is_pandas(data: Any) -> bool:
    """Say whether this is a pandas frame, or of a class made from one, without loading pandas."""
    return any(
        cls.__name__ == "DataFrame" and cls.__module__.partition(".")[0] == "pandas"
        for cls in type(data).__mro__
    )


def _first_invalid(chunk: Any) -> int | None:
    """Return the first row at which a chunk is invalid; None if it is so as a whole."""
    try:
        chunk.validate()
    except _ARROW_ERRORS:
        return None

    def valid(rows: int) -> bool:
        try:
            chunk.slice(0, rows).validate(full=True)
        except _ARROW_ERRORS:
            return False
        return True

    if not valid(0) or valid(len(chunk)):
        return None
    return bisect_left(range(1, len(chunk) + 1), True, key=lambda rows: not valid(rows))


def _why_invalid(chunk: Any, row: int | None, error: Exception) -> str:
    """Say what is wrong with a chunk, in words of the field where they are known."""
    kind = chunk.type
    if pa.types.is_dictionary(kind):
        if fault := arrow_fault(chunk.dictionary):
            return f"of its dictionary, {fault.words()}"
        if row is not None:
            code, size = chunk.indices[row].as_py(), len(chunk.dictionary)
            known = f"the dictionary has 0 to {size - 1}" if size else "the dictionary is empty"
            return f"the dictionary code is {code}, and {known}"
    said = str(error).strip().rstrip(".").splitlines()[0]
    if "UTF8" in said:
        return "the bytes are no UTF-8"
    return f"its buffers do not fit together ({said})"


# What Arrow and the system raise on a file that is not whole: a damaged number is a size beyond
# all memory, or a place beyond all indices.
BINARY_ERRORS = (
    pa.ArrowException,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    MemoryError,
    RuntimeError,
)


def broken_file(path: Path, kind: str, error: BaseException) -> SigmoideError:
    """Say that a file of a binary kind is not whole."""
    if isinstance(error, SigmoideError):
        return error
    why = str(error).strip().rstrip(".") or type(error).__name__
    if isinstance(error, MemoryError):
        return FileError(
            f"{path}: the {kind} file asks for more memory than there is ({why}). It is broken, or "
            "its parts are too large: copy it again, or write it in smaller parts (row groups, "
            "record batches)."
        )
    return FileError(
        f"{path}: the {kind} file is broken or cut short ({why}). Copy or write it again."
    )


def refuse_other_rows(path: Path, kind: str, told: int, rows: int) -> None:
    """Raise FileError if a file has more or fewer rows than its table of contents says."""
    if told != rows:
        raise FileError(
            f"{path}: the {kind} file is broken: it says that it has {told:,} rows, and has "
            f"{rows:,}. Copy or write it again."
        )
