"""Synthetic problems: each family has one trait that solvers are known to stumble over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.records import Array, Generator, Integers

Data = tuple[NDArray[Any], Integers]


def dense(
    rng: Generator,
    rows: int,
    columns: int,
    dtype: str = "float64",
    *,
    spread: float = 2.0,
    rate: float = 0.3,
) -> Data:
    """Gaussian columns that share one factor.

    Parameters
    ----------
    rng : Generator
        Source of the numbers.
    rows, columns : int
        Shape of X.
    dtype : {"float32", "float64"}
        Type of X.
    spread : float
        Standard deviation of the linear predictor: 2 is a strong but ordinary effect.
    rate : float
        Share of the rows with y = 1.
    """
    X, y = np.empty((rows, columns), dtype), np.empty(rows, np.int64)
    low = 0
    for part, target in parts(rng, rows, columns, dtype, spread=spread, rate=rate):
        X[low : low + len(target)], y[low : low + len(target)] = part, target
        low += len(target)
    return X, y


def parts(
    rng: Generator,
    rows: int,
    columns: int,
    dtype: str,
    *,
    spread: float = 2.0,
    rate: float = 0.3,
    part_rows: int = 1 << 16,
) -> Iterator[Data]:
    """Yield the rows of :func:`dense` part by part, for data that are never held whole."""
    load = rng.normal(0.0, 0.5, columns)
    w = rng.normal(size=columns)
    w *= spread / np.sqrt(w @ w + (w @ load) ** 2)
    b = _intercept(rng, spread, rate)
    for low in range(0, rows, part_rows):
        count = min(part_rows, rows - low)
        X = rng.standard_normal((count, columns), dtype)  # type: ignore[call-overload]
        X += rng.normal(size=(count, 1)).astype(dtype) * load.astype(dtype)
        yield X, _draw(rng, X @ w + b)


def scaled(rng: Generator, rows: int, columns: int) -> Data:
    """Columns in units from 1e-3 to 1e3, none of them centred."""
    X, y = dense(rng, rows, columns)
    X += rng.normal(size=columns)
    X *= 10.0 ** rng.uniform(-3.0, 3.0, columns)
    return X, y


def imbalanced(rng: Generator, rows: int, columns: int) -> Data:
    """One event in a thousand rows."""
    return dense(rng, rows, columns, rate=1e-3)


def nearly_separable(rng: Generator, rows: int, columns: int) -> Data:
    """Few rows that overlap, for the linear predictor is wide; sorted by class."""
    X, y = dense(rng, rows, columns, spread=15.0, rate=0.5)
    order = np.argsort(y, kind="stable")
    return np.ascontiguousarray(X[order]), y[order]


def _draw(rng: Generator, eta: Array) -> Integers:
    # A logistic variable below eta: the definition of the model.
    return (rng.logistic(size=len(eta)) < eta).astype(np.int64)


def _intercept(rng: Generator, spread: float, rate: float) -> float:
    """Return b with mean sigmoid(b + spread N(0,1)) = rate, by bisection."""
    eta = spread * rng.normal(size=200_000)
    low, high = -60.0, 60.0
    for _ in range(60):
        b = (low + high) / 2.0
        low, high = (b, high) if (1.0 / (1.0 + np.exp(-eta - b))).mean() < rate else (low, b)
    return (low + high) / 2.0
