"""Some rows of a source: how many, and the first of them. What a message needs, and it adds up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that have something in common.

    Attributes
    ----------
    count : int
        How many.
    first : int
        The first, as the whole source counts; -1 where there is none.
    held : str
        What it holds, where that is to be shown.
    """

    count: int = 0
    first: int = -1
    held: str = ""

    def __add__(self, other: Rows) -> Rows:
        if not self.count or not other.count:
            return self if self.count else other
        early = self if self.first < other.first else other
        return Rows(self.count + other.count, early.first, early.held)

    def __bool__(self) -> bool:
        return self.count > 0


def rows_where(mask: np.ndarray, start: int = 0, held: Callable[[int], str] | None = None) -> Rows:
    """Return the rows of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (n,)
        Which of some consecutive rows.
    start : int
        Number of the first of these in the source.
    held : callable, optional
        From a position in the mask to what that row holds, in words.
    """
    count = int(np.count_nonzero(mask))
    if not count:
        return Rows()
    first = int(mask.argmax())
    return Rows(count, start + first, held(first) if held else "")
