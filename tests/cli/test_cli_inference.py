"""``sigmoide fit --cov --cluster --ci`` and ``sigmoide compare``: what Python says, 80 wide."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.cli import fit
from sigmoide.inference.robust import _POWERS
from sigmoide.results import covariance_kinds
from sigmoide.sources import options as source_options
from support.cli_run import refused, refused_and_untouched, run
from support.cli_table import saved, table
from support.reference_sets import FOLDER

INFERT = FOLDER / "infert.csv"


@pytest.fixture
def folder(tmp_path):
    frame = table()
    frame["id"] = np.arange(120) // 3
    frame["day"] = np.arange(120) % 15
    frame["all"] = "one"
    frame.to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


def narrow(text: str) -> None:
    assert max(map(len, text.splitlines())) <= 80


OPTIONS = [
    (["--cov", "nonrobust"], {"cov": "nonrobust"}),
    (["--cov", "HC1"], {"cov": "HC1"}),
    (["--cov", "hc3"], {"cov": "HC3"}),
    (["--cov", "CR_G", "--cluster", "id"], {"cov": "CR_G", "cluster": "id"}),
    (["--cluster", "id"], {"cov": "CR1", "cluster": "id"}),
    (["--cluster", "id, day"], {"cov": "CR1", "cluster": ["id", "day"]}),
    (
        ["--cov", "bootstrap", "--replicates", "20", "--seed", "4"],
        {"cov": "bootstrap", "replicates": 20, "seed": 4},
    ),
    (
        ["--cov", "bootstrap", "--cluster", "id", "--replicates", "20"],
        {"cov": "bootstrap", "cluster": "id", "replicates": 20},
    ),
]


# Every kind, written out once more: one that is gone from the program's list is missed here.
OF_THESE = {
    **dict.fromkeys(["nonrobust", "HC0", "HC1", "HC2", "HC3"], ()),
    **dict.fromkeys(["CR0", "CR_G", "CR1"], ("--cluster", "id")),
    "bootstrap": ("--replicates", "20"),
}


def test_there_is_one_list_of_kinds():
    assert tuple(OF_THESE) == covariance_kinds.KINDS
    assert (*list(OF_THESE)[1:], "cluster bootstrap") == covariance_kinds.RECORDED
    assert set(_POWERS) == set(covariance_kinds.HC_KINDS)
    (option,) = (o for o in fit.command.params if o.name == "cov")
    assert tuple(option.type.choices) == covariance_kinds.KINDS


@pytest.mark.parametrize("kind", OF_THESE)
def test_every_kind_is_asked_for_kept_and_shown(folder, kind):
    """By the command and in Python, in a file and read again."""
    ours = saved(folder, "--cov", kind, *OF_THESE[kind])
    asked = {"cluster": "id"} if "--cluster" in OF_THESE[kind] else {}
    theirs = sigmoide.logit("y ~ x + z + g", folder / "data.csv", cov=kind, **asked)
    assert ours.cov_type.split(",")[0] == theirs.cov_type.split(",")[0] == kind
    label = "Fisher information" if kind == "nonrobust" else ours.cov_type
    assert re.search(rf"^errors +{re.escape(label)}$", run("show", folder / "m.json").stdout, re.M)
    theirs.save(folder / "theirs.json")
    again = sigmoide.read_model(folder / "theirs.json")
    np.testing.assert_array_equal(again.cov_params(), theirs.cov_params())
    if kind != "bootstrap":
        np.testing.assert_array_equal(ours.cov_params(), theirs.cov_params())


@pytest.mark.parametrize(("options", "asked"), OPTIONS)
def test_errors_are_those_of_python_and_are_kept(folder, options, asked):
    ours = saved(folder, *options)
    theirs = sigmoide.logit("y ~ x + z + g", folder / "data.csv").with_cov(**asked)
    assert ours.cov_type == theirs.cov_type
    np.testing.assert_array_equal(ours.cov_params(), theirs.cov_params())
    done = run("show", folder / "m.json")
    line = "Fisher information" if asked["cov"] == "nonrobust" else theirs.cov_type
    assert f"errors        {line}" in done.stdout
    narrow(done.stdout)
    predicted = run("predict", folder / "m.json", folder / "data.csv", "--interval")
    assert predicted.exit_code == 0
    again = run("predict", folder / "m.json", folder / "data.csv")
    assert again.stdout.splitlines()[1] == predicted.stdout.splitlines()[1].split(",")[0]


def test_a_cluster_column_is_no_feature(folder):
    done = run("fit", folder / "data.csv", "--target", "y", "--cluster", "id", "--json")
    assert "id" not in [t["column"] for t in json.loads(done.stdout)["schema"]["terms"]]
    done = run("fit", folder / "data.csv", "--formula", "y ~ . - wall", "--cluster", "id", "--json")
    assert "id" not in [t["column"] for t in json.loads(done.stdout)["schema"]["terms"]]


def test_profile_intervals_are_printed(folder):
    command = ["fit", folder / "data.csv", "--formula", "y ~ x + g", "--ci", "profile"]
    done = run(*command)
    assert done.exit_code == 0
    result = sigmoide.logit("y ~ x + g", folder / "data.csv")
    clean = [re.sub(r", [\d.e-]+ s$", "", line) for line in done.stdout.splitlines()]
    wanted = str(result.summary(method="profile")).splitlines()
    assert clean == [re.sub(r", [\d.e-]+ s$", "", line) for line in wanted]
    assert "intervals     profile likelihood" in done.stdout
    assert "ends of intervals" in done.stderr
    narrow(done.stdout)
    held = json.loads(run(*command, "--json").stdout)["intervals"]
    assert (held["method"], held["coverage"]) == ("profile", 0.95)
    ends = result.conf_int(method="profile")
    assert held["ends"] == {term: list(ends.loc[term]) for term in ends.index}


def test_a_separated_fit_has_one_sided_intervals_and_a_hint(folder):
    command = ["fit", FOLDER / "endometrial.csv", "--target", "HG", "--cov", "HC1", "--ci"]
    done = run(*command, "profile")
    assert done.exit_code == 4
    row = next(line for line in done.stdout.splitlines() if line.startswith("NV"))
    # an estimate and two ends; no error, z or p
    assert row.split() == ["NV", "+infinity", *["withheld"] * 3, "1.284", "+infinity"]
    assert "--firth" in done.stdout
    assert "HC1 errors of NV are withheld" in done.stdout
    narrow(done.stdout)
    held = json.loads(run(*command, "profile", "--json").stdout)
    assert held["intervals"]["ends"]["NV"][1] == "Infinity"


def test_what_a_fit_that_is_not_proved_cannot_have_is_said_and_the_table_printed(folder):
    command = ["fit", FOLDER / "endometrial.csv", "--target", "HG", "--cov", "bootstrap"]
    done = run(*command)
    assert done.exit_code == 4
    assert "sigmoide: the bootstrap of a fit that is separated was asked for" in done.stderr
    assert "NV +infinity" in done.stdout
    assert "errors        Fisher information" in done.stdout


def test_few_clusters_are_said(folder):
    done = run("fit", folder / "data.csv", "--formula", "y ~ x + z + g", "--cluster", "g")
    assert done.exit_code == 0
    assert "sigmoide: 5 coefficients have errors by clusters, of which 'g' makes 3" in done.stderr
    assert "few clusters (3 of g) for 5 coefficients" in done.stdout


def test_beyond_memory(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(source_options, "LEAST", 0)
    cache = tmp_path / "cache"
    cache.mkdir()
    frame = pd.concat([table()] * 200, ignore_index=True)
    frame["id"] = np.arange(len(frame)) // 7
    frame.to_csv(folder / "data.csv", index=False)
    options = ["--cluster", "id", "--ci", "profile"]
    inside = saved(folder, *options, columns="x,g")
    beyond = saved(folder, *options, "--memory", "2MB", "--cache", cache, columns="x,g")
    assert "streamed: " in beyond.model.notes[-1]
    np.testing.assert_array_equal(inside.cov_params(), beyond.cov_params())
    assert list(cache.iterdir()) == []


def test_errors_of_the_training_rows(folder):
    done = run(
        *["fit", folder / "data.csv", "--formula", "y ~ x", "--split", "random:0.3"],
        *["--cluster", "id", "--ci", "profile", "--out", folder / "m.json"],
    )
    assert done.exit_code == 0, done.stderr
    assert "errors        CR1, clusters of id (" in done.stdout


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--cov", "CR1"], 2, ("without clusters", "--cluster id")),
        (["--cov", "HC1", "--cluster", "id"], 2, ("with clusters",)),
        (["--cluster", "id,day,z"], 2, ("one column, or two",)),
        (["--cluster", "dayy"], 3, ("no column 'dayy'", "did you mean 'day'")),
        (["--cluster", "all"], 3, ("'all'", "one value only", "Choose another column")),
        (["--cluster", "gaps"], 3, ("'gaps'", "misses a value")),
        (["--cov", "HC1", "--l2", "1"], 2, ("penalised fit", "l2=1")),
        (["--ci", "profile", "--l2", "1"], 2, ("--ci profile", "Leave one of them out")),
        (["--replicates", "10"], 2, ("--replicates 10", "--cov bootstrap")),
        (["--cov", "bootstrap", "--replicates", "1"], 2, ("replicates=1",)),
        (["--seed", "3"], 2, ("--seed 3", "without --split")),
        (["--cluster", ","], 2, ("NAME,NAME",)),
    ],
)
def test_what_cannot_be_asked(folder, options, code, words):
    command = ["fit", folder / "data.csv", "--formula", "y ~ x", *options]
    refused_and_untouched(folder, code, *command, words=words)


@pytest.mark.parametrize("options", [["--cov", "HC1"], ["--ci", "profile"]])
def test_a_penalty_that_is_chosen_has_no_inference(folder, options):
    done = run(
        *["fit", folder / "data.csv", "--formula", "y ~ x", "--split", "random:0.2,0.2"],
        *["--patience", "2", *options],
    )
    refused(done, 2, options[0], "--patience")


# --- compare


def test_models_side_by_side(tmp_path):
    small, large = tmp_path / "small.json", tmp_path / "large.json"
    for out, formula, options in (
        (small, "case ~ age + parity", ["--cluster", "stratum"]),
        (large, "case ~ age + parity + induced + C(education)", []),
    ):
        run("fit", INFERT, "--formula", formula, "--out", out, *options)
    done = run("compare", small, large)
    assert done.exit_code == 0
    assert done.stderr == ""
    narrow(done.stdout)
    lines = done.stdout.splitlines()
    assert lines[0] == "small: case ~ age + parity (infert.csv)"
    assert lines[1].startswith("  proved: every coefficient within")
    at = next(k for k, line in enumerate(lines) if line.startswith("age"))
    one, two = sigmoide.read_model(small), sigmoide.read_model(large)
    assert lines[at].split() == ["age", f"{one.params['age']:.4g}", f"{two.params['age']:.4g}"]
    assert lines[at + 1].split() == [f"({one.bse['age']:.4g})", f"({two.bse['age']:.4g})"]
    at = next(k for k, line in enumerate(lines) if line.startswith("induced"))
    assert lines[at].split() == ["induced", f"{two.params['induced']:.4g}"]
    text = " ".join(done.stdout.split())
    assert "observations 248 248" in text
    assert f"AIC {one.aic:.6g} {two.aic:.6g}" in text
    assert "do not compare" not in text
    assert str(sigmoide.compare(one, two, names=["small", "large"])) == done.stdout.rstrip("\n")
    held = json.loads(run("compare", small, large, "--json").stdout)
    assert [model["name"] for model in held] == ["small", "large"]
    assert held[0]["coefficients"]["age"]["std_err"] == one.bse["age"]
    assert held[1]["statistics"]["errors"] == "Fisher"


def test_what_does_not_compare_is_said(tmp_path):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.normal(size=90), "g": np.arange(90) % 9 == 0})
    frame["y"] = np.where(frame.g, 1, rng.integers(0, 2, 90))
    base = sigmoide.logit("y ~ x", frame)
    fewer = sigmoide.logit("y ~ x", frame.iloc[:-1])
    turned = sigmoide.logit("y ~ x", frame, event="0")
    with pytest.warns(sigmoide.errors.SeparationWarning):
        separated = sigmoide.logit("y ~ x + g", frame)
    assert sigmoide.compare(base, base).notes == ()
    (note,) = sigmoide.compare(base, fewer).notes
    assert "fitted on different rows, weights or offsets" in note
    assert "(1): y = 1, (2): y = 0" in sigmoide.compare(base, turned).notes[0]
    found = sigmoide.compare(base, separated, sigmoide.logit("y ~ x", frame, l2=1.0))
    narrow(str(found))
    assert "NOT PROVED" in str(found)
    assert "+inf" in str(found)
    table = found.to_frame()
    assert table.index.tolist() == ["Intercept", "x", "g[T.True]"]
    assert table.loc["g[T.True]", ("(2)", "estimate")] == math.inf
    assert math.isnan(table.loc["g[T.True]", ("(1)", "estimate")])
    assert table[("(3)", "p")].isna().all()


def test_many_models_with_long_names_stay_in_80_columns():
    rng = np.random.default_rng(2)
    long = "a_column_with_quite_a_long_name_for_a_table"
    frame = pd.DataFrame({"x": rng.normal(size=90), long: rng.normal(size=90)})
    frame["y"] = rng.integers(0, 2, 90)
    models = [sigmoide.logit("y ~ x", frame), sigmoide.logit(f"y ~ x + {long}", frame)] * 5
    names = [f"the {k}th model of a very long name, longer than a column" for k in range(10)]
    found = sigmoide.compare(*models, names=names)
    narrow(str(found))
    assert str(found).count("log-likelihood") >= 3
    assert found.to_frame().shape == (3, 40)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda one: sigmoide.compare(one), "1 model was given to compare"),
        (lambda one: sigmoide.compare(one, one, names=["a"]), "one for each is needed"),
        (lambda one: sigmoide.compare(one, one, names=["a", "a"]), "all different"),
    ],
)
def test_comparisons_that_cannot_be_meant(ask, words):
    one = sigmoide.logit("y ~ x", {"y": [0, 1, 0, 1], "x": [1.0, 2, 3, 4]})
    with pytest.raises(sigmoide.errors.UsageError, match=words):
        ask(one)


def test_compare_of_files_that_are_none(tmp_path):
    saved_ = tmp_path / "m.json"
    sigmoide.logit("y ~ x", {"y": [0, 1, 0, 1], "x": [1.0, 2, 3, 4]}).save(saved_)
    refused(run("compare", saved_), 2, "1 model was given to compare")
    refused(run("compare", saved_, tmp_path / "none.json"), 3, "no such file")
    refused(run("compare", saved_, INFERT), 3, "infert.csv")
    # two files of one name
    (tmp_path / "other").mkdir()
    again = tmp_path / "other" / "m.json"
    again.write_bytes(saved_.read_bytes())
    done = run("compare", saved_, again)
    assert done.exit_code == 0
    assert "(1) m: y ~ x" in done.stdout
