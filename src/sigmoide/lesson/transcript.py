"""The walk through the notebook: what it does, what it prints, and a word before each part."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sigmoide.lesson import handmade
from sigmoide.lesson._torch import torch
from sigmoide.lesson.data import SEED, LessonData, make_data
from sigmoide.lesson.further import TrainingRun, go_further
from sigmoide.lesson.handmade import binary_cross_entropy, forward, regressor, set_seed, train
from sigmoide.lesson.optimum import (
    CoefficientDistance,
    NoOptimum,
    Optimum,
    distances,
    exact_fit,
    not_twice_the_same,
)
from sigmoide.lesson.own import columns_asked_for, own_data
from sigmoide.lesson.prose import Page
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.sections import show_no_optimum, show_optimum, show_own_data
from sigmoide.lesson.texts import texts_in

LEARNING_RATE = 0.05
TRAINING_STEPS = 100
VALID_STEPS = 10


def run_lesson(
    lang: str = "es",
    write: Callable[[str], object] = print,
    *,
    source: Any = None,
    x: Sequence[str] | None = None,
    y: str | None = None,
    event: Any = None,
    most_rows: int | None = None,
) -> LessonRecord:
    """Walk through the notebook, on to the optimum that it was heading for, and further.

    The lines that the notebook prints are its own, character by character; those that begin
    with "#" are the lesson's. As in the notebook, the random generators of Python, NumPy and
    torch are seeded, and torch is left with deterministic algorithms only.

    Parameters
    ----------
    lang : str, default "es"
        The language of the prose: "es" or "en".
    write : callable, default print
        Called with each line, without its end.
    source : path, data frame, mapping of arrays or Source, optional
        The learner's own table, instead of the notebook's points.
    x : sequence of str, optional
        With ``source``: its columns of numbers to learn from; all of them by default. Of more
        than two, the first two principal directions are taken.
    y : str
        With ``source``: its target, a column of two values.
    event : optional
        With ``source``: the value of the target that is class 1.
    most_rows : int, optional
        With ``source``: draw so many rows at random, always the same, where there are more.

    Returns
    -------
    LessonRecord
        Every number of the lesson, and what was printed.

    Raises
    ------
    UsageError
        If ``lang`` is neither of the two, or ``source`` and ``y`` are not given together.
    DataError
        If the learner's own table cannot be used. Nothing has been written then.
    """
    page = Page(texts_in(lang), write)
    own = _own_data(source, x, y, event, most_rows)
    page.say("opening")
    if own is not None:
        page.say("own_opening")
    page.say("seed")
    set_seed(SEED)
    data = make_data() if own is None else own
    if own is None:
        page.say("data")
    else:
        show_own_data(page, own)
    _show_data(page, data)
    X, y_all = _tensors(page, data)
    mask = torch.from_numpy(data.in_train).to(handmade.device)
    X_train, y_train = X[mask], y_all[mask]
    X_test, y_test = X[torch.logical_not(mask)], y_all[torch.logical_not(mask)]
    _show_split(page, X_train, y_train, X_test, y_test)
    page.say("functions")
    weights, bias, train_loss, path = _training(page, X_train, y_train)
    test_loss, accuracy = _evaluation(page, X_test, y_test, weights, bias)
    _show_boundary(page, data, weights, bias)
    trajectory = np.array(
        [
            [step, *_measured(w, b, X_train, y_train, X_test, y_test)]
            for step, (w, b) in enumerate(path)
        ]
    )
    optimum = exact_fit(data.X[data.in_train], data.yn[data.in_train])
    if own is not None:
        optimum = not_twice_the_same(own, optimum)
    far: tuple[CoefficientDistance, ...] = ()
    correct = None
    if isinstance(optimum, NoOptimum):
        show_no_optimum(page, data, optimum)
    else:
        far = distances(weights.cpu().numpy(), bias.item(), optimum)
        correct = _right_answers(optimum, data)
        losses = (float(trajectory[-1, 4]), train_loss)
        show_optimum(page, data, optimum, far, losses, (int(trajectory[-1, -1]), correct))
    learned = TrainingRun(
        LEARNING_RATE, TRAINING_STEPS, X_train, y_train, path[0], (weights, bias), trajectory
    )
    return LessonRecord(
        lang=lang,
        device=handmade.device,
        data=data,
        weights=weights.cpu().numpy(),
        bias=bias.item(),
        train_loss=train_loss,
        test_loss=test_loss,
        accuracy=accuracy,
        trajectory=trajectory,
        optimum=optimum,
        optimum_correct=correct,
        distances=far,
        further=go_further(page, data, learned, optimum),
        transcript="".join(f"{line}\n" for line in page.lines),
    )


def _own_data(
    source: Any, x: Sequence[str] | None, y: str | None, event: Any, most_rows: int | None
) -> LessonData | None:
    asked = columns_asked_for(source, x, y, event)
    if asked is None:
        return None
    return own_data(source, *asked, LEARNING_RATE, event, most_rows=most_rows)


def _show_data(page: Page, data: LessonData) -> None:
    Xn, yn = data.Xn, data.yn
    page.show(f"Xn.shape = {Xn.shape}")
    page.show(f"yn.shape = {yn.shape}")
    page.show(f"Xn[:3] = {Xn[:3]}")
    page.show(f"yn[:3] = {yn[:3]}")


def _tensors(page: Page, data: LessonData) -> tuple[torch.Tensor, torch.Tensor]:
    page.say("tensors")
    device = handmade.device
    page.show(f"Usando {device}")
    X = torch.from_numpy(np.float32(data.Xn)).to(device)
    y = torch.from_numpy(np.float32(data.yn)).to(device)
    page.show(f"type(X) = {type(X)}, type(y) = {type(y)}")
    page.show(f"X[:3] = {X[:3]}")
    page.show(f"y[:3] = {y[:3]}")
    return X, y


def _show_split(
    page: Page,
    X_train: torch.Tensor,
    y_train: torch.Tensor,
    X_test: torch.Tensor,
    y_test: torch.Tensor,
) -> None:
    page.say("split", train_points=page.whole(len(X_train)), test_points=page.whole(len(X_test)))
    page.show(f"X_train.shape = {X_train.shape}")
    page.show(f"y_train.shape = {y_train.shape}")
    page.show(f"X_test.shape = {X_test.shape}")
    page.show(f"y_test.shape = {y_test.shape}")


def _training(
    page: Page, X_train: torch.Tensor, y_train: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, float, list[tuple[torch.Tensor, torch.Tensor]]]:
    """Train, and keep the parameters before each update and after the last."""
    page.say("training", lr=page.number(LEARNING_RATE, 2), log_2=page.number(math.log(2), 2))
    path: list[tuple[torch.Tensor, torch.Tensor]] = []
    weights, bias = regressor(X_train.shape[1])
    with page.showing():
        weights, bias, loss = train(
            X_train,
            y_train,
            weights,
            bias,
            lr=LEARNING_RATE,
            training_steps=TRAINING_STEPS,
            valid_steps=VALID_STEPS,
            on_step=lambda _, weights, bias: path.append((weights, bias)),
        )
    return weights, bias, loss, [*path, (weights, bias)]


def _evaluation(
    page: Page,
    X_test: torch.Tensor,
    y_test: torch.Tensor,
    weights: torch.Tensor,
    bias: torch.Tensor,
) -> tuple[float, float]:
    page.say("test", half=page.number(0.5, 1), test_points=page.whole(len(X_test)))
    page.show(
        "Learned logistic regressor: "
        f"y = σ({weights[0]:.2f}*x1 + {weights[1]:.2f}*x2 + {bias.item():.2f})"
    )
    y_pred = forward(X_test, weights, bias)
    loss = binary_cross_entropy(y_test, y_pred).item()
    page.show(f"Binary cross-entropy on the test set: {loss:.2f}")
    prediction = y_pred > 0.5
    correct = prediction == y_test
    accuracy = (torch.sum(correct) / y_test.shape[0]) * 100
    page.show(f"Accuracy on the test set: {accuracy:.2f}%")
    return loss, accuracy.item()


def _show_boundary(page: Page, data: LessonData, weights: torch.Tensor, bias: torch.Tensor) -> None:
    w1, w2, b = (*weights.tolist(), bias.item())
    half = page.number(0.5, 1)
    if data.origin is None:
        page.say(
            "boundary",
            half=half,
            w2=page.number(w2, 2),
            slope=page.number(-w1 / w2, 2),
            intercept=page.number(-b / w2, 2),
        )
    elif w2 == 0:
        page.say("own_vertical", half=half)
    else:
        page.say(
            "own_boundary",
            half=half,
            slope=page.significant(-w1 / w2, 4),
            sign="-" if b / w2 > 0 else "+",
            intercept=page.significant(abs(b / w2), 4),
        )
    page.picture("boundary")


def _measured(
    weights: torch.Tensor,
    bias: torch.Tensor,
    X_train: torch.Tensor,
    y_train: torch.Tensor,
    X_test: torch.Tensor,
    y_test: torch.Tensor,
) -> list[float]:
    """Measure one point of the trajectory: parameters, both losses and right answers."""
    test_pred = forward(X_test, weights, bias)
    return [
        *weights.tolist(),
        bias.item(),
        binary_cross_entropy(y_train, forward(X_train, weights, bias)).item(),
        binary_cross_entropy(y_test, test_pred).item(),
        torch.sum((test_pred > 0.5) == y_test).item(),
    ]


def _right_answers(optimum: Optimum, data: LessonData) -> int:
    """Count the test points that the optimum classifies rightly: p > 1/2 where eta > 0."""
    test = ~data.in_train
    eta = data.X[test] @ optimum.weights + optimum.bias
    return int(np.sum((eta > 0) == data.yn[test]))
