"""Scores of predicted probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sigmoide.arguments.arrays import real_number
from sigmoide.arguments.words import shown
from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import array_blocks
from sigmoide.columns.account import Account
from sigmoide.errors import DataError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.problem import objective
from sigmoide.results.records import Settings

Scores = dict[str, float | list[list[float]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """Linear predictors of rows that a model has scored, and what they turned out to be.

    Attributes
    ----------
    eta : ndarray, shape (n,)
        Linear predictors; infinite where the probability is 0 or 1.
    y, weight : ndarray, shape (n,)
        Targets in {0, 1}, weights > 0.
    n : float
        Observations, to be reported.
    counted : bool
        Whether a weight is the number of observations that its row stands for.
    source : str
        What the rows are of, in a word; empty where that is not known.
    account : Account
        What became of the rows that are not here.
    """

    eta: Array
    y: Array
    weight: Array
    n: float
    counted: bool = True
    source: str = ""
    account: Account = field(default_factory=Account)


def scores(eta: Array, y: Array, weight: Array, threshold: float, n: float) -> Scores:
    """Return the scores of predictions, each row counted with its weight.

    Parameters
    ----------
    eta : ndarray, shape (n,)
        Linear predictors; infinite where the probability is 0 or 1.
    y, weight : ndarray, shape (n,)
        Targets in {0, 1}, weights > 0.
    threshold : float
        The event is predicted where p >= threshold.
    n : float
        Observations, to be reported.

    Returns
    -------
    dict
        ``log_loss`` (mean, natural logarithm), ``brier`` (mean of (y-p)^2), ``auc`` (ties count
        one half), ``accuracy``, ``confusion`` ([[true 0 predicted 0, true 0 predicted 1], [true 1
        predicted 0, true 1 predicted 1]], in weights), ``calibration_slope``,
        ``calibration_intercept``, ``n``.

    Raises
    ------
    UsageError
        If the threshold is not between 0 and 1.
    """
    total = float(weight.sum())
    table = confusion(eta, y, weight, threshold)
    slope, intercept = calibration(eta, y, weight)
    return {
        "log_loss": log_loss(eta, y, weight),
        "brier": float(weight @ objective.residual(eta, y) ** 2) / total,
        "auc": auc(eta, y, weight),
        "accuracy": (table[0][0] + table[1][1]) / total,
        "confusion": table,
        "calibration_slope": slope,
        "calibration_intercept": intercept,
        "n": n,
    }


def log_loss(eta: Array, y: Array, weight: Array) -> float:
    """Return the weighted mean of -log p of what came true."""
    return float(weight @ objective.loss(eta, y)) / float(weight.sum())


def confusion(eta: Array, y: Array, weight: Array, threshold: float) -> list[list[float]]:
    """Return the weights [[true 0 said 0, true 0 said 1], [true 1 said 0, true 1 said 1]].

    The event is said where p >= threshold.

    Raises
    ------
    UsageError
        If the threshold is not between 0 and 1.
    """
    share = real_number(threshold)
    if share is None or not 0.0 <= share <= 1.0:
        raise UsageError(
            f"threshold {shown(threshold)} was given; it is a probability, from 0 to 1."
        )
    said = objective.sigmoid(eta) >= share
    return [
        [float(weight[(y == truth) & (said == guess)].sum()) for guess in (False, True)]
        for truth in (0.0, 1.0)
    ]


def auc(eta: Array, y: Array, weight: Array) -> float:
    """Return the area under the ROC curve: P(a case ranks above a control), ties one half.

    NaN where only one class is met.
    """
    _, place = np.unique(eta, return_inverse=True)
    cases = np.bincount(place, weight * y)
    controls = np.bincount(place, weight * (1.0 - y))
    if not cases.sum() or not controls.sum():
        return math.nan
    below = np.cumsum(controls) - controls / 2.0
    return float(cases @ below / (cases.sum() * controls.sum()))


def calibration(eta: Array, y: Array, weight: Array) -> tuple[float, float]:
    """Return slope and intercept of y on eta: 1 and 0 for a calibrated model.

    Both from one regression, logit P(y=1) = a + b eta (Cox 1958, Biometrika 45, 562-565). NaN
    where it does not exist: one class only, a constant predictor, predictions that separate.
    """
    if not np.isfinite(eta).all() or np.ptp(eta) == 0.0:
        return math.nan, math.nan
    blocks = array_blocks(eta[:, None], y, weight, np.zeros(len(y)), ("eta",))
    try:
        fit = fit_blocks(blocks, True, Settings(tol=1e-10))
    except DataError:
        return math.nan, math.nan
    if fit.status != "proved":
        return math.nan, math.nan
    kept = fit.coefficients
    return float(kept.coef[0]), float(kept.intercept - kept.centre[0] * kept.coef[0])
