"""What a file is, read off its first bytes: what is read, and what is refused by its name."""

from __future__ import annotations

import re

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
