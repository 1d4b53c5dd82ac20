"""Compiled Hessians, evidence and extents equal the NumPy reference within stated rounding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sigmoide.blocks.block import Block
from sigmoide.kernels import reference
from sigmoide.kernels.compiled import additions, curvature, whitening
from sigmoide.problem.frame import Frame
from support.claims import Kernels, rounding_ratios
from support.kernels import layouts, plain, problem, with_rows

EPS = float(np.finfo(np.float64).eps)


def assert_same_evidence(one, two, block, frame, theta):
    """Each entry within what a proof allows either kernel: by Cauchy and Schwarz, and by loads."""
    n, p = len(block.y), frame.size
    shape = n, 1
    m = additions.of_hessian(*shape) + reference.matrix_accumulation(*shape)
    entry = EPS * (2 * 8 + 2 * (p + 3) * two.reach + m)
    root = np.sqrt(np.diag(two.hessian))
    assert (np.abs(one.hessian - two.hessian) <= entry * np.outer(root, root)).all()
    assert (one.hessian == one.hessian.T).all()
    m = additions.of_vectors(*shape) + reference.accumulation(*shape)
    allowed = EPS * (m + 16 + 2 * (p + 3) * two.reach) * two.residual_load + EPS * two.eta_load
    assert (np.abs(one.gradient - two.gradient) <= 4 * allowed + 1e-300).all()
    np.testing.assert_allclose(one.residual_load, two.residual_load, rtol=1e-13)
    assert one.value == pytest.approx(two.value, rel=1e-13)
    assert one.eta_load == pytest.approx(two.eta_load, rel=1e-13)
    assert one.reach == pytest.approx(two.reach, rel=1e-14)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 500),
    d=st.integers(1, 60),
    seed=st.integers(0, 2**31),
    dtype=st.sampled_from([np.float32, np.float64]),
    intercept=st.booleans(),
    order=st.sampled_from(["C", "F"]),
    reach=st.sampled_from([1e-9, 2.0, 40.0]),
)
def test_evidence_equals_the_reference(n, d, seed, dtype, intercept, order, reach):
    block, frame, theta = problem(n, d, seed, dtype, reach, intercept, order)
    found = curvature.evidence_at(frame, theta)(block)
    assert_same_evidence(found, reference.evidence(block, frame, theta), block, frame, theta)
    local = curvature.local_at(frame, theta)(block)
    assert local.value == found.value
    assert local.gradient.tobytes() == found.gradient.tobytes()
    assert local.hessian.tobytes() == found.hessian.tobytes()


@pytest.mark.parametrize("n", [2047, 2048, 2049, 5000])
def test_more_rows_than_are_added_up_in_one_go(n):
    block, frame, theta = problem(n, 5)
    found = curvature.evidence_at(frame, theta)(block)
    assert_same_evidence(found, reference.evidence(block, frame, theta), block, frame, theta)


def test_many_columns():
    block, frame, theta = problem(300, 200)
    found = curvature.evidence_at(frame, theta)(block)
    assert_same_evidence(found, reference.evidence(block, frame, theta), block, frame, theta)


def test_no_rows():
    block, frame, theta = problem(0, 3)
    found = curvature.evidence_at(frame, theta)(block)
    assert (found.value, found.eta_load, found.reach) == (0.0, 0.0, 0.0)
    assert not found.gradient.any()
    assert not found.hessian.any()
    assert whitening.extent_at(frame, np.eye(4), np.ones(4), np.ones(4))(block).norm == 0.0


def test_every_number_counts_once():
    """Columns around whole vectors and panels, rows around whole tiles: one entry at a time."""
    for d in (1, 7, 8, 9, 15, 16, 17, 24, 25, 65):
        for n in (1, 8, 64, 127, 128, 129):
            X = np.zeros((n, d))
            X[n - 1, d - 1] = 2.0
            found = curvature.local_at(*plain(X)[1:])(plain(X)[0])
            want = np.zeros((d, d))
            want[d - 1, d - 1] = 1.0
            np.testing.assert_array_equal(found.hessian, want)
            far = whitening.extent_at(plain(X)[1], np.eye(d), np.ones(d), np.ones(d))
            assert (far(plain(X)[0]).norm, far(plain(X)[0]).rounding) == (2.0, 2.0)


def test_the_same_bits_wherever_the_rows_lie():
    block, frame, theta = problem(300, 19)
    look = curvature.evidence_at(frame, theta)
    factor = np.linalg.cholesky(look(block).hessian)
    far = whitening.extent_at(frame, factor, np.ones(20), np.ones(20))
    for name, X in layouts(block.X).items():
        other = with_rows(block, X)
        for part in ("gradient", "hessian", "residual_load"):
            one, two = getattr(look(other), part), getattr(look(block), part)
            assert one.tobytes() == two.tobytes(), (name, part)
        assert far(other) == far(block), name


def test_some_of_the_columns():
    block, frame, theta = problem(300, 12)
    part, some = frame.keep(np.array([1, 4, 11])), theta[[0, 2, 5, 12]]
    found = curvature.evidence_at(part, some)(block)
    assert_same_evidence(found, reference.evidence(block, part, some), block, part, some)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 300),
    d=st.integers(1, 40),
    seed=st.integers(0, 2**31),
    dtype=st.sampled_from([np.float32, np.float64]),
    intercept=st.booleans(),
    order=st.sampled_from(["C", "F"]),
)
def test_extents_equal_the_reference(n, d, seed, dtype, intercept, order):
    block, frame, _ = problem(n, d, seed, dtype, 2.0, intercept, order)
    rng = np.random.default_rng(seed)
    p = frame.size
    A = rng.normal(size=(p, 2 * p + 3))
    lower = np.linalg.cholesky(A @ A.T)
    scale, deviation = rng.uniform(0.1, 2.0, size=p), rng.uniform(0.0, 3.0, size=p)
    one = whitening.extent_at(frame, lower, scale, deviation)(block)
    two = reference.extent(block, frame, lower, scale, deviation)
    # The solves of both are backward stable: to the condition of the factor.
    near = 4 * p * EPS * np.linalg.cond(lower)
    assert one.norm == pytest.approx(two.norm, rel=near)
    assert one.rounding == pytest.approx(two.rounding, rel=1e-13)


def test_where_digits_are_lost_no_curvature_is_claimed():
    """As the reference: p (1-p) below 1e-300 counts as none, whatever its weight."""
    X = np.ones((4, 1))
    offset = np.array([0.0, 690.0, 695.0, 800.0])
    block = Block(X, np.zeros(4), np.array([1.0, 1e300, 1e300, 1e300]), offset, np.arange(4))
    frame = plain(X)[1]
    found = curvature.evidence_at(frame, np.zeros(1))(block)
    known = reference.evidence(block, frame, np.zeros(1))
    assert known.hessian[0, 0] == pytest.approx(found.hessian[0, 0], rel=1e-14)
    assert found.hessian[0, 0] == pytest.approx(0.25 + 1e300 * np.exp(-690.0), rel=1e-12)


def test_columns_whose_squares_are_hardly_floats():
    """Scaled as they are loaded, by powers of two: nothing is lost, nothing overflows."""
    rng = np.random.default_rng(0)
    exponents = np.array([-490, -200, 0, 200, 490])
    Z = rng.normal(size=(400, 5))
    block = plain(np.ldexp(Z, exponents))[0]
    block = replace(block, weight=rng.uniform(0.5, 2.0, size=400))
    frame = Frame(np.arange(5), np.ldexp(np.ones(5), exponents), -exponents, True)
    theta = rng.normal(size=6)
    same = Frame(np.arange(5), np.ones(5), np.zeros(5, dtype=np.int64), True)
    one = curvature.evidence_at(frame, theta)(block)
    two = curvature.evidence_at(same, theta)(replace(block, X=Z))
    for part in ("gradient", "hessian", "residual_load"):
        assert getattr(one, part).tobytes() == getattr(two, part).tobytes(), part


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_point_that_is_no_number_is_seen_as_none(bad):
    block, frame, theta = problem(200, 3)
    theta[1] = bad
    found = curvature.evidence_at(frame, theta)(block)
    assert not np.isfinite(found.value)
    assert not np.isfinite(found.reach)
    spread = whitening.extent_at(frame, np.eye(4), np.ones(4), np.array([1.0, bad, 1.0, 1.0]))
    assert not np.isfinite(spread(block).rounding)


COMPILED = Kernels(
    curvature.evidence_at, whitening.extent_at, additions.of_vectors, additions.of_hessian
)


def test_their_rounding_stays_within_what_proofs_allow_for_it():
    """As ``test_certificate`` has it of the reference: against the truth in fifty digits."""
    found = [rounding_ratios(np.random.default_rng([42, k]), COMPILED) for k in range(80)]
    ratios = np.array([ratio for ratio in found if ratio is not None])
    assert len(ratios) > 50
    assert (ratios <= 1.0).all()
