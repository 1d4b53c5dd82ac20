"""The notebook's functions, each against values worked out by hand."""

from __future__ import annotations

import math
import os
import random

import numpy as np
import pytest
import torch

from sigmoide.errors import UsageError
from sigmoide.lesson import (
    binary_cross_entropy,
    forward,
    loss_backward,
    optimizer_step,
    regressor,
    set_seed,
    sigmoid,
    train,
)

# Two points whose predictions are 3/4 and 1/2 at w = (log 3, 0), b = 0.
X = torch.tensor([[1.0, 2.0], [0.0, 4.0]])
Y = torch.tensor([1.0, 0.0])
WEIGHTS = torch.tensor([math.log(3), 0.0])
BIAS = torch.tensor([0.0])


def close(actual: torch.Tensor, expected: list[float] | float) -> bool:
    return torch.allclose(actual, torch.tensor(expected), rtol=0, atol=1e-6)


def test_set_seed_repeats_every_generator():
    def draw():
        return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002

    set_seed(7)
    first = draw()
    set_seed(7)
    assert draw() == first
    set_seed(8)
    assert draw() != first


def test_set_seed_asks_for_deterministic_sums(monkeypatch):
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    torch.use_deterministic_algorithms(False)
    set_seed(0)
    assert torch.are_deterministic_algorithms_enabled()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


def test_regressor_draws_the_notebooks_start():
    set_seed(42)
    weights, bias = regressor(2)
    assert (weights.dtype, weights.shape) == (torch.float32, (2,))
    assert (bias.dtype, bias.shape) == (torch.float32, (1,))
    assert weights.tolist() == [0.8822692632675171, 0.9150039553642273]
    assert bias.tolist() == [0.38286375999450684]


def test_sigmoid():
    assert close(sigmoid(torch.tensor([0.0, math.log(3), -math.log(3)])), [0.5, 0.75, 0.25])
    assert sigmoid(torch.tensor([[200.0], [-200.0]])).tolist() == [[1.0], [0.0]]


def test_forward():
    assert close(forward(X, WEIGHTS, BIAS), [0.75, 0.5])
    assert close(forward(X, torch.tensor([0.0, 0.0]), torch.tensor([math.log(3)])), [0.75, 0.75])


def test_binary_cross_entropy_is_the_mean_of_minus_log_of_what_happened():
    loss = binary_cross_entropy(Y, torch.tensor([0.75, 0.5]))
    assert loss.shape == ()
    assert close(loss, (math.log(4 / 3) + math.log(2)) / 2)


def test_loss_backward_by_hand():
    # The errors p - y are -1/4 and 1/2.
    grad_w, grad_b = loss_backward(Y, torch.tensor([0.75, 0.5]), X)
    assert close(grad_w, [-0.125, 0.75])
    assert close(grad_b, 0.125)


def test_loss_backward_is_the_derivative_of_the_loss():
    weights = WEIGHTS.clone().requires_grad_()
    bias = BIAS.clone().requires_grad_()
    binary_cross_entropy(Y, forward(X, weights, bias)).backward()
    grad_w, grad_b = loss_backward(Y, forward(X, WEIGHTS, BIAS), X)
    assert torch.allclose(grad_w, weights.grad, atol=1e-6)
    assert torch.allclose(grad_b, bias.grad, atol=1e-6)


def test_optimizer_step_returns_new_parameters():
    weights, bias = torch.tensor([1.0, 2.0]), torch.tensor([3.0])
    moved = optimizer_step(weights, bias, torch.tensor([10.0, -20.0]), torch.tensor(30.0), lr=0.1)
    assert close(moved[0], [0.0, 4.0])
    assert close(moved[1], [0.0])
    assert (weights.tolist(), bias.tolist()) == ([1.0, 2.0], [3.0])
    slow = optimizer_step(weights, bias, torch.tensor([10.0, -20.0]), torch.tensor(30.0))
    assert close(slow[0], [0.9, 2.2])


def test_train_takes_one_step_and_returns_the_loss_before_it(capsys):
    weights, bias, loss = train(X, Y, WEIGHTS, BIAS, lr=1, training_steps=1, valid_steps=1)
    assert close(weights, [math.log(3) + 0.125, -0.75])
    assert close(bias, [-0.125])
    assert loss == pytest.approx((math.log(4 / 3) + math.log(2)) / 2, abs=1e-6)
    assert capsys.readouterr().out == "Step [0/1], loss: 0.49\nStep [1/1], loss: 0.49\n"


def test_train_prints_every_valid_steps(capsys):
    train(X, Y, WEIGHTS, BIAS, training_steps=5, valid_steps=2)
    steps = [line.split(",")[0] for line in capsys.readouterr().out.splitlines()]
    assert steps == ["Step [0/5]", "Step [2/5]", "Step [4/5]", "Step [5/5]"]


def test_on_step_sees_the_parameters_before_each_update(capsys):
    seen = []
    quiet = train(X, Y, WEIGHTS, BIAS, training_steps=3)
    printed = capsys.readouterr().out
    watched = train(
        X, Y, WEIGHTS, BIAS, training_steps=3, on_step=lambda i, w, b: seen.append((i, w, b))
    )
    assert capsys.readouterr().out == printed
    assert [i for i, _, _ in seen] == [0, 1, 2]
    assert torch.equal(seen[0][1], WEIGHTS)
    again = optimizer_step(*seen[2][1:], *loss_backward(Y, forward(X, *seen[2][1:]), X))
    for end in (quiet, watched):
        assert torch.equal(end[0], again[0])
        assert torch.equal(end[1], again[1])


@pytest.mark.parametrize("nothing", [{"training_steps": 0}, {"valid_steps": 0}])
def test_train_refuses_to_take_no_step(nothing):
    with pytest.raises(UsageError, match="at least 1"):
        train(X, Y, WEIGHTS, BIAS, **nothing)
