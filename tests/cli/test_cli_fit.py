"""``sigmoide fit``: each option is an argument of ``logit``, and what cannot be asked."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import replace

import numpy as np
import pytest

import sigmoide
from sigmoide.errors import SigmoideWarning
from support.cli_run import contents, run
from support.cli_table import saved, table


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def same(ours: sigmoide.Result, theirs: sigmoide.Result) -> None:
    assert ours.params.index.tolist() == theirs.params.index.tolist()
    np.testing.assert_array_equal(ours.params, theirs.params)
    np.testing.assert_array_equal(ours.cov_params(), theirs.cov_params())


# Fit: each option is the argument of logit


def test_fit_prints_the_tables_and_nothing_else(folder):
    done = run("fit", folder / "data.csv", "--target", "y", "--columns", "x,g")
    assert done.exit_code == 0
    expected = sigmoide.logit("y ~ x + g", folder / "data.csv").summary()
    clean = [re.sub(r", [\d.e-]+ s$", "", line) for line in done.stdout.splitlines()]
    assert clean == [re.sub(r", [\d.e-]+ s$", "", line) for line in str(expected).splitlines()]
    assert max(map(len, clean)) <= 80
    assert "proved: every coefficient within" in done.stdout
    assert not contents(folder).keys() - {"data.csv"}


@pytest.mark.parametrize(
    ("options", "formula", "asked"),
    [
        ([], "y ~ x + z + g", {}),
        (["--event", "0"], "y ~ x + z + g", {"event": 0}),
        (["--exclude", "z"], "y ~ x + g", {}),
        (["--exclude", "z, g"], "y ~ x", {}),
        (["--reference", "g=b"], "y ~ x + z + C(g, ref='b')", {}),
        (["--frequency", "f"], "y ~ x + z + g", {"frequency": "f"}),
        (["--weights", "w"], "y ~ x + z + g", {"weights": "w"}),
        (["--offset", "o"], "y ~ x + z + g", {"offset": "o"}),
        (["--l2", "2.5"], "y ~ x + z + g", {"l2": 2.5}),
        (["--l2", "2.5", "--standardize"], "y ~ x + z + g", {"l2": 2.5, "standardize": True}),
        (["--no-intercept"], "y ~ x + z + g - 1", {}),
        (["--tol", "1e-4"], "y ~ x + z + g", {"tol": 1e-4}),
        (["--unseen", "reference"], "y ~ x + z + g", {"unseen": "reference"}),
        (["--aliased", "error"], "y ~ x + z + g", {"aliased": "error"}),
    ],
)
def test_options_are_arguments(options, formula, asked, folder):
    found = saved(folder, *options)
    expected = sigmoide.logit(formula, folder / "data.csv", **asked)
    np.testing.assert_array_equal(found.params, expected.params)
    np.testing.assert_array_equal(found.cov_params(), expected.cov_params())
    assert found.model.settings == expected.model.settings
    assert found.model.design.policies == expected.model.design.policies
    assert found.event == expected.event


@pytest.mark.parametrize("missing", ["drop", "indicator", "error"])
def test_missing(missing, folder):
    code = 3 if missing == "error" else 0
    command = ("fit", folder / "data.csv", "--formula", "y ~ x + gaps", "--missing", missing)
    done = run(*command, "--out", folder / "m.json")
    assert done.exit_code == code
    if not code:
        expected = sigmoide.logit("y ~ x + gaps", folder / "data.csv", missing=missing)
        same(sigmoide.read_model(folder / "m.json"), expected)
        assert ("rows dropped  none" in done.stdout) == (missing == "indicator")


def test_all_columns_but_the_target_and_the_roles(folder):
    done = run("fit", folder / "data.csv", "--target", "y", "--weights", "w", "--json")
    labels = [t["label"] for t in json.loads(done.stdout)["schema"]["terms"]]
    assert labels == ["x", "z", "g", "f", "o", "copy", "wall", "gaps"]


@pytest.mark.parametrize(
    "formula", ["y ~ x + C(g, ref='b')", "y ~ . - copy - wall - gaps", "y ~ C(g) - 1", "y ~ 1"]
)
def test_a_formula(formula, folder):
    done = run("fit", folder / "data.csv", "--formula", formula, "--out", folder / "m.json")
    assert done.exit_code == 0, done.stderr
    same(sigmoide.read_model(folder / "m.json"), sigmoide.logit(formula, folder / "data.csv"))


def test_a_formula_with_the_options_that_go_with_it(folder):
    formula = ("fit", folder / "data.csv", "--formula", "y ~ x + g")
    out = ("--out", folder / "m.json")
    for options, ours, asked in (
        (["--no-intercept"], "y ~ x + g - 1", {}),
        (["--reference", "g=c"], "y ~ x + C(g, ref='c')", {}),
        (["--weights", "w", "--event", "0"], "y ~ x + g", {"weights": "w", "event": "0"}),
    ):
        assert run(*formula, *options, *out).exit_code == 0
        found = sigmoide.read_model(folder / "m.json")
        expected = sigmoide.logit(ours, folder / "data.csv", **asked)
        np.testing.assert_array_equal(found.params, expected.params)


def test_a_reference_whose_column_has_an_equals_sign(tmp_path):
    table().rename(columns={"g": "g=h", "x": "g"}).to_csv(tmp_path / "f.csv", index=False)
    command = ("fit", tmp_path / "f.csv", "--target", "y", "--columns", "g,g=h")
    done = run(*command, "--reference", "g=h=b", "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["schema"]["terms"][1]["reference"] == "b"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--target", "y", "--formula", "y ~ x"], 2, ["either --target or --formula"]),
        ([], 2, ["either --target or --formula"]),
        (["--formula", "y ~ x", "--columns", "x"], 2, ["go with --target"]),
        (["--formula", "y ~ x", "--exclude", "x"], 2, ["go with --target"]),
        (["--formula", "y ~ lag(x)"], 2, ["lag(...)", "never run as code"]),
        (["--formula", "y ~ x/z"], 2, ["nesting"]),
        (["--formula", "y ~ . - xx"], 2, ["no such column"]),
        (["--target", "yy"], 3, ["data.csv: there is no column 'yy'; did you mean 'y'?"]),
        (["--target", "y", "--columns", "x,Z"], 3, ["no column 'Z'; did you mean 'z'?"]),
        (["--target", "y", "--exclude", "nothing"], 3, ["no column 'nothing'", "The columns are"]),
        (["--target", "y", "--columns", ","], 2, ["--columns ','", "NAME,NAME"]),
        (["--target", "y", "--columns", ""], 2, ["--columns ''"]),
        (["--target", "y", "--exclude", "x,,z"], 2, ["--exclude 'x,,z'"]),
        (["--target", "y", "--columns", "x,y"], 2, ["explain itself"]),
        (["--target", "y", "--columns", "x,x"], 2, ["asked for twice"]),
        (["--target", "y", "--reference", "g"], 2, ["COLUMN=LEVEL"]),
        (["--target", "y", "--reference", "h=a"], 2, ["COLUMN=LEVEL"]),
        (["--target", "y", "--reference", "g=z"], 3, ["'z' was chosen", "'a', 'b', 'c'"]),
        (["--target", "y", "--event", "2"], 3, ["the event '2' is none"]),
        (["--target", "y", "--l2", "-1"], 2, ["l2=-1.0"]),
        (["--target", "y", "--l2", "nan"], 2, ["l2=nan"]),
        (["--target", "y", "--l2", "much"], 2, ["--l2", "'much' is not a valid float"]),
        (["--target", "y", "--tol", "0"], 2, ["tol=0.0"]),
        (["--target", "y", "--standardize"], 2, ["standardize", "without a penalty"]),
        (["--target", "y", "--missing", "ignore"], 2, ["--missing", "'ignore'", "'drop'"]),
        (["--target", "y", "--unseen", "no"], 2, ["--unseen", "'no'"]),
        (["--target", "y", "--aliased", "no"], 2, ["--aliased", "'no'"]),
        (["--target", "y", "--frequency", "f", "--weights", "w"], 2, ["both given"]),
        (["--target", "y", "--weights", "v"], 3, ["no column 'v'"]),
        (["--target", "y", "--encoding", "klingon"], 2, ["encoding 'klingon'"]),
        (["--target", "y", "--delimiter", "::"], 2, ["delimiter '::'", "one ASCII character"]),
        (["--target", "y", "--delimiter", ""], 2, ["delimiter ''"]),
        (["--target", "y", "--delimiter", '"'], 2, ["delimiter '\"'"]),
        (["--target", "y", "--decimal", ";"], 2, ["decimal sign ';'"]),
        (["--target", "y", "--decimal", ",", "--delimiter", ","], 2, ["can be one of them"]),
        (["--target", "y", "--delimiter", "tab"], 3, ["no column 'y'", "--delimiter"]),
        (["--target", "y", "--nothing"], 2, ["No such option", "--nothing"]),
        (["--target"], 2, ["--target", "requires an argument"]),
        (["--target", "y", "more"], 2, ["unexpected extra argument", "more"]),
        (["--target", "y", "--no-intercept", "--columns", "x", "--exclude", "x"], 2, ["nothing"]),
    ],
)
def test_wrong_use(options, code, words, folder):
    done = run("fit", folder / "data.csv", "--out", folder / "m.json", *options)
    refused_with_usage = done.stderr[done.stderr.index("sigmoide: ") :]
    assert done.exit_code == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in refused_with_usage
    assert not (folder / "m.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["--nothing"],
        ["predict"],
        ["predict", "m"],
        ["verify", "m"],
        ["evaluate"],
        ["describe"],
        ["describe", "f", "--nothing"],
        ["show"],
    ],
)
def test_wrong_commands(arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Usage:" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("sigmoide: ")


# Exit codes


def test_exit_codes(folder):
    def codes(*options: str) -> tuple[int, str]:
        done = run("fit", folder / "data.csv", "--target", "y", *options)
        return done.exit_code, done.stdout

    assert codes("--columns", "x")[0] == 0
    code, text = codes("--columns", "x,wall")
    assert code == 4
    assert "NOT PROVED: no maximum exists, the classes are separated" in text
    code, text = codes("--columns", "x,wall", "--l2", "1")
    assert code == 0
    code, text = codes("--columns", "x,copy")
    assert code == 0
    assert "copy is aliased and left out: copy = 2 × x" in text
    code, text = codes("--columns", "x,copy", "--aliased", "error")
    assert code == 4
    assert text == ""


@pytest.mark.parametrize("status", ["undetermined", "not converged", "separated"])
def test_what_is_not_proved_is_four(status, folder, monkeypatch):
    """Whatever the reason: the model is printed and written, and the code is 4."""

    from sigmoide.api.result import Result
    from sigmoide.proof.certificate import unproved
    from sigmoide.results.records import Separation

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SigmoideWarning)
        found = sigmoide.logit("y ~ x + wall" if status == "separated" else "y ~ x", table())
    fit = found.model.fit
    if status != "separated":
        fit = replace(
            fit,
            status=status,
            certificate=unproved("none", 1, "for a test"),
            coefficients=replace(fit.coefficients, covariance=None),
            separation=Separation("undetermined", np.zeros(2)),
        )
    result = Result(replace(found.model, fit=fit))
    monkeypatch.setattr("sigmoide.api.logit.fit_source", lambda *arguments: result)
    out = folder / "m.json"
    done = run("fit", folder / "data.csv", "--target", "y", "--out", out)
    assert done.exit_code == 4, done.stderr
    assert "NOT PROVED" in done.stdout
    assert sigmoide.read_model(out).status == status
    assert run("show", out).exit_code == 0
