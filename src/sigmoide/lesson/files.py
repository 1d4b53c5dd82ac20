"""The lesson on disk: what was printed, the points and the path that the weights took."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from sigmoide.lesson.record import TRAJECTORY_COLUMNS, LessonRecord
from sigmoide.modelfile.atomic import LESSON_FILES, write_whole


def write_lesson(record: LessonRecord, directory: str | os.PathLike[str]) -> None:
    """Write ``lesson.txt``, ``data.csv`` and ``trajectory.csv``.

    Numbers are written so that reading them back gives the same float64. The points are the
    ones the lesson saw (rounded to float32), so fitting the rows whose ``split`` is "train"
    gives the lesson's optimum, digit by digit. The learner's own are written as they were read,
    in their own units and under their own names.

    Parameters
    ----------
    record : LessonRecord
        What ``run_lesson`` returned.
    directory : path
        Where to write; it is created if it is not there. Files of these names are replaced.

    Raises
    ------
    FileError
        If a file cannot be written. Each one is then whole or absent, or as it was before.
    OSError
        If the directory cannot be made.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    texts = (record.transcript, _data_csv(record), _trajectory_csv(record))
    for name, text in zip(LESSON_FILES, texts, strict=True):
        write_whole(directory / name, text)


def _data_csv(record: LessonRecord) -> str:
    data, X = record.data, record.data.X
    if data.origin is not None:
        X = data.origin.prepared.blocks.map(lambda block: block.X)
    split = "split"
    while split in (*data.names, data.target):
        split += "_"
    rows = zip(X.tolist(), data.yn.tolist(), data.in_train.tolist(), strict=True)
    return _csv(
        (*data.names, data.target, split),
        (
            (x1, x2, data.classes[y], "train" if in_train else "test")
            for (x1, x2), y, in_train in rows
        ),
    )


def _trajectory_csv(record: LessonRecord) -> str:
    return _csv(
        TRAJECTORY_COLUMNS,
        (
            (int(step), *numbers, int(correct))
            for step, *numbers, correct in record.trajectory.tolist()
        ),
    )


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Join numbers and words; only a learner's own words may need quotes."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((header, *rows))
    return text.getvalue()
