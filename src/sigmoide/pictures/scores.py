"""ROC, precision-recall and calibration plots: each draws a record of ``evaluation.curves``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sigmoide.evaluation.curves import (
    Calibration,
    Histogram,
    PrecisionRecall,
    Roc,
    ScoreDistribution,
)
from sigmoide.pictures.canvas import PALETTE, TINTS, styled
from sigmoide.pictures.frame import (
    CASE,
    CONTROL,
    ROOM,
    Picture,
    Subject,
    beginning,
    below,
    instead,
    legend,
    probability_ticks,
    subtitle,
    where,
)

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure

__all__ = ["calibration", "precision_recall", "roc", "scores"]


def roc(curve: Roc, subject: Subject, *, ax: Axes | None = None) -> Figure:
    """Draw the ROC curve, the diagonal of a coin, and the place of one threshold.

    Parameters
    ----------
    curve : Roc
        The curve.
    subject : Subject
        What is modelled, and the data.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a figure is made.
    """
    with styled():
        picture = _unit_square(ax)
        ax = picture.ax
        if math.isnan(curve.auc):
            _one_class(ax, subject)
        else:
            (line,) = ax.plot(
                curve.false_positive_rate, curve.true_positive_rate, color=PALETTE["blue"]
            )
            (coin,) = ax.plot([0, 1], [0, 1], "--", color=PALETTE["grey"], linewidth=1.4)
            (mark,) = _mark(ax, curve.point)
            words = [f"AUC {curve.auc:.4f}", f"said where p ≥ {curve.at:g}", "at random"]
            legend(picture, [line, mark, coin], words, loc="lower right")
        ax.set_xlabel(f"false positive rate, of {subject.control}", parse_math=False)
        ax.set_ylabel(f"true positive rate, of {subject.case}", parse_math=False)
        subtitle(picture, subject, f"ROC curve of {subject.case}", where(subject))
    return picture.figure


def precision_recall(curve: PrecisionRecall, subject: Subject, *, ax: Axes | None = None) -> Figure:
    """Draw precision against recall, the share of the event, and the place of one threshold.

    Parameters
    ----------
    curve : PrecisionRecall
        The curve.
    subject, ax
        As in :func:`roc`.
    """
    with styled():
        picture = _unit_square(ax)
        ax = picture.ax
        if math.isnan(curve.average_precision):
            _one_class(ax, subject)
        else:
            (line,) = ax.plot(curve.recall, curve.precision, color=PALETTE["blue"])
            (base,) = ax.plot([0, 1], [curve.base] * 2, "--", color=PALETTE["grey"], linewidth=1.4)
            words = [f"average precision {curve.average_precision:.4f}"]
            handles = [line]
            if not any(math.isnan(v) for v in curve.point):
                (mark,) = _mark(ax, curve.point)
                handles.append(mark)
                words.append(f"said where p ≥ {curve.at:g}")
            words.append(f"at random {curve.base:.4f}")
            legend(picture, [*handles, base], words, loc=_free_corner(curve))
        ax.set_xlabel(f"recall: share of {subject.case} that is found", parse_math=False)
        ax.set_ylabel("precision: share of those said that are right", parse_math=False)
        subtitle(picture, subject, f"Precision and recall of {subject.case}", where(subject))
    return picture.figure


def _free_corner(curve: PrecisionRecall) -> str:
    """Return a corner for the legend that neither of the lines goes through."""
    across = np.linspace(0.0, 1.0, 101)
    x = np.concatenate([curve.recall, across, across])
    steps = np.interp(across, curve.recall, curve.precision)
    y = np.concatenate([curve.precision, steps, np.full(len(across), curve.base)])
    for corner, left, right, bottom, top in (
        ("lower left", 0.0, 0.52, 0.0, 0.27),
        ("lower right", 0.48, 1.0, 0.0, 0.27),
        ("upper right", 0.48, 1.0, 0.75, 1.0),
    ):
        if not ((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).any():
            return corner
    return "best"


def calibration(curve: Calibration, subject: Subject, *, ax: Axes | None = None) -> Figure:
    """Draw observed shares against predicted ones, with bands, over the histogram of p.

    Parameters
    ----------
    curve : Calibration
        The groups and the histogram.
    subject, ax
        As in :func:`roc`.
    """
    with styled():
        picture = beginning(ax, 6.4, 5.8)
        ax = picture.ax
        lower = below(picture, 0.27)
        ends, ticks = _calibration_scale(curve, picture.scale)
        _draw_groups(ax, curve, ends)
        room = ROOM * (ends[1] - ends[0])
        for each in (ax, lower):
            each.set_xlim(ends[0] - room, ends[1] + room)
        ax.set_ylim(ax.get_xlim())
        ax.set_ylabel("observed share")
        ax.tick_params(labelbottom=False)
        _mirrored(lower, curve.histogram, subject, picture.scale, shares=False)
        if ticks:
            ax.set_yticks(list(ticks), list(ticks.values()))
            for each in (ax, lower):
                each.set_xticks(list(ticks), list(ticks.values()))
        scale = " (logit scale)" if curve.logit else ""
        lower.set_xlabel(f"probability of {subject.case}{scale}", parse_math=False)
        count = len(curve.weight)
        caption = (
            f"{count} group{'s' * (count > 1)} by quantiles of the prediction: mean, "
            f"{curve.coverage:g} % interval (Wilson) and extent. Dashed: as it should be."
        )
        if _off_scale(curve).any():
            caption += " Hollow: a share of 0 or 1, beyond the scale."
        subtitle(picture, subject, f"Calibration: {subject.case}", where(subject, caption), lower)
    return picture.figure


def _calibration_scale(
    curve: Calibration, size: float
) -> tuple[tuple[float, float], dict[float, str]]:
    """Return the ends of both axes, and the ticks where they are of logits."""
    first, last = float(curve.first.min()), float(curve.last.max())
    if curve.logit:
        low, high = (float(v) for v in _logits(np.array([first, last])))
        if high - low < 1.0:
            low, high = low - 1.0, high + 1.0
        return (low, high), probability_ticks(low, high, size)
    # In tenths, and no more of them than there are shares in.
    low = math.floor(10.0 * min(first, float(curve.low.min())) + 1e-9) / 10.0
    high = math.ceil(10.0 * max(last, float(curve.high.max())) - 1e-9) / 10.0
    return (low if low >= 0.4 else 0.0, high if high <= 0.6 else 1.0), {}


def _logits(p: Any) -> Any:
    """Return logits of probabilities, those beyond one in a million as if they were that."""
    inside = np.clip(p, 1e-6, 1.0 - 1e-6)
    return np.log(inside) - np.log1p(-inside)


def _off_scale(curve: Calibration) -> Any:
    """Return which groups have no place on a scale of logits."""
    return curve.logit & ((curve.observed == 0.0) | (curve.observed == 1.0))


def _draw_groups(ax: Axes, curve: Calibration, ends: tuple[float, float]) -> None:
    def at(p: Any) -> Any:
        return np.clip(_logits(p), *ends) if curve.logit else p

    x, y, low, high = at(curve.predicted), at(curve.observed), at(curve.low), at(curve.high)
    off = _off_scale(curve)
    for left, right, bottom, top in zip(at(curve.first), at(curve.last), low, high, strict=True):
        ax.fill(
            [left, right, right, left],
            [bottom, bottom, top, top],
            facecolor=TINTS["sky"],
            edgecolor=TINTS["sky"],
            alpha=0.4,
            linewidth=2.0,
        )
    ax.plot(ends, ends, "--", color=PALETTE["grey"], linewidth=1.4)
    ax.vlines(x, low, high, color=PALETTE["blue"], linewidth=1.6)
    ax.plot(x[~off], y[~off], "o", color=PALETTE["blue"])
    if off.any():
        ax.plot(
            x[off],
            y[off],
            "o",
            markerfacecolor="white",
            markeredgecolor=PALETTE["blue"],
            markeredgewidth=1.8,
            clip_on=False,
            zorder=4,
        )


def scores(curve: ScoreDistribution, subject: Subject, *, ax: Axes | None = None) -> Figure:
    """Draw the distribution of the linear predictor in the two classes, back to back.

    Parameters
    ----------
    curve : ScoreDistribution
        The histograms.
    subject, ax
        As in :func:`roc`.
    """
    with styled():
        picture = beginning(ax, 6.4, 4.6)
        ax = picture.ax
        widened, ticks = _with_certain(curve, picture.scale)
        _mirrored(ax, widened, subject, picture.scale, shares=True)
        ax.set_xticks(list(ticks), list(ticks.values()))
        ax.set_xlabel(f"probability of {subject.case} (logit scale)", parse_math=False)
        subtitle(picture, subject, f"Scores by class: {subject.case}", where(subject))
    return picture.figure


def _with_certain(curve: ScoreDistribution, size: float) -> tuple[Histogram, dict[float, str]]:
    """Add bins, apart from the others, for probabilities of exactly 0 and 1; return ticks too."""
    edges, cases, controls = curve.histogram.edges, curve.histogram.cases, curve.histogram.controls
    width, low, high = float(edges[1] - edges[0]), float(edges[0]), float(edges[-1])
    ticks = probability_ticks(low, high, size) if cases.any() or controls.any() else {}
    if any(curve.zero):
        edges = np.concatenate([[low - 4.0 * width, low - 2.5 * width], edges])
        controls = np.concatenate([[curve.zero[0], 0.0], controls])
        cases = np.concatenate([[curve.zero[1], 0.0], cases])
        ticks = _beside(ticks, low - 3.25 * width, "0", 3.5 * width)
    if any(curve.one):
        edges = np.concatenate([edges, [high + 2.5 * width, high + 4.0 * width]])
        controls = np.concatenate([controls, [0.0, curve.one[0]]])
        cases = np.concatenate([cases, [0.0, curve.one[1]]])
        ticks = _beside(ticks, high + 3.25 * width, "1", 3.5 * width)
    return Histogram(edges, cases, controls), ticks


def _beside(ticks: dict[float, str], at: float, word: str, room: float) -> dict[float, str]:
    """Add a tick, and leave out those that it has no room beside."""
    return {k: v for k, v in ticks.items() if abs(k - at) > room} | {at: word}


def _mirrored(ax: Axes, bins: Histogram, subject: Subject, scale: float, *, shares: bool) -> None:
    """Draw two histograms back to back: the event upwards, the other class downwards."""
    up, down = bins.cases, bins.controls
    if shares:
        up, down = up / (up.sum() or 1.0), down / (down.sum() or 1.0)
    widths = np.diff(bins.edges)
    for heights, color in ((up, CASE["color"]), (-down, CONTROL["color"])):
        some = heights != 0.0
        ax.bar(
            bins.edges[:-1][some],
            heights[some],
            widths[some],
            align="edge",
            color=color,
            edgecolor="white",
            linewidth=0.5,
        )
    ax.axhline(0.0, color=PALETTE["black"], linewidth=1.0)
    # Room for a line of words, which takes more of a low picture.
    room = (0.14 if shares else 0.36) * float(up.max() + down.max())
    ax.set_ylim(-float(down.max()) - room, float(up.max()) + room)
    _absolute_ticks(ax, shares)
    whole = not (np.mod(up, 1.0).any() or np.mod(down, 1.0).any())
    ax.set_ylabel("share of the class" if shares else "rows" if whole else "weight")
    for word, at, side in ((subject.case, 0.98, "top"), (subject.control, 0.02, "bottom")):
        color = CASE["color"] if side == "top" else CONTROL["color"]
        ax.text(
            0.5,
            at,
            word,
            transform=ax.transAxes,
            ha="center",
            va=side,
            color=color,
            fontsize=11.0 * max(scale, 0.7),
            fontweight="bold",
            parse_math=False,
        )


def _absolute_ticks(ax: Axes, shares: bool) -> None:
    """Count downwards as upwards."""
    from matplotlib.ticker import MaxNLocator

    low, high = ax.get_ylim()
    places = MaxNLocator(nbins=8 if shares else 4).tick_values(low, high)
    most = 1.0 if shares else math.inf
    ticks = [float(t) for t in places if low <= t <= high and abs(t) <= most]
    words = [f"{100.0 * abs(t):.4g} %" if shares else f"{abs(t):,.6g}" for t in ticks]
    ax.set_yticks(ticks, words)


def _unit_square(ax: Axes | None) -> Picture:
    picture = beginning(ax, 6.4, 5.2)
    picture.ax.set_xlim(-ROOM, 1 + ROOM)
    picture.ax.set_ylim(-ROOM, 1 + ROOM)
    return picture


def _mark(ax: Axes, point: tuple[float, float]) -> Any:
    return ax.plot(
        [point[0]],
        [point[1]],
        "D",
        markersize=9,
        markerfacecolor="white",
        markeredgecolor=PALETTE["vermilion"],
        markeredgewidth=2.2,
        clip_on=False,
        zorder=4,
    )


def _one_class(ax: Axes, subject: Subject) -> None:
    instead(
        ax,
        f"Not defined: it takes rows of {subject.case} and of {subject.control}, and these are "
        "of one class.",
    )
