"""How a text file is to be read: what was asked for, and what its beginning tells."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from sigmoide.columns.words import is_number
from sigmoide.errors import ColumnError, FileError
from sigmoide.sources.csv.encoding import Encoding, find_encoding, first_fault, undecodable
from sigmoide.sources.csv.records import read_records
from sigmoide.sources.csv.sniff import find_decimal, find_delimiter, find_header, split_text
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.source import listed, refuse_repeated
from sigmoide.sources.stored import Stored

_FOR_EXCEL = re.compile(r"\ufeff?sep=.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one text file is read. Every reader of it takes this, so that all read the same.

    Attributes
    ----------
    encoding : Encoding
        UTF-8 may turn out to be wrong beyond the beginning of the file.
    delimiter : str
        One ASCII character.
    decimal : str
        ``.`` or ``,``.
    header : bool
        Whether the first record holds the names.
    names : tuple of str
        Of the columns, each once.
    line : int
        On which the first record begins, counted from 1.
    notes : tuple of str
        What was found out that is not what one expects, and what to do if it is wrong.
    """

    encoding: Encoding
    delimiter: str
    decimal: str
    header: bool
    names: tuple[str, ...]
    line: int
    notes: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it, in words."""
        columns = f"columns separated by {self.delimiter!r}, " if len(self.names) > 1 else ""
        names = f"names in line {self.line}" if self.header else "no header"
        return f"{self.encoding.words}, {columns}decimal sign {self.decimal!r}, {names}"


def find_dialect(file: Stored, options: ReadOptions, encoding: Encoding | None = None) -> Dialect:
    """Find out, from the beginning of a file, what the options leave open.

    Parameters
    ----------
    file : Stored
        The file.
    options : ReadOptions
        What is known.
    encoding : Encoding, optional
        What the rest of the file has shown its encoding to be.

    Raises
    ------
    FileError
        If it is not text, is empty, or if its first row may be names or not.
    ColumnError
        If a column has no name, or two have the same.
    """
    encoding = encoding or find_encoding(file, options.encoding)
    text, cut = _beginning(file, encoding.codec), not file.whole
    notes = [encoding.note]
    name = file.name

    delimiter = options.delimiter or find_delimiter(text, cut)
    line, first = next(read_records(file, encoding.codec, delimiter), (0, []))
    if not line:
        raise FileError(
            f"{file.path}: the file holds nothing but empty lines; a header and rows are needed."
        )
    if _FOR_EXCEL.fullmatch(first[0]):
        raise FileError(
            f"{file.path}, line {line}: {first[0]!r} tells Excel the delimiter, and is no part of "
            "the table. Take that line out."
        )
    if options.delimiter is None and delimiter != "," and len(first) > 1:
        notes.append(f"the columns of {name} are separated by {delimiter!r}")

    first = [word.strip().removeprefix("\ufeff").strip() for word in first]
    rows = split_text(text, delimiter, cut)[1:]
    decimal, shown = find_decimal(rows, delimiter)
    if options.decimal is not None:
        decimal = options.decimal
    elif shown:
        notes.append(
            f"the decimal sign of {name} is ',', as in {shown!r} (if it is not, say --decimal=.)"
        )

    header = find_header(first, rows) if options.header is None else options.header
    if header is None:
        raise FileError(
            f"{file.path}, line {line}: the first row ({listed(first, 4)}) may hold the names of "
            "the columns, or the first of their values. Say which: --header or --no-header (from "
            "Python: pandas.read_csv, with header=None if it holds values)."
        )
    names = _names(file, line, first) if header else [f"c{j + 1}" for j in range(len(first))]
    notes.append(_header_note(name, line, names, header, options.header is not None))
    return Dialect(
        encoding, delimiter, decimal, header, tuple(names), line, tuple(filter(None, notes))
    )


def _beginning(file: Stored, codec: str) -> str:
    try:
        return codecs.getincrementaldecoder(codec)("replace").decode(file.head, final=file.whole)
    except UnicodeError as error:
        raise undecodable(file, codec, first_fault(file, codec)) from error


def _names(file: Stored, line: int, names: list[str]) -> list[str]:
    if "" in names:
        raise ColumnError(
            f"{file.path}, line {line}: column {names.index('') + 1} of the header has no "
            "name. Name every column; if it holds row numbers, as pandas and R write them, "
            "leave them out (index=False, row.names=FALSE); if that line is no header, say "
            "--no-header."
        )
    refuse_repeated(
        f"{file.path}, line {line}", names, " If that line is no header, say --no-header."
    )
    return names


def _header_note(name: str, line: int, names: list[str], header: bool, given: bool) -> str:
    if not header:
        called = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
        found = "" if given else f"; if line {line} holds their names, say --header"
        return f"{name} has no header, so its columns are called {called}{found}"
    numbers = [word for word in names if is_number(word)]
    if given or not numbers:
        return ""
    return (
        f"line {line} of {name} is taken for its header, with names like {numbers[0]!r}; if it "
        "holds values, say --no-header"
    )
