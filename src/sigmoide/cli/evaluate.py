"""``sigmoide evaluate``: how well a model does on rows whose target is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigmoide.api.paths import Output
from sigmoide.cli.options import DATA, FILE, check_paths, opening
from sigmoide.cli.process import attempt
from sigmoide.cli.program import Command, say_account, show, writing
from sigmoide.modelfile.atomic import EVALUATION_PICTURES, picture_files

if TYPE_CHECKING:
    from sigmoide.cli.options import Open


@click.command("evaluate", cls=Command)
@click.argument("model", type=FILE)
@click.argument("data", type=DATA)
@click.option("--threshold", type=float, default=0.5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@click.option("--plots", type=FILE, help="Folder for pictures.")
@opening
def command(
    model: Path, data: Path, threshold: float, as_json: bool, plots: Path | None, read: Open
) -> None:
    """Score the model on DATA, which holds the target."""
    check_paths([model, data], Output("--plots", plots, picture_files(EVALUATION_PICTURES)))
    from sigmoide.api.result import read_model
    from sigmoide.report.scores import as_json as json_of
    from sigmoide.report.scores import render_scores

    result = read_model(model)
    rows = result.scored(read(data))
    say_account(rows.account, "are left out")
    scores = result.evaluate(rows, threshold=threshold)
    with attempt():
        show(json_of(scores) if as_json else render_scores(scores, result.model, threshold))
    if plots is not None:
        from sigmoide.api.plots import write_evaluation_plots

        with writing(plots, "pictures"):
            write_evaluation_plots(result, rows, plots, threshold=threshold)
