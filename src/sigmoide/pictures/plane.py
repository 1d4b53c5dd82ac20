"""The picture of a model of two columns: its probability over the plane, and the points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sigmoide.evaluation.plane import Cloud, Plane
from sigmoide.pictures.canvas import PALETTE, styled
from sigmoide.pictures.frame import (
    CASE,
    CONTROL,
    Subject,
    beginning,
    legend,
    shortened,
    subtitle,
)

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure

__all__ = ["surface"]

_LINES: dict[float, Any] = {
    0.9: {"linestyle": (0, (5, 2))},
    0.5: {"linestyle": "-"},
    0.1: {"linestyle": (0, (1.2, 1.5))},
}
# Full red and full blue, mixed so far into white that a mark on them still stands out.
_DEEPEST = 0.2


def surface(
    plane: Plane,
    fitted: Cloud,
    subject: Subject,
    names: tuple[str, str],
    *,
    test: Cloud | None = None,
    note: str = "",
    ax: Axes | None = None,
) -> Figure:
    """Draw the probability over two columns, its contours, the boundary and the points.

    Classes are told apart by colour and by shape, points that were held out by being hollow.

    Parameters
    ----------
    plane : Plane
        The lines and areas.
    fitted, test : Cloud
        Points, and points that were held out, if there are any.
    subject : Subject
        What is modelled.
    names : (str, str)
        Of the columns: to the right, and upwards.
    note : str
        More for the caption.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a figure is made.
    """
    with styled():
        picture = beginning(ax, 6.4, 4.8)
        ax = picture.ax
        ax.grid(False)
        for middle, shape in plane.areas:
            ax.fill(shape[:, 0], shape[:, 1], facecolor=_tint(middle), edgecolor="none", zorder=0)
        handles, labels = _draw_points(ax, fitted, test, subject)
        lines, words = _draw_lines(ax, plane)
        frame = plane.frame
        ax.set_xlim(frame.left, frame.right)
        ax.set_ylim(frame.bottom, frame.top)
        ax.set_xlabel(shortened(names[0], 38), parse_math=False)
        ax.set_ylabel(shortened(names[1], 32), parse_math=False)
        legend(
            picture,
            handles + lines,
            labels + words,
            loc="upper left",
            bbox_to_anchor=(1.0, 1.0),
            frameon=False,
            handlelength=1.9,
            title=shortened(subject.target, 16),
            alignment="left",
        )
        title = f"Probability of {subject.case}"
        caption = " ".join(filter(None, [_caption(fitted, test, subject), note]))
        subtitle(picture, subject, title, caption)
    return picture.figure


def _tint(p: float) -> tuple[float, float, float]:
    """Return the ground for a probability: blue below a half, red above, white at it."""
    from matplotlib.colors import to_rgb

    color = to_rgb(PALETTE["vermilion"] if p > 0.5 else PALETTE["blue"])
    share = _DEEPEST * abs(2.0 * p - 1.0)
    red, green, blue = (1.0 - share * (1.0 - c) for c in color)
    return red, green, blue


def _draw_points(
    ax: Axes, fitted: Cloud, test: Cloud | None, subject: Subject
) -> tuple[list[Any], list[str]]:
    handles, labels = [], []
    dense = len(fitted.points) + (len(test.points) if test is not None else 0) > 400
    other, event_word = subject.values(12)
    for cloud, hollow in ((fitted, False), (test, True)):
        if cloud is None:
            continue
        for event, look, word in (
            (False, CONTROL, other),
            (True, CASE, event_word),
        ):
            points = cloud.points[cloud.event == event]
            (made,) = ax.plot(
                points[:, 0],
                points[:, 1],
                linestyle="none",
                marker=look["marker"],
                markersize=4.5 if dense else 7,
                markeredgewidth=(1.1 if dense else 1.4) if hollow else 0.5,
                markerfacecolor="none" if hollow else look["color"],
                markeredgecolor=look["color"] if hollow else "white",
                zorder=2,
            )
            handles.append(made)
            labels.append(f"{word}, held out" if hollow else word)
    return handles, labels


def _draw_lines(ax: Axes, plane: Plane) -> tuple[list[Any], list[str]]:
    handles, labels = [], []
    for p, look in _LINES.items():
        ends = plane.lines[p]
        if ends is None or (plane.wall and p != 0.5):
            continue
        width = 2.6 if p == 0.5 else 1.8
        (made,) = ax.plot(
            ends[:, 0], ends[:, 1], color=PALETTE["black"], linewidth=width, zorder=3, **look
        )
        handles.append(made)
        labels.append("p = 0 | p = 1" if plane.wall else f"p = {p:g}")
    return handles, labels


def _caption(fitted: Cloud, test: Cloud | None, subject: Subject) -> str:
    words = [_count(fitted, "points")]
    if test is not None:
        words.append(_count(test, "held out"))
    some = any(each is not None and len(each.points) < each.total for each in (fitted, test))
    where = f"On {shortened(subject.source, 30)}: " if subject.source else ""
    how = ", chosen by a hash of their row numbers" if some else ""
    return f"{where}{' and '.join(words)}{how}."


def _count(cloud: Cloud, what: str) -> str:
    count = len(cloud.points)
    return f"{count:,} {what}" if count == cloud.total else f"{count:,} of {cloud.total:,} {what}"
