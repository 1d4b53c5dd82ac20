"""A checkpoint that is forged, foreign or damaged costs time and never truth."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

import sigmoide
from sigmoide.errors import CheckpointError, CheckpointWarning, UsageError
from support import forks
from support.cli_run import contents, refused, run
from support.forged import (
    CASES,
    LIES,
    clean,
    forge,
    interrupted,
    packed,
    resumed,
    true_all_the_same,
    unpacked,
    with_checksum,
)
from support.sweeps import generator, size

# Steps that are lies: the first, and so many that the point is far from where it was begun.
STEPS = (1, 4)
# What is logged once where nothing was compiled before.
COMPILING = (
    "sigmoide: compiling for this processor, a few seconds, once; the code is kept for the next "
    "time.\n"
)


def outcome(name: str, path: Path) -> str:
    """Go on with a checkpoint; return how it ended, once what it says is found to be true."""
    try:
        fit = resumed(name, path)
    except CheckpointError:
        return "refused"
    true_all_the_same(name, fit)
    return fit.status


def told_lies(name: str, lies: tuple[str, ...]) -> list[str]:
    """Return how fits end that are told these lies."""
    found = []
    with TemporaryDirectory() as folder:
        for lie in lies:
            for steps in STEPS:
                path = Path(folder) / f"{lie} {steps}"
                forge(name, path, LIES[lie], steps, np.random.default_rng(7))
                assert path.read_bytes().count(b"\n") > 1
                found.append(outcome(name, path))
    return found


SLOW = ("many columns", "separated, sampled", "aliased, sampled")
MARKED = [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in CASES]


@pytest.mark.parametrize("name", MARKED)
def test_lies_of_every_kind_cost_time_only(name):
    """No column of lies, at the very points that are asked for, makes anything false."""
    # Many columns take a second each, and a minute where they are begun far away.
    lies = tuple(LIES) if name != "many columns" else ("at the optimum", "noise")
    ended = forks.call(told_lies, name, lies, patience=300.0)
    assert ended.code == 0, ended.stderr
    assert ended.value == [clean(name)[1].status] * len(lies) * len(STEPS)
    assert not ended.stderr.replace(COMPILING, "")


@pytest.mark.parametrize("name", MARKED)
def test_a_last_step_that_is_forged_proves_nothing(tmp_path, name):
    """The course is true up to its last step, which says that the optimum is reached."""
    whole = clean(name)[1]
    steps = interrupted(name, tmp_path / "whole")
    *lines, _ = (tmp_path / "whole").read_bytes().splitlines(keepends=True)
    for kept in {2, 1 + steps // 2, steps}:
        kind, numbers = unpacked(lines[kept - 1])
        p = (len(numbers) - 4) // 2 if kind == b"gradient" else _size(len(numbers))
        for scale in (0.0, 1e-12):
            forged = numbers.copy()
            # All that a proof is measured by, and the gradient: next to nothing.
            forged[p + 1 : 2 * p + 4] *= scale
            path = tmp_path / f"{kept} {scale}"
            path.write_bytes(b"".join([*lines[: kept - 1], packed(kind, forged)]))
            assert outcome(name, path) == whole.status


def _size(count: int) -> int:
    """Return p where p numbers of the point go before 4 + p + p^2 others."""
    return round(np.sqrt(count - 3)) - 1


# --- mutations


def mutated(lines: list[bytes], rng: np.random.Generator) -> list[bytes]:
    """Return the lines of a checkpoint with something wrong, and checksums that are right."""
    lines = list(lines)
    k = int(rng.integers(1, len(lines))) if len(lines) > 1 else 0
    match rng.integers(0, 9) if k else 8:
        case 0 | 1 | 2:
            kind, numbers = unpacked(lines[k])
            places = rng.random(len(numbers)) < rng.choice([0.02, 0.3, 1.0])
            wrong = [0.0, -1.0, 1e-12, 1 + 1e-9, 1e300, np.inf, np.nan]
            numbers[places] *= rng.choice(wrong)
            lines[k] = packed(kind, numbers)
        case 3:
            kind, numbers = unpacked(lines[k])
            lines[k] = packed(kind, numbers[: int(rng.integers(0, len(numbers)))])
        case 4:
            other = int(rng.integers(1, len(lines)))
            lines[k], lines[other] = lines[other], lines[k]
        case 5:
            lines.insert(k, lines[int(rng.integers(1, len(lines)))])
        case 6:
            del lines[k]
        case 7:
            kind, numbers = unpacked(lines[k])
            lines[k] = packed(b"hessian" if kind == b"gradient" else b"gradient", numbers)
        case _:
            # The first line, too.
            k = int(rng.integers(0, len(lines)))
            text = bytearray(lines[k].partition(b" ")[2].rstrip(b"\n"))
            for place in rng.integers(0, len(text), rng.integers(1, 4)):
                text[place] = rng.integers(0, 256)
            lines[k] = with_checksum(bytes(text))
    return lines


def mutations(name: str, seeds: list[int]) -> list[str]:
    """Go on with checkpoints that were mutated several times, and perhaps cut."""
    found = []
    with TemporaryDirectory() as folder:
        for seed in seeds:
            rng, path = np.random.default_rng(seed), Path(folder) / f"{seed}"
            interrupted(name, path, int(rng.integers(1, 12)))
            lines = path.read_bytes().splitlines(keepends=True)
            for _ in range(rng.integers(1, 4)):
                # What is no step any more cannot be taken apart again.
                with suppress(ValueError):
                    lines = mutated(lines, rng)
            content = b"".join(lines)
            if rng.random() < 0.25:
                content = content[: int(rng.integers(1, len(content)))]
            path.write_bytes(content)
            print(seed, flush=True)
            found.append(outcome(name, path))
    return found


@pytest.mark.sweep
def test_mutated_checkpoints_cost_time_only():
    rng = generator("mutated checkpoints")
    names = [name for name in CASES if name not in ("many columns", "separated, sampled")]
    # So many of one case in one process.
    together = 10
    each = [
        (str(rng.choice(names)), rng.integers(1 << 31, size=together).tolist())
        for _ in range(size(600, 60) // together)
    ]
    for (name, seeds), ended in zip(
        each, forks.calls(mutations, each, patience=300.0), strict=True
    ):
        assert ended.code == 0, (name, seeds, ended.stdout, ended.stderr)
        assert set(ended.value) <= {"refused", clean(name)[1].status}, (name, seeds, ended.value)


# --- from the outside


FORMULA = "y ~ a + b"


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(3000, 2)), columns=["a", "b"])
    frame["y"] = (rng.random(3000) < 1 / (1 + np.exp(-frame["a"]))).astype(int)
    path = tmp_path_factory.mktemp("table") / "data.csv"
    frame.to_csv(path, index=False)
    return path


class Stop(Exception):  # noqa: N818
    pass


def begun(table: Path, path: Path, reads: int = 4) -> list[bytes]:
    """Write the checkpoint of a fit of the table that is ended after so many reads."""

    def stop(reading):
        if reading.reads >= reads:
            raise Stop

    with pytest.raises(Stop):
        sigmoide.logit(FORMULA, table, checkpoint=path, on_read=stop)
    return path.read_bytes().splitlines(keepends=True)


def forged_at_the_end(lines: list[bytes]) -> bytes:
    kind, numbers = unpacked(lines[-1])
    numbers[4:10] = 0.0
    return b"".join([*lines[:-1], packed(kind, numbers)])


def answer(result: sigmoide.Result) -> tuple[object, ...]:
    return (
        result.params.to_numpy().tobytes(),
        result.cov_params().to_numpy().tobytes(),
        repr(result.certificate),
        result.llf,
        result.llnull,
        result.nobs,
        result.reads,
    )


def test_a_forged_checkpoint_from_python(table, tmp_path):
    whole = sigmoide.logit(FORMULA, table)
    path = tmp_path / "c"
    content = forged_at_the_end(begun(table, path))
    path.write_bytes(content)
    with pytest.warns(CheckpointWarning, match="do not end in a proof"):
        result = sigmoide.logit(FORMULA, table, checkpoint=path, resume=True)
    assert answer(result) == answer(whole)
    assert not contents(tmp_path)


def test_a_forged_checkpoint_from_the_command_line(table, tmp_path):
    path, out = tmp_path / "c", tmp_path / "m.json"
    path.write_bytes(forged_at_the_end(begun(table, path)))
    asked = ["fit", table, "--formula", FORMULA, "--out", out]
    done = run(*asked, "--checkpoint", path, "--resume")
    assert done.exit_code == 0, done.stderr
    assert "do not end in a proof" in done.stderr
    assert answer(sigmoide.read_model(out))[:-1] == answer(sigmoide.logit(FORMULA, table))[:-1]
    assert set(contents(tmp_path)) == {"m.json"}


def test_another_processor_from_the_command_line(table, tmp_path, monkeypatch):
    path = tmp_path / "c"
    asked = ["fit", table, "--formula", FORMULA, "--checkpoint", path, "--resume"]
    content = b"".join(begun(table, path))
    monkeypatch.setattr("sigmoide.fit.checkpoint.machine_kind", lambda: "abacus")
    done = run(*asked)
    assert done.exit_code == 0
    assert "; this is abacus), whose last digits differ: the fit is begun anew" in done.stderr
    assert not path.exists()
    path.write_bytes(content)
    more = run(*asked, "--any-machine")
    assert more.exit_code == 0
    assert "the fit goes on to the same optimum, not to the same bits" in more.stderr
    tables = [re.sub(r"[0-9.]+ s$", "", d.stdout, flags=re.MULTILINE) for d in (more, done)]
    assert tables[0] == tables[1]
    path.write_bytes(content)
    with pytest.warns(CheckpointWarning, match="begun anew"):
        sigmoide.logit(FORMULA, table, checkpoint=path, resume=True)


def test_the_kind_of_machine_is_of_what_the_bits_hang_on(monkeypatch):
    from sigmoide.fit.checkpoint import machine_kind

    kind = machine_kind()
    assert kind == machine_kind()
    monkeypatch.setattr("sigmoide.fit.checkpoint.blas_kernels", lambda: ("another BLAS",))
    assert machine_kind() != kind
    assert machine_kind().endswith("another BLAS")


@pytest.mark.parametrize("place", ["/dev/zero", "/dev/stdin", "folder", "pipe"])
def test_what_is_no_file_is_refused_before_the_data_are_read(tmp_path, place):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / place
    if place == "/dev/stdin" and (not path.exists() or path.is_file()):
        pytest.skip("standard input is a file here")
    for more in ([], ["--resume"]):
        done = run("fit", tmp_path / "no data", "--target", "y", "--checkpoint", path, *more)
        # A folder is refused as any place is where a file is to be written.
        why = "this is a folder" if place == "folder" else "a folder, a pipe or a device"
        refused(done, 3, str(path), why)


def test_any_machine_means_nothing_alone(table, tmp_path):
    asked = ["fit", table, "--formula", FORMULA, "--any-machine"]
    refused(run(*asked), 2, "any_machine was asked for without resume", "--resume")
    refused(run(*asked, "--checkpoint", tmp_path / "c"), 2, "without resume")
    with pytest.raises(UsageError, match="without resume"):
        sigmoide.logit(FORMULA, table, checkpoint=tmp_path / "c", any_machine=True)
    assert not contents(tmp_path)


def test_a_header_is_of_this_fit_or_refused(table, tmp_path):
    path = tmp_path / "c"
    first, *rest = begun(table, path)
    head = json.loads(first.partition(b" ")[2])
    for name in head:
        if name == "machine":
            continue
        for value in (None, "", 7, [], {}, [1e400], "x" * 60_000):
            line = with_checksum(json.dumps({**head, name: value}).encode())
            path.write_bytes(b"".join([line, *rest]))
            with pytest.raises(CheckpointError, match=r"of another fit|not a checkpoint"):
                sigmoide.logit(FORMULA, table, checkpoint=path, resume=True)
