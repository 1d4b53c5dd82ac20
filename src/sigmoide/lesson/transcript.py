"""The walk through the notebook: what it does, what it prints, and a word before each part."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sigmoide.lesson import handmade
from sigmoide.lesson._torch import torch
from sigmoide.lesson.data import SEED, LessonData, make_data
from sigmoide.lesson.handmade import binary_cross_entropy, forward, regressor, set_seed, train
from sigmoide.lesson.optimum import CoefficientDistance, Optimum, distances, exact_fit
from sigmoide.lesson.prose import Page, power_of_ten_above, table
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.texts import texts_in

LEARNING_RATE = 0.05
TRAINING_STEPS = 100
VALID_STEPS = 10


def run_lesson(lang: str = "es", write: Callable[[str], object] = print) -> LessonRecord:
    """Walk through the notebook, and on to the optimum that it was heading for.

    The lines that the notebook prints are its own, character by character; those that begin
    with "#" are the lesson's. As in the notebook, the random generators of Python, NumPy and
    torch are seeded, and torch is left with deterministic algorithms only.

    Parameters
    ----------
    lang : str, default "es"
        The language of the prose: "es" or "en".
    write : callable, default print
        Called with each line, without its end.

    Returns
    -------
    LessonRecord
        Every number of the lesson, and what was printed.

    Raises
    ------
    UsageError
        If ``lang`` is neither of the two.
    """
    page = Page(texts_in(lang), write)
    page.say("opening")

    page.say("seed")
    set_seed(SEED)

    data = make_data()
    _show_data(page, data)

    X, y = _tensors(page, data)

    mask = torch.from_numpy(data.in_train).to(handmade.device)
    X_train, y_train = X[mask], y[mask]
    X_test, y_test = X[torch.logical_not(mask)], y[torch.logical_not(mask)]
    _show_split(page, X_train, y_train, X_test, y_test)

    page.say("functions")

    weights, bias, train_loss, path = _training(page, X_train, y_train)
    test_loss, accuracy = _evaluation(page, X_test, y_test, weights, bias)
    _show_boundary(page, weights, bias)

    optimum = exact_fit(data.X[data.in_train], data.yn[data.in_train])
    record = LessonRecord(
        lang=lang,
        device=handmade.device,
        data=data,
        weights=weights.cpu().numpy(),
        bias=bias.item(),
        train_loss=train_loss,
        test_loss=test_loss,
        accuracy=accuracy,
        trajectory=np.array(
            [
                [step, *_measured(w, b, X_train, y_train, X_test, y_test)]
                for step, (w, b) in enumerate(path)
            ]
        ),
        optimum=optimum,
        optimum_correct=_right_answers(optimum, data),
        distances=distances(weights.cpu().numpy(), bias.item(), optimum),
        transcript="",
    )
    _show_optimum(page, record)
    return replace(record, transcript="".join(f"{line}\n" for line in page.lines))


def _show_data(page: Page, data: LessonData) -> None:
    page.say("data")
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
    page.say("split")
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
    page.say("test", half=page.number(0.5, 1))
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


def _show_boundary(page: Page, weights: torch.Tensor, bias: torch.Tensor) -> None:
    page.say(
        "boundary",
        half=page.number(0.5, 1),
        w2=page.number(weights[1].item(), 2),
        slope=page.number(-weights[0].item() / weights[1].item(), 2),
        intercept=page.number(-bias.item() / weights[1].item(), 2),
    )


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


def _show_optimum(page: Page, record: LessonRecord) -> None:
    number, half = page.number, page.number(0.5, 1)
    optimum, proof = record.optimum, record.optimum.certificate
    page.say(
        "optimum",
        lesson_loss=number(record.final_train_loss, 5),
        stale_loss=number(record.train_loss, 5),
        optimum_loss=number(optimum.loss, 10),
    )
    page.say("coefficients", rows=_coefficient_table(page, record.distances))
    page.say(
        "standard_errors",
        **{
            f"in_errors_{each.name}": number(abs(each.in_standard_errors), 1)
            for each in record.distances
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
        page.say("not_proved", half=half, delta=number(proof.delta, 2))
    page.say(
        "valley",
        lesson_correct=f"{record.trajectory[-1, -1]:.0f}",
        optimum_correct=str(record.optimum_correct),
    )


def _coefficient_table(page: Page, distances: tuple[CoefficientDistance, ...]) -> str:
    header = [
        page.texts[f"header_{name}"] for name in ("lesson", "optimum", "difference", "in_errors")
    ]
    return table(
        [
            ["", *header],
            *(
                [
                    each.name,
                    page.number(each.lesson, 4),
                    page.number(each.optimum, 10),
                    page.number(each.difference, 4),
                    page.number(each.in_standard_errors, 2),
                ]
                for each in distances
            ),
        ]
    )
