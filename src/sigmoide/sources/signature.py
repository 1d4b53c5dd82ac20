"""What was read: files as they were, and a checksum of their rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file was when it was looked at: name, bytes, and when it was last written."""

    name: str
    size: int
    written_ns: int


@dataclass(frozen=True, slots=True)
class Signature:
    """What was read: two reads of the same rows of the same files have the same one.

    Attributes
    ----------
    files : tuple of FileState
        Empty for what is no file.
    rows : int
        All rows.
    checksum : int
        Of the columns that are used, as they were understood.
    """

    files: tuple[FileState, ...]
    rows: int
    checksum: int
