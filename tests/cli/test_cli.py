"""The command line: what goes where, progress, help, and what is shown of data and models."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pandas as pd
import pytest

import sigmoide
from support.cli_run import controls, really_run, refused, run
from support.cli_table import saved, table
from support.reference_sets import FOLDER

BIRTHWT = FOLDER / "birthwt.csv"
HEAVY = ["numpy", "scipy", "pandas", "pyarrow", "sklearn", "torch", "rich", "formulaic", "polars"]


@pytest.fixture
def folder(tmp_path):
    table().to_csv(tmp_path / "data.csv", index=False)
    return tmp_path


# Where things go


def test_json_parses_and_is_the_file(folder):
    saved(folder)
    done = run("fit", folder / "data.csv", "--target", "y", "--columns", "x,z,g", "--json")
    shown, held = json.loads(done.stdout), json.loads((folder / "m.json").read_text())
    for entries in (shown, held):
        entries["fit"].pop("seconds")
        for step in entries["fit"]["history"]:
            assert step.pop() >= 0.0
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
    assert done.returncode == 1
    assert b"the output cannot be printed: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


# Describe


def test_describe_says_what_the_file_holds(folder):
    frame = table()
    done = run("describe", folder / "data.csv", "--target", "y")
    assert done.exit_code == 0
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= 80
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert "120 rows, 10 columns" in done.stdout
    for name in ("x", "z", "f", "w", "o", "gaps"):
        held = frame[name].dropna()
        gone = [str(120 - len(held))] if len(held) < 120 else []
        assert lines[name].split()[: 2 + len(gone)] == [name, "numeric", *gone]
        assert f"{held.min():g} to {held.max():g}, {held.nunique()} different" in lines[name]
    assert lines["g"].split() == ["g", "text", "a,", "b,", "c"]
    assert done.stdout.splitlines()[-1] == "y = 1 would be modelled, against y = 0"


def test_describe_reads_as_it_is_told(folder):
    path = folder / "other.csv"
    path.write_text(table().to_csv(index=False, sep="|", decimal=","), encoding="utf-16")
    options = ("--delimiter", "|", "--decimal", ",", "--encoding", "utf-16")
    ours, plain = run("describe", path, *options), run("describe", folder / "data.csv")
    assert ours.exit_code == 0
    assert ours.stdout.split("column")[-1] == plain.stdout.split("column")[-1]
    assert ours.stdout.startswith("other.csv: 120 rows, 10 columns\n")


def test_describe_refuses(folder):
    data = folder / "data.csv"
    refused(run("describe", data, "--target", "yy"), 3, "no column 'yy'; did you mean 'y'?")
    refused(run("describe", folder / "none.csv"), 3, "there is no such file")
    refused(run("describe", data, "--delimiter", "::"), 2, "delimiter '::'")


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
    commands = ("lesson", "fit", "describe", "predict", "evaluate", "verify", "show")
    for word in (*commands, "Exit codes"):
        assert word in done.stdout
    text = run("fit", "--help").stdout
    options = """--target --formula --event --columns --exclude --reference --frequency --weights
        --offset --l2 --standardize --no-intercept --missing --unseen --aliased --encoding
        --delimiter --decimal --split --seed --split-key --patience --plots --out --json"""
    assert all(option in text for option in options.split())
    for command, options in (
        ("predict", "--out --interval --encoding"),
        ("describe", "--target --encoding --delimiter --decimal"),
        ("evaluate", "--threshold --json --plots --encoding"),
        ("verify", "--tol --encoding"),
        ("show", "--json"),
        ("lesson", "--lang --data --x --y --event --out --plots --encoding"),
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
