"""The command line of the coverage."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.threads import hold

if TYPE_CHECKING:
    from benchmarks.coverage.page import Coverage

ALPHA = 0.05
SAMPLES = {50: 2000, 200: 2000, 2000: 1000}


@click.command()
@click.option("--seed", type=int, help="Of the samples [default: made of the commit's hash].")
@click.option(
    "--replicates",
    type=click.IntRange(1),
    help="Samples of each n [default: 1000 of 2000 rows, 2000 of fewer].",
)
@click.option(
    "--json", "file", type=click.Path(path_type=Path), help="Counts, kept world by world."
)
@click.option(
    "--into", "page", type=click.Path(path_type=Path), help="Page to put the tables into."
)
def main(seed: int | None, replicates: int | None, file: Path | None, page: Path | None) -> None:
    """Count how often intervals of 95 % cover; print the tables in Markdown.

    With --json, what was counted is written down, and not counted again if the command is given
    again. With --into too nothing is counted: the tables of the file go into the page.
    """
    hold(1)
    from benchmarks.coverage.page import Cell, markdown, read, write
    from benchmarks.coverage.simulate import simulate
    from benchmarks.coverage.theory import theory_of
    from benchmarks.coverage.worlds import worlds
    from benchmarks.render import put_into
    from benchmarks.results import ResultsError
    from benchmarks.seeds import NoCommitError

    try:
        if page is not None:
            if file is None:
                raise click.UsageError("--into puts the counts of a file into a page: give --json.")
            put_into(page, file.name, markdown(read(file)))
            return
        run = _begin(seed, replicates, file)
    except (NoCommitError, ResultsError, OSError) as error:
        raise click.ClickException(str(error)) from error
    done = {(cell.world, cell.rows) for cell in run.cells}
    for rows, samples in run.samples.items():
        for world in worlds():
            if (world.name, int(rows)) in done:
                continue
            click.echo(f"{world.name}, {rows} rows", err=True)
            for count in simulate(world, int(rows), samples, run.seed, run.alpha):
                theory = theory_of(world, count.method, count.rows, run.alpha)
                found = Cell(**count.entries(), theory=theory.coverage, exact=theory.exact)
                run.cells.append(found)
            if file is not None:
                write(run, file)
    click.echo(markdown(run), nl=False)


def _begin(seed: int | None, replicates: int | None, file: Path | None) -> Coverage:
    """Return what was counted so far, of this very run, or nothing yet."""
    from benchmarks.coverage.page import Coverage, read
    from benchmarks.coverage.worlds import worlds
    from benchmarks.results import ResultsError
    from benchmarks.seeds import changed, commit, seed_of

    hash_ = commit()
    fresh = Coverage(
        hash_,
        changed(),
        seed_of(hash_) if seed is None else seed,
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        shlex.join(["python", "-m", "benchmarks.coverage", *sys.argv[1:]]),
        ALPHA,
        {str(rows): replicates or samples for rows, samples in SAMPLES.items()},
        {world.name: (world.what, world.estimand) for world in worlds()},
    )
    if file is None or not file.exists():
        return fresh
    held = read(file)
    if not held.same_run(fresh):
        raise ResultsError(
            f"{file} holds counts of another commit, seed or number of samples; one file is one "
            "run. Name another file, or remove this one."
        )
    return held
