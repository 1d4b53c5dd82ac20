"""The command line. Results go to standard output, everything else to standard error.

Nothing scientific is imported before a command needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigmoide._version import __version__
from sigmoide.errors import FileError, SigmoideError, SigmoideWarning, UsageError

if TYPE_CHECKING:
    from sigmoide.data.files import ReadOptions
    from sigmoide.results import Result

PROVED, NOT_PROVED = 0, 4

EXIT_CODES = """Exit codes: 0 proved; 2 wrong use; 3 the data cannot be used; 4 fitted but not
proved (separated, undetermined, not converged, aliased under 'error')."""


class _Command(click.Command):
    """A command whose failures are one message and one exit code, never a traceback."""

    def invoke(self, context: click.Context) -> Any:
        with warnings.catch_warnings():
            # The command says itself, in its own words, what the library would warn of.
            warnings.simplefilter("ignore", SigmoideWarning)
            try:
                return super().invoke(context)
            except SigmoideError as error:
                _fail(str(error), error.exit_code)
            except (MemoryError, OSError) as error:
                _fail(f"{type(error).__name__}: {error}", 3)


def _fail(message: str, code: int) -> None:
    from sigmoide.report.plain import printable

    click.echo(f"sigmoide: {printable(message)}", err=True)
    sys.exit(code)


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sigmoide")
def main() -> None:
    """Logistic regression, whole: every fit is proved."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal or pipe that cannot show a letter gets an escape, not a crash.
            stream.reconfigure(errors="backslashreplace")


def _reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a text file is read."""
    for option in (
        click.option("--encoding", help="Encoding of a text file [default: utf-8]."),
        click.option("--delimiter", help="Delimiter of a text file [default: found out]."),
        click.option("--decimal", help="Decimal sign of a text file [default: .].", default="."),
    ):
        command = option(command)
    return command


def _options(encoding: str | None, delimiter: str | None, decimal: str) -> ReadOptions:
    from sigmoide.data.files import ReadOptions

    return ReadOptions(encoding, "\t" if delimiter in ("\\t", "tab") else delimiter, decimal)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip()) if text else ()


@main.command(cls=_Command)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for what the lesson makes.")
def lesson(lang: str, out: Path | None) -> None:
    """Walk through the notebook: a logistic regressor made by hand, and the optimum."""
    from sigmoide.lesson import run_lesson, write_lesson

    record = run_lesson(lang, click.echo)
    if out is not None:
        try:
            write_lesson(record, out)
        except OSError as error:
            raise FileError(
                f"{out}: the lesson cannot be written: {error.strerror or error}. "
                "Name another folder."
            ) from error
        click.echo(f"written to {out}", err=True)


@main.command(cls=_Command, epilog=EXIT_CODES)
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--target", help="Column to model, on all others (or --columns).")
@click.option("--formula", help="Such as 'y ~ a + b + C(g)'; instead of --target.")
@click.option("--event", help="Value of the target whose probability is modelled.")
@click.option("--columns", help="Columns to use, separated by commas [default: all].")
@click.option("--exclude", help="Columns to leave out, separated by commas.")
@click.option("--reference", multiple=True, metavar="COL=LEVEL", help="Reference level.")
@click.option("--frequency", help="Column of repeat counts.")
@click.option("--weights", help="Column of weights.")
@click.option("--offset", help="Column added to the linear predictor.")
@click.option("--l2", type=float, default=0.0, help="Ridge penalty, 1/C [default: none].")
@click.option("--standardize", is_flag=True, help="Penalise per standard deviation.")
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
@_reading
@click.option("--out", type=click.Path(path_type=Path), help="Model file to write.")
@click.option("--json", "as_json", is_flag=True, help="Print the model as JSON.")
def fit(
    data: Path,
    target: str | None,
    formula: str | None,
    out: Path | None,
    as_json: bool,
    encoding: str | None,
    delimiter: str | None,
    decimal: str,
    **asked: Any,
) -> None:
    """Fit a logistic regression to DATA, prove it, and print its tables.

    DATA is a CSV file (plain or .gz), a Parquet or an Arrow file.
    """
    if (target is None) == (formula is None):
        raise UsageError("give either --target or --formula: one of them names what is modelled.")
    from sigmoide.data.files import read_file
    from sigmoide.fitting import fit_source, settings

    chosen = settings(asked["l2"], asked["standardize"], asked["tol"], asked["aliased"])
    source = read_file(data, _options(encoding, delimiter, decimal))
    with _progress() as progress:
        result = fit_source(
            source, _request(source.names, target, formula, asked), chosen, progress
        )
    if out is not None:
        result.save(out)
        click.echo(f"model written to {out}", err=True)
    _print_model(result, as_json)
    sys.exit(PROVED if result.status == "proved" else NOT_PROVED)


def _request(
    names: tuple[str, ...], target: str | None, formula: str | None, asked: dict[str, Any]
) -> Any:
    """Gather what is asked of the data, from a target and columns, or from a formula."""
    from sigmoide.data.design import Term
    from sigmoide.data.prepare import Request
    from sigmoide.data.source import listed
    from sigmoide.errors import ColumnError
    from sigmoide.fitting import policies
    from sigmoide.formula import parse

    roles = {role: asked[role] for role in ("frequency", "weights", "offset")}
    apart = tuple(name for name in roles.values() if name is not None)
    intercept = not asked["no_intercept"]
    if target is None:
        if asked["columns"] or asked["exclude"]:
            raise UsageError(
                "--columns and --exclude go with --target; a formula names its columns itself: "
                "'y ~ a + b', or 'y ~ . - c'."
            )
        read = parse(formula or "", names, apart)
        target, terms = read.target, read.terms
        intercept = intercept and read.intercept
    else:
        wanted = _names(asked["columns"]) or tuple(n for n in names if n not in (target, *apart))
        unwanted = _names(asked["exclude"])
        for name in (*wanted, *unwanted):
            if name not in names:
                raise ColumnError(f"no column {name!r}. The columns are: {listed(names)}.")
        terms = tuple(Term(name, name) for name in wanted if name not in unwanted)
    return Request(
        target,
        _with_references(terms, asked["reference"]),
        intercept,
        asked["event"],
        policies=policies(asked["missing"], asked["unseen"]),
        **roles,
    )


def _with_references(terms: tuple[Any, ...], pairs: tuple[str, ...]) -> tuple[Any, ...]:
    from dataclasses import replace

    chosen = {}
    for pair in pairs:
        column, sign, level = pair.partition("=")
        if not sign or not column:
            raise UsageError(f"--reference {pair!r} was given; write it as COLUMN=LEVEL.")
        if column not in {term.column for term in terms}:
            raise UsageError(f"--reference {pair!r}: {column!r} is no column of the model.")
        chosen[column] = level
    return tuple(
        replace(term, reference=chosen[term.column], categorical=True)
        if term.column in chosen
        else term
        for term in terms
    )


@main.command("predict", cls=_Command)
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="CSV file [default: print].")
@click.option("--interval", is_flag=True, help="Add a 95 % interval of the probability.")
@_reading
def predict_command(
    model: Path,
    data: Path,
    out: Path | None,
    interval: bool,
    encoding: str | None,
    delimiter: str | None,
    decimal: str,
) -> None:
    """Predict the probability of the event for each row of DATA, as CSV."""
    from sigmoide.model.store import write_whole
    from sigmoide.report.predictions import as_csv
    from sigmoide.results import read_model

    result = read_model(model)
    if interval and result.model.fit.coefficients.covariance is None:
        raise UsageError(
            "the model has no covariance (it is penalised, separated or not proved), so it gives "
            "no intervals. Leave --interval out."
        )
    found = result.predicted(data, options=_options(encoding, delimiter, decimal))
    text, without = as_csv(found, interval)
    if without:
        click.echo(f"{without:,} row(s) with missing values have no prediction", err=True)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text)
        click.echo(f"predictions written to {out}", err=True)


@main.command(cls=_Command)
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--threshold", type=float, default=0.5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@_reading
def evaluate(
    model: Path,
    data: Path,
    threshold: float,
    as_json: bool,
    encoding: str | None,
    delimiter: str | None,
    decimal: str,
) -> None:
    """Score the model on DATA, which holds the target."""
    from sigmoide.report.scores import as_json as json_of
    from sigmoide.report.scores import render_scores
    from sigmoide.results import read_model

    result = read_model(model)
    options = _options(encoding, delimiter, decimal)
    found = result.evaluate(data, threshold=threshold, options=options)
    click.echo(json_of(found) if as_json else render_scores(found, result.model, threshold))


@main.command(cls=_Command, epilog=EXIT_CODES)
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--tol", type=float, default=1e-6, show_default=True, help="Allowed distance, in s.e."
)
@_reading
def verify(
    model: Path, data: Path, tol: float, encoding: str | None, delimiter: str | None, decimal: str
) -> None:
    """Prove the coefficients of MODEL again on the DATA it was fitted on."""
    from sigmoide.report.verdict import render_verdict
    from sigmoide.results import read_model

    result = read_model(model)
    found = result.verify(data, options=_options(encoding, delimiter, decimal))
    text, holds = render_verdict(found, tol)
    click.echo(text)
    sys.exit(PROVED if holds else NOT_PROVED)


@main.command(cls=_Command)
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the model as JSON.")
def show(model: Path, as_json: bool) -> None:
    """Print the tables of a model file."""
    from sigmoide.results import read_model

    _print_model(read_model(model), as_json)


def _print_model(result: Result, as_json: bool) -> None:
    if as_json:
        from sigmoide.model.store import to_json

        click.echo(json.dumps(to_json(result.model), indent=1, allow_nan=False))
    else:
        click.echo(str(result.summary()))


@contextmanager
def _progress() -> Iterator[Callable[[int, str], None]]:
    """Show each read: on a terminal one line that is written over, on a pipe a line each."""
    terminal = sys.stderr.isatty()

    def say(reads: int, what: str) -> None:
        line = f"read {reads}: {what}"
        click.echo(f"\r\x1b[K{line[:78]}" if terminal else line, err=True, nl=not terminal)

    try:
        yield say
    finally:
        if terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
