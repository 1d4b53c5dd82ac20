"""The functions of one row: finite, and accurate to a few units in the last place, everywhere.

Held against mpmath at every point. Where a result is below the smallest normal number, 2.2e-308,
float64 has fewer digits to give: there it is right to two of the smallest numbers there are.
"""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from sigmoide.problem import objective

mp = mpmath.mp.clone()
mp.dps = 60

EPS = float(np.finfo(np.float64).eps)
SMALLEST = 5e-324
UNITS = 4.0


def points() -> np.ndarray:
    """Return eta from -1e4 to 1e4: even, random, tiny, and around every change of regime."""
    rng = np.random.default_rng(0)
    t = np.concatenate(
        [
            np.linspace(0.0, 1e4, 801),
            np.linspace(0.0, 40.0, 801),
            np.linspace(36.0, 38.0, 101),
            np.linspace(700.0, 760.0, 601),
            10.0 ** np.linspace(-320.0, 4.0, 801),
            rng.uniform(0.0, 10.0, 801),
            np.nextafter([0.0, 1.0, 36.7368005696771, 708.396418532264, 745.133219101941], 1e9),
        ]
    )
    return np.unique(np.concatenate([-t, t]))


def true_softplus(t):
    return max(t, 0) + mp.log1p(mp.exp(-abs(t)))


def true_sigmoid(t):
    small = mp.exp(-abs(t))
    return (1 if t >= 0 else small) / (1 + small)


def true_curvature(t):
    small = mp.exp(-abs(t))
    return small / (1 + small) ** 2


def worst(found: np.ndarray, truth: list) -> float:
    """Return the largest error, in units of the last place or of the smallest numbers."""
    assert np.isfinite(found).all()
    return max(
        float(abs(mp.mpf(float(f)) - t) / (UNITS * EPS * abs(t) + 2 * mp.mpf(SMALLEST)))
        for f, t in zip(found, truth, strict=True)
    )


ETA = points()
EXACT = [mp.mpf(float(t)) for t in ETA]


@pytest.mark.parametrize(
    ("function", "truth"),
    [
        (objective.softplus, true_softplus),
        (objective.sigmoid, true_sigmoid),
        (objective.curvature, true_curvature),
    ],
)
def test_functions_of_eta_are_accurate_from_minus_to_plus_ten_thousand(function, truth):
    assert ETA[0] == -1e4
    assert ETA[-1] == 1e4
    assert worst(function(ETA), [truth(t) for t in EXACT]) <= 1.0


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_loss_is_softplus_less_y_eta_without_cancellation(y):
    target = np.full_like(ETA, y)
    truth = [true_softplus(-t if y else t) for t in EXACT]
    assert worst(objective.loss(ETA, target), truth) <= 1.0
    for t, exact in zip(EXACT[::97], truth[::97], strict=True):
        with mp.workdps(5000):  # the definition itself, which cancels down to e^-10000
            assert abs(true_softplus(t) - y * t - exact) <= mp.mpf(10) ** -50 * exact


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_residual_is_y_less_p_without_cancellation(y):
    truth = [true_sigmoid(-t) if y else -true_sigmoid(t) for t in EXACT]
    assert worst(objective.residual(ETA, np.full_like(ETA, y)), truth) <= 1.0


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_residual_and_curvature_are_the_derivatives_of_the_loss(y):
    """F' = -(y - p) and F'' = p (1-p), by differences of the true loss in sixty digits."""
    step = mp.mpf(10) ** -15
    eta = np.array([-800.0, -700.0, -30.0, -2.5, -1e-8, 0.0, 1e-8, 0.3, 2.5, 30.0, 700.0, 800.0])
    target = np.full_like(eta, y)
    first, second = objective.residual(eta, target), objective.curvature(eta)
    with mp.workdps(900):
        for t, slope, bend in zip(eta, first, second, strict=True):
            t = mp.mpf(float(t))
            low, at, high = (true_softplus(u) - y * u for u in (t - step, t, t + step))
            # Differences are off by step^2 relative, the values by a few EPS.
            d1, d2 = (high - low) / (2 * step), (high - 2 * at + low) / step**2
            assert abs(d1 + mp.mpf(float(slope))) <= UNITS * EPS * abs(d1) + 2 * mp.mpf(SMALLEST)
            assert abs(d2 - mp.mpf(float(bend))) <= UNITS * EPS * abs(d2) + 2 * mp.mpf(SMALLEST)


def test_swapping_the_classes_and_the_sign_changes_nothing():
    """Not by a bit: the classes are treated alike."""
    one, zero = np.ones_like(ETA), np.zeros_like(ETA)
    assert (objective.loss(ETA, one) == objective.loss(-ETA, zero)).all()
    assert (objective.residual(ETA, one) == -objective.residual(-ETA, zero)).all()
    assert (objective.curvature(ETA) == objective.curvature(-ETA)).all()


def test_residuals_of_the_two_classes_are_one_apart_and_curvature_is_their_product():
    one, zero = np.ones_like(ETA), np.zeros_like(ETA)
    up, down = objective.residual(ETA, one), -objective.residual(ETA, zero)
    assert np.abs(up + down - 1.0).max() <= 2 * EPS
    normal = np.abs(ETA) < 700.0
    product = (up * down)[normal]
    assert np.abs(objective.curvature(ETA)[normal] / product - 1.0).max() <= 2 * UNITS * EPS


def test_limits():
    ends = np.array([-np.inf, np.inf])
    assert objective.softplus(ends).tolist() == [0.0, np.inf]
    assert objective.sigmoid(ends).tolist() == [0.0, 1.0]
    assert objective.curvature(ends).tolist() == [0.0, 0.0]
    assert objective.sigmoid(np.zeros(1)) == 0.5
    assert objective.curvature(np.zeros(1)) == 0.25
    nan = np.array([np.nan])
    for function in (objective.softplus, objective.sigmoid, objective.curvature):
        assert np.isnan(function(nan)).all()


def test_nothing_overflows_on_the_way():
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        for y in (0.0, 1.0):
            target = np.full_like(ETA, y)
            objective.loss(ETA, target)
            objective.residual(ETA, target)
        objective.curvature(ETA)


def test_penalty_is_half_the_weighted_squares():
    assert objective.penalty(np.array([2.0, 0.0, 0.5]), np.array([3.0, 7.0, -4.0])) == 13.0
    assert objective.penalty(np.empty(0), np.empty(0)) == 0.0
