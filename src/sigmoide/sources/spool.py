"""Data that can be read only once, copied to a file that is read as often as need be."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sigmoide.arguments.words import size_words
from sigmoide.errors import FileError

# Read and written at a time: what is copied takes no more memory, whatever its size.
_PIECE = 1 << 20
_REMEDY = "Name a folder with more room: --cache DIR; or write it to a file, and give that."


@contextmanager
def spooled(stream: IO[bytes], name: str, folder: Path | None = None) -> Iterator[Path]:
    """Yield a file that holds what a stream brings; it is removed at the end.

    Parameters
    ----------
    stream : binary file
        What can be read only once.
    name : str
        What messages call it; the last part of it is the name of the file.
    folder : Path, optional
        Where; by default where the system keeps temporary files.

    Raises
    ------
    FileError
        If it cannot be read, or there is no room for it.
    """
    where = Path(tempfile.gettempdir() if folder is None else folder)
    own = where / f"sigmoide-{secrets.token_hex(8)}"
    try:
        try:
            own.mkdir(mode=0o700)
            place = own / Path(name).name
            file = place.open("xb", buffering=0)
        except OSError as error:
            raise FileError(
                f"{name} can be read only once, and no copy can be made in {where}: "
                f"{error.strerror or error}. Name another folder: --cache DIR."
            ) from error
        with file:
            _copy(stream, name, file, where)
        yield place
    finally:
        try:
            shutil.rmtree(own, ignore_errors=True)
        finally:
            # Once more, if a signal came just then.
            shutil.rmtree(own, ignore_errors=True)


def _copy(stream: IO[bytes], name: str, file: IO[bytes], where: Path) -> None:
    while piece := _read(stream, name):
        left = memoryview(piece)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            why = "the disk is full" if full else f"it cannot be written: {error.strerror or error}"
            raise FileError(
                f"{where}: {name} can be read only once, and is copied there: {why}, after "
                f"{size_words(file.tell())}. {_REMEDY}"
            ) from error


def _read(stream: IO[bytes], name: str) -> bytes:
    try:
        piece: bytes | None = stream.read(_PIECE)
        if piece is None:
            # Its end cannot be told from a pause.
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileError(
            f"{name} cannot be read: {why}. Write the data to a file, and give that."
        ) from error
    return piece
