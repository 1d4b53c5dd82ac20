"""What is not there: missing values, unseen levels, weights; policies, and the account of rows."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.cli import main
from sigmoide.errors import (
    ColumnError,
    DataError,
    MissingWarning,
    TargetError,
    UnseenLevelWarning,
    UsageError,
    WeightError,
)


def table(n: int = 150, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=n).round(3),
            "z": rng.normal(size=n).round(3),
            "g": rng.choice(["a", "b", "c"], n),
        }
    )
    eta = 0.5 * frame.x - 0.3 * frame.z + 0.4 * (frame.g == "b")
    frame.insert(0, "y", (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int))
    return frame


def with_gaps() -> pd.DataFrame:
    frame = table().astype({"y": float})
    frame.loc[range(20), "x"] = np.nan
    frame.loc[range(16, 40), "g"] = None
    frame.loc[range(39, 60), "z"] = np.nan
    frame.loc[[18, 59, 70, 71], "y"] = np.nan
    return frame


def run(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in arguments])


# Dropped, and counted


def test_m8_130_of_150_rows_are_said(tmp_path):
    frame = table()
    frame.loc[range(20), "x"] = np.nan
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    found = sigmoide.logit("y ~ x + z + g", frame)
    assert found.nobs == 130
    assert found.dropped == {"missing x": 20}
    for text in (str(found.summary()), run("fit", path, "--target", "y").stdout):
        assert "rows used     130 of 150" in text
        assert "rows dropped  20: missing x (20)" in text


def test_rows_are_counted_by_reason_and_the_counts_add_up():
    frame = with_gaps()
    found = sigmoide.logit("y ~ x + z + g", frame)
    assert found.dropped == {
        "missing z": 19,
        "missing g": 19,
        "missing x": 16,
        "missing x, g": 3,
        "missing y": 2,
        "missing z, g": 1,
        "missing y, x, g": 1,
        "missing y, z": 1,
    }
    assert sum(found.dropped.values()) + found.nobs == found.model.source_rows == 150
    assert found.nobs == len(frame.dropna())
    kept = sigmoide.logit("y ~ x + z + g", frame.dropna())
    np.testing.assert_allclose(found.params, kept.params, rtol=1e-9)


def test_a_row_of_weight_zero_is_counted_as_that():
    frame = with_gaps().assign(w=1.0)
    frame.loc[[0, 50, 51], "w"] = 0.0
    found = sigmoide.logit("y ~ x + z + g", frame, weights="w")
    assert found.dropped["weight 0"] == 3
    assert found.dropped["missing x"] == 15
    assert sum(found.dropped.values()) + found.nobs == 150


def test_a_missing_offset_drops_the_row_under_its_name():
    frame = table().assign(shift=0.1)
    frame.loc[[3, 4], "shift"] = np.nan
    assert sigmoide.logit("y ~ x", frame, offset="shift").dropped == {"missing shift": 2}
    given = frame["shift"].to_numpy()
    found = sigmoide.logit("y ~ x", frame, offset=given)
    assert sum(found.dropped.values()) == 2


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_account_always_adds_up(seed):
    rng = np.random.default_rng(seed)
    frame = table(60, seed)
    for name in frame:
        column = frame[name].astype(float) if name == "y" else frame[name]
        frame[name] = column.mask(rng.random(60) < 0.1)
    frame["w"] = rng.integers(0, 3, 60)
    try:
        found = sigmoide.logit("y ~ x + z + g", frame, weights="w", l2=1.0)
    except DataError:
        return
    assert sum(found.dropped.values()) + found.nobs == 60
    assert found.dropped.get("weight 0", 0) == (frame.w == 0).sum()
    assert all(count > 0 for count in found.dropped.values())


def test_many_patterns_of_gaps_are_summed_up():
    rng = np.random.default_rng(1)
    n, d = 3000, 8
    X = rng.normal(size=(n, d))
    X[rng.random((n, d)) < 0.2] = np.nan
    frame = pd.DataFrame(X, columns=[f"x{j}" for j in range(d)]).assign(y=rng.integers(0, 2, n))
    found = sigmoide.logit("y ~ .", frame)
    assert "missing several columns" in found.dropped
    assert len(found.dropped) <= d + 1
    assert sum(found.dropped.values()) + found.nobs == n


def test_only_rows_that_are_used_teach_levels():
    """A level met only where the target is missing is no level, and no reason to fail."""
    frame = table().astype({"y": float})
    frame.loc[5, ["y", "g"]] = [np.nan, "only here"]
    frame.loc[6, ["x", "g"]] = [np.nan, "or here"]
    frame["w"] = 1
    frame.loc[7, ["w", "g"]] = [0, "and here"]
    found = sigmoide.logit("y ~ x + g", frame, weights="w")
    assert found.params.index.tolist() == ["Intercept", "x", "g[T.b]", "g[T.c]"]
    assert found.dropped == {"missing x": 1, "missing y": 1, "weight 0": 1}
    assert found.verify(frame).proved
    with pytest.warns(MissingWarning, match=r"missing x \(1\), missing y \(1\), weight 0 \(1\)"):
        assert found.evaluate(frame)["n"] == 147
    # a third value of the target, too
    frame.loc[[6, 7], "y"] = 2.0
    again = sigmoide.logit("y ~ x + g", frame, weights="w")
    assert again.verify(frame).proved
    np.testing.assert_array_equal(again.params, found.params)


# Refused


def test_under_error_the_first_gap_is_named(tmp_path):
    path = tmp_path / "f.csv"
    with_gaps().to_csv(path, index=False)
    for formula, place, count in (
        ("y ~ x", "'y' has no value", "4 such rows"),
        ("y ~ g", "'y' has no value", "4 such rows"),
    ):
        with pytest.raises(DataError, match=r"f\.csv, line 20") as caught:
            sigmoide.logit(formula, path, missing="error")
        assert place in str(caught.value)
        assert count in str(caught.value)
    path.write_text(path.read_text().replace("\n,", "\n1,"))
    with pytest.raises(DataError, match=r"f.csv, line 2: 'x' has no value.*20 such rows.*drop"):
        sigmoide.logit("y ~ x", path, missing="error")
    with pytest.raises(DataError, match=r"f.csv, line 18: 'g' has no value.*24 such rows"):
        sigmoide.logit("y ~ g", path, missing="error")
    done = run("fit", path, "--target", "y", "--missing", "error")
    assert done.exit_code == 3
    assert "f.csv, line 2: 'x' has no value" in done.stderr


def test_under_error_a_gap_at_prediction_is_refused_too():
    frame = table()
    found = sigmoide.logit("y ~ x + g", frame, missing="error")
    for name in ("x", "g"):
        new = frame.copy()
        new.loc[[4, 9], name] = None
        for ask in (found.predict, found.evaluate, found.verify):
            with pytest.raises(DataError, match=rf"row 4 .*'{name}' has no value.*2 such rows"):
                ask(new)
    gone = frame.astype({"y": float})
    gone.loc[4, "y"] = np.nan
    assert found.predict(gone).notna().all()  # the target is no matter of prediction
    with pytest.raises(DataError, match="'y' has no value"):
        found.evaluate(gone)


# Mean and indicator


def test_the_mean_stands_in_and_a_column_says_so():
    frame = with_gaps()
    found = sigmoide.logit("y ~ x + z + g", frame, missing="indicator")
    assert found.params.index.tolist() == [
        "Intercept",
        "x",
        "x[missing]",
        "z",
        "z[missing]",
        "g[T.b]",
        "g[T.c]",
        "g[missing]",
    ]
    assert found.dropped == {"missing y": 4}
    used = frame[frame.y.notna()]
    by_hand = pd.DataFrame(
        {
            "y": used.y,
            "x": used.x.fillna(used.x.mean()),
            "xm": used.x.isna(),
            "z": used.z.fillna(used.z.mean()),
            "zm": used.z.isna(),
            "b": used.g == "b",
            "c": used.g == "c",
            "gm": used.g.isna(),
        }
    ).astype(float)
    expected = sigmoide.logit("y ~ x + xm + z + zm + b + c + gm", by_hand)
    np.testing.assert_allclose(found.params, expected.params, rtol=1e-8)
    assert "filled in     x, z, g" in str(found.summary())
    np.testing.assert_allclose(found.predict(used), expected.predict(by_hand), rtol=1e-9)
    # one row alone gets the mean of the fit, not its own
    assert found.predict(used.iloc[[0]]).iloc[0] == found.predict(used).iloc[0]
    assert found.verify(frame).proved


def test_the_mean_is_weighted_and_keeps_its_digits():
    stamps = 1.7e9 + np.array([1.0, 2, 3, 4, np.nan, 6, 7, 8])
    frame = pd.DataFrame(
        {"y": [0, 1, 0, 1, 0, 1, 0, 0], "t": stamps, "w": [1, 2, 1, 1, 1, 1, 1, 1]}
    )
    fill = sigmoide.logit("y ~ t", frame, weights="w", missing="indicator", l2=1.0)
    assert fill.model.design.codings[0].fill == pytest.approx(1.7e9 + 33 / 8, abs=1e-6)


def test_what_was_never_missing_at_the_fit_cannot_be_filled_in_later():
    frame = table()
    found = sigmoide.logit("y ~ x + g", frame, missing="indicator")
    assert found.params.index.tolist() == ["Intercept", "x", "g[T.b]", "g[T.c]"]
    new = frame.copy()
    new.loc[0, "x"] = np.nan
    new.loc[1, "g"] = None
    with pytest.warns(MissingWarning, match=r"2 of 150 rows .* missing g \(1\), missing x \(1\)"):
        assert found.predict(new).isna().tolist() == [True, True] + [False] * 148


# Unseen levels


def unseen_table() -> pd.DataFrame:
    frame = table(30, 3)
    frame.loc[[3, 8], "g"] = "new"
    return frame


def test_an_unseen_level_is_refused_with_its_place(tmp_path):
    path, model = tmp_path / "new.csv", tmp_path / "m.json"
    unseen_table().to_csv(path, index=False)
    found = sigmoide.logit("y ~ x + g", table())
    found.save(model)
    message = r"new.csv, line 5: column 'g' holds 'new', .*'a', 'b', 'c' \(2 such rows\)"
    for ask in (found.predict, found.evaluate, found.verify):
        with pytest.raises(ColumnError, match=message):
            ask(path)
    for command in ("predict", "evaluate", "verify"):
        done = run(command, model, path)
        assert done.exit_code == 3
        assert not done.stdout
        assert "line 5: column 'g' holds 'new'" in done.stderr
        assert "unseen='reference'" in done.stderr


def test_an_unseen_level_may_be_the_reference(tmp_path):
    path, model = tmp_path / "new.csv", tmp_path / "m.json"
    new = unseen_table()
    new.to_csv(path, index=False)
    found = sigmoide.logit("y ~ x + C(g, ref='b')", table(), unseen="reference")
    found.save(model)
    as_reference = new.replace({"g": {"new": "b"}})
    said = "g: levels that the fit did not see taken for the reference: 2"
    with pytest.warns(UnseenLevelWarning, match=said):
        np.testing.assert_array_equal(found.predict(new), found.predict(as_reference))
    with pytest.warns(UnseenLevelWarning, match=said):
        assert found.evaluate(new) == found.evaluate(as_reference)
    for command in ("predict", "evaluate"):
        done = run(command, model, path)
        assert done.exit_code == 0
        assert done.stderr.splitlines() == [said]


def test_an_unseen_level_may_be_missing(tmp_path):
    path, model = tmp_path / "new.csv", tmp_path / "m.json"
    new = unseen_table()
    new.loc[10, "x"] = np.nan
    new.to_csv(path, index=False)
    found = sigmoide.logit("y ~ x + g", table(), unseen="missing")
    found.save(model)
    reasons = "missing g (unseen level) (2), missing x (1)"
    with pytest.warns(MissingWarning, match=re.escape(f"have no prediction: {reasons}")):
        gone = found.predict(new).isna()
    assert gone[gone].index.tolist() == [3, 8, 10]
    with pytest.warns(MissingWarning, match=re.escape(f"are left out: {reasons}")):
        assert found.evaluate(new)["n"] == 27
    done = run("predict", model, path)
    assert done.stderr.splitlines() == [f"3 of 30 rows have no prediction: {reasons}"]
    # the way CSV writes an empty value of one column, which an empty line is not
    assert done.stdout.splitlines()[4] == '""'
    done = run("evaluate", model, path)
    assert done.stderr.splitlines() == [f"3 of 30 rows are left out: {reasons}"]
    assert "observations           27" in done.stdout


def test_missing_and_unseen_policies_together():
    frame, new = with_gaps(), unseen_table()
    filled = sigmoide.logit("y ~ x + g", frame, missing="indicator", unseen="missing")
    as_missing = new.assign(g=new.g.replace("new", None))
    np.testing.assert_array_equal(filled.predict(new), filled.predict(as_missing))
    assert filled.predict(new).notna().all()
    strict = sigmoide.logit("y ~ x + g", table(), missing="error", unseen="missing")
    with pytest.raises(ColumnError, match="'new', which was not among the levels"):
        strict.predict(new)


def test_numbers_as_levels_may_be_unseen_too():
    frame = table().assign(rank=lambda f: np.arange(150) % 3 + 1)
    found = sigmoide.logit("y ~ C(rank)", frame)
    assert found.params.index.tolist() == ["Intercept", "C(rank)[T.2]", "C(rank)[T.3]"]
    with pytest.raises(ColumnError, match=r"holds '4', .* '1', '2', '3'"):
        found.predict(frame.assign(rank=4))
    np.testing.assert_array_equal(
        found.predict(frame.assign(rank=frame["rank"].astype(float))), found.predict(frame)
    )


# Other types at prediction


def test_a_column_of_another_type_names_the_first_value(tmp_path):
    frame = table().assign(flag=lambda f: f.x > 0)
    found = sigmoide.logit("y ~ x + g + flag", frame)
    path = tmp_path / "new.csv"
    new = frame.astype({"x": object})
    new.loc[[7, 9], "x"] = ["many", "more"]
    new.to_csv(path, index=False)
    with pytest.raises(ColumnError, match=r"new.csv, line 9: column 'x' held numbers .* 'many'"):
        found.predict(path)
    path.write_text(frame.to_csv(index=False, decimal=","))
    with pytest.raises(ColumnError, match=r"line 2: column 'x' .*--decimal ,"):
        found.predict(path)
    frame.assign(flag=frame.flag.astype(int)).to_csv(path, index=False)
    np.testing.assert_array_equal(found.predict(path), found.predict(frame))
    frame.assign(flag=2).to_csv(path, index=False)
    with pytest.raises(ColumnError, match=r"line 2: column 'flag' held booleans .* holds 2 "):
        found.predict(path)
    frame.assign(g=7).to_csv(path, index=False)
    with pytest.raises(ColumnError, match=r"line 2: column 'g' holds '7', .*'a', 'b', 'c'"):
        found.predict(path)
    with pytest.raises(ColumnError, match=r"there is no column 'g'"):
        found.predict(frame.drop(columns="g"))


def test_a_column_of_nothing_fits_every_type(tmp_path):
    frame = table().assign(flag=lambda f: f.x > 0)
    found = sigmoide.logit("y ~ x + g + flag", frame)
    path = tmp_path / "new.csv"
    for name in ("x", "g", "flag"):
        for data in (frame.assign(**{name: None}), frame.assign(**{name: np.nan})):
            with pytest.warns(MissingWarning, match="150 of 150 rows"):
                assert found.predict(data).isna().all()
        frame.assign(**{name: np.nan}).to_csv(path, index=False)
        with pytest.warns(MissingWarning, match="150 of 150 rows"):
            assert found.predict(path).isna().all()
        with pytest.raises(DataError, match=rf"no row has all .*missing {name} \(150\)"):
            found.evaluate(path)


# Weights and frequencies


def test_a_frequency_is_repetition_and_a_weight_is_not():
    frame = table(60).assign(f=lambda t: np.arange(60) % 4)
    counted = sigmoide.logit("y ~ x + g", frame, frequency="f")
    weighted = sigmoide.logit("y ~ x + g", frame, weights="f")
    repeated = sigmoide.logit("y ~ x + g", frame.loc[frame.index.repeat(frame.f)])
    np.testing.assert_allclose(counted.params, repeated.params, rtol=1e-9)
    np.testing.assert_allclose(counted.bse, repeated.bse, rtol=1e-9)
    assert counted.nobs == repeated.nobs == frame.f.sum()
    assert counted.bic == pytest.approx(repeated.bic)
    assert weighted.nobs == (frame.f > 0).sum()
    assert weighted.llf == pytest.approx(counted.llf)
    assert counted.dropped == weighted.dropped == {"weight 0": 15}
    assert "90 observations by f" in str(counted.summary())
    assert "weighted by f (sum 90)" in str(weighted.summary())
    for by_array in (frame.f, frame.f.to_numpy(), frame.f.tolist()):
        same = sigmoide.logit("y ~ x + g", frame, frequency=by_array)
        np.testing.assert_array_equal(same.params, counted.params)


@pytest.mark.parametrize("role", ["weights", "frequency"])
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({2: -1.0}, ["negative: -1", "row 2", "only such row", "0 to leave"]),
        ({3: np.nan, 4: np.nan}, ["missing", "row 3", "2 such rows"]),
        ({1: np.inf}, ["inf", "row 1"]),
        (dict.fromkeys(range(60), 0.0), ["every row is zero"]),
    ],
)
def test_bad_weights(role, values, words, tmp_path):
    frame = table(60).assign(w=1.0)
    for row, value in values.items():
        frame.loc[row, "w"] = value
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    for data, name in ((frame, "w"), (path, "w")):
        with pytest.raises((WeightError, ColumnError)) as caught:
            sigmoide.logit("y ~ x", data, **{role: name})
        message = str(caught.value)
        assert "'w'" in message
        for word in words:
            if data is frame or not word.startswith("row "):
                assert word in message
            else:
                assert f"f.csv, line {int(word.split()[1]) + 2}" in message
    with pytest.raises(WeightError) as caught:
        sigmoide.logit("y ~ x", frame, **{role: frame.w.to_numpy()})
    assert " given " in str(caught.value)
    done = run("fit", path, "--target", "y", f"--{role}", "w")
    assert done.exit_code == 3
    assert "f.csv" in done.stderr


def test_other_bad_weights(tmp_path):
    frame = table(60).assign(w=1.0, word="a", code="b")
    frame.loc[5, "w"] = 2.5
    with pytest.raises(WeightError, match=r"row 5 .*the frequency 'w' is 2.5.*give it as weights"):
        sigmoide.logit("y ~ x", frame, frequency="w")
    assert sigmoide.logit("y ~ x", frame, weights="w").nobs == 60
    with pytest.raises(UsageError, match="both given"):
        sigmoide.logit("y ~ x", frame, frequency="w", weights="w")
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    for role in ("frequency", "weights", "offset"):
        with pytest.raises(WeightError, match=rf"line 2: column 'word' is to be the {role} .* 'a'"):
            sigmoide.logit("y ~ x", path, **{role: "word"})
        with pytest.raises(ColumnError, match="no column 'v'"):
            sigmoide.logit("y ~ x", path, **{role: "v"})
        with pytest.raises(WeightError, match=r"shape \(3,\); the data have 60 rows"):
            sigmoide.logit("y ~ x", path, **{role: [1, 2, 3]})
        with pytest.raises(WeightError, match="not an array of numbers"):
            sigmoide.logit("y ~ x", path, **{role: ["a"] * 60})
    done = run("fit", path, "--target", "y", "--weights", "w", "--frequency", "w")
    assert done.exit_code == 2


def test_arrays_given_at_the_fit_are_needed_again():
    frame = table(60)
    w = np.arange(60) % 3
    found = sigmoide.logit("y ~ x", frame, frequency=w, offset=np.full(60, 0.1))
    with pytest.raises(UsageError, match=r"offset given as an array.*offset=\.\.\."):
        found.predict(frame)
    assert found.predict(frame, offset=np.full(60, 0.1)).notna().all()
    with pytest.raises(UsageError, match="frequency given as an array"):
        found.evaluate(frame, offset=np.full(60, 0.1))
    scores = found.evaluate(frame, frequency=w, offset=np.full(60, 0.1))
    assert scores["n"] == w.sum()


def test_nothing_is_left():
    frame = table(20)
    with pytest.raises(TargetError, match=r"the target 'y' has no value in any row"):
        sigmoide.logit("y ~ x", frame.assign(y=None))
    with pytest.raises(ColumnError, match=r"column 'x' has no values at all.*--exclude x"):
        sigmoide.logit("y ~ x", frame.assign(x=np.nan))
    with pytest.raises(DataError, match=r"the offset 'o' has no value"):
        sigmoide.logit("y ~ x", frame.assign(o=np.nan), offset="o")
    half = frame.assign(x=frame.x.where(np.arange(20) < 12), z=frame.z.where(np.arange(20) >= 12))
    with pytest.raises(DataError, match=r"every row misses .* 'z' \(12 of 20 rows\).*indicator"):
        sigmoide.logit("y ~ x + z", half)
    apart = frame.assign(o=frame.x.where(np.arange(20) < 12), y=frame.y.where(np.arange(20) >= 12))
    with pytest.raises(DataError, match="no row has both a target and an offset"):
        sigmoide.logit("y ~ z", apart, offset="o")


def test_policies_are_checked_by_name():
    for name, value in (("missing", "ignore"), ("unseen", "other"), ("aliased", "keep")):
        with pytest.raises(UsageError, match=f"{name}='{value}'"):
            sigmoide.logit("y ~ x", table(), **{name: value})


def test_a_model_file_keeps_the_policies(tmp_path):
    path = tmp_path / "m.json"
    for missing in ("drop", "error", "indicator"):
        for unseen in ("error", "reference", "missing"):
            sigmoide.logit("y ~ g", table(), missing=missing, unseen=unseen).save(path)
            held = json.loads(path.read_text())["schema"]
            assert (held["missing"], held["unseen"]) == (missing, unseen)
            policies = sigmoide.read_model(path).model.design.policies
            assert (policies.missing, policies.unseen) == (missing, unseen)
