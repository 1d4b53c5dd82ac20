"""The process of a command: its streams, the signals that end it, and its exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

import click

from sigmoide.errors import SigmoideError

# What the shell makes of a process that a signal ended; from the table of exit codes.
_ENDED_BY = 128
# After so many seconds a signal that got lost is sent again.
_AGAIN = 0.05


class Signalled(KeyboardInterrupt):
    """A signal that asks the program to end.

    Attributes
    ----------
    number : int
        Which.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def signal_of(error: BaseException | None) -> int | None:
    """Return the number of the signal behind an exception; None if no signal is."""
    number = None
    while error is not None:
        if isinstance(error, Signalled):
            return error.number
        if isinstance(error, KeyboardInterrupt):
            number = int(signal.SIGINT)
        error = error.__cause__ or error.__context__
    return number


def interrupted_code(error: BaseException) -> int:
    """Return the exit code of a command that a signal ended: 130, 143 or 129."""
    return _ENDED_BY + (signal_of(error) or signal.SIGINT)


@contextmanager
def interruptible() -> Iterator[None]:
    """Have signals end what is done by an exception, so that nothing half-done is left behind.

    A signal that somebody has another use for already, or that is ignored (``nohup``), stays as it
    is; so do all of them outside of the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: dict[int, Any] = {}
    hook = sys.unraisablehook
    sys.unraisablehook = _resending(hook)
    try:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) in (
                signal.SIG_DFL,
                signal.default_int_handler,
            ):
                before[number] = signal.signal(number, _stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook


def _stop(number: int, _: Any) -> None:
    # A second signal must not end the cleaning up after the first.
    if signal_of(sys.exc_info()[1]) is None:
        raise Signalled(number)


def _resending(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Send a signal again whose exception met code that cannot raise, such as a finaliser."""

    def unraisable(lost: Any) -> None:
        number = signal_of(lost.exc_value)
        if number is None:
            hook(lost)
            return
        again = threading.Timer(_AGAIN, _send, (number,))
        again.daemon = True
        again.start()

    return unraisable


def _send(number: int) -> None:
    if signal.getsignal(number) is _stop:
        os.kill(os.getpid(), number)


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


@contextmanager
def standard_streams() -> Iterator[None]:
    """Open what is closed of standard input, output and error, and leave nothing unwritten in them.

    A number that is free is that of the next file that is opened: of the data, of a model; and
    what a library then prints would be written into it. In its place stands the null device,
    opened the wrong way round: to read or write there fails, as on a stream that is closed.
    """
    for number in range(3):
        with suppress(OSError):
            if _is_closed(number):
                _unusable(number)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # By a number of its own: the stream's may be another file's by now.
            text = open(_unusable(number), "w" if number else "r", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, text)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            _flush(stream)


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False


def _unusable(number: int) -> int:
    """Open the null device the wrong way round, by the least number that is free."""
    return os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)


def _flush(stream: Any) -> None:
    """Write what is left in a stream; where that fails, Python would try again and complain."""
    with suppress(OSError, ValueError, AttributeError):
        try:
            stream.flush()
        except OSError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
            stream.flush()
