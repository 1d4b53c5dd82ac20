"""One delimited text file: where its records stand, and what is wrong with it on which line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sigmoide.errors import DataError, FileError
from sigmoide.sources.csv.dialect import Dialect, find_dialect, read_records
from sigmoide.sources.csv.encoding import first_fault, not_utf8
from sigmoide.sources.options import ReadOptions
from sigmoide.sources.stored import Stored


@dataclass(frozen=True, slots=True)
class TextFile:
    """One delimited text file, and how it is read.

    Attributes
    ----------
    file : Stored
        The file.
    options : ReadOptions
        What was asked for.
    dialect : Dialect
        What that comes to.
    """

    file: Stored
    options: ReadOptions
    dialect: Dialect

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records, header included, with the line each begins on; no empty lines.

        Raises
        ------
        FileError
            If they cannot be read, with the line.
        """
        return read_records(self.file, self.dialect.encoding.codec, self.dialect.delimiter)

    def place(self, row: int) -> str:
        """Say on which line a row stands, by reading the file up to it again."""
        try:
            for k, (line, _) in enumerate(self.records()):
                if k == row + self.dialect.header:
                    return f"line {line}"
        except DataError:
            pass
        return f"row {row + 1}" + (" below the header" if self.dialect.header else "")

    def in_other_letters(self) -> TextFile | None:
        """Return the same file in the encoding that all of it shows, where it is not UTF-8.

        None where that is not the trouble, or the encoding was asked for.

        Raises
        ------
        FileError
            If no encoding can be found for it.
        """
        guessed = self.options.encoding is None and self.dialect.encoding.codec == "utf-8-sig"
        if not guessed or first_fault(self.file, "utf-8") is None:
            return None
        encoding = not_utf8(self.file)
        return TextFile(self.file, self.options, find_dialect(self.file, self.options, encoding))

    def explain(self, error: Exception) -> DataError:
        """Say which line a reader choked on that does not say so itself."""
        rows, width = -1, len(self.dialect.names)
        try:
            for rows, (line, record) in enumerate(self.records()):  # noqa: B007
                if len(record) != width:
                    return self._ragged(line, record)
        except DataError as fault:
            return fault
        if rows < self.dialect.header:
            return self.no_rows()
        return FileError(f"{self.file.path}: this is not a CSV file that can be read: {error}.")

    def no_rows(self) -> DataError:
        """Say that there is a header and nothing else."""
        return DataError(
            f"{self.file.path}: the file has a header and no rows. Rows are needed; if its only "
            "line is a row, say --no-header."
        )

    def _ragged(self, line: int, record: list[str]) -> FileError:
        columns = _count(len(self.dialect.names), "column")
        first = "the header has" if self.dialect.header else f"line {self.dialect.line} has"
        return FileError(
            f"{self.file.path}, line {line}: {_count(len(record), 'value')} where {first} "
            f"{columns}: {_shortened(record)}. Mend that line; put text that holds "
            f"{self.dialect.delimiter!r} in quotes; or say the delimiter, if it is another."
        )


def open_text(file: Stored, options: ReadOptions) -> TextFile:
    """Return a text file, and how it is read as far as its beginning tells.

    Raises
    ------
    DataError
        As :func:`sigmoide.sources.csv.dialect.find_dialect` does.
    """
    return TextFile(file, options, find_dialect(file, options))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _shortened(record: list[str], most: int = 60) -> str:
    text = repr(record)
    return text if len(text) <= most else text[:most] + "…"
