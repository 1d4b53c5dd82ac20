"""Options that commands share, what they mean, and data that can be read only once."""

from __future__ import annotations

import csv
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import click

from sigmoide.api.paths import STDIN, Output
from sigmoide.api.paths import check_paths as refuse_paths
from sigmoide.errors import FileError, UsageError

if TYPE_CHECKING:
    from sigmoide.sources.formats import Data
    from sigmoide.sources.options import ReadOptions
    from sigmoide.sources.source import Source

    Read = Callable[[Path], Source]
    Open = Callable[[Path], Data]

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
        status = os.fstat(stream.fileno())
    except OSError:
        # No file of the system: a program runs this command, and gives it what to read.
        return
    device = stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode)
    if device and not os.path.samestat(status, os.stat(os.devnull)):
        raise FileError(f"{_NAME} is a device, not a table. Pipe one into it, or name a file.")


# Whether a file can be read is for the reader to say: then it is the data that cannot be used.
FILE = click.Path(path_type=Path, readable=False)

FORMS = ("text", "html", "latex", "markdown", "json")
_FORM_HELP = "How the tables are printed; json is the whole model [default: text]."


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how data are read; the command gets ``read``, for data in memory."""
    return _with(command, _TEXT, _read)


def opening(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these, and how much memory data may take; ``read`` may leave data where they are."""
    return _with(command, _TEXT + _LIMITS, _open)


def _read(path: Path, options: ReadOptions) -> Source:
    from sigmoide.sources.files import read_file

    return read_file(rereadable(path), options)


def _open(path: Path, options: ReadOptions) -> Data:
    from sigmoide.sources.formats import limits_of, open_data

    # Refused before anything is copied.
    limits = limits_of(options)
    return open_data(rereadable(path, limits.cache), options)


_TEXT = (
    click.option("--encoding", help="Encoding of a text file [default: found out]."),
    click.option("--delimiter", help="Delimiter of a text file [default: found out]."),
    click.option("--decimal", help="Decimal sign of a text file [default: found out]."),
    click.option(
        "--header/--no-header",
        default=None,
        help="Whether its first row holds names [default: found out].",
    ),
)
_LIMITS = (
    click.option(
        "--memory", help="The most memory to take, such as 2GB [default: half of all there is]."
    ),
    click.option(
        "--cache", type=FILE, help="Folder for data larger than that [default: temporary]."
    ),
)


def showing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how tables are printed; the command gets ``form``."""

    @wraps(command)
    def with_form(form: str | None, as_json: bool, **others: Any) -> Any:
        if as_json and form not in (None, "json"):
            raise UsageError(
                f"--format {form} and --json were given, and are two forms of one answer. Leave "
                "out one of them."
            )
        return command(form="json" if as_json else form or "text", **others)

    chosen = click.option("--format", "form", type=click.Choice(FORMS), help=_FORM_HELP)
    json = click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
    return chosen(json(with_form))


def _with(
    command: Callable[..., Any],
    options: tuple[Callable[..., Any], ...],
    take: Callable[[Path, ReadOptions], Any],
) -> Callable[..., Any]:
    """Give a command a function that takes in a file as the options say."""

    @wraps(command)
    def with_reader(
        encoding: str | None,
        delimiter: str | None,
        decimal: str | None,
        header: bool | None,
        memory: str | None = None,
        cache: Path | None = None,
        **others: Any,
    ) -> Any:
        def read(path: Path) -> Any:
            return take(path, read_options(encoding, delimiter, decimal, header, memory, cache))

        return command(read=read, **others)

    for option in options:
        with_reader = option(with_reader)
    return with_reader


def read_options(
    encoding: str | None,
    delimiter: str | None,
    decimal: str | None,
    header: bool | None,
    memory: str | None = None,
    cache: Path | None = None,
) -> ReadOptions:
    """Return how data are read, as the options say."""
    from sigmoide.sources.options import ReadOptions

    sign = "\t" if delimiter in ("\\t", "tab") else delimiter
    return ReadOptions(encoding, sign, decimal, header, memory, cache)


def read_options_given() -> ReadOptions:
    """Return how the running command's data are read, for one that reads them by itself."""
    given = click.get_current_context().params
    return read_options(*(given[name] for name in ("encoding", "delimiter", "decimal", "header")))


def names(option: str, text: str | None) -> tuple[str, ...]:
    """Split names at commas; one that holds a comma stands in double quotes."""
    if text is None:
        return ()
    try:
        parts = tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []))
    except csv.Error:
        # A line end outside quotes.
        parts = ()
    if not parts or "" in parts:
        raise UsageError(
            f"{option} {text!r} was given; write it as NAME,NAME, a name that holds a comma or a "
            "line end in double quotes."
        )
    return parts


def check_paths(inputs: Iterable[Path], *outputs: Output) -> None:
    """Refuse, before the work, outputs that would destroy what is read or one another, or fail.

    ``--cache`` is looked at where the command has it, and what the standard streams go to.
    """
    cache = Output("--cache", click.get_current_context().params.get("cache"), ())
    streams = {"standard output": 1, "standard error": 2}
    refuse_paths(inputs, (*outputs, cache), streams)
