"""The target: which of two values is the event, or counts of successes among trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sigmoide.arguments.words import shown
from sigmoide.blocks.block import Array, Integers
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.tally import MOST, Tally, tally
from sigmoide.columns.values import Values
from sigmoide.columns.words import is_number, number_word
from sigmoide.design.levels import levels_met
from sigmoide.errors import TargetError
from sigmoide.sources.source import Source, listed, rows_like_it


@dataclass(frozen=True, slots=True)
class Target:
    """A binary target.

    Attributes
    ----------
    column : str
        Its name.
    event, other : str
        The value whose probability is modelled, and the other one, as words.
    notice : str
        What to tell the reader where the choice was a convention; else empty.
    """

    column: str
    event: str
    other: str
    notice: str = ""


def event_word(event: Any) -> str:
    """Return the word for an event given as text, number or boolean."""
    if isinstance(event, bool | np.bool_):
        return str(bool(event))
    if isinstance(event, float | np.floating):
        return number_word(float(event))
    if getattr(event, "ndim", 0):
        # No value, and of a sparse matrix str would read what nobody has checked.
        return shown(event)
    try:
        return str(int(event)) if isinstance(event, int | np.integer) else str(event)
    except ValueError:
        return shown(event)


def learn_target(source: Source, values: Values, live: np.ndarray, event: Any = None) -> Target:
    """Decide which value is the event, from all rows.

    Parameters
    ----------
    source, values
        The target's column.
    live : ndarray of bool, shape (n,)
        Rows that count.
    event : optional
        The value to model.

    Raises
    ------
    TargetError
        As :func:`choose_event` does.
    """
    answers = tally(values.keys, live & ~values.missing())
    return choose_event(source, values, answers, len(live), event)


def choose_event(
    source: Source, values: Values, answers: Tally, rows: int, event: Any = None
) -> Target:
    """Decide which value is the event.

    {0, 1}, {-1, 1} and booleans model the larger; an ordered category its last level; two texts
    the second in sorted order, with a notice. Any other two numbers need ``event``.

    Parameters
    ----------
    source, values
        The target's column.
    answers : Tally
        Its values in the rows that count.
    rows : int
        All rows.
    event : optional
        The value to model.

    Raises
    ------
    TargetError
        If there are not two values, or the event is not one of them.
    """
    met = levels_met(values, answers)
    where = f"{source.name}: the target {values.name!r}"
    words = tuple(level.word for level in met)
    if len(words) == 0:
        raise TargetError(f"{where} has no values in the rows used. Name another column.")
    if len(words) == 1:
        used = met[0].count
        among = "every row" if used == rows else f"each of the {used:,} rows used"
        raise TargetError(
            f"{where} is constant: {among} holds {words[0]!r}. Two classes are needed: "
            "add rows of the other, or name another column."
        )
    if len(words) > 2:
        many = f"more than {MOST:,}" if answers.more else str(len(words))
        raise TargetError(
            f"{where} has {many} different values: {listed(words, 6)} "
            f"({words[2]!r} is met at {source.place(met[2].first)}). Two classes are needed: "
            "make it a column of two values, or keep the rows of two of them."
        )
    if event is not None:
        word = _event_among(words, values, event)
        if word is None:
            raise TargetError(
                f"{where} has the values {listed(words)}; the event {shown(event_word(event))} is "
                "none of them. Choose one of them."
            )
        other = words[0] if word == words[1] else words[1]
        return Target(values.name, word, other)
    if values.kind == "numeric" and words not in (("0", "1"), ("-1", "1")):
        raise TargetError(
            f"{where} has the values {words[0]} and {words[1]}, and which of them is the event is "
            f"not a thing to guess. Say event={words[1]} or event={words[0]} "
            f"(--event {words[1]}, --event {words[0]})."
        )
    notice = ""
    if values.kind == "text" and not values.ordered:
        notice = (
            f"the event is {words[1]!r}, the second level of {values.name!r} in sorted order; "
            f"event={words[0]!r} would model the other"
        )
    return Target(values.name, words[1], words[0], notice)


def _event_among(words: tuple[str, ...], values: Values, event: Any) -> str | None:
    """Return the value that the event means, in whatever type it was given; None if none."""
    word = event_word(event)
    if word in words:
        return word
    folded = word.strip().casefold()
    if values.kind == "boolean":
        meant = {"1": "True", "0": "False", "true": "True", "false": "False"}.get(folded)
    elif values.kind == "numeric" and folded in ("true", "false") and words == ("0", "1"):
        meant = "1" if folded == "true" else "0"
    elif values.kind == "numeric" and is_number(word.strip()):
        meant = number_word(float(word))
    else:
        meant = None
    return meant if meant in words else None


def encode_target(target: Target, source: Source, values: Values) -> Array:
    """Return 1.0 for the event, 0.0 for the other value, NaN where missing.

    Raises
    ------
    TargetError
        If another value is met.
    """
    y, strange = target_rows(target, values)
    refuse_strange(target, source, strange)
    return y


def target_rows(target: Target, values: Values, start: int = 0) -> tuple[Array, Rows]:
    """Return what :func:`encode_target` does, of consecutive rows, and those of another value.

    Parameters
    ----------
    target, values
        What was learned, and the target's column.
    start : int
        Number of the first row, as the whole source counts.
    """
    named = values.as_levels()
    known = {target.other: 0.0, target.event: 1.0}
    table = np.array([known.get(word, np.inf) for word in named.levels] + [np.nan])
    y = np.asarray(table[named.codes])
    strange = rows_where(np.isinf(y), start, lambda row: named.levels[named.codes[row]])
    return y, strange


def refuse_strange(target: Target, source: Source, strange: Rows) -> None:
    """Raise TargetError if a target holds another value than the model knows."""
    if strange:
        raise TargetError(
            f"{source.name}, {source.place(strange.first)}: the target {target.column!r} holds "
            f"{strange.held!r}; the model knows {target.other!r} and "
            f"{target.event!r}. Mend the value, or leave the row out."
        )


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

    def in_words(row: int) -> str:
        return f"{number_word(s[row])}, with {number_word(weight[row])} trials"

    return s, rows_where(wrong, start, in_words)


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


def counted_target(source: Source, name: str, trials: str, counts: Counted) -> Target:
    """Return the target of counts.

    Raises
    ------
    TargetError
        If some are no counts, or all are of one kind.
    """
    refuse_no_counts(source, name, counts.strange)
    if counts.successes in (0.0, counts.trials):
        kind = "success" if counts.successes else "failure"
        raise TargetError(
            f"{source.name}: every trial of {name!r} / {trials!r} is a {kind} "
            f"({number_word(counts.trials)} of them). Both are needed: add rows of the other."
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
