"""Telling that the compiler is about to be waited for; knows no compiler itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

_logger = logging.getLogger("sigmoide")
_listeners: list[Callable[[], object]] = []


@contextmanager
def telling(listener: Callable[[], object]) -> Iterator[None]:
    """Have a function called before the compiler is waited for, in whatever thread that is.

    What is compiled is kept on disk: on one machine it happens once, and takes a second or two for
    each of the few kernels of a fit. Where nobody listens, a line is logged, once in a process.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell() -> None:
    """Call all listeners; without any, log what is waited for."""
    if not _listeners:
        _log()
    for listener in tuple(_listeners):
        listener()


@cache
def _log() -> None:
    # Python prints what is logged as a warning where nobody has set up logging: a wait of seconds
    # is otherwise taken for the cost of a fit. No typed warning: those are of the data and the fit.
    _logger.warning(
        "sigmoide: compiling for this processor, a few seconds, once; the code is kept for the "
        "next time."
    )
