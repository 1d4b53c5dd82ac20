"""The diagonal start: strong directions are found, and only these."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide import LogisticRegression
from sigmoide.solver.low_rank_diagonal import LowRankDiagonal, low_rank


def sharing(seed: int, rows: int, columns: int, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Columns that share a factor, of unit variance; and its direction."""
    rng = np.random.default_rng(seed)
    loads = rng.normal(size=columns)
    loads /= np.linalg.norm(loads)
    X = rng.normal(size=(rows, columns))
    X += (np.sqrt(strength - 1.0) * rng.normal(size=rows))[:, None] * loads
    return X, loads


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(0, 4), st.floats(0.01, 100.0))
def test_its_product_is_that_of_the_matrix(seed, size, k, rest):
    rng = np.random.default_rng(seed)
    k = min(k, size)
    U = np.linalg.qr(rng.normal(size=(size, size)))[0][:, :k]
    C, inverse = np.exp(rng.normal(size=k) * 3), np.exp(rng.normal(size=size) * 3)
    middle = (np.eye(size) - U @ U.T) / rest + U @ np.diag(C) @ U.T
    matrix = np.diag(inverse**-0.5) @ middle @ np.diag(inverse**-0.5)
    g = rng.normal(size=size)
    np.testing.assert_allclose(matrix @ LowRankDiagonal(inverse, U, C, rest).times(g), g, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("rows", "columns"), [(256, 100), (256, 1000), (500, 2000)])
def test_a_factor_that_columns_share_is_found(seed, rows, columns):
    X, loads = sharing(seed, rows, columns, 300.0)
    found = low_rank(np.ones(columns), X / np.sqrt(rows))
    assert found.directions.shape == (columns, 1)
    assert abs(found.directions[:, 0] @ loads) > 0.97
    # The deviation of a variance estimated from so many rows is (2/m)^(1/2) of it.
    assert found.curvatures[0] == pytest.approx(300.0, rel=0.4)


@pytest.mark.parametrize("seed", range(10))
def test_columns_in_any_units_are_the_same_to_it(seed):
    X, _ = sharing(seed, 256, 400, 100.0)
    units = 10.0 ** np.random.default_rng(seed).uniform(-6, 6, 400)
    plain = low_rank(np.ones(400), X / 16)
    found = low_rank(1.0 / units**2, X * units / 16)
    g = np.random.default_rng(seed + 1).normal(size=400)
    np.testing.assert_allclose(found.times(g * units) * units, plain.times(g), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("columns", [5, 200, 2000])
def test_unrelated_columns_have_none(seed, columns):
    X = np.random.default_rng(seed).normal(size=(256, columns))
    assert low_rank(np.ones(columns), X / 16).directions.shape == (columns, 0)


@pytest.mark.parametrize("seed", range(10))
def test_one_far_row_is_not_a_direction(seed):
    """It stands for the many rows that were not drawn, which are not like it."""
    X = np.random.default_rng(seed).normal(size=(256, 300))
    X[17] *= 30.0
    assert low_rank(np.ones(300), X / 16).directions.shape == (300, 0)


def test_no_rows_and_no_directions():
    found = low_rank(np.array([2.0, 0.5]), np.empty((0, 2)))
    np.testing.assert_allclose(found.times(np.array([1.0, 1.0])), [2.0, 0.5], rtol=1e-15)


def test_rest_is_learned_beside_the_directions():
    """A step along a direction says nothing of the others; what it changes there is left out."""
    start = LowRankDiagonal(np.ones(3), np.eye(3)[:, :1], np.array([50.0]))
    assert start.scaled_by(np.array([1.0, 0, 0]), np.array([50.0, 0, 0])).rest == 1.0
    moved = np.array([1.0, 1.0, 0.0])
    assert start.scaled_by(moved, np.array([50.0, 4.0, 0.0])).rest == 0.25


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("strength", [1.5, 30.0, 300.0])
def test_a_shared_factor_costs_few_reads_more_than_none(strength, fit_intercept):
    """58, 66 and 91 reads without the directions; 56, 59 and 65 with them."""
    X, _ = sharing(7, 6000, 1600, strength)
    rng = np.random.default_rng(8)
    eta = X @ rng.normal(size=1600)
    y = rng.random(6000) < 1 / (1 + np.exp(-2 * eta / eta.std()))
    fit = LogisticRegression(C=0.1, fit_intercept=fit_intercept).fit(X, y).fit_
    assert fit.status == "proved"
    assert fit.reads <= 70
