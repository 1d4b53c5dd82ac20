"""The program around the commands: what goes wrong becomes one message and one exit code."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import click

from sigmoide.cli.output import say, unprinted
from sigmoide.cli.process import NOT_PROVED as NOT_PROVED
from sigmoide.cli.process import PROVED as PROVED
from sigmoide.cli.process import (
    failure_of,
    failures,
    interrupted_code,
    interruptible,
    standard_streams,
)
from sigmoide.errors import SigmoideWarning

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
