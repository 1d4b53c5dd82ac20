"""Pictures of points and boundaries, and of losses while training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson.boundary import boundary_segment
from sigmoide.lesson.data import LessonData
from sigmoide.lesson.finite import stable_cross_entropy
from sigmoide.lesson.optimum import Optimum
from sigmoide.lesson.prose import Words
from sigmoide.lesson.ranking import HALF, roc_points
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.sections import shown
from sigmoide.lesson.subsets import PATIENCE
from sigmoide.pictures.canvas import PALETTE, TINTS

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes

Array = NDArray[np.float64]

# The two classes: a shape and a colour each.
_MARKS = ("o", "^")
_COLOURS = (PALETTE["blue"], PALETTE["vermilion"])
_SHORT = 12  # letters of a learner's own name, in a legend
_WIDTH, _LETTER, _HANDLE = 620, 6.6, 55  # of a legend, in pixels
_LEAST_TICKS = 3
_INSET = (0.4, 0.56, 0.32, 0.34)
_TICKS_ROOM = 0.12
_MANY = 1500  # points; of more, one in so many is drawn, or they would hide each other


def decimals(axes: Axes, words: Words, which: str = "xy") -> None:
    """Write the numbers along linear axes in the language's way."""
    for name in which:
        axis = axes.xaxis if name == "x" else axes.yaxis
        axis.set_major_formatter(lambda value, _: words.short(value).replace("-", "−"))


def whole_steps(axes: Axes, words: Words) -> None:
    """Write the steps along the x axis, thousands apart."""
    axes.xaxis.set_major_formatter(lambda value, _: words.whole(round(value)).replace("~", " "))


def plain_log(axes: Axes, words: Words, ticks: tuple[float, ...]) -> None:
    """Make the y axis logarithmic, with ticks at round numbers that can be read as they are.

    It stays linear where fewer than three of them are in sight.
    """
    linear = axes.get_ylim()
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    inside = [tick for tick in ticks if low <= tick <= high]
    if len(inside) < _LEAST_TICKS:
        axes.set_yscale("linear")
        axes.set_ylim(linear)
        decimals(axes, words, "y")
        return
    axes.set_yticks(inside, [words.short(tick) for tick in inside])
    axes.yaxis.set_minor_formatter("")


def boundary(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the points, and the boundaries of the lesson and of the optimum."""
    data = record.data
    frame = _frame(data.Xn)
    _points(axes, data, words, legend=True)
    _line(axes, record.path[-1], frame, label=words.fill("fig_lesson"))
    if isinstance(record.optimum, Optimum):
        theta = np.array([*record.optimum.weights, record.optimum.bias])
        _line(axes, theta, frame, label=words.fill("fig_optimum"), style="--", colour="green")
    _plane(axes, data, frame, words)
    axes.set_title(_title(data, "fig_boundary", words))
    legend_below(axes, 3)


def boundaries(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the boundary at some of the steps, and where it is vertical."""
    data, path = record.data, record.path
    frame = _frame(data.Xn)
    _points(axes, data, words, legend=False, size=4.5)
    last = len(path) - 1
    drawn: list[tuple[Array, str, str, str]] = []
    for step, style, colour in ((0, ":", "grey"), (10, "-.", "purple"), (last // 2, "--", "blue")):
        drawn.append((path[step], words.fill("fig_at_step", step=str(step)), style, colour))
    for step in record.further.crossings[:1]:
        said = words.fill("fig_vertical", before=str(step - 1), after=str(step))
        drawn.append((_vertical(path[step - 1], path[step]), said, "-", "vermilion"))
    drawn.append((path[last], words.fill("fig_at_step", step=str(last)), "-", "black"))
    if isinstance(record.optimum, Optimum):
        theta = np.array([*record.optimum.weights, record.optimum.bias])
        drawn.append((theta, words.fill("fig_optimum"), "--", "green"))
    for theta, label, style, colour in drawn:
        _line(axes, theta, frame, label=label, style=style, colour=colour)
    _plane(axes, data, frame, words)
    crossed = bool(record.further.crossings)
    title = "fig_boundaries" if crossed else "fig_boundaries_plain"
    axes.set_title(_title(data, title, words))
    legend_below(axes, 3)


def loss(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the losses of the lesson, step by step, and the least there is."""
    steps, train, test = record.trajectory[:, [0, 4, 5]].T
    axes.plot(steps, train, color=PALETTE["blue"], label=words.fill("fig_train"))
    axes.plot(steps, test, "--", color=PALETTE["vermilion"], label=words.fill("fig_test"))
    if isinstance(record.optimum, Optimum):
        least = record.optimum.loss
        axes.axhline(least, color=PALETTE["green"], linestyle="-.")
        said = words.fill("fig_least", value=words.number(least, 3))
        axes.annotate(
            said,
            (float(steps[-1]), least),
            xytext=(0, -5),
            textcoords="offset points",
            ha="right",
            va="top",
            color=PALETTE["green"],
        )
        axes.set_ylim(min(least, float(train.min())) * 0.75, None)
    plain_log(axes, words, (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10))
    _named(axes, words, "fig_step", "fig_loss", "fig_loss_title")
    axes.legend(loc="upper right")


def early_stopping(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw training and validation loss, the best step and the stop; and the two close up."""
    found = record.further.stopping
    if found is None:
        return
    steps, train, valid = found.curve.T
    axes.plot(steps, train, color=PALETTE["blue"], label=words.fill("fig_train"))
    axes.plot(steps, valid, "--", color=PALETTE["vermilion"], label=words.fill("fig_validation"))
    _stop_marks(axes, found.best, found.stop, valid, words)
    whole_steps(axes, words)
    plain_log(axes, words, (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5))
    _named(axes, words, "fig_step", "fig_loss", "fig_stopping")
    if found.stop is not None and _is_free(axes, found.curve):
        close = axes.inset_axes(_INSET)
        near = slice(max(0, found.best - 2 * PATIENCE), found.stop + PATIENCE)
        close.plot(steps[near], valid[near], "--", color=PALETTE["vermilion"])
        _stop_marks(close, found.best, found.stop, valid, words)
        close.set_xticks([found.best, found.stop], [str(found.best), str(found.stop)])
        close.margins(y=0.15)
        close.set_yticks([])
        close.grid(False)
        close.set_title(words.fill("fig_zoom"), fontsize=10.5, fontweight="normal")
    legend_below(axes, 2)


def _is_free(axes: Axes, curve: Array) -> bool:
    """Say whether no curve runs through the place of the inset."""
    left, bottom, width, _ = _INSET
    if axes.get_yscale() != "log":
        return False
    low, high = np.log(axes.get_ylim())
    start, end = axes.get_xlim()
    under = (curve[:, 0] >= start + left * (end - start)) & (
        curve[:, 0] <= start + (left + width) * (end - start)
    )
    heights = (np.log(curve[under, 1:]) - low) / (high - low)
    return bool(np.all(heights < bottom - _TICKS_ROOM))


def _stop_marks(axes: Axes, best: int, stop: int | None, valid: Array, words: Words) -> None:
    axes.plot(
        [best],
        [valid[best]],
        "*",
        color=PALETTE["black"],
        markersize=15,
        zorder=5,
        label=words.fill("fig_best", step=words.whole(best)),
    )
    if stop is not None:
        said = words.fill("fig_stop", step=words.whole(stop))
        axes.axvline(stop, color=PALETTE["grey"], linestyle=":", label=said)


def mini_batches(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the training loss of mini-batches beside that of all the points at once."""
    found = record.further.batches
    points = int(record.data.in_train.sum())
    axes.plot(
        record.trajectory[:, 0],
        record.trajectory[:, 4],
        color=PALETTE["blue"],
        label=words.fill("fig_all_at_once", points=words.whole(points)),
    )
    axes.plot(
        np.arange(len(found.losses)),
        found.losses,
        "-",
        color=PALETTE["vermilion"],
        marker="o",
        markersize=3.5,
        linewidth=1.2,
        label=words.fill("fig_some", size=str(found.size)),
    )
    plain_log(axes, words, (0.05, 0.1, 0.2, 0.5, 0.6, 0.8, 1, 1.5, 2, 5))
    _named(axes, words, "fig_step", "fig_loss", "fig_batches")
    axes.legend(loc="upper right")


def finite_loss(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the notebook's loss of a right and confident answer, up to where it breaks."""
    from sigmoide.lesson._torch import torch
    from sigmoide.lesson.handmade import binary_cross_entropy, sigmoid

    eta = np.linspace(8.0, 24.0, 321, dtype=np.float32)
    one = torch.ones(1)
    each = [torch.tensor([value]) for value in eta.tolist()]
    theirs = np.array([binary_cross_entropy(one, sigmoid(t)).item() for t in each])
    ours = np.array([stable_cross_entropy(one, t).item() for t in each])
    breaks = record.further.finite.breaks_at
    axes.axvspan(breaks, float(eta[-1]), color=TINTS["light"], alpha=0.6, linewidth=0)
    axes.plot(eta, ours, "--", color=PALETTE["blue"], label=words.fill("fig_stable"))
    axes.plot(eta, theirs, color=PALETTE["vermilion"], label=words.fill("fig_notebook"))
    last = np.flatnonzero(np.isfinite(theirs) & (theirs > 0))[-1]
    axes.plot(eta[last], theirs[last], "X", color=PALETTE["vermilion"], markersize=11)
    axes.text(
        (breaks + float(eta[-1])) / 2, float(ours[0]) * 0.4, words.fill("fig_nan"), ha="center"
    )
    axes.set_yscale("log")
    axes.set_xlim(float(eta[0]), float(eta[-1]))
    decimals(axes, words, "x")
    _named(axes, words, "fig_eta", "fig_loss", "fig_finite")
    axes.legend(loc="lower left")


def ranking(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the ROC curve, with the usual threshold on it and the best one."""
    found = record.further.ranking
    axes.plot([0, 1], [0, 1], ":", color=PALETTE["grey"], label=words.fill("fig_chance"))
    curve = roc_points(found.p, found.y)
    axes.plot(*curve.T, color=PALETTE["blue"], label=f"AUC = {words.number(found.auc, 4)}")
    marks = [(found.half, "s", "vermilion"), (found.best, "*", "black")]
    for threshold, mark, colour in marks:
        at = [
            float(np.mean(found.p[found.y == c] >= threshold.value)) if (found.y == c).any() else 0
            for c in (0, 1)
        ]
        digits = 1 if threshold.value == HALF else 2
        said = words.fill(
            "fig_threshold",
            value=words.number(threshold.value, digits),
            right=words.whole(threshold.right),
            total=words.whole(len(found.y)),
        )
        size = 15 if mark == "*" else 9
        axes.plot(*at, mark, color=PALETTE[colour], markersize=size, label=said, clip_on=False)
    decimals(axes, words)
    title = "fig_ranking" if found.misplaced else "fig_roc"
    _named(axes, words, "fig_false", "fig_true", title)
    legend_below(axes, 2)


def _named(axes: Axes, words: Words, x: str, y: str, title: str) -> None:
    axes.set_xlabel(words.fill(x))
    axes.set_ylabel(words.fill(y))
    axes.set_title(words.fill(title))


def _every(data: LessonData) -> int:
    """Return in how many points one is drawn."""
    return 1 + (len(data.yn) - 1) // _MANY


def _title(data: LessonData, title: str, words: Words) -> str:
    """Return a title that says which points are drawn, if they are not all of them."""
    every = _every(data)
    if every == 1:
        return words.fill(title)
    return words.fill("fig_one_in", title=words.fill(title), every=words.whole(every))


def _frame(X: Array) -> tuple[float, float, float, float]:
    """Leave a margin around the points."""
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.06 * np.where(high > low, high - low, 1.0)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return left, right, bottom, top


def _points(axes: Axes, data: LessonData, words: Words, *, legend: bool, size: float = 7.0) -> None:
    """Draw the points: a shape and a colour for each class, hollow for the test."""
    size = min(size, 7.0 if len(data.yn) <= 400 else 4.5)
    every = _every(data)
    for c, (mark, colour) in enumerate(zip(_MARKS, _COLOURS, strict=True)):
        for part, filled in ((data.in_train, True), (~data.in_train, False)):
            X = data.Xn[(data.yn == c) & part][::every]
            name = words.fill("fig_class", name=str(c))
            if data.origin is not None:
                name = f"{shown(data.target, _SHORT)} = {shown(data.classes[c], _SHORT)}"
            where = words.fill("fig_train" if filled else "fig_test")
            axes.plot(
                *X.T,
                color=colour,
                linestyle="none",
                marker=mark,
                markersize=size,
                markeredgewidth=size / 5,
                markeredgecolor=colour,
                markerfacecolor=colour if filled else "white",
                label=f"{name}, {where}" if legend else None,
            )


def _line(
    axes: Axes,
    theta: Array,
    frame: tuple[float, float, float, float],
    *,
    label: str,
    style: str = "-",
    colour: str = "black",
) -> None:
    """Draw the boundary inside the frame, if it passes through it."""
    ends = boundary_segment(theta[:2], float(theta[2]), frame)
    if ends is not None:
        axes.plot(*ends.T, style, color=PALETTE[colour], linewidth=2.2, label=label)


def _vertical(before: Array, after: Array) -> Array:
    """Return the parameters between two steps at which the second weight is exactly zero."""
    share = before[1] / (before[1] - after[1])
    theta = before + share * (after - before)
    theta[1] = 0.0
    return np.asarray(theta)


def _plane(
    axes: Axes, data: LessonData, frame: tuple[float, float, float, float], words: Words
) -> None:
    axes.set_xlim(frame[0], frame[1])
    axes.set_ylim(frame[2], frame[3])
    names = [shown(name, _SHORT + 4) for name in data.names]
    if data.origin is not None and data.origin.scale is not None:
        names = [words.fill("fig_standardised", name=name) for name in names]
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
    decimals(axes, words)


def legend_below(axes: Axes, columns: int) -> None:
    """Put the legend under the axes, where it hides nothing, in as many columns as fit."""
    longest = max(len(label) for label in axes.get_legend_handles_labels()[1])
    columns = max(1, min(columns, int(_WIDTH / (_LETTER * longest + _HANDLE))))
    figure = axes.get_figure()
    if figure is not None:
        figure.legend(loc="outside lower center", ncols=columns, frameon=False)
