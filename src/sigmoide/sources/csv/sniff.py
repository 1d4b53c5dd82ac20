"""What the first records of a text file tell of it: delimiter, decimal sign, header.

A guess is made where it is safe. Where a file could mean two things, that is said, and asked.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence

from sigmoide.columns.words import MISSING_WORDS, decimal_sign, is_number

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
    found: list[list[str]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                found.append([word.strip() for word in record])
                cells += len(record)
            if cells > _CELLS and len(found) > _RECORDS:
                return found
    except csv.Error:
        # A value too long: whoever reads the file says so.
        return found
    return found[:-1] if cut else found


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
    words, told = 0, 0
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
            told += cell not in column
    if alike and not _perhaps_names(alike, len(alike) == len(first)):
        return False
    if alike and not told:
        return None
    return bool(told) or not words


def _columns(rows: Sequence[Record]) -> list[list[str]]:
    """Return the values of each column that are not missing, of records as long as the first."""
    width = len(rows[0]) if rows else 0
    held = [row for row in rows if len(row) == width]
    return [[row[j] for row in held if row[j] not in MISSING_WORDS] for j in range(width)]


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
