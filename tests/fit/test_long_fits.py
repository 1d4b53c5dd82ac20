"""Fits that are interrupted, from Python and from the command line, killed or asked to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.errors import CheckpointError, NotProvedWarning, UsageError
from support.cli_run import contents, refused, run

FORMULA = "y ~ a + b + g"
# A limit that no table of this size keeps to: what is larger is read in pieces.
LITTLE = "256MB"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder with one table as CSV and as Parquet."""
    path = tmp_path_factory.mktemp("long")
    rng = np.random.default_rng(5)
    n = 150_000
    table = pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.normal(size=n).round(3) * 1e4,
            "g": rng.choice(["p", "q", "r"], n),
            "more": rng.normal(size=n),
        }
    )
    chance = 1 / (1 + np.exp(-table["a"] + 1))
    table["y"] = (rng.random(n) < chance).astype(int)
    table.loc[rng.random(n) < 0.01, "b"] = np.nan
    # What is not used would have to be held, too.
    table = table.assign(**{f"m{k}": 0 for k in range(20)})
    table.to_csv(path / "data.csv", index=False)
    table.to_parquet(path / "data.parquet")
    return path


@pytest.fixture(scope="module")
def whole(folder) -> sigmoide.Result:
    return sigmoide.logit(FORMULA, folder / "data.parquet")


def same(ours: sigmoide.Result, theirs: sigmoide.Result) -> None:
    assert ours.params.to_numpy().tobytes() == theirs.params.to_numpy().tobytes()
    assert ours.cov_params().to_numpy().tobytes() == theirs.cov_params().to_numpy().tobytes()
    assert ours.certificate == theirs.certificate
    assert (ours.llf, ours.llnull, ours.nobs) == (theirs.llf, theirs.llnull, theirs.nobs)


def interrupted(script: str, *arguments: object) -> subprocess.CompletedProcess:
    """Run a program that sends a signal to itself."""
    return subprocess.run(
        [sys.executable, "-c", script, *(str(a) for a in arguments)],
        capture_output=True,
        timeout=120,
        text=True,
    )


KILLED = """
import os, signal, sys, sigmoide
def kill(reading):
    if reading.reads >= int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
sigmoide.logit(sys.argv[1], sys.argv[2], checkpoint=sys.argv[3], memory=sys.argv[5], on_read=kill)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no SIGKILL")
@pytest.mark.parametrize("reads", [1, 3, 4])
@pytest.mark.parametrize("name", ["data.csv", "data.parquet"])
def test_a_fit_that_was_killed_ends_with_the_same_bits(folder, whole, tmp_path, name, reads):
    path = tmp_path / "fit.checkpoint"
    done = interrupted(KILLED, FORMULA, folder / name, path, reads, LITTLE)
    assert done.returncode == -signal.SIGKILL, done.stderr
    # The line that says of which fit, and one for each step: all reads but the first.
    assert len(path.read_bytes().splitlines()) == reads
    with pytest.raises(CheckpointError, match="there is a checkpoint already"):
        sigmoide.logit(FORMULA, folder / name, checkpoint=path, memory=LITTLE)
    result = sigmoide.logit(FORMULA, folder / name, checkpoint=path, resume=True, memory=LITTLE)
    same(result, whole)
    assert result.reads == whole.reads
    assert any("streamed" in note for note in result.model.notes)
    assert not contents(tmp_path)


STOPPED = """
import os, signal, sys
import sigmoide.report.text as reading
line = reading.reading_line
def stopping(seen, shown):
    if seen.reads >= 3:
        os.kill(os.getpid(), signal.SIGINT)
    return line(seen, shown)
reading.reading_line = stopping
from sigmoide.cli import main
main(sys.argv[1:], prog_name="sigmoide")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a program there cannot interrupt itself so")
def test_ctrl_c_leaves_with_130_and_says_how_to_go_on(folder, whole, tmp_path):
    path, out = tmp_path / "fit.checkpoint", tmp_path / "m.json"
    asked = ["fit", folder / "data.parquet", "--formula", FORMULA, "--out", out]
    kept = ["--checkpoint", path]
    done = interrupted(STOPPED, *asked, *kept)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert f"kept in {path}. Go on with the same command and --resume" in done.stderr
    assert done.stdout == ""
    assert set(contents(tmp_path)) == {"fit.checkpoint"}
    again = run(*asked, *kept, "--resume")
    assert again.exit_code == 0, again.stderr
    same(sigmoide.read_model(out), whole)
    assert set(contents(tmp_path)) == {"m.json"}


@pytest.mark.skipif(sys.platform == "win32", reason="a program there cannot interrupt itself so")
def test_ctrl_c_without_a_checkpoint_leaves_nothing(folder, tmp_path):
    out = tmp_path / "m.json"
    asked = ["fit", folder / "data.parquet", "--formula", FORMULA, "--out", out]
    done = interrupted(STOPPED, *asked, "--memory", LITTLE, "--cache", tmp_path)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("sigmoide: interrupted")
    assert not contents(tmp_path)


def test_a_checkpoint_of_rows_that_changed_is_refused(folder, tmp_path):
    path = tmp_path / "fit.checkpoint"
    table = pd.read_parquet(folder / "data.parquet").head(500)

    class Enough(Exception):  # noqa: N818
        pass

    def stop(_):
        raise Enough

    with pytest.raises(Enough):
        sigmoide.logit(FORMULA, table, checkpoint=path, on_read=stop)
    changed = table.assign(a=table["a"].where(table.index != 7, 1.0))
    with pytest.raises(CheckpointError, match="of another fit: data differ"):
        sigmoide.logit(FORMULA, changed, checkpoint=path, resume=True)
    with pytest.raises(CheckpointError, match="of another fit: question differ"):
        sigmoide.logit(FORMULA, table, checkpoint=path, resume=True, l2=1.0)
    same(
        sigmoide.logit(FORMULA, table, checkpoint=path, resume=True),
        sigmoide.logit(FORMULA, table),
    )


def test_a_fit_may_be_stopped_from_python(folder):
    seen = []

    def enough(reading):
        seen.append(reading)
        return reading.decrement is not None and reading.decrement < 10.0

    with pytest.warns(NotProvedWarning, match="not converged"):
        result = sigmoide.logit(FORMULA, folder / "data.parquet", on_read=enough, tol=1e-12)
    assert result.status == "not converged"
    assert min(r.decrement for r in seen if r.decrement is not None) < 10.0
    assert all(a.reads <= b.reads for a, b in pairwise(seen))


def test_to_go_on_needs_something_to_go_on_with(folder):
    with pytest.raises(UsageError, match="resume was asked for without the checkpoint"):
        sigmoide.logit(FORMULA, folder / "data.csv", resume=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--resume"], ["resume was asked for without the checkpoint", "--checkpoint FILE"]),
        (["--checkpoint", "c", "--split", "every:3"], ["--checkpoint keeps one fit of all rows"]),
        (["--checkpoint", "c", "--out", "c"], ["--out c and --checkpoint c are one file"]),
    ],
)
def test_checkpoints_that_cannot_be_meant(folder, tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    asked = ["fit", folder / "data.csv", "--formula", FORMULA]
    refused(run(*asked, *options), 2, *words)
    assert not contents(tmp_path)


def test_options_of_a_text_file_from_python(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes("y;größe\n0;1,5\n1;2,5\n0;3,5\n1;0,5\n0;2,0\n1;4,0\n".encode("cp850"))
    read = sigmoide.ReadOptions(encoding="cp850", delimiter=";", decimal=",", header=True)
    result = sigmoide.logit("y ~ größe", path, options=read)
    assert result.params.index.tolist() == ["Intercept", "größe"]
    assert result.nobs == 6
