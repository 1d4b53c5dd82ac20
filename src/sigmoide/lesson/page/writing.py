"""The page on disk."""

from __future__ import annotations

import os
from pathlib import Path

from sigmoide.lesson.page.assembly import page_html
from sigmoide.lesson.page.payload import payload
from sigmoide.lesson.record import LessonRecord
from sigmoide.modelfile.atomic import write_whole


def write_page(record: LessonRecord, path: str | os.PathLike[str], lang: str | None = None) -> Path:
    """Write the lesson as one HTML file that needs nothing else: no network, no other file.

    Parameters
    ----------
    record : LessonRecord
        What ``run_lesson`` returned.
    path : path
        The file; it is replaced if it is there, whole or not at all.
    lang : str, optional
        The language it opens in, "es" or "en"; the record's by default. Both are in it.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UsageError
        If ``lang`` is neither of the two.
    DataError
        If the points are too many to be drawn one by one.
    FileError
        If the file cannot be written; nothing is left behind.
    """
    place = Path(path)
    write_whole(place, page_html(payload(record), record.lang if lang is None else lang))
    return place
