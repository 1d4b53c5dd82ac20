"""The command line. Results go to standard output, everything else to standard error.

Nothing scientific is imported before a command needs it, so that ``--help`` is quick. Each command
is a file of its own; ``program`` turns what goes wrong in any of them into one message and one
exit code.
"""

from __future__ import annotations

import sys

import click

from sigmoide._version import __version__
from sigmoide.cli import compare, describe, evaluate, fit, lesson, predict, show, verify
from sigmoide.cli.program import EXIT_CODES, Program


@click.group(
    cls=Program, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="sigmoide")
def main() -> None:
    """Logistic regression, whole: every fit is proved."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal or pipe that cannot show a letter gets an escape, not a crash.
            stream.reconfigure(errors="backslashreplace")


for file in (lesson, fit, describe, predict, evaluate, verify, show, compare):
    main.add_command(file.command)
