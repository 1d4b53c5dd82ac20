"""Firth's method, FLIC and FLAC: R's answers, closed forms, the definitions, the laws."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from references.refdata import arr
from sigmoide.blocks.blocks import array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.errors import AliasedError, ColumnError, NotProvedError, TargetError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference import firth_surface
from sigmoide.inference.batched_searches import advance
from sigmoide.inference.firth import fit_firth
from sigmoide.inference.firth_tests import fixed_at_zero, penalised_profile, penalised_tests
from sigmoide.inference.flic_flac import augmented, flac, flac_profile, flic
from sigmoide.inference.level_ends import frame_at
from sigmoide.inference.surface import functionals, visit
from sigmoide.results.records import Settings
from support.problems import (
    hyperplane,
    ordinary,
    problem,
    pure_level,
    threshold,
    wide_margin,
)
from support.reference_blocks import blocks_of
from support.reference_sets import reference

NAMES = ("birthwt", "endometrial", "plasma", "sex2", "m1")


def sigmoid(eta):
    return 1.0 / (1.0 + np.exp(-eta))


def design(p):
    return np.column_stack([np.ones(len(p.y)), p.X])


def modified_score(X, y, s, offset, b):
    """U* with every matrix written out, and the leverages."""
    p = sigmoid(offset + X @ b)
    w = s * p * (1.0 - p)
    information = (X * w[:, None]).T @ X
    h = w * np.einsum("ij,jk,ik->i", X, np.linalg.inv(information), X)
    return X.T @ (s * (y - p) + h * (0.5 - p)), h, information


# --- against R


@pytest.mark.parametrize("name", NAMES)
def test_estimates(name):
    theirs = reference(name).ref["firth"]
    fit = fit_firth(blocks_of(name), True)
    got = fit.estimates
    np.testing.assert_allclose(got.params, arr(theirs["estimate"]), rtol=1e-8)
    np.testing.assert_allclose(got.standard_errors, arr(theirs["se"]), rtol=1e-8)
    assert fit.loglik == pytest.approx(theirs["loglik"], rel=1e-10)
    assert fit.penalised_loglik == pytest.approx(theirs["penalised_loglik"], rel=1e-10)
    z = got.params / got.standard_errors
    p = [math.erfc(abs(v) / math.sqrt(2.0)) for v in z]
    np.testing.assert_allclose(p, arr(theirs["wald_p"]), rtol=1e-8)
    assert fit.convergence.status == "converged"
    assert fit.convergence.decrement <= 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_profile_intervals(name):
    theirs = reference(name).ref["firth"]
    blocks = blocks_of(name)
    fit = fit_firth(blocks, True)
    found = penalised_profile(blocks, fit)
    np.testing.assert_allclose(found.ends, arr(theirs["profile_ci95"]), rtol=1e-8)
    assert (found.left <= 1e-8).all()


@pytest.mark.parametrize("name", NAMES)
def test_penalised_likelihood_ratio_tests(name):
    theirs = reference(name).ref["firth"]
    blocks = blocks_of(name)
    fit = fit_firth(blocks, True)
    found = penalised_tests(blocks, fit, {"last": [len(blocks.names)], "all": [0, 1]})
    np.testing.assert_allclose(
        [test.statistic for test in found.coefficients], arr(theirs["plr_chisq"]), rtol=1e-8
    )
    np.testing.assert_allclose(
        [test.p for test in found.coefficients], arr(theirs["plr_p"]), rtol=1e-8
    )
    assert found.overall.statistic == pytest.approx(theirs["global_plr_chisq"], rel=1e-8)
    assert found.overall.df == theirs["global_plr_df"]
    null = theirs["null_penalised_loglik_full_penalty"]
    assert found.null_penalised_loglik == pytest.approx(null, rel=1e-10)
    assert found.terms["last"].statistic == pytest.approx(
        found.coefficients[-1].statistic, rel=1e-9
    )
    assert found.terms["all"].df == 2
    assert found.terms["all"].statistic >= max(t.statistic for t in found.coefficients[:2]) - 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_of_the_intercept_alone(name):
    theirs = reference(name).ref["firth"]["intercept_only_firth_penalised_loglik"]
    ref = reference(name)
    n = len(ref.yl)
    blocks = array_blocks(np.empty((n, 0)), ref.yl, ref.wl, np.zeros(n), ())
    fit = fit_firth(blocks, True)
    assert fit.penalised_loglik == pytest.approx(theirs, rel=1e-10)
    events, total = float(ref.wl @ ref.yl), float(ref.wl.sum())
    closed = math.log((events + 0.5) / (total - events + 0.5))
    assert fit.estimates.params[0] == pytest.approx(closed, rel=1e-10)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rows", [1, 7])
def test_the_size_of_the_blocks_changes_nothing(name, rows):
    both = []
    for blocks in (blocks_of(name), blocks_of(name, rows)):
        fit = fit_firth(blocks, True)
        tests = penalised_tests(blocks, fit)
        both.append(
            [
                fit.estimates.params,
                fit.estimates.standard_errors,
                [fit.penalised_loglik, tests.null_penalised_loglik],
                penalised_profile(blocks, fit).ends,
                [test.statistic for test in tests.coefficients],
                flic(blocks, fit).estimates.params,
                flac(blocks, fit).estimates.params,
            ]
        )
    for one, other in zip(*both, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-10)


# --- closed forms and definitions


def test_of_a_two_by_two_table_it_adds_half_an_observation_to_each_cell():
    table = np.array([[11.0, 0.0], [4.0, 9.0]])  # rows: x = 0, 1; columns: y = 0, 1
    x, y = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    used = table.ravel() > 0
    blocks = problem(x[used, None], y[used], table.ravel()[used]).blocks()
    found = fit_firth(blocks, True).estimates
    a, b, c, d = (table + 0.5).ravel()
    closed = [math.log(b / a), math.log(a * d / (b * c))]
    np.testing.assert_allclose(found.params, closed, rtol=1e-10)


@pytest.mark.parametrize("seed", range(8))
def test_the_modified_score_vanishes(seed):
    rng = np.random.default_rng(seed)
    p = ordinary(rng, 40, 3)
    p = replace(p, weight=rng.uniform(0.3, 3.0, 40), offset=rng.normal(size=40))
    fit = fit_firth(p.blocks(), True)
    score, _, information = modified_score(design(p), p.y, p.weight, p.offset, fit.estimates.params)
    assert math.sqrt(score @ np.linalg.solve(information, score)) <= 1e-9
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    np.testing.assert_allclose(fit.estimates.standard_errors, errors, rtol=1e-9)
    penalised = fit.loglik + 0.5 * np.linalg.slogdet(information)[1]
    assert fit.penalised_loglik == pytest.approx(penalised, rel=1e-11)


@pytest.mark.parametrize("seed", range(3))
def test_the_hessian_of_the_penalised_likelihood(seed):
    """Exact: what differences of the gradient tend to."""
    p = ordinary(np.random.default_rng(seed), 30, 2)
    block = next(iter([p.blocks().load(0)]))
    Z = design(p)
    theta = np.array([0.3, -0.4, 0.2])

    def gradient(at):
        score, _, _ = modified_score(Z, p.y, p.weight, p.offset, at)
        return -score

    search = firth_surface.Penalised(True)
    local = firth_surface.likelihood_at(theta)(block, Z)
    information = firth_surface.lower_factor(local.hessian, 0.0)
    asked = search.place(theta, 0.0, (local, information))
    pseudo = next(asked)(block, Z)
    with pytest.raises(StopIteration) as end:
        asked.send(pseudo)
    place = end.value.value
    np.testing.assert_allclose(place.gradient, gradient(theta), rtol=1e-10, atol=1e-12)
    assert place.hessian is None
    L = place.factor.lower / place.factor.scale[:, None]
    step = 1e-6
    for k in range(3):
        e = np.eye(3)[k] * step
        column = (gradient(theta + e) - gradient(theta - e)) / (2.0 * step)
        np.testing.assert_allclose((L @ L.T)[k], column, rtol=1e-6, atol=1e-7)


def test_frequencies_are_repeated_rows():
    rng = np.random.default_rng(3)
    p = ordinary(rng, 25, 2)
    times = rng.integers(1, 5, 25)
    short = replace(p, weight=times.astype(float)).blocks()
    long = problem(np.repeat(p.X, times, axis=0), np.repeat(p.y, times)).blocks()
    one, two = fit_firth(short, True), fit_firth(long, True)
    np.testing.assert_allclose(one.estimates.params, two.estimates.params, rtol=1e-9)
    np.testing.assert_allclose(
        one.estimates.standard_errors, two.estimates.standard_errors, rtol=1e-9
    )
    assert one.penalised_loglik == pytest.approx(two.penalised_loglik, rel=1e-11)
    np.testing.assert_allclose(
        penalised_profile(short, one).ends, penalised_profile(long, two).ends, rtol=1e-8
    )


def test_without_an_intercept():
    p = ordinary(np.random.default_rng(2), 30, 2)
    fit = fit_firth(p.blocks(), False)
    score, _, _ = modified_score(p.X, p.y, p.weight, p.offset, fit.estimates.params)
    assert np.abs(score).max() <= 1e-9
    found = penalised_tests(p.blocks(), fit)
    assert found.overall.df == 2
    information = p.X.T @ p.X / 4.0
    null = -30 * math.log(2.0) + 0.5 * np.linalg.slogdet(information)[1]
    assert found.null_penalised_loglik == pytest.approx(null, rel=1e-11)


@pytest.mark.parametrize("exact", [True, False])
def test_both_ways_come_to_the_same_place(exact, monkeypatch):
    monkeypatch.setattr(firth_surface, "_ROWS_PER_COLUMN", 200 if exact else 0)
    blocks = blocks_of("endometrial")
    fit = fit_firth(blocks, True)
    theirs = reference("endometrial").ref["firth"]
    np.testing.assert_allclose(fit.estimates.params, arr(theirs["estimate"]), rtol=1e-8)
    ends = penalised_profile(blocks, fit).ends
    np.testing.assert_allclose(ends, arr(theirs["profile_ci95"]), rtol=1e-8)
    assert firth_surface.penalised(79, 4).exact == exact


def test_chunks_of_rows_add_up(monkeypatch):
    fit = fit_firth(blocks_of("birthwt"), True)
    monkeypatch.setattr(firth_surface, "_CHUNK", 1300)
    again = fit_firth(blocks_of("birthwt"), True)
    np.testing.assert_allclose(again.estimates.params, fit.estimates.params, rtol=1e-11)


def test_the_way_is_chosen_by_rows_and_columns():
    assert firth_surface.penalised(1_000, 10).exact
    assert not firth_surface.penalised(10_000, 10).exact
    assert not firth_surface.penalised(40_000, 400).exact


# --- laws


SEPARATED = (pure_level, hyperplane, threshold, wide_margin)


def without_weights(family, seed):
    """Return the fit of separated data, or None where they are aliased."""
    p = family(np.random.default_rng(seed))
    p = replace(p, weight=np.ones_like(p.y))
    try:
        return fit_firth(p.blocks(), True, Settings(aliased="error"))
    except AliasedError:
        return None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), family=st.sampled_from(SEPARATED))
def test_separated_data_have_finite_estimates(seed, family):
    """Where the information is nearly singular rounding stops the search sooner, and it says so."""
    fit = without_weights(family, seed)
    assume(fit is not None)
    assert np.isfinite(fit.estimates.params).all()
    assert math.isfinite(fit.penalised_loglik)
    if fit.convergence.reached:
        assert np.isfinite(fit.estimates.standard_errors).all()
        return
    assert fit.convergence.status == "stalled"
    assert fit.convergence.decrement < 1e-3
    assert str(fit.convergence).startswith("not converged")
    assert np.isnan(fit.estimates.standard_errors).all()


@pytest.mark.parametrize("family", SEPARATED)
def test_nearly_all_separated_data_are_fitted_to_the_end(family):
    fits = [fit for seed in range(40) if (fit := without_weights(family, seed)) is not None]
    assert sum(fit.convergence.reached for fit in fits) >= 0.9 * len(fits)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_probabilities_shrink(seed):
    """At Firth's estimate the likelihood is lower, so the determinant is at least as large."""
    p = ordinary(np.random.default_rng(seed), 30, 2)
    ml = fit_blocks(p.blocks(), True, Settings())
    if ml.status != "proved":
        return
    fit = fit_firth(p.blocks(), True)
    assert fit.loglik <= ml.totals.loglik + 1e-12
    X = design(p)
    kept = ml.coefficients
    b = np.concatenate([[kept.intercept - kept.centre @ kept.coef], kept.coef])
    one, other = (
        np.linalg.slogdet(modified_score(X, p.y, p.weight, p.offset, at)[2])[1]
        for at in (fit.estimates.params, b)
    )
    assert one >= other - 1e-10
    assert fit.penalised_loglik >= ml.totals.loglik + 0.5 * other - 1e-10


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 100_000),
    factor=st.floats(1e-8, 1e8),
    shift=st.floats(-100.0, 100.0),
)
def test_other_units_of_a_column_change_its_coefficient_and_nothing_else(seed, factor, shift):
    p = pure_level(np.random.default_rng(seed))
    p = replace(p, weight=np.ones_like(p.y))
    # one column and a level of its own, so that nothing is aliased
    x = np.random.default_rng(seed).normal(size=len(p.y))
    p = replace(p, X=np.column_stack([x, (x > 1.0).astype(float)]), alpha=np.zeros(2))
    q = replace(p, X=(p.X + np.array([shift, 0.0])) * np.array([factor, 1.0]))
    if not (p.X[:, 1] > 0).any():
        return
    one, two = fit_firth(p.blocks(), True), fit_firth(q.blocks(), True)
    a, b = one.estimates, two.estimates
    np.testing.assert_allclose(b.params[1:] * [factor, 1.0], a.params[1:], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(
        b.standard_errors[1:] * [factor, 1.0], a.standard_errors[1:], rtol=1e-6
    )
    moved = two.penalised_loglik - math.log(factor)
    assert moved == pytest.approx(one.penalised_loglik, rel=1e-9, abs=1e-9)


def test_other_classes_change_the_sign():
    p = ordinary(np.random.default_rng(4), 30, 3)
    one = fit_firth(p.blocks(), True)
    two = fit_firth(replace(p, y=1.0 - p.y).blocks(), True)
    np.testing.assert_allclose(two.estimates.params, -one.estimates.params, rtol=1e-8)
    assert two.penalised_loglik == pytest.approx(one.penalised_loglik, rel=1e-11)


def test_with_many_rows_the_penalty_does_not_matter():
    rng = np.random.default_rng(0)
    apart = []
    for n in (200, 2_000, 20_000):
        p = ordinary(rng, n, 2)
        ml = fit_blocks(p.blocks(), True, Settings())
        fit = fit_firth(p.blocks(), True)
        gap = fit.coefficients.coef - ml.coefficients.coef
        apart.append(np.abs(gap / fit.estimates.standard_errors[1:]).max())
    for more, fewer in pairwise(apart):
        assert fewer < 0.6 * more


def test_the_digits_are_separated_and_have_estimates():
    blocks = blocks_of("digits_3v8")
    fit = fit_firth(blocks, True)
    assert fit.convergence.reached
    assert np.isfinite(fit.estimates.standard_errors).all()
    ref = reference("digits_3v8")
    score, _, _ = modified_score(
        ref.Xl, ref.yl, ref.wl, np.zeros(len(ref.yl)), fit.estimates.params
    )
    assert np.abs(score).max() <= 1e-9
    found = penalised_tests(blocks, fit)
    assert found.overall.df == 54
    assert all(0.0 <= test.p <= 1.0 for test in found.coefficients)


def test_a_saddle_is_left():
    """With px02 held at 0 the way down leads to a saddle first; a maximum is higher up."""
    blocks = blocks_of("digits_3v8")
    fit = fit_firth(blocks, True)
    seen = blocks.reduce(moments)
    frame, theta = frame_at(fit.coefficients, seen, True)
    surface = firth_surface.penalised(seen.rows, frame.size)
    (place,) = advance(blocks, frame, [visit(surface, theta)])
    (found,) = advance(blocks, frame, [fixed_at_zero(surface, place, functionals(frame)[[1]])])
    assert found.good
    assert found.place.hessian is None
    assert 2.0 * (found.place.value - place.value) == pytest.approx(0.28875186, rel=1e-6)


# --- profiles


@pytest.mark.parametrize("seed", range(4))
def test_ends_solve_the_equation(seed):
    """The penalised profile at each end, maximised by another method."""
    from scipy.optimize import minimize

    p = ordinary(np.random.default_rng(seed), 25, 2)
    fit = fit_firth(p.blocks(), True)
    found = penalised_profile(p.blocks(), fit)
    X, params = design(p), fit.estimates.params

    def loss(b):
        eta = X @ b
        _, _, information = modified_score(X, p.y, p.weight, p.offset, b)
        loglik = p.y @ eta - np.logaddexp(0.0, eta).sum()
        return -loglik - 0.5 * np.linalg.slogdet(information)[1]

    def slope(b):
        return -modified_score(X, p.y, p.weight, p.offset, b)[0]

    assert (found.ends[:, 0] < params).all()
    assert (params < found.ends[:, 1]).all()
    for j in range(3):
        others = [k for k in range(3) if k != j]
        for c in found.ends[j]:

            def held(free, j=j, c=c, others=others):
                b = np.empty(3)
                b[j], b[others] = c, free
                return loss(b), slope(b)[others]

            low = minimize(held, params[others], jac=True, method="BFGS", options={"gtol": 1e-9})
            drop = 2.0 * (low.fun - loss(params))
            assert drop == pytest.approx(3.841458820694124, abs=1e-7)


def test_only_the_terms_asked_for():
    blocks = blocks_of("plasma")
    fit = fit_firth(blocks, True)
    some = penalised_profile(blocks, fit, 0.1, terms=[2])
    every = penalised_profile(blocks, fit, 0.1)
    np.testing.assert_allclose(some.ends[2], every.ends[2], rtol=1e-12)
    assert np.isnan(some.ends[:2]).all()
    usual = penalised_profile(blocks, fit).ends
    assert (usual[:, 0] < every.ends[:, 0]).all()


# --- FLIC and FLAC


@pytest.mark.parametrize("name", [*NAMES, "esoph"])
def test_flic_keeps_the_slopes_and_matches_the_events(name):
    ref, blocks = reference(name), blocks_of(name)
    firth = fit_firth(blocks, True)
    found = flic(blocks, firth)
    params = found.estimates.params
    np.testing.assert_array_equal(params[1:], firth.estimates.params[1:])
    p = sigmoid(ref.Xl @ params)
    assert ref.wl @ p == pytest.approx(ref.wl @ ref.yl, rel=1e-10)
    before = sigmoid(ref.Xl @ firth.estimates.params)
    assert ref.wl @ before != pytest.approx(ref.wl @ ref.yl, rel=1e-4)
    assert found.certificate.proved
    assert found.loglik == pytest.approx(
        float(ref.wl @ (ref.yl * np.log(p) + (1 - ref.yl) * np.log1p(-p))), rel=1e-9
    )
    w = ref.wl * p * (1 - p)
    errors = np.sqrt(np.diag(np.linalg.inv((ref.Xl * w[:, None]).T @ ref.Xl)))
    np.testing.assert_allclose(found.estimates.standard_errors, errors, rtol=1e-8)


@pytest.mark.parametrize("name", [*NAMES, "esoph"])
def test_flac_is_the_fit_of_rows_and_pseudo_rows(name):
    """As Puhr and others define it, and R's logistf::flac computes it."""
    ref, blocks = reference(name), blocks_of(name)
    firth = fit_firth(blocks, True)
    found = flac(blocks, firth)
    X, y, s = ref.Xl, ref.yl, ref.wl
    _, h, _ = modified_score(X, y, s, np.zeros(len(y)), firth.estimates.params)
    none, one = np.zeros((len(y), 1)), np.ones((len(y), 1))
    Z = np.vstack([np.hstack([X, mark]) for mark in (none, one, one)])
    t = np.concatenate([y, y, 1.0 - y])
    v = np.concatenate([s, h / 2.0, h / 2.0])
    b = np.zeros(Z.shape[1])
    for _ in range(60):
        p = sigmoid(Z @ b)
        information = (Z * (v * p * (1.0 - p))[:, None]).T @ Z
        b = b + np.linalg.solve(information, Z.T @ (v * (t - p)))
    np.testing.assert_allclose(found.estimates.params, b[:-1], rtol=1e-8)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    np.testing.assert_allclose(found.estimates.standard_errors, errors[:-1], rtol=1e-8)
    assert found.certificate.proved
    assert found.fit is not None
    p = sigmoid(X @ found.estimates.params)
    assert s @ p == pytest.approx(s @ y, rel=1e-9)
    ends = flac_profile(blocks, firth, found).ends
    assert ends.shape == (X.shape[1], 2)
    assert np.isfinite(ends).all()
    assert (ends[:, 0] < found.estimates.params).all()
    assert (found.estimates.params < ends[:, 1]).all()


def test_pseudo_rows_are_blocks_like_any_others():
    blocks = blocks_of("plasma", 7)
    grown = augmented(blocks, fit_firth(blocks, True))
    assert grown.names == ("fibrinogen", "globulin", "pseudo")
    assert grown.n_rows == 96
    assert grown.rows_per_block == 21
    rows = grown.source_rows
    assert (np.diff(rows) > 0).all()
    assert len(rows) == 96
    X, y, s = (grown.map(lambda b, f=f: getattr(b, f)) for f in ("X", "y", "weight"))
    ref = reference("plasma")
    np.testing.assert_array_equal(X[::3, :2], ref.Xl[:, 1:])
    np.testing.assert_array_equal(X[:, 2].reshape(-1, 3), np.tile([0.0, 1.0, 1.0], (32, 1)))
    np.testing.assert_array_equal(y.reshape(-1, 3)[:, 1:], np.tile([1.0, 0.0], (32, 1)))
    assert s.reshape(-1, 3)[:, 1:].sum() == pytest.approx(3.0)  # leverages sum to the rank
    without = grown.without(rows[::3])
    assert without.n_rows == 64
    assert (without.map(lambda b: b.X)[:, 2] == 1.0).all()
    taken = grown.take(np.array([0, 95]))
    np.testing.assert_array_equal(taken.source_rows, rows[[0, 95]])
    assert grown.sample(9, 0).n_rows == 9
    total, drawn = grown.survey(lambda b: b.X.sum(axis=0), 9)
    np.testing.assert_allclose(total, X.sum(axis=0))
    assert drawn.plain.n_rows == grown.draw(9, 1).standing.n_rows == 9
    assert grown.reads == blocks.reads


def test_the_mark_has_a_name_of_its_own():
    p = ordinary(np.random.default_rng(0), 30, 1)
    blocks = array_blocks(p.X, p.y, p.weight, p.offset, ("pseudo",))
    assert augmented(blocks, fit_firth(blocks, True)).names == ("pseudo", "pseudo_")


# --- what is said and refused


def test_what_a_fit_claims():
    fit = fit_firth(blocks_of("plasma"), True)
    said = str(fit.convergence)
    assert said.startswith("converged to ")
    assert "standard errors from where the modified score vanishes" in said
    assert "not known to have only one maximum" in said
    assert "proved" not in said
    assert ", at a local maximum (" in said
    assert fit.convergence.maximum
    assert "saddle" in str(replace(fit.convergence, maximum=False))
    assert 0.0 <= fit.convergence.score <= 1e-6
    assert (fit.rows, fit.weight, fit.events) == (32, 32.0, 6.0)


def test_a_search_that_does_not_end_is_said_and_refused():
    blocks = blocks_of("plasma")
    fit = fit_firth(blocks, True, Settings(max_steps=1))
    assert str(fit.convergence).startswith("not converged: ")
    assert np.isnan(fit.estimates.standard_errors).all()
    with pytest.raises(NotProvedError, match=r"these are not converged: .*max_steps"):
        penalised_profile(blocks, fit)
    with pytest.raises(NotProvedError, match="not converged"):
        penalised_tests(blocks, fit)
    with pytest.raises(NotProvedError, match="FLIC starts from Firth's estimates"):
        flic(blocks, fit)
    with pytest.raises(NotProvedError, match="FLAC starts from Firth's estimates"):
        flac(blocks, fit)


def test_a_ridge_as_well_is_refused():
    with pytest.raises(UsageError, match=r"l2=0\.5 was given with Firth's method"):
        fit_firth(blocks_of("plasma"), True, Settings(l2=0.5))


def test_one_class_is_refused():
    p = ordinary(np.random.default_rng(0), 20, 1)
    with pytest.raises(TargetError, match="one class"):
        fit_firth(replace(p, y=np.ones(20)).blocks(), True)


@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_columns_beyond_floating_point_are_refused():
    p = ordinary(np.random.default_rng(0), 20, 1)
    with pytest.raises(ColumnError, match="beyond what floating point holds"):
        fit_firth(replace(p, X=p.X * 1e200).blocks(), True)


def test_aliased_columns_are_left_out_or_refused():
    p = ordinary(np.random.default_rng(0), 40, 2)
    q = replace(p, X=np.column_stack([p.X, p.X[:, 0] - p.X[:, 1]]), alpha=np.zeros(3))
    fit = fit_firth(q.blocks(), True)
    assert [a.name for a in fit.aliased] == ["x2"]
    plain = fit_firth(p.blocks(), True)
    np.testing.assert_allclose(fit.estimates.params, plain.estimates.params, rtol=1e-9)
    np.testing.assert_allclose(
        flac(q.blocks(), fit).estimates.params, flac(p.blocks(), plain).estimates.params, rtol=1e-8
    )
    ends = penalised_profile(q.blocks(), fit).ends
    np.testing.assert_allclose(ends, penalised_profile(p.blocks(), plain).ends, rtol=1e-8)
    with pytest.raises(AliasedError, match="x2 = x0 - x1"):
        fit_firth(q.blocks(), True, Settings(aliased="error"))


def test_corrections_of_an_intercept_need_one():
    p = ordinary(np.random.default_rng(0), 30, 2)
    fit = fit_firth(p.blocks(), False)
    for method, name in ((flic, "FLIC"), (flac, "FLAC")):
        with pytest.raises(UsageError, match=f"{name} corrects the intercept, and this model has"):
            method(p.blocks(), fit)


def test_flic_has_no_profile_of_its_own():
    blocks = blocks_of("plasma")
    firth = fit_firth(blocks, True)
    with pytest.raises(UsageError, match="FLIC were asked for: its slopes have Firth's"):
        flac_profile(blocks, firth, flic(blocks, firth))


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_alpha_lies_between_0_and_1(alpha):
    blocks = blocks_of("plasma")
    with pytest.raises(UsageError, match="must lie between 0 and 1"):
        penalised_profile(blocks, fit_firth(blocks, True), alpha)
