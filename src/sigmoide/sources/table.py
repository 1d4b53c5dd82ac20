"""A table that is in memory, read in pieces: for what would be made of it is not to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sigmoide.sources.source import Source


class SourceReader:
    """A source in memory.

    Parameters
    ----------
    source : Source
        All of it.
    """

    again = True

    def __init__(self, source: Source) -> None:
        self._source = source
        self.paths: tuple[Path, ...] = ()
        self.head: Source = replace(source, table=source.table.slice(0, 0))

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """How many rows there are, None if nobody knows; and whether that is exact."""
        return self._source.n_rows, True

    @property
    def bytes_about(self) -> int:
        """What it takes besides what it has."""
        return 0

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        yield from self._source.table.select(list(columns)).to_batches()
