"""What a path stands for: a file of a kind that is read, or many files of one data set."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Literal

from sigmoide.data.signatures import ARROW_FILE, ARROW_STREAM, PARQUET, begins, refusal
from sigmoide.data.stored import Stored, stored
from sigmoide.errors import FileError

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
    try:
        folder, pattern = path.is_dir(), not path.exists() and glob.has_magic(str(path))
    except OSError:
        # Whoever opens it says what is wrong with it.
        return None
    if not folder and not pattern:
        return None
    if folder:
        found = [held for held in path.rglob("*") if held.is_file()]
        what = "this is a folder, not a file, and holds no Parquet file"
    else:
        found = [Path(held) for held in glob.glob(str(path), recursive=True)]
        what = "no file has a name that fits"
    root = path if folder else None
    files = sorted(held for held in found if held.is_file() and not _hidden(held, root))
    if not files:
        raise FileError(f"{path}: {what}. Name one file, or the folder of a Parquet data set.")
    for held in files:
        file = stored(held)
        if kind_of(file) != "Parquet":
            raise FileError(
                f"{held}: this is no Parquet file, and only those are read several at a time. "
                "Move it elsewhere, or name one file."
            )
    return files


def _hidden(path: Path, root: Path | None) -> bool:
    inside = path.relative_to(root).parts if root is not None else (path.name,)
    return any(part.startswith((".", "_")) for part in inside)
