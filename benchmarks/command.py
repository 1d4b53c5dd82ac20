"""The command line of the benchmarks."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.threads import hold

if TYPE_CHECKING:
    from benchmarks.results import Results

THREADS = 2
# Load averages of a machine on which nothing else runs stay below this.
_BUSY = 0.5


@click.command()
@click.option("--cases", metavar="GLOBS", help="Problems, by name, of all [default: the usual].")
@click.option("--rivals", metavar="GLOBS", help="Rivals, by name [default: all].")
@click.option("--seed", type=int, help="Of the data [default: made of the commit's hash].")
@click.option("--repeats", type=click.IntRange(1), help="Most samples [default: 5].")
@click.option("--limit", type=float, help="Seconds of a trial [default: 8; quick: 5; small: 2].")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Results, kept case by case.")
@click.option("--quick", is_flag=True, help="Few problems, few rivals: five minutes.")
@click.option("--kernel/--no-kernel", default=None, help="The kernel's bandwidth [default: yes].")
@click.option("--list", "only_list", is_flag=True, help="Names of problems and rivals, and end.")
def main(
    cases: str | None,
    rivals: str | None,
    seed: int | None,
    repeats: int | None,
    limit: float | None,
    file: Path | None,
    quick: bool,
    kernel: bool | None,
    only_list: bool,
) -> None:
    """Measure sigmoide against its rivals, at equal accuracy; print the tables in Markdown.

    With --json, every problem is written down when it is done, and not measured again if the
    command is given again: what was interrupted goes on.
    """
    hold(THREADS)
    from benchmarks import cases as problems
    from benchmarks import rivals as opponents
    from benchmarks.kernel import COLUMNS, DTYPES, measure
    from benchmarks.render import markdown
    from benchmarks.results import ResultsError, write
    from benchmarks.runner import Houses, run_case
    from benchmarks.seeds import NoCommitError
    from benchmarks.trial import Rules

    if only_list:
        click.echo("\n".join(case.name for case in problems.CASES))
        click.echo("\n" + "\n".join(rival.name for rival in opponents.RIVALS))
        return
    chosen = problems.chosen(cases, quick=quick)
    against = opponents.chosen(rivals, quick=quick)
    if (cases and not chosen) or (rivals and not against):
        raise click.UsageError(
            f"nothing is named {(cases if cases and not chosen else rivals)!r}; "
            "--list prints the names."
        )
    with_kernel = cases is None if kernel is None else kernel
    often = repeats or 5
    rules = Rules(repeats=often, limit=limit or (5.0 if quick else 8.0), threads=THREADS)
    # A small fit is over in milliseconds: a second tells as much as ten.
    brief = replace(rules, budget=0.5, limit=limit or 2.0)
    try:
        results = _begin(seed, file)
    except (NoCommitError, ResultsError) as error:
        raise click.ClickException(str(error)) from error

    def keep() -> None:
        if file is not None:
            write(results, file)

    done = {case.name for case in results.cases}
    with closing(Houses()) as houses:
        for case in chosen:
            if case.name not in done:
                found = run_case(
                    case,
                    results.seed,
                    against,
                    brief if case.group == "small" else rules,
                    houses,
                    asked=rivals is not None,
                )
                results.cases.append(found)
                keep()
    if with_kernel:
        held = {(one.columns, one.dtype) for one in results.kernel}
        for columns in COLUMNS:
            for dtype in DTYPES:
                if (columns, dtype) not in held:
                    print(f"kernel: d = {columns}, {dtype}", file=sys.stderr, flush=True)
                    results.kernel.append(measure(results.seed, THREADS, often, columns, dtype))
                    keep()
    click.echo(markdown(results), nl=False)


def _begin(seed: int | None, file: Path | None) -> Results:
    """Return the results so far, of this very measurement, or empty ones."""
    from benchmarks.machine import machine, versions
    from benchmarks.results import Results, ResultsError, read
    from benchmarks.seeds import changed, commit, seed_of

    hash_, load = commit(), _load()
    if load > _BUSY:
        click.echo(
            f"the load average is {load:.1f}: times will be those of a busy machine", err=True
        )
    fresh = Results(
        hash_,
        changed(),
        seed_of(hash_) if seed is None else seed,
        datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]]),
        load,
        machine(),
        versions(),
    )
    if file is None or not file.exists():
        return fresh
    held = read(file)
    if not held.same_measurement(fresh):
        raise ResultsError(
            f"{file} holds results of another commit, seed, machine or version; "
            "one file is one measurement. Name another file, or remove this one."
        )
    return held


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
