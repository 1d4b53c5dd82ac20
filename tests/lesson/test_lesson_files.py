"""The lesson on disk: the same numbers, and each file whole or not at all."""

from __future__ import annotations

import csv
import os

import numpy as np
import pytest

from sigmoide.errors import FileError
from sigmoide.lesson import write_lesson

FILES = ["data.csv", "lesson.txt", "trajectory.csv"]


def test_it_makes_the_directory_and_three_files(lessons, tmp_path):
    target = tmp_path / "made" / "here"
    write_lesson(lessons["es"], target)
    assert sorted(os.listdir(target)) == FILES


def test_the_transcript_is_as_printed(lessons, tmp_path):
    write_lesson(lessons["es"], str(tmp_path))
    assert (tmp_path / "lesson.txt").read_bytes() == lessons["es"].transcript.encode()


def test_the_points_read_back_exactly(lessons, tmp_path):
    record = lessons["en"]
    write_lesson(record, tmp_path)
    with (tmp_path / "data.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["x1", "x2", "y", "split"]
    assert np.array_equal([[float(row["x1"]), float(row["x2"])] for row in rows], record.data.X)
    assert [row["y"] for row in rows[:3]] == ["1", "0", "1"]
    split = [row["split"] for row in rows]
    assert split[:4] == ["test", "train", "train", "test"]
    assert (split.count("train"), split.count("test")) == (66, 34)


def test_the_trajectory_is_written_as_the_reference_is(lessons, reference, tmp_path):
    write_lesson(lessons["es"], tmp_path)
    ours = (tmp_path / "trajectory.csv").read_text().splitlines()
    theirs = (reference / "seed_trajectory.csv").read_text().splitlines()
    assert len(ours) == len(theirs)
    assert ours[0] == theirs[0]
    # The parameters that were drawn: sums may differ in their last digit between machines.
    assert ours[1].split(",")[:4] == theirs[1].split(",")[:4]
    written = np.loadtxt(tmp_path / "trajectory.csv", delimiter=",", skiprows=1)
    assert np.array_equal(written, lessons["es"].trajectory)


def test_writing_again_replaces(lessons, tmp_path):
    (tmp_path / "lesson.txt").write_text("old")
    write_lesson(lessons["es"], tmp_path)
    assert (tmp_path / "lesson.txt").read_text(encoding="utf-8") == lessons["es"].transcript


def test_a_failure_leaves_nothing_half_written(lessons, tmp_path, monkeypatch):
    (tmp_path / "lesson.txt").write_text("old")

    def refuse(source, target):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(FileError, match="no room"):
        write_lesson(lessons["es"], tmp_path)
    assert os.listdir(tmp_path) == ["lesson.txt"]
    assert (tmp_path / "lesson.txt").read_text() == "old"


def test_a_failure_half_way_leaves_whole_files_only(lessons, tmp_path, monkeypatch):
    replace = os.replace

    def refuse_the_second(source, target):
        if target.name == "data.csv":
            raise OSError("no room")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse_the_second)
    with pytest.raises(FileError, match="no room"):
        write_lesson(lessons["es"], tmp_path)
    assert os.listdir(tmp_path) == ["lesson.txt"]
    assert (tmp_path / "lesson.txt").read_bytes() == lessons["es"].transcript.encode()
