"""The result object: statsmodels' names, the summary, saving, verification."""

from __future__ import annotations

import math
import re
import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sigmoide
from sigmoide.errors import (
    DataWarning,
    MissingWarning,
    UndeterminedWarning,
    UnseenLevelWarning,
    UsageError,
)
from sigmoide.report.tables import upwards
from support.reference_sets import FOLDER

BIRTHWT = str(FOLDER / "birthwt.csv")


@pytest.fixture(scope="module")
def found():
    return sigmoide.logit("low ~ age + lwt + race + smoke", BIRTHWT)


def test_tables_are_pandas_over_the_terms(found):
    terms = ["Intercept", "age", "lwt", "race[T.other]", "race[T.white]", "smoke"]
    for name in ("params", "bse", "tvalues", "zvalues", "pvalues"):
        series = getattr(found, name)
        assert isinstance(series, pd.Series)
        assert series.index.tolist() == terms
    assert found.cov_params().index.tolist() == found.cov_params().columns.tolist() == terms
    np.testing.assert_allclose(np.sqrt(np.diag(found.cov_params())), found.bse, rtol=1e-14)
    assert found.conf_int().columns.tolist() == [0, 1]
    assert found.odds_ratios().columns.tolist() == ["odds_ratio", "low", "high"]
    assert found.separation.directions.index.tolist() == terms


def test_intervals_of_another_coverage(found):
    narrow, wide = found.conf_int(alpha=0.5), found.conf_int(alpha=0.01)
    assert (wide[0] < narrow[0]).all()
    assert (wide[1] > narrow[1]).all()
    z = (found.conf_int(0.1)[1] - found.params) / found.bse
    np.testing.assert_allclose(z, 1.6448536269514722, rtol=1e-9)
    for alpha in (0.0, 1.0, -1, math.nan):
        with pytest.raises(UsageError, match="alpha="):
            found.conf_int(alpha)


def test_predictions(found):
    frame = pd.read_csv(BIRTHWT).set_index(pd.Index(range(100, 289)))
    mean, linear = found.predict(frame), found.predict(frame, which="linear")
    assert mean.index.equals(frame.index)
    np.testing.assert_allclose(mean, 1 / (1 + np.exp(-linear)), rtol=1e-14)
    dummies = frame.assign(other=frame.race == "other", white=frame.race == "white")
    X = dummies[["age", "lwt", "other", "white", "smoke"]].to_numpy(float)
    eta = found.params.iloc[0] + X @ found.params.iloc[1:].to_numpy()
    np.testing.assert_allclose(linear, eta, rtol=1e-10)
    # a row's bits do not depend on its company
    alone = [found.predict(frame.iloc[[i]]).iloc[0] for i in range(20)]
    assert alone == mean.iloc[:20].tolist()
    with pytest.raises(UsageError, match="which='odds'"):
        found.predict(frame, which="odds")


def test_prediction_intervals_are_those_of_the_linear_predictor(found):
    frame = pd.read_csv(BIRTHWT)
    se = found.predicted(frame).standard_error
    X = np.column_stack(
        [
            np.ones(189),
            frame.age,
            frame.lwt,
            frame.race == "other",
            frame.race == "white",
            frame.smoke,
        ]
    ).astype(float)
    V = found.cov_params().to_numpy()
    np.testing.assert_allclose(se, np.sqrt(np.einsum("ij,jk,ik->i", X, V, X)), rtol=1e-8)


def test_save_and_read_give_the_same_object(found, tmp_path):
    path = tmp_path / "model.json"
    found.save(path)
    again = sigmoide.read_model(path)
    assert str(again.summary()) == str(found.summary())
    assert repr(again) == repr(found)
    for name in ("params", "bse", "pvalues"):
        assert getattr(again, name).equals(getattr(found, name))
    assert again.cov_params().equals(found.cov_params())
    assert again.predict(BIRTHWT).equals(found.predict(BIRTHWT))
    assert again.evaluate(BIRTHWT) == found.evaluate(BIRTHWT)
    assert again.verify(BIRTHWT) == found.verify(BIRTHWT)
    assert again.certificate == found.certificate
    assert (again.reads, again.dropped, again.aliased) == (found.reads, found.dropped, {})


def test_verify_agrees_with_the_fits_own_certificate(found):
    again = found.verify(BIRTHWT)
    assert again.proved
    assert again.distance == pytest.approx(found.certificate.distance, rel=1e-6)
    assert again.delta == pytest.approx(found.certificate.delta, rel=1e-6)


@pytest.mark.parametrize("term", range(6))
def test_a_coefficient_nudged_by_a_thousandth_is_refused(found, term):
    frame = pd.read_csv(BIRTHWT)
    X = np.column_stack(
        [frame.age, frame.lwt, frame.race == "other", frame.race == "white", frame.smoke]
    ).astype(float)
    params = found.params.to_numpy().copy()
    good = sigmoide.certify(params[1:], params[0], X, frame.low)
    assert good.proved
    assert good.distance <= 1e-6
    params[term] += 1e-3 * found.bse.iloc[term]
    nudged = sigmoide.certify(params[1:], params[0], X, frame.low)
    assert nudged.distance > 1e-6
    # and the bound is true: the nudge itself is at least a thousandth, and not much more is said
    assert 1e-3 <= nudged.distance < 1e-1


def test_certify_takes_what_the_libraries_give(found):
    frame = pd.read_csv(BIRTHWT)[["age", "lwt", "smoke", "low"]]
    fit = sigmoide.logit("low ~ age + lwt + smoke", frame)
    X = frame[["age", "lwt", "smoke"]]
    for coef, intercept, y in [
        (fit.params.iloc[1:], fit.params.iloc[0], frame.low),
        (fit.params.to_numpy()[None, 1:], np.array([fit.params.iloc[0]]), frame.low == 1),
        (fit.params.iloc[1:].tolist(), fit.params.iloc[0], np.where(frame.low, "yes", "no")),
        (-fit.params.iloc[1:], -fit.params.iloc[0], 1 - frame.low),
    ]:
        assert sigmoide.certify(coef, intercept, X, y).distance < 1e-9
    assert sigmoide.certify(fit.params.iloc[1:], 0.0, X, frame.low).distance > 0.01
    bare = sigmoide.logit("low ~ age + lwt + smoke - 1", frame)
    assert sigmoide.certify(bare.params, None, X, frame.low).distance < 1e-9
    turned = sigmoide.logit("low ~ age + lwt + smoke", frame, event=0)
    assert sigmoide.certify(
        turned.params.iloc[1:], turned.params.iloc[0], X, frame.low, event=0
    ).proved


def test_certify_with_weights_offset_and_penalty():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = (rng.random(300) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)
    data = {"a": X[:, 0], "b": X[:, 1], "y": y}
    counts, offset = rng.integers(0, 4, size=300), rng.normal(size=300)
    for arguments in ({"frequency": counts}, {"weights": counts / 3}):
        fit = sigmoide.logit("y ~ a + b", data, l2=2.0, offset=offset, **arguments)
        checked = sigmoide.certify(
            fit.params.iloc[1:], fit.params.iloc[0], X, y, l2=2.0, offset=offset, **arguments
        )
        assert checked.distance < 1e-9
        assert (
            sigmoide.certify(
                fit.params.iloc[1:], fit.params.iloc[0], X, y, offset=offset, **arguments
            ).distance
            > 1e-3
        )
        again = fit.verify(data, offset=offset, **arguments)
        assert again.distance < 1e-9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coef": [1.0]}, "1 coefficients were given for 2 columns"),
        ({"coef": [1.0, np.inf]}, "infinite or NaN"),
        ({"intercept": [1.0, 2.0]}, "2 intercepts"),
        ({"intercept": np.nan}, "infinite or NaN"),
        ({"l2": -1.0}, "l2=-1.0"),
        ({"y": [0, 1, 0]}, "rows and y"),
        ({"y": [0, 1, 0, 2]}, "3 different values"),
        ({"y": [1, 1, 1, 1]}, "constant"),
        (
            {"X": {"a": [1.0, None, 2.0, 3.0], "b": [1.0, 2.0, 4.0, 3.0]}},
            "'a' has no value at row 1",
        ),
        ({"X": {"a": list("abca"), "b": [1.0, 2.0, 4.0, 3.0]}}, "'a' of X is text"),
        ({"weights": [1, -1, 1, 1]}, "negative"),
    ],
)
def test_certify_refuses(change, message):
    arguments = {
        "coef": [0.1, 0.2],
        "intercept": 0.0,
        "X": {"a": [1.0, 2.0, 2.0, 3.0], "b": [1.0, 2.0, 4.0, 3.0]},
        "y": [0, 1, 0, 1],
    } | change
    with pytest.raises(sigmoide.errors.SigmoideError, match=message):
        sigmoide.certify(**arguments)


def test_penalised_fits_never_print_p_values(tmp_path):
    fit = sigmoide.logit("low ~ age + lwt", BIRTHWT, l2=2.0)
    assert fit.pvalues.isna().all()
    assert fit.bse.isna().all()
    assert fit.conf_int().isna().all(axis=None)
    assert all(math.isnan(v) for v in (fit.aic, fit.bic, fit.llr_pvalue))
    text = str(fit.summary())
    flat = " ".join(text.split())
    assert "ridge, l2 = 2: 1 × the sum of squared coefficients per unit of each column" in flat
    assert "std. err." not in text
    assert " p " not in text.split("\n\n")[2]
    assert "no plain standard errors" in text
    assert "penalty ridge, l2 = 2" in repr(fit)


def test_standardize_penalises_per_standard_deviation():
    frame = pd.read_csv(BIRTHWT)
    fit = sigmoide.logit("low ~ age + lwt", frame, l2=2.0, standardize=True)
    scaled = frame.assign(
        age=frame.age / frame.age.std(ddof=0), lwt=frame.lwt / frame.lwt.std(ddof=0)
    )
    other = sigmoide.logit("low ~ age + lwt", scaled, l2=2.0)
    assert fit.params["age"] * frame.age.std(ddof=0) == pytest.approx(other.params["age"], rel=1e-8)
    assert "per standard deviation of each column" in " ".join(str(fit.summary()).split())
    assert fit.verify(frame).proved


def test_the_null_model_has_the_offset():
    """R: the null deviance of a model with an offset is that of intercept and offset."""
    rng = np.random.default_rng(1)
    x, offset = rng.normal(size=200), rng.normal(size=200)
    y = (rng.random(200) < 1 / (1 + np.exp(-x - offset))).astype(int)
    data = {"x": x, "y": y, "o": offset}
    fit = sigmoide.logit("y ~ x", data, offset="o")
    null = sigmoide.logit("y ~ 1", data, offset="o")
    assert fit.llnull == pytest.approx(null.llf, rel=1e-12)
    assert null.llr == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(null.llr_pvalue)
    bare = sigmoide.logit("y ~ x - 1", data, offset="o")
    assert bare.llnull == pytest.approx(-np.logaddexp(0, np.where(y, -offset, offset)).sum())
    assert bare.df_model == 1


def test_undetermined_is_a_third_outcome():
    """An overlap that rests on one row of weight 1e-30 is not proved, and never looks so."""
    x = np.r_[np.arange(10.0), np.arange(10.0) + 10, 15.0]
    y = np.r_[np.zeros(10), np.ones(10), 0.0].astype(int)
    weights = np.r_[np.ones(20), 1e-30]
    with pytest.warns(UndeterminedWarning):
        fit = sigmoide.logit("y ~ x", {"x": x, "y": y}, weights=weights)
    assert fit.status == "undetermined"
    assert fit.separation.kind == "undetermined"
    assert not fit.certificate.proved
    assert fit.bse.isna().all()
    assert "NOT PROVED" in str(fit.summary())


def test_the_summary_says_what_was_done(found):
    text = str(found.summary())
    for words in (
        "Logistic regression of low on 5 columns (birthwt.csv)",
        "proved: every coefficient within",
        "189 of 189",
        "low = 1 (59 of 189)",
        "race: black",
        "none (maximum likelihood)",
        "reads of the data",
        "chi2(5)",
        "McFadden R2",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) <= 80
    wide = str(found.summary(alpha=0.1))
    assert "5 %" in wide
    assert "95 %" in wide


def test_few_observations_are_pointed_out():
    fit = sigmoide.logit("ESR ~ fibrinogen + globulin", str(FOLDER / "plasma.csv"))
    assert fit.nobs == 32
    with_more = sigmoide.logit("low ~ .", BIRTHWT)
    assert "are few" not in str(with_more.summary())
    tiny = sigmoide.logit("ESR ~ fibrinogen + globulin", pd.read_csv(FOLDER / "plasma.csv")[5:])
    assert "27 observations for 3 coefficients are few" in str(tiny.summary())


def test_evaluate_by_threshold(found):
    low, high = (found.evaluate(BIRTHWT, threshold=t) for t in (0.0, 1.0))
    assert low["confusion"] == [[0.0, 130.0], [0.0, 59.0]]
    assert high["confusion"] == [[130.0, 0.0], [59.0, 0.0]]
    for threshold in (-0.1, 1.1, math.nan):
        with pytest.raises(UsageError, match="threshold"):
            found.evaluate(BIRTHWT, threshold=threshold)


def test_evaluate_on_one_class_says_what_is_not_defined(found):
    frame = pd.read_csv(BIRTHWT)
    scores = found.evaluate(frame[frame.low == 1])
    assert math.isnan(scores["auc"])
    assert math.isnan(scores["calibration_slope"])
    assert scores["n"] == 59


# Other data: what a model is put to is not always all that it judges


def with_gaps() -> pd.DataFrame:
    frame = pd.read_csv(BIRTHWT).astype({"age": float, "lwt": float})
    frame.loc[[2, 3], "age"] = np.nan
    frame.loc[[3, 9], "race"] = None
    return frame


def test_rows_without_a_prediction_are_warned_of(found):
    frame = with_gaps()
    said = "3 of 189 rows {}: missing age (1), missing age, race (1), missing race (1)"
    for ask in (found.predict, lambda data: found.predict(data, which="linear")):
        with pytest.warns(MissingWarning) as seen:
            assert ask(frame).isna().sum() == 3
        assert [str(w.message) for w in seen] == [said.format("have no prediction")]
        assert seen[0].filename == __file__
    with pytest.warns(MissingWarning) as seen:
        assert found.evaluate(frame)["n"] == 186
    assert [str(w.message) for w in seen] == [said.format("are left out")]
    assert seen[0].filename == __file__
    # the target is no matter of prediction
    frame = pd.read_csv(BIRTHWT).astype({"low": float})
    frame.loc[5, "low"] = np.nan
    assert found.predict(frame).notna().all()
    with pytest.warns(MissingWarning, match=r"1 of 189 rows are left out: missing low \(1\)"):
        found.evaluate(frame)


def test_levels_taken_for_the_reference_are_warned_of():
    frame = pd.read_csv(BIRTHWT).assign(place=lambda f: np.where(f.age > 25, "town", "country"))
    found = sigmoide.logit("low ~ lwt + race + place", frame, unseen="reference")
    new = frame.copy()
    new.loc[[1, 2, 3], "race"] = "unheard of"
    new.loc[4, "place"] = "sea"
    for ask in (found.predict, found.evaluate):
        with pytest.warns(UnseenLevelWarning) as seen:
            ask(new)
        assert [str(w.message) for w in seen] == [
            "race: levels that the fit did not see taken for the reference: 3",
            "place: levels that the fit did not see taken for the reference: 1",
        ]
        assert {w.filename for w in seen} == {__file__}
    as_reference = new.replace({"race": {"unheard of": "black"}, "place": {"sea": "country"}})
    expected = found.predict(as_reference)  # of which nothing is said
    with pytest.warns(UnseenLevelWarning):
        assert found.predict(new).equals(expected)
    # both at once, each by its own class, and both under one
    new.loc[8, "lwt"] = np.nan
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        found.predict(new)
    assert [w.category for w in seen] == [MissingWarning, UnseenLevelWarning, UnseenLevelWarning]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found.predict(new)


def test_nothing_is_warned_of_where_nothing_is_lost(found):
    """Every warning is an error here."""
    frame = pd.read_csv(BIRTHWT)
    assert found.predict(frame).notna().all()
    assert found.evaluate(frame)["n"] == 189
    # rows of weight 0 were meant to be left out
    counts = np.arange(189) % 2
    weighted = sigmoide.logit("low ~ age", frame.assign(n=counts), frequency="n")
    assert weighted.evaluate(frame.assign(n=counts))["n"] == counts.sum()
    # what carries its account with it says nothing by itself
    rows = found.scored(with_gaps())
    assert rows.account.rows == 189
    assert rows.account.lost == {"missing age": 1, "missing race": 1, "missing age, race": 1}
    assert rows.account.replaced == {}
    assert found.predicted(with_gaps()).account == rows.account
    found.verify(with_gaps())


def test_a_missing_offset_is_a_reason(found):
    frame = pd.read_csv(BIRTHWT).assign(o=0.5)
    with_offset = sigmoide.logit("low ~ age + lwt", frame, offset="o")
    frame.loc[[0, 7], "o"] = np.nan
    frame = frame.astype({"age": float})
    frame.loc[7, "age"] = np.nan
    with pytest.warns(MissingWarning, match=r"missing o \(1\), missing o, age \(1\)"):
        assert with_offset.predict(frame).isna().sum() == 2
    shift = np.zeros(189)
    shift[3] = np.nan
    with pytest.warns(MissingWarning, match=r"missing offset \(1\)"):
        found.predict(pd.read_csv(BIRTHWT), offset=shift)


def test_what_was_scored_may_be_evaluated(found):
    rows = found.scored(BIRTHWT)
    assert found.evaluate(rows) == found.evaluate(BIRTHWT)
    assert found.evaluate(rows, threshold=0.3) == found.evaluate(BIRTHWT, threshold=0.3)
    with pytest.warns(MissingWarning, match="3 of 189 rows are left out"):
        found.evaluate(found.scored(with_gaps()))
    with pytest.raises(UsageError, match="scored already and have theirs"):
        found.evaluate(rows, weights=np.ones(189))


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, "1", None, 1j])
def test_a_penalty_is_a_finite_number(value):
    """The fit and the proof refuse the same, in the same words."""
    data = {"x": [1.0, 2.0, 3.0, 4.0], "y": [0, 1, 0, 1]}
    message = re.escape(f"l2={value!r} was given; it is a finite number, zero or more.")
    with pytest.raises(UsageError, match=message):
        sigmoide.logit("y ~ x", data, l2=value)
    with pytest.raises(UsageError, match=message):
        sigmoide.certify([0.1], 0.0, {"x": data["x"]}, data["y"], l2=value)
    for tol in (value, 0.0):
        message = re.escape(f"tol={tol!r} was given; it is a finite number, above zero.")
        with pytest.raises(UsageError, match=message):
            sigmoide.logit("y ~ x", data, tol=tol)


@given(st.floats(5e-324, 1e300))
def test_a_bound_is_never_written_smaller_than_it_is(value):
    shown = Fraction(upwards(value))
    assert Fraction(repr(value)) <= shown
    assert shown <= 2 * Fraction(repr(value))
    assert len(upwards(value).split("e")[0].replace(".", "").strip("0")) == 1


def test_bounds_that_are_one_digit_already_stay_it():
    assert upwards(1e-9) == "1e-09"
    assert upwards(0.0) == "0"
    assert upwards(float("inf")) == "inf"
    assert upwards(9.5e-7) == "1e-06"
