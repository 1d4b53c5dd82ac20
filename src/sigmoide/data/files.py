"""Sources from files: CSV (plain or gzip), Parquet, Arrow IPC."""

from __future__ import annotations

import codecs
import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet

from sigmoide.data.source import Source
from sigmoide.errors import ColumnError, DataError, FileError, UsageError

_DELIMITERS = (",", ";", "\t", "|")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a text file is read; None is found out.

    Attributes
    ----------
    encoding : str, optional
        UTF-8 by default, with or without a byte-order mark.
    delimiter : str, optional
        One character; by default the one of ``, ; tab |`` that the header holds most of.
    decimal : str
        ``.`` or ``,``.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."

    def __post_init__(self) -> None:
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
            except LookupError as error:
                raise UsageError(
                    f"encoding {self.encoding!r} is not known; try utf-8, latin-1 or utf-16."
                ) from error
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise UsageError(
                f"delimiter {self.delimiter!r} was given; it must be one character, "
                "such as ',' or ';' or a tab."
            )
        if self.decimal not in (".", ","):
            raise UsageError(f"decimal sign {self.decimal!r} was given; it must be '.' or ','.")
        if self.decimal == self.delimiter:
            raise UsageError(f"{self.decimal!r} cannot be both the decimal sign and the delimiter.")


def read_file(path: Path, options: ReadOptions) -> Source:
    """Read a file into memory; what it is, is read off its first bytes.

    Raises
    ------
    FileError
        If it is absent, empty, broken or of a kind that is not read.
    ColumnError
        If two columns share a name.
    """
    head = _head(path)
    if head.startswith(b"PAR1"):
        return _binary(path, pa.parquet.read_table, "Parquet")
    if head.startswith(b"ARROW1"):
        return _binary(path, pa.feather.read_table, "Arrow")
    if head.startswith(b"PK\x03\x04"):
        raise FileError(
            f"{path}: this is a zip archive or an Excel workbook. Unpack it, or save the sheet "
            "as CSV, and give that file."
        )
    if head.lstrip()[:1] in (b"{", b"[") and path.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        raise FileError(
            f"{path}: this is JSON, which is not read. Convert it first, for example with "
            f"pandas.read_json({path.name!r}, lines=True).to_csv('data.csv', index=False)."
        )
    return _TextFile(path, options, head).source()


def _head(path: Path) -> bytes:
    """Return the first bytes, uncompressed, or say why there are none."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                head = packed.read(_HEAD)
    except FileNotFoundError as error:
        raise FileError(f"{path}: there is no such file. Check the path.") from error
    except IsADirectoryError as error:
        raise FileError(f"{path}: this is a folder, not a file. Name one file.") from error
    except (OSError, EOFError) as error:
        raise FileError(f"{path}: the file cannot be read: {error}.") from error
    if not head:
        raise FileError(f"{path}: the file is empty; a header and rows are needed.")
    return head


def _binary(path: Path, reader: Callable[[str], Any], kind: str) -> Source:
    try:
        table = reader(str(path))
    except (pa.ArrowException, OSError) as error:
        raise FileError(f"{path}: the {kind} file is broken: {error}.") from error
    _refuse_repeated(path, table.column_names)
    if not table.num_rows:
        raise DataError(f"{path}: the file has columns but no rows.")
    return Source(path.name, table)


def _refuse_repeated(path: Path, names: list[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise ColumnError(
                f"{path}: {times} columns are called {name!r}. Rename them in the header, "
                "so that each name is one column."
            )


class _TextFile:
    """One delimited text file, and where its records stand."""

    def __init__(self, path: Path, options: ReadOptions, head: bytes) -> None:
        self.path, self.options = path, options
        self.packed = path.open("rb").read(2) == b"\x1f\x8b"
        if options.encoding is None and head.startswith(_UTF16):
            raise FileError(
                f"{path}: the file is in UTF-16 (its first bytes say so). Give the encoding: "
                "--encoding utf-16, or encoding='utf-16'."
            )
        self.encoding = options.encoding or "utf-8-sig"
        if "16" not in self.encoding and "32" not in self.encoding and b"\0" in head:
            raise FileError(
                f"{path}: the file holds NUL bytes, so it is not a CSV file in {self.encoding}. "
                "Save it as CSV in UTF-8, or give its encoding."
            )
        self.delimiter = options.delimiter or self._sniff(head)
        self.header, self.header_lines = self._read_header()

    def source(self) -> Source:
        """Read every column as text."""
        string = pa.string()
        try:
            with pa.input_stream(str(self.path), compression=self._compression()) as stream:
                table = pa.csv.read_csv(
                    stream,
                    read_options=pa.csv.ReadOptions(
                        encoding=self._arrow_encoding(),
                        column_names=self.header,
                        skip_rows=self.header_lines,
                    ),
                    parse_options=pa.csv.ParseOptions(
                        delimiter=self.delimiter, newlines_in_values=True
                    ),
                    convert_options=pa.csv.ConvertOptions(
                        column_types=dict.fromkeys(self.header, string),
                        strings_can_be_null=False,
                    ),
                )
        except (pa.ArrowInvalid, UnicodeError, OSError, EOFError) as error:
            raise self._explain(error) from error
        if not table.num_rows:
            raise DataError(f"{self.path}: the file has a header and no rows.")
        notes: tuple[str, ...] = ()
        if self.delimiter != "," and self.options.delimiter is None:
            notes = (f"the columns of {self.path.name} are separated by {self.delimiter!r}",)
        return Source(self.path.name, table, True, self.options.decimal, self._place, notes)

    def _compression(self) -> str | None:
        return "gzip" if self.packed else None

    def _arrow_encoding(self) -> str:
        # Arrow skips a UTF-8 byte-order mark by itself.
        return "utf8" if self.encoding == "utf-8-sig" else self.encoding

    def _open(self) -> IO[str]:
        if self.packed:
            return gzip.open(self.path, "rt", encoding=self.encoding, newline="")
        return self.path.open(encoding=self.encoding, newline="")

    def _sniff(self, head: bytes) -> str:
        line = head.decode(self.encoding, errors="replace").lstrip().partition("\n")[0]
        counts = [line.count(sign) for sign in _DELIMITERS]
        return _DELIMITERS[counts.index(max(counts))] if max(counts) else ","

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records with the line each begins on, empty lines left out."""
        with self._open() as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            while True:
                line = reader.line_num + 1
                try:
                    record = next(reader)
                except StopIteration:
                    return
                if record:
                    yield line, record

    def _read_header(self) -> tuple[list[str], int]:
        try:
            with self._open() as file:
                reader = csv.reader(file, delimiter=self.delimiter)
                header = next(record for record in reader if record)
                lines = reader.line_num
        except StopIteration as error:
            raise FileError(f"{self.path}: the file holds nothing but empty lines.") from error
        except UnicodeError as error:
            raise self._explain(error) from error
        except (csv.Error, OSError, EOFError) as error:
            raise FileError(f"{self.path}: the header cannot be read: {error}.") from error
        empty = [k for k, name in enumerate(header, 1) if not name.strip()]
        if empty:
            raise ColumnError(
                f"{self.path}, line {lines}: column {empty[0]} of the header has no name. "
                "Name every column."
            )
        _refuse_repeated(self.path, header)
        return header, lines

    def _place(self, row: int) -> str:
        """Say on which line a row stands, by reading the file up to it again."""
        try:
            for k, (line, _) in enumerate(self._records()):
                if k == row + 1:
                    return f"line {line}"
        except (csv.Error, UnicodeError, OSError):
            pass
        return f"row {row + 1} below the header"

    def _explain(self, error: Exception) -> FileError:
        """Say which line a reader choked on, though it does not."""
        if isinstance(error, UnicodeError) or "UTF8" in str(error):
            where = self._undecodable_line()
            return FileError(
                f"{self.path}{where}: the bytes are not {self.encoding.removesuffix('-sig')} text. "
                "Give the encoding, for example --encoding latin-1."
            )
        try:
            for line, record in self._records():
                if len(record) != len(self.header):
                    return FileError(
                        f"{self.path}, line {line}: {len(record)} value(s) where the header has "
                        f"{len(self.header)} columns: {_shortened(record)}. Mend that line, or "
                        f"give the delimiter if it is not {self.delimiter!r}."
                    )
        except (csv.Error, UnicodeError, OSError, EOFError) as second:
            return FileError(f"{self.path}: this is not a CSV file: {second}.")
        return FileError(f"{self.path}: this is not a CSV file that can be read: {error}.")

    def _undecodable_line(self) -> str:
        opener = gzip.open if self.packed else open
        with opener(self.path, "rb") as file:
            for number, content in enumerate(file, 1):
                try:
                    content.decode(self.encoding)
                except UnicodeError:
                    return f", line {number}"
        return ""


def _shortened(record: list[str], most: int = 60) -> str:
    text = repr(record)
    return text if len(text) <= most else text[:most] + "…"
