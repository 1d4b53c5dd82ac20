"""Laws that samples are drawn from, and the coefficient that intervals of each are to cover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.coverage.limits import curved_limit, mixed_limit
from benchmarks.records import Array, Generator, Integers

# Rows of a cluster.
CLUSTER = 5
# Shares of events in the two groups, the second of which is a fifth of the rows.
GROUP_RATES = (0.5, 0.2)
SIZES = (50, 200, 2000)


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows that were drawn.

    Attributes
    ----------
    X : ndarray, shape (n, d)
        Columns of the model that is fitted, the intercept apart.
    y : ndarray, shape (n,)
        0.0 and 1.0.
    clusters : ndarray of int64, shape (n,), or None
        The cluster of each row.
    """

    X: Array
    y: Array
    clusters: Integers | None = None


@dataclass(frozen=True, slots=True)
class World:
    """A law, and what is asked of it.

    Attributes
    ----------
    name, what : str
        How the tables call it, and what it is.
    estimand : float
        The value that an interval is to cover: of coefficient 1, the first column's.
    draw : callable
        From random numbers and n to a sample of n rows.
    methods : tuple of str
        Intervals that are tried.
    limits : mapping
        From a method whose coverage tends to something else than what it says, to its errors over
        those that the estimate really has, in the limit of many rows.
    """

    name: str
    what: str
    estimand: float
    draw: Callable[[Generator, int], Sample]
    methods: tuple[str, ...]
    limits: Mapping[str, float] = field(default_factory=dict)


def group_sizes(rows: int) -> tuple[int, int]:
    """Return how many rows are in the two groups."""
    return rows - rows // 5, rows // 5


def _two_groups(rng: Generator, rows: int) -> Sample:
    x = np.repeat([0.0, 1.0], group_sizes(rows))
    return Sample(x[:, None], _coins(rng, np.asarray(GROUP_RATES)[x.astype(int)]))


def _logistic(rng: Generator, rows: int) -> Sample:
    x, g = rng.normal(size=rows), (rng.random(rows) < 0.5).astype(np.float64)
    return Sample(np.column_stack([x, g]), _coins(rng, sigmoid(-0.5 + x - g)))


def _curved(rng: Generator, rows: int) -> Sample:
    x = rng.normal(size=rows)
    return Sample(x[:, None], _coins(rng, curve(x)))


def _clustered(rng: Generator, rows: int) -> Sample:
    clusters = np.arange(rows, dtype=np.int64) // CLUSTER
    shared, pull = rng.normal(size=(2, clusters[-1] + 1))
    x = (shared[clusters] + rng.normal(size=rows)) / np.sqrt(2.0)
    return Sample(x[:, None], _coins(rng, mixed(x, pull[clusters])), clusters)


def curve(x: Array) -> Array:
    """Return the probabilities of the curved world."""
    return sigmoid(-1.5 + 0.5 * x + 0.75 * x**2)


def mixed(x: Array, pull: Array) -> Array:
    """Return the probabilities of the clustered world, given the pull of the row's cluster."""
    return sigmoid(-0.5 + x + 1.5 * pull)


def sigmoid(eta: Array) -> Array:
    """Return 1 / (1 + e^-eta)."""
    return np.asarray(1.0 / (1.0 + np.exp(-eta)))


def _coins(rng: Generator, p: Array) -> Array:
    return (rng.random(len(p)) < p).astype(np.float64)


def worlds() -> tuple[World, ...]:
    """Return all worlds."""
    low, high = GROUP_RATES
    curved, clustered = curved_limit(curve, sigmoid), mixed_limit(mixed, sigmoid, CLUSTER)
    return (
        World(
            "two groups",
            "A column of 0 and 1, fixed: a fifth of the rows have 1; events of 0.5 and 0.2 of the "
            "rows. The model is right; of its 2 × 2 tables every one is enumerated. The "
            "coefficient is the column's",
            float(np.log(high / (1 - high)) - np.log(low / (1 - low))),
            _two_groups,
            ("Wald", "profile", "HC1", "HC3", "Firth"),
        ),
        World(
            "logistic",
            "A linear predictor -0.5 + x - g, x normal, g a fair coin. The model is right. The "
            "coefficient is x's",
            1.0,
            _logistic,
            ("Wald", "profile", "HC1", "HC3", "Firth"),
        ),
        World(
            "curved",
            "A linear predictor -1.5 + 0.5 x + 0.75 x², x normal, and a model that leaves x² out. "
            "The coefficient is the one that solves E[(y - p)(1, x)] = 0, which estimates tend to",
            curved.slope,
            _curved,
            ("Wald", "HC1", "HC3"),
            {"Wald": curved.share},
        ),
        World(
            "clustered",
            "Clusters of five; a linear predictor -0.5 + x + 1.5 u, u normal and one for each, x "
            "half shared in the cluster. The model has x alone, and the coefficient is the "
            "marginal one: it solves E[(y - p)(1, x)] = 0",
            clustered.slope,
            _clustered,
            ("Wald", "CR1"),
            {"Wald": clustered.share},
        ),
    )
