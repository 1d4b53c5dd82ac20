"""How data are to be read, as far as their reader says so."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from os import PathLike

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
