"""Right answers and right order: a model may rank well and still answer badly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.evaluation.metrics import auc

Array = NDArray[np.float64]

HALF = 0.5

_GOOD_ORDER = 0.9
_CLEARLY = 0.05


@dataclass(frozen=True)
class Threshold:
    """A threshold, and how many points it gets right.

    Attributes
    ----------
    value : float
        Class 1 is answered where p is at least this.
    right : int
        Right answers on the points it was chosen on.
    """

    value: float
    right: int


@dataclass(frozen=True, eq=False)
class Ranking:
    """How well a model ranks the test points.

    Attributes
    ----------
    p : ndarray, shape (k,)
        Probabilities of the test points.
    y : ndarray, shape (k,)
        Their classes.
    auc : float
        The share of the pairs, one point of each class, in which the point of class 1 has the
        higher probability (ties count one half); NaN if a class is absent.
    pairs : int
        How many pairs there are.
    half : Threshold
        The usual threshold, on the test points.
    best : Threshold
        The best one on the test points: looking there is cheating.
    fair : Threshold
        The best one on the training points, with its right answers on the test points.
    """

    p: Array
    y: NDArray[np.int64]
    auc: float
    pairs: int
    half: Threshold
    best: Threshold
    fair: Threshold

    @property
    def misplaced(self) -> bool:
        """Whether the order is good and the usual threshold is not: another is clearly better."""
        share = (self.best.right - self.half.right) / len(self.y)
        return self.auc >= _GOOD_ORDER and share >= _CLEARLY


def right_answers(p: Array, y: NDArray[np.int64], threshold: float) -> int:
    """Count the points answered rightly where class 1 is answered from a threshold up."""
    return int(np.sum((p >= threshold) == (y == 1)))


def best_threshold(p: Array, y: NDArray[np.int64]) -> Threshold:
    """Find the threshold that gets most points right.

    Parameters
    ----------
    p : ndarray, shape (k,)
        Probabilities.
    y : ndarray, shape (k,)
        Classes.

    Returns
    -------
    Threshold
        In the middle between two neighbouring probabilities (or 0 or 1 and one of them); the one
        with most room on both sides where several are equally good.
    """
    values, counts = _counts(p, y)
    edges = np.concatenate([[0.0], values, [1.0]])
    middles, room = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    # Between two values, the zeros below and the ones above are answered rightly.
    zeros_below = np.concatenate([[0], np.cumsum(counts[0])])
    ones_below = np.concatenate([[0], np.cumsum(counts[1])])
    right = zeros_below + ones_below[-1] - ones_below
    chosen = np.lexsort((room, right))[-1]
    return Threshold(float(middles[chosen]), int(right[chosen]))


def _counts(p: Array, y: NDArray[np.int64]) -> tuple[Array, NDArray[np.int64]]:
    """Return the distinct probabilities, and how many points of each class have each."""
    values, place = np.unique(p, return_inverse=True)
    return values, np.array([np.bincount(place[y == c], minlength=len(values)) for c in (0, 1)])


def roc_points(p: Array, y: NDArray[np.int64]) -> Array:
    """Return the corners of the ROC curve: shares of class 0 and of class 1 above each threshold.

    Parameters
    ----------
    p, y : ndarray, shape (k,)
        Probabilities and classes; both classes are there.

    Returns
    -------
    ndarray, shape (t, 2)
        False and true positive rates, from (0, 0) to (1, 1).
    """
    _, counts = _counts(p, y)
    above = np.cumsum(counts[:, ::-1], axis=1) / counts.sum(axis=1, keepdims=True)
    return np.concatenate([np.zeros((1, 2)), above.T])


def rank(
    p_train: Array, y_train: NDArray[np.int64], p_test: Array, y_test: NDArray[np.int64]
) -> Ranking:
    """Measure how a model ranks the test points.

    Parameters
    ----------
    p_train, p_test : ndarray
        Probabilities of the training and the test points.
    y_train, y_test : ndarray
        Their classes.

    Returns
    -------
    Ranking
        What came out.
    """
    fair = best_threshold(p_train, y_train)
    ones = int(y_test.sum())
    return Ranking(
        p_test,
        y_test,
        auc(p_test, y_test.astype(np.float64), np.ones(len(y_test))),
        ones * (len(y_test) - ones),
        Threshold(HALF, int(np.sum((p_test > HALF) == (y_test == 1)))),
        best_threshold(p_test, y_test),
        Threshold(fair.value, right_answers(p_test, y_test, fair.value)),
    )
