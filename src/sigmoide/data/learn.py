"""What is learned of the columns before the fit, from the rows that are used: levels and means."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.data.design import (
    Coding,
    Design,
    Missing,
    Policies,
    Term,
    missing_refused,
)
from sigmoide.data.source import Source, listed, rows_like_it
from sigmoide.data.values import Values, first_no_number
from sigmoide.data.words import in_formula, is_number, other_sign_hint
from sigmoide.errors import ColumnError, DataError

# More different numbers than this are measurements, even if a word stands among them.
_MANY = 20


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
        Without one, the first term with levels gets a column for each of them, whatever its
        reference, as in R.
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
    used = _rows_used(source, terms, values, policies, weight > 0.0)
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
    _refuse_too_large(source, design)
    return design


def mixed_note(values: Values, term: Term, decimal: str) -> str:
    """Say that a column is text for a few words among numbers; nothing if it is not so."""
    if values.kind != "text" or term.categorical:
        return ""
    strange = [level for level in values.levels if not is_number(level, decimal)]
    if not strange or 2 * len(strange) >= len(values.levels):
        return ""
    return (
        f"column {term.column!r} is text, because {listed(strange, 3)} is no number; its "
        f"{len(values.levels)} values are levels"
    )


def _rows_used(
    source: Source,
    terms: tuple[Term, ...],
    values: Mapping[str, Values],
    policies: Policies,
    live: np.ndarray,
) -> np.ndarray:
    """Return the live rows that teach something, under the policy for missing values."""
    gaps = {term.column: values[term.column].missing() & live for term in terms}
    for name, gone in gaps.items():
        if live.any() and gone.sum() == live.sum():
            raise ColumnError(
                f"{source.name}: column {name!r} has no values at all in the rows used. Leave it "
                f"out (--exclude {name}, or a formula without it)."
            )
    used = live.copy()
    for name, gone in gaps.items():
        if policies.missing == "error" and gone.any():
            remedy = "fill them in, or choose missing='drop' or missing='indicator'"
            raise missing_refused(source, name, gone, remedy)
        if policies.missing == "drop":
            used &= ~gone
    if not used.any():
        most = max(gaps, key=lambda name: int(gaps[name].sum()))
        raise DataError(
            f"{source.name}: every row misses a value in some column, most often in {most!r} "
            f"({int(gaps[most].sum())} of {int(live.sum())} rows). Leave that column out, or "
            "choose missing='indicator'."
        )
    return used


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
    present = used & ~missing
    indicator = policy == "indicator" and bool((missing & used).any())
    if not (term.categorical or values.kind in ("text", "boolean")):
        fill = _mean(values.numbers[present], weight[present]) if indicator else None
        return Coding(term.column, term.label, values.kind, fill=fill, indicator=indicator)
    named = values.as_levels().only(present)
    counts = np.bincount(named.codes[present], minlength=len(named.levels))
    levels = tuple(level for level, count in zip(named.levels, counts, strict=True) if count)
    if not term.categorical:
        _refuse_numbers_with_words(source, term, named, counts)
    if len(levels) == present.sum() > 2 and values.kind != "boolean":
        row = int(np.flatnonzero(present)[0])
        raise ColumnError(
            f"{source.name}: column {term.column!r} has as many levels as rows ({len(levels)}), "
            f"such as {named.levels[named.codes[row]]!r} ({source.place(row)}). An identifier "
            "teaches nothing: leave it out, or make fewer levels of it."
        )
    reference = term.reference if term.reference is not None else levels[0]
    if reference not in levels:
        raise ColumnError(
            f"{source.name}: {reference!r} was chosen as the reference level of "
            f"{term.column!r}, whose levels in the rows used are {listed(levels)}. Choose one "
            "of them."
        )
    return Coding(
        term.column,
        term.label,
        values.kind,
        levels,
        None if full else reference,
        indicator=indicator,
    )


def _mean(numbers: Array, weight: Array) -> float:
    # Around one value, so that large numbers keep their digits.
    base = float(numbers[0])
    return base + float(weight @ (numbers - base) / weight.sum())


def _refuse_numbers_with_words(
    source: Source, term: Term, named: Values, counts: np.ndarray
) -> None:
    """Refuse a column of measurements that one word has made text of."""
    decimal = source.decimal
    hints = [other_sign_hint(level, decimal) for level in named.levels]
    numeric = np.array(
        [
            is_number(level, decimal) or bool(hint)
            for level, hint in zip(named.levels, hints, strict=True)
        ],
        dtype=bool,
    )
    row = first_no_number(named, decimal)
    measured = int(counts[numeric].sum())
    few = int((counts[numeric] > 0).sum()) <= min(_MANY, int(counts.sum()) // 2)
    if row is None or few or 2 * measured <= counts.sum():
        return
    code = named.codes[row]
    strange = int(counts[[not is_number(level, decimal) for level in named.levels]].sum())
    remedy = (source.untyped and hints[code]) or (
        " Mend the value, or make it missing; if these are labels, use "
        f"C({in_formula(named.name)}) in a formula; or leave the column out."
    )
    raise ColumnError(
        f"{source.name}, {source.place(row)}: column {term.column!r} holds {named.levels[code]!r}, "
        f"which is no number, where most values are numbers ({rows_like_it(strange)}).{remedy}"
    )


def _refuse_too_large(source: Source, design: Design) -> None:
    """Refuse a table that the memory cannot hold, before the system ends the program for it."""
    if not hasattr(os, "sysconf"):
        return
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    n, d = source.n_rows, len(design.names)
    needed = 8 * d * (n + 2 * d)
    if needed > memory:
        widest = max(design.codings, key=lambda coding: len(coding.names))
        raise DataError(
            f"{source.name}: {n:,} rows of {d:,} columns need {needed / 2**30:.0f} GiB, more than "
            f"this machine has; {widest.column!r} alone makes {len(widest.names):,} of the "
            "columns. Leave it out, or make fewer levels of it."
        )
