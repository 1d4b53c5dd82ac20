"""How the lesson speaks of the learner's own data, and of the optimum or the lack of one."""

from __future__ import annotations

import math

from sigmoide.arguments.words import printable
from sigmoide.lesson.data import LessonData
from sigmoide.lesson.optimum import CoefficientDistance, NoOptimum, Optimum
from sigmoide.lesson.prose import Page, power_of_ten_above, table
from sigmoide.lesson.way import LONG_VALLEY, condition_at

_LONGEST_NAME = 40


def shown(name: str, most: int = _LONGEST_NAME) -> str:
    """Return a name of the learner's as it can be printed in a line, ``most`` letters of it."""
    # "~" would tie words here.
    plain = printable(" ".join(name.split())).replace("~", "\N{TILDE OPERATOR}")
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def tied(name: str) -> str:
    """Return a name as :func:`shown` has it, on one line of the prose."""
    return shown(name).replace(" ", "~")


def show_own_data(page: Page, data: LessonData) -> None:
    """Say what was taken from the learner's table, and what was done to it."""
    if data.origin is None:
        return
    ready, ones = data.origin.prepared, int(data.yn.sum())
    page.say(
        "own_data",
        source=tied(data.origin.source),
        rows=page.whole(len(data.yn)),
        x1=tied(data.names[0]),
        x2=tied(data.names[1]),
        target=tied(data.target),
        one=tied(data.classes[1]),
        zero=tied(data.classes[0]),
        ones=page.whole(ones),
        zeros=page.whole(len(data.yn) - ones),
    )
    if ready.dropped:
        page.say("own_dropped", dropped=page.whole(sum(ready.dropped.values())))
    if data.origin.sampled_from is not None:
        page.say(
            "own_sampled", rows=page.whole(len(data.yn)), of=page.whole(data.origin.sampled_from)
        )
    if data.origin.directions is not None:
        share1, share2 = (page.number(100 * s, 1) for s in data.origin.directions.shares)
        columns = page.whole(len(data.origin.directions.columns))
        page.say("own_directions", columns=columns, share1=share1, share2=share2)
    if data.origin.scale is not None:
        scale = data.origin.scale
        rows = [["", page.texts["header_mean"], page.texts["header_deviation"]]]
        for name, centre, spread in zip(("x1", "x2"), scale.centre, scale.spread, strict=True):
            rows.append([name, page.significant(centre, 6), page.significant(spread, 6)])
        page.say("own_scaled", rows=table(rows))
    page.say("own_tables")


def show_optimum(
    page: Page,
    data: LessonData,
    optimum: Optimum,
    distances: tuple[CoefficientDistance, ...],
    losses: tuple[float, float],
    correct: tuple[int, int],
) -> None:
    """Say how far the optimum is.

    Parameters
    ----------
    page : Page
        Where to.
    data, optimum, distances
        The points, the exact fit, and how far the lesson is from it.
    losses : tuple of two floats
        The training loss of the weights learned, and what ``train`` returned.
    correct : tuple of two int
        Test points that the lesson and the optimum get right.
    """
    number, half = page.number, page.number(0.5, 1)
    proof = optimum.certificate
    page.say(
        "optimum",
        train_points=page.whole(int(data.in_train.sum())),
        lesson_loss=number(losses[0], 5),
        stale_loss=number(losses[1], 5),
        optimum_loss=number(optimum.loss, 10),
    )
    known = not any(math.isnan(each.standard_error) for each in distances)
    page.say("coefficients", rows=_coefficient_table(page, distances, known))
    if known:
        page.say(
            "standard_errors",
            **{
                f"in_errors_{each.name}": number(abs(each.in_standard_errors), 1)
                for each in distances
            },
        )
    if proof.proved:
        page.say(
            "proved",
            half=half,
            delta=power_of_ten_above(proof.delta),
            gap=power_of_ten_above(proof.gap),
            distance=power_of_ten_above(proof.distance),
        )
    else:
        page.say("not_proved", half=half, delta=page.significant(proof.delta))
    page.say("valley" if condition_at(data, optimum) >= LONG_VALLEY else "bowl")
    page.say(
        "worth" if correct[1] > correct[0] else "not_worth",
        test_points=page.whole(int((~data.in_train).sum())),
        lesson_correct=page.whole(correct[0]),
        optimum_correct=page.whole(correct[1]),
    )
    page.picture("loss")


def show_no_optimum(page: Page, data: LessonData, found: NoOptimum) -> None:
    """Say why there is no optimum."""
    if found.kind == "aliased":
        mark = page.texts["decimal_mark"]
        page.say("aliased", combination=found.combination.replace(".", mark))
        return
    words = {0.0: "finite_sign", 1.0: "plus_sign", -1.0: "minus_sign"}
    page.say(
        "separated",
        train_points=page.whole(int(data.in_train.sum())),
        touching="" if found.complete else page.texts["touching"],
        signs="     ".join(
            page.texts[words.get(sign, "either_sign")].format(name=name)
            for name, sign in zip(("w1", "w2", "b"), found.signs.tolist(), strict=True)
        ),
    )


def _coefficient_table(page: Page, distances: tuple[CoefficientDistance, ...], known: bool) -> str:
    names = ("lesson", "optimum", "difference", *(("in_errors",) if known else ()))
    rows = [["", *(page.texts[f"header_{name}"] for name in names)]]
    for each in distances:
        cells = [
            each.name,
            page.number(each.lesson, 4),
            page.number(each.optimum, 10),
            page.number(each.difference, 4),
        ]
        rows.append([*cells, *([page.number(each.in_standard_errors, 2)] if known else [])])
    return table(rows)
