"""Typed columns: their rows as they come, what is used, what is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sigmoide.blocks.block import LARGEST, Array, Integers
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.words import LARGEST_WHOLE, number_word
from sigmoide.errors import ColumnError

Kind = Literal["numeric", "boolean", "text"]


@dataclass(frozen=True, slots=True)
class Raw:
    """Some consecutive rows of a column.

    Attributes
    ----------
    kind : {"numeric", "boolean", "text"}
        Booleans are numbers 0 and 1.
    numbers : ndarray, shape (n,)
        NaN where missing; empty for text.
    codes : ndarray of int64, shape (n,)
        Positions in ``words``, -1 where missing; empty unless text.
    words : tuple of str
        Different texts, in the order they are met, or that of the categories; not all of these
        need be met.
    ordered : bool
        Whether that order means something.
    """

    kind: Kind
    numbers: Array
    codes: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    words: tuple[str, ...] = ()
    ordered: bool = False


def of_numbers(numbers: Array, kind: Kind = "numeric") -> Raw:
    """Return rows that are numbers."""
    return Raw(kind, numbers)


def of_words(codes: Integers, words: tuple[str, ...], *, ordered: bool = False) -> Raw:
    """Return rows that are text."""
    return Raw("text", np.empty(0), codes, words, ordered)


def too_large(numbers: Array, array: Any, start: int = 0) -> Rows:
    """Return the rows that are infinite, or would become so; ``word`` says what the first is.

    Parameters
    ----------
    numbers : ndarray, shape (n,)
        The rows.
    array : pyarrow.Array
        The same rows as they stand in the source.
    start : int
        Number of the first row, as the whole source counts.
    """

    def word(row: int) -> str:
        infinite = np.isinf(numbers[row])
        what = "is infinite" if infinite else f"is too large to work with (beyond {LARGEST:g})"
        return f"{array[row].as_py()}, which {what}"

    with np.errstate(invalid="ignore"):
        return rows_where(np.abs(numbers) > LARGEST, start, word)


# What Arrow and Python raise on values that their types allow and nothing can hold.
_BEYOND = (pa.ArrowException, ValueError, OverflowError)


def read_typed(where: str, name: str, array: Any, *, words: bool = False) -> Raw:
    """Read some rows of a column by its type.

    Parameters
    ----------
    where, name : str
        How the source and the column are called.
    array : pyarrow.Array
        The rows.
    words : bool
        Whether whole numbers are labels, because other rows hold some beyond 2^53.

    Raises
    ------
    ColumnError
        If the type is of no use, or a value beyond what it is read as.
    """
    try:
        return _read(where, name, array, words)
    except _BEYOND as error:
        if isinstance(error, ColumnError):
            raise
        raise _unreadable(where, name, array.type, error) from error


def _read(where: str, name: str, array: Any, words: bool) -> Raw:
    kind = array.type
    if pa.types.is_run_end_encoded(kind):
        return _read(where, name, pc.run_end_decode(array), words)
    if pa.types.is_null(kind):
        return of_numbers(np.full(len(array), np.nan))
    if pa.types.is_boolean(kind):
        return of_numbers(_floats(array.cast(pa.int8())), "boolean")
    if pa.types.is_integer(kind):
        if words or beyond(array):
            return _text(array.cast(pa.string()))
        return of_numbers(_floats(array))
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return of_numbers(_floats(array))
    if pa.types.is_dictionary(kind):
        return _category(where, name, array)
    if _is_text(kind):
        return _text(array.cast(pa.large_string()))
    if pa.types.is_temporal(kind):
        raise ColumnError(
            f"{where}: column {name!r} holds dates or times ({kind}). Turn it into numbers "
            "first (days since a date, or year and month as columns), or into text, or leave it "
            "out."
        )
    raise _unused_type(where, name, kind)


def dates_as_words(where: str, name: str, array: Any) -> Any:
    """Return dates and times as text, where they are only to be told apart; the rest as it is.

    Raises
    ------
    ColumnError
        If they cannot be written, as in a time zone that does not exist.
    """
    try:
        return array.cast(pa.string()) if pa.types.is_temporal(array.type) else array
    except _BEYOND as error:
        raise _unreadable(where, name, array.type, error) from error


def beyond(array: Any) -> bool:
    """Say whether whole numbers are beyond what float64 holds, so that they are labels."""
    if pa.types.is_run_end_encoded(array.type):
        return pa.types.is_integer(array.type.value_type) and beyond(pc.run_end_decode(array))
    if not pa.types.is_integer(array.type):
        return False
    ends = pc.min_max(array).as_py()
    low, high = ends["min"], ends["max"]
    return low is not None and max(-int(low), int(high)) > LARGEST_WHOLE


def beyond_note(name: str) -> str:
    """Say why a column of whole numbers is text."""
    return f"column {name!r} has whole numbers beyond 2^53: kept as text"


def _unreadable(where: str, name: str, kind: Any, error: Exception) -> ColumnError:
    return ColumnError(
        f"{where}: column {name!r} of type {kind} holds what cannot be read ({error}). Convert the "
        "column to numbers or text, or leave it out."
    )


def _unused_type(where: str, name: str, kind: Any) -> ColumnError:
    return ColumnError(
        f"{where}: column {name!r} is of type {kind}; numbers, booleans and text are used. "
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
    filled = pc.fill_null(array, float("nan")) if array.null_count else array
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.float64)


def _text(array: Any) -> Raw:
    encoded = pc.dictionary_encode(array)
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return of_words(codes.astype(np.int64), tuple(encoded.dictionary.to_pylist()))


def _category(where: str, name: str, array: Any) -> Raw:
    entries = array.dictionary.to_pylist()
    words = [None if entry is None else _category_word(entry) for entry in entries]
    if any(word is None and entry is not None for word, entry in zip(words, entries, strict=True)):
        raise _unused_type(where, name, array.type)
    # Two entries may be the same word, and an entry may be null: neither is a level of its own.
    distinct = tuple(dict.fromkeys(word for word in words if word is not None))
    position = {word: k for k, word in enumerate(distinct)}
    table = np.array([-1 if w is None else position[w] for w in words] + [-1], dtype=np.int64)
    indices = pc.fill_null(array.indices.cast(pa.int64()), -1)
    codes: Integers = table[indices.to_numpy(zero_copy_only=False)]
    return of_words(codes, distinct, ordered=bool(array.type.ordered))


def _category_word(entry: Any) -> str | None:
    """Return how a category is called; None where it is of no use as a level."""
    if isinstance(entry, str | int | date | time | timedelta):
        return str(entry)
    if isinstance(entry, float | Decimal):
        return number_word(float(entry))
    return None
