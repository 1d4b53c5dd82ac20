"""Files of binary kinds: how Arrow opens them, and what is said of those that are not whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from sigmoide.errors import FileError

# What Arrow and the system raise on a file that is not whole.
BINARY_ERRORS = (pa.ArrowException, OSError, ValueError)


def file_handle(path: Path) -> Any:
    """Return what Arrow can open: the path, or the open file where its name is no text."""
    try:
        str(path).encode()
    except UnicodeError:
        return path.open("rb")
    return str(path)


def broken_file(path: Path, kind: str, error: BaseException) -> FileError:
    """Say that a file of a binary kind is not whole."""
    if isinstance(error, FileError):
        return error
    why = str(error).strip().rstrip(".")
    return FileError(
        f"{path}: the {kind} file is broken or cut short ({why}). Copy or write it again."
    )
