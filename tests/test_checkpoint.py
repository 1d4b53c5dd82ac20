"""A fit that was interrupted goes on where it was, and ends with the same bits."""

from __future__ import annotations

import errno
import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigmoide.data.blocks import Blocks, array_blocks
from sigmoide.data.checkpoint import Checkpoint, checkpointed
from sigmoide.data.moments import moments
from sigmoide.data.written import from_plain, to_plain
from sigmoide.errors import CheckpointError
from sigmoide.model.fit import fit_blocks
from sigmoide.model.records import Fit, Settings
from sigmoide.model.resumable import SUMS

ABOUT = {"data": ["rows.csv", 7], "asked": "y ~ x"}


class Interrupted:
    """What ends reads of blocks in Ctrl-C after so many."""

    def __init__(self, left=10**9):
        self.left = left

    def __call__(self, fn, compute):
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return compute()


def data(n=40_000, separated=False, aliased=False, d=5):
    """Return many rows of some columns."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, d)) + np.array([0, 0, 1e4] + [0] * (d - 3))
    if aliased:
        X[:, 4] = X[:, 0] - 2.0 * X[:, 1]
    y = (rng.random(n) < 1 / (1 + np.exp(-X[:, 0]))).astype(float)
    if separated:
        X[:, 3] = X[:, 3] > 2.0
        y[X[:, 3] > 0] = 1.0
    return X, y


def blocks_of(X, y) -> Blocks:
    n = len(y)
    names = tuple(f"x{j}" for j in range(X.shape[1]))
    return array_blocks(X, y, np.ones(n), np.zeros(n), names)


def same(ours: Fit, theirs: Fit) -> None:
    assert ours.coefficients.coef.tobytes() == theirs.coefficients.coef.tobytes()
    covariances = [f.coefficients.covariance for f in (ours, theirs)]
    assert covariances[0].tobytes() == covariances[1].tobytes()
    assert ours.certificate == theirs.certificate
    assert ours.totals == theirs.totals
    assert ours.reads == theirs.reads
    points = [[(s.reads, s.value, s.decrement) for s in f.history] for f in (ours, theirs)]
    assert points[0] == points[1]


@pytest.mark.parametrize(
    "kind", [{}, {"separated": True}, {"aliased": True}], ids=["plain", "separated", "aliased"]
)
@pytest.mark.parametrize(("rows", "d"), [(3000, 5), (80_000, 20)], ids=["newton", "sampled"])
def test_a_fit_interrupted_after_any_read_ends_with_the_same_bits(tmp_path, kind, rows, d):
    X, y = data(rows, **kind, d=d)
    whole = fit_blocks(blocks_of(X, y), True, Settings())
    path = tmp_path / "fit.checkpoint"
    done = 0
    for _ in range(100):
        # Two reads further each time.
        blocks = blocks_of(X, y).decorated(Interrupted(2))
        checkpoint = Checkpoint(path, ABOUT, SUMS, resume=True)
        try:
            fit = fit_blocks(checkpointed(blocks, checkpoint), True, Settings())
            break
        except KeyboardInterrupt:
            lines = path.read_bytes().count(b"\n") - 1
            assert lines == done + 2
            done = lines
        finally:
            checkpoint.close()
    assert done >= 2
    same(fit, whole)


def test_a_finished_fit_is_told_again_without_a_read(tmp_path):
    X, y = data()
    path = tmp_path / "fit.checkpoint"
    first = Checkpoint(path, ABOUT, SUMS)
    fit = fit_blocks(checkpointed(blocks_of(X, y), first), True, Settings())
    first.close()
    idle = blocks_of(X, y).decorated(Interrupted(0))
    again = Checkpoint(path, ABOUT, SUMS, resume=True)
    same(fit_blocks(checkpointed(idle, again), True, Settings()), fit)
    again.close(remove=True)
    assert not path.exists()


def test_a_line_cut_anywhere_is_read_again(tmp_path):
    X, y = data(2000)
    path = tmp_path / "fit.checkpoint"
    first = Checkpoint(path, ABOUT, SUMS)
    fit = fit_blocks(checkpointed(blocks_of(X, y), first), True, Settings())
    first.close()
    written = path.read_bytes()
    ends = [k + 1 for k, byte in enumerate(written) if byte == 10]
    for cut in {ends[0], ends[1] - 1, ends[1] + 1, ends[2] + 30, len(written) - 1}:
        path.write_bytes(written[:cut])
        again = Checkpoint(path, ABOUT, SUMS, resume=True)
        same(fit_blocks(checkpointed(blocks_of(X, y), again), True, Settings()), fit)
        again.close()
        assert path.read_bytes() == written


def test_a_byte_that_changed_is_noticed(tmp_path):
    X, y = data(2000)
    path = tmp_path / "fit.checkpoint"
    first = Checkpoint(path, ABOUT, SUMS)
    fit_blocks(checkpointed(blocks_of(X, y), first), True, Settings())
    first.close()
    written = bytearray(path.read_bytes())
    place = len(written) // 2
    written[place] ^= 1
    path.write_bytes(bytes(written))
    # What stands before it is kept, and nothing after it.
    again = Checkpoint(path, ABOUT, SUMS, resume=True)
    again.close()
    assert 0 < len(path.read_bytes()) <= place


def test_a_checkpoint_that_is_there_is_not_written_over(tmp_path):
    path = tmp_path / "fit.checkpoint"
    Checkpoint(path, ABOUT, SUMS).close()
    held = path.read_bytes()
    with pytest.raises(CheckpointError, match=r"there is a checkpoint already.*--resume"):
        Checkpoint(path, ABOUT, SUMS)
    assert path.read_bytes() == held


@pytest.mark.parametrize("content", [b"y,x\n1,2\n", b"\0\1\2", b"00000000 {}\n", b"9" * 100])
def test_another_file_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "fit.checkpoint"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="not a checkpoint of sigmoide"):
        Checkpoint(path, ABOUT, SUMS, resume=True)
    assert path.read_bytes() == content


def test_a_checkpoint_of_another_fit_is_refused(tmp_path):
    path = tmp_path / "fit.checkpoint"
    Checkpoint(path, ABOUT, SUMS).close()
    with pytest.raises(CheckpointError, match="of another fit: data, asked differ"):
        Checkpoint(path, {"data": ["rows.csv", 8], "asked": "y ~ z"}, SUMS, resume=True)


def test_an_answer_to_another_question_is_refused(tmp_path):
    X, y = data(2000)
    path = tmp_path / "fit.checkpoint"
    first = Checkpoint(path, ABOUT, SUMS)
    fit_blocks(checkpointed(blocks_of(X, y), first), True, Settings())
    first.close()
    again = Checkpoint(path, ABOUT, SUMS, resume=True)
    with pytest.raises(CheckpointError, match=r"read [23] of the checkpoint"):
        fit_blocks(checkpointed(blocks_of(X + 1.0, 1.0 - y), again), True, Settings(l2=3.0))
    again.close()


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    X, y = data(2000)
    path = tmp_path / "fit.checkpoint"
    full = Checkpoint(path, ABOUT, SUMS)
    blocks = checkpointed(blocks_of(X, y), full)
    blocks.reduce(moments)
    held = path.read_bytes()

    def no_room(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sigmoide.data.checkpoint.os.fsync", no_room)
    with pytest.raises(CheckpointError, match=r"No space left on device.*Make room"):
        blocks.reduce(moments)
    monkeypatch.undo()
    assert path.read_bytes().startswith(held)


def test_a_place_where_nothing_can_be_kept_is_named(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be kept there"):
        Checkpoint(tmp_path / "nowhere" / "fit.checkpoint", ABOUT, SUMS)


# --- sums, written down


@dataclass(frozen=True)
class Record:
    """A sum of its own."""

    number: float
    array: np.ndarray
    rest: tuple


KINDS = {"Record": Record}
numbers = st.floats(width=64) | st.integers(-(2**70), 2**70) | st.booleans() | st.none()


@given(numbers, st.lists(st.floats(width=64)), st.lists(numbers))
def test_what_is_written_is_read_with_the_same_bits(number, values, rest):
    held = Record(number, np.array(values, dtype=float).reshape(1, -1), tuple(rest))
    back = from_plain(json.loads(json.dumps(to_plain(held, KINDS))), KINDS)
    assert repr(back.number) == repr(number)
    assert back.array.tobytes() == held.array.tobytes()
    assert back.array.shape == held.array.shape
    assert back.array.flags.writeable
    assert list(map(repr, back.rest)) == list(map(repr, rest))


@pytest.mark.parametrize("value", ["text", {1}, object(), np.array(["a"]), ABOUT])
def test_nothing_else_is_written(value):
    with pytest.raises(TypeError, match="cannot be written down"):
        to_plain(value, KINDS)


@pytest.mark.parametrize(
    "plain",
    [
        "text",
        [1],
        {},
        {"float": 3},
        {"float": "one"},
        {"tuple": 3},
        {"array": "AAAA", "type": "<f8", "shape": [1]},
        {"array": "AAAAAAAAAAA=", "type": "<f8", "shape": [-1]},
        {"array": "AAAAAAAAAAA=", "type": "<f8", "shape": [2]},
        {"array": "AAAAAAAAAAA=", "type": "|O", "shape": [1]},
        {"record": "Other", "parts": []},
        {"record": "Record", "parts": [1]},
        {"record": "Record", "parts": [1, 2, 3], "more": 1},
    ],
)
def test_nothing_else_is_read(plain):
    with pytest.raises(ValueError, match=r"."):
        from_plain(plain, KINDS)
