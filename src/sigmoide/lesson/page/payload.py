"""All that the page's code knows, as one record that JSON can hold: taken from the lesson's."""

from __future__ import annotations

from typing import Any

import numpy as np

from sigmoide.arguments.words import printable
from sigmoide.errors import DataError
from sigmoide.lesson.data import CLASS_CENTERS, SEED
from sigmoide.lesson.newton import NewtonWalk
from sigmoide.lesson.optimum import NoOptimum, Optimum
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.subsets import (
    DEGREE,
    FURTHER,
    MOST_PRODUCTS,
    MOST_STEPS,
    PATIENCE,
    RATE,
    EarlyStopping,
)
from sigmoide.lesson.transcript import LEARNING_RATE, TRAINING_STEPS, VALID_STEPS
from sigmoide.lesson.valley import GAPS, most_steps
from sigmoide.lesson.way import Way
from sigmoide.report.scores import json_number

Payload = dict[str, Any]

# The key of what only the stills need: the page's code works it out for itself.
STILLS = "stills"

# Each point is a mark with an arrow, and is written out in the file.
MOST_POINTS = 2_000

# The pictures of points, in units of their viewBox: stills and live pictures share it.
VIEW = {"width": 560, "height": 440, "left": 46, "right": 14, "top": 14, "bottom": 50}

# The same of a graph of one number against another.
GRAPH = {"width": 560, "height": 380, "left": 58, "right": 16, "top": 34, "bottom": 50}

_MARGIN = 0.06


def payload(record: LessonRecord) -> Payload:
    """Return the lesson as dictionaries, lists, numbers and words.

    Parameters
    ----------
    record : LessonRecord
        What ``run_lesson`` returned.

    Returns
    -------
    dict
        What ``json.dumps`` takes with ``allow_nan=False``; ``STILLS`` is for the still
        pictures, all else for the page's code too.

    Raises
    ------
    DataError
        If there are more than ``MOST_POINTS`` points.
    """
    data, further = record.data, record.further
    if len(data.yn) > MOST_POINTS:
        raise DataError(
            f"{len(data.yn)} rows are too many for the page, which draws each one: it takes "
            f"{MOST_POINTS}. Give it a sample of them, or take the lesson without the page."
        )
    X = data.X
    return {
        "own": data.origin is not None,
        "scaled": data.origin is not None and data.origin.scale is not None,
        "directions": _directions(record),
        "sampled_from": None if data.origin is None else data.origin.sampled_from,
        "names": [printable(name) for name in data.names],
        "target": printable(data.target),
        "classes": [printable(word) for word in data.classes],
        "x1": X[:, 0].tolist(),
        "x2": X[:, 1].tolist(),
        "y": data.yn.tolist(),
        "train": data.in_train.astype(int).tolist(),
        "turn": data.turn.tolist(),
        "seed": SEED,
        "centres": CLASS_CENTERS,
        "frame": _frame(X),
        "view": VIEW,
        "start": record.path[0].tolist(),
        "end": record.path[-1].tolist(),
        "rate": LEARNING_RATE,
        "steps": TRAINING_STEPS,
        "every": VALID_STEPS,
        "optimum": _optimum(record),
        "no_optimum": _no_optimum(record.optimum),
        "graph": GRAPH,
        "gaps": list(GAPS),
        "most_steps": most_steps(int(data.in_train.sum())),
        "way": None if further.way is None else _way(further.way),
        "finite": {
            "breaks_at": further.finite.breaks_at,
            "eta": list(further.finite.eta),
            "notebook": [json_number(value) for value in further.finite.notebook],
            "stable": [json_number(value) for value in further.finite.stable],
        },
        "stopping": {
            "degree": DEGREE,
            "rate": RATE,
            "patience": PATIENCE,
            "further": FURTHER,
            "most_steps": MOST_STEPS,
            "most_products": MOST_PRODUCTS,
        },
        STILLS: {
            "passed": record.path[::5].tolist(),
            "losses": record.trajectory[:, 4:6].tolist(),
            "stopping": _curve(further.stopping),
        },
    }


def _frame(X: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    """Leave a margin around the points: lowest and highest x1, lowest and highest x2."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = _MARGIN * np.where(high > low, high - low, 1.0)
    return np.column_stack([low - margin, high + margin]).ravel().tolist()


def _optimum(record: LessonRecord) -> Payload | None:
    found = record.optimum
    if not isinstance(found, Optimum):
        return None
    proof = found.certificate
    return {
        "theta": [*found.weights.tolist(), found.bias],
        "loss": found.loss,
        "proved": proof.proved,
        "delta": json_number(proof.delta),
        "distance": json_number(proof.distance),
    }


def _directions(record: LessonRecord) -> Payload | None:
    origin = record.data.origin
    if origin is None or origin.directions is None:
        return None
    found = origin.directions
    return {"columns": [printable(name) for name in found.columns], "shares": list(found.shares)}


def _no_optimum(found: Optimum | NoOptimum) -> Payload | None:
    if isinstance(found, Optimum):
        return None
    return {"kind": found.kind, "complete": found.complete}


def _curve(found: EarlyStopping | None) -> Payload | None:
    """Give the losses of the lesson's training that stopped in time, at some of its steps."""
    if found is None:
        return None
    last = int(found.curve[-1, 0])
    # A picture has no room for every step.
    seen = sorted({*range(0, last, max(1, last // 80)), *range(0, min(last, 40), 4), last})
    return {
        "best": found.best,
        "stop": found.stop,
        "low": found.best_losses[1],
        "curve": found.curve[seen].tolist(),
    }


def _way(way: Way) -> Payload:
    return {
        "frozen_at": way.freezing.step,
        "frozen_gap": way.frozen_gap,
        "frozen_theta": way.freezing.theta.tolist(),
        "newton": _newton(way.newton),
        "unbraked": _newton(way.unbraked),
    }


def _newton(walk: NewtonWalk) -> Payload:
    return {
        "path": [[json_number(value) for value in theta] for theta in walk.path.tolist()],
        "losses": [json_number(value) for value in walk.losses.tolist()],
        "arrived": walk.arrived,
    }
