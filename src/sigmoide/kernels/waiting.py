"""Telling that the compiler is about to be waited for; knows no compiler itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[], object]] = []


@contextmanager
def telling(listener: Callable[[], object]) -> Iterator[None]:
    """Have a function called before the compiler is waited for, in whatever thread that is.

    What is compiled is kept on disk: on one machine it happens once, and takes a second or two for
    each of the few kernels of a fit.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell() -> None:
    """Call all listeners."""
    for listener in tuple(_listeners):
        listener()
