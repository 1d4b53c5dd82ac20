"""``sigmoide compare``: several model files side by side."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sigmoide.cli.options import FILE, check_paths
from sigmoide.cli.program import Command, show


@click.command("compare", cls=Command)
@click.argument("models", type=FILE, nargs=-1, required=True, metavar="MODEL MODEL...")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def command(models: tuple[Path, ...], as_json: bool) -> None:
    """Print several model files side by side: estimates, errors, statistics of the fits."""
    check_paths(models)
    from sigmoide.api.compare import compare, names_of_files
    from sigmoide.api.result import read_model
    from sigmoide.report.comparison import comparison_entries

    table = compare(*(read_model(path) for path in models), names=names_of_files(models))
    show(
        json.dumps(comparison_entries(table), indent=1, allow_nan=False) if as_json else str(table)
    )
