"""``sigmoide describe``: what is understood of a file, before fitting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigmoide.cli.options import DATA, check_paths, opening
from sigmoide.cli.program import Command, show

if TYPE_CHECKING:
    from sigmoide.cli.options import Open


@click.command("describe", cls=Command)
@click.argument("data", type=DATA)
@click.option("--target", help="Column whose event is to be named.")
@opening
def command(data: Path, target: str | None, read: Open) -> None:
    """Say what is understood of DATA before fitting: types, levels, ranges, gaps, the event."""
    check_paths([data])
    from sigmoide.api.describe import describe

    show(str(describe(read(data), target)))
