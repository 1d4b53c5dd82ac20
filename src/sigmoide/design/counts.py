"""A target of counts: successes among trials, in one row for all of them.

A row of s successes among n trials is two observations of the model with the same columns: the
event, s times, and the other, n - s times. Nothing else is different from a frequency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Integers
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.values import Values
from sigmoide.columns.words import number_word
from sigmoide.design.target import Target, target_rows
from sigmoide.errors import TargetError
from sigmoide.sources.source import Source, rows_like_it

# What the two values of such a target are called.
SUCCESS, FAILURE = "success", "failure"


@dataclass(frozen=True, slots=True)
class Counted:
    """Successes and trials of some rows; it adds up over rows.

    Attributes
    ----------
    strange : Rows
        Rows whose successes are no number of so many trials.
    successes, trials : float
        Sums over the others.
    """

    strange: Rows
    successes: float
    trials: float

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.strange + other.strange,
            self.successes + other.successes,
            self.trials + other.trials,
        )


def answer_rows(
    target: Target, trials: str | None, values: Values, weight: Array, start: int = 0
) -> tuple[Array, Rows]:
    """Return the target of consecutive rows, NaN where missing, and rows that hold none.

    Parameters
    ----------
    target, trials
        What the model knows: the target, and the column of the trials where it is counted.
    values : Values
        The target's column.
    weight : ndarray, shape (n,)
        The trials, where it is counted.
    start : int
        Number of the first row, as the whole source counts.

    Returns
    -------
    y : ndarray, shape (n,)
        1.0 for the event and 0.0 for the other value; or the successes.
    strange : Rows
        Rows that hold what is no target.
    """
    if trials is None:
        return target_rows(target, values, start)
    if values.kind == "text":
        codes, levels = values.codes, values.levels
        return np.full(len(codes), np.nan), rows_where(
            codes >= 0, start, lambda row: repr(levels[int(codes[row])])
        )
    s = values.numbers
    with np.errstate(invalid="ignore"):
        wrong = (s < 0.0) | (s != np.floor(s)) | (s > weight)
    wrong &= ~np.isnan(s)

    def held(row: int) -> str:
        return f"{number_word(s[row])}, with {number_word(weight[row])} trials"

    return s, rows_where(wrong, start, held)


def counted(values: Values, trials: str, weight: Array, used: np.ndarray, start: int) -> Counted:
    """Count the successes and trials of the rows used.

    Parameters
    ----------
    values : Values
        The column of the successes.
    trials : str
        The column of the trials.
    weight : ndarray, shape (n,)
        The trials.
    used : ndarray of bool, shape (n,)
        Rows that count.
    start : int
        Number of the first row, as the whole source counts.
    """
    target = Target(values.name, SUCCESS, FAILURE)
    s, strange = answer_rows(target, trials, values.only(used), weight, start)
    return Counted(strange, float(np.nansum(s[used])), float(np.nansum(weight[used])))


def counted_target(source: Source, name: str, trials: str, found: Counted) -> Target:
    """Return the target of counts.

    Raises
    ------
    TargetError
        If some are no counts, or all are of one kind.
    """
    refuse_no_counts(source, name, found.strange)
    if found.successes in (0.0, found.trials):
        kind = "success" if found.successes else "failure"
        raise TargetError(
            f"{source.name}: every trial of {name!r} / {trials!r} is a {kind} "
            f"({number_word(found.trials)} of them). Both are needed: add rows of the other."
        )
    return Target(name, SUCCESS, FAILURE)


def refuse_no_counts(source: Source, name: str, strange: Rows) -> None:
    """Raise TargetError if successes are no number of so many trials."""
    if strange:
        raise TargetError(
            f"{source.name}, {source.place(strange.first)}: the successes {name!r} are "
            f"{strange.held} ({rows_like_it(strange.count)}). Whole numbers from 0 to the number "
            "of trials are needed: mend the value, or leave the row out."
        )


def observations(successes: Array, trials: Array) -> tuple[Integers, Array, Array]:
    """Return the observations that rows of counts stand for.

    Returns
    -------
    rows : ndarray of int64
        For each observation its row: the event before the other, each where it is met at all.
    y, weight : ndarray
        1.0 or 0.0, and how often it is met.
    """
    times = np.column_stack([successes, trials - successes]).ravel()
    met = np.flatnonzero(times > 0.0)
    return met // 2, np.where(met % 2 == 0, 1.0, 0.0), times[met]
