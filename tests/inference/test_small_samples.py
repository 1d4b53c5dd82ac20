"""Firth's method, FLIC and FLAC as a user asks for them: logistf's answers, and what is said."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

import sigmoide
from references.refdata import arr
from sigmoide.api.logit import fit_source, warn
from sigmoide.api.options import FitOptions
from sigmoide.api.result import Result
from sigmoide.design.prepare import Request
from sigmoide.errors import (
    AliasedError,
    AliasedWarning,
    InferenceWarning,
    NotProvedError,
    NotProvedWarning,
    RowsError,
    SeparationWarning,
    UsageError,
)
from sigmoide.inference.bootstrap import bootstrap
from sigmoide.inference.firth import fit_firth
from sigmoide.inference.firth_tests import penalised_profile
from sigmoide.inference.flic_flac import flac, flac_profile, flac_tests, flic
from sigmoide.inference.likelihood_ratio import Compared, anova, drop1
from sigmoide.inference.profile import profile_intervals
from sigmoide.inference.robust import heteroskedastic
from sigmoide.inference.score_test import score_tests
from sigmoide.inference.small_samples import fit_small_samples, intervals_again
from sigmoide.results.records import Settings
from sigmoide.sources import options
from sigmoide.sources.formats import open_data
from sigmoide.sources.options import ReadOptions
from support.cli_run import refused, run
from support.cli_table import saved, table
from support.reference_blocks import blocks_of
from support.reference_sets import data_of, formula_of, in_our_order, reference

NAMES = ("birthwt", "endometrial", "plasma", "sex2", "m1")
METHODS = ("firth", "flic", "flac")


def fitted(name: str, method: str, **asked) -> Result:
    data, arguments = data_of(name)
    return sigmoide.logit(formula_of(name)[0], data, method=method, **arguments, **asked)


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def cut_short(most: int = 1, method: str = "firth") -> Result:
    """Return a fit that was not given steps enough."""
    data, arguments = data_of("plasma")
    found = sigmoide.logit(formula_of("plasma")[0], data, **arguments).model
    source = open_data(data)
    terms = [replace_term(c.column) for c in found.design.codings]
    request = Request(found.target.column, tuple(terms), True, found.target.event)
    return fit_source(source, request, FitOptions(Settings(max_steps=most, method=method)))


def replace_term(column: str):
    from sigmoide.design.design import Term

    return Term(column, column)


# --- against R


@pytest.mark.parametrize("name", NAMES)
def test_a_firth_table_is_logistfs(name):
    theirs = reference(name).ref["firth"]
    found = fitted(name, "firth")
    order = lambda values: in_our_order(name, found, theirs["names"], arr(values))  # noqa: E731
    np.testing.assert_allclose(found.params, order(theirs["estimate"]), rtol=1e-8)
    np.testing.assert_allclose(found.bse, order(theirs["se"]), rtol=1e-8)
    ends = np.column_stack([order([e[k] for e in theirs["profile_ci95"]]) for k in (0, 1)])
    np.testing.assert_allclose(found.conf_int(), ends, rtol=1e-8)
    np.testing.assert_allclose(found.pvalues, order(theirs["plr_p"]), rtol=1e-8)
    records = pd.DataFrame(found.summary().records()).set_index("term")
    np.testing.assert_allclose(records["chi2"], order(theirs["plr_chisq"]), rtol=1e-8)
    np.testing.assert_array_equal(records["p"], found.pvalues)
    np.testing.assert_array_equal(records[["low", "high"]], found.conf_int())
    assert "z" not in records
    np.testing.assert_allclose(np.log(found.odds_ratios()[["low", "high"]]), ends, rtol=1e-8)
    # Wald's are still there: estimates over standard errors
    wald = 2.0 * chi2.sf(found.zvalues**2, 1) / 2.0
    np.testing.assert_allclose(wald, order(theirs["wald_p"]), rtol=1e-8)
    held = found.model.fit.small_sample
    assert found.llf == pytest.approx(theirs["loglik"], rel=1e-10)
    assert held.penalised_loglik == pytest.approx(theirs["penalised_loglik"], rel=1e-10)
    null = theirs["null_penalised_loglik_full_penalty"]
    assert held.null_penalised_loglik == pytest.approx(null, rel=1e-10)
    assert found.llr == pytest.approx(theirs["global_plr_chisq"], rel=1e-8)
    assert found.llr_pvalue == pytest.approx(chi2.sf(found.llr, theirs["global_plr_df"]), rel=1e-8)
    assert found.df_model == theirs["global_plr_df"]


@pytest.mark.parametrize("name", NAMES)
def test_the_rest_of_the_likelihoods(name):
    found, plain = fitted(name, "firth"), reference(name).ref.get("mle")
    assert math.isnan(found.aic)
    assert math.isnan(found.bic)
    assert found.deviance == -2.0 * found.llf
    events, n = found.model.fit.totals.events, found.nobs
    null = events * math.log(events / n) + (n - events) * math.log(1.0 - events / n)
    assert found.llnull == pytest.approx(null, rel=1e-9)
    assert found.prsquared == pytest.approx(1.0 - found.llf / null, rel=1e-9)
    if plain is not None and "loglik" in plain:
        assert found.llf < plain["loglik"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NAMES)
def test_the_front_shows_what_the_functions_say(name, method):
    blocks = blocks_of(name)
    firth = fit_firth(blocks, True)
    fit = fit_small_samples(blocks, True, Settings(method=method))
    held = fit.small_sample
    answer = {"firth": lambda: firth, "flic": lambda: flic(blocks, firth)}.get(
        method, lambda: flac(blocks, firth)
    )()
    np.testing.assert_array_equal(fit.coefficients.coef, answer.coefficients.coef)
    assert fit.coefficients.intercept == answer.coefficients.intercept
    assert fit.totals.loglik == answer.loglik
    if method == "flac":
        ends = flac_profile(blocks, firth, answer).ends
        tests, overall = flac_tests(blocks, firth, answer)
        np.testing.assert_array_equal(held.statistics, [test.statistic for test in tests])
        assert (held.overall, held.overall_p) == (overall.statistic, overall.p)
        np.testing.assert_allclose(held.intervals, ends, rtol=1e-12)
    else:
        ends = penalised_profile(blocks, firth).ends
        np.testing.assert_allclose(held.intervals[1:], ends[1:], rtol=1e-12)
    if method == "flic":
        params, errors = answer.estimates.params[0], answer.estimates.standard_errors[0]
        wald = params + np.array([-1.0, 1.0]) * 1.959963984540054 * errors
        np.testing.assert_allclose(held.intervals[0], wald, rtol=1e-12)
        assert held.statistics[0] == pytest.approx((params / errors) ** 2, rel=1e-12)
        assert held.p[0] == pytest.approx(chi2.sf(held.statistics[0], 1), rel=1e-10)
    # Firth's own estimates are kept beside the corrected ones
    shift = (fit.coefficients.centre - firth.coefficients.centre) @ firth.coefficients.coef
    assert held.intercept == pytest.approx(firth.coefficients.intercept + shift, rel=1e-12)
    np.testing.assert_array_equal(held.coef, firth.coefficients.coef)


@pytest.mark.parametrize("name", NAMES)
def test_flac_tests_are_those_of_the_fit_of_rows_and_pseudo_rows(name):
    """Each by two fits of all these rows written out, as logistf computes them."""
    ref, blocks = reference(name), blocks_of(name)
    X, y, s = ref.Xl, ref.yl, ref.wl
    firth = fit_firth(blocks, True)
    p = 1.0 / (1.0 + np.exp(-X @ firth.estimates.params))
    w = s * p * (1.0 - p)
    h = w * np.einsum("ij,jk,ik->i", X, np.linalg.inv((X * w[:, None]).T @ X), X)
    none, one = np.zeros((len(y), 1)), np.ones((len(y), 1))
    Z = np.vstack([np.hstack([X, mark]) for mark in (none, one, one)])
    t, v = np.concatenate([y, y, 1.0 - y]), np.concatenate([s, h / 2.0, h / 2.0])

    def highest(columns):
        part = Z[:, columns]
        b = np.zeros(len(columns))
        for _ in range(60):
            q = 1.0 / (1.0 + np.exp(-part @ b))
            bend = (part * (v * q * (1 - q))[:, None]).T @ part
            b = b + np.linalg.solve(bend, part.T @ (v * (t - q)))
        eta = part @ b
        return float(v @ (t * eta - np.logaddexp(0.0, eta)))

    every = list(range(Z.shape[1]))
    whole = highest(every)
    tests, overall = flac_tests(blocks, firth, flac(blocks, firth))
    for j, test in enumerate(tests):
        statistic = 2.0 * (whole - highest([k for k in every if k != j]))
        assert test.statistic == pytest.approx(statistic, rel=1e-8, abs=1e-9)
        assert test.p == pytest.approx(chi2.sf(statistic, 1), rel=1e-7)
    statistic = 2.0 * (whole - highest([0, every[-1]]))
    assert overall.statistic == pytest.approx(statistic, rel=1e-8)
    assert overall.df == X.shape[1] - 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NAMES)
def test_other_coverages_are_computed_from_the_rows(name, method):
    blocks = blocks_of(name)
    asked = Settings(method=method)
    fit = fit_small_samples(blocks, True, asked)
    again = intervals_again(blocks, fit, True, asked, 0.05)
    np.testing.assert_allclose(again, fit.small_sample.intervals, rtol=1e-8)
    wider = intervals_again(blocks, fit, True, asked, 0.01)
    assert (wider[:, 0] < again[:, 0]).all()
    assert (wider[:, 1] > again[:, 1]).all()
    if method == "firth":
        theirs = penalised_profile(blocks, fit_firth(blocks, True), 0.01).ends
        np.testing.assert_allclose(wider, theirs, rtol=1e-9)


# --- laws


@pytest.mark.parametrize("method", METHODS)
def test_a_model_file_gives_back_the_result(method, tmp_path):
    found = fitted("endometrial", method)
    found.save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json")
    assert str(again.summary()) == str(found.summary())
    assert again.summary().as_html() == found.summary().as_html()
    assert repr(again) == repr(found)
    assert again.certificate == found.certificate
    data = data_of("endometrial")[0]
    np.testing.assert_array_equal(again.predict(data), found.predict(data))
    assert again.evaluate(data) == found.evaluate(data)
    assert again.verify(data) == found.verify(data)
    for name in ("conf_int", "cov_params", "odds_ratios"):
        np.testing.assert_array_equal(getattr(again, name)(), getattr(found, name)())
    np.testing.assert_array_equal(again.pvalues, found.pvalues)
    assert (again.llr, again.llr_pvalue) == (found.llr, found.llr_pvalue)


@pytest.mark.parametrize("method", METHODS)
def test_probabilities_and_the_share_of_events(method):
    data = data_of("plasma")[0]
    found = fitted("plasma", method)
    mean = found.predict(data).mean()
    if method == "firth":
        assert mean > 6 / 32 + 1e-3
    else:
        assert mean == pytest.approx(6 / 32, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", [1, 7])
def test_the_size_of_the_blocks_changes_nothing(method, rows):
    one, two = (
        fit_small_samples(blocks_of("endometrial", size), True, Settings(method=method))
        for size in (None, rows)
    )
    for ours, theirs in (
        (two.coefficients.coef, one.coefficients.coef),
        (two.coefficients.covariance, one.coefficients.covariance),
        (two.small_sample.intervals, one.small_sample.intervals),
        (two.small_sample.statistics, one.small_sample.statistics),
        (two.small_sample.overall, one.small_sample.overall),
        (two.totals.null_loglik, one.totals.null_loglik),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_beyond_memory_the_bits_are_the_same(method, tmp_path, monkeypatch):
    monkeypatch.setattr(options, "LEAST", 0)
    rng = np.random.default_rng(4)
    n = 40_000
    frame = pd.DataFrame({"x": rng.normal(size=n), "g": rng.choice(["a", "b", "c"], n)})
    frame["y"] = (rng.random(n) < 1 / (1 + np.exp(3.0 - frame.x))).astype(int)
    path = tmp_path / "d.csv"
    frame.to_csv(path, index=False)
    held = sigmoide.logit("y ~ x + g", path, method=method)
    streamed = sigmoide.logit("y ~ x + g", path, method=method, memory="1200kB")
    assert open_data(path, ReadOptions(memory="1200kB")).table is None
    for name in ("params", "bse", "pvalues"):
        np.testing.assert_array_equal(getattr(streamed, name), getattr(held, name))
    np.testing.assert_array_equal(streamed.conf_int(), held.conf_int())
    assert held.verify(path).decrement < 1e-9


@pytest.mark.parametrize("method", METHODS)
def test_frequencies_are_repeated_rows(method):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": rng.normal(size=25), "f": rng.integers(1, 5, 25)})
    frame["y"] = (rng.random(25) < 1 / (1 + np.exp(-frame.x))).astype(int)
    long = frame.loc[frame.index.repeat(frame.f)].reset_index(drop=True)
    one = sigmoide.logit("y ~ x", frame, frequency="f", method=method)
    two = sigmoide.logit("y ~ x", long, method=method)
    for ours, theirs in (
        (one.params, two.params),
        (one.bse, two.bse),
        (one.conf_int(), two.conf_int()),
        (one.pvalues, two.pvalues),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7)
    assert one.nobs == two.nobs
    assert one.llnull == pytest.approx(two.llnull, rel=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_an_offset_takes_away_what_is_known(method):
    """What the offset has of a slope, the estimate has less."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.normal(size=60), "z": rng.normal(size=60)})
    frame["y"] = (rng.random(60) < 1 / (1 + np.exp(-frame.x))).astype(int)
    frame["o"] = 0.7 * frame.x
    plain = sigmoide.logit("y ~ x + z", frame, method=method)
    moved = sigmoide.logit("y ~ x + z", frame, offset="o", method=method)
    whole = moved.params.add(pd.Series({"x": 0.7}), fill_value=0.0)[plain.params.index]
    np.testing.assert_allclose(whole, plain.params, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(moved.bse, plain.bse, rtol=1e-8)
    assert moved.llf == pytest.approx(plain.llf, rel=1e-10)
    assert moved.llnull > plain.llnull


def test_aliased_columns_are_left_out_and_named():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=40), "b": rng.normal(size=40)})
    frame["c"] = frame.a - frame.b
    frame["y"] = rng.integers(0, 2, 40)
    with pytest.warns(AliasedWarning, match="c = a - b"):
        found = sigmoide.logit("y ~ a + b + c", frame, method="firth")
    assert found.aliased == {"c": "a - b"}
    assert "c is aliased and left out" in str(found.summary())
    plain = sigmoide.logit("y ~ a + b", frame, method="firth")
    np.testing.assert_allclose(found.conf_int(), plain.conf_int(), rtol=1e-8)
    with pytest.raises(AliasedError, match="c = a - b"):
        sigmoide.logit("y ~ a + b + c", frame, method="firth", aliased="error")


@pytest.mark.parametrize("formula", ["y ~ 1", "y ~ x - 1"])
def test_an_intercept_alone_and_none(formula):
    rng = np.random.default_rng(0)
    data = {"y": rng.integers(0, 2, 30), "x": rng.normal(size=30)}
    found = sigmoide.logit(formula, data, method="firth")
    assert found.status == "converged"
    assert np.isfinite(found.conf_int()).all(axis=None)
    if formula == "y ~ 1":
        events = sum(data["y"])
        closed = math.log((events + 0.5) / (30 - events + 0.5))
        assert found.params["Intercept"] == pytest.approx(closed, rel=1e-9)
        assert math.isnan(found.llr_pvalue)
    else:
        assert found.llnull == pytest.approx(-30 * math.log(2.0), rel=1e-12)
        assert found.llr == pytest.approx(found.model.fit.small_sample.statistics[0], rel=1e-9)
    str(found.summary())


# --- M1, and the complaints about separation and small samples


@pytest.fixture
def m1() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    y = (rng.random(200) < 1 / (1 + np.exp(-0.5 * x))).astype(int)
    g = (np.arange(200) % 20 == 0).astype(int)
    return pd.DataFrame({"x": x, "g": g, "y": np.where(g == 1, 1, y)})


@pytest.mark.parametrize("scale", [1.0, 1e8, 1e-8])
def test_separated_classes_have_a_finite_answer(m1, scale):
    data = m1.assign(g=m1.g * scale)
    with pytest.warns(SeparationWarning):
        assert sigmoide.logit("y ~ x + g", data).params["g"] == math.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sigmoide.logit("y ~ x + g", data, method="firth")
    plain = sigmoide.logit("y ~ x + g", m1, method="firth")
    assert found.status == "converged"
    assert 1.0 < found.params["g"] * scale < 6.0
    low, high = found.conf_int().loc["g"] * scale
    assert 0.0 < low < found.params["g"] * scale < high < math.inf
    assert found.params["g"] * scale == pytest.approx(plain.params["g"], rel=1e-8)
    assert found.pvalues["g"] == pytest.approx(plain.pvalues["g"], rel=1e-6)
    # the interval and the test say the same
    assert (found.pvalues < 0.05).tolist() == (found.conf_int().prod(axis=1) > 0.0).tolist()


def test_whole_separation_has_one_too():
    data = {"y": [0, 0, 0, 1, 1, 1], "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    for method in METHODS:
        found = sigmoide.logit("y ~ x", data, method=method)
        assert found.status == "converged"
        assert np.isfinite(found.params).all()
        assert found.separation.kind == "not looked for"
        assert np.isfinite(found.conf_int()).all(axis=None)


def test_intervals_of_small_samples_are_not_walds():
    found = fitted("plasma", "firth")
    wald = found.params + 1.96 * found.bse
    assert abs(found.conf_int()[1] - wald).max() > 0.1
    reach = found.conf_int().sub(found.params, axis=0).abs()
    assert (reach[0] / reach[1] - 1.0).abs().max() > 0.3


# --- what is said


def test_nothing_is_called_proved():
    found = fitted("endometrial", "firth")
    text = " ".join(str(found.summary()).split())
    assert text.startswith(
        "Logistic regression of HG on 3 columns (endometrial.csv) Firth's method: converged to "
    )
    assert "the penalised likelihood is not known to have only one maximum" in text
    assert "proved" not in text
    assert "method Firth's penalised likelihood" in text
    assert "penalty Jeffreys' prior" in text
    assert "estimate std. err. chi2 p 2.5 % 97.5 %" in text
    assert "test of all slopes chi2(3) = 43.656" in text
    assert "AIC and BIC are not given" in text
    assert not found.certificate.proved
    assert found.certificate.decrement < 1e-9
    assert "Firth's method has no proof" in found.certificate.reason
    assert "maximum likelihood" not in text
    assert "Jeffreys' prior" in repr(found)


@pytest.mark.parametrize("method", ["flic", "flac"])
def test_of_the_corrections_only_what_follows_is_proved(method):
    text = " ".join(str(fitted("endometrial", method).summary()).split())
    what = "the intercept" if method == "flic" else "the fit"
    assert f"{method.upper()} after Firth's method: converged to " in text
    assert f"{what} that follows is proved within " in text
    assert f"method {method.upper()}: " in text


@pytest.mark.parametrize("method", METHODS)
def test_a_search_cut_short_never_looks_like_a_fine_one(method, tmp_path):
    found = cut_short(method=method)
    assert found.status == "not converged"
    with pytest.warns(NotProvedWarning, match="^NOT CONVERGED: ") as caught:
        warn(found)
    assert "standard errors from where the modified score vanishes" in str(caught[0].message)
    assert found.bse.isna().all()
    assert found.pvalues.isna().all()
    assert found.conf_int().isna().all(axis=None)
    assert math.isnan(found.llr_pvalue)
    shown = found.summary()
    text = " ".join(str(shown).split())
    assert "NOT CONVERGED" in text.split("rows used")[0]
    assert "No standard errors, tests or intervals are given" in text
    assert "test of all" not in text
    assert not shown.inferred
    found.save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json")
    assert str(again.summary()) == str(shown)
    data = data_of("plasma")[0]
    refused(run("predict", tmp_path / "m.json", data, "--interval"), 2, "not converged")
    done = run("verify", tmp_path / "m.json", data)
    assert done.exit_code == 4
    assert "NOT CONFIRMED within 1e-06" in done.stdout
    with pytest.raises(NotProvedError, match="which are not reached"):
        intervals_again(blocks_of("plasma"), found.model.fit, True, found.model.settings, 0.05)


def test_an_end_that_was_not_found_is_said():
    found = fitted("plasma", "firth")
    fit = found.model.fit
    ends = fit.small_sample.intervals.copy()
    ends[1, 1] = np.nan
    without = replace(fit, small_sample=replace(fit.small_sample, intervals=ends))
    lost = Result(replace(found.model, fit=without))
    with pytest.warns(InferenceWarning, match=r"to its end are withheld: fibrinogen\."):
        warn(lost)
    assert "are withheld: fibrinogen." in " ".join(str(lost.summary()).split())
    assert "withheld" not in str(found.summary())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn(found)


def test_no_gap_is_drawn():
    with pytest.raises(UsageError, match="nothing of Firth's method is proved"):
        fitted("plasma", "firth").plot.gap()


def test_a_saddle_is_no_answer():
    held = fitted("plasma", "firth").model.fit.small_sample
    at_saddle = replace(held, convergence=replace(held.convergence, maximum=False))
    assert held.reached
    assert not at_saddle.reached
    from sigmoide.report.small_sample import reached_line

    assert reached_line(at_saddle).startswith("NOT CONVERGED: Firth's method, ")
    assert "at a saddle" in reached_line(at_saddle)


@pytest.mark.parametrize("method", METHODS)
def test_another_coverage_is_computed_from_the_rows(method, tmp_path):
    found = fitted("plasma", method)
    wider = found.conf_int(0.01)
    assert (wider[0] < found.conf_int()[0]).all()
    assert (wider[1] > found.conf_int()[1]).all()
    assert found.summary(0.01).coefficients[1].low == wider[0].iloc[1]
    found.save(tmp_path / "m.json")
    again = sigmoide.read_model(tmp_path / "m.json")
    np.testing.assert_array_equal(again.conf_int(), found.conf_int())
    with pytest.raises(RowsError, match="computed from the rows of the fit"):
        again.conf_int(0.01)
    data = data_of("plasma")[0]
    np.testing.assert_allclose(again.with_data(data).conf_int(0.01), wider, rtol=1e-8)
    other = pd.read_csv(data)
    other.loc[3, "fibrinogen"] += 0.01
    with pytest.raises(RowsError, match="these are not the rows of the fit"):
        again.with_data(other)


def test_walds_intervals_are_there_for_the_asking():
    found = fitted("plasma", "firth")
    wald = found.conf_int(method="wald")
    np.testing.assert_allclose(wald[1], found.params + 1.959963984540054 * found.bse, rtol=1e-12)
    text = " ".join(str(found.summary(method="wald")).split())
    assert "intervals estimate ± quantile × standard error p ratios of the penalised" in text
    for cov in ("HC1", "bootstrap"):
        with pytest.raises(UsageError, match="there for fits of maximum likelihood"):
            found.with_cov(cov)
        with pytest.raises(UsageError, match=f"cov='{cov}' was asked of Firth's method"):
            fitted("plasma", "firth", cov=cov)
    for ask in (found.drop1, lambda: sigmoide.anova(found, found)):
        with pytest.raises(UsageError, match="does not maximise the likelihood"):
            ask()
    both = sigmoide.compare(fitted("plasma", "ml"), found)
    assert "Firth's method: converged" in " ".join(str(both).split())


# --- verification


@pytest.mark.parametrize("method", METHODS)
def test_verify_says_what_it_can_and_what_it_cannot(method, tmp_path):
    found = fitted("endometrial", method)
    data = data_of("endometrial")[0]
    again = found.verify(data)
    assert not again.proved
    assert again.decrement < 1e-12
    assert "Firth's method has no proof. Checked: the modified score vanishes" in again.reason
    found.save(tmp_path / "m.json")
    done = run("verify", tmp_path / "m.json", data)
    text = " ".join(done.stdout.split())
    assert done.exit_code == 0, done.stderr
    assert text.startswith("checked, not proved: the modified score vanishes within ")
    assert "that none is higher than this one was not shown" in text
    assert (f"the score of {method.upper()} within" in text) == (method != "firth")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("entry", ["slope", "intercept"])
def test_estimates_that_were_changed_are_found(method, entry, tmp_path):
    """By a hundredth of a standard error."""
    data, path = data_of("endometrial")[0], tmp_path / "m.json"
    found = fitted("endometrial", method)
    found.save(path)
    entries = json.loads(path.read_text())
    held, kept = entries["fit"]["small_sample"], entries["fit"]
    for changed in (held, kept) if method == "firth" else (held,):
        if entry == "slope":
            changed["coefficients"][1] += 0.01 * float(found.bse["PI"])
        else:
            changed["intercept_at_centre"] += 0.003
    if method == "flic":
        kept["coefficients"] = held["coefficients"]
    path.write_text(json.dumps(entries))
    assert run("verify", path, data).exit_code == 4
    assert sigmoide.read_model(path).verify(data).decrement > 1e-3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("entry", ["slope", "intercept"])
def test_what_is_shown_is_what_is_checked(method, entry, tmp_path):
    """The answer itself is changed, and not Firth's estimates beside it."""
    data, path = data_of("endometrial")[0], tmp_path / "m.json"
    fitted("endometrial", method).save(path)
    entries = json.loads(path.read_text())
    if entry == "slope":
        entries["fit"]["coefficients"][1] += 1e-4
    else:
        entries["fit"]["intercept_at_centre"] += 0.003
    path.write_text(json.dumps(entries))
    if method == "firth" or (method, entry) == ("flic", "slope"):
        refused(run("show", path), 3, "not those of Firth's method")
        return
    assert run("verify", path, data).exit_code == 4


# --- what is refused


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"method": "Firth"}, "method='Firth' was given; it is one of ml, firth, flic, flac"),
        ({"method": "firth", "l2": 0.5}, "l2=0.5 was given with Firth's method"),
        ({"method": "flac", "l2": 1.0}, "l2=1 was given with FLAC"),
        ({"method": "firth", "weights": "w"}, "give them as frequency"),
        ({"method": "flic", "checkpoint": "c"}, "a checkpoint was asked for with FLIC"),
    ],
)
def test_what_does_not_go_together(asked, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = {"y": [0, 1, 0, 1], "x": [1.0, 2.0, 3.0, 4.0], "w": [1.0, 2.0, 1.0, 0.5]}
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        sigmoide.logit("y ~ x", data, **asked)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("method", ["flic", "flac"])
def test_corrections_of_the_intercept_need_one(method):
    data = {"y": [0, 1, 0, 1], "x": [1.0, 2.0, 3.0, 4.0]}
    with pytest.raises(UsageError, match=f"{method.upper()} corrects the intercept, and this"):
        sigmoide.logit("y ~ x - 1", data, method=method)
    with pytest.raises(UsageError, match=f"{method.upper()} corrects the intercept, and this"):
        fit_small_samples(blocks_of("plasma"), False, Settings(method=method))


def test_functions_of_small_samples_want_one():
    blocks = blocks_of("plasma")
    with pytest.raises(UsageError, match="no method of this function"):
        fit_small_samples(blocks, True, Settings())
    from sigmoide.fit.driver import fit_blocks
    from sigmoide.results.firth_check import check_firth

    with pytest.raises(UsageError, match="maximum likelihood, which has its own"):
        intervals_again(blocks, fit_blocks(blocks, True, Settings()), True, Settings(), 0.05)
    data, arguments = data_of("plasma")
    plain = sigmoide.logit(formula_of("plasma")[0], data, **arguments)
    with pytest.raises(UsageError, match="which can be proved"):
        check_firth(blocks, plain.model.fit, True)
    firth = fit_firth(blocks, True)
    with pytest.raises(UsageError, match="tests of FLIC's slopes are Firth's"):
        flac_tests(blocks, firth, flic(blocks, firth))


@pytest.mark.parametrize("method", METHODS)
def test_inference_of_maximum_likelihood_is_refused(method):
    blocks = blocks_of("plasma")
    fit = fit_small_samples(blocks, True, Settings(method=method))
    compared = Compared("it", fit, blocks.names, True)
    for ask in (
        lambda: profile_intervals(blocks, fit, True),
        lambda: drop1(blocks, fit, True, {"globulin": [1]}),
        lambda: anova([compared, compared]),
        lambda: score_tests(blocks, fit, ["fibrinogen"], True),
    ):
        with pytest.raises(UsageError, match=r"not maximise the likelihood\. It has intervals"):
            ask()
    for ask in (
        lambda: heteroskedastic(blocks, fit, True, "HC1", "row"),
        lambda: bootstrap(blocks, fit, True, replicates=9, seed=0, unit="row"),
    ):
        with pytest.raises(UsageError, match="there for fits of maximum likelihood"):
            ask()


# --- the command line


@pytest.mark.parametrize("method", METHODS)
def test_the_command_line_gives_the_same(method, folder):
    """``wall`` separates the classes: without Firth there is no maximum."""
    found = saved(folder, f"--{method}", columns="x,g,wall")
    expected = sigmoide.logit("y ~ x + g + wall", folder / "data.csv", method=method)
    np.testing.assert_array_equal(found.params, expected.params)
    np.testing.assert_array_equal(found.conf_int(), expected.conf_int())
    shown = run("show", folder / "m.json").stdout
    assert "converged to " in shown
    assert str(found.summary()) in shown
    predicted = run("predict", folder / "m.json", folder / "data.csv", "--interval")
    assert predicted.exit_code == 0, predicted.stderr
    assert predicted.stdout.splitlines()[0] == "probability,low,high"
    scored = run("evaluate", folder / "m.json", folder / "data.csv", "--json")
    assert json.loads(scored.stdout)["n"] == 120
    assert "chi2" in run("show", folder / "m.json", "--format", "markdown").stdout
    held = json.loads(run("show", folder / "m.json", "--json").stdout)
    assert held["settings"]["method"] == method
    plots = folder / "plots"
    command = ("fit", folder / "data.csv", "--target", "y", "--columns", "x", f"--{method}")
    done = run(*command, "--plots", plots)
    assert done.exit_code == 0, done.stderr
    assert (plots / "coefficients.svg").exists()
    assert "NOT PROVED" not in (plots / "coefficients.svg").read_text()


def test_the_reads_are_told_in_their_order(folder):
    done = run("fit", folder / "data.csv", "--target", "y", "--columns", "x", "--flac")
    numbers = [
        int(line.split(":")[0].split()[1].split("-")[-1])
        for line in done.stderr.splitlines()
        if line.startswith("read")
    ]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 10


def test_what_the_command_line_refuses(folder):
    command = ("fit", folder / "data.csv", "--target", "y", "--columns", "x")
    refused(run(*command, "--firth", "--flac"), 2, "--firth and --flac were given")
    refused(run(*command, "--firth", "--l2", "1"), 2, "l2=1 was given with Firth's method")
    refused(run(*command, "--firth", "--weights", "w"), 2, "give them as frequency")
    refused(run(*command, "--flic", "--no-intercept"), 2, "FLIC corrects the intercept")
    refused(run(*command, "--firth", "--checkpoint", folder / "c"), 2, "a checkpoint was asked for")
    assert not (folder / "c").exists()
    split = ("--split", "random:0.2,0.2", "--patience", "2")
    refused(run(*command, "--firth", *split), 2, "patience=2 chooses a ridge penalty")


def test_a_split_is_fitted_so_too(folder):
    command = ("fit", folder / "data.csv", "--target", "y", "--columns", "x,wall")
    done = run(*command, "--firth", "--split", "random:0.25")
    assert done.exit_code == 0, done.stderr
    assert "Firth's method: converged" in " ".join(done.stdout.split())
    assert "test" in done.stdout


def test_options_of_the_reader_hold(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("y;x\n0;1,5\n1;2,5\n0;3,5\n1;4,5\n1;5,5\n")
    found = sigmoide.logit("y ~ x", path, method="firth", options=ReadOptions(decimal=","))
    assert found.nobs == 5
