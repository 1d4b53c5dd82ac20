"""Delimited text, read from its first record to its last."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from sigmoide.errors import DataError
from sigmoide.sources.csv.text import TextFile
from sigmoide.sources.files import CSV_BLOCK, csv_options, source_of_text
from sigmoide.sources.reader import OtherReader
from sigmoide.sources.source import Source
from sigmoide.sources.stored import READ_ERRORS, file_handle

_QUOTED = re.compile(rb'"[^"]*"')
# Arrow holds many blocks at a time; a line must fit in one. Where one does not, larger blocks are
# tried, as large as those of a file that is read into memory.
_BLOCK = 1 << 20
_TOO_LONG = "straddling"
# A text takes about so many times its bytes in memory, as words with their places.
_AS_WORDS = 2


class TextReader:
    """A text file; all its cells are words.

    Parameters
    ----------
    text : TextFile
        The file, and how it is read.
    block : int
        Bytes that are parsed at a time.
    """

    again = True

    def __init__(self, text: TextFile, block: int = _BLOCK) -> None:
        self._text, self._block = text, block
        names = text.dialect.names
        nothing = pa.table({name: pa.array([], pa.string()) for name in names})
        self.head: Source = source_of_text(text, nothing)
        self.paths: tuple[Path, ...] = (text.file.path,)

    @property
    def rows_about(self) -> tuple[int | None, bool]:
        """The rows, by the lines in the beginning of the file."""
        file = self._text.file
        lines = max(_QUOTED.sub(b"", file.head).count(b"\n"), 1)
        return int(self._bytes() * lines / max(len(file.head), 1)), file.whole

    @property
    def bytes_about(self) -> int:
        """What its columns take in memory, about."""
        return _AS_WORDS * self._bytes()

    def _bytes(self) -> int:
        """Return the size of the text, unpacked, about."""
        file = self._text.file
        if file.whole:
            return len(file.head)
        size = file.path.stat().st_size
        return int(size * file.unpacked_share()) if file.packed else size

    def batches(self, columns: Sequence[str]) -> Iterator[Any]:
        """Yield record batches of some columns, of whatever sizes: a read."""
        text, last, rows = self._text, "", 0
        names = text.dialect.names
        try:
            for batch in self._records():
                # The header is a row too: so it may stand below empty lines, and over several.
                below = batch.slice(1) if not rows and text.dialect.header else batch
                rows += batch.num_rows
                if below.num_rows:
                    last = str(below.column(len(names) - 1)[-1])
                    yield below.select(list(columns))
        except (pa.ArrowException, *READ_ERRORS) as error:
            if isinstance(error, DataError):
                raise
            if _TOO_LONG in str(error) and self._block < CSV_BLOCK:
                wide = TextReader(text, CSV_BLOCK)
                raise OtherReader(wide, "it has very long lines") from error
            other = text.in_other_letters()
            if other is not None:
                raise OtherReader(TextReader(other), "its encoding shows late") from error
            raise text.explain(error) from error
        if rows <= text.dialect.header:
            raise text.no_rows()
        if "\n" in last:
            # Arrow takes a quote that is never closed, in the last column, for one long value.
            for _ in text.records():
                pass

    def _records(self) -> Iterator[Any]:
        text = self._text
        kind = "gzip" if text.file.packed else None
        with (
            pa.input_stream(file_handle(text.file.path), compression=kind) as stream,
            pa.csv.open_csv(stream, **csv_options(text, self._block)) as reader,
        ):
            yield from reader
