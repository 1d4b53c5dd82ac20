"""One column's values, understood: numbers, booleans or text, and which are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sigmoide.data.blocks import Array, Integers
from sigmoide.data.source import Source
from sigmoide.errors import ColumnError

Kind = Literal["numeric", "boolean", "text"]

MISSING_WORDS = ("", "NA", "NaN", "nan", "null", "NULL")

# Whole numbers beyond this are not all float64: they are labels, not measurements.
_LARGEST_WHOLE = 2.0**53
# Their squares must not overflow.
_LARGEST = 1e150

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(inf|infinity|Inf|Infinity)$"


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


def number_word(value: float) -> str:
    """Return ``2`` for 2.0 and ``0.5`` for 0.5: how a number is named as a level."""
    whole = float(value).is_integer() and abs(value) < _LARGEST_WHOLE
    return str(int(value)) if whole else repr(float(value))


def read_values(source: Source, name: str) -> Values:
    """Understand one column.

    Raises
    ------
    ColumnError
        If it is of a type that is no number, boolean or text, or holds an infinity.
    """
    array = source.column(name)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    values = _untyped(source, name, array) if source.untyped else _typed(source, name, array)
    wrong = np.flatnonzero(np.abs(values.numbers) > _LARGEST)
    if len(wrong):
        value = values.numbers[wrong[0]]
        what = "is infinite" if np.isinf(value) else f"is too large to work with ({_LARGEST:g})"
        raise ColumnError(
            f"{source.name}, {source.place(int(wrong[0]))}: column {name!r} holds {value:g}, "
            f"which {what}. Mend or remove the value, or make it missing."
        )
    return values


def _untyped(source: Source, name: str, array: Any) -> Values:
    """Find the type of a column of text: all of it decides, not its beginning."""
    trimmed = pc.utf8_trim_whitespace(array)
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING_WORDS))
    present = trimmed.filter(pc.invert(missing))
    if source.decimal == ",":
        present = pc.replace_substring(present, ",", ".")
    if not len(present) or pc.all(pc.match_substring_regex(present, _NUMBER)).as_py():
        label = _label_note(name, present)
        if not label:
            numbers = np.full(len(array), np.nan)
            mask = ~missing.to_numpy(zero_copy_only=False)
            numbers[mask] = pc.cast(present, pa.float64()).to_numpy(zero_copy_only=False)
            return Values(name, "numeric", numbers, _none())
        return _text(name, array, missing, note=label)
    if pc.all(pc.match_substring_regex(present, r"^(?i:true|false)$")).as_py():
        words = pc.utf8_lower(trimmed)
        numbers = pc.equal(words, "true").to_numpy(zero_copy_only=False).astype(np.float64)
        numbers[missing.to_numpy(zero_copy_only=False)] = np.nan
        return Values(name, "boolean", numbers, _none())
    return _text(name, array, missing)


def _label_note(name: str, present: Any) -> str:
    """Say why a column of digits is labels: leading zeros, or more digits than float64 holds."""
    if pc.any(pc.match_substring_regex(present, r"^[+-]?0\d")).as_py():
        return f"column {name!r} has numbers with leading zeros: kept as text"
    digits = present.filter(pc.match_substring_regex(present, r"^[+-]?\d{16,}$"))
    if len(digits) and any(abs(int(word)) > _LARGEST_WHOLE for word in digits.to_pylist()):
        return f"column {name!r} has whole numbers beyond 2^53: kept as text"
    return ""


def _typed(source: Source, name: str, array: Any) -> Values:
    kind = array.type
    if pa.types.is_null(kind):
        return Values(name, "numeric", np.full(len(array), np.nan), _none())
    if pa.types.is_boolean(kind):
        return Values(name, "boolean", _floats(array.cast(pa.int8())), _none())
    if pa.types.is_integer(kind):
        present = array.drop_null()
        if len(present) and max(-int(pc.min(present).as_py()), int(pc.max(present).as_py())) > (
            _LARGEST_WHOLE
        ):
            note = f"column {name!r} has whole numbers beyond 2^53: kept as text"
            return _text(name, array.cast(pa.string()), pc.is_null(array), note=note)
        return Values(name, "numeric", _floats(array), _none())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Values(name, "numeric", _floats(array), _none())
    if pa.types.is_dictionary(kind):
        return _category(name, array)
    if _is_text(kind):
        return _text(name, array.cast(pa.large_string()), pc.is_null(array))
    if pa.types.is_temporal(kind):
        raise ColumnError(
            f"{source.name}: column {name!r} holds dates or times ({kind}). Turn it into numbers "
            "first (days since a date, or year and month as columns), or into text."
        )
    raise ColumnError(
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
    return np.array(pc.fill_null(array, float("nan")).to_numpy(zero_copy_only=False), dtype=float)


def _text(name: str, array: Any, missing: Any, note: str = "") -> Values:
    mask = missing.to_numpy(zero_copy_only=False)
    encoded = pc.dictionary_encode(array)
    words = encoded.dictionary.to_pylist()
    codes = np.array(pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False), np.int64)
    codes[mask] = -1
    return _sorted(name, codes, words, ordered=False, note=note)


def _category(name: str, array: Any) -> Values:
    words = [
        str(word) if isinstance(word, str | bool) else number_word(word)
        for word in array.dictionary.to_pylist()
    ]
    codes = np.array(pc.fill_null(array.indices, -1).to_numpy(zero_copy_only=False), np.int64)
    return _sorted(name, codes, words, ordered=bool(array.type.ordered))


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
