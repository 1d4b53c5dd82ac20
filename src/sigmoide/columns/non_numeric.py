"""Words where numbers are wanted: which rows hold them, and which word comes first."""

from __future__ import annotations

import numpy as np

from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.values import Values
from sigmoide.columns.words import is_number


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

    def held(row: int) -> str:
        return levels[int(codes[row])]

    return rows_where(strange[codes], start, held), rows_where(codes >= 0, start, held)
