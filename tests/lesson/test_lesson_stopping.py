"""What the notebook's prose promises of training: validation, a stop in time, mini-batches."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from sigmoide.errors import UsageError
from sigmoide.lesson import binary_cross_entropy, forward, stable_cross_entropy, train
from sigmoide.lesson.data import make_data
from sigmoide.lesson.stopping import batches, loss_at
from sigmoide.lesson.subsets import powers, standardised, stop_in_time

X = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
Y = torch.tensor([0.0, 1.0, 0.0, 1.0])
# Learning that larger is likelier makes these worse and worse.
X_VALID, Y_VALID = torch.tensor([[0.0], [3.0]]), torch.tensor([1.0, 0.0])
WEIGHTS, BIAS = torch.tensor([-1.0]), torch.tensor([0.0])


def test_the_demonstration():
    """Issue: its minimum at step 528, and with a patience of 10 it stops at 538."""
    found = stop_in_time(make_data())
    assert found is not None
    assert found.sizes == (34, 33, 33)
    assert found.features == 9
    assert (found.best, found.stop) == (528, 538)
    steps, _, valid = found.curve.T
    assert len(steps) == 2001
    assert int(np.argmin(valid)) == 528
    assert found.best_losses[1] == valid[528] < valid[538] < valid[2000]


def test_the_demonstration_again_with_nothing_of_ours():
    """The reading that gives 528: standardise, multiply out, standardise again, from zero."""
    data = make_data()
    index = np.arange(100)
    valid, learn = index % 3 == 1, index % 3 == 2
    x1, x2 = ((data.X - data.X[learn].mean(0)) / data.X[learn].std(0)).T
    P = np.column_stack(
        [x1, x2, x1 * x1, x1 * x2, x2 * x2, x1**3, x1 * x1 * x2, x1 * x2 * x2, x2**3]
    )
    P = (P - P[learn].mean(0)) / P[learn].std(0)
    A, y, theta, losses = np.column_stack([P, np.ones(100)]), data.yn, np.zeros(10), []
    for _ in range(700):
        p = 1 / (1 + np.exp(-A @ theta))
        losses.append(-np.mean(np.log(np.where(y == 1, p, 1 - p))[valid]))
        theta = theta - 0.5 * A[learn].T @ (p - y)[learn] / 33
    assert int(np.argmin(losses)) == 528
    worse = [k for k in range(10, 700) if min(losses[k - 9 : k + 1]) > min(losses[: k - 9])]
    assert worse[0] == 538


def test_powers_are_all_products_up_to_the_degree():
    rows = np.array([[2.0, 3.0], [5.0, 7.0]])
    assert powers(rows)[0].tolist() == [2, 3, 4, 6, 9, 8, 12, 18, 27]
    assert powers(rows, 1).tolist() == rows.tolist()


def test_standardised_by_some_rows_only():
    P = np.array([[0.0, 5.0], [2.0, 5.0], [9.0, 6.0]])
    scaled = standardised(P, np.array([True, True, False]))
    assert scaled.tolist() == [[-1, 0], [1, 0], [8, 1]]


def test_it_stops_and_gives_the_best_step_back(capsys):
    measured: list[tuple[int, float, float]] = []
    weights, bias, loss = train(
        X,
        Y,
        WEIGHTS,
        BIAS,
        0.1,
        500,
        X_valid=X_VALID,
        y_valid=Y_VALID,
        patience=3,
        on_measure=lambda *each: measured.append(each),
    )
    # Moving up makes validation worse from the very first step on.
    assert [step for step, _, _ in measured] == [0, 1, 2, 3]
    assert torch.equal(weights, WEIGHTS)
    assert torch.equal(bias, BIAS)
    assert loss == measured[0][1] == loss_at(X, Y, weights, bias)
    assert capsys.readouterr().out == (
        f"Step [0/500], loss: {measured[0][1]:.2f}, validation: {measured[0][2]:.2f}\n"
        f"Step [3/500], loss: {measured[3][1]:.2f}, validation: {measured[3][2]:.2f}\n"
        f"Best step 0, loss: {measured[0][1]:.2f}, validation: {measured[0][2]:.2f}\n"
    )


def test_without_patience_it_goes_on_and_still_gives_the_best_step_back():
    measured: list[tuple[int, float, float]] = []
    path: list[torch.Tensor] = []
    weights, _, _ = train(
        X,
        Y,
        WEIGHTS,
        BIAS,
        0.1,
        50,
        X_valid=X,
        y_valid=Y,
        on_step=lambda i, w, b: path.append(w),
        on_measure=lambda *each: measured.append(each),
    )
    assert len(measured) == len(path) == 51
    best = min(measured, key=lambda each: each[2])[0]
    assert torch.equal(weights, path[best])
    assert all(train_loss == valid_loss for _, train_loss, valid_loss in measured)


def test_the_loss_returned_is_that_of_the_parameters_returned():
    weights, bias, loss = train(X, Y, WEIGHTS, BIAS, 0.1, 7, batch_size=4)
    fresh = binary_cross_entropy(Y, forward(X, weights, bias)).item()
    assert loss == pytest.approx(fresh, abs=1e-6)
    # The notebook's is that of the step before.
    theirs = train(X, Y, WEIGHTS, BIAS, 0.1, 7)
    assert torch.allclose(theirs[0], weights, atol=1e-6)
    assert theirs[2] > loss + 1e-4


def test_measuring_changes_nothing_that_is_learned(capsys):
    plain = train(X, Y, WEIGHTS, BIAS, 0.1, 20)
    measured: list[float] = []
    watched = train(
        X, Y, WEIGHTS, BIAS, 0.1, 20, on_measure=lambda i, loss, valid: measured.append(valid)
    )
    assert torch.equal(plain[0], watched[0])
    assert torch.equal(plain[1], watched[1])
    assert all(math.isnan(each) for each in measured)
    assert "validation" not in capsys.readouterr().out


def test_every_point_is_dealt_out_before_any_is_seen_again():
    turns = batches(10, 4, seed=3)
    rounds = [torch.cat(list(itertools.islice(turns, 3))).tolist() for _ in range(3)]
    assert all(sorted(each) == list(range(10)) for each in rounds)
    assert rounds[0] != rounds[1]
    assert [len(each) for each in itertools.islice(turns, 3)] == [4, 4, 2]


def test_the_seed_decides_the_mini_batches():
    def learned(seed: int) -> list[float]:
        weights, _, _ = train(X, Y, WEIGHTS, BIAS, 0.1, 9, batch_size=2, seed=seed)
        return weights.tolist()

    assert learned(1) == learned(1)
    assert learned(1) != learned(2)


def test_a_mini_batch_of_one_is_a_step_on_one_point():
    weights, bias, _ = train(X[:1], Y[:1], WEIGHTS, BIAS, 0.5, 1, batch_size=1)
    assert weights.tolist() == WEIGHTS.tolist()  # the point is at 0
    assert bias.item() == pytest.approx(-0.25)


def test_mini_batches_in_the_lesson(lessons):
    found = lessons["es"].further.batches
    assert found.size == 16
    assert len(found.losses) == 101
    assert found.losses[0] == pytest.approx(1.5782, abs=1e-4)
    assert abs(found.losses[-1] - lessons["es"].final_train_loss) < 0.05
    assert 0 < found.ups < 100
    assert np.array_equal(found.losses, lessons["en"].further.batches.losses)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"X_valid": X_VALID}, "go together"),
        ({"y_valid": Y_VALID}, "go together"),
        ({"patience": 5}, "without points to validate on"),
        ({"X_valid": X_VALID, "y_valid": Y_VALID, "patience": 0}, "1 up"),
        ({"X_valid": X_VALID[:0], "y_valid": Y_VALID[:0]}, "no rows"),
        ({"batch_size": 0}, "from 1 to 4"),
        ({"batch_size": 5}, "from 1 to 4"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked, says):
    with pytest.raises(UsageError, match=says):
        train(X, Y, WEIGHTS, BIAS, **asked)


def test_a_loss_that_overflowed_does_not_count_as_better():
    huge = torch.tensor([1e30])
    weights, _, _ = train(X, Y, huge, BIAS, 1e30, 9, X_valid=X, y_valid=Y, patience=2)
    assert torch.isfinite(weights).all()


def test_stable_cross_entropy_is_the_notebooks_where_that_is_fine():
    eta = torch.tensor([-3.0, 0.5, 2.0])
    y = torch.tensor([0.0, 1.0, 0.0])
    theirs = binary_cross_entropy(y, 1 / (1 + torch.exp(-eta)))
    assert torch.allclose(stable_cross_entropy(y, eta), theirs, atol=1e-6)
