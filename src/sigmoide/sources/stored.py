"""A file's bytes, packed by gzip or not; and why the system does not give them away."""

from __future__ import annotations

import csv
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from sigmoide.errors import FileError
from sigmoide.sources.signatures import GZIP

# What reading a broken file may raise, compressed or not.
READ_ERRORS = (OSError, EOFError, ValueError, csv.Error, zlib.error)

# What is looked at before a file is read: so much, and so many lines, but never more than that.
_HEAD = 1 << 16
_LINES = 50
_MOST = 1 << 22


@dataclass(frozen=True, slots=True)
class Stored:
    """A file, and its first bytes.

    Attributes
    ----------
    path : Path
        Where it is.
    packed : bool
        Whether it is compressed by gzip.
    head : bytes
        Its first bytes, unpacked.
    whole : bool
        Whether they are all.
    """

    path: Path
    packed: bool
    head: bytes
    whole: bool

    @property
    def name(self) -> str:
        """What the file is called, as text, whatever bytes the system calls it by."""
        return self.path.name.encode("utf-8", "backslashreplace").decode()

    def unpacked_share(self) -> float:
        """Return how many bytes one packed byte becomes, as the beginning of the file tells."""
        unpacker = zlib.decompressobj(wbits=31)
        with self.path.open("rb") as file:
            packed = file.read(_HEAD)
        try:
            return len(unpacker.decompress(packed)) / max(len(packed), 1)
        except zlib.error:
            return 1.0

    def open_bytes(self) -> IO[bytes]:
        """Open the file for its bytes, unpacked."""
        # gzip's own class is an IO in all but name.
        return cast(IO[bytes], gzip.open(self.path)) if self.packed else self.path.open("rb")

    def open_text(self, encoding: str) -> IO[str]:
        """Open the file for its text, whose line ends stay as they are."""
        if self.packed:
            return gzip.open(self.path, "rt", encoding=encoding, newline="")
        return self.path.open(encoding=encoding, newline="")


def stored(path: Path) -> Stored:
    """Return a file and its first bytes.

    Raises
    ------
    FileError
        If it is absent, empty, broken, or can be read only once.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise FileError(
                f"{path}: this is a pipe or a device, which can be read only once. Write it to a "
                "file first, and give that."
            )
        with path.open("rb") as start:
            packed = start.read(len(GZIP)) == GZIP
        with Stored(path, packed, b"", False).open_bytes() as opened:
            head, more = b"", _HEAD
            while len(head) < more:
                part = opened.read(more - len(head))
                head += part
                if not part:
                    break
                if len(head) == more < _MOST and _line_ends(head) < _LINES:
                    more *= 4
            whole = len(head) < more or not opened.read(1)
    except READ_ERRORS as error:
        if isinstance(error, FileError):
            raise
        raise unreadable(path, error) from error
    if not head:
        raise FileError(f"{path}: the file is empty; a header and rows are needed.")
    return Stored(path, packed, head, whole)


def _line_ends(text: bytes) -> int:
    return max(text.count(b"\n"), text.count(b"\r"))


def unreadable(path: Path, error: Exception) -> FileError:
    """Say why the system, or gzip, does not give a file away."""
    if isinstance(error, FileNotFoundError):
        return FileError(f"{path}: there is no such file. Check the path.")
    if isinstance(error, IsADirectoryError):
        return FileError(f"{path}: this is a folder, not a file. Name one file.")
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return FileError(
            f"{path}: the gzip file is broken or cut short ({error}). Copy or pack it again."
        )
    why = getattr(error, "strerror", None) or str(error)
    return FileError(f"{path}: the file cannot be read: {why}. Check the path and your rights.")
