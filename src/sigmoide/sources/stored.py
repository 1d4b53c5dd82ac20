"""A file's bytes, packed by gzip or not: what they begin with, and why they cannot be had."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sigmoide.errors import FileError

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
ARROW_FILE = b"ARROW1"
ARROW_STREAM = b"\xff\xff\xff\xff"

_EXPORT = "Export the table as CSV or Parquet, and give that file."
_UNPACK = "Unpack it first (gzip alone is unpacked on the way)."
_SHEET = (
    "Save the sheet as CSV, and give that file; or convert it, for example with "
    "pandas.read_excel(...).to_csv('data.csv', index=False)."
)
_NO_TABLE = "A table is needed: CSV, Parquet or Arrow."

# From the first bytes to what they begin, and what to do.
_REFUSED = (
    (
        b"PK\x03\x04",
        "a zip archive or an Excel workbook",
        "Unpack it, or save the sheet as CSV, and give that file.",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", _SHEET),
    (b"BZh", "compressed by bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "compressed by xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"\x89PNG", "a picture (PNG)", _NO_TABLE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _NO_TABLE),
    (b"%PDF", "a PDF document", _NO_TABLE),
    (b"SQLite format 3", "an SQLite database", _EXPORT),
    (b"\x89HDF", "an HDF5 file", _EXPORT),
    (b"\x93NUMPY", "a NumPy array", "Load it with numpy.load, and give the array from Python."),
    (b"<stata_dta>", "a Stata file", _EXPORT),
    (b"$FL2", "an SPSS file", _EXPORT),
    (b"RDX", "an R data file", _EXPORT),
    (b"PARE", "an encrypted Parquet file", "Decrypt it first."),
    (b"FEA1", "a Feather file of version 1", "Write it again as version 2 or as Parquet."),
    (b"ORC", "an ORC file", _EXPORT),
)
_PAGE = re.compile(rb"\s*<(!doctype html|html|\?xml)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{])")
# Objects, one a line.
_JSON_LINES = re.compile(rb"\s*[\[{][^\n]*[\]}]\s*\n\s*[\[{]")
# What a zip archive holds if it is a sheet.
_EXCEL = re.compile(rb"PK\x03\x04[\s\S]*xl/(workbook|worksheets|_rels|styles|theme|shared)")
_OPEN_DOCUMENT = re.compile(rb"PK\x03\x04[\s\S]{0,40}mimetypeapplication/vnd\.oasis\.opendocument")
# Control characters that no text holds.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))


def begins(head: bytes, signature: bytes) -> bool:
    """Say whether a file begins with a signature; one of letters may be a column's name too."""
    named = signature.isalnum() and b"\0" not in head and not is_binary(head)
    return head.startswith(signature) and not named


def refusal(head: bytes) -> str:
    """Return why a file that begins so is not read, and what to do; nothing if it may be text."""
    if _EXCEL.match(head) or _OPEN_DOCUMENT.match(head):
        program = "an Excel workbook" if _EXCEL.match(head) else "an OpenDocument sheet"
        return f"this is {program}. {_SHEET}"
    for signature, what, remedy in _REFUSED:
        if begins(head, signature):
            return f"this is {what}. {remedy}"
    if _PAGE.match(head):
        return f"this is a web page or XML, perhaps a download that failed. {_NO_TABLE}"
    if _JSON.match(head):
        lines = _JSON_LINES.match(head) is not None
        return (
            f"this is JSON{' lines' if lines else ''}, which is not read as data. Convert it "
            f"first, for example with pandas.read_json(...{', lines=True' if lines else ''})"
            ".to_csv('data.csv', index=False)."
        )
    return ""


def is_binary(head: bytes) -> bool:
    """Say whether these bytes are those of no text in an encoding of one byte a letter."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > max(8, len(head) // 20)


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


def file_handle(path: Path) -> Any:
    """Return what Arrow can open: the path, or the open file where its name is no text."""
    try:
        str(path).encode()
    except UnicodeError:
        return path.open("rb")
    return str(path)
