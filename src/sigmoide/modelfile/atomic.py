"""Atomic writes: files written whole or not at all, and the names of those put into folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from sigmoide.errors import FileError


def write_whole(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Write a file atomically: by way of a temporary one beside it, renamed at the end.

    The file keeps the rights it had, or gets those of any new file; a link stays a link. That a
    file ran as its owner (setuid) is no right of what replaces it. A device or a pipe, which cannot
    be renamed over, is written to as it is.

    Parameters
    ----------
    path : Path
        The file.
    content : str, bytes or iterable of str
        All of it, or its parts in order; text as UTF-8.

    Raises
    ------
    FileError
        If it cannot be written; nothing is left behind.
    """
    parts = [content] if isinstance(content, str | bytes) else content
    pieces = (part.encode() if isinstance(part, str) else part for part in parts)
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as there:
                there.writelines(pieces)
            return
        _replace(Path(os.path.realpath(path)), pieces)
    except OSError as error:
        raise FileError(_not_written(path, error)) from error


def _replace(place: Path, pieces: Iterable[bytes]) -> None:
    rights = stat.S_IMODE(place.stat().st_mode) & 0o777 if place.exists() else None
    # In the same folder: only within one file system does a rename replace all at once. The name
    # says nothing of the file's own, which may be as long as names can be; and it is chosen before
    # the file is made, so that no signal comes between its making and what removes it.
    partial = place.with_name(f".sigmoide-{os.urandom(8).hex()}")

    def new(name: str, flags: int) -> int:
        # Nobody else reads of it what they may not read in the end.
        return os.open(name, flags, 0o666 if rights is None else 0o600)

    try:
        with open(partial, "xb", opener=new) as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if rights is not None:
            os.chmod(partial, rights)
        os.replace(partial, place)
    except BaseException:
        try:
            partial.unlink(missing_ok=True)
        finally:
            # Once more, if a signal came just then.
            partial.unlink(missing_ok=True)
        raise


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


def _not_written(path: Path, error: OSError) -> str:
    return (
        f"{path}: the file cannot be written: {error.strerror or error}. Nothing of it was "
        "written; name another place."
    )


FORMATS = ("svg", "png")

# Of pictures, without their endings. Those of a fit are drawn where there is something to draw.
EVALUATION_PICTURES = ("roc", "precision_recall", "calibration", "threshold", "scores")
FIT_PICTURES = ("coefficients", "odds_ratios", "gap", "surface", *EVALUATION_PICTURES)
# In the order in which the lesson speaks of them.
LESSON_PICTURES = (
    "boundary",
    "loss",
    "way",
    "learning-rates",
    "float32",
    "newton",
    "early-stopping",
    "mini-batches",
    "finite-loss",
    "boundaries",
    "ranking",
)
LESSON_FILES = ("lesson.txt", "data.csv", "trajectory.csv")


def picture_files(names: Iterable[str], formats: Iterable[str] = FORMATS) -> tuple[str, ...]:
    """Return the names of the files that pictures are kept in."""
    return tuple(f"{name}.{form}" for name in names for form in formats)
