"""Delimited text: its encoding, header and records, and what is wrong with it on which line."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import IO, Any

from sigmoide.data.signatures import is_binary
from sigmoide.errors import ColumnError, DataError, FileError, UsageError

# What reading a broken text file may raise, compressed or not.
READ_ERRORS = (OSError, EOFError, ValueError, csv.Error, zlib.error)

_DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'"[^"]*"')
# A record of its own at the end, unless a quote is still open there.
_END = "\ue000 end of the file \ue000"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a text file is read; None is found out.

    Attributes
    ----------
    encoding : str, optional
        UTF-8 by default, with or without a byte-order mark.
    delimiter : str, optional
        One ASCII character; by default the one of ``, ; tab |`` that the header holds most of.
    decimal : str
        ``.`` or ``,``.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."

    def __post_init__(self) -> None:
        if self.encoding is not None:
            try:
                head = "a,b".encode(self.encoding)
                known = head.decode(self.encoding, errors="replace") == "a,b"
                codecs.getincrementaldecoder(self.encoding)
            except (LookupError, ValueError):
                known = False
            if not known:
                raise UsageError(
                    f"encoding {self.encoding!r} was given and is not known; try utf-8, latin-1, "
                    "cp1252 or utf-16."
                )
        if self.delimiter is not None and (
            len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in '"\r\n\0'
        ):
            raise UsageError(
                f"delimiter {self.delimiter!r} was given; it is one ASCII character, such as "
                "',' or ';' or a tab, and no quote."
            )
        if self.decimal not in (".", ","):
            raise UsageError(f"decimal sign {self.decimal!r} was given; it is '.' or ','.")
        if self.decimal == self.delimiter:
            raise UsageError(
                f"{self.decimal!r} was given as the decimal sign and as the delimiter; "
                "it can be one of them."
            )


class TextFile:
    """One delimited text file, and where its records stand.

    Parameters
    ----------
    path : Path
        The file.
    packed : bool
        Whether it is compressed by gzip.
    head : bytes
        Its first bytes, unpacked.
    options : ReadOptions
        How to read it.

    Raises
    ------
    FileError
        If it is not text in its encoding, or has no header.
    ColumnError
        If a column has no name.
    """

    def __init__(self, path: Path, packed: bool, head: bytes, options: ReadOptions) -> None:
        self.path, self.packed, self.options = path, packed, options
        self.encoding = _encoding(path, head, options.encoding)
        self.delimiter = options.delimiter or self._sniff(head)

    @cached_property
    def header(self) -> list[str]:
        """Names of the columns, without the spaces around them."""
        line, record = next(self.records(), (0, []))
        if not line:
            raise FileError(
                f"{self.path}: the file holds nothing but empty lines; a header and rows are "
                "needed."
            )
        names = [name.strip().removeprefix("\ufeff").strip() for name in record]
        if "" in names:
            raise ColumnError(
                f"{self.path}, line {line}: column {names.index('') + 1} of the header has no "
                "name. Name every column; if it holds row numbers, as pandas and R write them, "
                "leave them out (index=False, row.names=FALSE)."
            )
        return names

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records, header included, with the line each begins on; no empty lines.

        Raises
        ------
        FileError
            If they cannot be read, with the line.
        """
        line = 1
        try:
            with self._open() as file:
                reader = csv.reader(chain(file, [_END]), delimiter=self.delimiter)
                for record in reader:
                    if record == [_END]:
                        return
                    if record and record[-1].endswith(_END):
                        raise FileError(
                            f"{self.path}, line {line}: a quote opens in this line and is never "
                            "closed. Close it, or double a quote that is part of the text."
                        )
                    if record:
                        yield line, record
                    line = reader.line_num + 1
        except UnicodeError as error:
            raise self._undecodable() from error
        except csv.Error as error:
            if "field limit" in str(error):
                raise FileError(
                    f"{self.path}, line {line}: a value that begins in this line is longer than "
                    f"{csv.field_size_limit():,} characters. Close its quote, if it has one."
                ) from error
            raise FileError(f"{self.path}, line {line}: {error}.") from error
        except (OSError, EOFError, zlib.error) as error:
            raise unreadable(self.path, error) from error

    def place(self, row: int) -> str:
        """Say on which line a row stands, by reading the file up to it again."""
        try:
            for k, (line, _) in enumerate(self.records()):
                if k == row + 1:
                    return f"line {line}"
        except DataError:
            pass
        return f"row {row + 1} below the header"

    def explain(self, error: Exception) -> DataError:
        """Say which line a reader choked on that does not say so itself."""
        if "invalid UTF8" in str(error) or isinstance(error, UnicodeError):
            return self._undecodable()
        rows = -1
        try:
            for rows, (line, record) in enumerate(self.records()):  # noqa: B007
                if len(record) != len(self.header):
                    return self._ragged(line, record)
        except DataError as found:
            return found
        if not rows:
            return DataError(f"{self.path}: the file has a header and no rows.")
        return FileError(f"{self.path}: this is not a CSV file that can be read: {error}.")

    def _open(self) -> IO[str]:
        if self.packed:
            return gzip.open(self.path, "rt", encoding=self.encoding, newline="")
        return self.path.open(encoding=self.encoding, newline="")

    def _sniff(self, head: bytes) -> str:
        lines = head.decode(self.encoding, errors="replace").lstrip().splitlines()
        header = _QUOTED.sub("", lines[0]) if lines else ""
        return max(_DELIMITERS, key=header.count)

    def _ragged(self, line: int, record: list[str]) -> FileError:
        columns = len(self.header)
        return FileError(
            f"{self.path}, line {line}: {_count(len(record), 'value')} where the header has "
            f"{_count(columns, 'column')}: {_shortened(record)}. Mend that line; put text that "
            f"holds {self.delimiter!r} in quotes; or say the delimiter, if it is another."
        )

    def _undecodable(self) -> FileError:
        """Name the first line that is not text in the encoding, and the byte that is not."""
        line, what = 1, "the text"
        decoder = codecs.getincrementaldecoder(self.encoding)()
        opener: Any = gzip.open if self.packed else open
        try:
            with opener(self.path, "rb") as file:
                while chunk := file.read(1 << 20):
                    line += decoder.decode(chunk).count("\n")
                decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            if error.start < len(error.object):
                what = f"the byte 0x{error.object[error.start]:02x}"
        except READ_ERRORS:
            pass
        encoding = self.encoding.removesuffix("-sig")
        return FileError(
            f"{self.path}, line {line}: {what} is not {encoding} text. Say the encoding, for "
            "example --encoding latin-1 or cp1252 (from Python: pandas.read_csv with encoding=)."
        )


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


def _encoding(path: Path, head: bytes, given: str | None) -> str:
    """Return the codec to read with; refuse what is no text in it."""
    name = codecs.lookup(given or "utf-8").name
    wide = "16" in name or "32" in name
    if not wide and head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "utf-32" if head.startswith(codecs.BOM_UTF32_LE) else "utf-16"
        raise FileError(
            f"{path}: the file is in {found.upper()} (its first bytes say so), not {name}. Give "
            f"--encoding {found} (from Python: pandas.read_csv with encoding={found!r})."
        )
    if not wide and b"\0" in head:
        raise FileError(
            f"{path}: the file holds NUL bytes, so it is not a CSV file in {name}. Save it as "
            "CSV in UTF-8, or say its encoding (--encoding utf-16-le, if it comes from Windows)."
        )
    if not wide and is_binary(head):
        raise FileError(f"{path}: this is not a text file. Save the table as CSV in UTF-8.")
    # With or without a byte-order mark.
    return "utf-8-sig" if name == "utf-8" else name


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _shortened(record: list[str], most: int = 60) -> str:
    text = repr(record)
    return text if len(text) <= most else text[:most] + "…"
