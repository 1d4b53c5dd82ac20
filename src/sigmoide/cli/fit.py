"""``sigmoide fit``: a fit, its proof, its tables and its pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigmoide.api.incompatible import refuse_incompatible
from sigmoide.api.paths import Output
from sigmoide.cli.fit_request import request_of
from sigmoide.cli.options import DATA, FILE, check_paths, opening, showing
from sigmoide.cli.process import attempt, failures
from sigmoide.cli.program import (
    EXIT_CODES,
    NOT_PROVED,
    PROVED,
    Command,
    print_model,
    progress,
    say,
    say_account,
    say_written,
    writing,
)
from sigmoide.errors import UsageError
from sigmoide.modelfile.atomic import FIT_PICTURES, picture_files
from sigmoide.results.covariance_kinds import KINDS

if TYPE_CHECKING:
    from sigmoide.api.result import Result
    from sigmoide.api.split import SplitFit
    from sigmoide.cli.options import Open
    from sigmoide.fit.checkpoint import Keep
    from sigmoide.sources.source import Source


@click.command("fit", cls=Command, epilog=EXIT_CODES)
@click.argument("data", type=DATA)
@click.option("--target", help="Column to model, on all others (or --columns).")
@click.option(
    "--formula", help="Such as 'y ~ a*b + C(g) + log(c)'; instead of --target (see above)."
)
@click.option("--event", help="Value of the target whose probability is modelled.")
@click.option("--columns", help="Columns to use, separated by commas [default: all].")
@click.option("--exclude", help="Columns to leave out, separated by commas.")
@click.option("--reference", multiple=True, metavar="COL=LEVEL", help="Reference level.")
@click.option("--frequency", help="Column of repeat counts.")
@click.option("--weights", help="Column of weights.")
@click.option("--offset", help="Column added to the linear predictor.")
@click.option("--l2", type=float, default=0.0, help="Ridge penalty, 1/C [default: none].")
@click.option("--standardize", is_flag=True, help="Penalise per standard deviation.")
@click.option(
    "--penalty-factor",
    multiple=True,
    metavar="TERM=FACTOR",
    help="What --l2 is multiplied by for a term or column; 0 leaves it unpenalised.",
)
@click.option("--firth", is_flag=True, help="Firth's method: small samples, separated classes.")
@click.option("--flic", is_flag=True, help="Firth's slopes, and the intercept corrected.")
@click.option("--flac", is_flag=True, help="Firth's, corrected with an added covariate.")
@click.option("--no-intercept", is_flag=True, help="Leave the intercept out.")
@click.option(
    "--missing",
    type=click.Choice(["drop", "error", "indicator"]),
    default="drop",
    show_default=True,
    help="What to do with missing values.",
)
@click.option(
    "--unseen",
    type=click.Choice(["error", "reference", "missing"]),
    default="error",
    show_default=True,
    help="What an unseen level is at prediction.",
)
@click.option(
    "--aliased",
    type=click.Choice(["drop", "error"]),
    default="drop",
    show_default=True,
    help="What to do with columns that are combinations of others.",
)
@click.option("--tol", type=float, default=1e-9, show_default=True, help="Wanted distance, in s.e.")
@click.option(
    "--cov",
    type=click.Choice(KINDS, case_sensitive=False),
    help="Which errors [default: CR1 with --cluster, else nonrobust: Fisher information].",
)
@click.option("--cluster", help="Column, or two, whose rows go together: for CR0, CR_G, CR1.")
@click.option("--replicates", type=int, help="Samples of --cov bootstrap [default: 999].")
@click.option(
    "--ci",
    type=click.Choice(["wald", "profile"]),
    help="Which intervals: estimate ± 1.96 s.e., or by the profile likelihood [default: wald; with "
    "--firth its own, by profile].",
)
@opening
@click.option(
    "--split",
    help="Fit a part and score all: random:0.2, stratified:0.2, every:3, column:NAME=TRAIN.",
)
@click.option("--seed", type=int, help="Of a random split, or of a bootstrap [default: 0].")
@click.option("--split-key", help="Column whose rows stay together in a random split.")
@click.option(
    "--patience",
    type=int,
    help="Choose the penalty on the validation rows of --split (random:0.2,0.2): weaken it by "
    "halves until so many in a row are no better.",
)
@click.option("--checkpoint", type=FILE, help="File to keep the fit in as it goes.")
@click.option("--resume", is_flag=True, help="Go on with that file, if it is there.")
@click.option(
    "--any-machine",
    is_flag=True,
    help="Also if another kind of processor wrote it: the same optimum, not the same last digits.",
)
@click.option("--plots", type=FILE, help="Folder for pictures.")
@click.option("--out", type=FILE, help="Model file to write.")
@showing
def command(
    data: Path,
    target: str | None,
    formula: str | None,
    out: Path | None,
    form: str,
    read: Open,
    **params: Any,
) -> None:
    """Fit a logistic regression to DATA, prove it, and print its tables.

    DATA is a CSV file (plain or .gz), a Parquet or an Arrow file, a folder or pattern of Parquet
    files, or - for standard input. What is larger than the memory allowed is streamed.

    A formula joins terms by + - : * and **; . stands for all other columns, 0 for no intercept.
    Terms: a, C(g, ref='x'), C(g, Sum), I(a/b), log(a), exp(a), sqrt(a), center(a), scale(a),
    poly(a, 2), bs(a, df=4), cr(a, df=4), offset(a). Counts: 'cases / total ~ a'.
    """
    if (target is None) == (formula is None):
        raise UsageError("give either --target or --formula: one of them names what is modelled.")
    _check_outputs(data, out, params)
    from sigmoide.api.logit import fit_source
    from sigmoide.api.options import refuse_unknown
    from sigmoide.api.split import SplitFit, fit_parts
    from sigmoide.cli.fit_request import inferred, options_of
    from sigmoide.sources.formats import table_of

    options = options_of(params)
    keep, split = options.checkpoint, options.split
    opened = read(data)
    refuse_unknown(options.covariance.cluster, opened.head)
    parts: dict[str, Source] = {}
    if split is not None or params["plots"] is not None:
        parts["train"] = table_of(opened, "a split" if split is not None else "a picture")
    request = request_of(opened.head, target, formula, params, options)
    with _told_of(keep):
        with progress() as tell:
            if split is None:
                split_fit = SplitFit(fit_source(opened, request, options, tell), parts)
            else:
                split_fit = fit_parts(parts["train"], request, options, tell)
            result = inferred(split_fit.result, options, params["ci"], tell)
        _deliver(split_fit, result, out, form, params)
    if keep is not None:
        _leave(keep)
    sys.exit(PROVED if result.status in ("proved", "converged") else NOT_PROVED)


@contextmanager
def _told_of(keep: Keep | None) -> Iterator[None]:
    """Say where the fit is kept, if a signal ends what comes after it."""
    try:
        yield
    except KeyboardInterrupt as stop:
        if keep is None or str(stop) or not keep.path.exists():
            raise
        raise KeyboardInterrupt(
            f"interrupted after the fit, whose reads are kept in {keep.path}. Go on with the same "
            "command and --resume"
        ) from stop


def _deliver(
    split_fit: SplitFit, result: Result, out: Path | None, form: str, params: dict[str, Any]
) -> None:
    """Save, print and draw what was found; each of them whatever becomes of the others."""
    for name, rows in split_fit.scored.items():
        # The summary speaks of the training rows.
        if name != "train":
            say_account(rows.account, "are left out", name)
    if out is not None:
        with attempt():
            result.save(out)
            say_written(out, "model")
    with attempt():
        scores = split_fit.evaluate() if split_fit.scored else {}
        print_model(result, form, scores, split_fit.path, params["ci"])
    if params["plots"] is not None:
        from sigmoide.api.plots import write_fit_plots

        with attempt(), writing(params["plots"], "pictures"):
            train, test = split_fit.parts["train"], split_fit.parts.get("test")
            write_fit_plots(result, train, params["plots"], test=test)


def _leave(keep: Keep) -> None:
    """Remove the checkpoint, if all that was asked for is printed and kept elsewhere."""
    if failures():
        say(f"the reads of the fit are kept in {keep.path}: --resume goes on with them")
    else:
        keep.remove()


def _check_outputs(data: Path, out: Path | None, params: dict[str, Any]) -> None:
    """Refuse outputs that would lose a file, and a checkpoint of several fits."""
    check_paths(
        [data],
        Output("--out", out),
        Output("--checkpoint", params["checkpoint"]),
        Output("--plots", params["plots"], picture_files(FIT_PICTURES)),
    )
    refuse_incompatible(checkpoint=params["checkpoint"], split=params["split"])
