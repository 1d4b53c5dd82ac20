"""The values of a column by type: numbers, booleans or text, and which are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sigmoide.blocks.block import Array, Integers
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.cells import Cells, Evidence, as_kind, read_cells, refuse_words
from sigmoide.columns.tally import tally
from sigmoide.columns.typed import Kind as Kind
from sigmoide.columns.typed import Raw, beyond, beyond_note, dates_as_words, read_typed, too_large
from sigmoide.columns.words import is_number, number_word
from sigmoide.errors import ColumnError
from sigmoide.sources.source import Source


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column, and what a model learned it as; None where its values decide.

    Of labels it only matters which are the same: dates and numbers in disguise are fine.
    """

    name: str
    learned: Kind | None = None
    labels: bool = False

    @property
    def key(self) -> str:
        """What tells it from another use of the same column."""
        return f"{self.name}\n{self.learned or ''}{' of labels' if self.labels else ''}"


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one column, row by row.

    Attributes
    ----------
    name : str
        The column's.
    kind : {"numeric", "boolean", "text"}
        Booleans are numbers 0 and 1 that are shown as False and True.
    numbers : ndarray, shape (n,)
        NaN where missing; empty for text.
    codes : ndarray of int64, shape (n,)
        Positions in ``levels``, -1 where missing; empty unless text.
    levels : tuple of str
        The texts met, sorted, or in the order of an ordered category.
    ordered : bool
        Whether that order means something.
    note : str
        What the reader should know about how the column was understood.
    """

    name: str
    kind: Kind
    numbers: Array
    codes: Integers
    levels: tuple[str, ...] = ()
    ordered: bool = False
    note: str = ""

    @property
    def keys(self) -> np.ndarray:
        """What tells the values apart: numbers, or codes of levels; shape (n,)."""
        return self.codes if self.kind == "text" else self.numbers

    def part(self, low: int, high: int) -> Values:
        """Return the rows low, ..., high - 1."""
        return replace(self, numbers=self.numbers[low:high], codes=self.codes[low:high])

    def with_keys(self, keys: NDArray[Any]) -> Values:
        """Return the same column in other rows, of these numbers or codes of levels."""
        if self.kind == "text":
            return replace(self, codes=keys)
        return replace(self, numbers=np.asarray(keys, dtype=np.float64))

    def missing(self) -> np.ndarray:
        """Return which rows have no value; shape (n,), bool."""
        return np.asarray(self.codes < 0 if self.kind == "text" else np.isnan(self.numbers))

    def as_levels(self) -> Values:
        """Return the same column as text: numbers in order, by the shortest words for them."""
        if self.kind == "text":
            return self
        there = ~self.missing()
        kept = self.numbers if there.all() else self.numbers[there]
        distinct = tally(kept).keys
        codes = np.full(len(self.numbers), -1, dtype=np.int64)
        # Of two, which is what a target has, none has to be searched for.
        two = len(distinct) <= 2
        codes[there] = kept != distinct[0] if two and len(kept) else np.searchsorted(distinct, kept)
        levels = tuple(self.word(v) for v in distinct)
        return Values(self.name, "text", np.empty(0), codes, levels, note=self.note)

    def word(self, value: float) -> str:
        """Return the shortest word for a number of this column."""
        if self.kind == "boolean":
            return str(bool(value))
        return number_word(value)

    def only(self, rows: np.ndarray) -> Values:
        """Return the same column with the values of all other rows missing."""
        if rows.all():
            return self
        if self.kind == "text":
            codes = np.where(rows, self.codes, -1)
            return Values(
                self.name, "text", self.numbers, codes, self.levels, self.ordered, self.note
            )
        numbers = np.where(rows, self.numbers, np.nan)
        return Values(self.name, self.kind, numbers, self.codes, note=self.note)


def first_no_number(values: Values, decimal: str) -> int | None:
    """Return the first row of a column of text whose word is no number; None if all are."""
    strange = [k for k, word in enumerate(values.levels) if not is_number(word, decimal)]
    rows = np.flatnonzero(np.isin(values.codes, strange))
    return int(rows[0]) if len(rows) else None


def read_values(source: Source, name: str) -> Values:
    """Infer the type of a column and convert its values.

    Raises
    ------
    ColumnError
        If it is of a type that is no number, boolean or text, holds an infinity, or numbers in
        disguise: percentages, money, grouped digits, another decimal sign, dates.
    """
    array = whole_array(source, name)
    if source.untyped:
        cells = read_cells(array, source.decimal)
        return _untyped(source, name, cells, cells.evidence.kind)
    raw = read_typed(source.name, name, array)
    refuse_too_large(source, name, too_large(raw.numbers, array))
    return values_of(name, raw, beyond_note(name) if beyond(array) else "")


def read_values_as(source: Source, name: str, kind: Kind) -> Values:
    """Convert a column to the type that a model learned, where only text says what it is.

    See :meth:`sigmoide.columns.cells.Evidence.as_learned`.
    """
    if not source.untyped:
        return read_values(source, name)
    cells = read_cells(whole_array(source, name), source.decimal)
    return _untyped(source, name, cells, cells.evidence.as_learned(kind))


def read_wanted(source: Source, wanted: Wanted) -> Values:
    """Understand one column as it is wanted: as labels, as it was learned, or as it is.

    Raises
    ------
    ColumnError
        If there is no such column, or it cannot be used so.
    """
    name = wanted.name
    if not wanted.labels:
        learned = wanted.learned
        return read_values_as(source, name, learned) if learned else read_values(source, name)
    array = whole_array(source, name)
    if source.untyped:
        cells = read_cells(array, source.decimal)
        raw = as_kind(cells, cells.evidence.kind)
    else:
        raw = read_typed(source.name, name, dates_as_words(source.name, name, array))
    if raw is None:
        raise AssertionError(f"column {name!r} is not what it was found to be")
    return values_of(name, raw)


def values_of(name: str, raw: Raw, note: str = "") -> Values:
    """Return rows with their levels sorted, unless their order means something."""
    if raw.kind != "text":
        return Values(name, raw.kind, raw.numbers, raw.codes, note=note)
    met = np.unique(raw.codes[raw.codes >= 0])
    levels, table = sorted_levels(raw.words, met.tolist(), ordered=raw.ordered)
    codes = table[raw.codes]
    return Values(name, "text", raw.numbers, codes, levels, raw.ordered, note)


def sorted_levels(
    words: Sequence[str], met: Sequence[int], *, ordered: bool
) -> tuple[tuple[str, ...], Integers]:
    """Return the levels that are met, in their order, and where each of the words stands there.

    Parameters
    ----------
    words : sequence of str
        All words.
    met : sequence of int
        Increasing positions of those that are met.
    ordered : bool
        Whether the order of the words means something.

    Returns
    -------
    levels : tuple of str
        The words met.
    table : ndarray of int64, shape (len(words) + 1,)
        -1 for words that are not, and at the end.
    """
    order = list(met) if ordered else sorted(met, key=lambda k: words[k])
    table = np.full(len(words) + 1, -1, dtype=np.int64)
    table[order] = np.arange(len(order))
    return tuple(words[k] for k in order), table


def refuse_too_large(source: Source, name: str, wrong: Rows) -> None:
    """Refuse infinities, and what would become one."""
    if wrong:
        raise ColumnError(
            f"{source.name}, {source.place(wrong.first)}: column {name!r} holds "
            f"{wrong.held}. Mend the value, or make it missing."
        )


def refuse_text(
    source: Source,
    name: str,
    evidence: Evidence,
    words: Sequence[str],
    first: Callable[[int], int],
) -> None:
    """Refuse text that is numbers in disguise, or damaged; labels that are digits are neither.

    Parameters
    ----------
    source, name, evidence
        The column, and what its words show.
    words, first
        As for :func:`sigmoide.columns.cells.refuse_words`.
    """
    if not evidence.numbers:
        refuse_words(source, name, words, first)


def _untyped(source: Source, name: str, cells: Cells, kind: Kind) -> Values:
    """Read a column of text as the kind that it is, or was learned as."""
    evidence = cells.evidence
    if kind == "numeric":
        refuse_too_large(source, name, evidence.wrong)
    raw = as_kind(cells, kind)
    if raw is None:
        raise AssertionError(f"column {name!r} was found to be {kind}, and is not")
    if kind == "text":
        codes = raw.codes
        refuse_text(source, name, evidence, raw.words, lambda k: int((codes == k).argmax()))
    return values_of(name, raw, evidence.note(name) if kind == evidence.kind else "")


def whole_array(source: Source, name: str) -> Any:
    """Return a column in one piece.

    Raises
    ------
    ColumnError
        If there is none of that name, or it is broken, or too large for one piece.
    """
    array = source.column(name)
    try:
        if pa.types.is_dictionary(array.type):
            # The codes of one piece may be too narrow for the categories of all.
            kind = array.type
            array = array.cast(pa.dictionary(pa.int32(), kind.value_type, kind.ordered))
        array = array.combine_chunks()
        return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    except pa.ArrowException as error:
        raise ColumnError(
            f"{source.name}: column {name!r} ({array.type}) cannot be put together from its "
            f"pieces ({error}). Write it as numbers or text of another type, or leave it out."
        ) from error


def no_numbers(values: Values | None, decimal: str, start: int = 0) -> tuple[Rows, Rows]:
    """Return the rows whose word is no number, and those with any word.

    Parameters
    ----------
    values : Values or None
        A column of consecutive rows; only one of text has words.
    decimal : str
        The decimal sign.
    start : int
        Number of the first row in the source.
    """
    if values is None or values.kind != "text":
        return Rows(), Rows()
    levels, codes = values.levels, values.codes
    strange = np.array([not is_number(word, decimal) for word in levels] + [False], dtype=bool)

    def level(row: int) -> str:
        return levels[int(codes[row])]

    return rows_where(strange[codes], start, level), rows_where(codes >= 0, start, level)
