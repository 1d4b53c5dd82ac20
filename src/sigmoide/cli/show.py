"""``sigmoide show``: the tables of a model file."""

from __future__ import annotations

from pathlib import Path

import click

from sigmoide.cli.options import FILE, check_paths, showing
from sigmoide.cli.program import Command, print_model


@click.command("show", cls=Command)
@click.argument("model", type=FILE)
@showing
def command(model: Path, form: str) -> None:
    """Print the tables of a model file."""
    check_paths([model])
    from sigmoide.api.result import read_model

    print_model(read_model(model), form)
