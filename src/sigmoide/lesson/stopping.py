"""What the notebook's prose promises of training: validation, a stop in time, mini-batches.

``handmade.train`` comes here when it is asked for one of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sigmoide.errors import UsageError
from sigmoide.lesson._torch import torch
from sigmoide.lesson.finite import stable_cross_entropy
from sigmoide.lesson.handmade import forward, loss_backward, optimizer_step

OnStep = Callable[[int, torch.Tensor, torch.Tensor], object]
OnMeasure = Callable[[int, float, float], object]


@dataclass(frozen=True, eq=False)
class Watch:
    """What is asked of a training that is watched.

    Attributes
    ----------
    X_valid, y_valid : torch.Tensor or None
        The points to validate on, and their classes.
    patience : int or None
        Steps without a better validation loss before it stops; None to go on to the end.
    batch_size : int or None
        Points that a step looks at; None for all of them.
    seed : int
        Of the order of the points in the mini-batches.
    on_step : callable or None
        Told of the parameters before each step.
    on_measure : callable or None
        Told of the losses after each step.
    """

    X_valid: torch.Tensor | None
    y_valid: torch.Tensor | None
    patience: int | None
    batch_size: int | None
    seed: int
    on_step: OnStep | None
    on_measure: OnMeasure | None

    def check(self, rows: int) -> None:
        """Refuse what cannot be meant."""
        if (self.X_valid is None) != (self.y_valid is None):
            raise UsageError(
                "only one of X_valid and y_valid was given: the points to validate on and their "
                "classes go together; give both or neither."
            )
        if self.X_valid is not None and not len(self.X_valid):
            raise UsageError("X_valid has no rows; give at least one point to validate on.")
        if self.patience is not None and self.X_valid is None:
            raise UsageError(
                f"patience={self.patience} was given without points to validate on: it counts "
                "steps without a better validation loss. Give X_valid and y_valid too."
            )
        if self.patience is not None and self.patience < 1:
            raise UsageError(f"patience={self.patience} was given; it is a number of steps, 1 up.")
        if self.batch_size is not None and not 1 <= self.batch_size <= rows:
            raise UsageError(
                f"batch_size={self.batch_size} was given for {rows} points; it is a number of "
                f"them, from 1 to {rows}."
            )


@dataclass
class _Best:
    """The best step so far."""

    step: int
    valid_loss: float
    weights: torch.Tensor
    bias: torch.Tensor


def batches(rows: int, size: int, seed: int) -> Iterator[torch.Tensor]:
    """Deal the rows out, ``size`` at a time, shuffled anew each time they have all been dealt.

    Parameters
    ----------
    rows : int
        How many there are.
    size : int
        How many at a time; the last ones of a round may be fewer.
    seed : int
        Of the shuffling: the same seed deals the same.

    Yields
    ------
    torch.Tensor of int64
        Row numbers, for ever.
    """
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield from torch.split(torch.randperm(rows, generator=generator), size)


def train_watched(
    X: torch.Tensor,
    y_truth: torch.Tensor,
    weights: torch.Tensor,
    bias: torch.Tensor,
    lr: float,
    training_steps: int,
    valid_steps: int,
    watch: Watch,
) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Go downhill as ``train`` does, and watch the losses on the way.

    Every loss here is that of the parameters as they stand, over all the points of its part,
    and is finite: see ``stable_cross_entropy``. Steps are counted by the updates made: step 0 is
    where the training starts.

    Parameters
    ----------
    X, y_truth, weights, bias, lr, training_steps, valid_steps
        As in ``train``.
    watch : Watch
        The rest.

    Returns
    -------
    weights, bias : torch.Tensor
        Of the best step on the validation points if there are any, else of the last step.
    loss : float
        The training loss of these very parameters.

    Raises
    ------
    UsageError
        If what ``watch`` asks for cannot be meant.
    """
    watch.check(len(X))
    turns = None
    if watch.batch_size is not None:
        turns = batches(len(X), watch.batch_size, watch.seed)
    best = _Best(0, math.inf, weights, bias)
    step, stopped = 0, False
    while True:
        if watch.X_valid is not None and watch.y_valid is not None:
            valid_loss = loss_at(watch.X_valid, watch.y_valid, weights, bias)
            if valid_loss < best.valid_loss:
                best = _Best(step, valid_loss, weights, bias)
            stopped = watch.patience is not None and step - best.step >= watch.patience
        else:
            valid_loss, best = math.nan, _Best(step, math.nan, weights, bias)
        last = stopped or step == training_steps
        printed = step % valid_steps == 0 or last
        if printed or watch.on_measure is not None:
            train_loss = loss_at(X, y_truth, weights, bias)
            if watch.on_measure is not None:
                watch.on_measure(step, train_loss, valid_loss)
            if printed:
                print(_line(step, training_steps, train_loss, valid_loss))
        if watch.on_step is not None and not (last and watch.X_valid is None):
            watch.on_step(step, weights, bias)
        if last:
            break
        rows = slice(None) if turns is None else next(turns).to(X.device)
        X_turn, y_turn = X[rows], y_truth[rows]
        gradient = loss_backward(y_turn, forward(X_turn, weights, bias), X_turn)
        weights, bias = optimizer_step(weights, bias, *gradient, lr)
        step += 1
    loss = loss_at(X, y_truth, best.weights, best.bias)
    if watch.X_valid is not None:
        print(f"Best step {best.step}, " + _losses(loss, best.valid_loss))
    return best.weights, best.bias, loss


def loss_at(
    X: torch.Tensor, y_truth: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor
) -> float:
    """Return the loss of these parameters on these points."""
    return float(stable_cross_entropy(y_truth, torch.matmul(X, weights) + bias).item())


def _line(step: int, steps: int, train_loss: float, valid_loss: float) -> str:
    return f"Step [{step}/{steps}], " + _losses(train_loss, valid_loss)


def _losses(train_loss: float, valid_loss: float) -> str:
    validation = "" if math.isnan(valid_loss) else f", validation: {valid_loss:.2f}"
    return f"loss: {train_loss:.2f}{validation}"
