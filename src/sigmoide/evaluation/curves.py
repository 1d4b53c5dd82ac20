"""Curves of predictions: numbers in, records out that do not grow with the rows.

Each is of rows with a linear predictor eta, p = sigmoid(eta), a target y in {0, 1} (a case where it
is 1, a control where it is 0) and a weight. Rows that tie are let in together, so that no curve
depends on their order; a row of weight k is k rows. What has no meaning with the rows at hand, such
as a rate of controls where there are none, is NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sigmoide.arguments.arrays import open_probability
from sigmoide.blocks.block import Array
from sigmoide.errors import UsageError
from sigmoide.evaluation.metrics import Scored, auc, confusion
from sigmoide.evaluation.thinning import thin
from sigmoide.problem import objective

# More corners than this no picture shows.
MOST_CORNERS = 1000

_GROUPS = 10
_ROWS_A_GROUP = 20
_THRESHOLDS = 501
_BARS = 40
# Where more than half of the groups lie so near to 0, or to 1, they are told apart by logits.
_NEAR = 0.05
# Predictors beyond this, probabilities of one in a million, are counted as if they were there.
_FARTHEST = math.log(1e6)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Cumulative weights of cases and controls by score, the highest first.

    Attributes
    ----------
    eta : ndarray, shape (k,)
        The different values of the score, falling.
    cases, controls : ndarray, shape (k,)
        Weight of the rows with at least that score.
    """

    eta: Array
    cases: Array
    controls: Array


@dataclass(frozen=True, slots=True)
class Roc:
    """The receiver operating characteristic, from (0, 0) to (1, 1).

    Attributes
    ----------
    false_positive_rate, true_positive_rate : ndarray, shape (k,)
        Share of the controls, and of the cases, with p >= threshold; corners of the curve.
    threshold : ndarray, shape (k,)
        Falling; infinite at the first corner, which lets nothing in.
    auc : float
        The area below it.
    at, point : float, (float, float)
        A threshold that is marked, and its place on the curve.
    """

    false_positive_rate: Array
    true_positive_rate: Array
    threshold: Array
    auc: float
    at: float
    point: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """Precision against recall, as the steps that average precision is the area of.

    Attributes
    ----------
    recall, precision : ndarray, shape (k,)
        Share of the cases that are let in, and share of cases among what is let in; corners of
        the curve, recall rising from 0 to 1.
    average_precision : float
        sum_n (R_n - R_{n-1}) P_n.
    base : float
        Share of cases among all rows: the precision of letting in at random.
    at, point : float, (float, float)
        A threshold that is marked, and its place on the curve.
    """

    recall: Array
    precision: Array
    average_precision: float
    base: float
    at: float
    point: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Weights of cases and of controls in bins.

    Attributes
    ----------
    edges : ndarray, shape (b + 1,)
        Ends of the bins.
    cases, controls : ndarray, shape (b,)
        Weight in each.
    """

    edges: Array
    cases: Array
    controls: Array


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted against observed, in groups of about equal weight by quantiles of p.

    Attributes
    ----------
    predicted, observed : ndarray, shape (g,)
        Weighted means of p and of y in each group.
    low, high : ndarray, shape (g,)
        Wilson interval of the observed share.
    first, last : ndarray, shape (g,)
        Smallest and largest p of each group.
    weight : ndarray, shape (g,)
        Of each group.
    coverage : float
        Of the intervals, in percent.
    logit : bool
        Whether a scale of logits is needed to tell the groups apart.
    histogram : Histogram
        Of p, from 0 to 1; of eta, as in :class:`ScoreDistribution`, where ``logit`` says so.
    """

    predicted: Array
    observed: Array
    low: Array
    high: Array
    first: Array
    last: Array
    weight: Array
    coverage: float
    logit: bool
    histogram: Histogram


@dataclass(frozen=True, slots=True)
class ThresholdCurves:
    """Accuracy, sensitivity, specificity and precision of p >= threshold, for every threshold.

    Attributes
    ----------
    threshold : ndarray, shape (k,)
        From 0 to 1, evenly.
    accuracy, sensitivity, specificity, precision : ndarray, shape (k,)
        Shares of rows judged rightly: of all, of the cases, of the controls, and of those said
        to be cases (NaN where there are none).
    at : float
        A threshold that is marked.
    confusion : tuple
        ((true 0 said 0, true 0 said 1), (true 1 said 0, true 1 said 1)) there, in weights.
    """

    threshold: Array
    accuracy: Array
    sensitivity: Array
    specificity: Array
    precision: Array
    at: float
    confusion: tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """Where the linear predictors of the two classes lie.

    Attributes
    ----------
    histogram : Histogram
        Of the finite ones; those beyond ±ln(1e6) are in its outermost bins.
    zero, one : (float, float)
        Weight of controls and cases with a probability of exactly 0 (eta = -inf), and exactly 1.
    """

    histogram: Histogram
    zero: tuple[float, float]
    one: tuple[float, float]


def ranked(scored: Scored) -> Ranked:
    """Sort rows by their score and add them up, ties together."""
    eta, place = np.unique(scored.eta, return_inverse=True)
    cases = np.bincount(place, scored.weight * scored.y)
    controls = np.bincount(place, scored.weight * (1.0 - scored.y))
    return Ranked(eta[::-1], np.cumsum(cases[::-1]), np.cumsum(controls[::-1]))


def roc(scored: Scored, threshold: float = 0.5, most: int = MOST_CORNERS) -> Roc:
    """Return the ROC curve.

    A straight piece joins the points before and after a tie, so that the area is that of
    :func:`sigmoide.evaluation.metrics.auc` (Fawcett 2006, "An introduction to ROC analysis",
    Pattern Recognition Letters 27, 861-874).

    Parameters
    ----------
    scored : Scored
        The rows.
    threshold : float
        A probability to mark.
    most : int
        Corners to keep at most; see :func:`sigmoide.evaluation.thinning.thin`.
    """
    order = ranked(scored)
    false = np.concatenate([[0.0], _share(order.controls, order.controls[-1])])
    true = np.concatenate([[0.0], _share(order.cases, order.cases[-1])])
    at = np.concatenate([[np.inf], objective.sigmoid(order.eta)])
    kept = thin(false, true, most)
    (right, wrong), (missed, hit) = confusion(scored.eta, scored.y, scored.weight, threshold)
    point = _ratio(wrong, right + wrong), _ratio(hit, missed + hit)
    area = auc(scored.eta, scored.y, scored.weight)
    return Roc(false[kept], true[kept], at[kept], area, threshold, point)


def precision_recall(
    scored: Scored, threshold: float = 0.5, most: int = MOST_CORNERS
) -> PrecisionRecall:
    """Return the precision-recall curve, in steps.

    Between two points of it a straight line promises a precision that no threshold has (Davis and
    Goadrich 2006, "The relationship between precision-recall and ROC curves", ICML), so each
    precision holds back to the recall before it.

    Parameters
    ----------
    scored, threshold, most
        As in :func:`roc`.
    """
    order = ranked(scored)
    total = order.cases[-1]
    recall = _share(order.cases, total)
    precision = order.cases / (order.cases + order.controls)
    before = np.concatenate([[0.0], recall[:-1]])
    corners = np.column_stack([before, recall]).ravel(), np.repeat(precision, 2)
    kept = thin(*corners, most)
    (_, wrong), (missed, hit) = confusion(scored.eta, scored.y, scored.weight, threshold)
    return PrecisionRecall(
        corners[0][kept],
        corners[1][kept],
        float((recall - before) @ precision) if total else math.nan,
        float(total / (total + order.controls[-1])),
        threshold,
        (_ratio(hit, missed + hit), _ratio(hit, hit + wrong)),
    )


def calibration_curve(
    scored: Scored, groups: int | None = None, alpha: float = 0.05, logit: bool | None = None
) -> Calibration:
    """Return observed shares against predicted ones, and the histogram of p.

    Rows are grouped by where they stand among all, the middle of a tie standing for all of it. The
    interval of a share k/n is that of Wilson (1927, "Probable inference, the law of succession,
    and statistical inference", JASA 22, 209-212), which stays within 0 and 1 and is right for few
    rows too. Where weights are no counts, n is (sum w)^2 / sum w^2 (Kish 1965, "Survey Sampling").

    Parameters
    ----------
    scored : Scored
        The rows.
    groups : int, optional
        How many at most; by default 10, or fewer where a group would have under 20 rows.
    alpha : float
        One minus the coverage of the intervals.
    logit : bool, optional
        Whether to show it by logits; by default where more than half of the groups are below 0.05,
        or above 0.95.

    Raises
    ------
    UsageError
        If ``groups`` or ``alpha`` mean nothing.
    """
    if groups is not None and groups < 1:
        raise UsageError(f"groups={groups!r} was given; one or more are needed.")
    alpha = open_probability("alpha", alpha)
    p, y, weight = objective.sigmoid(scored.eta), scored.y, scored.weight
    if groups is None:
        groups = int(min(max(scored.n // _ROWS_A_GROUP, 1), _GROUPS))
    value, place = np.unique(p, return_inverse=True)
    size = np.bincount(place, weight)
    middle = (np.cumsum(size) - size / 2.0) / size.sum()
    bins = np.minimum((middle * groups).astype(np.int64), groups - 1)
    _, bins = np.unique(bins, return_inverse=True)  # a long tie leaves groups without rows
    each = bins[place]
    total: Array = np.bincount(each, weight).astype(np.float64)
    predicted = np.bincount(each, weight * p) / total
    observed = np.bincount(each, weight * y) / total
    rows = total if scored.counted else total**2 / np.bincount(each, weight**2)
    low, high = wilson(observed, rows, alpha)
    if logit is None:
        crowd = max(np.sum(predicted < _NEAR), np.sum(predicted > 1.0 - _NEAR))
        logit = bool(len(predicted) > 2 and 2 * crowd > len(predicted))
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    ends = np.append(starts[1:] - 1, len(bins) - 1)
    return Calibration(
        predicted,
        observed,
        low,
        high,
        value[starts],
        value[ends],
        total,
        100.0 * (1.0 - alpha),
        logit,
        score_distribution(scored, everything=True).histogram
        if logit
        else _histogram(p, y, weight, np.linspace(0.0, 1.0, _BARS + 1)),
    )


def wilson(share: Array, n: Array, alpha: float) -> tuple[Array, Array]:
    """Return the ends of Wilson's interval of a share of n; arrays of one shape."""
    z = -float(ndtri(alpha / 2.0))
    centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n)
    reach = z * np.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / (1.0 + z * z / n)
    # At a share of 0 or 1 the end is there exactly, and rounding must not say otherwise.
    low = np.where(share > 0.0, np.maximum(centre - reach, 0.0), 0.0)
    high = np.where(share < 1.0, np.minimum(centre + reach, 1.0), 1.0)
    return low, high


def threshold_curves(scored: Scored, threshold: float = 0.5) -> ThresholdCurves:
    """Return accuracy, sensitivity, specificity and precision for thresholds from 0 to 1.

    Parameters
    ----------
    scored : Scored
        The rows.
    threshold : float
        The one whose confusion matrix is wanted.
    """
    table = confusion(scored.eta, scored.y, scored.weight, threshold)
    order = ranked(scored)
    at = np.linspace(0.0, 1.0, _THRESHOLDS)
    # p falls along the ranks: so many of them have p >= threshold.
    p = objective.sigmoid(order.eta)
    inside = np.searchsorted(-p, -at, side="right")
    hit = np.concatenate([[0.0], order.cases])[inside]
    wrong = np.concatenate([[0.0], order.controls])[inside]
    cases, controls = order.cases[-1], order.controls[-1]
    right = controls - wrong
    return ThresholdCurves(
        at,
        (hit + right) / (cases + controls),
        _share(hit, cases),
        _share(right, controls),
        np.divide(hit, hit + wrong, out=np.full(len(at), np.nan), where=hit + wrong > 0.0),
        threshold,
        ((table[0][0], table[0][1]), (table[1][0], table[1][1])),
    )


def score_distribution(scored: Scored, everything: bool = False) -> ScoreDistribution:
    """Return the histogram of eta for cases and for controls.

    Parameters
    ----------
    scored : Scored
        The rows.
    everything : bool
        Whether infinite predictors are counted in the outermost bins too.
    """
    eta, y, weight = scored.eta, scored.y, scored.weight
    finite = np.isfinite(eta) | everything
    inside = np.clip(eta[finite], -_FARTHEST, _FARTHEST)
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else (0.0, 0.0)
    if high - low < 1e-9:
        low, high = low - 1.0, high + 1.0
    edges = np.linspace(low, high, _BARS + 1)
    return ScoreDistribution(
        _histogram(inside, y[finite], weight[finite], edges),
        _classes(y, weight, eta == -np.inf),
        _classes(y, weight, eta == np.inf),
    )


def _histogram(values: Array, y: Array, weight: Array, edges: Array) -> Histogram:
    cases, _ = np.histogram(values, edges, weights=weight * y)
    controls, _ = np.histogram(values, edges, weights=weight * (1.0 - y))
    return Histogram(edges, cases, controls)


def _classes(y: Array, weight: Array, rows: np.ndarray) -> tuple[float, float]:
    return float(weight[rows & (y == 0.0)].sum()), float(weight[rows & (y == 1.0)].sum())


def _share(part: Array, whole: float) -> Array:
    return part / whole if whole else np.full(len(part), np.nan)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
