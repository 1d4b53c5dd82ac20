"""Streams that cannot be written, signals, and data from standard input.

Most commands run in forks, whose streams are put as a shell puts them; a few in a real shell, to
the very end of the process.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

import sigmoide
from sigmoide.errors import FileError
from sigmoide.modelfile.atomic import write_whole
from support.cli_run import contents, refused, run
from support.cli_table import saved, table
from support.forks import Ended, call, command
from support.sweeps import generator, size

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full, and forks")

FIT = ("fit", "data.csv", "--target", "y", "--columns", "x,z,g")
# What each command prints, and writes.
COMMANDS = {
    "fit": (*FIT, "--out", "o/m.json", "--checkpoint", "o/c"),
    "fit --json": (*FIT, "--json"),
    "predict": ("predict", "m.json", "data.csv"),
    "predict --out": ("predict", "m.json", "data.csv", "--out", "o/p.csv"),
    "evaluate": ("evaluate", "m.json", "data.csv"),
    "evaluate --plots": ("evaluate", "m.json", "data.csv", "--plots", "o/p"),
    "verify": ("verify", "m.json", "data.csv"),
    "show": ("show", "m.json", "--format", "html"),
    "compare": ("compare", "m.json", "m.json"),
    "describe": ("describe", "data.csv"),
    "--help": ("fit", "--help"),
    "--version": ("--version",),
    "wrong use": ("fit", "data.csv", "--targe", "y"),
    "no data": ("fit", "nowhere.csv", "--target", "y"),
}
STATES = {
    "stderr full": {2: "full"},
    "stderr closed": {2: "closed"},
    "stderr gone": {2: "gone"},
    "stdout full": {1: "full"},
    "stdout closed": {1: "closed"},
    "stdout gone": {1: "gone"},
    "both full": {1: "full", 2: "full"},
    "both closed": {1: "closed", 2: "closed"},
    "all closed": {0: "closed", 1: "closed", 2: "closed"},
}
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """Return a folder with data, a model, and a folder for what commands write."""
    folder = tmp_path_factory.mktemp("streams")
    table().to_csv(folder / "data.csv", index=False)
    saved(folder)
    emptied(folder)
    return folder


def emptied(place: Path) -> None:
    shutil.rmtree(place / "o", ignore_errors=True)
    (place / "o").mkdir()


@pytest.fixture(autouse=True)
def fresh(place):
    emptied(place)


def put(state: dict[int, str]) -> None:
    """Put the streams of this process as a shell and Python would have them."""
    for number, what in state.items():
        if what == "closed":
            os.close(number)
        elif what == "full":
            os.dup2(os.open("/dev/full", os.O_WRONLY), number)
        else:
            reading, writing = os.pipe()
            os.close(reading)
            os.dup2(writing, number)
        name, mode = ("stdin", "r") if not number else (("stdout", "stderr")[number - 1], "w")
        text = None
        if what != "closed":
            text = open(number, mode, errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, text)


def streamed(folder: Path, state: dict[int, str], *arguments: str) -> None:
    os.chdir(folder)
    put(state)
    command(*arguments)


def plain(text: str) -> str:
    """Return what is printed of a fit without the time it took."""
    return re.sub(r"cost .*|\b\d+\.\d+(e-\d+)? s\b|\d+\.\d{6,}(e-\d+)?", "", text)


@pytest.fixture(scope="module")
def undisturbed(place) -> dict[str, tuple[Ended, dict[str, bytes]]]:
    found = {}
    for name, arguments in COMMANDS.items():
        done = call(streamed, place, {}, *arguments)
        found[name] = done, contents(place / "o")
        emptied(place)
    assert {name: done.code for name, (done, _) in found.items()} == {
        name: {"wrong use": 2, "no data": 3}.get(name, 0) for name in COMMANDS
    }
    return found


@pytest.mark.parametrize(
    ("name", "state"),
    [
        (name, state)
        for name in COMMANDS
        for state in STATES
        # Pictures take seconds.
        if name != "evaluate --plots" or state in ("stdout full", "both closed")
    ],
)
def test_streams_that_cannot_be_written_end_nothing(place, undisturbed, name, state):
    whole, files = undisturbed[name]
    done = call(streamed, place, STATES[state], *COMMANDS[name])
    broken = STATES[state].get(1)
    unprinted = broken in ("full", "closed") and whole.stdout != ""
    assert done.code == (1 if unprinted else whole.code)
    # What is asked to be written is, whatever cannot be printed; and the checkpoint stays then.
    kept = {"c"} if unprinted and name == "fit" else set()
    assert set(contents(place / "o")) == set(files) | kept
    for path, content in contents(place / "o").items():
        if not path.endswith("json") and path not in kept:
            assert content == files[path]
    if broken is None:
        assert plain(done.stdout) == plain(whole.stdout)
    if 2 not in STATES[state]:
        assert not done.crashed
        assert "Exception ignored" not in done.stderr
        said = done.stderr.replace(whole.stderr, "")
        words = {"full": "No space left on device", "closed": "standard output is closed"}
        if unprinted:
            assert f"sigmoide: the output cannot be printed: {words[broken]}" in said
        assert ("--resume goes on with them" in said) == bool(kept)


def in_a_shell(line: str, folder: Path) -> subprocess.CompletedProcess:
    program = f"{shlex.quote(sys.executable)} -m sigmoide"
    return subprocess.run(
        ["bash", "-c", line.replace("sigmoide", program, 1) + "; exit ${PIPESTATUS[0]}"],
        cwd=folder,
        capture_output=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("sigmoide --help >/dev/full", 1),
        ("sigmoide --version >&-", 1),
        ("sigmoide fit --help | head -1", 0),
        ("sigmoide --help >/dev/full 2>&1", 1),
        ("sigmoide nothing 2>/dev/full", 2),
        ("sigmoide show m.json >/dev/full", 1),
        ("sigmoide fit data.csv --target y --columns x --out o/m.json 2>&- >&- <&-", 1),
        ("sigmoide fit data.csv --target y --columns x --out o/m.json | true", 0),
        ("sigmoide fit data.csv --target y --columns x --out o/m.json 2> >(head -1 >&2)", 0),
        ("sigmoide predict m.json data.csv | head -1", 0),
    ],
)
def test_to_the_end_of_the_process(place, line, code):
    """Python flushes what is left at its end, complains of that, and leaves with 120."""
    done = in_a_shell(line, place)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    if "--out" in line:
        assert sigmoide.read_model(place / "o" / "m.json").status == "proved"
    if "head -1" in line and "2>" not in line:
        assert len(done.stdout.splitlines()) == 1
        assert done.stderr == b""


def test_a_closed_stream_is_not_the_next_file_that_is_opened(place):
    """What a library prints on descriptor 1 or 2 would be written into it."""
    done = call(opened_next, place, {1: "closed", 2: "closed"})
    assert done.value == [True, True, True]


def opened_next(folder, state):
    put(state)
    from sigmoide.cli.process import standard_streams

    with standard_streams():
        with (folder / "o" / "f").open("wb") as file:
            after = file.fileno() > 2
            for number in (1, 2):
                try:
                    os.write(number, b"printed by a library")
                except OSError:
                    continue
        empty = (folder / "o" / "f").read_bytes() == b""
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    return [after, empty, sys.stdin is not None]


def test_progress_of_the_estimator_ends_nothing():
    for state in ({2: "full"}, {2: "closed"}, {2: "gone"}):
        done = call(verbose, state)
        assert (done.code, done.value, done.stdout) == (0, True, "")


def verbose(state):
    put(state)
    found = sigmoide.LogisticRegression(verbose=1).fit(table()[["x", "z"]], table()["y"])
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    return bool(found.certificate_.proved)


# What is printed, and what is saved


def test_a_table_is_printed_despite_a_failed_save(place):
    whole = call(streamed, place, {}, *FIT)
    for out in ("/dev/full", "o/m.json"):
        kept = ("--checkpoint", "o/c")
        done = call(filled, place, *FIT, "--out", out, *kept, "--plots", "o/p")
        assert done.code == 3, done.stderr
        assert plain(done.stdout) == plain(whole.stdout)
        first, second = [line for line in done.stderr.splitlines() if "sigmoide:" in line]
        assert first.startswith(f"sigmoide: {out}: the file cannot be written: No space left on")
        assert second.startswith("sigmoide: o/p")
        assert "model written" not in done.stderr
        assert "reads of the fit are kept in o/c: --resume" in done.stderr
        assert set(contents(place / "o")) == {"c"}
        # So that nothing has to be done again.
        again = call(streamed, place, {}, *FIT, "--out", "o/m.json", *kept, "--resume")
        assert again.code == 0
        assert set(contents(place / "o")) == {"m.json"}
        emptied(place)


def filled(folder, *arguments):
    """Run a command on a disk that is full but for what is appended to a checkpoint."""
    os.chdir(folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    os.replace = full
    command(*arguments)


def test_a_failed_print_and_a_failed_save_are_both_said(place):
    done = call(streamed, place, {1: "full"}, *FIT, "--out", "/dev/full")
    # The code is that of the first.
    assert done.code == 3
    assert "sigmoide: /dev/full: the file cannot be written" in done.stderr
    assert "sigmoide: the output cannot be printed" in done.stderr


def test_a_lesson_is_written_where_it_cannot_be_printed(tmp_path):
    birthwt = Path(__file__).parents[1] / "references" / "birthwt.csv"
    own = ("lesson", "--data", birthwt, "--x", "age,lwt", "--y", "low", "--notebook", "n")
    state = {1: "full", 2: "gone"}
    assert call(streamed, tmp_path, state, *own).code == 0
    assert set(contents(tmp_path)) == {"n"}
    done = call(streamed, tmp_path, state, *own, "--out", "o", "--html", "h")
    assert done.code == 1
    files = {"n", "h", "o/lesson.txt", "o/data.csv", "o/trajectory.csv"}
    assert set(contents(tmp_path)) == files


# Files written whole


def test_a_name_of_any_length_is_written(tmp_path):
    for name in ("n" * 255, "n" * 253, "ñ" * 126, "😀" * 63, "n" * 250 + ".json"):
        for content in ("text\n", b"bytes\n", iter(["in ", "parts\n"])):
            write_whole(tmp_path / name, content)
        assert (tmp_path / name).read_text() == "in parts\n"
        assert set(contents(tmp_path)) == {name}
        (tmp_path / name).unlink()
    with pytest.raises(FileError, match="File name too long"):
        write_whole(tmp_path / ("n" * 256), "text")


@pytest.mark.parametrize("mode", [0o4755, 0o2755, 0o1777, 0o7777, 0o600, 0o444])
def test_the_rights_of_a_file_stay_and_no_more(tmp_path, mode):
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(mode)
    write_whole(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == mode & 0o777
    assert path.read_text() == "new"


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path):
    for mask in (0o022, 0o077, 0o002):
        before = os.umask(mask)
        try:
            write_whole(tmp_path / f"{mask}", "new")
            (tmp_path / "other").write_text("other")
        finally:
            os.umask(before)
        ours, other = (tmp_path / f"{mask}").stat(), (tmp_path / "other").stat()
        assert ours.st_mode == other.st_mode
        (tmp_path / "other").unlink()


# Signals


def signalled(folder, sent, *arguments):
    """Run a command that gets these signals, each after so many seconds; from standard input."""
    os.chdir(folder)
    os.dup2(os.open("data.csv", os.O_RDONLY), 0)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    for number, after in sent:
        timer = threading.Timer(after, os.kill, (os.getpid(), number))
        timer.daemon = True
        timer.start()
    from sigmoide.__main__ import run as program

    sys.argv = ["sigmoide", *arguments]
    program()


SIGNALLED = {
    "fit": (
        *("fit", "-", "--target", "y", "--columns", "x,z,g", "--cov", "bootstrap"),
        *("--replicates", "400", "--out", "o/m.json", "--checkpoint", "o/c", "--cache", "o"),
    ),
    "predict": ("predict", "m.json", "-", "--out", "o/p.csv", "--cache", "o"),
    "evaluate": ("evaluate", "m.json", "-", "--plots", "o/p", "--cache", "o"),
}
# Pictures take seconds.
TIMES = {"fit": (150, 14), "predict": (120, 14), "evaluate": (30, 3)}


@pytest.fixture(scope="module")
def unsignalled(place) -> dict[str, tuple[float, dict[str, bytes]]]:
    """Return how long each command takes, and what it leaves."""
    found = {}
    for name, arguments in SIGNALLED.items():
        start = time.perf_counter()
        done = call(signalled, place, (), *arguments)
        assert done.code == 0, done.stderr
        found[name] = time.perf_counter() - start, contents(place / "o")
        emptied(place)
    return found


@pytest.mark.sweep
@pytest.mark.parametrize("name", SIGNALLED)
def test_a_signal_at_any_moment_leaves_whole_files_only(place, unsignalled, name):
    rng = generator(f"signals of {name}")
    lasts, files = unsignalled[name]
    ended = 0
    for k in range(size(*TIMES[name])):
        emptied(place)
        old = k % 2 == 0
        target = next(iter(sorted(f for f in files if not f.endswith("svg"))))
        if old and name != "evaluate":
            (place / "o" / target).write_bytes(b"old")
        number = ENDING[rng.integers(3)]
        after = float(rng.uniform(0.0, 1.1 * lasts))
        sent = [(number, after), (number, after + 0.003), (ENDING[rng.integers(3)], after + 0.02)]
        done = call(signalled, place, sent[: rng.integers(1, 4)], *SIGNALLED[name])
        left = contents(place / "o")
        codes = {128 + int(n) for n, _ in sent} | {-int(n) for n, _ in sent}
        assert done.code in codes | {0}, (done.code, done.stderr)
        assert "Traceback" not in done.stderr
        assert set(left) <= {*files, "c"}, (set(left), done.stderr)
        for path, content in left.items():
            if path.endswith(("svg", "png", "csv")):
                assert content in (files[path], b"old")
            elif path == "m.json" and content != b"old":
                json.loads(content)
        if done.code == 0:
            assert set(left) == set(files)
        elif done.code > 0:
            ended += 1
            # The last word is of the end, and of what is kept.
            assert "interrupted" in done.stderr.splitlines()[-1]
        if "c" in left:
            again = call(signalled, place, (), *SIGNALLED[name], "--resume")
            assert again.code == 0, again.stderr
            assert set(contents(place / "o")) == set(files)
    assert ended or name == "evaluate"


@pytest.mark.parametrize("number", ENDING)
def test_each_signal_has_its_code(place, number):
    done = call(signalled_at_a_read, place, number, *FIT, "--out", "o/m.json")
    assert done.code == 128 + number
    assert done.stderr.splitlines()[-1] == "sigmoide: interrupted; nothing was written"
    assert not contents(place / "o")
    done = call(signalled_at_a_read, place, number, *FIT, "--checkpoint", "o/c")
    assert done.code == 128 + number
    assert "kept in o/c. Go on with the same command and --resume" in done.stderr
    assert set(contents(place / "o")) == {"c"}


def signalled_at_a_read(folder, number, *arguments):
    os.chdir(folder)
    import sigmoide.report.text as reading

    line = reading.reading_line

    def stopping(seen, shown):
        if seen.reads >= 3:
            os.kill(os.getpid(), number)
        return line(seen, shown)

    reading.reading_line = stopping
    command(*arguments)


def test_a_second_signal_does_not_end_the_cleaning_up(tmp_path):
    done = call(cleaned_up, tmp_path)
    assert done.code == 143
    assert not contents(tmp_path)


def cleaned_up(folder):
    from sigmoide.cli.process import interruptible, signal_of

    def parts():
        yield "begun"
        os.kill(os.getpid(), signal.SIGTERM)

    unlink = Path.unlink

    def twice(*arguments, **keywords):
        os.kill(os.getpid(), signal.SIGINT)
        unlink(*arguments, **keywords)

    Path.unlink = twice
    with interruptible():
        try:
            write_whole(folder / "f", parts())
        except KeyboardInterrupt as stop:
            sys.exit(128 + signal_of(stop))


def test_a_signal_that_a_finaliser_swallows_is_not_lost():
    done = call(swallowed)
    assert (done.code, done.stderr) == (143, "")


def swallowed():
    from sigmoide.cli.process import interruptible, signal_of

    class Final:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.01)

    with interruptible():
        try:
            held = Final()
            del held
            time.sleep(10)
        except KeyboardInterrupt as stop:
            sys.exit(128 + signal_of(stop))


def test_nohup_stays_nohup(place):
    done = call(ignored, place, *FIT, "--out", "o/m.json")
    assert done.code == 0
    assert set(contents(place / "o")) == {"m.json"}


def ignored(folder, *arguments):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signalled_at_a_read(folder, signal.SIGHUP, *arguments)


def test_handlers_are_put_back_and_others_left_alone(place):
    assert call(handlers, place).value == [True, True, True]


def handlers(folder):
    def own(*_):
        pass

    signal.signal(signal.SIGTERM, own)
    with suppress(SystemExit):
        command("show", folder / "m.json")
    return [
        signal.getsignal(signal.SIGTERM) is own,
        signal.getsignal(signal.SIGHUP) is signal.SIG_DFL,
        signal.getsignal(signal.SIGINT) is signal.default_int_handler,
    ]


# Standard input


def given(folder, data, *arguments):
    """Run a command with a file behind a pipe as its standard input."""
    os.chdir(folder)
    cat = subprocess.Popen(["cat", data], stdout=subprocess.PIPE)
    os.dup2(cat.stdout.fileno(), 0)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    command(*arguments)


@pytest.fixture(scope="module")
def forms(place) -> tuple[str, ...]:
    frame = pd.read_csv(place / "data.csv")
    frame.to_parquet(place / "data.parquet")
    frame.to_feather(place / "data.arrow")
    (place / "data.csv.gz").write_bytes(gzip.compress((place / "data.csv").read_bytes()))
    return ("data.csv", "data.csv.gz", "data.parquet", "data.arrow")


@pytest.mark.parametrize("memory", ["256MB", "2GB"])
def test_a_fit_of_standard_input_has_the_bits_of_the_file(place, forms, memory):
    asked = ("--target", "y", "--columns", "x,z,g", "--json", "--memory", memory, "--cache", "o")
    for form in forms:
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(place)
            whole = model_entries(run("fit", form, *asked).stdout)
        done = call(given, place, form, "fit", "-", *asked)
        assert done.code == 0, done.stderr
        ours = model_entries(done.stdout)
        assert ours["fitted_on"].pop("source") == "standard input"
        assert whole["fitted_on"].pop("source") == form
        assert ours == whole
        assert not contents(place / "o")


def model_entries(text: str) -> dict:
    """Return what is printed of a model, without the time it took."""
    entries = json.loads(text)
    entries["fit"].pop("seconds")
    for step in entries["fit"]["history"]:
        step.pop()
    return entries


@pytest.mark.parametrize(
    "asked",
    [
        ("predict", "m.json", "DATA"),
        ("evaluate", "m.json", "DATA"),
        ("verify", "m.json", "DATA"),
        ("describe", "DATA"),
    ],
)
def test_standard_input_gives_what_the_file_gives(place, forms, asked):
    for form in ("data.csv.gz", "data.arrow"):
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(place)
            whole = run(*(form if part == "DATA" else part for part in asked))
        named = ["-" if part == "DATA" else part for part in asked]
        done = call(given, place, form, *named, "--cache", "o")
        assert done.code == whole.exit_code == 0, done.stderr
        # The name may be longer, and lines are broken elsewhere then.
        words = done.stdout.replace("standard input", form).split()
        assert words == whole.stdout.split()
        assert not contents(place / "o")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "standard input: the file is empty"),
        (b"a,b\n1,2,3\n", "standard input, line 2: 3 values where the header has 2 columns"),
        (b"PK\x03\x04" + bytes(40), "standard input: this is a zip archive"),
        (b"\x1f\x8bbroken", "standard input: the gzip file is broken"),
        (b"y,x\n0,1\n", "standard input"),
    ],
)
def test_messages_call_it_standard_input(place, text, words):
    (place / "broken").write_bytes(text)
    done = call(given, place, "broken", "fit", "-", "--target", "y", "--cache", "o")
    assert done.code == 3
    assert done.stderr.startswith(f"sigmoide: {words}")
    assert "sigmoide-" not in done.stderr
    assert str(place) not in done.stderr
    assert not list((place / "o").iterdir())


def test_what_cannot_be_read_from_standard_input(place):
    def asked(state):
        return call(devices, place, state, "fit", "-", "--target", "y")

    for state, words in (
        ("closed", "standard input cannot be read: Bad file descriptor"),
        ("/dev/zero", "standard input is a device, not a table"),
        ("/dev/null", "standard input: the file is empty"),
        (".", "standard input cannot be read: Is a directory"),
    ):
        done = asked(state)
        assert (done.code, done.crashed) == (3, False)
        assert done.stderr.startswith(f"sigmoide: {words}"), done.stderr
    done = asked("terminal")
    assert done.code == 2
    assert "that is a terminal" in done.stderr


def devices(folder, what, *arguments):
    os.chdir(folder)
    if what == "closed":
        put({0: "closed"})
    else:
        if what == "terminal":
            import pty

            held = pty.openpty()[1]
        else:
            held = os.open(what, os.O_RDONLY)
        os.dup2(held, 0)
        sys.stdin = open("/dev/fd/0") if what == "terminal" else Standing()  # noqa: SIM115
    command(*arguments)


class Standing:
    """Standard input as Python has it, of a folder too, which ``open`` refuses."""

    def __init__(self):
        self.buffer = os.fdopen(os.dup(0), "rb") if not os.path.isdir("/dev/fd/0") else Folder()

    def isatty(self):
        return False


class Folder:
    def fileno(self):
        return 0

    def read(self, count):
        return os.read(0, count)


def test_pipes_are_copied_too(place, forms):
    (place / "pipe").unlink(missing_ok=True)
    os.mkfifo(place / "pipe")
    whole = run("describe", place / "data.csv").stdout
    for name in ("pipe", "/dev/stdin"):
        done = call(piped, place, "describe", name, "--cache", "o")
        assert done.code == 0, done.stderr
        assert done.stdout.split("\n", 1)[1] == whole.split("\n", 1)[1]
        assert not contents(place / "o")
    (place / "pipe").unlink()


def piped(folder, *arguments):
    os.chdir(folder)
    feeder = subprocess.Popen(["sh", "-c", "cat data.csv > pipe"])
    try:
        given(folder, "data.csv", *arguments)
    finally:
        feeder.kill()


def test_a_file_that_is_called_so(place):
    (place / "-").write_bytes((place / "data.csv").read_bytes())
    done = call(streamed, place, {}, "describe", "./-")
    (place / "-").unlink()
    assert done.code == 0
    assert done.stdout.startswith("-: 120 rows")


def test_no_room_for_the_copy(place):
    done = call(devices_full, place, "fit", "-", "--target", "y", "--cache", "o")
    assert done.code == 3
    assert "standard input can be read only once, and is copied there: the disk is full, " in (
        done.stderr
    )
    assert "--cache DIR" in done.stderr
    assert not list((place / "o").iterdir())
    done = call(given, place, "data.csv", "fit", "-", "--target", "y", "--cache", "nowhere")
    assert done.code == 3
    assert "no copy can be made in nowhere" in done.stderr


def devices_full(folder, *arguments):
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    given(folder, "data.csv", *arguments)


def test_a_notebook_needs_a_file(place):
    refused(
        run("lesson", "--data", "-", "--y", "y", "--notebook", place / "o" / "n.ipynb"),
        2,
        "--notebook was given",
        "can be read only once",
    )
    assert not contents(place / "o")
