"""The model file: one JSON text, every number exact, no code, no row of the data.

It is read as hostile: its size is capped, every entry is checked for its type, shape and range,
and nothing in it is evaluated.
"""

from __future__ import annotations

import json
from pathlib import Path

from sigmoide.errors import FileError, ModelFileError
from sigmoide.modelfile.atomic import write_whole
from sigmoide.modelfile.entries import Entry
from sigmoide.modelfile.from_json import REMEDY, from_json
from sigmoide.modelfile.to_json import as_text
from sigmoide.results.records import Model

# A model of ten thousand columns, with its covariance, is half of this.
_LARGEST_FILE = 1 << 30


def write(model: Model, path: Path) -> None:
    """Write a model file whole, or leave what was there as it was.

    Raises
    ------
    FileError
        If the folder or the disk does not allow it.
    """
    write_whole(path, as_text(model))


def read(path: Path) -> Model:
    """Read a model file.

    Raises
    ------
    FileError
        If there is no such file.
    ModelFileError
        If it is not a model file, truncated, of a newer version, or inconsistent.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise FileError(f"{path}: this is a pipe or a device, not a file. Name a file.")
        if path.stat().st_size > _LARGEST_FILE:
            raise ModelFileError(
                f"{path}: the file is larger than any model ({_LARGEST_FILE >> 20} MB), so it is "
                "not read. Is it the data? The model comes first."
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise FileError(f"{path}: there is no such file. Check the path.") from error
    except IsADirectoryError as error:
        raise FileError(f"{path}: this is a folder, not a file. Name one file.") from error
    except OSError as error:
        raise FileError(
            f"{path}: the file cannot be read: {error.strerror or error}. Check the path and your "
            "rights."
        ) from error
    except UnicodeDecodeError as error:
        raise ModelFileError(
            f"{path}: this is not a model file: it is not UTF-8 text. {REMEDY}"
        ) from error
    try:
        entries = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(
            f"{path}: the file is not whole JSON, so it is cut short or no model file ({error}). "
            f"{REMEDY}"
        ) from error
    return from_json(Entry(path, "", entries))


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number of JSON")
