"""Every binary reference set against R's answers, by the tolerances of the issue.

Estimates within 1e-8 standard errors; standard errors, likelihoods and what follows from them to
1e-8 relative; metrics to 1e-10; ridge fits to 1e-8.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import sigmoide
from references.refdata import arr, separation, status
from sigmoide.errors import AliasedWarning, SeparationWarning
from support.reference_sets import (
    BINARY,
    SEPARATED,
    WITH_MLE,
    data_of,
    fitted,
    formula_of,
    in_our_order,
    reference,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore::sigmoide.errors.AliasedWarning", "ignore::sigmoide.errors.SeparationWarning"
)

RELATIVE = 1e-8


@pytest.mark.parametrize("name", WITH_MLE)
def test_is_proved(name):
    found = fitted(name)
    assert found.status == "proved"
    assert found.certificate.proved
    assert found.certificate.distance <= 1e-9
    assert found.separation.kind == "none"


@pytest.mark.parametrize("name", WITH_MLE)
def test_estimates_standard_errors_tests_and_intervals(name):
    found, mle = fitted(name), reference(name).ref["mle"]

    def r(key):
        return in_our_order(name, found, mle["names"], arr(mle[key]))

    se = r("se")
    assert np.max(np.abs(found.params - r("estimate")) / se) <= 1e-8
    np.testing.assert_allclose(found.bse, se, rtol=RELATIVE)
    # z, p and the interval's ends are R's own arithmetic on its own estimates
    np.testing.assert_allclose(found.zvalues, r("z"), rtol=RELATIVE, atol=1e-8)
    np.testing.assert_allclose(found.tvalues, found.zvalues, rtol=0)
    np.testing.assert_allclose(found.pvalues, r("p"), rtol=1e-7, atol=1e-300)
    ends = found.conf_int().to_numpy()
    wald = np.array(
        [in_our_order(name, found, mle["names"], arr(mle["wald_ci95"])[:, side]) for side in (0, 1)]
    ).T
    assert np.max(np.abs(ends - wald) / se[:, None]) <= RELATIVE
    odds = found.odds_ratios().to_numpy()
    np.testing.assert_allclose(odds[:, 0], np.exp(found.params), rtol=1e-14)
    np.testing.assert_allclose(odds[:, 1:], np.exp(ends), rtol=1e-14)


@pytest.mark.parametrize("name", [n for n in WITH_MLE if reference(n).ref["mle"].get("vcov")])
def test_covariance(name):
    found, mle = fitted(name), reference(name).ref["mle"]
    ours = formula_of(name)[1]
    order = [[ours[n] for n in mle["names"]].index(t) for t in found.params.index]
    theirs = arr(mle["vcov"])[np.ix_(order, order)]
    scale = np.sqrt(np.outer(np.diag(theirs), np.diag(theirs)))
    assert np.max(np.abs(found.cov_params().to_numpy() - theirs) / scale) <= RELATIVE


@pytest.mark.parametrize("name", WITH_MLE)
def test_likelihoods(name):
    found, ref = fitted(name), reference(name)
    mle, ratio = ref.ref["mle"], ref.ref["lr_test_full_vs_null"]
    p = len(found.params)
    loglik, null = mle["loglik_bernoulli"], mle["null_loglik_bernoulli"]
    n = mle["total_weight"]
    close = {
        "llf": loglik,
        "llnull": null,
        "deviance": -2 * loglik,
        "null_deviance": -2 * null,
        "aic": -2 * loglik + 2 * p,
        "prsquared": mle["mcfadden_r2"],
        "llr": ratio["chisq"],
        "llr_pvalue": ratio["p"],
        "nobs": n,
        "df_model": ratio["df"],
        "df_resid": n - p,
        # R's own figures are of the same likelihood where rows are single trials; those of
        # counts have binomial coefficients in them, except for the sum of weights
        "bic": -2 * loglik + p * math.log(n),
    }
    for key, value in close.items():
        tolerance = 1e-7 if key == "llr_pvalue" else RELATIVE
        assert getattr(found, key) == pytest.approx(value, rel=tolerance), key
    if ref.kind == "binary":
        assert found.deviance == pytest.approx(mle["deviance"], rel=RELATIVE)
        assert found.aic == pytest.approx(mle["aic"], rel=RELATIVE)
        assert found.bic == pytest.approx(mle["bic"], rel=RELATIVE)
    else:
        coefficients = mle["loglik"] - mle["loglik_bernoulli"]
        assert found.bic - 2 * coefficients == pytest.approx(mle["bic_total_weight"], rel=RELATIVE)


@pytest.mark.filterwarnings("ignore::sigmoide.errors.DataWarning")
@pytest.mark.parametrize("name", WITH_MLE)
def test_metrics(name):
    found, theirs = fitted(name), reference(name).ref["metrics"]
    scores = found.evaluate(data_of(name)[0])
    assert scores["log_loss"] == pytest.approx(theirs["log_loss"], rel=1e-10)
    assert scores["brier"] == pytest.approx(theirs["brier"], rel=1e-10)
    assert scores["auc"] == pytest.approx(theirs["auc"], rel=1e-10)
    assert scores["accuracy"] == pytest.approx(theirs["accuracy_0.5"], rel=1e-10)
    assert scores["n"] == reference(name).ref["mle"]["total_weight"]
    # on its own training rows a maximum-likelihood fit is calibrated
    assert scores["calibration_slope"] == pytest.approx(1.0, abs=1e-8)
    assert scores["calibration_intercept"] == pytest.approx(0.0, abs=1e-8)
    table = np.array(scores["confusion"])
    assert table.sum() == pytest.approx(scores["n"])
    assert (table[0, 0] + table[1, 1]) / table.sum() == pytest.approx(scores["accuracy"])


@pytest.mark.parametrize("name", WITH_MLE)
def test_fitted_probabilities(name):
    found, ref = fitted(name), reference(name)
    sample = ref.ref["metrics"]["fitted_sample"]
    rows = np.array(sample["rows_1based_after_dropping_missing"], dtype=int) - 1
    p = found.predict(ref.df if ref.kind == "binary" else ref.df.assign(case_=1, count_=1))
    np.testing.assert_allclose(p.to_numpy()[rows], arr(sample["p"]), rtol=1e-9)


RIDGE = [
    pytest.param(name, fit, id=f"{name}-{fit['lambda']}-{'sd' if fit['standardize'] else 'unit'}")
    for name in BINARY
    for fit in reference(name).ref["penalised"]["fits"]
    if fit["penalty"] == "ridge"
]


@pytest.mark.parametrize(("name", "fit"), RIDGE)
def test_ridge(name, fit):
    """The same optimum as glmnet's polished answers; l2 = 1/C = W lambda."""
    ref = reference(name)
    names = ["(Intercept)", *ref.ref["penalised"]["names"]]
    alpha = fit["lambda"] * ref.wl.sum()
    assert alpha == pytest.approx(1 / fit["C"], rel=1e-12)
    data, arguments = data_of(name)
    formula, ours = formula_of(name)
    # R's answers leave the aliased columns out before they penalise
    for gone in ref.j["aliased"]:
        formula += f" - {ours[gone]}"
    found = sigmoide.logit(formula, data, l2=alpha, standardize=fit["standardize"], **arguments)
    assert found.certificate.proved
    theirs = in_our_order(name, found, names, [fit["intercept"], *arr(fit["coef"])])
    np.testing.assert_allclose(found.params, theirs, rtol=1e-8, atol=1e-10)
    assert found.pvalues.isna().all()
    assert found.bse.isna().all()
    assert math.isnan(found.aic)
    assert "penalised" in str(found.summary())


@pytest.mark.parametrize("name", BINARY)
def test_separation_kind_rows_and_directions(name):
    found, ref = fitted(name), reference(name)
    theirs = ref.ref["separation"]
    assert found.separation.kind == theirs["kind"]
    sign = np.where(ref.yl > 0.5, 1.0, -1.0)[:, None]
    _, overlapping, ranges, _ = separation(ref.Xl * sign, ranges=name in SEPARATED)
    if ref.kind == "binary":
        assert ref.raw.isna().any(axis=1).sum() == sum(found.dropped.values())
    if name not in SEPARATED:
        assert len(found.separation.rows) == 0
        assert (found.separation.directions == 0).all()
        return
    assert found.separation.rows.tolist() == np.flatnonzero(~overlapping).tolist()
    assert found.separation.exact
    words = dict(zip(theirs["coefficients"], theirs["status"], strict=True))
    assert words == dict(zip(ref.names, status(ranges), strict=True))
    code = {"finite": 0.0, "+Inf": 1.0, "-Inf": -1.0}
    want = [code.get(words[n], math.nan) for n in words]
    got = found.separation.directions
    np.testing.assert_array_equal(got, in_our_order(name, found, list(words), want))
    assert not found.certificate.proved
    assert found.status == "separated"


def test_the_limit_of_a_separated_fit():
    """What stays finite is inferred from the limit: estimates, errors, supremum."""
    found, limit = fitted("endometrial"), reference("endometrial").ref["separation"]["limit"]
    se = arr(limit["finite_se"])
    finite = [("Intercept" if n == "(Intercept)" else n) for n in limit["finite_names"]]
    assert np.max(np.abs(found.params[finite] - arr(limit["finite_estimates"])) / se) <= 1e-8
    np.testing.assert_allclose(found.bse[finite], se, rtol=RELATIVE)
    assert found.llf == pytest.approx(limit["sup_loglik"], rel=RELATIVE)
    assert found.params["NV"] == math.inf
    assert math.isnan(found.bse["NV"])
    assert math.isnan(found.pvalues["NV"])
    assert found.conf_int().loc["NV"].isna().all()


def test_separation_is_warned_of_by_class():
    data, arguments = data_of("endometrial")
    with pytest.warns(SeparationWarning, match="Infinite: NV"):
        sigmoide.logit("HG ~ NV + PI + EH", data, **arguments)


def test_aliased_column_is_named_as_r_drops_it():
    data, arguments = data_of("cps1985_union")
    formula, _ = formula_of("cps1985_union")
    with pytest.warns(AliasedWarning, match="age = 6 \\+ education \\+ experience"):
        found = sigmoide.logit(formula, data, **arguments)
    assert found.aliased == {"age": "6 + education + experience"}
    assert reference("cps1985_union").j["aliased"] == ["age"]
    assert "age" not in found.params.index


def test_constant_columns_are_named_as_r_drops_them():
    assert set(fitted("digits_3v8").aliased) == set(reference("digits_3v8").j["aliased"])
