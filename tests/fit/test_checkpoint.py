"""A fit that was interrupted goes on where it was, and ends with the same bits."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sigmoide
from sigmoide.blocks.arrays import Arrays
from sigmoide.blocks.blocks import Blocks
from sigmoide.errors import CheckpointError
from sigmoide.fit import checkpoint_file as module
from sigmoide.fit.checkpoint_file import Checkpoint
from sigmoide.fit.driver import fit_blocks
from support import sweeps
from support.cli_run import contents
from support.forged import (
    ABOUT,
    CASES,
    MACHINE,
    clean,
    interrupted,
    opened,
    packed,
    resumed,
    same_bits,
    true_all_the_same,
    unpacked,
    with_checksum,
)

POINT, NUMBERS = np.arange(3.0), np.array([1.5, -0.0, 1e-300, np.pi])


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "fit.checkpoint"


class Interrupted(Arrays):
    """Rows in memory whose reads end in Ctrl-C after so many."""

    left = 10**9

    def load(self, number):
        if not number:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
        return super().load(number)


@pytest.mark.parametrize("name", CASES)
def test_a_fit_interrupted_after_any_step_ends_with_the_same_bits(path, name):
    case, whole = clean(name)
    steps = interrupted(name, path)
    path.unlink()
    assert steps >= 3
    small = len(case.y) < 1000 and steps < 10
    for step in range(steps) if small else (1, steps // 2, steps - 1):
        assert interrupted(name, path, step) == step
        assert path.read_bytes().count(b"\n") == 1 + step
        same_bits(resumed(name, path), whole)
        path.unlink()
    # And two steps further each time.
    for done in range(0, steps if small else 4, 2):
        assert interrupted(name, path, 2, resume=done > 0) <= done + 2
    same_bits(resumed(name, path), whole)


@pytest.mark.parametrize("name", ["newton", "sampled", "aliased", "weights and offset"])
def test_a_fit_interrupted_at_any_read_ends_with_the_same_bits(path, name):
    case, whole = clean(name)
    names = tuple(f"x{j}" for j in range(case.X.shape[1]))
    for reads in range(whole.reads + 1):
        source = Interrupted(case.X, case.y, case.weight, case.offset, names)
        source.left = reads
        blocks = Blocks(source)
        log = opened(path)
        try:
            fit_blocks(blocks, True, case.settings, log=log)
        except KeyboardInterrupt:
            assert reads < whole.reads
        else:
            assert reads == whole.reads
        log.close()
        same_bits(resumed(name, path), whole)
        path.unlink()


@pytest.mark.parametrize("name", CASES)
def test_a_finished_fit_is_read_again_where_it_ended(path, name):
    """The steps are told; what is said of their end, and all that is no step, is read."""
    case, whole = clean(name)
    steps = interrupted(name, path)
    held = path.read_bytes()
    said: list[str] = []
    log = opened(path, tell=said.append)
    blocks = case.blocks()
    same_bits(fit_blocks(blocks, True, case.settings, log=log), whole)
    assert path.read_bytes() == held
    log.close(remove=True)
    assert not path.exists()
    if whole.status == "proved":
        # One read sees the end of the steps again.
        assert blocks.reads <= whole.reads - steps + 1
        assert not said
    else:
        # Nothing but a proof rests on what was told: such a fit takes its own steps.
        assert blocks.reads >= whole.reads
        assert len(said) == 1
        assert "do not end in a proof" in said[0]


def test_what_is_kept_is_told_with_the_same_bits(path):
    log = opened(path)
    log.keep("gradient", POINT, NUMBERS)
    log.close()
    log = opened(path)
    found = log.recall("gradient", POINT, 4)
    assert found.tobytes() == NUMBERS.tobytes()
    assert found.flags.writeable
    assert log.recall("gradient", POINT, 4) is None
    log.close()


def test_only_what_a_solver_sees_is_told():
    """Whatever is written later, blocks read: a log is asked in one place, for one purpose."""
    source = Path(sigmoide.__file__).parent
    texts = {p.relative_to(source).as_posix(): p.read_text("utf-8") for p in source.rglob("*.py")}
    asks = {name for name, text in texts.items() if ".recall(" in text}
    assert asks == {"fit/progress.py"}
    steps = {name for name, text in texts.items() if "ReplayedProblem" in text}
    assert steps == {"fit/progress.py", "fit/driver.py"}
    # Each is left by way of what reads its end again.
    fit = texts["fit/driver.py"]
    assert fit.count("ReplayedProblem(") == fit.count("return problem.ended(solution)")


# --- files that are cut, damaged, or of something else


def cuts(length: int) -> list[int]:
    return sorted(np.random.default_rng(length).choice(length, min(length, 60), replace=False))


def check_cuts(name: str, path: Path, every: bool) -> None:
    _, whole = clean(name)
    interrupted(name, path)
    written = path.read_bytes()
    first = written.index(b"\n") + 1
    refusals = 0
    places = [0, 1, first - 1, first, *cuts(len(written))]
    if every:
        spread = np.linspace(0, len(written) - 1, sweeps.size(len(written), 250))
        places = np.unique(np.rint(spread).astype(int)).tolist()
    for cut in places:
        path.write_bytes(written[:cut])
        said: list[str] = []
        try:
            same_bits(resumed(name, path, tell=said.append), whole)
        except CheckpointError:
            refusals += 1
            assert 0 < cut < first
            assert path.read_bytes() == written[:cut]
            continue
        # What an interruption leaves is nothing to speak of.
        assert not said
        assert path.read_bytes() == written
    assert refusals


def test_a_file_cut_anywhere_goes_on_to_the_same_bits(path):
    check_cuts("newton", path, every=False)


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("name", ["newton", "factors"])
def test_a_file_cut_at_every_byte_goes_on_to_the_same_bits(path, name):
    check_cuts(name, path, every=True)


def test_a_byte_that_changed_is_noticed(path):
    _, whole = clean("newton")
    interrupted("newton", path)
    written = path.read_bytes()
    first = written.index(b"\n") + 1
    for place in (first, first + 10, first + 30, (first + len(written)) // 2, len(written) - 2):
        path.write_bytes(written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :])
        said: list[str] = []
        same_bits(resumed("newton", path, tell=said.append), whole)
        assert len(said) == 1
        assert "is none of this fit's" in said[0]
        # What stands before it was kept, and what is wrong is written anew.
        assert path.read_bytes() == written


def test_steps_of_other_rows_are_not_taken(path):
    _, whole = clean("factors")
    interrupted("newton", path)
    said: list[str] = []
    same_bits(resumed("factors", path, tell=said.append), whole)
    assert "step 1 in the checkpoint is none of this fit's" in said[0]


def test_a_checkpoint_that_is_there_is_not_written_over(path):
    opened(path).close()
    held = path.read_bytes()
    with pytest.raises(CheckpointError, match=r"there is a checkpoint already.*--resume"):
        opened(path, resume=False)
    assert path.read_bytes() == held


@pytest.mark.parametrize(
    "content",
    [
        b"y,x\n1,2\n",
        b"\0\1\2",
        b"00000000 {}\n",
        b"9" * 100,
        b"\n" * 5,
        b"x" * (1 << 18),
        with_checksum(b"[]"),
        with_checksum(b"[" * 60_000),
        with_checksum(b'{"format":1}'),
        with_checksum(b'{"format":"sigmoide model 1"}'),
        with_checksum(b"\xff\xfe"),
        with_checksum(b"9" * 60_000),
    ],
)
def test_another_file_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="not a checkpoint of sigmoide"):
        opened(path)
    assert path.read_bytes() == content


def test_a_checkpoint_of_another_format_is_refused(path):
    path.write_bytes(with_checksum(b'{"format":"sigmoide checkpoint 1","data":7}'))
    with pytest.raises(CheckpointError, match="of another version of sigmoide"):
        opened(path)


def test_a_checkpoint_of_another_fit_is_refused(path):
    opened(path).close()
    held = path.read_bytes()
    with pytest.raises(CheckpointError, match="of another fit: data, asked differ"):
        Checkpoint(path, {"data": ["rows.csv", 8], "asked": "y ~ z"}, MACHINE, resume=True)
    assert path.read_bytes() == held


# --- another kind of processor


def test_a_checkpoint_of_another_processor_is_begun_anew(path):
    _, whole = clean("newton")
    interrupted("newton", path)
    held = path.read_bytes()
    said: list[str] = []
    log = Checkpoint(path, ABOUT, "that kind", resume=True, tell=said.append)
    assert len(said) == 1
    assert "(this kind; this is that kind)" in said[0]
    assert "--any-machine" in said[0]
    assert path.read_bytes().count(b"\n") == 1
    same_bits(clean("newton")[0].fit(log), whole)
    log.close()
    # The same steps, by another machine.
    assert path.read_bytes().splitlines()[1:] == held.splitlines()[1:]
    assert path.read_bytes() != held


def moved(path: Path) -> None:
    """Make the points and numbers of a checkpoint those of arithmetic that rounds otherwise."""
    head, *lines = path.read_bytes().splitlines(keepends=True)
    parts = [unpacked(line) for line in lines]
    path.write_bytes(head + b"".join(packed(k, v * (1 + 2.0**-50)) for k, v in parts))


@pytest.mark.parametrize("name", ["newton", "sampled", "ridge, no errors"])
def test_any_machine_goes_on_to_the_same_optimum(path, name):
    case, whole = clean(name)
    steps = interrupted(name, path)
    moved(path)
    said: list[str] = []
    log = Checkpoint(path, ABOUT, "that kind", resume=True, any_machine=True, tell=said.append)
    blocks = case.blocks()
    fit = fit_blocks(blocks, True, case.settings, log=log)
    log.close()
    true_all_the_same(name, fit)
    assert len(said) == 1
    assert "not to the same bits" in said[0]
    # It was told the steps.
    assert blocks.reads <= whole.reads - steps + 2
    # From now on the file is of no processor, not even of the first.
    again: list[str] = []
    opened(path, tell=again.append).close()
    assert "(several kinds; this is this kind)" in again[0]


def test_what_a_checkpoint_calls_its_machine_prints_no_line_of_its_own(path):
    head = b'{"format":"sigmoide checkpoint 2","data":["rows.csv",7],"asked":"y ~ x","machine":%s}'
    for name in (b'"x\\nproved: 1"', b"[1]", b'"' + b"x" * 5000 + b'"', b"null"):
        path.write_bytes(with_checksum(head % name))
        said: list[str] = []
        opened(path, tell=said.append).close()
        assert "\n" not in said[0]
        assert len(said[0]) < 500


# --- places


def test_a_full_disk_loses_nothing(path, monkeypatch):
    interrupted("newton", path, 2)
    held = path.read_bytes()
    log = opened(path)
    assert log.recall("hessian", *_first(path)) is not None

    def no_room(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    log.close()
    log = opened(path)
    monkeypatch.setattr(module.os, "fsync", no_room)
    with pytest.raises(CheckpointError, match=r"No space left on device.*Make room.*--resume"):
        clean("newton")[0].fit(log)
    monkeypatch.undo()
    log.close()
    assert path.read_bytes() == held
    same_bits(resumed("newton", path), clean("newton")[1])


def _first(path: Path) -> tuple[np.ndarray, int]:
    _, numbers = unpacked(path.read_bytes().splitlines()[1])
    p = clean("newton")[0].X.shape[1] + 1
    return numbers[:p], len(numbers) - p


def test_a_full_disk_leaves_no_empty_checkpoint(path, monkeypatch):
    def no_room(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", no_room)
    with pytest.raises(CheckpointError, match=r"No space left on device.*begin again"):
        opened(path, resume=False)
    assert not contents(path.parent)
    # One that was there, empty, was not made here.
    path.touch()
    with pytest.raises(CheckpointError, match="No space left"):
        opened(path)
    assert path.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_no_special_file_is_opened(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path, Path("/dev/zero"), Path("/dev/full"), Path("/dev/tty")):
        if not place.exists():
            continue
        for resume in (False, True):
            with pytest.raises(CheckpointError, match=r"a folder, a pipe or a device.*Name a file"):
                opened(place, resume=resume)


def test_a_place_where_nothing_can_be_kept_is_named(tmp_path):
    for place in (tmp_path / "nowhere" / "c", tmp_path / ("x" * 300)):
        with pytest.raises(CheckpointError, match="cannot be kept there"):
            opened(place)
    with pytest.raises(CheckpointError, match="no file has such a name"):
        opened(Path("a\0b"))


def test_a_link_is_followed_and_stays(path):
    real = path.with_name("real")
    path.symlink_to(real.name)
    steps = interrupted("newton", path, 2)
    assert real.read_bytes().count(b"\n") == 1 + steps
    log = opened(path)
    same_bits(clean("newton")[0].fit(log), clean("newton")[1])
    log.close(remove=True)
    assert path.is_symlink()
    assert not real.exists()


def test_two_fits_cannot_use_one_checkpoint(path):
    log = opened(path)
    held = path.read_bytes()
    with pytest.raises(CheckpointError, match="another fit is using this checkpoint"):
        opened(path)
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from sigmoide.fit.checkpoint_file import Checkpoint\n"
        "Checkpoint(Path(sys.argv[1]), {}, resume=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path], capture_output=True, text=True, timeout=60
    )
    assert "another fit is using this checkpoint" in done.stderr
    assert path.read_bytes() == held
    log.close()
    opened(path).close()


def test_only_the_file_that_was_opened_is_removed(path):
    said: list[str] = []
    log = opened(path, tell=said.append)
    path.rename(path.with_name("mine"))
    path.write_bytes(b"of somebody else")
    log.close(remove=True)
    assert path.read_bytes() == b"of somebody else"
    assert "another file. It is left as it is" in said[0]
    log = opened(path.with_name("mine"), tell=said.append)
    path.with_name("mine").unlink()
    log.close(remove=True)
    assert len(said) == 1


def test_a_checkpoint_that_cannot_be_removed_is_said(path, monkeypatch):
    said: list[str] = []
    log = opened(path, tell=said.append)

    def refuse(self, missing_ok=False):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    log.close(remove=True)
    assert "cannot be removed: Permission denied" in said[0]
