"""``sigmoide lesson``: what goes where, on the notebook's points and on a file of one's own."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sigmoide.lesson import files, run_lesson, write_lesson
from sigmoide.lesson.figures import draw, pictures_of
from sigmoide.pictures.canvas import save
from support.cli_run import contents, refused, run

BIRTHWT = Path(__file__).parents[1] / "references" / "birthwt.csv"
OWN = ("lesson", "--data", BIRTHWT, "--x", "age,lwt", "--y", "low")
WRITTEN = {"lesson.txt", "data.csv", "trajectory.csv"}


@pytest.fixture(scope="module")
def births():
    return {
        lang: run_lesson(lang, lambda line: None, source=BIRTHWT, x=("age", "lwt"), y="low")
        for lang in ("es", "en")
    }


@pytest.mark.slow
def test_a_file_of_ones_own(births, tmp_path):
    done = run(*OWN, "--out", tmp_path / "o", "--plots", tmp_path / "p")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.splitlines() == [
        f"files of the lesson written to {tmp_path / 'o'}",
        f"pictures written to {tmp_path / 'p'}",
    ]
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stdout == births["es"].transcript
    # what is written is what Python writes
    write_lesson(births["es"], tmp_path / "files")
    assert contents(tmp_path / "o") == contents(tmp_path / "files")
    for name in ("boundary", "ranking"):
        save(draw(births["es"], name), tmp_path / "pictures", name)
    drawn = contents(tmp_path / "p")
    assert drawn.items() >= contents(tmp_path / "pictures").items()
    assert set(contents(tmp_path / "o")) == WRITTEN
    expected = {f"{n}.{form}" for n in pictures_of(births["es"]) for form in ("svg", "png")}
    assert set(drawn) == expected
    assert contents(tmp_path / "o")["lesson.txt"].decode() == done.stdout
    written, given = pd.read_csv(tmp_path / "o" / "data.csv"), pd.read_csv(BIRTHWT)
    pd.testing.assert_frame_equal(
        written[["age", "lwt", "low"]].astype(float), given[["age", "lwt", "low"]].astype(float)
    )
    assert (written["split"] == np.where(np.arange(189) % 3 == 0, "test", "train")).all()


def test_the_same_in_english(births, tmp_path):
    done = run(*OWN, "--lang", "en", "--out", tmp_path / "o")
    assert done.exit_code == 0
    assert done.stdout == births["en"].transcript != births["es"].transcript
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert contents(tmp_path / "o")["lesson.txt"].decode() == done.stdout


def test_the_pictures_that_the_transcript_names_are_there(births):
    for record in births.values():
        assert all(name in record.transcript for name in pictures_of(record))


def test_how_the_file_is_read_and_the_event(births, tmp_path):
    frame = pd.read_csv(BIRTHWT)[["age", "lwt", "low"]].assign(lwt=lambda f: f.lwt / 4)
    path = tmp_path / "f.csv"
    path.write_text(frame.to_csv(sep=";", decimal=",", index=False), encoding="utf-16")
    options = ("--delimiter", ";", "--decimal", ",", "--encoding", "utf-16", "--event", "0")
    done = run("lesson", "--data", path, *OWN[3:], *options)
    assert done.exit_code == 0, done.stderr
    assert "La clase 1 es low = 0 (130 filas)" in " ".join(done.stdout.replace("\n#", "\n").split())
    assert done.stdout != births["es"].transcript


@pytest.mark.slow
def test_the_notebooks_own_points(lessons, tmp_path):
    done = run("lesson", "--out", tmp_path / "o", "--plots", tmp_path / "p")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == lessons["es"].transcript
    assert set(contents(tmp_path / "o")) == WRITTEN
    expected = {f"{n}.{form}" for n in pictures_of(lessons["es"]) for form in ("svg", "png")}
    assert set(contents(tmp_path / "p")) == expected


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ("--x", "age,lwt", "--y", "low"),
            2,
            [
                "needs two things",
                "Give both, and the columns to learn from (x) if not all; or none",
            ],
        ),
        (("--event", "1"), 2, ["needs two things"]),
        (("--data", BIRTHWT), 2, ["the column that says the class (y)"]),
        (("--data", BIRTHWT, "--x", "age,lwt"), 2, ["the column that says the class (y)"]),
        (("--data", BIRTHWT, "--x", "age", "--y", "low"), 2, ["two different columns"]),
        (("--data", BIRTHWT, "--x", "age,age", "--y", "low"), 2, ["two different columns"]),
        (("--data", BIRTHWT, "--x", "age,,lwt", "--y", "low"), 2, ["--x 'age,,lwt'"]),
        (("--data", BIRTHWT, "--x", "age,race", "--y", "low"), 3, ["'race' holds text values"]),
        (("--data", BIRTHWT, "--x", "age,wt", "--y", "low"), 3, ["no column 'wt'", "'lwt'"]),
        (("--data", BIRTHWT, "--x", "age,lwt", "--y", "age"), 2, ["explain itself"]),
        (("--data", BIRTHWT, "--x", "age,lwt", "--y", "race"), 3, ["3 different values"]),
        ((*OWN[1:], "--event", "2"), 3, ["the event '2'"]),
        (("--data", "nowhere.csv", *OWN[3:]), 3, ["nowhere.csv: there is no such file"]),
        (("--lang", "fr"), 2, ["'fr'", "'es'", "'en'"]),
    ],
)
def test_refused_with_nothing_written(arguments, code, words, tmp_path):
    done = run("lesson", *arguments, "--out", tmp_path / "o", "--plots", tmp_path / "p")
    refused(done, code, *words)
    assert contents(tmp_path) == {}


def test_too_few_rows(tmp_path):
    pd.read_csv(BIRTHWT)[125:136].to_csv(tmp_path / "f.csv", index=False)
    done = run("lesson", "--data", tmp_path / "f.csv", *OWN[3:], "--out", tmp_path / "o")
    refused(done, 3, "the lesson needs 12 or more")
    assert set(contents(tmp_path)) == {"f.csv"}


def test_a_full_disk_leaves_whole_files_only(tmp_path, monkeypatch):
    """The second file does not fit: the first is whole, and there is nothing else."""
    real, left = files.os.replace, iter((1,))

    def replace(*arguments: object) -> None:
        if not next(left, 0):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(files.os, "replace", replace)
    done = run(*OWN, "--out", tmp_path / "o", "--plots", tmp_path / "p")
    assert done.exit_code == 3
    *_, first, second = done.stderr.strip().splitlines()
    assert first == (
        f"sigmoide: {tmp_path / 'o' / 'data.csv'}: the file cannot be written: No space left on "
        "device. Nothing of it was written; name another place."
    )
    # The pictures are tried all the same.
    assert second.startswith(f"sigmoide: {tmp_path / 'p'}")
    assert contents(tmp_path) == {"o/lesson.txt": done.stdout.encode()}
