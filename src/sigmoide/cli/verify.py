"""``sigmoide verify``: the proof of a model file, made again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sigmoide.cli.options import DATA, FILE, check_paths, opening
from sigmoide.cli.program import EXIT_CODES, NOT_PROVED, PROVED, Command, say, show
from sigmoide.errors import UsageError

if TYPE_CHECKING:
    from sigmoide.cli.options import Open


@click.command("verify", cls=Command, epilog=EXIT_CODES)
@click.argument("model", type=FILE)
@click.argument("data", type=DATA)
@click.option(
    "--tol", type=float, default=1e-6, show_default=True, help="Allowed distance, in s.e."
)
@opening
def command(model: Path, data: Path, tol: float, read: Open) -> None:
    """Prove the coefficients of MODEL again on the DATA it was fitted on."""
    if not 0.0 < tol < float("inf"):
        raise UsageError(f"--tol {tol} was given; it is a finite number above zero.")
    check_paths([model, data])
    from sigmoide.api.apply_model import follow_rows
    from sigmoide.api.certify import certify_model
    from sigmoide.api.result import read_model
    from sigmoide.report.scores import render_check, render_verdict
    from sigmoide.results.firth_check import check_firth

    result = read_model(model)
    fitted = result.model
    ready = follow_rows(fitted, read(data))
    try:
        if ready.source_rows != fitted.source_rows:
            say(
                f"the model was fitted on {fitted.source_rows:,} rows; these are "
                f"{ready.source_rows:,}"
            )
        if fitted.fit.small_sample is not None:
            text, holds = render_check(
                check_firth(ready.blocks, fitted.fit, fitted.design.intercept), tol
            )
        else:
            text, holds = render_verdict(certify_model(fitted, ready.blocks), tol)
    finally:
        ready.close()
    show(text)
    sys.exit(PROVED if holds else NOT_PROVED)
