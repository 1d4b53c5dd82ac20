"""The page's own arithmetic beside Python's, on numbers drawn at random and on hard ones."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from sigmoide import logit
from sigmoide.lesson import boundary_segment
from sigmoide.lesson.valley import gradient, hessian, mean_loss, signed_rows
from sigmoide.problem.objective import sigmoid

MATH = files("sigmoide.lesson.page").joinpath("static/core/math.js").read_text("utf-8")
FRAME = [0.0, 6.0, -1.0, 4.0]


@pytest.fixture(scope="module")
def evaluate(chromium):
    """Run an expression of the page's functions, with ``given``, in an empty page."""
    page = chromium.new_page()
    yield lambda expression, given=None: page.evaluate(
        f"given => {{ {MATH}; return {expression} }}", given
    )
    page.close()


def rows_of(X, y):
    return {"x1": X[:, 0].tolist(), "x2": X[:, 1].tolist(), "y": y.tolist()}


@pytest.fixture(scope="module")
def overlapping():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 2)) * [1, 5]
    return X, (rng.uniform(size=60) < sigmoid(X @ [1.0, -0.2] + 0.3)).astype(int)


def test_boundaries(evaluate):
    rng = np.random.default_rng(1)
    thetas = [
        *rng.normal(size=(300, 3)).tolist(),
        *(rng.normal(size=(50, 3)) * [1, 1e-12, 3]).tolist(),
        [1, 0, -2],
        [-3, 0, 6],
        [0, 2, -2],
        [1e-300, 0, -2e-300],
        [1e300, 1e300, -2e300],
        [1, 1, -20],
        [1, 0, 0],
        [0, 0, 1],
        [0, 0, 0],
    ]
    found = evaluate("given[0].map(theta => boundarySegment(theta, given[1]))", [thetas, FRAME])
    seen = 0
    for theta, ends in zip(thetas, found, strict=True):
        expected = boundary_segment(theta[:2], theta[2], FRAME)
        assert (ends is None) == (expected is None), theta
        if expected is not None:
            seen += 1
            # in another order, perhaps
            assert np.sort(ends, axis=0) == pytest.approx(np.sort(expected, axis=0), abs=1e-12)
            assert sorted(ends) == pytest.approx(np.array(expected.tolist()), abs=1e-12)
    assert 100 < seen < len(thetas) - 3


def test_loss_gradient_and_curvature(evaluate, overlapping):
    X, y = overlapping
    Z = signed_rows(X, y)
    for theta in ([0.3, -0.1, 0.2], [40.0, -90.0, 7.0], [0.0, 0.0, 0.0]):
        loss, slope, curved = evaluate(
            "[meanLoss(...given), gradient(...given), hessian(...given)]", [rows_of(X, y), theta]
        )
        at = np.array(theta)
        assert loss == pytest.approx(float(mean_loss(Z, at)[0]), rel=1e-12)
        assert slope == pytest.approx(gradient(Z, at), rel=1e-10, abs=1e-14)
        assert np.array(curved) == pytest.approx(hessian(Z, at), rel=1e-9, abs=1e-14)


def test_far_out_nothing_overflows(evaluate):
    assert evaluate("[sigmoid(-1e4), sigmoid(1e4), softplus(-1e4), softplus(1e4)]") == [
        0,
        1,
        0,
        1e4,
    ]


def test_newton_finds_the_optimum_and_shows_it(evaluate, overlapping):
    X, y = overlapping
    found = evaluate("newton(given, [0, 0, 0])", rows_of(X, y))
    best = logit("y ~ a + b", {"a": X[:, 0], "b": X[:, 1], "y": y})
    assert found["delta"] < 1e-6
    assert found["theta"] == pytest.approx(
        best.params[["a", "b", "Intercept"]].to_numpy(), rel=1e-8, abs=1e-10
    )


def test_newton_claims_no_optimum_where_there_is_none(evaluate):
    rng = np.random.default_rng(5)
    X = rng.normal(size=(40, 2))
    for y in ((X[:, 0] > 0).astype(int), np.ones(40, dtype=int)):
        found = evaluate("newton(given, [0, 0, 0]).delta <= 0.5", rows_of(X, y))
        assert not found
    twice = np.column_stack([X[:, 0], 3 * X[:, 0]])
    y = (X[:, 1] > 0).astype(int)
    assert not evaluate("newton(given, [0, 0, 0]).delta <= 0.5", rows_of(twice, y))
