"""A loss that stays finite: the notebook's own gives NaN for a right and confident answer.

In float32, σ(η) is exactly 1 as soon as η passes 24·log(2) ≈ 16.6. For a point of class 1 the
notebook then works out 0·log(1 - 1) = 0·(-∞), which is not a number. The way out is never to
pass through p::

    loss = (1/m) · Σ log(1 + exp(-s·η))        s = 1 for class 1, -1 for class 0

"""

from __future__ import annotations

from dataclasses import dataclass

from sigmoide.lesson._torch import torch
from sigmoide.lesson.handmade import binary_cross_entropy, sigmoid

# The answers that are tried: η for a point of class 1.
TRIED = (5.0, 16.0, 17.0, 100.0)


@dataclass(frozen=True)
class FiniteLoss:
    """Both losses of a single point of class 1, in float32.

    Attributes
    ----------
    breaks_at : float
        The smallest η whose probability is rounded to 1: from there on the notebook's is NaN.
    eta : tuple of float
        The answers tried.
    notebook, stable : tuple of float
        The two losses of each.
    """

    breaks_at: float
    eta: tuple[float, ...]
    notebook: tuple[float, ...]
    stable: tuple[float, ...]


def stable_cross_entropy(y_truth: torch.Tensor, eta: torch.Tensor) -> torch.Tensor:
    """Measure how badly the predictions did, from η = X·w + b instead of from p = σ(η).

    It is the loss of ``binary_cross_entropy``, finite for every finite η and with all its digits.

    Parameters
    ----------
    y_truth : torch.Tensor, shape (m,)
        The true classes, 0 or 1.
    eta : torch.Tensor, shape (m,)
        The linear predictors.

    Returns
    -------
    torch.Tensor, shape ()
        The loss.
    """
    against = (1 - 2 * y_truth) * eta
    return torch.logaddexp(torch.zeros_like(against), against).mean()


def compare_losses(tried: tuple[float, ...] = TRIED) -> FiniteLoss:
    """Work out both losses of a point of class 1, for several η, and where the first breaks.

    Parameters
    ----------
    tried : tuple of float
        The η to try.

    Returns
    -------
    FiniteLoss
        What came out.
    """
    one = torch.ones(1, dtype=torch.float32)
    eta = [torch.tensor([value], dtype=torch.float32) for value in tried]
    return FiniteLoss(
        _first_certain(),
        tried,
        tuple(binary_cross_entropy(one, sigmoid(each)).item() for each in eta),
        tuple(stable_cross_entropy(one, each).item() for each in eta),
    )


def _first_certain() -> float:
    """Find the smallest float32 η with σ(η) = 1, by halving."""
    low, high = torch.tensor(0.0), torch.tensor(32.0)
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return float(high)
        if sigmoid(middle) == 1:
            high = middle
        else:
            low = middle
