"""``sigmoide show``: the tables of a model file."""

from __future__ import annotations

from pathlib import Path

import click

from sigmoide.cli.options import FILE
from sigmoide.cli.output import print_model
from sigmoide.cli.program import Command


@click.command("show", cls=Command)
@click.argument("model", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the model as JSON.")
def command(model: Path, as_json: bool) -> None:
    """Print the tables of a model file."""
    from sigmoide.results import read_model

    print_model(read_model(model), as_json)
