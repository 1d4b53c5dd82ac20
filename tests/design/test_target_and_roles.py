"""The target: which value is modelled is said, or asked for, and never silent."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import sigmoide
from sigmoide.cli import main
from sigmoide.columns.words import number_word
from sigmoide.errors import SigmoideWarning, TargetError, UsageError

N = 300


def truth() -> tuple[np.ndarray, np.ndarray]:
    """Return x and a boolean y that rises with it: the slope of the event True is positive."""
    rng = np.random.default_rng(6)
    x = rng.normal(size=N)
    return x, rng.random(N) < 1 / (1 + np.exp(-0.5 * x))


X, Y = truth()
EXPECTED = sigmoide.logit("y ~ x", {"y": Y, "x": X})

SAME_SIGN = {
    "bool": Y,
    "0/1": Y.astype(int),
    "0/1 float": Y.astype(float),
    "-1/1": np.where(Y, 1, -1),
    "no/yes": np.where(Y, "yes", "no"),
    "0/1 text": np.where(Y, "1", "0"),
    "-1/1 text": np.where(Y, "1", "-1"),
    "category": pd.Categorical(np.where(Y, "yes", "no")),
    "ordered": pd.Categorical(np.where(Y, "good", "poor"), ["poor", "good"], ordered=True),
    "ordered 1/2": pd.Categorical(np.where(Y, 2, 1), [1, 2], ordered=True),
    "category 1/2": pd.Categorical(np.where(Y, 2, 1)),
    "nullable": pd.array(Y, "boolean"),
}


@pytest.mark.parametrize("coding", SAME_SIGN)
def test_m6_the_same_sign_for_every_coding(coding, tmp_path):
    frame = pd.DataFrame({"y": SAME_SIGN[coding], "x": X})
    found = sigmoide.logit("y ~ x", frame)
    np.testing.assert_array_equal(found.params, EXPECTED.params)
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    if "1/2" not in coding and coding != "ordered":  # in a text file 1 and 2 are numbers
        np.testing.assert_array_equal(sigmoide.logit("y ~ x", path).params, EXPECTED.params)
    assert f"y = {found.event} (" in str(found.summary())


@pytest.mark.parametrize("values", [(1, 2), (0, 2), (-1, 0), (1.5, 2.5), (0, 1e9), (10, 9)])
def test_m6_any_other_two_numbers_are_refused_until_told(values, tmp_path):
    low, high = sorted(values)
    frame = pd.DataFrame({"y": np.where(Y, high, low), "x": X})
    path = tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    for data in (frame, path):
        with pytest.raises(TargetError, match=r"not a thing to guess\. Say event="):
            sigmoide.logit("y ~ x", data)
        np.testing.assert_array_equal(
            sigmoide.logit("y ~ x", data, event=high).params, EXPECTED.params
        )
        np.testing.assert_allclose(
            sigmoide.logit("y ~ x", data, event=str(low)).params, -EXPECTED.params, rtol=1e-9
        )
    done = CliRunner().invoke(main, ["fit", str(path), "--target", "y"])
    assert done.exit_code == 3
    assert f"--event {number_word(high)}" in done.stderr
    done = CliRunner().invoke(main, ["fit", str(path), "--target", "y", "--event", str(high)])
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("coding", "event", "word"),
    [
        ("bool", True, "True"),
        ("bool", "true", "True"),
        ("bool", 1, "True"),
        ("bool", 1.0, "True"),
        ("bool", np.bool_(True), "True"),
        ("0/1", 1, "1"),
        ("0/1", "1", "1"),
        ("0/1", "1.0", "1"),
        ("0/1", 1.0, "1"),
        ("0/1", True, "1"),
        ("0/1", np.int8(1), "1"),
        ("0/1", np.float32(1), "1"),
        ("0/1", " 1 ", "1"),
        ("-1/1", 1, "1"),
        ("-1/1", "+1", "1"),
        ("no/yes", "yes", "yes"),
        ("0/1 text", 1, "1"),
        ("ordered", "good", "good"),
        ("category", np.str_("yes"), "yes"),
    ],
)
def test_an_event_of_any_type(coding, event, word):
    found = sigmoide.logit("y ~ x", {"y": SAME_SIGN[coding], "x": X}, event=event)
    assert found.event == word
    np.testing.assert_array_equal(found.params, EXPECTED.params)
    assert not found.model.notes  # it was chosen, so there is nothing to tell


@pytest.mark.parametrize(
    ("coding", "event"),
    [
        ("bool", "yes"),
        ("bool", 2),
        ("0/1", "yes"),
        ("0/1", 2),
        ("0/1", float("nan")),
        ("0/1", float("inf")),
        ("0/1", 10**400),
        ("0/1", ["1"]),
        ("-1/1", True),
        ("no/yes", "Yes"),
        ("no/yes", 1),
    ],
)
def test_a_wrong_event_is_named(coding, event):
    with pytest.raises(TargetError, match=r"has the values '.+', '.+'; the event .* is none"):
        sigmoide.logit("y ~ x", {"y": SAME_SIGN[coding], "x": X}, event=event)


def test_the_second_of_two_texts_is_told():
    found = sigmoide.logit("y ~ x", {"y": SAME_SIGN["no/yes"], "x": X})
    assert found.model.notes == (
        "the event is 'yes', the second level of 'y' in sorted order; event='no' would model the "
        "other",
    )
    assert found.model.notes[0] in " ".join(str(found.summary()).split())
    other = sigmoide.logit("y ~ x", {"y": SAME_SIGN["no/yes"], "x": X}, event="no")
    np.testing.assert_allclose(other.params, -found.params, rtol=1e-9)
    assert not sigmoide.logit("y ~ x", {"y": Y, "x": X}).model.notes


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), names=st.sampled_from([(0, 1), ("a", "b"), (3, 7), (-1, 1)]))
def test_swapping_the_event_flips_the_signs(seed, names):
    import warnings

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(40, 2)), columns=["u", "v"])
    frame["y"] = [names[0], names[1]] * 20
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        one, two = (sigmoide.logit("y ~ u + v", frame, event=event) for event in names)
    np.testing.assert_allclose(one.params, -two.params, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(one.llf, two.llf, rtol=1e-12)
    np.testing.assert_allclose(one.predict(frame), 1 - two.predict(frame), atol=1e-12)


def test_one_class_and_three(tmp_path):
    path = tmp_path / "f.csv"
    for words, message in (
        (["1", "1", "1"], r"f.csv: the target 'y' is constant: every row holds '1'"),
        (["a", "a", "a"], r"is constant: every row holds 'a'"),
        (["0", "1", "2"], r"3 different values: '0', '1', '2' \('2' is met at line 4\)"),
        (["a", "c", "b"], r"3 different values: 'a', 'b', 'c' \('c' is met at line 3\)"),
        (["0", "1", "1.5"], r"3 different values: '0', '1', '1.5'"),
        (["yes", "no", "Yes"], r"3 different values: 'Yes', 'no', 'yes'"),
    ):
        path.write_text("y,x\n" + "".join(f"{w},{k}\n" for k, w in enumerate(words)))
        with pytest.raises(TargetError, match=message) as caught:
            sigmoide.logit("y ~ x", path)
        assert "Two classes are needed" in str(caught.value)
        with pytest.raises(TargetError, match=message):
            sigmoide.logit("y ~ x", path, event=words[0])
    # one class in the rows that are used, though not in the file
    path.write_text("y,x\n1,1\n1,2\n0,\n1,4\n")
    with pytest.raises(TargetError, match="each of the 3 rows used holds '1'"):
        sigmoide.logit("y ~ x", path)
    # three values in the file, two in the rows that are used
    path.write_text("y,x\n1,1\n0,2\n2,\n0,3\n1,4\n0,1\n")
    assert sigmoide.logit("y ~ x", path).nobs == 5


def test_a_continuous_target_is_refused():
    with pytest.raises(TargetError, match=r"300 different values: .*\(300 in all\)"):
        sigmoide.logit("y ~ x", {"y": X, "x": X * 2 + Y})


def test_another_value_when_the_model_is_judged(tmp_path):
    found = sigmoide.logit("y ~ x", {"y": SAME_SIGN["no/yes"], "x": X})
    path = tmp_path / "new.csv"
    path.write_text("y,x\nyes,1\nno,2\n,3\nmaybe,3\n")
    for ask in (found.evaluate, found.verify):
        with pytest.raises(
            TargetError, match=r"new.csv, line 5: the target 'y' holds 'maybe'.*'no' and 'yes'"
        ):
            ask(path)
    assert len(found.predict(path)) == 4
    path.write_text("y,x\nyes,1\nyes,2\n")
    assert found.evaluate(path)["n"] == 2
    assert np.isnan(found.evaluate(path)["auc"])


def test_the_target_among_its_columns():
    for formula in ("y ~ x + y", "y ~ y", "y ~ C(y)"):
        with pytest.raises(UsageError, match="explain itself"):
            sigmoide.logit(formula, {"y": Y, "x": X})
    with pytest.raises(UsageError, match=r"'x' is asked for twice.*C\(x\)"):
        sigmoide.logit("y ~ x + C(x)", {"y": Y, "x": X})
    with pytest.raises(UsageError, match="nothing is left to estimate"):
        sigmoide.logit("y ~ 0", {"y": Y, "x": X})


def test_the_target_and_its_event_are_in_the_file(tmp_path):
    path = tmp_path / "m.json"
    for coding, event in (("no/yes", None), ("ordered", "poor"), ("bool", None), ("-1/1", -1)):
        found = sigmoide.logit("y ~ x", {"y": SAME_SIGN[coding], "x": X}, event=event)
        found.save(path)
        again = sigmoide.read_model(path)
        assert (again.event, again.model.target.other) == (found.event, found.model.target.other)
        data = {"y": SAME_SIGN[coding], "x": X}
        assert again.evaluate(data) == found.evaluate(data)


def test_frequency_weights_and_offset_are_no_columns_of_the_model():
    data = {"y": Y, "x": X, "f": np.ones(N), "o": np.zeros(N)}
    found = sigmoide.logit("y ~ .", data, frequency="f", offset="o")
    assert found.params.index.tolist() == ["Intercept", "x"]
    data["o"] = np.arange(N) % 7
    found = sigmoide.logit("y ~ .", data, weights="f")
    assert found.params.index.tolist() == ["Intercept", "x", "o"]


def test_an_offset_reproduces_a_fixed_coefficient():
    rng = np.random.default_rng(0)
    z = rng.normal(size=N)
    full = sigmoide.logit("y ~ x + z", {"y": Y, "x": X, "z": z})
    fixed = sigmoide.logit("y ~ z", {"y": Y, "z": z, "o": full.params["x"] * X}, offset="o")
    np.testing.assert_allclose(fixed.params, full.params[["Intercept", "z"]], rtol=1e-7)
    assert "offset        o" in str(fixed.summary())
