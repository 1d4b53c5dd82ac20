"""Profile-likelihood intervals: R's exact roots, the equation itself, separation, laws."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.refdata import arr
from sigmoide.blocks.blocks import array_blocks
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.profile import profile_intervals
from sigmoide.results.covariance import estimates
from sigmoide.results.records import Settings
from support.problems import ordinary, problem, rough
from support.profiles import in_columns, profile_loss
from support.reference_blocks import blocks_of, fit_of
from support.reference_sets import WITH_MLE, reference

HALF = 3.841458820694124 / 2.0
# Rough problems that have no maximum, or none that can be proved.
ROUGH_WITHOUT = (42, 48)


def whole(X, y, weight=None, offset=None):
    return problem(np.asarray(X, dtype=float), np.asarray(y, dtype=float), weight, offset)


def fitted(p):
    return fit_blocks(p.blocks(), True, Settings())


@pytest.mark.parametrize("name", WITH_MLE)
def test_ends_are_the_exact_roots_that_r_found(name):
    mle = reference(name).ref["mle"]
    found = profile_intervals(blocks_of(name), fit_of(name), True)
    np.testing.assert_allclose(found.ends, arr(mle["profile_ci95"]), rtol=1e-8)
    assert (found.left <= 1e-8).all()


@pytest.mark.parametrize("name", WITH_MLE)
def test_all_ends_of_all_coefficients_take_the_reads_of_one(name):
    blocks = blocks_of(name)
    found = profile_intervals(blocks, fit_of(name), True)
    assert found.reads == blocks.reads <= 8


@pytest.mark.parametrize("name", ["birthwt", "esoph", "plasma"])
def test_the_size_of_the_blocks_changes_nothing(name):
    whole_ = profile_intervals(blocks_of(name), fit_of(name), True).ends
    for rows in (1, 7):
        part = profile_intervals(blocks_of(name, rows), fit_of(name, rows), True).ends
        np.testing.assert_allclose(part, whole_, rtol=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_ends_solve_the_equation_in_fifty_digits(seed):
    rng = np.random.default_rng(seed)
    p = ordinary(rng, int(rng.integers(25, 45)), int(rng.integers(1, 4)))
    fit = fitted(p)
    assert fit.status == "proved"
    found = profile_intervals(p.blocks(), fit, True).ends
    params = estimates(fit, True).params
    truth = in_columns(p)
    best = truth.optimum(params)
    assert best is not None
    for j in range(len(found)):
        for c in found[j]:
            drop = profile_loss(truth, j, c, params) - best[1].value
            assert abs(float(drop) - HALF) <= 1e-9
        assert found[j, 0] < params[j] < found[j, 1]


@pytest.mark.parametrize("seed", [k for k in range(0, 120, 6) if k not in ROUGH_WITHOUT])
def test_ends_solve_the_equation_on_rough_problems(seed):
    """Heavy tails, leverage, offsets, weights over six orders, columns in any units."""
    p = rough(np.random.default_rng(seed))
    p = replace(p, alpha=0.0 * p.alpha)
    fit = fitted(p)
    assert fit.status == "proved"
    found = profile_intervals(p.blocks(), fit, True)
    truth, params = in_columns(p), estimates(fit, True).params
    best = truth.optimum(params)
    assert best is not None
    for j, k in np.argwhere(np.isfinite(found.ends)):
        drop = profile_loss(truth, j, found.ends[j, k], params) - best[1].value
        # Or as near as the record says that rounding let the search come, in standard errors.
        near = max(1e-6, math.sqrt(2.0 * HALF) * found.left[j, k])
        assert float(drop) == pytest.approx(HALF, abs=near)
    assert np.isfinite(found.ends).mean() >= 0.8


def test_narrower_coverage_lies_inside():
    blocks, fit = blocks_of("plasma"), fit_of("plasma")
    wide = profile_intervals(blocks, fit, True, 0.01).ends
    usual = profile_intervals(blocks, fit, True).ends
    narrow = profile_intervals(blocks, fit, True, 0.5).ends
    params = estimates(fit, True).params
    for inner, outer in ((usual, wide), (narrow, usual)):
        assert (outer[:, 0] < inner[:, 0]).all()
        assert (inner[:, 1] < outer[:, 1]).all()
    assert (narrow[:, 0] < params).all()
    assert (params < narrow[:, 1]).all()


def test_near_the_estimate_they_are_wald_s():
    """The more rows, the nearer the likelihood is to a parabola: the gap falls as 1 / n."""
    gaps = []
    for times in (1, 100, 10_000):
        blocks = blocks_of("pima_tr2")
        more = array_blocks(
            reference("pima_tr2").Xl[:, 1:],
            reference("pima_tr2").yl,
            times * reference("pima_tr2").wl,
            np.zeros(blocks.n_rows),
            blocks.names,
        )
        fit = fit_blocks(more, True, Settings())
        given_ = estimates(fit, True)
        ends = profile_intervals(more, fit, True).ends
        reach = 1.959963984540054 * given_.standard_errors
        gaps.append(np.abs((ends[:, 1] - given_.params) / reach - 1.0).max())
    assert gaps[1] < gaps[0] / 5.0
    assert gaps[2] < gaps[1] / 5.0


def test_only_the_terms_asked_for():
    blocks, fit = blocks_of("birthwt"), fit_of("birthwt")
    every = profile_intervals(blocks, fit, True).ends
    some = profile_intervals(blocks, fit, True, terms=[0, 4]).ends
    np.testing.assert_allclose(some[[0, 4]], every[[0, 4]], rtol=1e-12)
    assert np.isnan(np.delete(some, [0, 4], axis=0)).all()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    factor=st.floats(1e-6, 1e6),
    shift=st.floats(-1e3, 1e3),
)
def test_other_units_of_a_column_move_its_interval_and_no_other(seed, factor, shift):
    """Of the numbers that the moved column holds: 1e3 + 1e-6 x keeps but eight digits of x.

    Taking the shift off again is exact to half a unit in the last place of each difference, so
    that both columns hold the same numbers and only the rounding of the search is left.
    """
    p = ordinary(np.random.default_rng(seed), 60, 3)
    moved, held = p.X.copy(), p.X.copy()
    moved[:, 1] = factor * p.X[:, 1] + shift
    held[:, 1] = (moved[:, 1] - shift) / factor
    p, q = replace(p, X=held), replace(p, X=moved)
    one, two = fitted(p), fitted(q)
    if one.status != "proved":
        return
    before = profile_intervals(p.blocks(), one, True).ends
    after = profile_intervals(q.blocks(), two, True, terms=[1, 2, 3]).ends
    scale = np.array([1.0, factor, 1.0])[:, None]
    np.testing.assert_allclose(after[1:] * scale, before[1:], rtol=1e-9, atol=1e-10)


def test_the_intercept_is_where_all_columns_are_zero():
    """Shifted by m, the intercept is that of another question: b - m w, asked directly."""
    p = ordinary(np.random.default_rng(5), 80, 2)
    far = replace(p, X=p.X + np.array([1e3, 0.0]))
    ends = profile_intervals(far.blocks(), fitted(far), True, terms=[0]).ends[0]
    truth, params = in_columns(far), estimates(fitted(far), True).params
    best = truth.optimum(params)
    assert best is not None
    for c in ends:
        drop = profile_loss(truth, 0, c, params) - best[1].value
        assert float(drop) == pytest.approx(HALF, abs=1e-7)


def test_a_timestamp_column_has_its_interval():
    rng = np.random.default_rng(0)
    when = 1.7e9 + rng.uniform(0.0, 1e6, 400)
    y = rng.random(400) < 1.0 / (1.0 + np.exp(-(when - 1.7005e9) * 2e-6))
    p, q = whole(when[:, None], y), whole((when - 1.7e9)[:, None], y)
    far = profile_intervals(p.blocks(), fitted(p), True).ends
    near = profile_intervals(q.blocks(), fitted(q), True).ends
    np.testing.assert_allclose(far[1], near[1], rtol=1e-8)
    assert np.isfinite(far[0]).all()


def test_frequencies_are_repeated_rows_and_offsets_count():
    rng = np.random.default_rng(3)
    p = ordinary(rng, 40, 2)
    times = rng.integers(1, 5, 40)
    offset = rng.normal(size=40)
    short = replace(p, weight=times.astype(float), offset=offset)
    long = whole(
        np.repeat(p.X, times, axis=0), np.repeat(p.y, times), None, np.repeat(offset, times)
    )
    one = profile_intervals(short.blocks(), fitted(short), True).ends
    two = profile_intervals(long.blocks(), fitted(long), True).ends
    np.testing.assert_allclose(one, two, rtol=1e-9)
    plain = profile_intervals(p.blocks(), fitted(p), True).ends
    assert not np.allclose(one, plain, rtol=1e-2)


def test_without_an_intercept():
    p = ordinary(np.random.default_rng(8), 50, 2)
    fit = fit_blocks(p.blocks(), False, Settings())
    ends = profile_intervals(p.blocks(), fit, False).ends
    assert ends.shape == (2, 2)
    for c in ends[0]:
        held = array_blocks(p.X[:, 1:], p.y, p.weight, c * p.X[:, 0], ("x1",))
        rest = fit_blocks(held, False, Settings())
        assert fit.totals.loglik - rest.totals.loglik == pytest.approx(HALF, abs=1e-8)


# --- separation


def test_endometrial_one_end_is_infinite_and_the_others_are_those_of_the_limit():
    found = profile_intervals(blocks_of("endometrial"), fit_of("endometrial"), True).ends
    ref = reference("endometrial")
    limit = ref.ref["separation"]["limit"]
    assert found[1, 1] == np.inf
    assert np.isfinite(np.delete(found.ravel(), 3)).all()
    # by hand: the rows of the level that is mixed, without NV
    overlap = ref.Xl[:, 1] == 0.0
    assert overlap.sum() == ref.ref["separation"]["overlapped_rows"]
    X = ref.Xl[overlap][:, [2, 3]]
    rest = array_blocks(X, ref.yl[overlap], ref.wl[overlap], np.zeros(len(X)), ("PI", "EH"))
    fit = fit_blocks(rest, True, Settings())
    assert fit.totals.loglik == pytest.approx(limit["sup_loglik"], rel=1e-10)
    np.testing.assert_allclose(
        estimates(fit, True).params, arr(limit["finite_estimates"]), rtol=1e-8
    )
    ends = profile_intervals(rest, fit, True).ends
    np.testing.assert_allclose(found[[0, 2, 3]], ends, rtol=1e-9)
    # NV's lower end solves the equation against the supremum
    p = whole(ref.Xl[:, 1:], ref.yl, ref.wl)
    start = np.array([4.0, found[1, 0], -0.04, -2.9])
    drop = profile_loss(in_columns(p), 1, found[1, 0], start) + limit["sup_loglik"]
    assert float(drop) == pytest.approx(HALF, abs=1e-8)


def pure_level():
    rng = np.random.default_rng(1)
    g, x = (rng.random(200) < 0.1).astype(float), rng.normal(size=200)
    y = np.where(g > 0, 1.0, rng.random(200) < 1.0 / (1.0 + np.exp(-x)))
    return np.column_stack([g, x]), y


def test_a_level_of_one_class_only_has_a_lower_end():
    """M1: five programs give five estimates and R an interval of (-19, 329); it is (c, inf)."""
    X, y = pure_level()
    p = whole(X, y)
    fit = fitted(p)
    assert fit.separation.kind == "quasi-complete"
    ends = profile_intervals(p.blocks(), fit, True).ends
    assert ends[1, 1] == math.inf
    truth = in_columns(p)
    start = np.array([fit.coefficients.intercept, ends[1, 0], fit.coefficients.coef[1]])
    drop = float(profile_loss(truth, 1, ends[1, 0], start)) + fit.totals.loglik
    assert drop == pytest.approx(HALF, abs=1e-9)
    # the other way round it is the upper end, mirrored
    q = whole(X * np.array([-1.0, 1.0]), y)
    mirrored = profile_intervals(q.blocks(), fitted(q), True).ends
    np.testing.assert_allclose(mirrored[1], -ends[1, ::-1], rtol=1e-8)
    np.testing.assert_allclose(mirrored[[0, 2]], ends[[0, 2]], rtol=1e-8)
    # units change nothing
    for factor in (1e-8, 1e8):
        r = whole(X * np.array([factor, 1.0]), y)
        scaled = profile_intervals(r.blocks(), fitted(r), True).ends
        np.testing.assert_allclose(scaled[1, 0] * factor, ends[1, 0], rtol=1e-7)
        assert scaled[1, 1] == math.inf


def test_an_intercept_that_is_infinite():
    """The reference level is pure: intercept and slope run off together, each with one end."""
    X, y = pure_level()
    p = whole(np.column_stack([1.0 - X[:, 0], X[:, 1]]), y)
    fit = fitted(p)
    assert fit.separation.signs.tolist() == [1.0, -1.0, 0.0]
    ends = profile_intervals(p.blocks(), fit, True).ends
    assert ends[0, 1] == math.inf
    assert ends[1, 0] == -math.inf
    truth = in_columns(p)
    for j, c in ((0, ends[0, 0]), (1, ends[1, 1])):
        start = np.array([2.0, -2.0, fit.coefficients.coef[1]])
        drop = float(profile_loss(truth, j, c, start)) + fit.totals.loglik
        assert drop == pytest.approx(HALF, abs=1e-9)


def test_a_profile_that_no_point_attains():
    """Two pure levels: while one is held, the other still runs off, and its rows stop to matter."""
    X, y = pure_level()
    rng = np.random.default_rng(2)
    free = X[:, 0] == 0.0
    second = (free & (rng.random(200) < 0.1)).astype(float)
    y = np.where(second > 0, 0.0, y)
    p = whole(np.column_stack([X, second]), y)
    fit = fitted(p)
    assert fit.separation.signs.tolist() == [0.0, 1.0, 0.0, -1.0]
    ends = profile_intervals(p.blocks(), fit, True).ends
    assert ends[1, 1] == math.inf
    assert ends[3, 0] == -math.inf
    without = second == 0.0
    q = whole(X[without], y[without])
    alone = profile_intervals(q.blocks(), fitted(q), True).ends
    np.testing.assert_allclose(ends[1], alone[1], rtol=1e-8)
    mixed = without & free
    r = whole(X[mixed][:, 1:], y[mixed])
    limit = profile_intervals(r.blocks(), fitted(r), True).ends
    np.testing.assert_allclose(ends[[0, 2]], limit, rtol=1e-8)


def test_complete_separation():
    """The slope has a lower end, the intercept, of no determined sign, none at all."""
    x = np.array([-3.0, -2.0, -1.0, -0.5, 0.7, 1.0, 2.0, 4.0])
    p = whole(x[:, None], x > 0.0)
    fit = fitted(p)
    ends = profile_intervals(p.blocks(), fit, True).ends
    assert ends[0].tolist() == [-math.inf, math.inf]
    assert ends[1, 1] == math.inf
    drop = float(profile_loss(in_columns(p), 1, ends[1, 0], np.array([0.0, ends[1, 0]])))
    assert drop == pytest.approx(HALF, abs=1e-9)


def test_separated_digits_say_nothing_of_any_coefficient():
    found = profile_intervals(blocks_of("digits_3v8"), fit_of("digits_3v8"), True)
    assert (found.ends == [-np.inf, np.inf]).all()
    assert (found.left == 0.0).all()


def test_blocks_of_separated_data():
    X, y = pure_level()
    p = whole(X, y)
    whole_ = profile_intervals(p.blocks(), fitted(p), True).ends
    for rows in (1, 7):
        blocks = p.blocks(rows)
        part = profile_intervals(blocks, fit_blocks(blocks, True, Settings()), True).ends
        np.testing.assert_allclose(part, whole_, rtol=1e-10)


def test_the_intercept_alone():
    y = np.repeat([0.0, 1.0], [7, 3])
    blocks = array_blocks(np.empty((10, 0)), y, np.ones(10), np.zeros(10), ())
    ends = profile_intervals(blocks, fit_blocks(blocks, True, Settings()), True).ends
    best = 3 * math.log(0.3) + 7 * math.log(0.7)
    for b in ends[0]:
        loglik = 3 * b - 10 * math.log1p(math.exp(b))
        assert best - loglik == pytest.approx(HALF, abs=1e-12)


# --- what is refused


def test_a_penalised_fit_is_refused():
    blocks = blocks_of("birthwt")
    fit = fit_blocks(blocks, True, Settings(l2=1.0))
    with pytest.raises(
        UsageError, match=r"profile-likelihood intervals .* penalised .*l2=0.*firth"
    ):
        profile_intervals(blocks, fit, True)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 2.0])
def test_alpha_lies_between_0_and_1(alpha):
    with pytest.raises(UsageError, match="must lie between 0 and 1"):
        profile_intervals(blocks_of("plasma"), fit_of("plasma"), True, alpha)


def test_a_fit_whose_maximum_is_unknown_is_refused():
    blocks = blocks_of("plasma")
    fit = fit_blocks(blocks, True, Settings(max_steps=1))
    assert fit.status == "not converged"
    with pytest.raises(NotProvedError, match=r"not known where that is: the fit is not converged"):
        profile_intervals(blocks, fit, True)


def test_a_limit_that_is_not_proved_is_refused():
    blocks, fit = blocks_of("endometrial"), fit_of("endometrial")
    assert fit.limit is not None
    fit = replace(fit, limit=replace(fit.limit, proved=False, reason="nobody looked"))
    with pytest.raises(NotProvedError, match=r"limit .* could not be proved \(nobody looked\)"):
        profile_intervals(blocks, fit, True)


def test_progress_is_told():
    told = []
    profile_intervals(
        blocks_of("plasma"), fit_of("plasma"), True, progress=lambda r: told.append(r.what)
    )
    assert told[-1] == "ends of intervals: 0 of 6 to go"
