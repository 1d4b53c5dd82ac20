"""The standard streams of a process that may have been started without them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


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
