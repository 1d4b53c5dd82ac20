"""The loss that stays finite, and the notebook's, which does not."""

from __future__ import annotations

import math

import pytest
import torch

from sigmoide.lesson import binary_cross_entropy, sigmoid, stable_cross_entropy
from sigmoide.lesson.finite import compare_losses

ONE = torch.ones(1)


def notebooks(eta: float, y: float = 1.0) -> float:
    return binary_cross_entropy(torch.tensor([y]), sigmoid(torch.tensor([eta]))).item()


def ours(eta: float, y: float = 1.0) -> float:
    return stable_cross_entropy(torch.tensor([y]), torch.tensor([eta])).item()


def test_a_right_and_confident_answer_breaks_the_notebooks_loss():
    """Issue: NaN for y = 1 and eta > 16.6 in float32."""
    assert math.isfinite(notebooks(16.6))
    assert math.isnan(notebooks(16.7))
    assert math.isnan(notebooks(100.0))


def test_where_it_breaks_is_found():
    found = compare_losses()
    assert found.breaks_at == pytest.approx(24 * math.log(2), abs=1e-4)
    assert math.isnan(notebooks(found.breaks_at))
    just_below = torch.nextafter(torch.tensor(found.breaks_at), torch.tensor(0.0)).item()
    assert math.isfinite(notebooks(just_below))
    assert [math.isnan(loss) for loss in found.notebook] == [False, False, True, True]
    assert [loss == ours(eta) for eta, loss in zip(found.eta, found.stable, strict=True)] == [
        True
    ] * 4


@pytest.mark.parametrize("eta", [-1e4, -100.0, -16.7, 0.0, 16.7, 80.0, 100.0, 1e4])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_the_stable_one_is_right_everywhere(eta, y):
    against = -eta if y else eta
    exact = max(against, 0.0) + math.log1p(math.exp(-abs(against)))
    # Below 1e-38 float32 has fewer and fewer digits.
    assert ours(eta, y) == pytest.approx(exact, rel=1e-6, abs=1e-44)


def test_wrong_and_confident_costs_what_it_should():
    assert math.isinf(notebooks(-100.0))
    assert ours(-100.0) == 100.0
