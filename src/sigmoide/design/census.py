"""What consecutive rows tell of themselves before a fit: counts that add up, slice by slice.

Whoever has all rows in memory goes through them in the same slices as who reads them from a file:
so what is learned is the same, to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.block import Addable, Array
from sigmoide.blocks.moments import split_sum
from sigmoide.columns.account import Reasons, Rows, reasons, rows_where
from sigmoide.columns.tally import Tally, tally
from sigmoide.columns.values import Values
from sigmoide.design.design import Policies, Term
from sigmoide.design.functions.transform import Told, tell
from sigmoide.design.roles import AskedRoles, RoleFaults, RowWeights, role_faults, role_rows
from sigmoide.design.target import Counted, counted


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are used, in some consecutive rows.

    Attributes
    ----------
    rows : int
        How many.
    answer : Values
        The target.
    roles : mapping
        The columns that weigh and shift the rows.
    values : mapping
        The columns of the model.
    """

    rows: int
    answer: Values
    roles: Mapping[str, Values]
    values: Mapping[str, Values]

    def part(self, low: int, high: int) -> Columns:
        """Return the rows low, ..., high - 1."""
        return Columns(
            high - low,
            self.answer.part(low, high),
            {name: column.part(low, high) for name, column in self.roles.items()},
            {name: column.part(low, high) for name, column in self.values.items()},
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """Some consecutive rows, understood but not yet encoded.

    Attributes
    ----------
    start : int
        Number of the first row, as the whole source counts.
    answer : Values
        The target.
    roles : RowWeights
        Weights and offsets.
    faults : RoleFaults
        What is wrong with them.
    values : mapping
        The columns of the model.
    """

    start: int
    answer: Values
    roles: RowWeights
    faults: RoleFaults
    values: Mapping[str, Values]


def slice_rows(terms: int) -> int:
    """Return the fixed number of rows that are counted at a time: a power of two."""
    return rows_per_block(terms)


def slice_of(columns: Columns, request: AskedRoles, decimal: str, start: int = 0) -> Slice:
    """Return some rows with their weights and offsets.

    Parameters
    ----------
    columns, request
        The rows, and what weighs and shifts them.
    decimal : str
        The decimal sign of text.
    start : int
        Number of the first row, as the whole source counts.
    """
    roles = role_rows(request, columns.roles, start, columns.rows)
    faults = role_faults(request, columns.roles, roles, decimal, start)
    return Slice(start, columns.answer, roles, faults, columns.values)


T = TypeVar("T", bound=Addable)


@dataclass(frozen=True, slots=True)
class Means:
    """Weighted means of columns, each over the rows that have a value there.

    Attributes
    ----------
    total : ndarray, shape (k,)
        Sums of the weights.
    mean, rest : ndarray, shape (k,)
        The means, and what rounding took from them.
    """

    total: Array
    mean: Array
    rest: Array

    def __add__(self, other: Means) -> Means:
        """Join two parts (Chan, Golub and LeVeque 1983, eq. 2.1)."""
        total = self.total + other.total
        share = np.divide(other.total, total, out=np.zeros_like(total), where=total > 0.0)
        with np.errstate(invalid="ignore", over="ignore"):
            step = (other.mean - self.mean) + (other.rest - self.rest)
            mean, rest = split_sum(self.mean, self.rest + step * share)
        empty, full = self.total == 0.0, other.total == 0.0
        return Means(
            total,
            np.select([empty, full], [other.mean, self.mean], mean),
            np.select([empty, full], [other.rest, self.rest], rest),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Which rows count, and why others do not; it adds up over rows.

    Attributes
    ----------
    rows, weighted, live : int
        All; those of positive weight; those of them with a target and an offset.
    target, offset : Rows
        Rows of positive weight that miss it.
    faults : RoleFaults
        What is wrong with weights and offsets.
    """

    rows: int
    weighted: int
    live: int
    target: Rows
    offset: Rows
    faults: RoleFaults

    def __add__(self, other: Standing) -> Standing:
        return Standing(
            self.rows + other.rows,
            self.weighted + other.weighted,
            self.live + other.live,
            self.target + other.target,
            self.offset + other.offset,
            self.faults + other.faults,
        )


@dataclass(frozen=True, slots=True)
class Census:
    """What is counted of rows that are to be learned from.

    Attributes
    ----------
    standing : Standing
        Which rows count.
    used : int
        Live rows that teach something, under the policy for missing values.
    gaps : tuple of Rows
        For each column that the terms need, the live rows that miss it.
    levels : tuple of Tally or None
        For each term that has levels, those of the rows used.
    means : Means
        Of each term, where a mean may stand in for what is missing; zeros elsewhere.
    answers : Tally
        Values of the target in the rows used.
    reasons : Reasons
        Rows of positive weight that miss something.
    counted : Counted or None
        Where the target counts successes: the sums of the rows used.
    told : tuple of Told or None
        For each term that is a function of columns, what the rows used tell of it.
    """

    standing: Standing
    used: int
    gaps: tuple[Rows, ...]
    levels: tuple[Tally | None, ...]
    means: Means
    answers: Tally
    reasons: Reasons
    counted: Counted | None = None
    told: tuple[Told | None, ...] = ()

    def __add__(self, other: Census) -> Census:
        return Census(
            self.standing + other.standing,
            self.used + other.used,
            tuple(a + b for a, b in zip(self.gaps, other.gaps, strict=True)),
            tuple(_joined(a, b) for a, b in zip(self.levels, other.levels, strict=True)),
            self.means + other.means,
            self.answers + other.answers,
            self.reasons + other.reasons,
            _joined(self.counted, other.counted),
            tuple(_joined(a, b) for a, b in zip(self.told, other.told, strict=True)),
        )


def outside(part: Slice) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return the rows that count, and those of positive weight that miss target or offset.

    Returns
    -------
    live : ndarray of bool, shape (n,)
        Rows of positive weight with both.
    missing : dict
        From the name of the target and that of the offset to the rows that miss it.
    """
    weighted = part.roles.weight > 0.0
    missing = {
        part.answer.name: part.answer.missing() & weighted,
        part.roles.names.offset or "offset": np.isnan(part.roles.offset) & weighted,
    }
    live = weighted
    for gone in missing.values():
        live = live & ~gone
    return live, missing


def standing(part: Slice, live: np.ndarray, missing: Mapping[str, np.ndarray]) -> Standing:
    """Count the rows that count; ``live`` and ``missing`` as :func:`outside` gives them."""
    offset = part.roles.names.offset or "offset"
    return Standing(
        len(live),
        part.faults.positive,
        int(np.count_nonzero(live)),
        rows_where(missing[part.answer.name], part.start),
        rows_where(missing[offset], part.start),
        part.faults,
    )


def census(part: Slice, terms: Sequence[Term], policies: Policies) -> tuple[Census, np.ndarray]:
    """Count what some rows tell, and say which of them are used.

    Parameters
    ----------
    part : Slice
        The rows.
    terms, policies
        What is asked of them.

    Returns
    -------
    census : Census
        What they tell.
    used : ndarray of bool, shape (n,)
        Rows that are learned from.
    """
    live, gone = outside(part)
    absent = {}
    names = tuple(dict.fromkeys(name for term in terms for name in term.columns))
    for name in names:
        missing = part.values[name].missing()
        if missing.any():
            absent[name] = missing
    used = live
    if policies.missing == "drop":
        for missing in absent.values():
            used = used & ~missing
    levels: list[Tally | None] = []
    means, statistics = [], []
    for term in terms:
        if term.asked is not None:
            levels.append(None)
            means.append((0.0, 0.0, 0.0))
            statistics.append(_statistics(part, term, used))
            continue
        statistics.append(None)
        values = part.values[term.column]
        drop = policies.missing == "drop" or term.column not in absent
        present = used if drop else used & ~absent[term.column]
        leveled = has_levels(term, values)
        levels.append(tally(values.keys, present, part.start) if leveled else None)
        if policies.missing == "indicator" and not leveled:
            means.append(_mean(values.numbers[present], part.roles.weight[present]))
        else:
            means.append((0.0, 0.0, 0.0))
    weighted = part.roles.weight > 0.0
    lost = {**gone, **{name: missing & weighted for name, missing in absent.items()}}
    counts = Census(
        standing(part, live, gone),
        int(np.count_nonzero(used)),
        tuple(
            rows_where(absent[name] & live, part.start) if name in absent else Rows()
            for name in names
        ),
        tuple(levels),
        Means(*np.array(means, dtype=np.float64).reshape(-1, 3).T.copy()),
        tally(part.answer.keys, used, part.start),
        reasons(lost),
        None
        if (trials := part.roles.names.trials) is None
        else counted(part.answer, trials, part.roles.weight, used, part.start),
        tuple(statistics),
    )
    return counts, used


def has_levels(term: Term, values: Values) -> bool:
    """Say whether a term becomes levels, and is no number as it stands."""
    return term.asked is None and (term.categorical or values.kind in ("text", "boolean"))


def _joined(a: T | None, b: T | None) -> T | None:
    return a + b if a is not None and b is not None else a or b


def _statistics(part: Slice, term: Term, used: np.ndarray) -> Told | None:
    """Return what some rows tell of a function of columns; nothing where they hold no numbers."""
    if term.asked is None or any(part.values[name].kind != "numeric" for name in term.columns):
        return None
    columns = {name: part.values[name].numbers for name in term.columns}
    whole = used
    for name in term.columns:
        whole = whole & ~part.values[name].missing()
    # A weight says how much a row tells, a frequency how often it was met.
    often = part.roles.names.frequency is not None
    times = part.roles.weight if often else np.ones(len(used))
    return tell(term.asked, columns, times, whole, part.start)


def _mean(numbers: Array, weight: Array) -> tuple[float, float, float]:
    """Return total, mean, and what rounding took; around one value, so that digits are kept."""
    if not len(numbers):
        return 0.0, 0.0, 0.0
    base, total = numbers[:1], float(weight.sum())
    # An infinity among them is refused later, when all rows have been seen.
    with np.errstate(invalid="ignore", over="ignore"):
        mean, rest = split_sum(base, np.atleast_1d((weight * (numbers - base)).sum() / total))
    return total, float(mean[0]), float(rest[0])
