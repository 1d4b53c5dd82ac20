"""Levels: as they were met, and as codes by what was learned of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.tally import Tally
from sigmoide.columns.values import Values
from sigmoide.columns.words import number_word
from sigmoide.design.design import Coding, Policies


@dataclass(frozen=True, slots=True)
class Level:
    """One value of a column.

    Attributes
    ----------
    word : str
        How it is called.
    count, first : int
        Rows that hold it, and the first of them.
    """

    word: str
    count: int
    first: int


def levels_met(values: Values, tally: Tally | None) -> tuple[Level, ...]:
    """Return the values counted, in the order of the column's levels, or of its numbers.

    Parameters
    ----------
    values : Values
        The column.
    tally : Tally or None
        Of its codes or numbers; None is of no rows.
    """
    if tally is None:
        return ()
    text = values.kind == "text"
    words = (values.levels[key] if text else values.word(key) for key in tally.keys.tolist())
    return tuple(
        Level(word, count, first)
        for word, count, first in zip(
            words, tally.counts.tolist(), tally.firsts.tolist(), strict=True
        )
    )


# What may be wrong with a row.
NUMBER, UNSEEN = 0, 1


def fill_levels(part: Array, coding: Coding, codes: np.ndarray) -> None:
    """Write the columns of levels, which hold zeros, into a part of X."""
    column = np.full(len(coding.levels) + 1, -1, dtype=np.int64)
    shown = [k for k, level in enumerate(coding.levels) if level != coding.reference]
    column[shown] = np.arange(len(shown))
    places = column[codes]
    rows = np.flatnonzero(places >= 0)
    part[rows, places[rows]] = 1.0
    if coding.contrast == "sum" and coding.reference is not None:
        part[codes == coding.levels.index(coding.reference), : len(shown)] = -1.0


def codes_of(
    coding: Coding, values: Values, policies: Policies, start: int
) -> tuple[np.ndarray, np.ndarray, dict[int, Rows]]:
    """Return positions in the learned levels, -1 for missing; rows of unseen levels; faults."""
    wrong: dict[int, Rows] = {}
    if coding.kind == "boolean" and values.kind == "numeric":
        values, others = _as_booleans(values, start)
        if others:
            wrong[NUMBER] = others
    named = values.as_levels()
    codes = _positions(named.levels, coding.levels)[named.codes]
    strange = codes == -2
    if strange.any():
        # Without a value no policy says what to do, unless missing values may be missing.
        if policies.unseen == "error" or (policies.unseen, policies.missing) == (
            "missing",
            "error",
        ):
            wrong[UNSEEN] = rows_where(strange, start, lambda k: named.levels[named.codes[k]])
        if policies.unseen == "reference":
            stand_in = coding.reference if coding.reference is not None else coding.levels[0]
            codes[strange] = coding.levels.index(stand_in)
        else:
            codes[strange] = -1
    return codes, strange, wrong


@lru_cache(maxsize=256)
def _positions(levels: tuple[str, ...], known: tuple[str, ...]) -> np.ndarray:
    """Return where each level stands among those that are known; -2 for none, -1 at the end."""
    place = {level: k for k, level in enumerate(known)}
    return np.array([place.get(level, -2) for level in levels] + [-1], dtype=np.int64)


def _as_booleans(values: Values, start: int) -> tuple[Values, Rows]:
    """Take 0 and 1 for False and True, as other programs write them; and find other numbers."""
    other = ~(values.missing() | (values.numbers == 0.0) | (values.numbers == 1.0))
    rows = rows_where(other, start, lambda k: number_word(values.numbers[k]))
    numbers = np.where(other, np.nan, values.numbers) if rows else values.numbers
    return Values(values.name, "boolean", numbers, values.codes), rows
