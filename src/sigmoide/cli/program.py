"""The program around the commands: what it says, and where, and its exit codes."""

from __future__ import annotations

import errno
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sigmoide.cli.options import with_given_names
from sigmoide.cli.process import (
    FAULT,
    Failure,
    begin_writing,
    failure_of,
    failures,
    interrupted_code,
    interruptible,
    standard_streams,
)
from sigmoide.cli.process import NOT_PROVED as NOT_PROVED
from sigmoide.cli.process import PROVED as PROVED
from sigmoide.errors import FileError, SigmoideWarning

if TYPE_CHECKING:
    from sigmoide.api.result import Result
    from sigmoide.api.statistics import Method
    from sigmoide.columns.account import Account
    from sigmoide.evaluation.ridge_path import RidgePath
    from sigmoide.report.tables import Summary
    from sigmoide.results.records import Reading

_UNREAD = "sigmoide.unread"


def say(message: str) -> None:
    """Tell something besides the results."""
    from sigmoide.arguments.words import printable

    _tell(printable(with_given_names(message)))


def _tell(text: str, nl: bool = True) -> None:
    """Write to standard error; what cannot be written there is dropped, and ends nothing."""
    with suppress(OSError, ValueError):
        click.echo(text, err=True, nl=nl)


def show(text: str, nl: bool = True) -> bool:
    """Print a result; say whether anybody reads on.

    A reader that went away (``| head``) has what it wanted. What cannot be printed for another
    reason is a failure of the command, which goes on: what it does besides is not lost.
    """
    meta = click.get_current_context().meta
    if meta.get(_UNREAD):
        return False
    try:
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        click.echo(text, nl=nl)
        return True
    except BrokenPipeError:
        pass
    except (OSError, ValueError) as error:
        failures().append(Failure(unprinted(error), FAULT))
    meta[_UNREAD] = True
    return False


def unprinted(error: OSError | ValueError) -> str:
    """Say why results cannot be printed."""
    closed = getattr(error, "errno", None) == errno.EBADF
    why = "standard output is closed" if closed else getattr(error, "strerror", None) or error
    return f"the output cannot be printed: {why}. Send it elsewhere."


def say_account(account: Account, what: str, part: str = "") -> None:
    """Say which rows are not judged, and which levels the fit did not see."""
    for line in (account.lost_line(what), *account.replaced_lines()):
        if line:
            say(f"{part}: {line}" if part else line)


def say_written(path: Path, what: str) -> None:
    """Say that a file was written, or the files of a folder."""
    begin_writing()
    say(f"{what} written to {path}")


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Say what was written to a folder, or why it could not be."""
    begin_writing()
    try:
        yield
    except OSError as error:
        raise FileError(
            f"{folder}: the {what} cannot be written: {error.strerror or error}. "
            "Name another folder."
        ) from error
    say_written(folder, what)


def print_model(
    result: Result,
    form: str,
    scores: dict[str, dict[str, Any]] | None = None,
    path: RidgePath | None = None,
    intervals: Method | None = None,
) -> None:
    """Print the tables; where there was a split the scores of its parts, and the ridge path.

    ``form`` is one of ``options.FORMS``.
    """
    from sigmoide.report.scores import finite, json_number, path_entries, render_parts, render_path

    if form == "json":
        from sigmoide.modelfile.to_json import to_json

        entries = to_json(result.model)
        if scores:
            entries["scores"] = {name: finite(measures) for name, measures in scores.items()}
        if path is not None:
            entries["path"] = path_entries(path)
        if intervals not in (None, "wald") and result.has_intervals(intervals):
            ends = result.conf_int(method=intervals).to_numpy().tolist()
            entries["intervals"] = {
                "method": intervals,
                "coverage": 0.95,
                "ends": {
                    term: [json_number(low), json_number(high)]
                    for term, (low, high) in zip(result.model.terms, ends, strict=True)
                },
            }
        text = json.dumps(entries, indent=1, allow_nan=False)
        # The one control character that JSON leaves as it is.
        show(text.replace("\x7f", "\\u007f"))
        return
    method = intervals if intervals and result.has_intervals(intervals) else None
    extras = (render_parts(scores),) if scores else ()
    if path is not None:
        extras = (*extras, render_path(path))
    show(_laid_out(result.summary(method=method), form, extras))


def _laid_out(summary: Summary, form: str, extras: tuple[str, ...]) -> str:
    from sigmoide.report import html, latex, markdown

    if form == "html":
        return html.render_html(summary, extras, whole=True)
    if form == "latex":
        return latex.render_latex(summary, extras)
    if form == "markdown":
        return markdown.render_markdown(summary, extras)
    return "\n\n".join([str(summary), *extras])


@contextmanager
def progress() -> Iterator[Callable[[Reading], None]]:
    """Show the reads: on a terminal in one line that is written over, on a pipe a line each.

    Reads that the solver does not speak of are counted in the next line.
    """
    terminal = sys.stderr is not None and sys.stderr.isatty()
    shown = 0

    def tell(reading: Reading) -> None:
        from sigmoide.report.text import reading_line

        nonlocal shown
        line = reading_line(reading, shown)
        shown = reading.reads
        _tell(f"\r\x1b[K{line[:78]}" if terminal else line, nl=not terminal)

    try:
        yield tell
    finally:
        if terminal:
            _tell("\r\x1b[K", nl=False)


EXIT_CODES = """Exit codes: 0 proved (--firth, --flic, --flac: converged); 1 the output cannot be
printed, or a fault of sigmoide; 2 wrong use; 3 the data cannot be used, or a file cannot be
written; 4 fitted but not proved (separated, undetermined, not converged, aliased under 'error');
129, 130, 143 ended by HUP, Ctrl-C, TERM."""


class _Printing(click.Command):
    """A command whose help and version may go where nothing can be written."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments; some of them print, and end the command."""
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError:
            # Whoever read has what it wanted.
            raise click.exceptions.Exit(PROVED) from None
        except OSError as error:
            raise click.ClickException(unprinted(error)) from error


class Program(_Printing, click.Group):
    """The program: what click says of wrong use is shown without control characters, too."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line that was given, and leave with its exit code."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        with standard_streams(), interruptible():
            try:
                # The code of a command that left by itself, as --help and --version do.
                sys.exit(run() or PROVED)
            except click.UsageError as error:
                if error.ctx is not None:
                    say(error.ctx.get_usage())
                    say(f"Try '{error.ctx.command_path} --help' for help.\n")
                _fail(error.format_message(), error.exit_code)
            except click.ClickException as error:
                _fail(error.format_message(), error.exit_code)
            except (click.Abort, KeyboardInterrupt, OSError) as error:
                # An OSError is click's, which ends the line of a terminal's ^C.
                _fail("interrupted", interrupted_code(error))


class Command(_Printing):
    """A command whose failures are a message each and one exit code, never a traceback."""

    def invoke(self, context: click.Context) -> NoReturn:
        """Run the command, and leave with the code of the first that failed in it."""
        code: Any = PROVED
        failed = failures()
        with warnings.catch_warnings():
            # The command says itself, in its own words, what the library would warn of.
            warnings.simplefilter("ignore", SigmoideWarning)
            # Overflows inside are judged by what comes out.
            warnings.simplefilter("ignore", RuntimeWarning)
            try:
                super().invoke(context)
            except SystemExit as left:
                code = left.code
            except click.exceptions.Exit as left:
                code = left.exit_code
            except (click.ClickException, click.Abort):
                # What click knows best.
                raise
            except KeyboardInterrupt as stop:
                # Its code is that of the signal, whatever failed before.
                failed.insert(0, failure_of(stop))
            except Exception as error:
                failed.append(failure_of(error))
        for message in dict.fromkeys(failure.message for failure in failed):
            say(f"sigmoide: {message}")
        sys.exit(failed[0].code if failed else code)


def _fail(message: str, code: int) -> NoReturn:
    say(f"sigmoide: {message}")
    sys.exit(code)
