"""A fit of training rows in Python, judged on the rest; and what is understood before any fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.errors import ColumnError, SeparationWarning, SigmoideError, UsageError
from sigmoide.sources import options as source_options
from support.cli_run import run
from support.reference_sets import FOLDER

ANES = "examples/anes96.csv"
FORMULA = "vote ~ tv_news + leaning + C(party, ref='independent')"


@pytest.fixture(scope="module")
def anes(request):
    return pd.read_csv(request.config.rootpath / ANES)


@pytest.mark.parametrize("split", ["random:0.3", "stratified:0.25", "every:4", "random:0.2,0.2"])
def test_the_fit_is_that_of_the_training_rows_alone(anes, split):
    found = sigmoide.fit_split("vote ~ tv_news + leaning", anes, split)
    train = anes.iloc[found.parts["train"].row_numbers]
    alone = sigmoide.logit("vote ~ tv_news + leaning", train)
    assert found.result.status == "proved"
    assert np.array_equal(found.result.params, alone.params)
    scores = found.evaluate()
    assert list(scores) == list(found.parts)
    assert sum(part["n"] for part in scores.values()) == len(anes)
    for name, part in found.parts.items():
        assert scores[name] == alone.evaluate(anes.iloc[part.row_numbers])
        assert f"{name} " in str(found)
    assert f"split {split!r}" in str(found.result.model.notes)


def test_the_penalty_is_chosen_as_the_command_line_chooses_it(anes, tmp_path, request):
    path = request.config.rootpath / ANES
    told = ["--split", "stratified:0.2,0.2", "--patience", "3", "--out", tmp_path / "m.json"]
    done = run("fit", path, "--formula", FORMULA, *told)
    assert done.exit_code == 0
    found = sigmoide.fit_split(FORMULA, anes, "stratified:0.2,0.2", patience=3)
    kept = sigmoide.read_model(tmp_path / "m.json")
    assert np.array_equal(found.result.params, kept.params)
    assert found.result.model.settings == kept.model.settings
    assert str(found) in done.stdout


def test_errors_and_warnings_are_those_of_a_fit():
    data = pd.read_csv(FOLDER / "infert.csv")
    found = sigmoide.fit_split("case ~ age", data, "every:2", cluster="stratum")
    train = data.iloc[found.parts["train"].row_numbers]
    alone = sigmoide.logit("case ~ age", train, cluster="stratum")
    assert found.result.cov_type == alone.cov_type == "CR1, clusters of stratum (83)"
    assert np.array_equal(found.result.bse, alone.bse)
    apart = {"y": [0, 0, 0, 0, 1, 1, 1, 1] * 3, "x": [1, 2, 3, 4, 5, 6, 7, 8] * 3}
    with pytest.warns(SeparationWarning):
        sigmoide.fit_split("y ~ x", apart, "random:0.2")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"split": "half"}, "half"),
        ({"split": "random:0.2", "patience": 3}, "has no validation rows"),
        ({"split": "random:0.2,0.2", "patience": 0}, "1 or more"),
        ({"split": "random:0.2,0.2", "patience": 3, "l2": 1.0}, "patience=3"),
        ({"split": "random:0.2,0.2", "patience": 3, "cov": "HC1"}, "conditional|patience"),
        ({"split": "random:0.2", "weights": np.ones(6)}, "Make them a column of the data"),
        ({"split": "random:0.2", "cluster": [np.ones(6)]}, "cluster was given as values"),
        ({"split": "every:2", "seed": 1}, "draws nothing"),
        ({"split": "every:2", "split_key": "x"}, "does not go by a key"),
        ({"split": "column:z=in"}, "no column 'z'"),
    ],
)
def test_what_cannot_be_meant_is_refused(given, said):
    data = {"y": [0, 1, 0, 1, 1, 0], "x": [1, 2, 4, 3, 5, 6]}
    with pytest.raises(SigmoideError, match=said):
        sigmoide.fit_split("y ~ x", data, **given)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (
            lambda path, options: sigmoide.fit_split("y ~ x", path, "every:2", options=options),
            "split",
        ),
        (lambda path, options: sigmoide.describe(path, options=options), "description"),
    ],
)
def test_data_beyond_memory_are_refused_with_the_size_they_need(call, what, tmp_path, monkeypatch):
    monkeypatch.setattr(source_options, "LEAST", 0)
    pd.DataFrame({"y": [0, 1] * 9000, "x": np.arange(18_000.0)}).to_parquet(tmp_path / "d.parquet")
    with pytest.raises(UsageError, match=f"a {what} of .*d.parquet.*needs all rows in memory"):
        call(tmp_path / "d.parquet", sigmoide.ReadOptions(memory="100kB"))


def test_a_description_is_what_the_command_line_prints(request):
    path = request.config.rootpath / ANES
    found = sigmoide.describe(path, target="vote")
    assert run("describe", path, "--target", "vote").stdout == f"{found}\n"
    assert [column.name for column in found.columns] == list(pd.read_csv(path).columns)
    assert "would be modelled" in found.event
    assert "vote" in repr(found)
    with pytest.raises(ColumnError, match="no column 'vot'"):
        sigmoide.describe(path, target="vot")
