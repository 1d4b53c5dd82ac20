"""The account of rows: how many, which is the first, how many were left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that have something in common.

    Attributes
    ----------
    count : int
        How many.
    first : int
        The first, as the whole source counts; -1 where there is none.
    held : str
        What it holds, where that is to be shown.
    """

    count: int = 0
    first: int = -1
    held: str = ""

    def __add__(self, other: Rows) -> Rows:
        if not self.count or not other.count:
            return self if self.count else other
        early = self if self.first < other.first else other
        return Rows(self.count + other.count, early.first, early.held)

    def __bool__(self) -> bool:
        return self.count > 0


def rows_where(mask: np.ndarray, start: int = 0, word: Callable[[int], str] | None = None) -> Rows:
    """Return the rows of a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (n,)
        Which of some consecutive rows.
    start : int
        Number of the first of these in the source.
    word : callable, optional
        From a position in the mask to what that row holds, in words.
    """
    count = int(np.count_nonzero(mask))
    if not count:
        return Rows()
    first = int(mask.argmax())
    return Rows(count, start + first, word(first) if word else "")


# So many different sets of missing columns are told apart; more are summed up.
_REASONS = 20
# So many sets are kept apart until all rows are counted.
_SETS = 1 << 12

# Why a row is left out that was meant to be.
WEIGHTLESS = "weight 0"


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the rows of data that a model was put to.

    Attributes
    ----------
    rows : int
        Rows of the data.
    lost : dict
        From the reason to the number of rows that are not judged; each row counts once.
    replaced : dict
        From a column to the rows whose level is new to the fit, and that count as its reference.
    """

    rows: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)

    def lost_line(self, what: str) -> str:
        """Say how many rows ``have no prediction`` or ``are left out``, and why; empty for none."""
        if not self.lost:
            return ""
        reasons = ", ".join(f"{reason} ({count:,})" for reason, count in self.lost.items())
        return f"{sum(self.lost.values()):,} of {self.rows:,} rows {what}: {reasons}"

    def replaced_lines(self) -> list[str]:
        """Say, for each column, how many rows count as the reference."""
        return [
            f"{column}: levels that the fit did not see taken for the reference: {count:,}"
            for column, count in self.replaced.items()
        ]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Rows left out, by the set of columns in which they miss a value.

    Attributes
    ----------
    rows : mapping
        From the columns' names to the number of rows.
    several : int
        Rows that miss several columns, of more different sets than are told apart.
    """

    rows: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    several: int = 0

    def __add__(self, other: Reasons) -> Reasons:
        if not (other.rows or other.several):
            return self
        rows = Counter(self.rows)
        rows.update(other.rows)
        return _bounded(rows, self.several + other.several)

    def counted(self) -> dict[str, int]:
        """Return the rows by reason, the most frequent first."""
        many = bool(self.several) or len(self.rows) > _REASONS
        reasons: Counter[str] = Counter()
        for names, count in self.rows.items():
            several = many and len(names) > 1
            reasons[_missing("several columns" if several else ", ".join(names))] += count
        if self.several:
            reasons[_missing("several columns")] += self.several
        return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))

    def without(self, names: Iterable[str]) -> Reasons:
        """Return the reasons when some columns are none."""
        gone = set(names)
        rows: Counter[tuple[str, ...]] = Counter()
        for missed, count in self.rows.items():
            if left := tuple(name for name in missed if name not in gone):
                rows[left] += count
        return _bounded(rows, self.several)


def reasons(gaps: Mapping[str, np.ndarray]) -> Reasons:
    """Count rows by the set of columns in which they miss a value; each row counts once.

    Parameters
    ----------
    gaps : mapping
        From a column to the rows that miss it; shape (n,), bool.
    """
    gaps = {name: gone for name, gone in gaps.items() if gone.any()}
    if not gaps:
        return Reasons()
    names = list(gaps)
    lost = np.flatnonzero(np.logical_or.reduce(list(gaps.values())))
    bits = np.packbits(np.column_stack([gone[lost] for gone in gaps.values()]), axis=1)
    rows: Counter[tuple[str, ...]] = Counter()
    for packed, count in Counter(bits.view(f"S{bits.shape[1]}").ravel().tolist()).items():
        whole = np.frombuffer(packed.ljust(bits.shape[1], b"\0"), dtype=np.uint8)
        missed = np.unpackbits(whole, count=len(names))
        rows[tuple(name for name, gone in zip(names, missed, strict=True) if gone)] += count
    return _bounded(rows, 0)


def _missing(what: str) -> str:
    return f"missing {what}"


def _bounded(rows: Counter[tuple[str, ...]], several: int) -> Reasons:
    """Tell no more sets of columns apart than fit in a little memory."""
    if several or len(rows) > _SETS:
        several += sum(count for names, count in rows.items() if len(names) > 1)
        rows = Counter({names: count for names, count in rows.items() if len(names) == 1})
    return Reasons(rows, several)


def unseen_name(column: str) -> str:
    """Return what a column is called in the account where a level of it was never seen."""
    return f"{column} (unseen level)"
