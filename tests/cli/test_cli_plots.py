"""``--plots`` of ``fit`` and ``evaluate``: which files, the same as from Python, all or nothing."""

from __future__ import annotations

import errno

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.api.plots import write_evaluation_plots, write_fit_plots
from sigmoide.pictures import canvas
from sigmoide.sources.frames import read_source
from support.cli_run import contents, refused, run
from support.reference_sets import FOLDER

BIRTHWT = FOLDER / "birthwt.csv"
FORMULA = "low ~ age + lwt + C(race, ref='white') + smoke"
FIT = ("fit", BIRTHWT, "--formula", FORMULA)


def files(*names: str) -> set[str]:
    return {f"{name}.{form}" for name in names for form in ("svg", "png")}


JUDGED = files("roc", "precision_recall", "calibration", "threshold", "scores")
FITTED = JUDGED | files("coefficients", "odds_ratios", "gap")


def test_fit(tmp_path):
    done = run(*FIT, "--plots", tmp_path / "new" / "p")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines()[-1] == f"pictures written to {tmp_path / 'new' / 'p'}"
    drawn = contents(tmp_path / "new" / "p")
    assert set(drawn) == FITTED
    # the tables are those without pictures
    tables = [
        [line for line in text.splitlines() if not line.startswith("cost ")]
        for text in (done.stdout, run(*FIT).stdout)
    ]
    assert tables[0] == tables[1]
    # and the pictures those from Python, byte by byte
    found = sigmoide.logit(FORMULA, BIRTHWT)
    write_fit_plots(found, BIRTHWT, tmp_path / "python")
    assert drawn == contents(tmp_path / "python")


@pytest.mark.slow
def test_fit_of_two_columns_draws_the_surface_with_both_parts(tmp_path):
    command = ("fit", BIRTHWT, "--target", "low", "--columns", "age,lwt")
    assert run(*command, "--plots", tmp_path / "whole").exit_code == 0
    assert set(contents(tmp_path / "whole")) == FITTED | files("surface")
    done = run(*command, "--split", "every:3", "--plots", tmp_path / "parts")
    assert done.exit_code == 0
    source = read_source(BIRTHWT)
    row = np.arange(source.n_rows)
    train, test = source.part(row[row % 3 > 0]), source.part(row[row % 3 == 0])
    found = sigmoide.logit("low ~ age + lwt", train)
    write_fit_plots(found, train, tmp_path / "python", test=test)
    assert contents(tmp_path / "parts") == contents(tmp_path / "python")


def test_a_separated_fit_is_drawn_too(tmp_path):
    frame = pd.read_csv(BIRTHWT).assign(wall=lambda f: np.where(f.low == 1, 1, -1))
    frame.to_csv(tmp_path / "f.csv", index=False)
    command = ("fit", tmp_path / "f.csv", "--target", "low", "--columns", "age,wall")
    done = run(*command, "--plots", tmp_path / "p")
    assert done.exit_code == 4
    assert "NOT PROVED" in contents(tmp_path / "p")["coefficients.svg"].decode()


def test_evaluate(tmp_path):
    model, data = tmp_path / "m.json", tmp_path / "new.csv"
    assert run(*FIT, "--out", model).exit_code == 0
    pd.read_csv(BIRTHWT)[:150].to_csv(data, index=False)
    command = ("evaluate", model, data, "--threshold", "0.3")
    done = run(*command, "--plots", tmp_path / "p")
    assert done.exit_code == 0
    assert done.stderr == f"pictures written to {tmp_path / 'p'}\n"
    assert done.stdout == run(*command).stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    found = sigmoide.read_model(model)
    write_evaluation_plots(found, data, tmp_path / "python", threshold=0.3)
    assert contents(tmp_path / "p") == contents(tmp_path / "python")
    assert set(contents(tmp_path / "p")) == JUDGED
    # as JSON: pictures go nowhere near standard output
    assert (
        run(*command, "--json", "--plots", tmp_path / "p").stdout == run(*command, "--json").stdout
    )


def test_evaluate_says_once_which_rows_are_left_out(tmp_path):
    model, data = tmp_path / "m.json", tmp_path / "new.csv"
    assert run(*FIT, "--out", model).exit_code == 0
    frame = pd.read_csv(BIRTHWT).astype({"age": float})
    frame.loc[:3, "age"] = np.nan
    frame.to_csv(data, index=False)
    done = run("evaluate", model, data, "--plots", tmp_path / "p")
    assert done.stderr.splitlines() == [
        "4 of 189 rows are left out: missing age (4)",
        f"pictures written to {tmp_path / 'p'}",
    ]


@pytest.mark.parametrize("place", ["held", "held/deeper/still"])
@pytest.mark.parametrize("command", ["fit", "evaluate", "lesson"])
def test_a_file_in_the_folders_place_is_found_before_the_work(command, place, tmp_path):
    (tmp_path / "held").write_text("mine")
    model = tmp_path / "m.json"
    if command == "evaluate":
        assert run(*FIT, "--out", model).exit_code == 0
    before = contents(tmp_path)
    done = {
        "fit": lambda *o: run(*FIT, "--out", model, *o),
        "evaluate": lambda *o: run("evaluate", model, BIRTHWT, *o),
        "lesson": lambda *o: run("lesson", *o),
    }[command]("--plots", tmp_path / place)
    refused(done, 3, "no folder can be made there", f"{str(tmp_path / 'held')!r} is a file")
    assert contents(tmp_path) == before


def test_a_full_disk_leaves_whole_pictures_only(tmp_path, monkeypatch):
    """The third file does not fit: what was written before is whole, and nothing else is there."""
    real, left = canvas.os.replace, iter(range(2, -1, -1))

    def replace(*arguments: object) -> None:
        if not next(left):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(canvas.os, "replace", replace)
    done = run(*FIT, "--plots", tmp_path / "p")
    assert done.exit_code == 3
    # The table is printed all the same.
    assert done.stdout.startswith("Logistic regression")
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f"sigmoide: {tmp_path / 'p'}")
    assert message.endswith(
        ": the file cannot be written: No space left on device. Nothing of it was written; name "
        "another place."
    )
    monkeypatch.undo()
    assert run(*FIT, "--plots", tmp_path / "whole").exit_code == 0
    whole, broken = contents(tmp_path / "whole"), contents(tmp_path / "p")
    assert len(broken) == 2
    assert all(whole[name] == content for name, content in broken.items())
