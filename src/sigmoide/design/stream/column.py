"""One column under way from a source to the cache: what it is so far, and what is kept of it.

A column begins as what its first chunk shows. Where a later chunk shows something else, such as a
word after a million numbers, the rows written so far are of no use: the column is only looked at
from there on, and written in another read, by what all of it has shown.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sigmoide.blocks.block import Integers
from sigmoide.columns.account import Rows
from sigmoide.columns.cells import Evidence, as_kind, read_cells
from sigmoide.columns.typed import (
    Kind,
    Raw,
    beyond,
    beyond_note,
    dates_as_words,
    read_typed,
    too_large,
)
from sigmoide.columns.values import (
    Values,
    Wanted,
    refuse_text,
    refuse_too_large,
    sorted_levels,
    whole_array,
)
from sigmoide.errors import ColumnError
from sigmoide.sources.source import Source

Storage = Literal["numbers", "codes"]

# Numbers of these types are float32 to the last bit.
_HALF = ("halffloat", "float", "int8", "int16", "uint8", "uint16", "bool", "null")
# What a different text takes besides its letters, in the lists that it stands in.
_OVERHEAD = 120


@dataclass(slots=True)
class Column:
    """A column under way.

    Attributes
    ----------
    wanted : Wanted
        Which.
    storage : str or None
        What is written of it; None until rows have come.
    settled : bool
        Whether all its rows have been looked at before, so that it is known what it is.
    contradicted : bool
        Whether what has been written of it is of no use.
    changed_at : int
        First row of the chunk that showed it.
    """

    wanted: Wanted
    storage: Storage | None = None
    settled: bool = False
    evidence: Evidence = field(default_factory=Evidence)
    kind: Kind = "numeric"
    type: Any = None
    wrong: Rows = field(default_factory=Rows)
    labels: bool = False
    ordered: bool = False
    checksum: int = 0
    words: dict[str, int] = field(default_factory=dict)
    firsts: list[int] = field(default_factory=list)
    contradicted: bool = False
    changed_at: int = 0
    _levels: tuple[str, ...] = ()
    _letters: int = 0

    @property
    def entries(self) -> np.dtype[Any]:
        """The type of what is written."""
        if self.storage == "codes":
            return np.dtype(np.int32)
        narrow = self.type is not None and str(self.type) in _HALF
        return np.dtype(np.float32 if narrow else np.float64)

    def take(self, part: Source, start: int) -> NDArray[Any] | None:
        """Look at a chunk, and return what is to be written of it; None if nothing can be.

        Raises
        ------
        ColumnError
            If its type is of no use.
        """
        array = whole_array(part, self.wanted.name)
        raw = self._untyped(part, array, start) if part.untyped else self._typed(part, array, start)
        if raw is None:
            return None
        if self.storage == "codes":
            return self._codes(part, raw, start).astype(np.int32)
        return raw.numbers

    @property
    def size(self) -> int:
        """Bytes that its different texts take, about."""
        return self._letters + _OVERHEAD * len(self.words)

    def refuse_many(self, source: Source, rows: int) -> None:
        """Refuse the column because its different texts take too much memory.

        Parameters
        ----------
        source : Source
            Where all its rows stand.
        rows : int
            Rows read so far.

        Raises
        ------
        ColumnError
            Always.
        """
        name, words = self.wanted.name, tuple(self.words)
        if source.untyped and not self.wanted.labels:
            refuse_text(source, name, self.evidence, words, self.firsts.__getitem__)
        raise ColumnError(
            f"{source.name}: column {name!r} has more than {len(words) - 1:,} different "
            f"texts, such as {words[0]!r}, in its first {rows:,} rows: more than the memory is to "
            "hold. An identifier teaches nothing: leave it out, or make fewer levels of it."
        )

    def values(self, entries: NDArray[Any]) -> Values:
        """Return rows as far as they are understood: levels are in the order they were met."""
        name = self.wanted.name
        if self.storage == "codes":
            if len(self._levels) < len(self.words):
                self._levels = tuple(self.words)
            codes = entries.astype(np.int64)
            return Values(name, "text", np.empty(0), codes, self._levels, self.ordered)
        numbers = np.asarray(entries, dtype=np.float64)
        return Values(name, self.kind, numbers, np.empty(0, dtype=np.int64))

    def finish(self, source: Source) -> tuple[Values, Integers | None]:
        """Return what the whole column is, without its rows.

        Returns
        -------
        values : Values
            Its kind, and its levels: sorted, or in the order of a category.
        table : ndarray of int64, optional
            Of text: from the codes that were written to positions in the levels; -1 at the end.

        Raises
        ------
        ColumnError
            If it is of no use: infinities, numbers in disguise, damage.
        """
        name, none = self.wanted.name, np.empty(0, dtype=np.int64)
        if self.kind == "numeric" and not self.wanted.labels:
            refuse_too_large(source, name, self.wrong + self.evidence.wrong)
        words = tuple(self.words)
        if self.kind != "text":
            return Values(name, self.kind, np.empty(0), none), None
        if source.untyped and not self.wanted.labels:
            refuse_text(source, name, self.evidence, words, self.firsts.__getitem__)
        met = [code for code, first in enumerate(self.firsts) if first >= 0]
        levels, table = sorted_levels(words, met, ordered=self.ordered)
        self.checksum = zlib.crc32("\n".join(words).encode("utf-8", "surrogatepass"), self.checksum)
        return Values(name, "text", np.empty(0), none, levels, self.ordered, self._note()), table

    def again(self) -> Column:
        """Return the column as it begins in another read of the source."""
        storage: Storage = "codes" if self.kind == "text" else "numbers"
        return Column(
            self.wanted,
            storage,
            settled=True,
            evidence=self.evidence,
            kind=self.kind,
            type=self.type,
            wrong=self.wrong,
            labels=self.labels,
        )

    def _note(self) -> str:
        if self.labels:
            return beyond_note(self.wanted.name)
        return self.evidence.note(self.wanted.name) if self.kind == self.evidence.kind else ""

    def _untyped(self, part: Source, array: Any, start: int) -> Raw | None:
        cells = read_cells(array, part.decimal, start)
        self.checksum = _of_text(array, self.checksum)
        if not self.settled:
            self.evidence = self.evidence + cells.evidence
            learned = self.wanted.learned
            self.kind = self.evidence.as_learned(learned) if learned else self.evidence.kind
        self._store("codes" if self.kind == "text" else "numbers", start)
        raw = None if self.contradicted else as_kind(cells, self.kind)
        # Rows that are not what all rows were found to be: the source is another one by now.
        self.contradicted = raw is None
        return raw

    def _typed(self, part: Source, array: Any, start: int) -> Raw | None:
        if self.wanted.labels:
            array = dates_as_words(part.name, self.wanted.name, array)
        self.type = array.type
        if not self.settled:
            self.labels = self.labels or beyond(array)
        raw = read_typed(part.name, self.wanted.name, array, words=self.labels)
        if not self.settled:
            self.kind, self.ordered = raw.kind, raw.ordered
            self.wrong = self.wrong + too_large(raw.numbers, array, start)
        self.ordered = raw.ordered
        self._store("codes" if raw.kind == "text" else "numbers", start)
        if raw.kind != "text":
            self.checksum = _crc(raw.numbers, self.checksum)
        return None if self.contradicted else raw

    def _store(self, storage: Storage, start: int) -> None:
        if self.storage is None:
            self.storage = storage
        if self.storage != storage and not self.contradicted:
            self.contradicted, self.changed_at = True, start

    def _codes(self, part: Source, raw: Raw, start: int) -> Integers:
        """Return codes into the texts met so far, and note where each is met first."""
        table = np.full(len(raw.words) + 1, -1, dtype=np.int64)
        for k, word in enumerate(raw.words):
            code = self.words.get(word)
            if code is None:
                code = self.words[word] = len(self.words)
                self.firsts.append(-1)
                self._letters += len(word)
            table[k] = code
        codes = table[raw.codes]
        rows = np.full(len(self.words) + 1, -1, dtype=np.int64)
        # The last assignment counts, so the first row of each comes last.
        rows[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
        for code in table[:-1].tolist():
            if self.firsts[code] < 0 <= rows[code]:
                self.firsts[code] = start + int(rows[code])
        if not part.untyped:
            self.checksum = _crc(codes, self.checksum)
        return codes


def _of_text(array: Any, checksum: int) -> int:
    """Return the checksum of words, each with its length."""
    if not pa.types.is_string(array.type):
        array = array.cast(pa.string())
    _, places, letters = array.buffers()
    ends = np.frombuffer(places, np.int32, len(array) + 1, 4 * array.offset)
    checksum = _crc(np.diff(ends), checksum)
    if letters is None:
        return checksum
    return zlib.crc32(memoryview(letters)[ends[0] : ends[-1]], checksum)


def _crc(entries: NDArray[Any], checksum: int) -> int:
    return zlib.crc32(np.ascontiguousarray(entries).data, checksum)
