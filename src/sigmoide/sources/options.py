"""Options for reading data, and the memory that a fit may take."""

from __future__ import annotations

import codecs
import math
import os
import re
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from sigmoide.arguments.words import shown
from sigmoide.errors import UsageError


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How data are read; None is found out.

    Attributes
    ----------
    encoding : str, optional
        As Python calls it.
    delimiter : str, optional
        One ASCII character.
    decimal : str, optional
        ``.`` or ``,``.
    header : bool, optional
        Whether the first row holds the names of the columns.
    memory : str or int, optional
        The most memory that a fit may take, in bytes or as in ``"2GB"``; by default half of what
        the machine has. Larger data are streamed.
    cache : path, optional
        Folder for what is streamed; by default where the system keeps temporary files.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    memory: str | int | None = None
    cache: str | PathLike[str] | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None:
            try:
                head = "a,b".encode(self.encoding)
                known = head.decode(self.encoding, errors="replace") == "a,b"
                codecs.getincrementaldecoder(self.encoding)
            except (LookupError, ValueError):
                known = False
            if not known:
                raise UsageError(
                    f"encoding {self.encoding!r} was given and is not known; try utf-8, latin-1, "
                    "cp1252 or utf-16."
                )
        if self.delimiter is not None and (
            len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in '"\r\n\0'
        ):
            raise UsageError(
                f"delimiter {self.delimiter!r} was given; it is one ASCII character, such as "
                "',' or ';' or a tab, and no quote."
            )
        if self.decimal not in (None, ".", ","):
            raise UsageError(f"decimal sign {self.decimal!r} was given; it is '.' or ','.")
        if self.decimal is not None and self.decimal == self.delimiter:
            raise UsageError(
                f"{self.decimal!r} was given as the decimal sign and as the delimiter; "
                "it can be one of them."
            )


# Where a container is told how much it may take, in either version of Linux' control groups.
_GROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
# What is assumed where the system does not say.
_UNKNOWN = 4 << 30
# The program itself, its libraries and a few blocks take so much, whatever the data.
LEAST = 256 * 10**6
# This share of the machine's memory is the limit where none is given.
SHARE = 0.5

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_BINARY = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SIZE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(I?)B?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fit may take.

    Attributes
    ----------
    memory : int
        Bytes of memory.
    cache : Path, optional
        Folder for the cache; by default where the system keeps temporary files.
    """

    memory: int
    cache: Path | None = None

    @property
    def room(self) -> int:
        """Bytes for the data."""
        return max(self.memory - LEAST, self.memory // 4)


def machine_memory() -> int:
    """Return the bytes of memory that this machine has, or this container may take."""
    limits = []
    if hasattr(os, "sysconf"):
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for place in _GROUPS:
        try:
            with open(place, encoding="ascii") as file:
                limits.append(int(file.read()))
        except (OSError, ValueError):
            continue
    return min(limits, default=_UNKNOWN)


def parse_memory(given: str | int | None) -> int:
    """Return a limit in bytes: ``"2GB"``, ``"512 MiB"``, a number of bytes; half by default.

    Raises
    ------
    UsageError
        If it is none of these.
    """
    if given is None:
        return int(SHARE * machine_memory())
    try:
        match = _SIZE.fullmatch(str(given))
    except ValueError:
        # A whole number of more digits than Python writes.
        match = None
    if match and not isinstance(given, bool | float):
        number, letter, binary = match.groups()
        units = _BINARY if binary else _UNITS
        size = float(number) * units.get(letter.upper(), 0)
        if 1 <= size < math.inf:
            if size < LEAST:
                raise UsageError(
                    f"memory={given!r} was given, and the program itself takes about "
                    f"{LEAST // 10**6} MB. Allow more."
                )
            return int(size)
    raise UsageError(
        f"memory={shown(given)} was given; it is a size, such as 2GB, 512MB or 1.5GiB."
    )
