"""The records of a text file, each with the line that it begins on."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator
from itertools import chain

from sigmoide.errors import FileError
from sigmoide.sources.csv.encoding import first_fault, undecodable
from sigmoide.sources.stored import Stored, unreadable

# A record of its own at the end, unless a quote is still open there.
_END = "\ue000 end of the file \ue000"


def read_records(file: Stored, codec: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records, header included, with the line each begins on; no empty lines.

    Raises
    ------
    FileError
        If they cannot be read, with the line.
    """
    line = 1
    try:
        with file.open_text(codec) as opened:
            reader = csv.reader(chain(opened, [_END]), delimiter=delimiter)
            for record in reader:
                if record == [_END]:
                    return
                if record and record[-1].endswith(_END):
                    raise FileError(
                        f"{file.path}, line {line}: a quote opens in this line and is never "
                        "closed. Close it, or double a quote that is part of the text."
                    )
                if record:
                    yield line, record
                line = reader.line_num + 1
    except UnicodeError as error:
        raise undecodable(file, codec, first_fault(file, codec)) from error
    except csv.Error as error:
        if "field limit" in str(error):
            raise FileError(
                f"{file.path}, line {line}: a value that begins in this line is longer than "
                f"{csv.field_size_limit():,} characters. Close its quote, if it has one."
            ) from error
        raise FileError(f"{file.path}, line {line}: {error}.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(file.path, error) from error
