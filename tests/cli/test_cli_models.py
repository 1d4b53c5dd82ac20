"""``sigmoide predict``, ``evaluate`` and ``verify``: a model file put to data."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from sigmoide.errors import MissingWarning
from support.cli_run import refused, run
from support.cli_table import saved, table


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


# Predict


def test_predictions_are_exact(folder):
    found = saved(folder)
    expected = found.predict(folder / "data.csv").to_numpy()
    done = run("predict", folder / "m.json", folder / "data.csv")
    assert done.exit_code == 0
    assert done.stderr == ""
    shown = pd.read_csv(io.StringIO(done.stdout))
    assert shown.columns.tolist() == ["probability"]
    np.testing.assert_array_equal(shown["probability"], expected)
    out = folder / "p.csv"
    written = run("predict", folder / "m.json", folder / "data.csv", "--out", out)
    assert written.stdout == ""
    assert written.stderr == f"predictions written to {out}\n"
    assert out.read_text() == done.stdout


def test_intervals(folder):
    found = saved(folder)
    done = run("predict", folder / "m.json", folder / "data.csv", "--interval")
    shown = pd.read_csv(io.StringIO(done.stdout))
    assert shown.columns.tolist() == ["probability", "low", "high"]
    eta, se = (getattr(found.predicted(table()), name) for name in ("eta", "standard_error"))
    for name, sign in (("low", -1), ("high", 1)):
        expected = 1 / (1 + np.exp(-(eta + sign * 1.959963984540054 * se)))
        np.testing.assert_allclose(shown[name], expected, rtol=1e-12)
    assert (shown.low < shown.probability).all()
    assert (shown.probability < shown.high).all()


def test_no_interval_where_there_is_none(folder):
    saved(folder, "--l2", "1")
    done = run("predict", folder / "m.json", folder / "data.csv", "--interval")
    refused(done, 2, "the model is penalised", "Leave --interval out")
    saved(folder, columns="x,wall", code=4)
    done = run("predict", folder / "m.json", folder / "data.csv", "--interval")
    refused(done, 2, "the model is separated", "Leave --interval out")


def test_predictions_of_rows_with_gaps(folder):
    saved(folder, columns="x,gaps")
    done = run("predict", folder / "m.json", folder / "data.csv")
    gone = int(table().gaps.isna().sum())
    assert done.stderr == f"{gone} of 120 rows have no prediction: missing gaps ({gone})\n"
    shown = pd.read_csv(io.StringIO(done.stdout))["probability"]
    assert shown.isna().tolist() == table().gaps.isna().tolist()


def test_predictions_with_an_offset(folder):
    found = saved(folder, "--offset", "o")
    held = table().assign(o=table().o.where(table().index > 1))
    held.to_csv(folder / "new.csv", index=False)
    done = run("predict", folder / "m.json", folder / "new.csv")
    assert done.stderr == "2 of 120 rows have no prediction: missing o (2)\n"
    shown = pd.read_csv(io.StringIO(done.stdout))["probability"]
    with pytest.warns(MissingWarning, match="2 of 120 rows"):
        np.testing.assert_array_equal(shown, found.predict(held))
    held.drop(columns="o").to_csv(folder / "new.csv", index=False)
    refused(run("predict", folder / "m.json", folder / "new.csv"), 3, "no column 'o'")


# Evaluate


def test_scores(folder):
    found = saved(folder)
    data = folder / "data.csv"
    for threshold in (0.5, 0.3):
        options = () if threshold == 0.5 else ("--threshold", threshold)
        done = run("evaluate", folder / "m.json", data, "--json", *options)
        assert json.loads(done.stdout) == found.evaluate(data, threshold=threshold)
        text = run("evaluate", folder / "m.json", data, *options)
        assert text.exit_code == 0
        assert text.stderr == ""
        assert f"event said where p >= {threshold:g}" in text.stdout
        for word in ("log loss", "Brier score", "AUC", "accuracy", "calibration slope", "y = 1"):
            assert word in text.stdout
    for threshold in ("2", "-0.1", "nan"):
        done = run("evaluate", folder / "m.json", data, "--threshold", threshold)
        assert done.exit_code == 2
        assert done.stdout == ""


def test_scores_that_are_not_defined_are_null(folder):
    saved(folder)
    table().query("y == 1").to_csv(folder / "one.csv", index=False)
    done = run("evaluate", folder / "m.json", folder / "one.csv", "--json")
    held = json.loads(done.stdout)
    assert held["auc"] is None
    assert held["calibration_slope"] is None
    assert "not defined" in run("evaluate", folder / "m.json", folder / "one.csv").stdout


# Verify


def test_verify(folder):
    saved(folder)
    data = folder / "data.csv"
    done = run("verify", folder / "m.json", data)
    assert done.exit_code == 0
    assert done.stdout.startswith("proved: the optimum exists, is unique")
    assert done.stderr == ""
    assert run("verify", folder / "m.json", data, "--tol", "1e-300").exit_code == 4
    for tol in ("0", "-1", "nan", "inf"):
        refused(run("verify", folder / "m.json", data, "--tol", tol), 2, "--tol", "above zero")


@pytest.mark.parametrize("options", [(), ("--l2", "1"), ("--frequency", "f"), ("--offset", "o")])
@pytest.mark.parametrize("which", [0, 1, 3])
def test_verify_refuses_a_nudged_model(options, which, folder):
    """A thousandth of a standard error is seen; the proof needs no word of the fit's own."""
    saved(folder, *options)
    plain = saved(folder) if options and options[0] == "--l2" else None
    found = saved(folder, *options)
    errors = (plain or found).bse.iloc[1:]
    path = folder / "m.json"
    entries = json.loads(path.read_text())
    entries["fit"]["coefficients"][which] += 1e-3 * errors.iloc[which]
    path.write_text(json.dumps(entries))
    done = run("verify", path, folder / "data.csv", "--tol", "1e-6")
    assert done.exit_code == 4
    assert "NOT PROVED within 1e-06" in done.stdout
    near = run("verify", path, folder / "data.csv", "--tol", "1e-2")
    assert near.exit_code == 0
    # and the file itself still claims to be proved
    assert "proved: every coefficient" in run("show", path).stdout


def test_verify_on_other_rows_says_so(folder):
    saved(folder)
    table().iloc[:100].to_csv(folder / "fewer.csv", index=False)
    done = run("verify", folder / "m.json", folder / "fewer.csv")
    assert done.exit_code == 4
    assert done.stderr == "the model was fitted on 120 rows; these are 100\n"
    assert "NOT PROVED" in done.stdout


def test_verify_a_separated_model(folder):
    saved(folder, columns="x,wall", code=4)
    done = run("verify", folder / "m.json", folder / "data.csv")
    assert done.exit_code == 4
    assert "separated" in done.stdout
