"""``LogisticRegression``: scikit-learn's habits, names and meanings."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, make_classification
from sklearn.exceptions import ConvergenceWarning as SklearnConvergenceWarning
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression as Sklearn
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sigmoide import LogisticRegression, certify, logit
from sigmoide.errors import (
    AliasedWarning,
    ColumnError,
    NotProvedWarning,
    SeparationWarning,
    UsageError,
)


@parametrize_with_checks([LogisticRegression(), LogisticRegression(C=10.0, n_jobs=2)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def data():
    return make_classification(
        n_samples=400, n_features=8, n_informative=4, n_redundant=0, flip_y=0.2, random_state=0
    )


@pytest.mark.parametrize("C", [1e-3, 1.0, 100.0])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 1.0, 1: 3.0}])
def test_same_optimum_as_scikit_learn(data, C, fit_intercept, class_weight):
    X, y = data
    weight = np.random.default_rng(0).uniform(0.1, 3.0, size=len(y))
    arguments = {"C": C, "fit_intercept": fit_intercept, "class_weight": class_weight}
    ours = LogisticRegression(**arguments, tol=1e-10).fit(X, y, weight)
    theirs = Sklearn(**arguments, tol=1e-12, max_iter=10_000, solver="newton-cholesky")
    theirs.fit(X, y, weight)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-6)
    np.testing.assert_allclose(ours.predict_log_proba(X), theirs.predict_log_proba(X), rtol=1e-6)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))
    assert ours.score(X, y) == theirs.score(X, y)
    assert ours.certificate_.proved


def test_no_penalty_is_the_maximum_likelihood_of_logit(data):
    X, y = data
    ours = LogisticRegression(C=np.inf, tol=1e-10).fit(X, y)
    frame = pd.DataFrame(X, columns=[f"x{j}" for j in range(8)]).assign(y=y)
    params = logit("y ~ .", frame).params
    np.testing.assert_allclose(ours.coef_[0], params.iloc[1:], rtol=1e-8)
    np.testing.assert_allclose(ours.intercept_, params.iloc[:1], rtol=1e-8)
    old = LogisticRegression(penalty=None, tol=1e-10).fit(X, y)
    np.testing.assert_array_equal(old.coef_, ours.coef_)


def test_breast_cancer_unscaled_without_a_warning():
    """M4: the unscaled columns with which other solvers stop early, or warn."""
    X, y = load_breast_cancer(return_X_y=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ours = LogisticRegression().fit(X, y)
        scaled = LogisticRegression().fit(X * 1024.0, y)
    assert ours.certificate_.proved
    assert ours.certificate_.distance <= 1e-6
    again = certify(ours.coef_, ours.intercept_, X, y, l2=1.0)
    assert again.proved
    assert again.distance <= 1e-6
    assert scaled.certificate_.proved
    order = np.random.default_rng(0).permutation(len(y))
    other = LogisticRegression().fit(X[order], y[order])
    np.testing.assert_allclose(other.coef_, ours.coef_, rtol=1e-5, atol=1e-8)


def test_float32_is_kept_and_proved(data):
    X, y = data
    ours = LogisticRegression().fit(X.astype(np.float32), y)
    wide = LogisticRegression().fit(X.astype(np.float32).astype(np.float64), y)
    np.testing.assert_array_equal(ours.coef_, wide.coef_)


def test_attributes(data):
    X, y = data
    names = np.array(["no", "yes"])
    frame = pd.DataFrame(X, columns=[f"c{j}" for j in range(8)])
    ours = LogisticRegression().fit(frame, names[y])
    assert ours.classes_.tolist() == ["no", "yes"]
    assert ours.coef_.shape == (1, 8)
    assert ours.intercept_.shape == (1,)
    assert ours.n_iter_.shape == (1,)
    assert ours.n_iter_.dtype == np.int32
    assert ours.n_features_in_ == 8
    assert ours.feature_names_in_.tolist() == list(frame.columns)
    assert set(ours.predict(frame)) <= {"no", "yes"}
    np.testing.assert_allclose(ours.predict_proba(frame).sum(axis=1), 1.0, rtol=1e-15)
    with pytest.raises(NotFittedError):
        LogisticRegression().predict(X)


def test_pipelines_searches_and_clones(data):
    X, y = data
    search = GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression()),
        {"logisticregression__C": [0.01, 1.0, 100.0]},
        cv=3,
    ).fit(X, y)
    assert search.best_score_ > 0.6
    assert cross_val_score(clone(LogisticRegression(C=0.5)), X, y, cv=3).mean() > 0.6
    assert "C=0.5" in repr(LogisticRegression(C=0.5))


def test_written_coefficients_are_used(data):
    X, y = data
    ours = LogisticRegression().fit(X, y)
    before = ours.decision_function(X)
    ours.coef_ = 2 * ours.coef_
    ours.intercept_ = 2 * ours.intercept_
    np.testing.assert_allclose(ours.decision_function(X), 2 * before, rtol=1e-9, atol=1e-12)


def test_predictions_keep_their_digits_around_a_timestamp():
    rng = np.random.default_rng(0)
    t = 1.7e9 + rng.integers(0, 1000, size=500)
    y = (rng.random(500) < 1 / (1 + np.exp(-(t - 1.7e9 - 500) / 100))).astype(int)
    ours = LogisticRegression(C=np.inf).fit(t[:, None], y)
    moved = LogisticRegression(C=np.inf).fit(t[:, None] - 1.7e9, y)
    np.testing.assert_allclose(
        ours.predict_proba(t[:, None]), moved.predict_proba(t[:, None] - 1.7e9), rtol=1e-9
    )


REFUSED = {
    "l1_ratio": 0.5,
    "dual": True,
    "intercept_scaling": 2.0,
    "warm_start": True,
    "penalty": "l1",
    "solver": "liblinear",
    "C": -1.0,
    "tol": -1e-3,
    "max_iter": 1.5,
    "n_jobs": "two",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_available_is_refused_by_name(data, name):
    value = REFUSED[name]
    with pytest.raises(UsageError, match=f"{name}={value!r}"):
        LogisticRegression(**{name: value}).fit(*data)


@pytest.mark.parametrize("C", [0.0, np.nan, "1", True])
def test_impossible_penalties(data, C):
    with pytest.raises(UsageError, match="C="):
        LogisticRegression(C=C).fit(*data)


@pytest.mark.parametrize("solver", ["auto", "lbfgs", "newton-cg", "newton-cholesky", "sag", "saga"])
def test_every_solver_name_asks_for_the_same_optimum(data, solver):
    ours = LogisticRegression(solver=solver).fit(*data)
    np.testing.assert_array_equal(ours.coef_, LogisticRegression().fit(*data).coef_)


def test_three_classes_are_refused():
    X = np.arange(12.0)[:, None]
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        LogisticRegression().fit(X, np.arange(12) % 3)


def test_one_class_of_positive_weight_is_refused(data):
    X, y = data
    with pytest.raises(ValueError, match="only one class"):
        LogisticRegression().fit(X, y, sample_weight=y.astype(float))


def test_zero_weights_are_left_out(data):
    X, y = data
    weight = np.r_[np.zeros(100), np.ones(300)]
    np.testing.assert_array_equal(
        LogisticRegression(tol=1e-10).fit(X, y, weight).predict(X),
        LogisticRegression(tol=1e-10).fit(X[100:], y[100:]).predict(X),
    )


def test_separation_is_warned_of_and_a_penalty_ends_it():
    X = np.column_stack([np.arange(20.0), np.arange(20) >= 10])
    y = (np.arange(20) >= 10).astype(int)
    with pytest.warns(SeparationWarning, match="Infinite:"):
        ours = LogisticRegression(C=np.inf).fit(X, y)
    assert not ours.certificate_.proved
    assert not np.isfinite(ours.coef_).all()
    np.testing.assert_array_equal(ours.predict(X), y)
    assert LogisticRegression().fit(X, y).certificate_.proved


def test_aliased_columns_get_the_coefficient_zero(data):
    X, y = data
    doubled = np.column_stack([X, X[:, 0] + X[:, 1]])
    with pytest.warns(AliasedWarning, match="x8 = x0 \\+ x1"):
        ours = LogisticRegression(C=np.inf).fit(doubled, y)
    assert ours.coef_[0, 8] == 0.0
    np.testing.assert_allclose(
        ours.predict_proba(doubled), LogisticRegression(C=np.inf).fit(X, y).predict_proba(X)
    )


def test_too_few_steps_is_scikit_learns_warning_too(data):
    with pytest.warns(SklearnConvergenceWarning, match="not converged after 1 steps") as seen:
        LogisticRegression(max_iter=1).fit(*data)
    assert issubclass(seen[0].category, NotProvedWarning)


def test_verbose_prints_a_line_per_read(data, capsys):
    LogisticRegression(verbose=1).fit(*data)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("read 1: 400 rows, 8 columns")
    assert "proof: within" in lines[-1]


@pytest.mark.parametrize("n_jobs", [1, 2, -1, -100])
def test_n_jobs_changes_no_bit(data, n_jobs):
    ours = LogisticRegression(n_jobs=n_jobs).fit(*data)
    assert ours.coef_.tobytes() == LogisticRegression().fit(*data).coef_.tobytes()


def test_the_record_of_the_fit_is_there(data):
    ours = LogisticRegression().fit(*data)
    assert ours.fit_.status == "proved"
    assert ours.fit_.reads > 3
    assert json.dumps(ours.get_params())


# --- what is taken as it is, without scikit-learn's checks


@pytest.mark.parametrize("rows", [400, 40_000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("bad", "said"), [(np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")]
)
def test_what_is_not_finite_is_refused_as_scikit_learn_does(rows, dtype, bad, said):
    """The first read of the fit sees it; few rows in NumPy, many compiled."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, 30)).astype(dtype)
    y = (rng.random(rows) < 0.5).astype(int)
    for i in (0, rows // 2, rows - 1):
        broken = X.copy()
        broken[i, 17] = bad
        with pytest.raises(ValueError, match=f"Input X contains {said}"):
            LogisticRegression().fit(broken, y)
        weight = np.ones(rows)
        weight[i] = 0.0
        with pytest.raises(ValueError, match=f"Input X contains {said}"):
            LogisticRegression().fit(broken, y, sample_weight=weight)


def test_columns_whose_squares_are_no_floats_are_refused_in_our_words():
    X = np.random.default_rng(0).normal(size=(50, 3)) * [1.0, 1e200, 1.0]
    with pytest.raises(ColumnError, match="column 'x1' reaches"):
        LogisticRegression().fit(X, np.arange(50) % 2)


@pytest.mark.parametrize(
    "y",
    [
        np.arange(60) % 2,
        np.arange(60) % 2 == 1,
        (np.arange(60) % 2) * 7.0 - 3.0,
        (np.arange(60) % 2).astype(np.uint8),
        np.array(["b", "a"])[np.arange(60) % 2],
        np.array(["b", "a"], dtype=object)[np.arange(60) % 2],
        (np.arange(60) % 2).tolist(),
    ],
    ids=["int", "bool", "whole floats", "uint8", "text", "objects", "list"],
)
def test_the_classes_are_those_of_scikit_learn(y):
    X = np.random.default_rng(0).normal(size=(60, 3))
    ours, theirs = LogisticRegression().fit(X, y), Sklearn(tol=1e-10).fit(X, y)
    np.testing.assert_array_equal(ours.classes_, theirs.classes_)
    assert ours.classes_.dtype == theirs.classes_.dtype
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-5)


@pytest.mark.parametrize(
    ("y", "said"),
    [
        (np.arange(60) % 2 + 0.5, "Unknown label type"),
        (np.arange(60) % 3, "Only binary classification"),
        (np.zeros(60), "only one class"),
        (np.where(np.arange(60) == 5, np.nan, np.arange(60) % 2), "contains NaN"),
        (np.arange(59) % 2, "inconsistent numbers of samples"),
        (np.zeros((60, 2)), "should be a 1d array"),
    ],
)
def test_targets_that_are_no_two_classes_are_refused_as_before(y, said):
    with pytest.raises(ValueError, match=said):
        LogisticRegression().fit(np.random.default_rng(0).normal(size=(60, 3)), y)


def test_names_of_an_earlier_fit_are_forgotten(data):
    X, y = data
    frame = pd.DataFrame(X, columns=[f"c{j}" for j in range(8)])
    ours = LogisticRegression().fit(frame, y)
    assert hasattr(ours, "feature_names_in_")
    ours.fit(X[:, :5], y)
    assert not hasattr(ours, "feature_names_in_")
    assert ours.n_features_in_ == 5


def test_arrays_that_need_a_conversion_are_converted(data):
    X, y = data
    ours = LogisticRegression().fit(X, y)
    for other in (X.astype(">f8"), X.tolist(), np.asfortranarray(X)):
        np.testing.assert_allclose(LogisticRegression().fit(other, y).coef_, ours.coef_, rtol=1e-7)
    whole = np.round(4 * X)
    np.testing.assert_allclose(
        LogisticRegression().fit(whole.astype(int), y).coef_,
        LogisticRegression().fit(whole, y).coef_,
    )
