"""The logistic regressor of the teaching notebook, made by hand, function by function.

The model says how probable it is that a point x = (x1, x2) belongs to class 1::

    p = σ(w1·x1 + w2·x2 + b)        σ(t) = 1 / (1 + exp(-t))

and learns w and b by going downhill on the mean cross-entropy, a small step at a time.
Names, defaults and arithmetic are the notebook's own: written by Multivacs in 2025, after
logistic.ipynb by Juan Antonio Pérez. The textbook formulas are kept on purpose; the stable
ones, which survive any input, are in ``finite.py`` and in the library itself; what the notebook
speaks of and does not do (validation, mini-batches) is in ``stopping.py``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import numpy as np

from sigmoide.errors import UsageError
from sigmoide.lesson._torch import torch

device = "cuda:0" if torch.cuda.is_available() else "cpu"


def set_seed(seed: int) -> None:
    """Make every draw of random numbers, and every sum on a GPU, repeat itself.

    A computer does not draw lots: it works out a list of numbers that look drawn, and the
    seed says where in the list to begin. This seeds Python, NumPy and torch, and tells torch
    to use only operations that give the same result every time, for the whole process.

    Parameters
    ----------
    seed : int
        Where to begin, 0 or greater.
    """
    # cuBLAS reads this once, when it starts: it has to be there before the first product.
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the notebook seeds the global generator
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.use_deterministic_algorithms(True)


def regressor(size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw the parameters to start from: each one uniform between 0 and 1.

    Parameters
    ----------
    size : int
        Number of features, d.

    Returns
    -------
    weights : torch.Tensor, shape (d,)
        One weight for each feature, float32.
    bias : torch.Tensor, shape (1,)
        The constant term, float32.
    """
    weights = torch.rand(size, dtype=torch.float32).to(device)
    bias = torch.rand(1, dtype=torch.float32).to(device)
    return weights, bias


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Turn any number into a probability: σ(x) = 1 / (1 + exp(-x)), element by element.

    σ(0) = 1/2; large x go to 1, very negative x to 0, and σ(-x) = 1 - σ(x).

    Parameters
    ----------
    x : torch.Tensor, any shape
        Real numbers.

    Returns
    -------
    torch.Tensor, shape of ``x``
        Numbers from 0 to 1.
    """
    return 1 / (1 + torch.exp(-x))


def forward(X: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Predict the probability of class 1, row by row: p = σ(X·w + b).

    Parameters
    ----------
    X : torch.Tensor, shape (m, d)
        One point in each row.
    weights : torch.Tensor, shape (d,)
        The weights w.
    bias : torch.Tensor, shape (1,)
        The bias b.

    Returns
    -------
    torch.Tensor, shape (m,)
        The probabilities p.
    """
    return sigmoid(torch.matmul(X, weights) + bias)


def binary_cross_entropy(y_truth: torch.Tensor, y_pred: torch.Tensor) -> torch.Tensor:
    """Measure how badly the predictions did: the mean of -log(probability of what happened).

    With truth y and prediction p, over m rows::

        loss = -(1/m) · Σ [ y·log(p) + (1 - y)·log(1 - p) ]

    It is 0 for a perfect and certain prediction, and log(2) ≈ 0.69 for always saying 1/2.

    Parameters
    ----------
    y_truth : torch.Tensor, shape (m,)
        The true classes, 0 or 1.
    y_pred : torch.Tensor, shape (m,)
        The predicted probabilities; an exact 0 or 1 makes the loss infinite or undefined.

    Returns
    -------
    torch.Tensor, shape ()
        The loss.
    """
    m = 1 / y_truth.shape[0]
    return -m * (y_truth * torch.log(y_pred) + (1 - y_truth) * torch.log(1 - y_pred)).sum()


def loss_backward(
    y_truth: torch.Tensor, y_pred: torch.Tensor, X: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Work out the gradient of the loss: which way is uphill, and how steep it is.

    The derivative of σ cancels that of the logarithm and only the error, p - y, remains::

        ∂loss/∂w = (1/m) · Σ (p - y)·x        ∂loss/∂b = (1/m) · Σ (p - y)

    Parameters
    ----------
    y_truth : torch.Tensor, shape (m,)
        The true classes, 0 or 1.
    y_pred : torch.Tensor, shape (m,)
        The predicted probabilities.
    X : torch.Tensor, shape (m, d)
        The points they were predicted from.

    Returns
    -------
    grad_w : torch.Tensor, shape (d,)
        The gradient in the weights.
    grad_b : torch.Tensor, shape ()
        The gradient in the bias.
    """
    err = y_pred - y_truth
    grad_w = (1 / y_truth.shape[0]) * torch.matmul(err, X)
    grad_b = (1 / y_truth.shape[0]) * torch.sum(err)
    return grad_w, grad_b


def optimizer_step(
    weights: torch.Tensor,
    bias: torch.Tensor,
    grad_w: torch.Tensor,
    grad_b: torch.Tensor,
    lr: float = 0.01,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take one step downhill: w ← w - lr·∂loss/∂w, and b ← b - lr·∂loss/∂b.

    Parameters
    ----------
    weights, grad_w : torch.Tensor, shape (d,)
        The weights and the gradient in them.
    bias : torch.Tensor, shape (1,)
        The bias.
    grad_b : torch.Tensor, shape ()
        The gradient in the bias.
    lr : float, default 0.01
        The learning rate: how long a step is for a slope of 1.

    Returns
    -------
    weights : torch.Tensor, shape (d,)
        New weights; the old ones are left as they were.
    bias : torch.Tensor, shape (1,)
        New bias.
    """
    weights = weights - lr * grad_w
    bias = bias - lr * grad_b
    return weights, bias


def train(
    X: torch.Tensor,
    y_truth: torch.Tensor,
    weights: torch.Tensor,
    bias: torch.Tensor,
    lr: float = 0.01,
    training_steps: int = 1000,
    valid_steps: int = 100,
    *,
    X_valid: torch.Tensor | None = None,
    y_valid: torch.Tensor | None = None,
    patience: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    on_step: Callable[[int, torch.Tensor, torch.Tensor], object] | None = None,
    on_measure: Callable[[int, float, float], object] | None = None,
) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Go downhill ``training_steps`` times, and print the loss now and then.

    Each step predicts, p = σ(X·w + b), works out the gradient there and moves against it.

    The notebook has the arguments up to ``valid_steps``; without any other it does and prints
    what the notebook's does. With one of those from ``X_valid`` to ``batch_size``, or
    ``on_measure``, it is watched: what it prints and returns is then always the loss of the
    parameters as they stand, over all the points, finite whatever they are.

    Parameters
    ----------
    X : torch.Tensor, shape (m, d)
        The points to learn from.
    y_truth : torch.Tensor, shape (m,)
        Their classes, 0 or 1.
    weights : torch.Tensor, shape (d,)
        The weights to start from.
    bias : torch.Tensor, shape (1,)
        The bias to start from.
    lr : float, default 0.01
        The learning rate.
    training_steps : int, default 1000
        How many steps, at least 1.
    valid_steps : int, default 100
        The loss is printed every so many steps, at least 1.
    X_valid, y_valid : torch.Tensor, shapes (k, d) and (k,), optional
        Points to validate on, and their classes: after each step the loss on them is measured,
        and in the end the parameters of the best step are returned.
    patience : int, optional
        Stop after so many steps in a row without a smaller validation loss than the least so
        far. Without it, all the steps are taken.
    batch_size : int, optional
        Each step looks at so many points only. All are dealt out, in shuffled order, before any
        is seen again.
    seed : int, default 0
        Of that shuffling.
    on_step : callable, optional
        Called as ``on_step(i, weights, bias)`` before update i = 0, 1, …: with i = 0 it sees
        the parameters to start from, and those of the end are the ones returned. With points to
        validate on it is called for those of the end, too.
    on_measure : callable, optional
        Called as ``on_measure(i, loss, valid_loss)`` with the losses after i = 0, 1, … updates;
        the second is NaN where there are no points to validate on.

    Returns
    -------
    weights : torch.Tensor, shape (d,)
        The weights learned; with points to validate on, those of the best step.
    bias : torch.Tensor, shape (1,)
        The bias learned.
    loss : float
        The loss of the last predictions, which were made *before* the last update: the
        notebook's. Where it is watched, the training loss of the parameters returned.

    Raises
    ------
    UsageError
        If ``training_steps`` or ``valid_steps`` is less than 1, or one of the others cannot be
        meant.
    """
    if training_steps < 1 or valid_steps < 1:
        raise UsageError(
            f"training_steps={training_steps} and valid_steps={valid_steps} were asked for: "
            "without a first step there is no loss to return; give at least 1 of each."
        )
    watched = (X_valid, y_valid, patience, batch_size, on_measure)
    if any(each is not None for each in watched):
        from sigmoide.lesson.stopping import Watch, train_watched

        watch = Watch(X_valid, y_valid, patience, batch_size, seed, on_step, on_measure)
        return train_watched(X, y_truth, weights, bias, lr, training_steps, valid_steps, watch)
    for i in range(training_steps):
        if on_step is not None:
            on_step(i, weights, bias)
        y_pred = forward(X, weights, bias)
        grad_w, grad_b = loss_backward(y_truth, y_pred, X)
        weights, bias = optimizer_step(weights, bias, grad_w, grad_b, lr)
        if i % valid_steps == 0:
            loss = binary_cross_entropy(y_truth, y_pred).item()
            print(f"Step [{i}/{training_steps}], loss: {loss:.2f}")
    loss = binary_cross_entropy(y_truth, y_pred).item()
    print(f"Step [{training_steps}/{training_steps}], loss: {loss:.2f}")
    return weights, bias, loss
