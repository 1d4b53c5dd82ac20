"""How the lesson speaks of the way to the optimum: its length, longer steps, float32, Newton."""

from __future__ import annotations

import math

from sigmoide.lesson.newton import NewtonWalk
from sigmoide.lesson.prose import Page, table
from sigmoide.lesson.valley import ERRORS, GAPS, Walk
from sigmoide.lesson.way import LONG_VALLEY, Way


def show_way(page: Page, way: Way) -> None:
    """Tell of the way to the optimum."""
    first = way.walks[0]
    least, middle, most = (page.significant(float(value)) for value in way.eigenvalues)
    page.say(
        "way",
        steps_loose=_steps(page, first, first.to_gap[GAPS[0]]),
        steps_tight=_steps(page, first, first.to_gap[GAPS[1]]),
        steps_error=_steps(page, first, first.to_errors[ERRORS[0]]),
        steps_tenth=_steps(page, first, first.to_errors[ERRORS[1]]),
        least=least,
        middle=middle,
        most=most,
    )
    page.say(
        "way_valley" if way.condition >= LONG_VALLEY else "way_bowl",
        condition=page.whole(round(way.condition)),
        share=page.whole(round(1 / (first.rate * float(way.eigenvalues[0])))),
    )
    page.picture("way")
    _show_rates(page, way)
    _show_freezing(page, way)
    _show_newton(page, way)


def _steps(page: Page, walk: Walk, steps: int | None) -> str:
    """Write how many steps a descent needs, or that more were not tried."""
    if steps is not None:
        return page.whole(steps)
    if walk.outcome == "oscillates":
        return page.texts["never"]
    return page.texts["more_than"].format(steps=page.whole(walk.steps))


def _show_rates(page: Page, way: Way) -> None:
    rows = [[page.texts[f"header_{name}"] for name in ("rate", "loose", "tight")]]
    for walk in way.walks:
        cells = [_steps(page, walk, walk.to_gap[gap]) for gap in GAPS]
        rows.append([page.rate(walk.rate), *cells])
    page.say("rates", limit=page.significant(way.limit, 4), rows=table(rows, gap=4))
    *slower, below, above = way.walks
    needed = [walk.to_gap[GAPS[1]] for walk in (*slower, below)]
    highest = float(below.curve[:, 1].max()) + way.goal.loss
    started = float(below.curve[0, 1]) + way.goal.loss
    if needed[-1] is not None and highest > started and _is_least(needed):
        page.say(
            "rates_below",
            rate=page.rate(below.rate),
            highest=page.significant(highest, 2),
        )
    if above.outcome == "oscillates":
        low, high = sorted(above.last_gaps)
        page.say(
            "rates_above",
            rate=page.rate(above.rate),
            low=page.significant(low, 2),
            high=page.significant(high, 2),
        )
    page.picture("learning-rates")


def _is_least(needed: list[int | None]) -> bool:
    """Say whether the last of several numbers of steps is the least; None is endless."""
    *others, last = (math.inf if steps is None else steps for steps in needed)
    return all(last < other for other in others)


def _show_freezing(page: Page, way: Way) -> None:
    found, gap = way.freezing, page.significant(way.frozen_gap, 2)
    if found.step is None:
        page.say("not_frozen", steps=page.whole(found.steps), gap=gap)
    else:
        page.say(
            "freezing",
            frozen=page.whole(found.step),
            gap=gap,
            errors=page.significant(way.frozen_errors, 2),
        )
    page.picture("float32")


def _show_newton(page: Page, way: Way) -> None:
    page.say("newton", steps=str(way.newton.steps))
    free = way.unbraked
    if free.arrived:
        page.say("newton_free", steps=str(free.steps))
    elif _crashed(free):
        losses = " → ".join(page.significant(float(value)) for value in free.losses)
        page.say("newton_crash", losses=losses)
    else:
        last = page.significant(float(free.losses[-1]))
        page.say("newton_lost", steps=str(free.steps), loss=last)
    page.picture("newton")


def _crashed(free: NewtonWalk) -> bool:
    return free.steps <= 8 and bool(free.losses[-1] > free.losses[0])
