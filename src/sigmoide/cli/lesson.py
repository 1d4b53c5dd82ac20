"""``sigmoide lesson``: the notebook, the optimum, and beyond."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigmoide.api.paths import Output
from sigmoide.cli.options import (
    DATA,
    FILE,
    check_paths,
    names,
    read_once,
    read_options_given,
    reading,
)
from sigmoide.cli.process import attempt
from sigmoide.cli.program import PROVED, Command, say_written, show, writing
from sigmoide.errors import FileError, UsageError
from sigmoide.modelfile.atomic import LESSON_FILES, LESSON_PICTURES, picture_files

if TYPE_CHECKING:
    from sigmoide.cli.options import Read


@click.command("lesson", cls=Command)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
@click.option("--data", type=DATA, help="Your own file, instead of the notebook's points.")
@click.option("--x", help="Its columns of numbers to learn from, A,B; all by default.")
@click.option("--y", help="Its column to tell apart.")
@click.option("--event", help="Value of that column whose probability is modelled.")
@reading
@click.option("--out", type=FILE, help="Folder for what the lesson makes.")
@click.option("--plots", type=FILE, help="Folder for pictures.")
@click.option("--html", type=FILE, help="File for the lesson as a page to be touched.")
@click.option("--notebook", type=FILE, help="Write the lesson as a Jupyter notebook instead.")
def command(
    lang: str,
    data: Path | None,
    x: str | None,
    y: str | None,
    event: str | None,
    out: Path | None,
    plots: Path | None,
    html: Path | None,
    notebook: Path | None,
    read: Read,
) -> None:
    """Walk through the notebook: a logistic regressor made by hand, the optimum, and beyond."""
    check_paths(
        [] if data is None else [data],
        Output("--html", html),
        Output("--notebook", notebook),
        Output("--out", out, LESSON_FILES),
        Output("--plots", plots, picture_files(LESSON_PICTURES)),
    )
    if notebook is not None:
        _check_notebook(data)
        with attempt(FileError):
            _write_notebook(notebook, lang, data, x, y, event)
        if out is None and plots is None and html is None:
            return
    # The page draws each row: of more than it takes, a sample makes the whole lesson.
    most_rows = None
    if html is not None and data is not None:
        from sigmoide.lesson.page.payload import MOST_POINTS

        most_rows = MOST_POINTS
    from sigmoide.lesson import run_lesson, write_figures, write_lesson, write_page

    source = None if data is None else read(data)
    written = out is not None or plots is not None or html is not None or notebook is not None

    def tell(text: str) -> None:
        # Where nobody reads on, there is no lesson; but for what it is to write.
        if not show(text) and not written:
            raise click.exceptions.Exit(PROVED)

    record = run_lesson(
        lang,
        tell,
        source=source,
        x=names("--x", x) or None,
        y=y,
        event=event,
        most_rows=most_rows,
    )
    if out is not None:
        with attempt(), writing(out, "files of the lesson"):
            write_lesson(record, out)
    if plots is not None:
        with attempt(), writing(plots, "pictures"):
            write_figures(record, plots, lang)
    if html is not None:
        with attempt():
            write_page(record, html)
            say_written(html, "page")


def _check_notebook(data: Path | None) -> None:
    """Refuse a notebook that could not be run."""
    if data is not None and read_once(data):
        raise UsageError(
            f"--notebook was given, and the notebook reads the data again when it is run; --data "
            f"{data} can be read only once. Write it to a file, and give that."
        )


def _write_notebook(
    place: Path, lang: str, data: Path | None, x: str | None, y: str | None, event: str | None
) -> None:
    from sigmoide.lesson import write_notebook

    write_notebook(
        place,
        lang,
        source=data,
        x=names("--x", x) or None,
        y=y,
        event=event,
        options=read_options_given(),
    )
    say_written(place, "notebook")
