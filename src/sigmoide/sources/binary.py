"""Files of binary kinds: how Arrow opens them, and what is said of those that are not whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from sigmoide.errors import FileError, SigmoideError

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


def file_handle(path: Path) -> Any:
    """Return what Arrow can open: the path, or the open file where its name is no text."""
    try:
        str(path).encode()
    except UnicodeError:
        return path.open("rb")
    return str(path)


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
