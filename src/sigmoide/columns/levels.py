"""Levels as they were met: by their words, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from sigmoide.columns.tally import Tally
from sigmoide.columns.values import Values


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


def levels_met(values: Values, held: Tally | None) -> tuple[Level, ...]:
    """Return the values counted, in the order of the column's levels, or of its numbers.

    Parameters
    ----------
    values : Values
        The column.
    held : Tally or None
        Of its codes or numbers; None is of no rows.
    """
    if held is None:
        return ()
    text = values.kind == "text"
    words = (values.levels[key] if text else values.word(key) for key in held.keys.tolist())
    return tuple(
        Level(word, count, first)
        for word, count, first in zip(
            words, held.counts.tolist(), held.firsts.tolist(), strict=True
        )
    )
