"""Pictures of the way to the optimum: the valley, longer steps, float32, Newton's method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson.drawings import decimals, legend_below, whole_steps
from sigmoide.lesson.plane import plane_through
from sigmoide.lesson.prose import Words
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.valley import mean_loss, signed_rows
from sigmoide.pictures.canvas import PALETTE

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes

Array = NDArray[np.float64]

_LEVELS = (0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
_POINTS = 20_000
_PRODUCTS = 20_000_000
# Below this a gap is rounding.
_FLOOR = 1e-9
_ROUNDING = 1e-14
# The optimum itself is a little off, by so many standard errors.
_NOTHING = 1e-15


def way(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the descent and Newton's method on the plane through start, end and optimum."""
    found = record.further.way
    if found is None:
        return
    end, best = record.path[-1], found.goal.theta
    plane = plane_through(found.start, end, best)
    descent, jumps = plane.onto(found.walks[0].path), plane.onto(found.newton.path)
    (u0, u1), (v0, v1) = (_span(values) for values in np.vstack([descent, jumps]).T)
    Z = signed_rows(record.data.X[record.data.in_train], record.data.yn[record.data.in_train])
    # Contours need neither every point of very many, nor a fine grid with them.
    some = Z[:: 1 + len(Z) // _POINTS]
    fineness = min(1.0, (_PRODUCTS / (160 * 120 * len(some))) ** 0.5)
    along = np.linspace(u0, u1, 1 + int(160 * fineness))
    across = np.linspace(v0, v1, 1 + int(120 * fineness))
    gaps = mean_loss(some, plane.grid(along, across)) - mean_loss(some, best)
    lines = axes.contour(
        along,
        across,
        gaps.reshape(len(across), len(along)),
        levels=_LEVELS,
        colors=PALETTE["grey"],
        linewidths=0.8,
    )
    axes.clabel(
        lines,
        levels=_LEVELS[1:],
        fmt=lambda value: words.short(value),
        fontsize=9,
        inline_spacing=2,
    )
    axes.plot(*descent.T, color=PALETTE["blue"], linewidth=2.6, label=words.fill("fig_descent"))
    axes.plot(
        *jumps.T,
        "D--",
        color=PALETTE["vermilion"],
        markersize=6,
        linewidth=1.4,
        label=words.fill("fig_newton_walk"),
    )
    marks = ((found.start, "o", 9, "fig_start"), (end, "s", 9, "fig_end"), (best, "*", 17, ""))
    for theta, mark, size, name in marks:
        axes.plot(
            *plane.onto(theta)[0],
            mark,
            color=PALETTE["black"],
            markersize=size,
            linestyle="none",
            zorder=6,
            label=words.fill(name or "fig_optimum"),
        )
    axes.set_xlim(u0, u1)
    axes.set_ylim(v0, v1)
    axes.grid(False)
    decimals(axes, words)
    axes.set_xlabel(words.fill("fig_along"))
    axes.set_ylabel(words.fill("fig_across"))
    axes.set_title(words.fill("fig_way"))
    legend_below(axes, 3)


def _span(values: Array) -> tuple[float, float]:
    """Leave room around values."""
    low, high = float(values.min()), float(values.max())
    room = 0.15 * ((high - low) or 1.0)
    return low - room, high + room


def learning_rates(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw how far above its minimum the loss is, step by step, at each learning rate."""
    found = record.further.way
    if found is None:
        return
    colours = [PALETTE[name] for name in ("blue", "green", "purple", "vermilion")]
    styles = ("-", "--", "-.", ":")
    for walk, colour, style in zip(found.walks, colours, styles, strict=False):
        steps, gaps = walk.curve.T
        seen = (steps >= 1) & (gaps > _FLOOR)
        axes.plot(
            steps[seen],
            gaps[seen],
            style,
            color=colour,
            linewidth=1.6,
            label=words.fill("fig_rate", rate=words.rate(walk.rate)),
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(_FLOOR * 10, None)
    axes.set_xlabel(words.fill("fig_step"))
    axes.set_ylabel(words.fill("fig_gap"))
    axes.set_title(words.fill("fig_rates"))
    legend_below(axes, 4)


def float32(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw the descent in float32, which stops, beside the one in float64, which does not."""
    found = record.further.way
    if found is None:
        return
    data, frozen = record.data, found.freezing
    Z = signed_rows(data.X[data.in_train], data.yn[data.in_train])
    steps, gaps = found.walks[0].curve.T
    number = np.append(frozen.number, frozen.steps)
    short = mean_loss(Z, np.vstack([frozen.path, frozen.theta])) - found.goal.loss
    if frozen.step is not None:
        number, short = np.append(number, steps[-1]), np.append(short, short[-1])
    axes.set_yscale("log")
    for x, y, style, colour, label in (
        (steps, gaps, "--", "blue", "float64"),
        (number, short, "-", "vermilion", "float32"),
    ):
        seen = y > _ROUNDING
        axes.plot(x[seen], y[seen], style, color=PALETTE[colour], label=label)
    if frozen.step is not None:
        said = words.fill("fig_frozen", step=words.whole(frozen.step))
        where = (frozen.step, found.frozen_gap)
        axes.plot(*where, "X", color=PALETTE["vermilion"], markersize=12, zorder=5)
        axes.set_ylim(min(axes.get_ylim()[0], found.frozen_gap / 10), None)
        axes.annotate(
            said, where, xytext=(-12, -6), textcoords="offset points", ha="right", va="center"
        )
    whole_steps(axes, words)
    axes.set_xlabel(words.fill("fig_step"))
    axes.set_ylabel(words.fill("fig_gap"))
    title = "fig_float32_plain" if frozen.step is None else "fig_float32"
    axes.set_title(words.fill(title))
    axes.legend(loc="upper right")


def newton(axes: Axes, record: LessonRecord, words: Words) -> None:
    """Draw how far from the optimum each jump of Newton's ends, with its brake and without."""
    found = record.further.way
    if found is None:
        return
    both = (
        (found.newton, "o-", "blue", "fig_with_brake"),
        (found.unbraked, "X--", "vermilion", "fig_without_brake"),
    )
    for each, style, colour, name in both:
        errors = np.abs(each.path - found.goal.theta) / found.goal.standard_errors
        axes.plot(
            np.arange(len(errors)),
            np.maximum(errors.max(axis=1), _NOTHING),
            style,
            color=PALETTE[colour],
            label=words.fill(name),
            markersize=9,
        )
    axes.set_yscale("log")
    last = max(found.newton.steps, found.unbraked.steps)
    axes.set_xticks(range(0, last + 1, 1 + last // 12))
    axes.set_xlabel(words.fill("fig_jump"))
    axes.set_ylabel(words.fill("fig_errors"))
    axes.set_title(words.fill("fig_newton"))
    legend_below(axes, 2)
