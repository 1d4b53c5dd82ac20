"""The learner's own points: two columns of numbers and a target of two values, from any source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.columns.values import read_values
from sigmoide.design.design import Term
from sigmoide.design.prepare import Prepared, Request, prepare
from sigmoide.errors import ColumnError, DataError, UsageError
from sigmoide.lesson.data import PARTS, SEED, Directions, LessonData, Origin, Scale
from sigmoide.sources.formats import in_memory
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.source import Source

# The least that leaves something to learn from, to stop by and to be tested on.
LEAST_ROWS = 12

# Rounding to float32 may move a point by this share of its column's spread.
_BLUR = 1e-5


def columns_asked_for(
    source: Any, x: Sequence[str] | None, y: str | None, event: Any
) -> tuple[Sequence[str] | None, str] | None:
    """Return the columns and the target of the learner's own data, or None if none were asked for.

    Raises
    ------
    UsageError
        If only a part was given of what is needed for that.
    """
    if source is None and x is None and y is None and event is None:
        return None
    if source is None or y is None:
        raise UsageError(
            "a lesson on data of your own needs two things: the data, and the column that says "
            "the class (y). Give both, and the columns to learn from (x) if not all; or none."
        )
    return x, y


def own_data(
    source: Any,
    x: Sequence[str] | None,
    y: str,
    rate: float,
    event: Any = None,
    options: ReadOptions | None = None,
    most_rows: int | None = None,
) -> LessonData:
    """Take columns and a target from a table, and put every third row aside for the test.

    The lesson's points have two coordinates: two columns as they are, or the first two principal
    directions of more, standardised; both by the training rows, and without a look at the target.

    Columns whose numbers are too large for the notebook's learning rate, or that float32 would
    blur, are standardised by the training rows; the others are used as they are.

    Parameters
    ----------
    source : path, data frame, mapping of arrays or Source
        The table.
    x : sequence of str or None
        The columns to learn from, two or more; None for all columns of numbers but the target
        that vary.
    y : str
        The target.
    rate : float
        The learning rate that the lesson will use.
    event : optional
        Which value of the target is class 1; by default as in :func:`sigmoide.logit`.
    options : ReadOptions, optional
        How to read a text file.
    most_rows : int, optional
        Draw so many rows at random, always the same, where there are more.

    Returns
    -------
    LessonData
        The rows that have all those values, in their order. Row k of the source is for the test
        where k is a multiple of 3, whatever other rows are missing.

    Raises
    ------
    UsageError
        If fewer than two columns are named, or one twice.
    DataError
        If a column is absent, is not of numbers, or does not vary; if the target has not two
        values; if the rows are too few.
    """
    if x is not None and (isinstance(x, str) or len(x) < 2 or len(set(x)) < len(x)):
        raise UsageError(
            f"the lesson was asked for with x={x!r}: it draws its points on a plane, so it needs "
            "two different columns of numbers, such as x=('a', 'b'), or more of them."
        )
    table = read_source(source, options)
    names = _all_numeric(table, y) if x is None else tuple(x)
    for name in names:
        kind = read_values(table, name).kind
        if kind != "numeric":
            raise ColumnError(
                f"{table.name}: column {name!r} holds {kind} values, and the lesson needs "
                "columns of numbers. Name another one."
            )
    ready = prepare(
        in_memory(table), Request(y, tuple(Term(name, name) for name in names), event=event)
    )
    found = len(ready.blocks.source_rows)
    sampled = most_rows is not None and found > most_rows
    if sampled:
        drawn = np.random.default_rng(SEED).choice(found, size=most_rows, replace=False)
        ready = replace(ready, blocks=ready.blocks.take(np.sort(drawn)))
    rows = ready.blocks.source_rows
    in_train = rows % PARTS != 0
    X = ready.blocks.map(lambda block: block.X)
    yn = ready.blocks.map(lambda block: block.y).astype(np.int64)
    _check(table, ready, names, X, yn, in_train)
    directions = None
    if len(names) > 2:
        X, directions = _projected(table, names, X, in_train)
        ready = _prepared_again(ready, X, yn)
        names = ready.design.names
    scale = _scale(X[in_train], rate)
    return LessonData(
        X if scale is None else (X - scale.centre) / scale.spread,
        yn,
        in_train,
        (names[0], names[1]),
        ready.target.column,
        (ready.target.other, ready.target.event),
        rows,
        Origin(table.name, ready, scale, directions, found if sampled else None),
    )


def _all_numeric(table: Source, target: str) -> tuple[str, ...]:
    """Return the columns of numbers that vary, but for the target."""
    table.column(target)
    found = []
    for name in table.names:
        values = None if name == target else read_values(table, name)
        if values is not None and values.kind == "numeric" and _varies(values.numbers):
            found.append(name)
    if len(found) < 2:
        raise ColumnError(
            f"{table.name}: besides {target!r} it has {len(found)} column(s) of numbers that vary, "
            "and the lesson draws its points on a plane: it needs two or more."
        )
    return tuple(found)


def _varies(numbers: NDArray[np.float64]) -> bool:
    seen = numbers[~np.isnan(numbers)]
    return len(seen) > 0 and bool(np.ptp(seen) > 0.0)


def _projected(
    table: Source, names: tuple[str, ...], X: NDArray[np.float64], in_train: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], Directions]:
    """Return the points along the first two principal directions of the standardised columns.

    The singular vectors of the standardised training rows (Jolliffe 2002, section 3.5).
    """
    Z = (X - X[in_train].mean(axis=0)) / X[in_train].std(axis=0)
    _, lengths, directions = np.linalg.svd(Z[in_train], full_matrices=False)
    if not lengths[1] > 1e-9 * lengths[0]:
        raise ColumnError(
            f"{table.name}: the columns {', '.join(map(repr, names))} all say the same, so they "
            "make a line and not a plane. Name others."
        )
    loadings = directions[:2].T
    largest = np.abs(loadings).argmax(axis=0)
    loadings = loadings * np.sign(loadings[largest, [0, 1]])
    shares = lengths[:2] ** 2 / np.sum(lengths**2)
    return Z @ loadings, Directions(names, loadings, (float(shares[0]), float(shares[1])))


def _prepared_again(ready: Prepared, X: NDArray[np.float64], y: NDArray[np.int64]) -> Prepared:
    """Return what was prepared, with two coordinates in place of its columns."""
    target = ready.target
    names = [f"PC{k}{'_' * (target.column == f'PC{k}')}" for k in (1, 2)]
    words = [(target.other, target.event)[k] for k in y]
    columns = dict(zip(names, X.T, strict=True)) | {target.column: words}
    terms = tuple(Term(name, name) for name in names)
    again = prepare(
        in_memory(read_source(columns)), Request(target.column, terms, event=target.event)
    )
    return replace(again, dropped=ready.dropped, source_rows=ready.source_rows)


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
            f"{table.name}: {len(y)} row(s) have {', '.join(map(repr, names))} and "
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
