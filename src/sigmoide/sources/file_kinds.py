"""File formats by path: a file of a kind that is read, or many files of one data set."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from sigmoide.errors import FileError
from sigmoide.sources.stored import (
    ARROW_FILE,
    ARROW_STREAM,
    PARQUET,
    Stored,
    begins,
    refusal,
    stored,
)

Kind = Literal["text", "Parquet", "Arrow file", "Arrow stream"]

_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (PARQUET, "Parquet"),
    (ARROW_FILE, "Arrow file"),
    (ARROW_STREAM, "Arrow stream"),
)
# What the kinds are called.
FORMS: dict[Kind, str] = {
    "text": "text",
    "Parquet": "Parquet",
    "Arrow file": "Arrow",
    "Arrow stream": "Arrow",
}


def kind_of(file: Stored) -> Kind:
    """Return what a file is, read off its first bytes.

    Raises
    ------
    FileError
        If it is of a kind that is not read.
    """
    for signature, kind in _SIGNATURES:
        if begins(file.head, signature):
            name = FORMS[kind]
            if file.packed:
                raise FileError(
                    f"{file.path}: this is a {name} file inside a gzip file. Unpack it first; "
                    f"{name} files have a compression of their own."
                )
            return kind
    why = refusal(file.head)
    if why:
        raise FileError(f"{file.path}: {why}")
    return "text"


def files_of(path: Path) -> list[Path] | None:
    """Return the Parquet files in a folder, or that fit a pattern, by name; None for one file.

    Names that begin with a point or an underscore are those of other things, by custom.

    Raises
    ------
    FileError
        If there is none, or another file among them.
    """
    paths = listed(path)
    if paths is None:
        return None
    files = sorted(member for member in paths if member.is_file())
    if not files:
        what = (
            "no file has a name that fits"
            if is_pattern(path)
            else "this is a folder, not a file, and holds no Parquet file"
        )
        raise FileError(f"{path}: {what}. Name one file, or the folder of a Parquet data set.")
    for member in files:
        file = stored(member)
        if kind_of(file) != "Parquet":
            raise FileError(
                f"{member}: this is no Parquet file, and only those are read several at a time. "
                "Move it elsewhere, or name one file."
            )
    return files


def is_pattern(path: Path) -> bool:
    """Say whether a path stands for all files whose names fit it."""
    try:
        return glob.has_magic(str(path)) and not path.exists()
    except OSError:
        # Whoever opens it says what is wrong with it.
        return False


def listed(path: Path) -> list[Path] | None:
    """Return what a folder or a pattern stands for, whatever it is; None for one file.

    Links to nothing are among it, but no folder.
    """
    try:
        if is_pattern(path):
            paths = [Path(entry) for entry in glob.glob(str(path), recursive=True)]
            shown = [entry for entry in paths if not is_hidden((entry.name,))]
        elif path.is_dir():
            paths = list(path.rglob("*"))
            shown = [entry for entry in paths if not is_hidden(entry.relative_to(path).parts)]
        else:
            return None
    except OSError:
        return None
    return [entry for entry in shown if not entry.is_dir()]


def is_hidden(names: Sequence[str]) -> bool:
    """Say whether names of folders and of a file in them are those of other things, by custom."""
    return any(name.startswith((".", "_")) for name in names)


def names_below(folder: Path, file: Path) -> tuple[str, ...]:
    """Return the names from a folder down to a file, by whatever spelling; none if it is outside.

    The file need not exist; a link is where its name is, not where it leads.
    """
    place = Path(os.path.realpath(file.parent), file.name)
    for above in place.parents:
        try:
            if os.path.samefile(above, folder):
                return place.relative_to(above).parts
        except OSError:
            continue
    return ()


def fits_pattern(pattern: Path, file: Path) -> bool:
    """Say whether a pattern would stand for a file, if it existed."""
    if is_hidden((file.name,)):
        return False
    parts = pattern.parts
    for k in range(len(parts)):
        # What is there already may be links; below it there are only names.
        folders = glob.glob(os.path.join(*parts[:k]), recursive=True) if k else [os.curdir]
        below = (names_below(Path(each), file) for each in folders)
        if any(names and _fit(names, parts[k:]) for names in below):
            return True
    return False


def _fit(names: Sequence[str], patterns: Sequence[str]) -> bool:
    """Say whether names fit patterns one by one, as glob takes them."""
    if not names or not patterns:
        return not names and all(each == "**" for each in patterns)
    first, rest = patterns[0], patterns[1:]
    dotted = names[0].startswith(".")
    if first == "**":
        return _fit(names, rest) or (not dotted and _fit(names[1:], patterns))
    fits = fnmatch.fnmatch(names[0], first) and (not dotted or first.startswith("."))
    return fits and _fit(names[1:], rest)
