"""Data that a command can read only once: ``-``, which is standard input, and pipes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import click

from sigmoide.api.paths import STDIN
from sigmoide.errors import FileError, UsageError

_NAME = "standard input"
_NAMES = "sigmoide.names"


class DataPath(click.Path):
    """The path of data; ``-`` stands for standard input."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path."""
        return STDIN if value == "-" else cast(Path, super().convert(value, param, ctx))


# Whether a file can be read is for the reader to say: then it is the data that cannot be used.
DATA = DataPath(path_type=Path, readable=False)


def read_once(path: Path) -> bool:
    """Say whether this is standard input or a pipe, which cannot be read a second time."""
    try:
        return path is STDIN or stat.S_ISFIFO(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def rereadable(path: Path, cache: Path | None = None) -> Path:
    """Return a file that can be read again: the one named, or a copy that the command removes.

    Parameters
    ----------
    path : Path
        The data that were named.
    cache : Path, optional
        Folder for the copy; by default where the system keeps temporary files.

    Raises
    ------
    UsageError
        If it is a terminal.
    FileError
        If it cannot be read or copied.
    """
    if not read_once(path):
        return path
    from sigmoide.sources.spool import spooled

    context = click.get_current_context()
    name = _NAME if path is STDIN else str(path)
    with _opened(path) as stream:
        copy = context.with_resource(spooled(stream, name, cache))
    context.meta.setdefault(_NAMES, {})[str(copy)] = name
    return copy


def with_given_names(text: str) -> str:
    """Return a message that calls data what they were called, not what their copy is."""
    context = click.get_current_context(silent=True)
    names: dict[str, str] = context.meta.get(_NAMES, {}) if context else {}
    for copy, name in names.items():
        text = text.replace(copy, name)
    return text


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path is not STDIN:
        try:
            with path.open("rb") as pipe:
                yield pipe
        except OSError as error:
            raise FileError(
                f"{path}: the pipe cannot be read: {error.strerror or error}. Check your rights."
            ) from error
        return
    if sys.stdin is None:
        raise FileError(f"{_NAME} is closed. Pipe a table into it, or name a file.")
    if sys.stdin.isatty():
        raise UsageError(
            "- stands for standard input, and that is a terminal. Pipe a table into it, or name a "
            "file (./- where it is called -)."
        )
    _refuse_device(sys.stdin.buffer)
    yield sys.stdin.buffer


def _refuse_device(stream: IO[bytes]) -> None:
    """Refuse what has no end; the null device has one, and is empty."""
    try:
        held = os.fstat(stream.fileno())
    except OSError:
        # No file of the system: a program runs this command, and gives it what to read.
        return
    device = stat.S_ISCHR(held.st_mode) or stat.S_ISBLK(held.st_mode)
    if device and not os.path.samestat(held, os.stat(os.devnull)):
        raise FileError(f"{_NAME} is a device, not a table. Pipe one into it, or name a file.")
