"""The dialect of a text file: its records, what was asked for, what its beginning tells."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sigmoide.columns.words import MISSING_WORDS, decimal_sign, is_number
from sigmoide.errors import ColumnError, FileError
from sigmoide.sources.csv.encoding import Encoding, find_encoding, first_fault, undecodable
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.source import listed, refuse_repeated
from sigmoide.sources.stored import Stored, unreadable

# A record of its own at the end, unless a quote is still open there.
_END = "\ue000 end of the file \ue000"


def read_records(file: Stored, codec: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records, header included, with the line each begins on; no empty lines.

    Raises
    ------
    FileError
        If they cannot be read, with the line.
    """
    line = 1
    try:
        with file.open_text(codec) as opened:
            reader = csv.reader(chain(opened, [_END]), delimiter=delimiter)
            for record in reader:
                if record == [_END]:
                    return
                if record and record[-1].endswith(_END):
                    raise FileError(
                        f"{file.path}, line {line}: a quote opens in this line and is never "
                        "closed. Close it, or double a quote that is part of the text."
                    )
                if record:
                    yield line, record
                line = reader.line_num + 1
    except UnicodeError as error:
        raise undecodable(file, codec, first_fault(file, codec)) from error
    except csv.Error as error:
        if "field limit" in str(error):
            raise FileError(
                f"{file.path}, line {line}: a value that begins in this line is longer than "
                f"{csv.field_size_limit():,} characters. Close its quote, if it has one."
            ) from error
        raise FileError(f"{file.path}, line {line}: {error}.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(file.path, error) from error


DELIMITERS = (",", ";", "\t", "|")

# So many cells are looked at, in at least a few records.
_CELLS = 20_000
_RECORDS = 5
# A column is of numbers here if so many of its values are: later ones, and strange ones, are for
# who reads all of it.
_MOST = 0.8
_YEARS = range(1800, 2101)
_PLAIN_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")

Record = Sequence[str]


def split_text(text: str, delimiter: str, cut: bool) -> list[list[str]]:
    """Return the first records of a text that may be cut anywhere; no empty lines.

    Parameters
    ----------
    text : str
        The beginning of a file.
    delimiter : str
        Between the values.
    cut : bool
        Whether the file goes on, so that the last record may not be whole.
    """
    records: list[list[str]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                records.append([word.strip() for word in record])
                cells += len(record)
            if cells > _CELLS and len(records) > _RECORDS:
                return records
    except csv.Error:
        # A value too long: whoever reads the file says so.
        return records
    return records[:-1] if cut else records


def find_delimiter(text: str, cut: bool) -> str:
    """Return the sign that splits the first records best.

    All into as many values as the first; then with the fewest of the other signs left in them,
    but for a decimal comma; then into more values.
    """
    splits = {sign: split_text(text, sign, cut) for sign in DELIMITERS if sign in text}
    splits = {sign: records for sign, records in splits.items() if records and len(records[0]) > 1}
    if len(splits) > 1:
        return max(splits, key=lambda sign: _fitness(sign, splits[sign]))
    return next(iter(splits), DELIMITERS[0])


def _fitness(sign: str, records: Sequence[Record]) -> tuple[float, float, int]:
    """Judge how well a sign has split records: the more, the better."""
    width = len(records[0])
    whole = sum(len(record) == width for record in records) / len(records)
    others = set(DELIMITERS) - {sign}
    words = [word for record in records for word in record]
    left = sum(not others.isdisjoint(word) and not is_number(word, ",") for word in words)
    return whole, -left / len(words), width


def find_decimal(rows: Sequence[Record], delimiter: str) -> tuple[str, str]:
    """Return the decimal sign, and a value that shows it where it is not the point.

    The comma, if a column of numbers surely has it and none surely has the point. Where the comma
    separates the columns, it is never taken for the decimal sign as well.

    Parameters
    ----------
    rows : sequence of records
        Below the header.
    delimiter : str
        Between the columns.
    """
    if delimiter == ",":
        return ".", ""
    shown: dict[str, str] = {}
    for column in _columns(rows):
        signs = {word: decimal_sign(word) for word in column}
        count = Counter(signs[word] for word in column)
        sure = [sign for sign in (".", ",") if count[sign]]
        if len(sure) == 1 and len(column) - count[None] >= _MOST * len(column):
            shown.setdefault(sure[0], next(w for w in column if signs[w] == sure[0]))
    return (",", shown[","]) if set(shown) == {","} else (".", "")


def find_header(first: Record, rows: Sequence[Record]) -> bool | None:
    """Say whether the first record holds the names of the columns; None if it might or might not.

    A word over a column of numbers (truth values, dates) is a name, and so are words that are not
    met again below. Numbers over numbers are values, unless they could be names: years, or a
    sequence; then it takes a word beside them to know.

    Parameters
    ----------
    first : record
        The first.
    rows : sequence of records
        Those below it.
    """
    rows = [row for row in rows if len(row) == len(first)]
    if not rows:
        return True
    alike: list[tuple[str, list[str]]] = []
    words, apart = 0, 0
    for j, cell in enumerate(first):
        column = [row[j] for row in rows if row[j] not in MISSING_WORDS]
        if cell in MISSING_WORDS or not column:
            continue
        typed = next((kind for kind in _KINDS if all(map(kind, column))), None)
        if typed and not typed(cell):
            return True
        if typed:
            alike.append((cell, column))
        else:
            words += 1
            apart += cell not in column
    if alike and not _perhaps_names(alike, len(alike) == len(first)):
        return False
    if alike and not apart:
        return None
    return bool(apart) or not words


def _columns(rows: Sequence[Record]) -> list[list[str]]:
    """Return the values of each column that are not missing, of records as long as the first."""
    width = len(rows[0]) if rows else 0
    whole = [row for row in rows if len(row) == width]
    return [[row[j] for row in whole if row[j] not in MISSING_WORDS] for j in range(width)]


def _number(word: str) -> bool:
    return decimal_sign(word) is not None


def _truth(word: str) -> bool:
    return word.lower() in ("true", "false")


def _digits(word: str) -> bool:
    """Say whether a word has digits and no letters, as dates and percentages have."""
    return any(map(str.isdigit, word)) and not any(map(str.isalpha, word))


_KINDS = (_number, _truth, _digits)


def _perhaps_names(alike: Sequence[tuple[str, list[str]]], alone: bool) -> bool:
    """Say whether the numbers over columns of numbers could be names: 2019, 2020; 0, 1, 2."""
    if not all(_PLAIN_WHOLE.fullmatch(cell) for cell, _ in alike):
        return False
    numbers = [int(cell) for cell, _ in alike]
    if all(number in _YEARS for number in numbers):
        below = [word for _, column in alike for word in column]
        if not all(_PLAIN_WHOLE.fullmatch(word) and int(word) in _YEARS for word in below):
            return True
    steps = {after - before for before, after in itertools.pairwise(numbers)}
    if not steps:
        return alone and numbers == [0]
    return steps == {1} or (len(numbers) > 2 and len(steps) == 1 and min(steps) > 0)


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
        hint = "" if given else f"; if line {line} holds their names, say --header"
        return f"{name} has no header, so its columns are called {called}{hint}"
    numbers = [word for word in names if is_number(word)]
    if given or not numbers:
        return ""
    return (
        f"line {line} of {name} is taken for its header, with names like {numbers[0]!r}; if it "
        "holds values, say --no-header"
    )
