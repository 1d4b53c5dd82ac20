"""The learner's own points: two columns of numbers and a target of two values, from any source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.data.design import Term
from sigmoide.data.frames import read_source
from sigmoide.data.options import ReadOptions
from sigmoide.data.prepare import Prepared, Request, prepare
from sigmoide.data.source import Source
from sigmoide.data.values import read_values
from sigmoide.errors import ColumnError, DataError, UsageError
from sigmoide.lesson.data import PARTS, LessonData, Origin, Scale

# The least that leaves something to learn from, to stop by and to be tested on.
LEAST_ROWS = 12

# Rounding to float32 may move a point by this share of its column's spread.
_BLUR = 1e-5


def columns_asked_for(
    source: Any, x: Sequence[str] | None, y: str | None, event: Any
) -> tuple[Sequence[str], str] | None:
    """Return the columns and the target of the learner's own data, or None if none were asked for.

    Raises
    ------
    UsageError
        If only a part was given of what is needed for that.
    """
    if source is None and x is None and y is None and event is None:
        return None
    if source is None or x is None or y is None:
        raise UsageError(
            "a lesson on data of your own needs three things: the data, two columns of numbers "
            "to learn from (x) and the column that says the class (y). Give all three, or none."
        )
    return x, y


def own_data(
    source: Any,
    x: Sequence[str],
    y: str,
    rate: float,
    event: Any = None,
    options: ReadOptions | None = None,
) -> LessonData:
    """Take two columns and a target from a table, and put every third row aside for the test.

    Columns whose numbers are too large for the notebook's learning rate, or that float32 would
    blur, are standardised by the training rows; the others are used as they are.

    Parameters
    ----------
    source : path, data frame, mapping of arrays or Source
        The table.
    x : sequence of two str
        The columns to learn from.
    y : str
        The target.
    rate : float
        The learning rate that the lesson will use.
    event : optional
        Which value of the target is class 1; by default as in :func:`sigmoide.logit`.
    options : ReadOptions, optional
        How to read a text file.

    Returns
    -------
    LessonData
        The rows that have all three values, in their order. Row k of the source is for the test
        where k is a multiple of 3, whatever other rows are missing.

    Raises
    ------
    UsageError
        If not two different columns and a target are named.
    DataError
        If a column is absent, is not of numbers, or does not vary; if the target has not two
        values; if the rows are too few.
    """
    names = tuple(x)
    if isinstance(x, str) or len(names) != 2 or names[0] == names[1]:
        raise UsageError(
            f"the lesson was asked for with x={x!r}: it draws its points on a plane, so it needs "
            "two different columns of numbers, such as x=('a', 'b')."
        )
    table = read_source(source, options)
    for name in names:
        kind = read_values(table, name).kind
        if kind != "numeric":
            raise ColumnError(
                f"{table.name}: column {name!r} holds {kind} values, and the lesson needs two "
                "columns of numbers. Name another one."
            )
    ready = prepare(table, Request(y, tuple(Term(name, name) for name in names), event=event))
    rows = ready.blocks.source_rows
    in_train = rows % PARTS != 0
    X = ready.blocks.map(lambda block: block.X)
    yn = ready.blocks.map(lambda block: block.y).astype(np.int64)
    _check(table, ready, names, X, yn, in_train)
    scale = _scale(X[in_train], rate)
    return LessonData(
        X if scale is None else (X - scale.centre) / scale.spread,
        yn,
        in_train,
        (names[0], names[1]),
        ready.target.column,
        (ready.target.other, ready.target.event),
        rows,
        Origin(table.name, ready, scale),
    )


def _check(
    table: Source,
    ready: Prepared,
    names: tuple[str, ...],
    X: NDArray[np.float64],
    y: NDArray[np.int64],
    in_train: NDArray[np.bool_],
) -> None:
    """Refuse rows that the lesson could not walk through."""
    if len(y) < LEAST_ROWS:
        raise DataError(
            f"{table.name}: {len(y)} row(s) have {names[0]!r}, {names[1]!r} and "
            f"{ready.target.column!r}; the lesson needs {LEAST_ROWS} or more, to learn from, to "
            "stop by and to be tested on."
        )
    if in_train.all():
        raise DataError(
            f"{table.name}: the test takes rows 0, 3, 6 … (counted from 0), and all of those miss "
            "a value. Shuffle the rows."
        )
    found = np.unique(y[in_train])
    if len(found) < 2:
        absent = ready.target.event if found[0] == 0 else ready.target.other
        raise DataError(
            f"{table.name}: rows 0, 3, 6 … (counted from 0) are put aside for the test, and none "
            f"of the others has {ready.target.column} = {absent}: nothing is left to be told "
            "apart. Shuffle the rows, or collect more of that class."
        )
    for name, column in zip(names, X[in_train].T, strict=True):
        if not np.ptp(column) > 0.0:
            raise ColumnError(
                f"{table.name}: column {name!r} is {column[0]:g} in every training row; a column "
                "that does not vary cannot tell classes apart. Name another one."
            )


def _scale(X: NDArray[np.float64], rate: float) -> Scale | None:
    """Return how to standardise the training rows, or None if they are fine as they are.

    The curvature of the mean loss is nowhere more than a quarter of the largest eigenvalue of
    the mean of z z', z = (x1, x2, 1): below 2 / that, a descent goes down at every step.
    """
    Z = np.column_stack([X, np.ones(len(X))])
    spread = X.std(axis=0)
    steepest = float(np.linalg.eigvalsh(Z.T @ Z / len(Z))[-1]) / 4
    with np.errstate(over="ignore"):
        blurred = np.abs(X.astype(np.float32) - X) > _BLUR * spread
    if rate * steepest < 2 and not blurred.any():
        return None
    return Scale(X.mean(axis=0), spread)
