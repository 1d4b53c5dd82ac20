"""The compiled kernel equals the NumPy reference, for every layout, type, and shape."""

from __future__ import annotations

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.blocks.block import Block
from sigmoide.blocks.moments import moments
from sigmoide.kernels import reference
from sigmoide.kernels.compiled import slope as cpu
from sigmoide.kernels.compiled.columns import column_moments
from sigmoide.problem.frame import Frame
from support.kernels import layouts, plain, problem, with_rows

EPS = float(np.finfo(np.float64).eps)


def assert_equal(one, other, near=1e-13):
    assert one.value == pytest.approx(other.value, rel=near)
    size = np.abs(other.gradient).max() + other.residuals
    assert np.max(np.abs(one.gradient - other.gradient)) <= near * size * 8
    for name in ("residuals", "squares", "curvature"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=near)


def same_bits(one, other):
    return one.gradient.tobytes() == other.gradient.tobytes() and (
        one.value,
        one.residuals,
        one.squares,
        one.curvature,
    ) == (other.value, other.residuals, other.squares, other.curvature)


@settings(max_examples=80, deadline=None)
@given(
    n=st.integers(0, 600),
    d=st.integers(1, 120),
    seed=st.integers(0, 2**31),
    dtype=st.sampled_from([np.float32, np.float64]),
    intercept=st.booleans(),
    order=st.sampled_from(["C", "F"]),
    alike=st.booleans(),
)
def test_equals_the_reference(n, d, seed, dtype, intercept, order, alike):
    block, frame, theta = problem(n, d, seed, dtype, 2.0, intercept, order)
    if alike:
        block = replace(block, weight=np.full(n, 1.7))
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


@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_point_that_is_no_number_never_looks_like_a_good_one(bad, alike):
    block, frame, theta = problem(200, 3)
    if alike:
        block = replace(block, weight=np.ones(200))
    theta[2] = bad
    assert not np.isfinite(cpu.slope(block, frame, theta).value)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("d", [12, 100])
def test_the_same_bits_wherever_the_rows_lie(d, dtype):
    """Read in place, or by way of a tile; in rows, in columns, or spread out."""
    block, frame, theta = problem(300, d, dtype=dtype)
    found = cpu.slope(block, frame, theta)
    for name, X in layouts(block.X).items():
        np.testing.assert_array_equal(X, block.X)
        assert same_bits(cpu.slope(with_rows(block, X), frame, theta), found), name


def test_rows_of_a_file_that_is_mapped_into_memory(tmp_path):
    block, frame, theta = problem(100, 5)
    mapped = np.memmap(tmp_path / "X", np.float64, "w+", shape=block.X.shape)
    mapped[:] = block.X
    held = cpu.slope(block, frame, theta)
    assert same_bits(cpu.slope(with_rows(block, mapped), frame, theta), held)
    again = np.memmap(tmp_path / "X", np.float64, "r", shape=block.X.shape)
    assert same_bits(cpu.slope(with_rows(block, again), frame, theta), held)


def test_some_of_the_columns():
    block, frame, theta = problem(300, 12)
    kept = np.array([1, 4, 11])
    part, some = frame.keep(kept), theta[[0, 2, 5, 12]]
    found = cpu.slope(block, part, some)
    assert_equal(found, reference.slope(block, part, some))
    for name, X in layouts(block.X).items():
        assert same_bits(cpu.slope(with_rows(block, X), part, some), found), name


def test_a_weight_is_the_same_stored_once_or_for_each_row():
    block, frame, theta = problem(1000, 6)
    for weight in (1.0, 0.3):
        often = replace(block, weight=np.full(1000, weight), offset=np.full(1000, 0.1))
        once = replace(
            block,
            weight=np.broadcast_to(np.float64(weight), 1000),
            offset=np.broadcast_to(np.float64(0.1), 1000),
        )
        spread = replace(often, weight=np.full(2000, weight)[::2], y=np.repeat(block.y, 2)[::2])
        found = cpu.slope(often, frame, theta)
        assert same_bits(cpu.slope(once, frame, theta), found)
        assert same_bits(cpu.slope(spread, frame, theta), found)


def test_weights_that_change_from_tile_to_tile():
    """Losses are put off until their weight changes: none is lost, none weighed wrongly."""
    block, frame, theta = problem(1000, 4)
    rng = np.random.default_rng(0)
    for step in (1, 32, 64, 128, 160, 500):
        weight = np.repeat(rng.uniform(0.5, 2.0, size=-(-1000 // step)), step)[:1000]
        changed = replace(block, weight=weight)
        assert_equal(cpu.slope(changed, frame, theta), reference.slope(changed, frame, theta))


def test_every_number_of_a_row_counts_once():
    """Columns around whole vectors, rows around whole tiles: one entry at a time."""
    for d in (1, 7, 8, 9, 16, 17, 80, 81, 88, 89):
        for n in (1, 8, 31, 32, 33, 127, 128, 129):
            X = np.zeros((n, d))
            X[n - 1, d - 1] = 1.0
            for order in ("C", "F"):
                block = plain(np.asarray(X, order=order))[0]
                frame = Frame(np.arange(d), np.zeros(d), np.zeros(d, dtype=np.int64), True)
                found = cpu.slope(block, frame, np.zeros(d + 1))
                want = np.zeros(d + 1)
                want[0], want[d] = n / 2, 0.5
                np.testing.assert_array_equal(found.gradient, want)
                assert found.value == pytest.approx(n * np.log(2), rel=1e-15)


def predictors():
    rng = np.random.default_rng(0)
    return np.concatenate(
        [np.linspace(-40, 40, 161), [-700.0, 700.0, 1e-9, 1e-300], rng.uniform(-8, 8, 300)]
    )


def at_predictor(size, y, n=1):
    frame = Frame(np.array([0]), np.zeros(1), np.zeros(1, dtype=np.int64), False)
    block = Block(np.ones((n, 1)), np.full(n, y), np.ones(n), np.full(n, size), np.arange(n))
    return cpu.slope(block, frame, np.zeros(1))


def test_against_fifty_digits():
    """The link by itself: value and residual of one row of every size, to two EPS."""
    with mpmath.workdps(50):
        for size in predictors():
            for y in (0.0, 1.0):
                found = at_predictor(size, y)
                t = mpmath.mpf(float(size)) * (1 if y == 0.0 else -1)
                loss, wrong = mpmath.log1p(mpmath.exp(t)), 1 / (1 + mpmath.exp(-t))
                assert abs(found.value / loss - 1) < 2 * EPS
                assert abs(found.residuals / wrong - 1) < 2 * EPS
                if abs(size) < 300:
                    bend = wrong / (1 + mpmath.exp(t))
                    assert abs(found.squares / wrong**2 - 1) < 5 * EPS
                    assert abs(found.curvature / bend - 1) < 5 * EPS


def test_the_logarithm_of_a_product_loses_no_digit():
    """Rows of one weight, whose losses are added as one product: down to e^-40 each."""
    with mpmath.workdps(50):
        for size in predictors():
            for y in (0.0, 1.0):
                found = at_predictor(size, y, 256)
                t = mpmath.mpf(float(size)) * (1 if y == 0.0 else -1)
                assert abs(found.value / (256 * mpmath.log1p(mpmath.exp(t))) - 1) < 16 * EPS


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


def test_column_moments_have_the_same_bits_wherever_the_rows_lie():
    block = problem(700, 13)[0]
    found = column_moments(block)
    for name, X in layouts(block.X).items():
        other = column_moments(with_rows(block, X))
        for field in ("mean", "rest", "squares", "low", "high"):
            assert getattr(other, field).tobytes() == getattr(found, field).tobytes(), name


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("row", [0, 21, 299])
@pytest.mark.filterwarnings("error")
def test_column_moments_show_what_is_not_finite(bad, row):
    block = problem(300, 3)[0]
    block.X[row, 1] = bad
    for X in (block.X, np.asfortranarray(block.X)):
        assert np.isfinite(column_moments(with_rows(block, X)).mean).tolist() == [True, False, True]
