"""Inputs and outputs by the files they are: no output is an input, or another output.

Files are compared by device and inode, whatever their paths are spelled like; one that does not
exist yet by the folder that does, and the names below it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from sigmoide.errors import UsageError
from sigmoide.modelfile.atomic import check_folder, check_place

# The input that is standard input. A file of that name is ``./-``: an equal path, another object.
STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is to be written, or a folder with the files that are to be written in it.

    Attributes
    ----------
    option : str
        What it was given by, such as "--out"; empty for an argument that needs no name.
    path : Path, optional
        Its path as it was typed; None if it was not asked for.
    names : tuple of str, optional
        The names of all files that may be written in the folder; None for a file.
    """

    option: str
    path: Path | None
    names: tuple[str, ...] | None = None


class FileKey(NamedTuple):
    """What two paths to one file have in common.

    The device and the inode of the file; of one that does not exist those of the nearest folder
    above it that does, and the names from there on.
    """

    device: int
    inode: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Written:
    """A file or folder that is written: its words, its path (None for a stream), its key."""

    words: str
    path: Path | None
    key: FileKey
    folder: bool = False


def check_paths(
    inputs: Iterable[Path], outputs: Iterable[Output], streams: Mapping[str, int] | None = None
) -> None:
    """Refuse, before the work, outputs that would destroy an input or one another, or fail.

    Parameters
    ----------
    inputs, outputs, streams
        As :func:`refuse_clashes` takes them.

    Raises
    ------
    UsageError
        If two of them are one file.
    FileError
        If a file cannot be written where it is to be.
    """
    destinations = [each for each in outputs if each.path is not None]
    refuse_clashes(inputs, destinations, streams)
    for each in destinations:
        if each.path is not None:
            (check_place if each.names is None else check_folder)(each.path)


def refuse_clashes(
    inputs: Iterable[Path], outputs: Iterable[Output], streams: Mapping[str, int] | None = None
) -> None:
    """Refuse an output that is a file which is read, or written already, by whatever spelling.

    Links, hard links, ``..``, members of a folder or a pattern, and names that would become
    members, count. Devices and pipes never clash. Nothing is opened or made.

    Parameters
    ----------
    inputs : iterable of Path
        What is read: a file, a folder or pattern of files, ``-`` for standard input.
    outputs : iterable of Output
        What is written.
    streams : mapping from str to int, optional
        Names and descriptors of streams, which may have been redirected to a file.

    Raises
    ------
    UsageError
        If two of them are one file, or an output would become a part of the data.
    """
    written = [one for each in outputs for one in _written(each)]
    redirected = list(_redirected(streams or {}))
    if not written and not redirected:
        return
    for path in inputs:
        _refuse_input(path, [*written, *redirected])
    for one, other in combinations(written, 2):
        _refuse_both(one, other)
    for stream in redirected:
        for one in written:
            _refuse_both(one, stream)


def file_key(path: Path) -> FileKey | None:
    """Return what all paths to a file have in common; None for a device, a pipe or a socket."""
    try:
        real = Path(os.path.realpath(path))
    except (OSError, ValueError):
        # No file can be called so; whoever opens it says it.
        return None
    for there in (path, real, *real.parents):
        try:
            status = os.stat(there)
        except OSError:
            continue
        names = () if there == path else real.relative_to(there).parts
        if not names:
            return _key(status)
        if _ignores_case(there):
            names = tuple(name.casefold() for name in names)
        return FileKey(status.st_dev, status.st_ino, names)
    return None


def _key(status: os.stat_result) -> FileKey | None:
    known = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return FileKey(status.st_dev, status.st_ino) if known else None


def _ignores_case(folder: Path) -> bool:
    """Say whether a and A are one name in a folder, as far as a name that is there tells."""
    for top in (folder, folder.parent):
        try:
            with os.scandir(top) as entries:
                names = (each.name for each in entries)
                name = next((n for n in names if n.isascii() and n.swapcase() != n), None)
            if name is not None:
                return os.path.samefile(top / name, top / name.swapcase())
        except OSError:
            return False
    return False


def _written(output: Output) -> Iterator[_Written]:
    """Yield a file; or a folder, and the files that are written in it."""
    if output.path is None:
        return
    words = f"{output.option} {output.path}".strip()
    key = file_key(output.path)
    if key is not None:
        yield _Written(words, output.path, key, output.names is not None)
    for name in output.names or ():
        path = output.path / name
        inside = file_key(path)
        if inside is not None:
            yield _Written(f"{str(path)!r}, which {words} would write,", path, inside)


def _redirected(streams: Mapping[str, int]) -> Iterator[_Written]:
    for words, descriptor in streams.items():
        key = _descriptor_key(descriptor)
        if key is not None:
            yield _Written(words, None, key)


def _descriptor_key(descriptor: int) -> FileKey | None:
    try:
        return _key(os.fstat(descriptor))
    except OSError:
        # Closed.
        return None


def _refuse_input(path: Path, written: list[_Written]) -> None:
    """Refuse what is written to a file that is read, or would be read the next time."""
    from sigmoide.sources.file_kinds import is_pattern, listed

    parts = None if path is STDIN else listed(path)
    each_file = (file_key(each) for each in ([path] if parts is None else parts))
    files = {_descriptor_key(0)} if path is STDIN else set(each_file)
    top = file_key(path) if parts is not None and not is_pattern(path) else None
    for one in written:
        if one.key in files:
            raise UsageError(_lost(one, _words_of_input(path, one.path, parts is not None)))
        if one.path is None or one.folder or parts is None:
            continue
        if one.key == top:
            raise UsageError(f"{one.words} is the folder that is read. Name a file elsewhere.")
        if any(_becomes_part(path, place) for place in _places(one.path)):
            raise UsageError(
                f"{one.words} would be one of the files that {str(path)!r} stands for, and so "
                "become a part of the data. Name another place."
            )


def _lost(one: _Written, what: str) -> str:
    if one.path is None:
        return (
            f"{one.words} goes to {what}: it cannot be read and written at once (a shell has "
            "emptied it by now, unless it was told to append). Send it elsewhere."
        )
    if one.folder:
        return f"{one.words} is {what}, and no folder. Name another."
    return f"{one.words} is {what}, and would be lost. Name another."


def _words_of_input(path: Path, output: Path | None, many: bool) -> str:
    if path is STDIN:
        return "the file that standard input is read from"
    if many:
        return f"one of the files that {str(path)!r} stands for"
    same = output is not None and str(output) == str(path)
    return "the file that is read" if same else f"the file that is read, {str(path)!r}"


def _places(path: Path) -> set[Path]:
    """Return where a name would appear, and where what it links to would."""
    real = Path(os.path.realpath(path))
    return {Path(os.path.realpath(path.parent)) / path.name, real}


def _becomes_part(data: Path, file: Path) -> bool:
    """Say whether a new file would be read as one of a folder or pattern."""
    from sigmoide.sources.file_kinds import fits_pattern, is_hidden, is_pattern, names_below

    if is_pattern(data):
        return fits_pattern(data, file)
    return bool(names := names_below(data, file)) and not is_hidden(names)


def _refuse_both(one: _Written, other: _Written) -> None:
    """Refuse two outputs in one place, but for folders that are one."""
    if one.folder and other.folder:
        return
    if one.folder or other.folder:
        folder, file = (one, other) if one.folder else (other, one)
        if _is_above(file.key, folder.key):
            raise UsageError(
                f"{file.words} is to be a file, and {folder.words} a folder in the same place. "
                "Name another."
            )
        return
    if one.key == other.key:
        raise UsageError(
            f"{one.words} and {other.words} are one file, and what is written first would be "
            "lost. Name another."
        )


def _is_above(file: FileKey, folder: FileKey) -> bool:
    """Say whether a folder would be a file, or lie below one."""
    return file[:2] == folder[:2] and folder.missing[: len(file.missing)] == file.missing
