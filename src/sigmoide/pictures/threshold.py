"""The picture of thresholds: what each would come to, and the confusion matrix at one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sigmoide.evaluation.curves import ThresholdCurves
from sigmoide.pictures.canvas import PALETTE, TINTS, styled
from sigmoide.pictures.frame import (
    ROOM,
    Subject,
    amount,
    beginning,
    below,
    legend,
    shortened,
    subtitle,
    where,
)

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure

__all__ = ["threshold"]


def threshold(curves: ThresholdCurves, subject: Subject, *, ax: Axes | None = None) -> Figure:
    """Draw accuracy, sensitivity, specificity and precision by threshold, and one table.

    Parameters
    ----------
    curves : ThresholdCurves
        The curves and the confusion matrix.
    subject, ax
        What is modelled, and where to draw, as in :func:`sigmoide.pictures.scores.roc`.
    """
    with styled():
        picture = beginning(ax, 6.4, 6.4)
        ax = picture.ax
        lower = below(picture, 0.36)
        handles, labels = [], []
        for values, name, look in (
            (curves.accuracy, "accuracy", {"color": PALETTE["black"], "linestyle": "-"}),
            (curves.sensitivity, "sensitivity", {"color": PALETTE["vermilion"], "dashes": (5, 2)}),
            (curves.specificity, "specificity", {"color": PALETTE["blue"], "dashes": (7, 2, 1, 2)}),
            (curves.precision, "precision", {"color": PALETTE["green"], "dashes": (1, 1)}),
        ):
            (line,) = ax.plot(curves.threshold, values, **look)
            if not np.isnan(values).all():
                handles.append(line)
                labels.append(name)
        ax.axvline(curves.at, color=PALETTE["grey"], linewidth=1.4)
        if picture.own:
            place: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}
            legend(picture, handles, labels, ncols=4, frameon=False, handlelength=2.6, **place)
        else:
            legend(picture, handles, labels, loc="best", handlelength=2.6)
        ax.set_xlim(-ROOM, 1 + ROOM)
        ax.set_ylim(-ROOM, 1 + ROOM)
        ax.set_xlabel(f"threshold: {subject.case} is said where p ≥ it", parse_math=False)
        ax.set_ylabel("share judged rightly")
        _table(lower, curves, subject, picture.scale)
        subtitle(picture, subject, f"Thresholds: {subject.case}", where(subject), lower)
    return picture.figure


def _table(ax: Axes, curves: ThresholdCurves, subject: Subject, scale: float) -> None:
    """Draw the confusion matrix: each number, and its share of the row."""
    ax.set_axis_off()
    ax.set_xlim(0.0, 3.0)
    ax.set_ylim(2.5, 0.0)
    target = shortened(subject.target, 18)
    words = subject.values(16)
    look: Any = {"va": "center", "fontsize": 11.0 * scale, "parse_math": False}
    ax.text(0.02, 0.25, f"p ≥ {curves.at:g}", color=PALETTE["grey"], **look)
    for k, word in enumerate(words):
        ax.text(1.5 + k, 0.25, f"said {word}", ha="center", **look)
        name = f"{target} = {word}"
        name = name if len(name) <= 18 else f"{target} =\n{word}"
        ax.text(0.96, 1.0 + k, name, ha="right", **look)
    for row in (0, 1):
        total = sum(curves.confusion[row])
        for column in (0, 1):
            count = curves.confusion[row][column]
            share = count / total if total else 0.0
            right = row == column
            ax.fill(
                np.array([0.02, 0.98, 0.98, 0.02]) + 1.0 + column,
                np.array([0.03, 0.03, 0.97, 0.97]) + 0.5 + row,
                facecolor=_blend(share),
                edgecolor=PALETTE["black"] if right else TINTS["light"],
                linewidth=2.0 if right else 1.0,
            )
            said = f"{100.0 * share:.1f} % of the row" if total else "no such rows"
            middle: Any = {"ha": "center", "va": "center"}
            big: Any = {"fontsize": 15.0 * scale, "fontweight": "bold"}
            ax.text(1.5 + column, 0.9 + row, amount(count), **big, **middle)
            ax.text(1.5 + column, 1.25 + row, said, fontsize=10.0 * scale, **middle)


def _blend(share: float) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    red, green, blue = (1.0 - 0.55 * share * (1.0 - c) for c in to_rgb(TINTS["sky"]))
    return red, green, blue
