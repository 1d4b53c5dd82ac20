"""The measured cases of users.md that this project answers: M1 (verdict), M3, M5, M6, M7, M8."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression as Sklearn

import sigmoide
from sigmoide.errors import AliasedError, AliasedWarning, SeparationWarning, TargetError


def drawn(n: int, slope: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return x, (rng.random(n) < 1 / (1 + np.exp(-slope * x))).astype(int)


# M1: one data set, five answers, no usable warning


@pytest.fixture
def m1() -> pd.DataFrame:
    x, y = drawn(200, 0.5, seed=1)
    g = (np.arange(200) % 20 == 0).astype(int)
    return pd.DataFrame({"x": x, "g": g, "y": np.where(g == 1, 1, y)})


@pytest.mark.parametrize("scale", [1.0, 1e8, 1e-8])
def test_m1_the_infinite_coefficient_is_named_not_printed(m1, scale):
    data = m1.assign(g=m1.g * scale)
    with pytest.warns(SeparationWarning, match="Infinite: g"):
        found = sigmoide.logit("y ~ x + g", data)
    assert found.status == "separated"
    assert not found.certificate.proved
    assert found.separation.kind == "quasi-complete"
    assert found.separation.directions.to_dict() == {"Intercept": 0.0, "x": 0.0, "g": 1.0}
    assert found.separation.rows.tolist() == np.flatnonzero(m1.g == 1).tolist()
    assert found.separation.exact
    assert found.params["g"] == math.inf
    assert found.pvalues[["g"]].isna().all()
    assert found.conf_int().loc["g"].isna().all()
    text = str(found.summary())
    assert "NOT PROVED" in text
    assert "g +infinity" in text
    # what is left is the fit of the rows that overlap
    rest = sigmoide.logit("y ~ x", data[data.g == 0])
    assert found.params["x"] == pytest.approx(rest.params["x"], rel=1e-9)
    assert found.bse["x"] == pytest.approx(rest.bse["x"], rel=1e-9)
    assert found.llf == pytest.approx(rest.llf, rel=1e-12)


# M3: silent wrong optimum


@pytest.fixture
def timestamps() -> tuple[np.ndarray, np.ndarray]:
    """5,000 rows whose one feature is a Unix time of about 1e9, true slope 4.68e-9."""
    rng = np.random.default_rng(3)
    t = np.floor(1e9 + 5e8 * rng.random(5000))
    eta = 4.68e-9 * (t - 1.25e9) + 0.03
    return t[:, None], (rng.random(5000) < 1 / (1 + np.exp(-eta))).astype(int)


def test_m3_scikit_learns_answer_is_shown_to_be_far_from_the_optimum(timestamps):
    X, y = timestamps
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it says nothing
        theirs = Sklearn(C=np.inf).fit(X, y)
    far = sigmoide.certify(theirs.coef_, theirs.intercept_, X, y)
    assert not (far.proved and far.distance < 1.0)
    ours = sigmoide.logit("y ~ t", {"y": y, "t": X[:, 0]})
    assert ours.certificate.proved
    assert ours.params["t"] / theirs.coef_[0, 0] > 10
    near = sigmoide.certify(ours.params[["t"]], ours.params["Intercept"], X, y)
    assert near.proved
    assert near.distance < 1e-6
    # how far theirs is, in standard errors: at least this much of the log-likelihood is missing
    eta = theirs.decision_function(X)
    missing = ours.llf - float(np.sum(y * eta - np.logaddexp(0, eta)))
    assert missing > 5


def test_m3_the_default_penalty_too(timestamps):
    X, y = timestamps
    theirs = Sklearn().fit(X, y)
    assert theirs.predict_proba(X)[:, 1].mean() - y.mean() > 0.01
    ours = sigmoide.LogisticRegression().fit(X, y)
    assert ours.certificate_.proved
    assert ours.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), rel=1e-7)
    far = sigmoide.certify(theirs.coef_, theirs.intercept_, X, y, l2=1.0)
    assert not (far.proved and far.distance < 1.0)


@pytest.mark.parametrize(
    "move",
    [
        lambda x: 1.7e9 + 1e6 * x,
        lambda x: 2000 + x,
        lambda x: 1e-12 * x,
        lambda x: 1e12 * x,
        lambda x: -1e8 + 1e-3 * x,
    ],
)
def test_m3_the_answer_does_not_depend_on_units(move):
    x, y = drawn(2000, 0.8)
    moved = move(x)
    # what the column can hold at its new place is what the other fit is given, too
    slope, shift = (move(1.0) - move(0.0)), move(0.0)
    held = (moved - shift) / slope
    base = sigmoide.logit("y ~ x", {"y": y, "x": held})
    found = sigmoide.logit("y ~ x", {"y": y, "x": moved})
    assert found.certificate.proved
    assert found.certificate.distance < 1e-9
    assert found.params["x"] * slope == pytest.approx(base.params["x"], rel=1e-8)
    assert found.bse["x"] * abs(slope) == pytest.approx(base.bse["x"], rel=1e-8)
    assert found.llf == pytest.approx(base.llf, rel=1e-12)
    np.testing.assert_allclose(found.predict({"x": moved}), base.predict({"x": held}), rtol=1e-8)


def test_m3_calendar_years():
    rng = np.random.default_rng(5)
    year = rng.integers(1990, 2025, size=3000)
    y = (rng.random(3000) < 1 / (1 + np.exp(-0.147 * (year - 2007)))).astype(int)
    found = sigmoide.logit("y ~ year", {"y": y, "year": year})
    assert found.certificate.proved
    assert found.params["year"] == pytest.approx(0.147, abs=3 * found.bse["year"])


# M5: intercept penalty


def test_m5_the_intercept_is_never_penalised():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(4000, 3))
    y = (rng.random(4000) < 0.034).astype(int)
    for C in (1e-9, 1e-6, 1e-3, 1.0, np.inf):
        ours = sigmoide.LogisticRegression(C=C).fit(X, y)
        assert ours.certificate_.proved
        assert ours.predict_proba(X)[:, 1].mean() == pytest.approx(y.mean(), rel=1e-7)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Sklearn(C=1e-3, solver="liblinear").fit(X, y)
    assert theirs.predict_proba(X)[:, 1].mean() > 0.1


# M6: target coding


def test_m6_every_coding_gives_the_same_sign_or_a_typed_error():
    x, y = drawn(300, 1.0, seed=2)
    codings = {
        "zero-one": y,
        "bool": y.astype(bool),
        "minus-one": 2 * y - 1,
        "text": np.where(y == 1, "yes", "no"),
        "category": pd.Categorical(np.where(y == 1, "yes", "no")),
        "ordered": pd.Categorical(
            np.where(y == 1, "high", "low"), categories=["low", "high"], ordered=True
        ),
    }
    base = sigmoide.logit("y ~ x", {"y": y, "x": x}).params
    assert base["x"] > 0
    for name, coded in codings.items():
        found = sigmoide.logit("y ~ x", pd.DataFrame({"y": coded, "x": x}))
        np.testing.assert_array_equal(found.params, base, err_msg=name)
        assert found.event in ("1", "True", "yes", "high")
        assert f"y = {found.event}" in str(found.summary())
    with pytest.raises(TargetError, match="Say event=2"):
        sigmoide.logit("y ~ x", {"y": y + 1, "x": x})
    found = sigmoide.logit("y ~ x", {"y": y + 1, "x": x}, event=2)
    np.testing.assert_array_equal(found.params, base)
    turned = sigmoide.logit("y ~ x", {"y": y + 1, "x": x}, event=1)
    np.testing.assert_allclose(turned.params, -base, rtol=1e-9)


# M7: dummy trap


def test_m7_the_dummy_trap_is_named():
    x, y = drawn(200, 1.0, seed=4)
    a = (np.arange(200) % 2).astype(float)
    data = {"y": y, "x": x, "a": a, "b": 1.0 - a}
    with pytest.warns(AliasedWarning, match="b = 1 - a"):
        found = sigmoide.logit("y ~ x + a + b", data)
    assert found.aliased == {"b": "1 - a"}
    assert found.certificate.proved
    alone = sigmoide.logit("y ~ x + a", data)
    np.testing.assert_array_equal(found.params, alone.params)
    with pytest.raises(AliasedError, match="b = 1 - a"):
        sigmoide.logit("y ~ x + a + b", data, aliased="error")


# M8: missing rows and unseen levels


def test_m8_dropped_rows_are_counted_and_unseen_levels_named():
    x, y = drawn(150, 1.0, seed=6)
    g = np.array(["a", "b", "c"])[np.arange(150) % 3]
    x[::8] = np.nan
    x[149] = np.nan
    data = pd.DataFrame({"y": y, "x": x, "g": g})
    found = sigmoide.logit("y ~ x + g", data)
    assert found.nobs == 130
    assert found.dropped == {"missing x": 20}
    assert "130 of 150" in str(found.summary())
    assert "missing x (20)" in str(found.summary())
    with pytest.raises(sigmoide.errors.ColumnError, match=r"'g' holds 'd'.*unseen='reference'"):
        found.predict(pd.DataFrame({"x": [0.0], "g": ["d"]}))
