"""A column's rows as they come: numbers, or codes of words in the order they are met."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sigmoide.blocks.block import LARGEST, Array, Integers
from sigmoide.columns.account import Rows, rows_where

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
    """Return the rows that are infinite, or would become so; held is what to say of the first.

    Parameters
    ----------
    numbers : ndarray, shape (n,)
        The rows.
    array : pyarrow.Array
        The same rows as they stand in the source.
    start : int
        Number of the first row, as the whole source counts.
    """

    def held(row: int) -> str:
        infinite = np.isinf(numbers[row])
        what = "is infinite" if infinite else f"is too large to work with (beyond {LARGEST:g})"
        return f"{array[row].as_py()}, which {what}"

    with np.errstate(invalid="ignore"):
        return rows_where(np.abs(numbers) > LARGEST, start, held)
