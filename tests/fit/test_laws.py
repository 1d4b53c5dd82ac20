"""Laws that hold for every data set: what does not change the question does not change the answer.

Distances are in standard errors of the fit; every fit is asked for 1e-10, so that two of them may
differ by twice that and what rounding adds.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.blocks.blocks import array_blocks
from sigmoide.fit.driver import fit_blocks
from sigmoide.results.covariance import Estimates, estimates
from sigmoide.results.records import Fit, Settings

NEAR = 1e-9

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@st.composite
def problems(draw):
    """Draw X, y, repeat counts and offsets: light and heavy tails, skewed classes, any ridge."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, d = draw(st.integers(30, 120)), draw(st.integers(1, 4))
    tail = draw(st.sampled_from(["normal", "t", "binary"]))
    X = {
        "normal": lambda: rng.normal(size=(n, d)),
        "t": lambda: rng.standard_t(3, size=(n, d)),
        "binary": lambda: rng.integers(0, 2, size=(n, d)).astype(float),
    }[tail]()
    w = rng.normal(size=d) * draw(st.floats(0, 1.5))
    offset = rng.normal(size=n) * draw(st.sampled_from([0.0, 1.0]))
    eta = X @ w + offset - draw(st.floats(-1.5, 1.5))
    y = (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(float)
    counts = rng.integers(1, 5, size=n).astype(float)
    return X, y, counts, offset, draw(st.sampled_from([0.0, 0.0, 1.0]))


def fit(X, y, weight=None, offset=None, l2=0.0, tol=1e-10, intercept=True, **kwargs) -> Fit:
    n = len(y)
    blocks = array_blocks(
        X,
        y,
        np.ones(n) if weight is None else weight,
        np.zeros(n) if offset is None else offset,
        tuple(f"x{j}" for j in range(X.shape[1])),
        **kwargs,
    )
    return fit_blocks(blocks, intercept, Settings(l2=l2, tol=tol))


def shown(found: Fit, intercept: bool = True) -> Estimates:
    return estimates(found, intercept)


def proved(*arguments, **kwargs) -> Fit:
    """Fit, and pass over the draws that have one class, or no maximum."""
    assume(0 < arguments[1].sum() < len(arguments[1]))
    found = fit(*arguments, **kwargs)
    assume(found.status == "proved" and not found.aliased)
    return found


def unit(found: Fit, l2: float) -> np.ndarray:
    """Return standard errors; for a ridge fit, which shows none, the sizes of the estimates."""
    seen = shown(found)
    return np.maximum(np.abs(seen.params), 1.0) if l2 else seen.standard_errors


def assert_same(one: np.ndarray, other: np.ndarray, scale: np.ndarray, near: float = NEAR) -> None:
    assert np.max(np.abs(one - other) / scale) <= near


@laws
@given(problems())
def test_frequency_equals_repetition(problem):
    X, y, counts, offset, l2 = problem
    one = proved(X, y, counts, offset, l2)
    again = np.repeat(np.arange(len(y)), counts.astype(int))
    other = fit(X[again], y[again], None, offset[again], l2)
    assert_same(shown(one).params, shown(other).params, unit(one, l2))
    np.testing.assert_allclose(
        shown(one).covariance, shown(other).covariance, rtol=1e-7, atol=1e-12
    )
    assert one.totals.loglik == pytest.approx(other.totals.loglik, rel=1e-12)
    assert one.totals.weight == other.totals.weight


@laws
@given(problems(), st.integers(0, 2**32 - 1))
def test_row_order_does_not_matter(problem, seed):
    X, y, counts, offset, l2 = problem
    one = proved(X, y, counts, offset, l2)
    order = np.random.default_rng(seed).permutation(len(y))
    other = fit(X[order], y[order], counts[order], offset[order], l2)
    assert_same(shown(one).params, shown(other).params, unit(one, l2))


@laws
@given(problems(), st.integers(-40, 40), st.sampled_from([0.0, 1.0, -37.0, 4096.0]))
def test_scaling_and_shifting_a_column_scales_its_coefficient(problem, power, shift):
    """By powers of two, and by shifts that the floats hold exactly: the question is the same."""
    X, y, counts, offset, _ = problem
    X = np.round(X * 2**20) / 2**20
    one = proved(X, y, counts, offset)
    moved = X.copy()
    moved[:, 0] = np.ldexp(X[:, 0] + shift, power)
    other = fit(moved, y, counts, offset)
    assert other.status == "proved"
    a, b, se = shown(one), shown(other), shown(one).standard_errors
    back = b.params.copy()
    back[1] = np.ldexp(back[1], power)
    back[0] += shift * back[1]
    # the intercept at a far-off origin is known as well as the slope times the distance
    assert_same(a.params, back, np.r_[se[0] + abs(shift) * se[1], se[1:]])
    assert np.ldexp(b.standard_errors[1], power) == pytest.approx(se[1], rel=1e-8)


@laws
@given(problems())
def test_swapping_the_event_flips_the_signs(problem):
    X, y, counts, offset, l2 = problem
    one = proved(X, y, counts, offset, l2)
    other = fit(X, 1 - y, counts, -offset, l2)
    assert_same(shown(one).params, -shown(other).params, unit(one, l2))


@laws
@given(problems())
def test_weights_that_are_all_doubled_double_the_information(problem):
    X, y, counts, offset, _ = problem
    one = proved(X, y, counts, offset)
    other = fit(X, y, 2 * counts, offset)
    assert_same(shown(one).params, shown(other).params, shown(one).standard_errors)
    np.testing.assert_allclose(
        shown(one).covariance, 2 * shown(other).covariance, rtol=1e-8, atol=1e-14
    )


@laws
@given(problems(), st.integers(0, 2**32 - 1))
def test_a_row_of_zero_weight_is_not_there(problem, seed):
    X, y, counts, _, _ = problem
    rng = np.random.default_rng(seed)
    weights = np.where(rng.random(len(y)) < 0.3, 0.0, counts)
    here = weights > 0
    one = proved(X[here], y[here], weights[here])
    data = {f"x{j}": X[:, j] for j in range(X.shape[1])} | {"y": y.astype(int)}
    other = sigmoide.logit("y ~ .", data, weights=weights)
    assert_same(shown(one).params, other.params.to_numpy(), shown(one).standard_errors)
    assert other.nobs == here.sum()
    assert other.dropped.get("weight 0", 0) == (~here).sum()


@laws
@given(problems())
def test_row_numbers_of_the_source_do_not_change_the_optimum(problem):
    X, y, counts, offset, _ = problem
    one = proved(X, y, counts, offset)
    other = fit(X, y, counts, offset, rows=3 * np.arange(len(y)) + 1000, block_rows=16)
    assert_same(shown(one).params, shown(other).params, shown(one).standard_errors)


@laws
@given(problems())
def test_a_linear_map_of_the_columns_maps_the_coefficients(problem):
    X, y, counts, offset, _ = problem
    one = proved(X, y, counts, offset)
    A = np.eye(X.shape[1]) + np.triu(np.ones((X.shape[1],) * 2), 1)
    other = fit(X @ A, y, counts, offset)
    mapped = np.r_[shown(other).params[0], A @ shown(other).params[1:]]
    assert_same(shown(one).params, mapped, shown(one).standard_errors, 1e-8)


@laws
@given(problems(), st.floats(-2.0, 2.0))
def test_an_offset_takes_the_place_of_a_coefficient(problem, fixed):
    """Fixing a coefficient by offset and estimating the rest: shifting it back changes nothing."""
    X, y, counts, offset, _ = problem
    one = proved(X, y, counts, offset)
    other = fit(X, y, counts, offset + fixed * X[:, 0])
    back = shown(other).params
    back[1] += fixed
    assert_same(shown(one).params, back, shown(one).standard_errors)


@laws
@given(problems())
def test_blocks_of_any_size_agree(problem):
    X, y, counts, offset, l2 = problem
    fits = [proved(X, y, counts, offset, l2, tol=1e-13, block_rows=size) for size in (1, 7, len(y))]
    for other in fits[:2]:
        scale = unit(fits[2], l2)
        assert_same(shown(fits[2]).params, shown(other).params, scale, 1e-12)
        np.testing.assert_allclose(
            shown(fits[2]).covariance, shown(other).covariance, rtol=1e-10, atol=1e-13
        )


@laws
@given(problems(), st.sampled_from([1, 7, 64]))
def test_one_and_two_threads_give_the_same_bits(problem, size):
    X, y, counts, offset, l2 = problem
    one = proved(X, y, counts, offset, l2, block_rows=size, threads=1)
    two = fit(X, y, counts, offset, l2, block_rows=size, threads=2)
    assert one.coefficients.coef.tobytes() == two.coefficients.coef.tobytes()
    assert one.coefficients.intercept == two.coefficients.intercept
    if one.coefficients.covariance is not None:
        assert one.coefficients.covariance.tobytes() == two.coefficients.covariance.tobytes()
    assert one.certificate == two.certificate


@laws
@given(problems())
def test_float32_data_are_the_same_question_in_float64(problem):
    X, y, counts, offset, l2 = problem
    small = X.astype(np.float32)
    one = proved(small, y, counts, offset, l2)
    two = fit(small.astype(np.float64), y, counts, offset, l2)
    assert one.coefficients.coef.tobytes() == two.coefficients.coef.tobytes()


@laws
@given(problems())
def test_memory_order_of_the_columns_does_not_matter(problem):
    X, y, counts, offset, l2 = problem
    one = proved(X, y, counts, offset, l2)
    two = fit(np.asfortranarray(X), y, counts, offset, l2)
    assert_same(shown(one).params, shown(two).params, unit(one, l2))


def test_many_blocks_are_the_same_bits_for_any_number_of_threads():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60_000, 12))
    y = (rng.random(60_000) < 1 / (1 + np.exp(-X[:, 0]))).astype(float)
    fits = [fit(X, y, tol=1e-9, threads=threads) for threads in (1, 2, 3, 8)]
    assert fits[0].status == "proved"
    assert len({f.coefficients.coef.tobytes() for f in fits}) == 1
    assert len({f.coefficients.covariance.tobytes() for f in fits}) == 1
    assert len({f.certificate for f in fits}) == 1
