"""``sigmoide predict``: the probability of the event for each row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigmoide.api.paths import Output
from sigmoide.cli.options import DATA, FILE, check_paths, opening
from sigmoide.cli.program import Command, say_account, say_written, show
from sigmoide.errors import UsageError

if TYPE_CHECKING:
    from sigmoide.cli.options import Open


@click.command("predict", cls=Command)
@click.argument("model", type=FILE)
@click.argument("data", type=DATA)
@click.option("--out", type=FILE, help="CSV file [default: print].")
@click.option("--interval", is_flag=True, help="Add a 95 % interval of the probability.")
@opening
def command(model: Path, data: Path, out: Path | None, interval: bool, read: Open) -> None:
    """Predict the probability of the event for each row of DATA, as CSV."""
    check_paths([model, data], Output("--out", out))
    from sigmoide.api.apply_model import predict_parts
    from sigmoide.api.result import read_model
    from sigmoide.report.scores import as_csv
    from sigmoide.results.covariance import for_predictions

    result = read_model(model)
    if interval and for_predictions(result.model) is None:
        why = "is penalised" if result.model.settings.l2 else f"is {result.status}"
        raise UsageError(
            f"--interval was given, and the model {why}, so that it has no covariance and no "
            "intervals. Leave --interval out."
        )
    account, parts = predict_parts(result.model, read(data))
    say_account(account, "have no prediction")
    text = as_csv(parts, interval)
    if out is None:
        for lines in text:
            if not show(lines, nl=False):
                break
    else:
        from sigmoide.modelfile.atomic import write_whole

        write_whole(out, text)
        say_written(out, "predictions")
