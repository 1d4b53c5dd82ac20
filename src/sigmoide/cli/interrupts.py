"""Signals that end a command: Ctrl-C, TERM and HUP take one way, and clean up on it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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
