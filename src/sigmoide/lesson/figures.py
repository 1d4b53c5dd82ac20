"""The lesson's pictures, drawn from its record and written as SVG and PNG."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sigmoide.lesson import drawings, drawings_way
from sigmoide.lesson.prose import Words
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.texts import texts_in
from sigmoide.modelfile.atomic import LESSON_PICTURES
from sigmoide.pictures.canvas import FORMATS, new_figure, save, styled

if TYPE_CHECKING:
    from sigmoide.pictures.canvas import Axes, Figure

Draw = Callable[["Axes", LessonRecord, Words], None]

_DRAWINGS: tuple[Draw, ...] = (
    drawings.boundary,
    drawings.loss,
    drawings_way.way,
    drawings_way.learning_rates,
    drawings_way.float32,
    drawings_way.newton,
    drawings.early_stopping,
    drawings.mini_batches,
    drawings.finite_loss,
    drawings.boundaries,
    drawings.ranking,
)
PICTURES: dict[str, Draw] = dict(zip(LESSON_PICTURES, _DRAWINGS, strict=True))

_TALL = {"boundary": 5.2, "boundaries": 5.2, "way": 4.8, "ranking": 4.8, "early-stopping": 4.6}


def pictures_of(record: LessonRecord) -> tuple[str, ...]:
    """Return the names of the pictures that a lesson has: those its transcript names.

    Parameters
    ----------
    record : LessonRecord
        What ``run_lesson`` returned.
    """
    further = record.further
    lacks = set()
    if not record.distances:
        lacks.add("loss")
    if further.way is None:
        lacks |= {"way", "learning-rates", "float32", "newton"}
    elif not further.way.newton.arrived:
        lacks.add("newton")
    if further.stopping is None:
        lacks.add("early-stopping")
    if further.ranking.auc != further.ranking.auc:
        lacks.add("ranking")
    return tuple(name for name in PICTURES if name not in lacks)


def draw(record: LessonRecord, name: str, lang: str | None = None) -> Figure:
    """Draw one picture.

    Parameters
    ----------
    record : LessonRecord
        What ``run_lesson`` returned.
    name : str
        One of ``pictures_of(record)``.
    lang : str, optional
        The language of its words; the record's by default.

    Returns
    -------
    matplotlib.figure.Figure
        The picture.
    """
    words = Words(texts_in(record.lang if lang is None else lang))
    figure, axes = new_figure(6.4, _TALL.get(name, 4.2))
    with styled():
        PICTURES[name](axes, record, words)
    return figure


def write_figures(
    record: LessonRecord,
    directory: str | os.PathLike[str],
    lang: str | None = None,
    formats: tuple[str, ...] = FORMATS,
) -> tuple[Path, ...]:
    """Draw all the pictures of a lesson, and write them.

    Parameters
    ----------
    record : LessonRecord
        What ``run_lesson`` returned.
    directory : path
        Where to write; it is created if it is not there. Files of these names are replaced.
    lang : str, optional
        The language of their words, "es" or "en"; the record's by default.
    formats : tuple of str
        Some of "svg" and "png".

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    UsageError
        For another language or format.
    FileError
        If a file cannot be written. Each one is then whole or absent, or as it was before.
    OSError
        If the directory cannot be made.
    """
    return tuple(
        path
        for name in pictures_of(record)
        for path in save(draw(record, name, lang), directory, name, formats)
    )
