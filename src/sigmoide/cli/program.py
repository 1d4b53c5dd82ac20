"""The program around the commands: what goes wrong becomes one message and one exit code."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from sigmoide.cli.output import say
from sigmoide.errors import SigmoideError, SigmoideWarning

PROVED, FAULT, UNUSABLE, NOT_PROVED, INTERRUPTED = 0, 1, 3, 4, 130

EXIT_CODES = """Exit codes: 0 proved (--firth, --flic, --flac: converged); 2 wrong use; 3 the data
cannot be used; 4 fitted but not proved (separated, undetermined, not converged, aliased
under 'error'); 130 interrupted."""


class Program(click.Group):
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
            _fail("interrupted", INTERRUPTED)


class Command(click.Command):
    """A command whose failures are one message and one exit code, never a traceback."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
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
            except KeyboardInterrupt as stop:
                # What was being done may say what is kept of it.
                _fail(str(stop) or "interrupted; nothing was written", INTERRUPTED)
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
    say(f"sigmoide: {message}")
    sys.exit(code)
