"""One column's values, understood: numbers, booleans or text, and which are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sigmoide.data.blocks import Array, Integers
from sigmoide.data.dressed import disguise
from sigmoide.data.source import Source
from sigmoide.data.words import (
    LARGEST_WHOLE,
    MISSING_WORDS,
    is_number,
    number_pattern,
    number_word,
)
from sigmoide.errors import ColumnError

Kind = Literal["numeric", "boolean", "text"]

# The squares of larger numbers would overflow.
_LARGEST = 1e150


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

    def missing(self) -> np.ndarray:
        """Return which rows have no value; shape (n,), bool."""
        return np.asarray(self.codes < 0 if self.kind == "text" else np.isnan(self.numbers))

    def as_levels(self) -> Values:
        """Return the same column as text: numbers in order, by the shortest words for them."""
        if self.kind == "text":
            return self
        missing = self.missing()
        distinct, inverse = np.unique(self.numbers[~missing], return_inverse=True)
        codes = np.full(len(self.numbers), -1, dtype=np.int64)
        codes[~missing] = inverse
        levels = tuple(self.word(v) for v in distinct)
        return Values(self.name, "text", np.empty(0), codes, levels, note=self.note)

    def word(self, value: float) -> str:
        """Return the shortest word for a number of this column."""
        if self.kind == "boolean":
            return str(bool(value))
        return number_word(value)

    def only(self, rows: np.ndarray) -> Values:
        """Return the same column with the values of all other rows missing."""
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
    """Understand one column.

    Raises
    ------
    ColumnError
        If it is of a type that is no number, boolean or text, holds an infinity, or numbers in
        disguise: percentages, money, grouped digits, dates.
    """
    array = _whole(source.column(name))
    if not source.untyped:
        return _checked(source, _typed(source, name, array))
    trimmed, missing, present = _cells(array)
    if _all_match(present, number_pattern(source.decimal)):
        label = _label_note(name, present)
        if label:
            return _text(name, trimmed, missing, label)
        return _checked(source, _as_numbers(source, name, present, missing))
    if _all_match(present, r"^(?i:true|false)$"):
        numbers = np.full(len(array), np.nan)
        numbers[~_mask(missing)] = _mask(pc.equal(pc.utf8_lower(present), "true"))
        return Values(name, "boolean", numbers, _none())
    if found := disguise(present):
        row = int(np.flatnonzero(~_mask(missing))[0])
        raise ColumnError(
            f"{source.name}, {source.place(row)}: column {name!r} holds {found[0]}, such as "
            f"{present[0].as_py()!r}, which are no numbers as they stand. {found[1]}"
        )
    note = _trim_note(name, array, trimmed, missing)
    return _no_nul(source, _text(name, trimmed, missing, note))


def read_values_as(source: Source, name: str, kind: Kind) -> Values:
    """Understand one column as a model learned it, where only text says what it is.

    A column of ``007`` and ``1.50`` that was learned as text is text in every other file too,
    and one that was learned as numbers is numbers even where they have leading zeros. What
    cannot be read so is understood as it stands.
    """
    if source.untyped and kind != "boolean":
        trimmed, missing, present = _cells(_whole(source.column(name)))
        if kind == "text":
            return _text(name, trimmed, missing)
        if _all_match(present, number_pattern(source.decimal)):
            return _checked(source, _as_numbers(source, name, present, missing))
    return read_values(source, name)


def _whole(array: Any) -> Any:
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array


def _checked(source: Source, values: Values) -> Values:
    """Refuse infinities, and what would become one."""
    wrong = np.flatnonzero(np.abs(values.numbers) > _LARGEST)
    if len(wrong):
        row = int(wrong[0])
        infinite = np.isinf(values.numbers[row])
        what = "is infinite" if infinite else f"is too large to work with (beyond {_LARGEST:g})"
        raise ColumnError(
            f"{source.name}, {source.place(row)}: column {values.name!r} holds "
            f"{source.word(values.name, row)}, which {what}. Mend the value, or make it missing."
        )
    return values


# Text that is still to be understood


def _cells(array: Any) -> tuple[Any, Any, Any]:
    """Return the trimmed words, which of them stand for nothing, and the others."""
    trimmed = pc.utf8_trim_whitespace(array)
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING_WORDS))
    return trimmed, missing, trimmed.filter(pc.invert(missing))


def _no_nul(source: Source, values: Values) -> Values:
    """Refuse NUL bytes: what a crash or a full disk leaves in a file."""
    broken = [k for k, word in enumerate(values.levels) if "\0" in word]
    rows = np.flatnonzero(np.isin(values.codes, broken))
    if len(rows):
        raise ColumnError(
            f"{source.name}, {source.place(int(rows[0]))}: column {values.name!r} holds NUL bytes, "
            "so the file is damaged there. Mend that line, or write the file again."
        )
    return values


def _mask(array: Any) -> np.ndarray:
    return np.asarray(array.to_numpy(zero_copy_only=False))


def _all_match(words: Any, pattern: str) -> bool:
    """Say whether all words match: all of a column decides its type, not its beginning."""
    return not len(words) or bool(pc.all(pc.match_substring_regex(words, pattern)).as_py())


def _as_numbers(source: Source, name: str, present: Any, missing: Any) -> Values:
    if source.decimal == ",":
        present = pc.replace_substring(present, ",", ".")
    numbers = np.full(len(missing), np.nan)
    numbers[~_mask(missing)] = _mask(pc.cast(present, pa.float64()))
    return Values(name, "numeric", numbers, _none())


def _label_note(name: str, present: Any) -> str:
    """Say why a column of digits is labels: leading zeros, or more digits than float64 holds."""
    if pc.any(pc.match_substring_regex(present, r"^[+-]?0[0-9]")).as_py():
        return f"column {name!r} has numbers with leading zeros: kept as text"
    digits = present.filter(pc.match_substring_regex(present, r"^[+-]?[0-9]{16,}$"))
    sizes = (word.lstrip("+-") for word in digits.to_pylist())
    if any(len(word) > 16 or int(word) > LARGEST_WHOLE for word in sizes):
        return f"column {name!r} has whole numbers beyond 2^53: kept as text"
    return ""


def _trim_note(name: str, array: Any, trimmed: Any, missing: Any) -> str:
    if pc.any(pc.and_not(pc.not_equal(array, trimmed), missing)).as_py():
        return f"spaces around the values of column {name!r} were left out"
    return ""


# Columns that come with a type


def _typed(source: Source, name: str, array: Any) -> Values:
    kind = array.type
    if pa.types.is_run_end_encoded(kind):
        return _typed(source, name, pc.run_end_decode(array))
    if pa.types.is_null(kind):
        return Values(name, "numeric", np.full(len(array), np.nan), _none())
    if pa.types.is_boolean(kind):
        return Values(name, "boolean", _floats(array.cast(pa.int8())), _none())
    if pa.types.is_integer(kind):
        present = array.drop_null()
        if len(present) and max(-int(pc.min(present).as_py()), int(pc.max(present).as_py())) > (
            LARGEST_WHOLE
        ):
            note = f"column {name!r} has whole numbers beyond 2^53: kept as text"
            return _text(name, array.cast(pa.string()), pc.is_null(array), note=note)
        return Values(name, "numeric", _floats(array), _none())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Values(name, "numeric", _floats(array), _none())
    if pa.types.is_dictionary(kind):
        return _category(source, name, array)
    if _is_text(kind):
        return _text(name, array.cast(pa.large_string()), pc.is_null(array))
    if pa.types.is_temporal(kind):
        raise ColumnError(
            f"{source.name}: column {name!r} holds dates or times ({kind}). Turn it into numbers "
            "first (days since a date, or year and month as columns), or into text, or leave it "
            "out."
        )
    raise _unused_type(source, name, kind)


def _unused_type(source: Source, name: str, kind: Any) -> ColumnError:
    return ColumnError(
        f"{source.name}: column {name!r} is of type {kind}; numbers, booleans and text are used. "
        "Convert the column, or leave it out."
    )


def _is_text(kind: Any) -> bool:
    view = getattr(pa.types, "is_string_view", None)
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or (view is not None and view(kind))
    )


def _floats(array: Any) -> Array:
    array = array.cast(pa.float64(), safe=False)
    return np.array(_mask(pc.fill_null(array, float("nan"))), dtype=float)


def _text(name: str, array: Any, missing: Any, note: str = "") -> Values:
    encoded = pc.dictionary_encode(array)
    words = encoded.dictionary.to_pylist()
    codes = np.array(_mask(pc.fill_null(encoded.indices, 0)), np.int64)
    codes[_mask(missing)] = -1
    return _sorted(name, codes, words, ordered=False, note=note)


def _category(source: Source, name: str, array: Any) -> Values:
    entries = array.dictionary.to_pylist()
    words = [None if entry is None else _category_word(entry) for entry in entries]
    if any(word is None and entry is not None for word, entry in zip(words, entries, strict=True)):
        raise _unused_type(source, name, array.type)
    # Two entries may be the same word, and an entry may be null: neither is a level of its own.
    distinct = list(dict.fromkeys(word for word in words if word is not None))
    position = {word: k for k, word in enumerate(distinct)}
    table = np.array([-1 if w is None else position[w] for w in words] + [-1], dtype=np.int64)
    indices = pc.fill_null(array.indices.cast(pa.int64()), -1)
    return _sorted(name, table[_mask(indices)], distinct, ordered=bool(array.type.ordered))


def _category_word(entry: Any) -> str | None:
    """Return how a category is called; None where it is of no use as a level."""
    if isinstance(entry, str | int | date | time | timedelta):
        return str(entry)
    if isinstance(entry, float | Decimal):
        return number_word(float(entry))
    return None


def _sorted(
    name: str, codes: Integers, words: list[str], *, ordered: bool, note: str = ""
) -> Values:
    """Keep the levels that are met, sorted unless their order means something."""
    met = np.unique(codes[codes >= 0])
    order = list(met) if ordered else sorted(met, key=lambda k: words[k])
    position = np.full(max(len(words), 1), -1, dtype=np.int64)
    position[order] = np.arange(len(order))
    new = np.where(codes >= 0, position[codes], -1)
    levels = tuple(words[k] for k in order)
    return Values(name, "text", np.empty(0), new, levels, ordered, note)


def _none() -> Integers:
    return np.empty(0, dtype=np.int64)
