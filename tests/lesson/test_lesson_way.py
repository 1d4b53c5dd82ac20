"""The way to the optimum: every number of it against the values that are known."""

from __future__ import annotations

import numpy as np
import pytest

from sigmoide.lesson.freezing import descend_in_float32
from sigmoide.lesson.newton import newton
from sigmoide.lesson.plane import plane_through
from sigmoide.lesson.valley import (
    Goal,
    descend,
    gradient,
    hessian,
    mean_loss,
    most_steps,
    rates_around,
    signed_rows,
    walk,
)


@pytest.fixture(scope="module")
def way(lessons):
    return lessons["es"].further.way


@pytest.fixture(scope="module")
def signed(lessons):
    data = lessons["es"].data
    return signed_rows(data.X[data.in_train], data.yn[data.in_train])


def test_how_long_the_way_is(way):
    """Issue: 48,912 steps to within 1e-3 of the least loss and 195,248 to within 1e-6."""
    assert way.walks[0].rate == 0.05
    assert way.walks[0].to_gap == {1e-3: 48_912, 1e-6: 195_248}


def test_how_long_the_way_is_again_with_nothing_of_ours(lessons):
    """The textbook's formulas, step by step, from the parameters that were drawn."""
    record = lessons["es"]
    data = record.data
    A = np.column_stack([data.X[data.in_train], np.ones(66)])
    y = data.yn[data.in_train]
    theta = record.trajectory[0, 1:4].copy()
    for _ in range(48_911):
        theta -= 0.05 / 66 * (A.T @ (1 / (1 + np.exp(-(A @ theta))) - y))

    def gap() -> float:
        p = 1 / (1 + np.exp(-(A @ theta)))
        return -float(np.mean(np.log(np.where(y == 1, p, 1 - p)))) - record.optimum.loss

    assert gap() > 1e-3
    theta -= 0.05 / 66 * (A.T @ (1 / (1 + np.exp(-(A @ theta))) - y))
    assert gap() <= 1e-3


def test_how_long_it_is_in_standard_errors(way):
    assert way.walks[0].to_errors == {1.0: 14_152, 0.1: 99_374}


def test_the_curvature_at_the_optimum(way):
    """Issue: eigenvalues 4.43e-4, 0.0218, 0.508, condition 1148."""
    assert [float(f"{value:.3g}") for value in way.eigenvalues] == [4.43e-4, 0.0218, 0.508]
    assert round(way.condition) == 1148


def test_rate_3_9_converges_and_4_0_oscillates_for_ever(way, signed):
    walks = {each.rate: each for each in way.walks}
    assert list(walks) == [0.05, 0.5, 3.9, 4.0]
    assert [each.outcome for each in walks.values()] == ["arrives"] * 3 + ["oscillates"]
    assert walks[3.9].to_gap == {1e-3: 209, 1e-6: 401}
    assert walks[4.0].to_gap == {1e-3: None, 1e-6: None}
    low, high = sorted(walks[4.0].last_gaps)
    assert 1e-3 < low < high < 2e-3
    assert 3.9 < way.limit < 4.0
    # At 3.9 it goes on to the optimum itself.
    for block in descend(signed, way.start, 3.9, 20_000):
        last = block[-1]
    assert np.abs(last - way.goal.theta).max() < 1e-10


def test_float32_freezes_at_step_210377(way, signed):
    """Issue: 210,377, which is the notebook's arithmetic in NumPy's float32."""
    frozen = way.freezing
    assert frozen.step == 210_377
    assert way.frozen_gap == pytest.approx(4.17e-7, rel=2e-3)
    assert way.frozen_errors == pytest.approx(0.0074, abs=5e-5)
    assert np.array_equal(frozen.theta, frozen.theta.astype(np.float32))
    assert mean_loss(signed, frozen.theta)[0] - way.goal.loss == way.frozen_gap


def test_frozen_means_that_the_next_step_changes_nothing(lessons, way):
    data = lessons["es"].data
    X, y = data.X[data.in_train], data.yn[data.in_train]
    again = descend_in_float32(X, y, way.freezing.theta, 0.05, 5)
    assert again.step == 0
    assert np.array_equal(again.theta, way.freezing.theta)


def test_a_descent_that_is_left_before_it_freezes(lessons, way):
    data = lessons["es"].data
    X, y = data.X[data.in_train], data.yn[data.in_train]
    found = descend_in_float32(X, y, way.start, 0.05, 100)
    assert (found.step, found.steps) == (None, 100)
    assert found.number.tolist() == list(range(100))
    assert len(found.path) == 100
    # It is the lesson's own hundred steps, but for the last digit.
    np.testing.assert_allclose(found.theta, lessons["es"].path[-1], atol=1e-6)


def test_newton_takes_10_steps_with_a_brake(way):
    assert way.newton.arrived
    assert way.newton.steps == 10
    assert np.all(np.diff(way.newton.losses) <= 1e-14)
    best, errors = way.goal.theta, way.goal.standard_errors
    assert np.abs((way.newton.path[-1] - best) / errors).max() < 1e-9
    assert np.abs((way.newton.path[-2] - best) / errors).max() > 1e-9


def test_newton_diverges_without_one(way):
    assert not way.unbraked.arrived
    assert way.unbraked.losses[0] == pytest.approx(1.578, abs=1e-3)
    assert way.unbraked.losses[1] == pytest.approx(23.5, abs=0.05)
    assert way.unbraked.losses[2] > 1000


def test_newton_needs_no_brake_from_zero(signed, way):
    free = newton(signed, np.zeros(3), brake=False)
    assert free.arrived
    assert np.array_equal(free.path, newton(signed, np.zeros(3), brake=True).path)


def test_gradient_and_hessian_are_the_derivatives(signed):
    theta, step = np.array([0.6, 0.2, -0.5]), 1e-6
    for k, direction in enumerate(np.eye(3)):
        ahead, behind = theta + step * direction, theta - step * direction
        slope = (mean_loss(signed, ahead) - mean_loss(signed, behind))[0] / (2 * step)
        assert gradient(signed, theta)[k] == pytest.approx(slope, abs=1e-8)
        bend = (gradient(signed, ahead) - gradient(signed, behind)) / (2 * step)
        np.testing.assert_allclose(hessian(signed, theta)[k], bend, atol=1e-7)


def test_the_loss_of_many_at_once_is_that_of_each(signed):
    several = np.random.default_rng(0).normal(size=(7, 3))
    together = mean_loss(np.tile(signed, (10_000, 1)), several)
    np.testing.assert_allclose(together, mean_loss(signed, several), rtol=1e-12)


@pytest.mark.parametrize(
    ("limit", "rates"),
    [
        (3.934, (0.05, 0.5, 3.9, 4.0)),
        (8.137, (0.05, 0.5, 8.1, 8.2)),
        (0.0913, (0.05, 0.091, 0.092)),
        (40.0, (0.05, 0.5, 39.0, 41.0)),
    ],
)
def test_the_rates_lie_on_both_sides_of_the_limit(limit, rates):
    assert rates_around(limit, 0.05) == rates


def test_a_walk_that_is_left_on_its_way(signed, way):
    left = walk(signed, way.start, 0.05, way.goal, 600)
    assert (left.steps, left.outcome) == (600, "on its way")
    assert left.to_gap == {1e-3: None, 1e-6: None}
    assert left.curve[-1, 0] <= 600
    np.testing.assert_allclose(left.curve[:, 1] + way.goal.loss, mean_loss(signed, left.path))


def test_a_walk_from_the_goal_is_there_already(signed, way):
    goal = Goal(way.goal.theta, way.goal.loss, way.goal.standard_errors)
    assert walk(signed, goal.theta, 0.05, goal, 2000).to_gap == {1e-3: 0, 1e-6: 0}


def test_many_points_get_fewer_steps():
    assert most_steps(66) == 250_000
    assert most_steps(100_000) == 200
    assert most_steps(10**9) == 100


def test_the_plane_holds_its_three_points(lessons, way):
    end = lessons["es"].path[-1]
    plane = plane_through(way.start, end, way.goal.theta)
    seen = plane.onto(np.array([way.start, end, way.goal.theta]))
    np.testing.assert_allclose(seen[0], [0, 0], atol=1e-12)
    assert seen[2] == pytest.approx([np.linalg.norm(way.goal.theta - way.start), 0], abs=1e-9)
    assert seen[1, 1] > 0
    back = plane.origin + seen @ plane.axes
    np.testing.assert_allclose(back, [way.start, end, way.goal.theta], atol=1e-9)
    grid = plane.grid(np.array([0.0, seen[2, 0]]), np.array([0.0]))
    np.testing.assert_allclose(grid, [way.start, way.goal.theta], atol=1e-9)


def test_a_plane_through_points_on_a_line():
    plane = plane_through(np.zeros(3), np.array([1.0, 0, 0]), np.array([2.0, 0, 0]))
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-12)
