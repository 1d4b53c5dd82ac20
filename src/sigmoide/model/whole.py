"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sigmoide.errors import FileError


def write_whole(path: Path, text: str | Iterable[str]) -> None:
    """Write a text file by way of a temporary one beside it, renamed at the end.

    The file keeps the rights it had, or gets those of any new file; a link stays a link. A device
    or a pipe, which cannot be renamed over, is written to as it is.

    Parameters
    ----------
    path : Path
        The file.
    text : str or iterable of str
        All of it, or its parts in order.

    Raises
    ------
    FileError
        If it cannot be written; nothing is left behind.
    """
    place = Path(os.path.realpath(path))
    parts = [text] if isinstance(text, str) else text
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="\n") as there:
                there.writelines(parts)
            return
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            newline="\n",
            dir=place.parent,
            prefix=f".{place.name[:100]}.",
            delete=False,
        ) as file:
            try:
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
                os.chmod(file.name, _rights(place))
                os.replace(file.name, place)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FileError(_not_written(path, error)) from error


def check_place(path: Path) -> None:
    """Refuse, before the work, a place where no file can be written after it.

    Raises
    ------
    FileError
        If the folder does not exist or may not be written to, or the path is a folder itself.
    """
    if path.is_dir():
        raise FileError(f"{path}: this is a folder, so no file can be written there. Name a file.")
    if path.exists() and not path.is_file():
        return
    place = Path(os.path.realpath(path))
    if not place.parent.is_dir():
        raise FileError(
            f"{path}: the file cannot be written: there is no folder {str(path.parent)!r}. Make "
            "it, or name another place."
        )
    if not os.access(place.parent, os.W_OK):
        raise FileError(
            f"{path}: the file cannot be written: the folder may not be written to. Name another "
            "place."
        )


def check_folder(path: Path) -> None:
    """Refuse, before the work, a folder that cannot be made or written to after it.

    Raises
    ------
    FileError
        If a file stands in its way, or it may not be written to.
    """
    there = next(p for p in (path.absolute(), *path.absolute().parents) if os.path.lexists(p))
    if not there.is_dir():
        raise FileError(
            f"{path}: no folder can be made there: {str(there)!r} is a file. Name another folder."
        )
    if not os.access(there, os.W_OK):
        raise FileError(
            f"{path}: nothing can be written there: the folder {str(there)!r} may not be written "
            "to. Name another folder."
        )


def _rights(place: Path) -> int:
    """Return the rights of the file that is replaced, or those that the system gives a new one."""
    if place.exists():
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _not_written(path: Path, error: OSError) -> str:
    return (
        f"{path}: the file cannot be written: {error.strerror or error}. Nothing was written; "
        "name another place."
    )
