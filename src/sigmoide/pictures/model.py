"""Pictures of a fit itself: its coefficients, and how the proof came about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sigmoide.evaluation.gaps import ProvedGaps
from sigmoide.pictures.canvas import PALETTE, styled
from sigmoide.pictures.frame import (
    Picture,
    Subject,
    beginning,
    distinct,
    instead,
    log_ticks,
    pair,
    shortened,
    subtitle,
)
from sigmoide.report.tables import CoefficientRow, upwards

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure

__all__ = ["coefficients", "gap"]

# More lines than this nobody reads at a glance.
_MOST_ROWS = 100
_NAME_COLUMNS = 28
# exp of more than this is beyond float64, or close to it.
_LARGEST_LOG = 690.0
Limits = tuple[float, float]


def coefficients(
    rows: tuple[CoefficientRow, ...],
    subject: Subject,
    coverage: float,
    *,
    odds: bool = False,
    sort: bool = False,
    names: Mapping[str, tuple[str, str]] | None = None,
    note: str = "",
    ax: Axes | None = None,
) -> Figure:
    """Draw coefficients, or odds ratios on a logarithmic scale, with their intervals.

    An infinite one is an arrow at the frame. An interval much wider than the others is cut off at
    the frame, with an arrow head.

    Parameters
    ----------
    rows : tuple of CoefficientRow
        Of the terms to draw, in the order of the table.
    subject : Subject
        What is modelled.
    coverage : float
        Of the intervals, in percent.
    odds : bool
        Odds ratios instead of coefficients.
    sort : bool
        The largest on top, instead of the order of the table.
    names : mapping, optional
        From a term that stands for one level to its column and the level.
    note : str
        More for the caption.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a figure is made.
    """
    shown = _chosen(rows)
    if sort:
        shown = tuple(sorted(shown, key=lambda r: (math.isnan(r.estimate), -r.estimate)))
    row_height = 0.28 if len(shown) <= 25 else 0.215
    with styled():
        height = 2.0 + row_height * len(shown) + (0.3 if subject.warning else 0.0)
        picture = beginning(ax, 6.4, height)
        ax = picture.ax
        limits = _limits(shown, odds)
        ax.set_xscale("log" if odds else "linear")
        ax.set_xlim(*_on_axis(np.array(limits), odds))
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.axvline(1.0 if odds else 0.0, color=PALETTE["black"], linewidth=1.2)
        low, high = ax.get_xlim()
        if not any(math.isfinite(row.estimate) for row in shown):
            ax.set_xticks([1.0 if odds else 0.0], ["1" if odds else "0"])
        elif odds:
            ticks = log_ticks(low, high)
            ax.set_xticks(list(ticks), list(ticks.values()))
        if odds:
            ax.set_xticks([], minor=True)
        _draw_finite(ax, shown, limits, odds)
        _draw_infinite(ax, shown, odds)
        words = _words([row.term for row in shown], names or {})
        size = _name_size(picture, len(shown), row_height)
        ax.set_yticks(range(len(shown)), words, fontsize=size, parse_math=False)
        ax.set_xlabel("odds ratio per unit (log scale)" if odds else "log-odds per unit")
        kind = "Odds ratios" if odds else "Coefficients"
        caption = _coefficient_caption(rows, shown, coverage, odds, note)
        subtitle(picture, subject, f"{kind} of {subject.case}", caption)
    return picture.figure


def _words(terms: list[str], names: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return what the terms are called beside their lines."""
    full = [" = ".join(names.get(term, (term,))) for term in terms]
    short = [
        pair(*names[term], _NAME_COLUMNS) if term in names else shortened(term, _NAME_COLUMNS)
        for term in terms
    ]
    return distinct(full, _NAME_COLUMNS, short)


def _chosen(rows: tuple[CoefficientRow, ...]) -> tuple[CoefficientRow, ...]:
    """Return all rows, or those that stand out most, in the order of the table."""
    if len(rows) <= _MOST_ROWS:
        return rows

    def weight(row: CoefficientRow) -> float:
        if not math.isfinite(row.estimate):
            return math.inf
        return abs(row.estimate) if math.isnan(row.z) else abs(row.z)

    first = set(sorted(range(len(rows)), key=lambda k: -weight(rows[k]))[:_MOST_ROWS])
    return tuple(row for k, row in enumerate(rows) if k in first)


def _limits(rows: tuple[CoefficientRow, ...], odds: bool) -> Limits:
    """Return the ends of the axis, in coefficients: room for every estimate and most intervals."""
    at = np.array([row.estimate for row in rows if math.isfinite(row.estimate)])
    half = np.array([row.high - row.estimate for row in rows if math.isfinite(row.estimate)])
    if odds:
        at = np.clip(at, -_LARGEST_LOG, _LARGEST_LOG)
    if not len(at):
        return -1.0, 1.0
    span = max(float(at.max()), 0.0) - min(float(at.min()), 0.0)
    known = half[np.isfinite(half)]
    reach = np.zeros(len(at))
    if len(known):
        widest = max(3.0 * float(np.median(known)), span)
        reach = np.minimum(np.where(np.isfinite(half), half, 0.0), widest)
    low, high = min(float((at - reach).min()), 0.0), max(float((at + reach).max()), 0.0)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _on_axis(values: Any, odds: bool) -> Any:
    return np.exp(np.clip(values, -_LARGEST_LOG, _LARGEST_LOG)) if odds else values


def _draw_finite(ax: Axes, rows: tuple[CoefficientRow, ...], limits: Limits, odds: bool) -> None:
    finite = [(y, row) for y, row in enumerate(rows) if math.isfinite(row.estimate)]
    known = [(y, row) for y, row in finite if math.isfinite(row.low)]
    bare = [(y, row) for y, row in finite if not math.isfinite(row.low)]
    clear = [(y, row) for y, row in known if row.low > 0.0 or row.high < 0.0]
    unclear = [(y, row) for y, row in known if row.low <= 0.0 <= row.high]
    low, high = limits
    for group, color in ((clear, PALETTE["blue"]), (unclear, PALETTE["grey"])):
        if group:
            ends = np.array([(max(row.low, low), min(row.high, high)) for _, row in group])
            ends = _on_axis(ends, odds)
            ax.hlines([y for y, _ in group], ends[:, 0], ends[:, 1], color=color, linewidth=2.0)
        for side, marker in ((low, "<"), (high, ">")):
            cut = [y for y, row in group if (row.low < low if side == low else row.high > high)]
            edge = _on_axis(np.full(len(cut), side), odds)
            _marks(ax, edge, cut, marker, color, True, clip_on=False, zorder=4)
    for group, marker, color, filled in (
        (clear, "o", PALETTE["blue"], True),
        (unclear, "o", PALETTE["grey"], False),
        (bare, "D", PALETTE["blue"], True),
    ):
        at = _on_axis(np.array([row.estimate for _, row in group]), odds)
        _marks(ax, at, [y for y, _ in group], marker, color, filled, zorder=3)


def _marks(
    ax: Axes, x: Any, y: list[int], marker: str, color: str, filled: bool, **how: Any
) -> None:
    if len(y):
        face = color if filled else "white"
        ax.plot(x, y, marker, markerfacecolor=face, markeredgecolor=color, mew=1.8, **how)


def _draw_infinite(ax: Axes, rows: tuple[CoefficientRow, ...], odds: bool) -> None:
    for y, row in enumerate(rows):
        if math.isfinite(row.estimate):
            continue
        if row.estimate != -math.inf:
            _arrow(ax, y, True, "+inf" if row.estimate > 0.0 else "±inf")
        if row.estimate != math.inf:
            word = "±inf" if math.isnan(row.estimate) else "-inf"
            _arrow(ax, y, False, "0" if odds and row.estimate < 0.0 else word)


def _arrow(ax: Axes, y: int, right: bool, word: str) -> None:
    tip, tail, side = (1.0, 0.9, "right") if right else (0.0, 0.1, "left")
    where = ("axes fraction", "data")
    ax.annotate(
        "",
        (tip, y),
        (tail, y),
        xycoords=where,
        textcoords=where,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.35,head_length=0.6",
            "color": PALETTE["vermilion"],
            "linewidth": 2.2,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        zorder=4,
    )
    ax.annotate(
        word,
        (tail - 0.012 if right else tail + 0.012, y),
        xycoords=where,
        ha=side,
        va="center",
        color=PALETTE["vermilion"],
        fontweight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        zorder=4,
    )


def _name_size(picture: Picture, count: int, row_height: float) -> float:
    """Return the size in points of names that stand one below another."""
    if not picture.own:
        box = picture.ax.get_window_extent()
        row_height = box.height / picture.figure.dpi / max(count, 1)
    return min(max(0.62 * 72.0 * row_height, 4.0), 11.0)


def _coefficient_caption(
    rows: tuple[CoefficientRow, ...],
    shown: tuple[CoefficientRow, ...],
    coverage: float,
    odds: bool,
    note: str,
) -> str:
    words = []
    if any(math.isfinite(row.low) for row in shown):
        words.append(
            f"{coverage:g} % Wald intervals; hollow and grey where they hold {1 if odds else 0}."
        )
    else:
        words.append("No intervals: there are none for this fit.")
    if any(not math.isfinite(row.estimate) for row in shown):
        words.append("Arrows: infinite, the data give the direction only.")
    if any(math.isnan(row.estimate) for row in shown):
        words.append("±inf: not even the direction.")
    if len(shown) < len(rows):
        how = "|z|" if any(math.isfinite(row.z) for row in rows) else "estimates"
        words.append(f"The {len(shown)} of {len(rows):,} terms with the largest {how}.")
    return _joined(*words, note)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def gap(gaps: ProvedGaps, subject: Subject, *, ax: Axes | None = None) -> Figure:
    """Draw how far the objective was proved to be from its lowest value, after so many reads.

    Parameters
    ----------
    gaps : ProvedGaps
        The bounds.
    subject : Subject
        What is modelled.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a figure is made.
    """
    with styled():
        picture = beginning(ax, 6.4, 4.2)
        ax = picture.ax
        title, what = "Proved gap to the optimum", "proved gap (log-likelihood)"
        caption = (
            "The objective at each point is at most so far above its lowest value: what it fell by "
            "since, rounding, and what the proof leaves at the end (star)."
        )
        if not len(gaps.bound):
            caption = ""
            instead(ax, "No gap is proved, because the fit is not.")
            ax.set_xticks([])
            ax.set_yticks([])
        else:
            _draw_gap(ax, gaps, picture.scale)
            if not gaps.attained:
                title, what = "Gap to the supremum", "gap (log-likelihood)"
                caption = (
                    "The log-likelihood at each point is at most so far below its supremum, which "
                    "no coefficients reach."
                )
        ax.set_xlabel("reads of the data")
        ax.set_ylabel(what)
        subtitle(picture, subject, f"{title}: {subject.case}", caption)
    return picture.figure


def _draw_gap(ax: Axes, gaps: ProvedGaps, scale: float) -> None:
    from matplotlib.ticker import MaxNLocator

    some = gaps.bound > 0.0
    reads, bound = gaps.reads[some], gaps.bound[some]
    low, high = math.log10(bound.min()), math.log10(bound.max())
    room = 0.1 * (high - low) + 0.2
    ends = 10.0 ** (low - 1.4 * room / scale), 10.0 ** (high + room)
    ax.set_yscale("log")
    ax.set_ylim(*ends)
    ticks = log_ticks(*ends)
    ax.set_yticks(list(ticks), list(ticks.values()))
    ax.set_yticks([], minor=True)
    ax.set_xlim(0.0, max(float(reads[-1]) * 1.1, 1.0))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.plot(reads, bound, "-", color=PALETTE["blue"])
    before = len(reads) - gaps.attained
    ax.plot(reads[:before], bound[:before], "o", color=PALETTE["blue"])
    if gaps.attained:
        ax.plot(reads[-1:], bound[-1:], "*", color=PALETTE["vermilion"], markersize=15)
        ax.annotate(
            upwards(float(bound[-1])),
            (reads[-1], bound[-1]),
            (0, -9),
            textcoords="offset points",
            ha="center",
            va="top",
        )
