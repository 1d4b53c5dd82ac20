"""The command line. Results go to standard output, everything else to standard error.

Nothing scientific is imported before a command needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sigmoide._version import __version__
from sigmoide.errors import FileError, SigmoideError, SigmoideWarning, UsageError

if TYPE_CHECKING:
    from sigmoide.data.design import Term
    from sigmoide.data.files import ReadOptions
    from sigmoide.data.prepare import Request
    from sigmoide.data.source import Source
    from sigmoide.results import Result

PROVED, FAULT, UNUSABLE, NOT_PROVED = 0, 1, 3, 4

# Whether a file can be read is for the reader to say: then it is the data that cannot be used.
_FILE = click.Path(path_type=Path, readable=False)

EXIT_CODES = """Exit codes: 0 proved; 2 wrong use; 3 the data cannot be used; 4 fitted but not
proved (separated, undetermined, not converged, aliased under 'error')."""


class _Group(click.Group):
    """The program: what click says of wrong use is shown without control characters, too."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        try:
            # The code of a command that left by itself, as --help and --version do.
            sys.exit(run() or 0)
        except click.UsageError as error:
            if error.ctx is not None:
                click.echo(error.ctx.get_usage(), err=True)
                click.echo(f"Try '{error.ctx.command_path} --help' for help.\n", err=True)
            _fail(error.format_message(), error.exit_code)
        except click.ClickException as error:
            _fail(error.format_message(), error.exit_code)
        except click.Abort:
            _fail("stopped", FAULT)


class _Command(click.Command):
    """A command whose failures are one message and one exit code, never a traceback."""

    def invoke(self, context: click.Context) -> Any:
        with warnings.catch_warnings():
            # The command says itself, in its own words, what the library would warn of.
            warnings.simplefilter("ignore", SigmoideWarning)
            # Overflows inside are judged by what comes out.
            warnings.simplefilter("ignore", RuntimeWarning)
            try:
                return super().invoke(context)
            except SigmoideError as error:
                _fail(str(error), error.exit_code)
            except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
                # What click knows best; a pipe that nobody reads any more it leaves quietly.
                raise
            except MemoryError:
                _fail("the memory does not hold these data. Use fewer rows or columns.", UNUSABLE)
            except OSError as error:
                where = f"{error.filename}: " if error.filename else ""
                _fail(f"{where}{error.strerror or error}", UNUSABLE)
            except Exception as error:
                if os.environ.get("SIGMOIDE_TRACEBACK"):
                    raise
                _fail(
                    f"a fault of sigmoide, not yours ({type(error).__name__}: {error}). Please "
                    "report it, with what SIGMOIDE_TRACEBACK=1 in the environment shows.",
                    FAULT,
                )


def _fail(message: str, code: int) -> None:
    from sigmoide.report.plain import printable

    click.echo(f"sigmoide: {printable(message)}", err=True)
    sys.exit(code)


def _say(message: str) -> None:
    """Tell something besides the results."""
    from sigmoide.report.plain import printable

    click.echo(printable(message), err=True)


@click.group(
    cls=_Group, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
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


def _names(option: str, text: str | None) -> tuple[str, ...]:
    """Split names at commas; one that holds a comma stands in double quotes."""
    if text is None:
        return ()
    names = tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []))
    if not names or "" in names:
        raise UsageError(f"{option} {text!r} was given; write it as NAME,NAME.")
    return names


def _check_out(out: Path | None, *inputs: Path) -> None:
    """Refuse, before the work, to write where nothing can be written, or over what is read."""
    if out is None:
        return
    from sigmoide.model.whole import check_place

    for held in inputs:
        if out.exists() and held.exists() and out.samefile(held):
            raise UsageError(
                f"--out {out} is the file that is read, and would be lost. Name another."
            )
    check_place(out)


@main.command(cls=_Command)
@click.option("--lang", type=click.Choice(["es", "en"]), default="es", show_default=True)
@click.option("--data", type=_FILE, help="Your own file, instead of the notebook's points.")
@click.option("--x", help="Its two columns of numbers to learn from, A,B.")
@click.option("--y", help="Its column to tell apart.")
@click.option("--event", help="Value of that column whose probability is modelled.")
@_reading
@click.option("--out", type=_FILE, help="Folder for what the lesson makes.")
@click.option("--plots", type=_FILE, help="Folder for pictures.")
def lesson(
    lang: str,
    data: Path | None,
    x: str | None,
    y: str | None,
    event: str | None,
    encoding: str | None,
    delimiter: str | None,
    decimal: str,
    out: Path | None,
    plots: Path | None,
) -> None:
    """Walk through the notebook: a logistic regressor made by hand, the optimum, and beyond."""
    from sigmoide.lesson import run_lesson, write_figures, write_lesson

    source = None
    if data is not None:
        from sigmoide.data.files import read_file

        source = read_file(data, _options(encoding, delimiter, decimal))
    record = run_lesson(
        lang, click.echo, source=source, x=_names("--x", x) or None, y=y, event=event
    )
    if out is not None:
        with _writing(out, "the lesson's files"):
            write_lesson(record, out)
    if plots is not None:
        with _writing(plots, "pictures"):
            write_figures(record, plots, lang)


@main.command(cls=_Command, epilog=EXIT_CODES)
@click.argument("data", type=_FILE)
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
@click.option(
    "--split",
    help="Fit a part and score all: random:0.2, stratified:0.2, every:3, column:NAME=TRAIN.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the split.")
@click.option("--split-key", help="Column whose rows stay together in a random split.")
@click.option("--plots", type=_FILE, help="Folder for pictures.")
@click.option("--out", type=_FILE, help="Model file to write.")
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
    _check_out(out, data)
    from sigmoide.data.files import read_file
    from sigmoide.fitting import fit_source, settings

    chosen = settings(asked["l2"], asked["standardize"], asked["tol"], asked["aliased"])
    source = read_file(data, _options(encoding, delimiter, decimal))
    request = _request(source, target, formula, asked)
    parts: dict[str, Source] = {"train": source}
    scores: dict[str, Any] = {}
    with _progress() as progress:
        if asked["split"] is None:
            result = fit_source(source, request, chosen, progress)
        else:
            from sigmoide.data.split import parse_split
            from sigmoide.splitting import fit_split

            split = parse_split(asked["split"], asked["seed"], asked["split_key"])
            found = fit_split(source, request, chosen, split, progress)
            result, parts, scores = found.result, found.parts, found.scores
    if out is not None:
        result.save(out)
        _say(f"model written to {out}")
    if asked["plots"] is not None:
        from sigmoide.plotting import write_fit_plots

        with _writing(asked["plots"], "pictures"):
            write_fit_plots(result, parts["train"], asked["plots"], test=parts.get("test"))
    _print_model(result, as_json, scores)
    sys.exit(PROVED if result.status == "proved" else NOT_PROVED)


def _request(
    source: Source, target: str | None, formula: str | None, asked: dict[str, Any]
) -> Request:
    """Gather what is asked of the data, from a target and columns, or from a formula."""
    from sigmoide.data.design import Term
    from sigmoide.data.prepare import Request
    from sigmoide.fitting import policies
    from sigmoide.formula import parse

    roles = {role: asked[role] for role in ("frequency", "weights", "offset")}
    apart = tuple(name for name in roles.values() if name is not None)
    wanted = _names("--columns", asked["columns"])
    unwanted = _names("--exclude", asked["exclude"])
    intercept = not asked["no_intercept"]
    if target is None:
        if wanted or unwanted:
            raise UsageError(
                "--columns and --exclude go with --target; a formula names its columns itself: "
                "'y ~ a + b', or 'y ~ . - c'."
            )
        read = parse(formula or "", source.names, apart)
        target, terms = read.target, read.terms
        intercept = intercept and read.intercept
    else:
        for name in (target, *wanted, *unwanted):
            source.column(name)
        wanted = wanted or tuple(name for name in source.names if name not in (target, *apart))
        terms = tuple(Term(name, name) for name in wanted if name not in unwanted)
    return Request(
        target,
        _with_references(terms, asked["reference"]),
        intercept,
        asked["event"],
        policies=policies(asked["missing"], asked["unseen"]),
        **roles,
    )


def _with_references(terms: tuple[Term, ...], pairs: tuple[str, ...]) -> tuple[Term, ...]:
    from dataclasses import replace

    chosen = {}
    for pair in pairs:
        # The longest name that fits: a column's name may hold a sign of equality itself.
        fitting = [t.column for t in terms if pair.startswith(f"{t.column}=")]
        if not fitting:
            raise UsageError(
                f"--reference {pair!r} was given; write it as COLUMN=LEVEL, with a column of the "
                "model."
            )
        column = max(fitting, key=len)
        chosen[column] = pair[len(column) + 1 :]
    return tuple(
        replace(term, reference=chosen[term.column], categorical=True)
        if term.column in chosen
        else term
        for term in terms
    )


@main.command(cls=_Command)
@click.argument("data", type=_FILE)
@click.option("--target", help="Column whose event is to be named.")
@_reading
def describe(
    data: Path, target: str | None, encoding: str | None, delimiter: str | None, decimal: str
) -> None:
    """Say what is understood of DATA before fitting: types, levels, ranges, gaps, the event."""
    from sigmoide.data.describe import describe as described
    from sigmoide.data.files import read_file
    from sigmoide.report.description import render_description

    source = read_file(data, _options(encoding, delimiter, decimal))
    click.echo(render_description(described(source, target)))


@main.command("predict", cls=_Command)
@click.argument("model", type=_FILE)
@click.argument("data", type=_FILE)
@click.option("--out", type=_FILE, help="CSV file [default: print].")
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
    _check_out(out, model, data)
    from sigmoide.data.files import read_file
    from sigmoide.report.predictions import as_csv
    from sigmoide.results import read_model

    result = read_model(model)
    if interval and result.model.fit.coefficients.covariance is None:
        why = "is penalised" if result.model.settings.l2 else f"is {result.status}"
        raise UsageError(
            f"--interval was given, and the model {why}, so that it has no covariance and no "
            "intervals. Leave --interval out."
        )
    source = read_file(data, _options(encoding, delimiter, decimal))
    text, without = as_csv(result.predicted(source), interval)
    _tell_lost(result, source, without)
    if out is None:
        click.echo(text, nl=False)
    else:
        from sigmoide.model.whole import write_whole

        write_whole(out, text)
        _say(f"predictions written to {out}")


def _tell_lost(result: Result, source: Source, without: int) -> None:
    """Say which rows have no prediction, and which levels the fit did not see."""
    model = result.model
    if not without and model.design.policies.unseen == "error":
        return
    from sigmoide.data.prepare import lost_and_unseen

    reasons, unseen = lost_and_unseen(source, model.design)
    if without > sum(reasons.values()):
        reasons[f"missing {model.roles.offset}"] = without - sum(reasons.values())
    if without:
        _say(f"{without:,} of {source.n_rows:,} rows have no prediction: {_counted(reasons)}")
    _tell_unseen(result, unseen)


def _tell_unseen(result: Result, unseen: dict[str, int]) -> None:
    if result.model.design.policies.unseen == "reference":
        for column, count in unseen.items():
            _say(f"{column}: levels that the fit did not see taken for the reference: {count:,}")


def _counted(reasons: dict[str, int]) -> str:
    return ", ".join(f"{reason} ({count:,})" for reason, count in reasons.items())


@main.command(cls=_Command)
@click.argument("model", type=_FILE)
@click.argument("data", type=_FILE)
@click.option("--threshold", type=float, default=0.5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON.")
@click.option("--plots", type=_FILE, help="Folder for pictures.")
@_reading
def evaluate(
    model: Path,
    data: Path,
    threshold: float,
    as_json: bool,
    plots: Path | None,
    encoding: str | None,
    delimiter: str | None,
    decimal: str,
) -> None:
    """Score the model on DATA, which holds the target."""
    from sigmoide.data.files import read_file
    from sigmoide.report.scores import as_json as json_of
    from sigmoide.report.scores import render_scores
    from sigmoide.results import read_model

    result = read_model(model)
    source = read_file(data, _options(encoding, delimiter, decimal))
    found = result.evaluate(source, threshold=threshold)
    if plots is not None:
        from sigmoide.plotting import write_evaluation_plots

        with _writing(plots, "pictures"):
            write_evaluation_plots(result, source, plots, threshold=threshold)
    _tell_dropped(result, source, found["n"] == source.n_rows)
    click.echo(json_of(found) if as_json else render_scores(found, result.model, threshold))


def _tell_dropped(result: Result, source: Source, whole: bool) -> None:
    """Say which rows are not judged, and which levels the fit did not see."""
    from sigmoide.data.prepare import follow, lost_and_unseen

    model = result.model
    if not whole:
        dropped = follow(source, model.design, model.target, model.roles).dropped
        if dropped:
            total = sum(dropped.values())
            _say(f"{total:,} of {source.n_rows:,} rows are left out: {_counted(dropped)}")
    if model.design.policies.unseen == "reference":
        _tell_unseen(result, lost_and_unseen(source, model.design)[1])


@main.command(cls=_Command, epilog=EXIT_CODES)
@click.argument("model", type=_FILE)
@click.argument("data", type=_FILE)
@click.option(
    "--tol", type=float, default=1e-6, show_default=True, help="Allowed distance, in s.e."
)
@_reading
def verify(
    model: Path, data: Path, tol: float, encoding: str | None, delimiter: str | None, decimal: str
) -> None:
    """Prove the coefficients of MODEL again on the DATA it was fitted on."""
    if not 0.0 < tol < float("inf"):
        raise UsageError(f"--tol {tol} was given; it is a finite number above zero.")
    from sigmoide.data.files import read_file
    from sigmoide.report.verdict import render_verdict
    from sigmoide.results import read_model

    result = read_model(model)
    source = read_file(data, _options(encoding, delimiter, decimal))
    fitted = result.model.source_rows
    if source.n_rows != fitted:
        _say(f"the model was fitted on {fitted:,} rows; these are {source.n_rows:,}")
    text, holds = render_verdict(result.verify(source), tol)
    click.echo(text)
    sys.exit(PROVED if holds else NOT_PROVED)


@main.command(cls=_Command)
@click.argument("model", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the model as JSON.")
def show(model: Path, as_json: bool) -> None:
    """Print the tables of a model file."""
    from sigmoide.results import read_model

    _print_model(read_model(model), as_json)


@contextmanager
def _writing(folder: Path, what: str) -> Iterator[None]:
    """Say what was written to a folder, or why it could not be."""
    try:
        yield
    except OSError as error:
        raise FileError(
            f"{folder}: the {what} cannot be written: {error.strerror or error}. "
            "Name another folder."
        ) from error
    _say(f"{what} written to {folder}")


def _print_model(
    result: Result, as_json: bool, scores: dict[str, dict[str, Any]] | None = None
) -> None:
    """Print the tables, and the scores of the parts where there was a split."""
    from sigmoide.report.scores import finite, render_parts

    if as_json:
        from sigmoide.model.to_json import to_json

        entries = to_json(result.model)
        if scores:
            entries["scores"] = {name: finite(found) for name, found in scores.items()}
        text = json.dumps(entries, indent=1, allow_nan=False)
        # The one control character that JSON leaves as it is.
        click.echo(text.replace("\x7f", "\\u007f"))
        return
    click.echo(str(result.summary()))
    if scores:
        click.echo(f"\n{render_parts(scores)}")


@contextmanager
def _progress() -> Iterator[Callable[[int, str], None]]:
    """Show the reads: on a terminal in one line that is written over, on a pipe a line each.

    Reads that the solver does not speak of are counted in the next line.
    """
    terminal = sys.stderr.isatty()
    shown = 0

    def say(reads: int, what: str) -> None:
        nonlocal shown
        number = f"read {reads}" if reads <= shown + 1 else f"reads {shown + 1}-{reads}"
        shown = reads
        line = f"{number}: {what}"
        click.echo(f"\r\x1b[K{line[:78]}" if terminal else line, err=True, nl=not terminal)

    try:
        yield say
    finally:
        if terminal:
            click.echo("\r\x1b[K", err=True, nl=False)
