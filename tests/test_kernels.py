"""The compiled kernel equals the NumPy reference, for every layout, type, and shape."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.data.blocks import Block
from sigmoide.data.moments import moments
from sigmoide.kernels import cpu, reference
from sigmoide.kernels.columns import column_moments
from sigmoide.kernels.frame import Frame


def problem(n, d, seed=0, dtype=np.float64, reach=2.0, intercept=True, order="C"):
    rng = np.random.default_rng(seed)
    X = np.asarray(rng.normal(size=(n, d)), dtype=dtype, order=order)
    block = Block(
        X,
        (rng.random(n) < 0.4).astype(float),
        rng.uniform(0.1, 3.0, size=n),
        rng.normal(size=n),
        np.arange(n),
    )
    frame = Frame(
        np.arange(d),
        rng.normal(size=d) if intercept else np.zeros(d),
        rng.integers(-3, 4, size=d),
        intercept,
    )
    return block, frame, rng.normal(size=frame.size) * reach / np.sqrt(d + 1)


def assert_equal(one, other, near=1e-13):
    assert one.value == pytest.approx(other.value, rel=near)
    size = np.abs(other.gradient).max() + other.residuals
    assert np.max(np.abs(one.gradient - other.gradient)) <= near * size * 8
    for name in ("residuals", "squares", "curvature"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=near)


@settings(max_examples=80, deadline=None)
@given(
    n=st.integers(0, 400),
    d=st.integers(1, 40),
    seed=st.integers(0, 2**31),
    dtype=st.sampled_from([np.float32, np.float64]),
    intercept=st.booleans(),
    order=st.sampled_from(["C", "F"]),
)
def test_equals_the_reference(n, d, seed, dtype, intercept, order):
    block, frame, theta = problem(n, d, seed, dtype, 2.0, intercept, order)
    assert_equal(cpu.slope(block, frame, theta), reference.slope(block, frame, theta))


@pytest.mark.parametrize("reach", [1e-12, 1.0, 30.0, 600.0])
def test_small_and_large_predictors(reach):
    block, frame, theta = problem(500, 7, reach=reach)
    assert_equal(cpu.slope(block, frame, theta), reference.slope(block, frame, theta), 1e-12)


def test_beyond_the_exponential_everything_stays_finite():
    block, frame, theta = problem(300, 3, reach=1e4)
    found = cpu.slope(block, frame, theta)
    assert np.isfinite(found.value)
    assert np.isfinite(found.gradient).all()
    assert_equal(found, reference.slope(block, frame, theta))


def test_strided_views_and_some_of_the_columns():
    block, frame, theta = problem(300, 12)
    wide = np.zeros((600, 24))
    wide[::2, ::2] = block.X
    for X in (wide[::2, ::2], np.asfortranarray(block.X), block.X[::-1][::-1]):
        view = Block(X, block.y, block.weight, block.offset, block.rows)
        assert_equal(cpu.slope(view, frame, theta), reference.slope(block, frame, theta))
    kept = np.array([1, 4, 11])
    part = frame.keep(kept)
    theta = theta[[0, 2, 5, 12]]
    assert_equal(cpu.slope(block, part, theta), reference.slope(block, part, theta))


def test_every_number_of_a_row_counts_once():
    """Columns around whole vectors, rows around whole tiles: one entry at a time."""
    for d in (1, 7, 8, 9, 16, 17):
        for n in (1, 63, 64, 65):
            X = np.zeros((n, d))
            X[n - 1, d - 1] = 1.0
            block = Block(X, np.zeros(n), np.ones(n), np.zeros(n), np.arange(n))
            frame = Frame(np.arange(d), np.zeros(d), np.zeros(d, dtype=np.int64), True)
            found = cpu.slope(block, frame, np.zeros(d + 1))
            want = np.zeros(d + 1)
            want[0], want[d] = n / 2, 0.5
            np.testing.assert_array_equal(found.gradient, want)
            assert found.value == pytest.approx(n * np.log(2), rel=1e-15)


def test_against_fifty_digits():
    """The link by itself: value and residual of one row of every size, to a few ulp."""
    frame = Frame(np.array([0]), np.zeros(1), np.zeros(1, dtype=np.int64), False)
    with mpmath.workdps(50):
        for size in np.concatenate([np.linspace(-40, 40, 161), [-700.0, 700.0, 1e-9, 1e-300]]):
            for y in (0.0, 1.0):
                block = Block(
                    np.ones((1, 1)), np.array([y]), np.ones(1), np.array([size]), np.arange(1)
                )
                found = cpu.slope(block, frame, np.zeros(1))
                t = mpmath.mpf(float(size)) * (1 if y == 0.0 else -1)
                loss, wrong = mpmath.log1p(mpmath.exp(t)), 1 / (1 + mpmath.exp(-t))
                assert abs(found.value / loss - 1) < 1e-15 * 4
                assert abs(found.residuals / wrong - 1) < 1e-15 * 4


def test_the_same_bits_wherever_the_rows_lie():
    """Row-major rows are read in place, others by way of a tile: the arithmetic is the same."""
    block, frame, theta = problem(1000, 19)
    other = Block(np.asfortranarray(block.X), block.y, block.weight, block.offset, block.rows)
    one, two = cpu.slope(block, frame, theta), cpu.slope(other, frame, theta)
    assert one.gradient.tobytes() == two.gradient.tobytes()
    assert one.value == two.value


def test_the_bound_on_additions_is_no_smaller_than_what_is_done():
    assert cpu.accumulation(64, 1) >= 64
    assert cpu.accumulation(1 << 16, 1) >= 64 + 32 + 32
    assert cpu.accumulation(1 << 16, 1000) < 64 + 32 + 32 + 16


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(256, 2000),
    d=st.integers(1, 20),
    seed=st.integers(0, 2**31),
    shift=st.sampled_from([0.0, 1.7e9, -1e6]),
    dtype=st.sampled_from([np.float32, np.float64]),
    order=st.sampled_from(["C", "F"]),
)
def test_column_moments_equal_the_reference(n, d, seed, shift, dtype, order):
    rng = np.random.default_rng(seed)
    X = np.asarray(shift + rng.standard_t(3, size=(n, d)), dtype=dtype, order=order)
    X[:, 0] = X[0, 0]
    y = (rng.random(n) < 0.5).astype(float)
    block = Block(X, y, rng.uniform(0.1, 9.0, size=n), rng.normal(size=n), np.arange(n))
    one, two = column_moments(block), moments(block)
    np.testing.assert_array_equal(one.low, two.low)
    np.testing.assert_array_equal(one.high, two.high)
    assert (one.rows, one.offset_reach) == (two.rows, two.offset_reach)
    assert one.total == pytest.approx(two.total, rel=1e-14)
    assert one.events == pytest.approx(two.events, rel=1e-14)
    assert one.mean[0] == X[0, 0]
    assert one.deviation[0] == 0.0
    if d > 1:
        np.testing.assert_allclose(one.mean[1:], two.mean[1:], rtol=1e-14, atol=1e-13)
        np.testing.assert_allclose(one.deviation[1:], two.deviation[1:], rtol=1e-9)
