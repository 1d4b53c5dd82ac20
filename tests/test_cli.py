"""The command line: every command and option, exit codes, what goes where."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.errors import SigmoideWarning
from support.cli_run import contents, controls, really_run, refused, run
from support.reference_sets import FOLDER

BIRTHWT = FOLDER / "birthwt.csv"
HEAVY = ["numpy", "scipy", "pandas", "pyarrow", "sklearn", "torch", "rich", "formulaic", "polars"]


def table(n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=n).round(3),
            "z": rng.normal(size=n).round(3),
            "g": rng.choice(["a", "b", "c"], n),
            "f": rng.integers(0, 3, n),
            "w": rng.random(n).round(3),
            "o": rng.normal(size=n).round(3),
        }
    )
    eta = 0.8 * frame.x + 0.5 * (frame.g == "b")
    frame.insert(0, "y", (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int))
    frame["copy"] = 2 * frame.x
    frame["wall"] = np.where(frame.y == 1, 1, -1)
    frame["gaps"] = frame.z.mask(rng.random(n) < 0.2)
    return frame


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def saved(folder, *options: object, columns: str = "x,z,g", code: int = 0) -> sigmoide.Result:
    out = folder / "m.json"
    command = ["fit", folder / "data.csv", "--target", "y", "--columns", columns]
    done = run(*command, "--out", out, *options)
    assert done.exit_code == code, done.stderr
    assert f"model written to {out}" in done.stderr
    return sigmoide.read_model(out)


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
        (["--formula", "y ~ log(x)"], 2, ["log(...)", "never run as code"]),
        (["--formula", "y ~ x:z"], 2, ["an interaction"]),
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
    from dataclasses import replace

    from sigmoide.certificate import unproved
    from sigmoide.model.records import Separation
    from sigmoide.results import Result

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
    monkeypatch.setattr("sigmoide.fitting.fit_source", lambda *arguments: result)
    out = folder / "m.json"
    done = run("fit", folder / "data.csv", "--target", "y", "--out", out)
    assert done.exit_code == 4, done.stderr
    assert "NOT PROVED" in done.stdout
    assert sigmoide.read_model(out).status == status
    assert run("show", out).exit_code == 0


# Where things go


def test_json_parses_and_is_the_file(folder):
    saved(folder)
    done = run("fit", folder / "data.csv", "--target", "y", "--columns", "x,z,g", "--json")
    shown, held = json.loads(done.stdout), json.loads((folder / "m.json").read_text())
    for entries in (shown, held):
        entries["fit"].pop("seconds")
    assert shown == held
    assert done.stdout.isascii()
    again = run("show", folder / "m.json", "--json")
    assert json.loads(again.stdout)["schema"] == held["schema"]


def test_progress_is_one_plain_line_for_each_read_on_a_pipe(folder):
    done = really_run("fit", folder / "data.csv", "--target", "y", "--columns", "x,z,g")
    assert done.returncode == 0, done.stderr
    lines = done.stderr.decode().splitlines()
    reads = int(re.search(r"(\d+) reads of the data", done.stdout.decode()).group(1))
    seen = []
    for line in lines:
        match = re.fullmatch(r"reads? (\d+)(?:-(\d+))?: .+", line)
        assert match, line
        first, last = int(match[1]), int(match[2] or match[1])
        seen += [k for k in range(first, last + 1) if k not in seen]
    assert seen == list(range(1, max(seen) + 1))
    assert max(seen) <= reads
    assert not controls(done.stderr.decode())
    assert not controls(done.stdout.decode())
    assert "read" not in done.stdout.decode().replace("reads of the data", "")


def test_progress_on_a_terminal_is_written_over(folder):
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "sigmoide", "fit", str(folder / "data.csv"), "--target", "y"]
    with open(os.devnull, "w") as null:
        program = subprocess.Popen([*command, "--columns", "x"], stdout=null, stderr=theirs)
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the terminal's other end is closed
                break
            if not part:
                break
            seen += part
        assert program.wait(30) == 0
    os.close(ours)
    assert seen.count(b"\r\x1b[K") >= 3
    assert seen.endswith(b"\r\x1b[K")
    assert b"\n" not in seen


def test_a_shell_sees_the_same(folder):
    out = folder / "m.json"
    done = really_run("fit", "data.csv", "--target", "y", "--out", "m.json", cwd=folder)
    assert done.returncode == 4  # wall separates
    assert out.exists()
    done = really_run("fit", "nowhere.csv", "--target", "y", cwd=folder)
    assert done.returncode == 3
    assert done.stdout == b""
    assert done.stderr.decode() == "sigmoide: nowhere.csv: there is no such file. Check the path.\n"
    done = really_run("fit", "data.csv", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(b"sigmoide: give either --target or --formula")


def test_letters_of_all_scripts_on_any_terminal(tmp_path):
    """Click takes a terminal that says ASCII for one of UTF-8; JSON is ASCII in any case."""
    table().rename(columns={"x": "año 😀"}).to_csv(tmp_path / "f.csv", index=False)
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = ("fit", tmp_path / "f.csv", "--target", "y", "--columns", "año 😀", "--json")
    done = really_run(*command, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["schema"]["terms"][0]["label"] == "año 😀"
    text = run(*command[:-1]).stdout
    assert "año 😀" in text


def test_a_reader_that_goes_away(folder):
    """``sigmoide predict ... | head``: no traceback, no complaint."""
    pd.concat([table()] * 400).to_csv(folder / "many.csv", index=False)
    saved(folder)
    command = f'"{sys.executable}" -m sigmoide predict m.json many.csv | head -2'
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, timeout=60)
    assert done.stdout.splitlines()[0] == b"probability"
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == b""


def test_a_full_disk_behind_standard_output(folder):
    saved(folder)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sigmoide", "show", str(folder / "m.json")],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 3
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


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


# Show, version, help, lesson


def test_show(folder):
    saved(folder)
    done = run("fit", folder / "data.csv", "--target", "y", "--columns", "x,z,g")
    shown = run("show", folder / "m.json")
    assert shown.exit_code == 0
    assert shown.stderr == ""
    drop = re.compile(r"cost .*")
    assert drop.sub("", shown.stdout) == drop.sub("", done.stdout)


def test_help_names_every_command_and_option():
    done = run("--help")
    assert done.exit_code == 0
    for word in ("lesson", "fit", "predict", "evaluate", "verify", "show", "Exit codes"):
        assert word in done.stdout
    text = run("fit", "--help").stdout
    options = """--target --formula --event --columns --exclude --reference --frequency --weights
        --offset --l2 --standardize --no-intercept --missing --unseen --aliased --encoding
        --delimiter --decimal --out --json"""
    assert all(option in text for option in options.split())
    for command, options in (
        ("predict", "--out --interval --encoding"),
        ("evaluate", "--threshold --json --encoding"),
        ("verify", "--tol --encoding"),
        ("show", "--json"),
        ("lesson", "--lang --out"),
    ):
        text = run(command, "--help").stdout
        assert all(option in text for option in options.split())
        assert run(command, "-h").stdout == text
    assert run("--version").stdout.strip().endswith(sigmoide.__version__)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["fit", "--help"], 0),
        (["predict", "--help"], 0),
        (["--version"], 0),
        (["fit", "data.csv"], 2),
        (["fit", "data.csv", "--target", "y", "--formula", "y ~ x"], 2),
        (["fit", "data.csv", "--nothing"], 2),
        (["fit"], 2),
        (["nothing"], 2),
        (["verify", "m.json", "f.csv", "--tol", "0"], 2),
    ],
)
def test_help_and_wrong_use_load_nothing_heavy(arguments, code):
    script = (
        "import sys\nfrom sigmoide.cli import main\n"
        f"try: main({arguments!r}, prog_name='sigmoide')\n"
        "except SystemExit as stop: code = stop.code or 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], code, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stderr.splitlines()[-1] == f"[] {code}"


def test_the_group_may_be_called_by_other_programs():
    from sigmoide.cli import main

    with pytest.raises(SystemExit) as stop:
        main(["show", "nowhere.json"], standalone_mode=False)
    assert stop.value.code == 3


def test_birthwt_whole(tmp_path):
    """The way of an analyst, from a file to a model that is used and checked."""
    out = tmp_path / "m.json"
    done = run("fit", BIRTHWT, "--target", "low", "--reference", "race=white", "--out", out)
    assert done.exit_code == 0
    assert "low = 1 (59 of 189)" in done.stdout
    assert "reference     race: white" in done.stdout
    assert run("verify", out, BIRTHWT).exit_code == 0
    assert run("predict", out, BIRTHWT, "--interval").stdout.count("\n") == 190
    assert json.loads(run("evaluate", out, BIRTHWT, "--json").stdout)["n"] == 189
