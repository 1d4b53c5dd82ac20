"""Mini-batches: steps that look at a few points each, and what they cost."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson._torch import torch
from sigmoide.lesson.handmade import train

SIZE = 16


@dataclass(frozen=True, eq=False)
class MiniBatches:
    """A training in mini-batches, from where the lesson's own began.

    Attributes
    ----------
    size : int
        Points that a step looks at.
    losses : ndarray, shape (steps + 1,)
        The loss over all the training points, before each step and after the last.
    ups : int
        How many of the steps made it larger.
    """

    size: int
    losses: NDArray[np.float64]
    ups: int


def train_in_batches(
    X: torch.Tensor,
    y: torch.Tensor,
    weights: torch.Tensor,
    bias: torch.Tensor,
    rate: float,
    steps: int,
    seed: int,
) -> MiniBatches:
    """Train as the lesson does, a few points at a time.

    Parameters
    ----------
    X, y : torch.Tensor, shapes (m, 2) and (m,)
        The training points and their classes.
    weights, bias : torch.Tensor
        Where to begin.
    rate : float
        The learning rate.
    steps : int
        How many steps.
    seed : int
        Of the order of the points.

    Returns
    -------
    MiniBatches
        What came out: 16 points a step, or a quarter of them where there are fewer than 64.
    """
    size = max(1, min(SIZE, len(X) // 4))
    losses: list[float] = []
    with contextlib.redirect_stdout(io.StringIO()):
        train(
            X,
            y,
            weights,
            bias,
            rate,
            steps,
            steps,
            batch_size=size,
            seed=seed,
            on_measure=lambda _, loss, __: losses.append(loss),
        )
    curve = np.array(losses)
    return MiniBatches(size, curve, int(np.sum(np.diff(curve) > 0)))
