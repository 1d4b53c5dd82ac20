"""Columns of a source made into columns of X: learned once, then frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.source import Source, listed
from sigmoide.data.values import Kind, Values
from sigmoide.errors import ColumnError, DataError

Missing = Literal["drop", "error", "indicator"]
Unseen = Literal["error", "reference", "missing"]

# So many different sets of missing columns are told apart in the account; more are summed up.
_REASONS = 20


@dataclass(frozen=True, slots=True)
class Term:
    """What the model is asked to use.

    Attributes
    ----------
    column : str
        A column of the source.
    label : str
        How the term is called in the tables.
    categorical : bool
        Whether to make levels even of numbers.
    reference : str, optional
        The level that the others are compared with; by default the first.
    """

    column: str
    label: str
    categorical: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """One term, as learned from the data.

    Attributes
    ----------
    column, label : str
        As in :class:`Term`.
    kind : {"numeric", "boolean", "text"}
        What the column was when it was learned.
    levels : tuple of str
        Levels met; empty for a number used as it is.
    reference : str or None
        The level without a column; None for a number, and where there is no intercept to stand
        for it.
    fill : float or None
        What a missing number is replaced by.
    indicator : bool
        Whether a column says which values were missing.
    """

    column: str
    label: str
    kind: Kind
    levels: tuple[str, ...] = ()
    reference: str | None = None
    fill: float | None = None
    indicator: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, patsy's way."""
        extra = (f"{self.label}[missing]",) if self.indicator else ()
        if not self.levels:
            return (self.label, *extra)
        mark = "T." if self.reference is not None else ""
        shown = (level for level in self.levels if level != self.reference)
        return (*(f"{self.label}[{mark}{level}]" for level in shown), *extra)


@dataclass(frozen=True, slots=True)
class Policies:
    """What is done with what is not there."""

    missing: Missing = "drop"
    unseen: Unseen = "error"


@dataclass(frozen=True, slots=True)
class Design:
    """All terms, as learned.

    Attributes
    ----------
    codings : tuple of Coding
        In the order of the columns of X.
    intercept : bool
        Whether the model has one.
    policies : Policies
        For missing values and unseen levels, at the fit and at prediction.
    """

    codings: tuple[Coding, ...]
    intercept: bool
    policies: Policies

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of X, without the intercept."""
        return tuple(name for coding in self.codings for name in coding.names)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows of X, all of those of the source.

    Attributes
    ----------
    X : ndarray, shape (n, d)
        Rows that are not usable hold zeros.
    usable : ndarray of bool, shape (n,)
        Rows with nothing missing.
    reasons : dict
        From the reason to the number of rows that are not usable for it.
    """

    X: Array
    usable: np.ndarray
    reasons: dict[str, int]


def learn_design(
    source: Source,
    terms: tuple[Term, ...],
    values: Mapping[str, Values],
    intercept: bool,
    policies: Policies,
    weight: Array,
) -> Design:
    """Learn levels and means from the rows of positive weight.

    Parameters
    ----------
    source, terms, values
        What to learn from; ``values`` holds every column that a term names.
    intercept : bool
        Without one, the first term with levels gets a column for each of them.
    policies : Policies
        Under ``"drop"`` a row with anything missing teaches nothing.
    weight : ndarray, shape (n,)
        Zero for rows that are out already.

    Raises
    ------
    ColumnError
        For a column with no values, text that is an identifier, an unknown reference level.
    DataError
        For missing values under ``"error"``, or when no row is left.
    """
    gaps = {term.column: values[term.column].missing() for term in terms}
    live = weight > 0.0
    for term in terms:
        if live.any() and gaps[term.column][live].all():
            raise ColumnError(
                f"{source.name}: column {term.column!r} has no values at all. Leave it out "
                f"(--exclude {term.column}, or a formula without it)."
            )
    used = live.copy()
    for term in terms:
        missing = gaps[term.column] & live
        if policies.missing == "error" and missing.any():
            row = int(np.flatnonzero(missing)[0])
            raise DataError(
                f"{source.name}, {source.place(row)}: column {term.column!r} has no value, and "
                f"missing='error' was asked for ({int(missing.sum())} such rows in it). Fill them "
                "in, or choose 'drop' or 'indicator'."
            )
        if policies.missing == "drop":
            used &= ~missing
    if not used.any():
        most = max(terms, key=lambda t: int((gaps[t.column] & live).sum()))
        raise DataError(
            f"{source.name}: every row misses a value in some column, most often in "
            f"{most.column!r} ({int((gaps[most.column] & live).sum())} rows). Leave that column "
            "out, or choose missing='indicator'."
        )
    codings, full = [], not intercept
    for term in terms:
        coding = _learn(source, term, values[term.column], used, weight, policies.missing, full)
        full = full and not coding.levels
        codings.append(coding)
    design = Design(tuple(codings), intercept, policies)
    for name, times in Counter(design.names).items():
        if times > 1 or (intercept and name == "Intercept"):
            raise ColumnError(
                f"{source.name}: two terms of the model would be called {name!r}. "
                "Rename one of the columns."
            )
    return design


def _learn(
    source: Source,
    term: Term,
    values: Values,
    used: np.ndarray,
    weight: Array,
    policy: Missing,
    full: bool,
) -> Coding:
    missing = values.missing()
    indicator = policy == "indicator" and bool((missing & used).any())
    if not (term.categorical or values.kind in ("text", "boolean")):
        fill = None
        if indicator:
            present = used & ~missing
            # Around one value, so that large numbers keep their digits.
            base = float(values.numbers[present][0])
            shifted = values.numbers[present] - base
            fill = base + float(weight[present] @ shifted / weight[present].sum())
        return Coding(term.column, term.label, values.kind, fill=fill, indicator=indicator)
    named = values.as_levels()
    met = np.unique(named.codes[used & ~missing])
    levels = tuple(named.levels[k] for k in met)
    present = int((used & ~missing).sum())
    if len(levels) == present > 2 and values.kind == "text":
        example = named.codes.tolist().index(int(met[0]))
        raise ColumnError(
            f"{source.name}: column {term.column!r} is text with as many levels as rows "
            f"({present}), such as {levels[0]!r} ({source.place(example)}). An identifier teaches "
            "nothing: leave it out; if it should be numbers, mend what is no number in it."
        )
    reference = term.reference if term.reference is not None else levels[0]
    if reference not in levels:
        raise ColumnError(
            f"{source.name}: {reference!r} was chosen as the reference level of "
            f"{term.column!r}, whose levels in the rows used are {listed(levels)}."
        )
    return Coding(
        term.column,
        term.label,
        values.kind,
        levels,
        None if full and term.reference is None else reference,
        indicator=indicator,
    )


def encode(design: Design, source: Source, values: Mapping[str, Values]) -> Encoded:
    """Make the columns of X, by what was learned and nothing else.

    Raises
    ------
    ColumnError
        For a column of another type than it was learned with, or an unseen level under
        ``unseen="error"``.
    """
    n = source.n_rows
    X = np.zeros((n, len(design.names)))
    gaps: dict[str, np.ndarray] = {}
    position = 0
    for coding in design.codings:
        part = X[:, position : position + len(coding.names)]
        position += len(coding.names)
        missing = _fill(part, coding, source, values[coding.column], design.policies)
        if missing.any():
            gaps[coding.column] = gaps.get(coding.column, False) | missing
    usable = np.ones(n, dtype=bool)
    for missing in gaps.values():
        usable &= ~missing
    X[~usable] = 0.0
    return Encoded(X, usable, count_reasons(gaps))


def _fill(
    part: Array, coding: Coding, source: Source, values: Values, policies: Policies
) -> np.ndarray:
    """Write the columns of one term; return the rows it leaves without a value."""
    if not coding.levels:
        if values.kind == "text":
            raise _not_numbers(coding, source, values)
        numbers, missing = values.numbers, values.missing()
        stand_in = coding.fill if coding.indicator and coding.fill is not None else 0.0
        part[:, 0] = np.where(missing, stand_in, numbers)
    else:
        if coding.kind == "boolean" and values.kind == "numeric":
            raise ColumnError(
                f"{source.name}: column {coding.column!r} held booleans when the model was "
                "fitted and holds numbers here. Give True and False."
            )
        codes = _codes(coding, source, values, policies)
        missing = codes < 0
        shown = [k for k, level in enumerate(coding.levels) if level != coding.reference]
        for j, k in enumerate(shown):
            part[:, j] = codes == k
    if not coding.indicator:
        return np.asarray(missing)
    part[:, -1] = missing
    return np.zeros(len(part), dtype=bool)


def _codes(coding: Coding, source: Source, values: Values, policies: Policies) -> np.ndarray:
    """Return positions in the learned levels, -1 for missing."""
    named = values.as_levels()
    known = {level: k for k, level in enumerate(coding.levels)}
    table = np.array([known.get(level, -2) for level in named.levels] + [-1], dtype=np.int64)
    codes = table[named.codes]
    unseen = np.flatnonzero(codes == -2)
    if len(unseen) and policies.unseen == "error":
        row = int(unseen[0])
        raise ColumnError(
            f"{source.name}, {source.place(row)}: column {coding.column!r} holds "
            f"{named.levels[named.codes[row]]!r}, which was not among the levels of the fit: "
            f"{listed(coding.levels)} ({len(unseen)} such rows). Mend the value, or fit with "
            "unseen='reference' or unseen='missing'."
        )
    if policies.unseen == "reference":
        stand_in = coding.reference if coding.reference is not None else coding.levels[0]
        codes[unseen] = known[stand_in]
    else:
        codes[unseen] = -1
    return codes


def _not_numbers(coding: Coding, source: Source, values: Values) -> ColumnError:
    def is_number(word: str) -> bool:
        try:
            float(word)
        except ValueError:
            return False
        return True

    words = [k for k, word in enumerate(values.levels) if not is_number(word)]
    rows = np.flatnonzero(np.isin(values.codes, words or [0]))
    row = int(rows[0]) if len(rows) else 0
    held = values.levels[values.codes[row]] if values.levels else ""
    return ColumnError(
        f"{source.name}, {source.place(row)}: column {coding.column!r} held numbers when the "
        f"model was fitted and holds {held!r} here. Give numbers."
    )


def count_reasons(gaps: Mapping[str, Any]) -> dict[str, int]:
    """Count rows by the set of columns in which they miss a value; the counts add up."""
    if not gaps:
        return {}
    names = list(gaps)
    table = np.column_stack([gaps[name] for name in names])
    table = table[table.any(axis=1)]
    patterns, counts = np.unique(table, axis=0, return_counts=True)
    reasons: Counter[str] = Counter()
    for pattern, count in zip(patterns, counts, strict=True):
        columns = [name for name, gone in zip(names, pattern, strict=True) if gone]
        several = len(patterns) > _REASONS and len(columns) > 1
        reason = "several columns" if several else ", ".join(columns)
        reasons[f"missing {reason}"] += int(count)
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
