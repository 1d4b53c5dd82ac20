"""What failed in a command, and its exit code: said when all that can still be done is done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import click

from sigmoide.cli.interrupts import interrupted_code
from sigmoide.errors import SigmoideError

PROVED, FAULT, UNUSABLE, NOT_PROVED = 0, 1, 3, 4

_FAILURES = "sigmoide.failures"
_WRITTEN = "sigmoide.written"


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that a command could not do.

    Attributes
    ----------
    message : str
        What, why, and what to do instead.
    code : int
        The exit code.
    """

    message: str
    code: int


def failures() -> list[Failure]:
    """Return what has failed so far in the command that is running."""
    context = click.get_current_context()
    return cast(list[Failure], context.meta.setdefault(_FAILURES, []))


@contextmanager
def attempt(kind: type[Exception] = Exception) -> Iterator[None]:
    """Note what fails inside, and let the command go on: what it does besides is not lost."""
    try:
        yield
    except click.exceptions.Exit:
        raise
    except kind as error:
        failures().append(failure_of(error))


def begin_writing() -> None:
    """Note that the command has written files, or begun to."""
    click.get_current_context().meta[_WRITTEN] = True


def failure_of(error: BaseException) -> Failure:
    """Return the message and the exit code of an exception.

    A fault of the program is raised again where SIGMOIDE_TRACEBACK asks for that.
    """
    if isinstance(error, SigmoideError):
        return Failure(str(error), error.exit_code)
    if isinstance(error, KeyboardInterrupt):
        # What was being done may say what is kept of it.
        return Failure(str(error) or _interrupted(), interrupted_code(error))
    if isinstance(error, MemoryError):
        return Failure("the memory does not hold these data. Use fewer rows or columns.", UNUSABLE)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return Failure(f"{where}{error.strerror or error}", UNUSABLE)
    if os.environ.get("SIGMOIDE_TRACEBACK"):
        raise error
    return Failure(
        f"a fault of sigmoide, not yours ({type(error).__name__}: {error}). Please report it, with "
        "what SIGMOIDE_TRACEBACK=1 in the environment shows.",
        FAULT,
    )


def _interrupted() -> str:
    if click.get_current_context().meta.get(_WRITTEN):
        return "interrupted; each file that was being written is whole, or as it was before"
    return "interrupted; nothing was written"
