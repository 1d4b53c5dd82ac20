"""Starts on which solvers fail, each of any size: rows, target, weights and offsets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.blocks import Blocks, array_blocks

Floats = NDArray[np.floating]
Rows = tuple[Floats, Floats, Floats | None, Floats | None]


def drawn(n: int, d: int, seed: int = 0, slope: float = 0.5, base: float = 0.0) -> Rows:
    """Return independent normal columns, of which five matter."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    eta = X[:, :5].sum(axis=1) * slope + base
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    return X, y, None, None


def blocks_of(
    X: Floats,
    y: Floats,
    weight: Floats | None = None,
    offset: Floats | None = None,
    **options: int,
) -> Blocks:
    return array_blocks(X, y, weight, offset, tuple(f"x{j}" for j in range(X.shape[1])), **options)


def imbalance(n: int, d: int, odds: float, least: int) -> Rows:
    """Return one event among so many rows, but so many events at least."""
    X, _, _, _ = drawn(n, d, 1)
    rng = np.random.default_rng(2)
    y = (rng.random(n) < np.exp(0.7 * X[:, 0] - np.log(odds))).astype(float)
    y[:least] = 1.0
    return X, y, None, None


def scaled(n: int, d: int) -> Rows:
    X, y, _, _ = drawn(n, d, 3)
    return X * np.logspace(-12, 12, d), y, None, None


def sorted_by_class(n: int, d: int) -> Rows:
    X, y, _, _ = drawn(n, d, 5)
    order = np.argsort(y, kind="stable")
    return X[order], y[order], None, None


def duplicated(n: int, d: int) -> Rows:
    X, _, _, _ = drawn(n, d, 6)
    again = np.arange(n) // (n // (4 * d))
    return X[again], (np.random.default_rng(0).random(n) < 0.5).astype(float), None, None


def weights_over_ten_orders(n: int, d: int) -> Rows:
    X, y, _, _ = drawn(n, d, 7)
    return X, y, 10.0 ** np.random.default_rng(0).uniform(-5, 5, size=n), None


def offsets_of_fifty(n: int, d: int) -> Rows:
    X, y, _, _ = drawn(n, d, 8)
    offset = np.random.default_rng(0).choice([-50.0, 0.0, 50.0], size=n, p=[0.1, 0.8, 0.1])
    return X, y, None, offset


def timestamps(n: int, d: int) -> Rows:
    X, y, _, _ = drawn(n, d, 9)
    X[:, 1] = 1.7e9 + np.round(1e6 * X[:, 1])
    return X, y, None, None


def heavy_tails(n: int, d: int) -> Rows:
    X, y, _, _ = drawn(n, d, 10)
    X[:, d // 2 :] = np.random.default_rng(0).standard_t(2, size=(n, d - d // 2))
    return X, y, None, None


def correlated(n: int, d: int) -> Rows:
    """Return columns that share two factors: a diagonal knows nothing of their Hessian."""
    rng = np.random.default_rng(11)
    factors = rng.normal(size=(n, 2))
    X = factors @ rng.normal(size=(2, d)) + 0.05 * rng.normal(size=(n, d))
    y = (rng.random(n) < 1 / (1 + np.exp(-factors[:, 0]))).astype(float)
    return X, y, None, None


HARD: dict[str, Callable[[int, int], Rows]] = {
    "1:1000": lambda n, d: imbalance(n, d, 1000.0, 3 * d),
    "1:100000": lambda n, d: imbalance(n, d, 100_000.0, 2 * d),
    "scaled": scaled,
    "near-separable": lambda n, d: drawn(n, d, 4, slope=12.0),
    "sorted": sorted_by_class,
    "duplicated": duplicated,
    "weights": weights_over_ten_orders,
    "offsets": offsets_of_fifty,
    "timestamps": timestamps,
    "heavy tails": heavy_tails,
    "correlated": correlated,
}
