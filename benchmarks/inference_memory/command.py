"""The command line of the memory of the inference."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.threads import hold

if TYPE_CHECKING:
    from benchmarks.inference_memory.page import Run


@click.command()
@click.option("--rows", type=click.IntRange(100), default=2_000_000, show_default=True)
@click.option("--columns", type=click.IntRange(5), default=20, show_default=True)
@click.option("--quantities", metavar="GLOBS", default="*", help="By name [default: all].")
@click.option("--seed", type=int, help="Of the data [default: made of the commit's hash].")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Results, kept one by one.")
@click.option("--into", "page", type=click.Path(path_type=Path), help="Page to put them into.")
@click.option("--quantity", "only", hidden=True)
@click.option("--folder", type=click.Path(path_type=Path), hidden=True)
def main(
    rows: int,
    columns: int,
    quantities: str,
    seed: int | None,
    file: Path | None,
    page: Path | None,
    only: str | None,
    folder: Path | None,
) -> None:
    """Measure the memory of each quantity of the inference; print the table in Markdown.

    With --json, every quantity is written down when it is done, and not measured again if the
    command is given again. With --into too nothing is measured: the table of the file goes into
    the page.
    """
    hold(2)
    from benchmarks.inference_memory.page import markdown, read, write
    from benchmarks.inference_memory.quantities import QUANTITIES, draw
    from benchmarks.inference_memory.watched import answer, measure
    from benchmarks.names import matches
    from benchmarks.render import put_into
    from benchmarks.results import ResultsError
    from benchmarks.seeds import NoCommitError, generator

    if only is not None and folder is not None:
        answer(only, folder)
        return
    try:
        if page is not None:
            if file is None:
                raise click.UsageError("--into puts the table of a file into a page: give --json.")
            put_into(page, file.name, markdown(read(file)))
            return
        run = _begin(rows, columns, seed, file)
    except (NoCommitError, ResultsError, OSError) as error:
        raise click.ClickException(str(error)) from error
    done = {one.quantity for one in run.found}
    asked = [one.name for one in QUANTITIES if matches(one.name, quantities)]
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        data = draw(generator(run.seed, "memory of the inference"), rows, columns)
        data.save(Path(temporary))
        run.size = data.size
        del data
        for name in asked:
            if name not in done:
                click.echo(name, err=True)
                run.found.append(measure(name, Path(temporary)))
                if file is not None:
                    write(run, file)
    click.echo(markdown(run), nl=False)


def _begin(rows: int, columns: int, seed: int | None, file: Path | None) -> Run:
    """Return what was measured so far, in this very measurement, or nothing yet."""
    from benchmarks.inference_memory.page import Run, read
    from benchmarks.results import ResultsError
    from benchmarks.seeds import changed, commit, seed_of

    hash_ = commit()
    fresh = Run(
        hash_,
        changed(),
        seed_of(hash_) if seed is None else seed,
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        shlex.join(["python", "-m", "benchmarks.inference_memory", *sys.argv[1:]]),
        os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
        rows,
        columns,
        0,
    )
    if file is None or not file.exists():
        return fresh
    held = read(file)
    if not held.same_run(fresh):
        raise ResultsError(
            f"{file} holds a measurement of another commit, seed or size; one file is one "
            "measurement. Name another file, or remove this one."
        )
    return held
