"""The second half of the lesson: each thing is worked out, and then told."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.api.result import Result
from sigmoide.lesson._torch import torch
from sigmoide.lesson.boundary import sign_changes
from sigmoide.lesson.data import SEED, LessonData
from sigmoide.lesson.finite import FiniteLoss, compare_losses
from sigmoide.lesson.handover import to_model
from sigmoide.lesson.minibatches import MiniBatches, train_in_batches
from sigmoide.lesson.optimum import NoOptimum, Optimum
from sigmoide.lesson.prose import Page, power_of_ten_above, table
from sigmoide.lesson.ranking import HALF, Ranking, rank
from sigmoide.lesson.record import Further
from sigmoide.lesson.sections import shown
from sigmoide.lesson.subsets import PATIENCE, RATE, EarlyStopping, stop_in_time
from sigmoide.lesson.way import Way, find_way
from sigmoide.lesson.wayside import show_way
from sigmoide.problem.objective import loss, sigmoid

Parameters = tuple[torch.Tensor, torch.Tensor]

# The notebook draws its line between these.
_NOTEBOOK_FRAME = (0.0, 6.0)


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """What the first half hands on.

    Attributes
    ----------
    rate : float
        The learning rate.
    steps : int
        How many steps were taken.
    X_train, y_train : torch.Tensor
        The training points and their classes.
    start, end : tuple of torch.Tensor
        Weights and bias as they were drawn, and as they were learned.
    trajectory : ndarray, shape (steps + 1, 7)
        The way between them: see ``record.TRAJECTORY_COLUMNS``.
    """

    rate: float
    steps: int
    X_train: torch.Tensor
    y_train: torch.Tensor
    start: Parameters
    end: Parameters
    trajectory: NDArray[np.float64]


def go_further(
    page: Page, data: LessonData, learned: TrainingRun, optimum: Optimum | NoOptimum
) -> Further:
    """Go on where the notebook stops, and tell of it.

    Parameters
    ----------
    page : Page
        Where to tell it.
    data : LessonData
        The points.
    learned : TrainingRun
        What the first half learned.
    optimum : Optimum or NoOptimum
        The exact fit, or why there is none.

    Returns
    -------
    Further
        All that was worked out.
    """
    way = _way(page, data, learned, optimum)
    stopping = stop_in_time(data)
    if stopping is not None:
        show_stopping(page, stopping)
    batches = train_in_batches(
        learned.X_train, learned.y_train, *learned.start, learned.rate, learned.steps, SEED
    )
    show_batches(page, batches, len(learned.X_train), float(learned.trajectory[-1, 4]))
    finite = compare_losses()
    show_finite(page, finite)
    crossings = sign_changes(learned.trajectory[:, 2])
    show_vertical(page, data, learned.trajectory, crossings)
    ranking = _ranking(data, learned.trajectory[-1, 1:4])
    show_ranking(page, ranking)
    model = to_model(*learned.end, data, steps=learned.steps)
    best = None
    if isinstance(optimum, Optimum) and optimum.certificate.proved:
        best = to_model(optimum.weights, optimum.bias, data)
    show_model(page, data, learned.trajectory[-1, 1:4], optimum, (model, best))
    if data.origin is None:
        page.say("yours")
    else:
        page.say("own_yours", target=shown(data.target))
    return Further(way, stopping, batches, finite, crossings, ranking, model, best)


def _way(
    page: Page, data: LessonData, learned: TrainingRun, optimum: Optimum | NoOptimum
) -> Way | None:
    if isinstance(optimum, NoOptimum):
        return None
    if not np.isfinite(optimum.standard_errors).all():
        page.say("own_not_proved")
        return None
    way = find_way(data, learned.trajectory[0, 1:4], optimum, learned.rate)
    show_way(page, way)
    return way


def _ranking(data: LessonData, theta: NDArray[np.float64]) -> Ranking:
    p = sigmoid(data.X @ theta[:2] + theta[2])
    test = ~data.in_train
    return rank(p[data.in_train], data.yn[data.in_train], p[test], data.yn[test])


def show_stopping(page: Page, found: EarlyStopping) -> None:
    """Tell of the three subsets and the stop in time."""
    number = page.number
    test, valid, train = (page.whole(size) for size in found.sizes)
    page.say(
        "stopping",
        test=test,
        valid=valid,
        train=train,
        features=page.whole(found.features),
        rate=str(RATE),
        patience=str(PATIENCE),
    )
    last = page.whole(int(found.curve[-1, 0]))
    if found.stop is None:
        page.say("not_stopped", last=last, patience=str(PATIENCE))
    else:
        page.say(
            "stopped",
            patience=str(PATIENCE),
            stop=page.whole(found.stop),
            best=page.whole(found.best),
            best_valid=number(found.best_losses[1], 4),
            last=last,
            best_train=number(found.best_losses[0], 4),
            last_train=number(found.last_losses[0], 4),
            best_test=number(found.best_losses[2], 4),
            last_test=number(found.last_losses[2], 4),
        )
    page.picture("early-stopping")


def show_batches(page: Page, found: MiniBatches, points: int, full_loss: float) -> None:
    """Tell of the mini-batches."""
    page.say(
        "batches",
        size=str(found.size),
        ups=str(found.ups),
        steps=page.whole(len(found.losses) - 1),
        times=page.number(points / found.size, 1),
        batch_loss=page.number(found.losses[-1], 4),
        full_loss=page.number(full_loss, 4),
    )
    page.picture("mini-batches")


def show_finite(page: Page, found: FiniteLoss) -> None:
    """Tell of the loss that stays finite."""
    rows = [[page.texts[f"header_{name}"] for name in ("eta", "notebook", "stable")]]
    for eta, notebook, stable in zip(found.eta, found.notebook, found.stable, strict=True):
        rows.append([f"{eta:g}", page.significant(notebook, 4), page.significant(stable, 4)])
    page.say("finite", breaks_at=page.number(found.breaks_at, 2), rows=table(rows, gap=4))
    page.picture("finite-loss")


def show_vertical(
    page: Page,
    data: LessonData,
    trajectory: NDArray[np.float64],
    crossings: tuple[int, ...],
) -> None:
    """Tell of the boundary that can be vertical."""
    words = [page.texts["crossing"].format(step=step) for step in crossings]
    said = page.texts["and"].join([", ".join(words[:-1]), *words[-1:]] if words[1:] else words)
    if not crossings:
        page.say("no_vertical")
    elif data.origin is not None:
        page.say("own_crossings", crossings=said)
    else:
        w1, w2, b = trajectory[-1, 1:4]
        left, right = (page.number(-(w1 * x + b) / w2, 0) for x in _NOTEBOOK_FRAME)
        page.say("vertical", left=left, right=right, crossings=said)
    page.picture("boundaries")


def show_ranking(page: Page, found: Ranking) -> None:
    """Tell of right answers and right order."""
    right, total = str(found.half.right), len(found.y)
    if math.isnan(found.auc):
        page.say("ranking_one_class", right=right, total=page.whole(total))
        return
    page.say(
        "ranking",
        right=right,
        total=page.whole(total),
        accuracy=page.number(100 * found.half.right / total, 1),
        pairs=page.whole(found.pairs),
        ordered=page.whole(math.floor(found.auc * found.pairs + 0.25)),
        auc=page.number(found.auc, 4),
    )
    if found.misplaced:
        page.say(
            "ranking_threshold",
            half=page.number(HALF, 1),
            total=page.whole(total),
            best=page.number(found.best.value, 2),
            best_right=page.whole(found.best.right),
            fair=page.number(found.fair.value, 2),
            fair_right=page.whole(found.fair.right),
        )
    page.picture("ranking")


def show_model(
    page: Page,
    data: LessonData,
    theta: NDArray[np.float64],
    optimum: Optimum | NoOptimum,
    models: tuple[Result, Result | None],
) -> None:
    """Tell of the hand-made weights as a model of the library, beside the optimum."""
    names = ("train_loss", "test_loss", "auc", "right", "delta")
    rows = [["", *(page.texts[f"header_{name}"] for name in names)]]
    both = [("lesson", theta, models[0])]
    if isinstance(optimum, Optimum) and models[1] is not None:
        both.append(("optimum", np.array([*optimum.weights, optimum.bias]), models[1]))
    for name, (w1, w2, b), model in both:
        eta = data.X @ np.array([w1, w2]) + b
        train, test = data.in_train, ~data.in_train
        p, losses = sigmoid(eta), loss(eta, data.yn.astype(np.float64))
        found = rank(p[train], data.yn[train], p[test], data.yn[test])
        delta = model.certificate.delta
        rows.append(
            [
                page.texts[f"header_{name}"],
                page.number(float(losses[train].mean()), 4),
                page.number(float(losses[test].mean()), 4),
                "—" if math.isnan(found.auc) else page.number(found.auc, 4),
                str(found.half.right),
                power_of_ten_above(delta) if model.certificate.proved else page.number(delta, 2),
            ]
        )
    page.say("model", half=page.number(0.5, 1), rows=table(rows, gap=3))
