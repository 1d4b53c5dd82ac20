"""Fits beyond memory: the same answers and the same refusals, within the limit, nothing left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.csv import CSVWriter

import sigmoide
from sigmoide.design import census
from sigmoide.design.design import Term
from sigmoide.design.prepare import Request, prepare
from sigmoide.design.stream import transcribe
from sigmoide.errors import ColumnError, DataError, FileError
from sigmoide.sources import options
from sigmoide.sources.arrow import ObjectReader
from sigmoide.sources.formats import Data, in_memory, open_data, open_reader
from sigmoide.sources.frames import read_source
from sigmoide.sources.options import Limits, ReadOptions
from support.cli_run import run

SMALL = "2MB"


@pytest.fixture(autouse=True)
def small_machine(monkeypatch):
    """The program itself takes nothing, so that a small table may be too large."""
    monkeypatch.setattr(options, "LEAST", 0)


@pytest.fixture
def cache(tmp_path):
    """A folder in which nothing may be left."""
    folder = tmp_path / "cache"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def table(rows: int = 30_000) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    x, z = rng.normal(size=rows), rng.normal(size=rows) * 1e6 + 1e9
    g = rng.choice(["north", "south", "west"], rows)
    eta = 0.5 * x - (g == "south") + (z - 1e9) / 3e6
    frame = pd.DataFrame({"y": rng.random(rows) < 1 / (1 + np.exp(-eta)), "x": x, "g": g, "z": z})
    frame["s"] = rng.integers(0, 3, rows)
    frame.loc[rng.random(rows) < 0.1, "x"] = np.nan
    return frame


def model(result) -> str:
    """Return the model file without what may differ: seconds, notes and the source's name."""
    from sigmoide.modelfile.to_json import to_json

    entries = to_json(result.model)
    entries["fit"].pop("seconds")
    entries["fit"]["history"] = [entry[:3] for entry in entries["fit"]["history"]]
    for name in ("notes", "source"):
        entries["fitted_on"].pop(name)
    return json.dumps(entries)


# The same answers


@pytest.mark.parametrize(
    ("formula", "arguments"),
    [
        ("y ~ x + g", {}),
        ("y ~ x + g + z - 1", {"frequency": "s"}),
        ("y ~ x + g", {"missing": "indicator", "weights": "s", "l2": 3.0}),
        ("y ~ g", {"offset": "x"}),
        ("y ~ x + C(s)", {}),
    ],
)
def test_fits_have_the_same_bits(formula, arguments, tmp_path, cache):
    frame = table()
    whole = model(sigmoide.logit(formula, frame, **arguments))
    frame.to_csv(tmp_path / "f.csv", index=False)
    frame.to_parquet(tmp_path / "f.parquet", row_group_size=4000)
    for data in (tmp_path / "f.csv", tmp_path / "f.parquet", frame):
        found = sigmoide.logit(formula, data, memory=SMALL, cache=cache, **arguments)
        assert model(found) == whole
        (note,) = [note for note in found.model.notes if note.startswith("streamed: ")]
        assert "the memory allowed does not hold" in note


def test_arrays_given_beside_the_data(tmp_path, cache):
    frame = table()
    frame.to_parquet(tmp_path / "f.parquet")
    given = {"weights": np.linspace(0, 1, len(frame)), "offset": np.sin(np.arange(len(frame)))}
    whole = sigmoide.logit("y ~ x", frame, **given)
    found = sigmoide.logit("y ~ x", tmp_path / "f.parquet", memory=SMALL, cache=cache, **given)
    assert model(found) == model(whole)
    for short in (given["weights"][:-1], np.ones(len(frame) + 1)):
        with pytest.raises(DataError, match=r"the weights given has the shape .* 30000 rows"):
            sigmoide.logit("y ~ x", tmp_path / "f.parquet", memory=SMALL, weights=short)


def test_what_can_be_read_only_once(cache, monkeypatch):
    frame = table()
    once = pa.Table.from_pandas(frame).to_reader(500)
    found = sigmoide.logit("y ~ x + g", once, memory=SMALL, cache=cache)
    assert model(found) == model(sigmoide.logit("y ~ x + g", frame))
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 1024)
    k = [2**60 + i % 3 if i > 29_000 else 7 for i in range(30_000)]
    labels = pa.table({"y": frame.y, "k": k})
    with pytest.raises(DataError, match=r"'k' shows what it is only after row .* only once. Write"):
        sigmoide.logit("y ~ k", labels.to_reader(500), memory="1MB", cache=cache)


def test_judged_by_the_same_figures(tmp_path, cache):
    frame, path = table(), tmp_path / "f.csv"
    frame.to_csv(path, index=False)
    result = sigmoide.logit("y ~ x + g", frame)
    options = ReadOptions(memory=SMALL, cache=cache)
    with pytest.warns(sigmoide.errors.MissingWarning, match="rows are left out"):
        whole = result.evaluate(frame)
    with pytest.warns(sigmoide.errors.MissingWarning, match="rows are left out"):
        assert result.evaluate(path, options=options) == whole
    assert result.verify(path, options=options) == result.verify(frame)
    inside, beyond = result.predicted(frame), result.predicted(path, options=options)
    assert inside.eta.tobytes() == beyond.eta.tobytes()
    assert inside.standard_error.tobytes() == beyond.standard_error.tobytes()
    assert inside.account == beyond.account
    assert inside.account.lost


def test_the_command_line(tmp_path, cache):
    path = tmp_path / "f.csv"
    table().to_csv(path, index=False)
    streamed = ("--memory", SMALL, "--cache", cache)
    kept = []
    for more in ((), streamed):
        out, rows = tmp_path / f"m{len(more)}.json", tmp_path / f"p{len(more)}.csv"
        fitted = run("fit", path, "--formula", "y ~ x + g", "--out", out, *more)
        assert fitted.exit_code == 0, fitted.stderr
        assert ("read 0: f.csv, 30,000 of about 3" in fitted.stderr) == bool(more)
        said = "streamed: the memory allowed does not hold f.csv" in fitted.stdout
        assert said == bool(more)
        verified = run("verify", out, path, *more)
        assert verified.exit_code == 0, verified.stderr
        judged = run("evaluate", out, path, *more)
        assert judged.exit_code == 0, judged.stderr
        predicted = run("predict", out, path, "--interval", "--out", rows, *more)
        assert predicted.exit_code == 0, predicted.stderr
        printed = run("predict", out, path, "--interval", *more)
        assert printed.stdout == rows.read_text()
        kept.append((verified.stdout, judged.stdout, judged.stderr, rows.read_text()))
    assert kept[0] == kept[1]


def test_a_prediction_that_breaks_off_leaves_the_old_file(tmp_path, cache):
    path, out, rows = tmp_path / "f.csv", tmp_path / "m.json", tmp_path / "p.csv"
    table().to_csv(path, index=False)
    assert run("fit", path, "--formula", "y ~ x + g", "--out", out).exit_code == 0
    rows.write_text("the old file\n")
    with path.open("a") as file:
        file.write("True,1.0,east,1.0,1\n")
    done = run("predict", out, path, "--out", rows, "--memory", SMALL, "--cache", cache)
    assert done.exit_code == 3
    assert "line 30002: column 'g' holds 'east', which was not among the levels" in done.stderr
    assert rows.read_text() == "the old file\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "f.csv", "m.json", "p.csv"]


def test_what_needs_the_rows_in_memory(tmp_path, cache):
    path = tmp_path / "f.csv"
    table().to_csv(path, index=False)
    for option, words in (("--split=every:3", "a split of f.csv"), ("--plots=p", "a picture of")):
        done = run("fit", path, "--target", "y", option, "--memory", SMALL, "--cache", cache)
        assert done.exit_code == 2
        assert words in done.stderr
        assert "needs all rows in memory" in done.stderr
    done = run("describe", path, "--memory", SMALL)
    assert done.exit_code == 2
    assert "a description of f.csv was asked for, which needs all rows in memory" in done.stderr
    assert run("fit", path, "--target", "y", "--memory", "lots").exit_code == 2


# What goes wrong


ASKED = Request("y", (Term("x", "x"), Term("g", "g")))


def both(path, request=ASKED, options=None, cache=None) -> str:
    """Return what is refused, the same in memory and beyond."""
    with pytest.raises(DataError) as inside:
        prepare(in_memory(read_source(path, options)), request)
    with pytest.raises(type(inside.value)) as beyond:
        prepare(Data(open_reader(path, options), Limits(10**9, cache)), request)
    assert str(beyond.value) == str(inside.value)
    return str(inside.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,2.5", "line 20002: 2 values where the header has 3 columns"),
        ('1,2.5,"a', "line 20002: a quote opens in this line and is never closed"),
        ("1,inf,a", "line 20002: column 'x' holds inf, which is infinite"),
        ("1,1e200,a", "line 20002: column 'x' holds 1e200, which is too large to work with"),
        ("1,many,a", "line 20002: column 'x' holds 'many', which is no number"),
        ("1,2.5,a\0", "line 20002: column 'g' holds NUL bytes"),
        ("2,2.5,a", "'2' is met at line 20002"),
    ],
)
def test_lines_that_cannot_be_used(line, words, tmp_path, cache, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 64)
    path = tmp_path / "f.csv"
    good = "".join(f"{i % 2},{i % 90 / 10},{'abc'[i % 3]}\n" for i in range(20_000))
    below = "" if '"' in line else good
    path.write_text(f"y,x,g\n{good}{line}\n{below}")
    assert words in both(path, cache=cache)


def test_columns_that_cannot_be_used(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 64)
    path = tmp_path / "f.csv"
    for values, words in (
        ([f"{i}%" for i in range(300)], "line 2: column 'g' holds percentages, such as '0%'"),
        ([f"2024-05-{i % 28 + 1}" for i in range(300)], "column 'g' holds dates"),
        ([f"p{i}" for i in range(300)], "as many levels as rows (300), such as 'p0' (line 2)"),
        (["", "NA"] * 150, "column 'g' has no values at all"),
    ):
        frame = pd.DataFrame({"y": [0, 1] * 150, "x": np.arange(300) % 7 / 2, "g": values})
        frame.to_csv(path, index=False)
        assert words in both(path, cache=cache)
    frame.rename(columns={"g": "h"}).to_csv(path, index=False)
    assert "there is no column 'g'" in both(path, cache=cache)
    frame.assign(g=pd.Timestamp("2024-05-01")).to_parquet(tmp_path / "f.parquet")
    assert "column 'g' holds dates or times" in both(tmp_path / "f.parquet", cache=cache)


def test_more_levels_than_the_memory_is_to_hold(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 256)
    path = tmp_path / "f.csv"
    frame = table().assign(g=[f"someone {i}" for i in range(30_000)])
    frame.to_csv(path, index=False)
    with pytest.raises(ColumnError, match=r"'g' has more than [\d,]+ different texts") as told:
        sigmoide.logit("y ~ x + g", path, memory="900kB", cache=cache)
    assert "such as 'someone 0'" in str(told.value)
    assert "An identifier teaches nothing" in str(told.value)
    shares = ["" if i < 300 else f"{i}%" for i in range(30_000)]
    frame.assign(g=shares).to_csv(path, index=False)
    words = r"line 302: column 'g' holds percentages, such as '300%'"
    with pytest.raises(ColumnError, match=words):
        sigmoide.logit("y ~ x + g", path, memory="900kB", cache=cache)


def late_word(path: Path) -> None:
    frame = pd.DataFrame({"y": [0, 1] * 150, "x": np.arange(300) % 7, "g": ["1", "2", "3"] * 100})
    frame.loc[250, "g"] = "u"
    frame.to_csv(path, index=False)


@pytest.mark.parametrize("how", ["other rows", "more rows", "touched", "a number again"])
def test_a_file_that_changes_between_two_reads(how, tmp_path, cache, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 64)
    path = tmp_path / "f.csv"
    late_word(path)
    real = transcribe._Pass.run

    def run_and_change(self):
        found = real(self)
        if found is None:
            before = path.stat()
            text = path.read_text()
            text = {
                "other rows": text.replace("0,3,1", "0,4,1", 1),
                "more rows": text + "0,1,1\n",
                "touched": text,
                "a number again": text.replace(",u\n", ",2\n"),
            }[how]
            path.write_text(text)
            # A clock that is too coarse, or set back, hides all but the rows themselves.
            late = 10**9 if how == "touched" else 0
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + late))
        return found

    monkeypatch.setattr(transcribe._Pass, "run", run_and_change)
    with pytest.raises(FileError, match="the file was changed while it was read") as told:
        prepare(Data(open_reader(path), Limits(10**9, cache)), ASKED)
    assert str(path) in str(told.value)


def test_objects_that_hand_out_other_rows_the_second_time(cache, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 64)
    held = pa.table({"y": [0, 1] * 100, "x": [1.0, 2.0] * 100, "g": [7] * 190 + [2**60 + 1] * 10})
    made = []

    def hand_out(columns):
        made.append(columns)
        turned = held if len(made) == 1 else held.slice(0, 150)
        yield from turned.select(columns).to_batches(max_chunksize=30)

    reader = ObjectReader(held.schema, hand_out, again=True)
    same = ObjectReader(held.schema, lambda c: iter(held.select(c).to_batches()), again=True)
    found = prepare(Data(same, Limits(10**9, cache)), ASKED)
    assert found.source_rows == 200
    with pytest.raises(DataError, match="other rows came the second time"):
        prepare(Data(reader, Limits(10**9, cache)), ASKED)


def test_signatures_tell_data_apart(tmp_path, cache):
    def signature(path, request=ASKED):
        ready = prepare(Data(open_reader(path), Limits(10**9, cache)), request)
        ready.close()
        return ready.signature

    path = tmp_path / "f.csv"
    late_word(path)
    first = signature(path)
    assert signature(path) == first
    assert first.rows == 300
    assert first.files[0].size == path.stat().st_size
    state = path.stat()
    path.write_text(path.read_text().replace("0,3,1", "0,4,1", 1))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    second = signature(path)
    assert second.files == first.files
    assert second.checksum != first.checksum
    assert signature(path, Request("y", (Term("x", "x"),))).checksum != second.checksum


def test_an_interruption_leaves_nothing(tmp_path, cache, monkeypatch):
    path = tmp_path / "f.csv"
    table().to_csv(path, index=False)

    def interrupted(*arguments, **keywords):
        raise KeyboardInterrupt

    for place in ("sigmoide.design.prepare.learn", "sigmoide.api.logit.fit_by_method"):
        with monkeypatch.context() as patched:
            patched.setattr(place, interrupted)
            with pytest.raises(KeyboardInterrupt):
                sigmoide.logit("y ~ x", path, memory=SMALL, cache=cache)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with room for 256 kB, where the system lets this user have one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("this system has no mount")
    if made.returncode:
        pytest.skip(f"no file system may be mounted here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("csv", "and 262 kB are free"),
        ("parquet", r"needs about 390 kB there, and 262 kB are free"),
        ("batches", "the disk is full: after"),
    ],
)
def test_a_disk_without_enough_room(kind, words, tmp_path, small_disk):
    """How many rows a reader of batches will bring is not known before."""
    data = tmp_path / f"f.{kind}"
    if kind == "batches":
        data = pa.Table.from_pandas(table()).to_reader(2000)
    elif kind == "csv":
        table().to_csv(data, index=False)
    else:
        table().to_parquet(data)
    with pytest.raises(FileError, match=words) as told:
        sigmoide.logit("y ~ x", data, memory="1MB", cache=small_disk)
    assert str(small_disk) in str(told.value)
    assert "--cache DIR" in str(told.value)
    assert list(small_disk.iterdir()) == []
    assert os.statvfs(small_disk).f_bfree == os.statvfs(small_disk).f_blocks


def test_killed_without_a_word(tmp_path, cache):
    path = tmp_path / "f.csv"
    table().to_csv(path, index=False)
    script = (
        "import os, signal, sys\n"
        "from sigmoide.sources import options\n"
        "from sigmoide.sources.formats import open_data\n"
        "from sigmoide.sources.options import ReadOptions\n"
        "from sigmoide.design.prepare import Request, prepare\n"
        "options.LEAST = 0\n"
        "data = open_data(sys.argv[1], ReadOptions(memory='2MB', cache=sys.argv[2]))\n"
        "ready = prepare(data, Request('y', ()))\n"
        "assert ready.blocks.n_rows == 30_000\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path, cache], timeout=60)
    assert done.returncode == -9


# The limit


def peak_of(arguments: list[str], given: Path | None = None) -> tuple[int, float]:
    """Run a command, and return its exit code and the most anonymous memory it had, in bytes."""
    stdin = None if given is None else subprocess.Popen(["cat", given], stdout=-1).stdout
    child = subprocess.Popen(arguments, stdin=stdin, stdout=-3, stderr=-3)
    peak = 0
    while child.poll() is None:
        try:
            status = Path(f"/proc/{child.pid}/status").read_text()
        except OSError:
            break
        for line in status.splitlines():
            if line.startswith("RssAnon"):
                peak = max(peak, 1024 * int(line.split()[1]))
        time.sleep(0.01)
    return child.wait(), peak


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux' /proc")
@pytest.mark.parametrize("kind", ["parquet", "csv", "csv, piped"])
def test_the_limit_is_kept(kind, tmp_path, cache):
    kind, _, piped = kind.partition(", ")
    rng = np.random.default_rng(1)
    path, rows, groups = tmp_path / f"f.{kind}", 200_000, 15
    names = [f"x{j}" for j in range(20)]
    schema = pa.schema([("y", pa.int8()), *((name, pa.float64()) for name in names)])
    if kind == "csv":
        opened = CSVWriter(path, schema)
    else:
        # A dictionary of numbers that are all different is tried in vain, which takes long.
        opened = pq.ParquetWriter(path, schema, use_dictionary=False)
    with opened as writer:
        for _ in range(groups if kind == "parquet" else 3):
            X = rng.normal(size=(rows, 20))
            y = (rng.random(rows) < 0.5).astype(np.int8)
            writer.write_table(pa.table([y, *X.T], schema=schema), rows)
    limit = 400 * 10**6
    data, given = ("-", path) if piped else (path, None)
    asked = ("fit", data, "--target", "y", "--memory", limit, "--cache", cache)
    code, peak = peak_of([sys.executable, "-m", "sigmoide", *map(str, asked)], given)
    assert not list(cache.iterdir())
    assert code in (0, 4)
    assert path.stat().st_size > 0.35 * limit
    assert 10**8 < peak < limit


def test_the_choice_is_said_in_words(tmp_path, cache):
    path = tmp_path / "f.csv"
    table().to_csv(path, index=False)
    data = open_data(path, ReadOptions(memory=SMALL, cache=cache))
    ready = prepare(data, Request("y", (Term("x", "x"),)))
    assert ready.notes == (
        "streamed: the memory allowed does not hold f.csv; read in pieces, once, and then from a "
        "cache of 510 kB",
    )
    ready.close()


def test_the_first_read_is_told_of_now_and_then(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(census, "rows_per_block", lambda terms: 100)
    table().to_parquet(tmp_path / "f.parquet")
    told = []
    data = open_data(tmp_path / "f.parquet", ReadOptions(memory=SMALL, cache=cache))
    prepare(data, Request("y", (Term("x", "x"),)), lambda *said: told.append(said)).close()
    assert told == [(3000 * k, 30_000) for k in range(1, 11)]
