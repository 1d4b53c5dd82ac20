"""What the notebook has to know of the learner's own points."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sigmoide.lesson.data import PARTS, LessonData
from sigmoide.lesson.notebook.cells import Expression
from sigmoide.lesson.notebook.plan import SEEDS_POINTS, Points
from sigmoide.lesson.optimum import Optimum, exact_fit, not_twice_the_same
from sigmoide.lesson.own import own_data
from sigmoide.lesson.valley import hessian, most_steps, rates_around, signed_rows
from sigmoide.sources.options import ReadOptions

_RATE = 0.05


def own_points(
    file: Path,
    folder: Path,
    x: Sequence[str] | None,
    y: str,
    event: Any,
    options: ReadOptions,
) -> Points:
    """Read the learner's file, and say what its notebook has to know.

    Parameters
    ----------
    file : Path
        The file.
    folder : Path
        Where the notebook will be.
    x, y, event, options
        As in ``write_notebook``.

    Returns
    -------
    Points
        Whether there is an optimum is found out here, so that the notebook asks only what has an
        answer.

    Raises
    ------
    DataError
        If the data cannot be used.
    """
    data = own_data(file, x, y, _RATE, event, options)
    rows = data.in_train
    found = not_twice_the_same(data, exact_fit(data.X[rows], data.yn[rows]))
    optimum = found if isinstance(found, Optimum) and _is_proved(found) else None
    values = {
        **SEEDS_POINTS.values,
        "path": seen_from(folder, file),
        "x": None if x is None else list(x),
        "y": y,
        "event": event,
        "options": _options(options),
        "most": most_steps(int(rows.sum()), 200_000),
        "fewer": most_steps(int(rows.sum()), 20_000),
        "longest": most_steps(int(rows.sum())),
        "turn": Expression("data.turn"),
        "size": max(1, min(16, int(rows.sum()) // 4)),
        "data": Expression(", data"),
    }
    if optimum is None:
        values |= {"C": 1.0, "l2": 1.0}
    else:
        values["rates"] = _rates(data, optimum)
    names = {
        "source": file.name,
        "x1": data.names[0],
        "x2": data.names[1],
        "target": data.target,
        "zero": data.classes[0],
        "one": data.classes[1],
    }
    return Points(values, names, own=True, optimum=optimum is not None, parts=_has_parts(data))


def seen_from(folder: Path, file: Path) -> str:
    """Return how a file is reached from a folder, with forward slashes.

    A notebook is run in its own folder; a relative path goes on working where both are moved.
    """
    file, folder = file.resolve(), folder.resolve()
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return file.as_posix()


def _options(options: ReadOptions) -> Expression:
    said = {
        name: getattr(options, name)
        for name in ("encoding", "delimiter", "decimal", "header")
        if getattr(options, name) is not None
    }
    return Expression(f"ReadOptions({', '.join(f'{k}={v!r}' for k, v in said.items())})")


def _is_proved(found: Optimum) -> bool:
    return bool(np.isfinite(found.standard_errors).all())


def _rates(data: LessonData, found: Optimum) -> tuple[float, ...]:
    """Return the learning rates to compare, the lesson's excepted.

    The last one is so far above the limit that a few hundred steps show it.
    """
    Z = signed_rows(data.X[data.in_train], data.yn[data.in_train])
    steepest = np.linalg.eigvalsh(hessian(Z, np.array([*found.weights, found.bias])))[-1]
    limit = 2.0 / float(steepest)
    *below, _ = rates_around(limit, _RATE)
    return (*(rate for rate in below if rate != _RATE), float(f"{1.05 * limit:.3g}"))


def _has_parts(data: LessonData) -> bool:
    """Say whether there are points for the test, to validate on, and of both classes to learn."""
    found = all((data.turn == part).any() for part in range(PARTS))
    return found and len(np.unique(data.yn[data.turn == PARTS - 1])) == 2
