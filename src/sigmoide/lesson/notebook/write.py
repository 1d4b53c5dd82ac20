"""The notebook as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sigmoide.api.paths import Output, refuse_clashes
from sigmoide.errors import UsageError
from sigmoide.lesson.notebook.cells import notebook_text
from sigmoide.lesson.notebook.own import own_points
from sigmoide.lesson.notebook.plan import SEEDS_POINTS, TEXTS, make_cells
from sigmoide.lesson.own import columns_asked_for
from sigmoide.modelfile.atomic import check_place, write_whole
from sigmoide.sources.options import ReadOptions


def write_notebook(
    path: str | os.PathLike[str],
    lang: str = "es",
    *,
    source: str | os.PathLike[str] | None = None,
    x: Sequence[str] | None = None,
    y: str | None = None,
    event: Any = None,
    options: ReadOptions | None = None,
) -> None:
    """Write the lesson as a Jupyter notebook: the notebook's own cells, and twelve beyond them.

    It is made without running it, so it holds no outputs, needs no torch here, and is the same
    file on every machine.

    Parameters
    ----------
    path : path
        Where to write; a file that is there is replaced.
    lang : str, default "es"
        The language: "es" or "en". What the first part prints is the notebook's in both.
    source : path, optional
        The learner's own file, instead of the notebook's points. The notebook reads it again, by
        its place as seen from the notebook's folder.
    x : sequence of two str
        With ``source``: its two columns of numbers to learn from.
    y : str
        With ``source``: its target, a column of two values.
    event : optional
        With ``source``: the value of the target that is class 1.
    options : ReadOptions, optional
        With ``source``: how to read it.

    Raises
    ------
    UsageError
        If ``lang`` is neither of the two, or only one of ``source`` and ``y`` is given.
    DataError
        If the learner's own file cannot be used. Nothing has been written then.
    FileError
        If the file cannot be written; it is then absent, or as it was before.
    """
    path = Path(path)
    if lang not in TEXTS:
        raise UsageError(
            f"The notebook was asked for in lang={lang!r}, which it does not speak; choose one of "
            f"{', '.join(map(repr, TEXTS))}."
        )
    check_place(path)
    points = SEEDS_POINTS
    asked = columns_asked_for(source, x, y, event)
    if asked is not None:
        if not isinstance(source, str | os.PathLike):
            raise UsageError(
                f"a notebook was asked for on a {type(source).__name__}: it has to read the data "
                "again when it is run, so it needs a file. Save the data, and name the file."
            )
        refuse_clashes([Path(source)], [Output("", path)])
        points = own_points(Path(source), path.parent, *asked, event, options or ReadOptions())
    write_whole(path, notebook_text(make_cells(lang, points), lang))
