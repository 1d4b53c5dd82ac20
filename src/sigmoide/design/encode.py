"""Columns of a source made into columns of X, by what was learned and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Array
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.values import Values, no_numbers
from sigmoide.columns.words import other_sign_hint
from sigmoide.design.design import Coding, Design
from sigmoide.design.functions.transform import lost_rows
from sigmoide.design.levels import NUMBER, codes_of, fill_levels
from sigmoide.errors import ColumnError, DataError
from sigmoide.sources.source import Source, listed, rows_like_it

# A factor in some rows: codes of levels, shape (n,), or columns, shape (width, n).
Piece = NDArray[Any]

# Rows that are multiplied at a time: few enough to stay in the cache.
_ROWS = 1 << 12


def fill_products(X: Array, design: Design, pieces: Sequence[Piece]) -> None:
    """Write the products of a design.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        Where to.
    design : Design
        With products.
    pieces : sequence of ndarray
        For each coding its codes, -1 where there is none, or its columns.
    """
    wanted = {part for made in design.products for part in made.parts}
    tables = {
        (number, full): contrasts(design.codings[number], full=full)
        for number, full in wanted
        if design.codings[number].levels
    }
    for low in range(0, len(X), _ROWS):
        rows = slice(low, low + _ROWS)
        factors = {}
        for part in wanted:
            piece = pieces[part[0]]
            factors[part] = tables[part][:, piece[rows]] if part in tables else piece[:, rows]
        position = 0
        for made in design.products:
            block = factors[made.parts[0]]
            for part in made.parts[1:]:
                # The first factor changes fastest.
                more = factors[part][:, None, :] * block[None, :, :]
                block = more.reshape(-1, more.shape[2])
            X[rows, position : position + len(block)] = block.T
            position += len(block)


def contrasts(coding: Coding, *, full: bool) -> Array:
    """Return what each level is in each column; shape (width, levels + 1), the last of none."""
    k = len(coding.levels)
    whole = np.zeros((k, k + 1))
    whole[np.arange(k), np.arange(k)] = 1.0
    if full or coding.reference is None:
        return _with_missing(coding, whole)
    omitted = coding.levels.index(coding.reference)
    fewer = np.delete(whole, omitted, axis=0)
    if coding.contrast == "sum":
        fewer[:, omitted] = -1.0
    return _with_missing(coding, fewer)


def _with_missing(coding: Coding, table: Array) -> Array:
    """Add the column that says which values are missing, where there is one."""
    if not coding.indicator:
        return table
    missing = np.zeros((1, table.shape[1]))
    missing[0, -1] = 1.0
    return np.concatenate([table, missing])


# What is wrong with rows, in the order in which it is said: (stage, number, fault). In stage 0 the
# number is that of a column of the source, in stage 1 of a term.
Fault = tuple[int, int, int]
_WORD, _TEXT, _MISSING = 0, 1, 2
# Rows that are made at a time where there are functions and products.
_ROWS = 1 << 16
_NO_VALUE = 2


@dataclass(frozen=True, slots=True)
class Encoded:
    """Some consecutive rows of X.

    Attributes
    ----------
    X : ndarray, shape (n, d)
        Rows that are not usable hold zeros.
    usable : ndarray of bool, shape (n,)
        Live rows with nothing missing that the model cannot do without.
    gaps : dict
        From a column to the live rows that cannot be used because it is missing there.
    unseen : dict
        From a column to the live rows that hold a level the fit did not see, whatever was done
        with them.
    faults : dict
        Live rows that hold what the model does not allow.
    """

    X: Array
    usable: np.ndarray
    gaps: dict[str, np.ndarray]
    unseen: dict[str, np.ndarray]
    faults: dict[Fault, Rows]


def encode_rows(
    design: Design,
    values: Mapping[str, Values],
    live: np.ndarray,
    decimal: str,
    start: int = 0,
    room: Array | None = None,
) -> Encoded:
    """Make some rows of X; what is wrong with them is said in ``faults``, and not raised.

    Parameters
    ----------
    design, values
        What was learned, and the columns it names.
    live : ndarray of bool, shape (n,)
        Rows that count; what others hold is not looked at.
    decimal : str
        The decimal sign of text.
    start : int
        Number of the first row, as the whole source counts.
    room : ndarray, shape (n, d), optional
        Where to put X.
    """
    n = len(live)
    if n <= _ROWS or not (design.products or any(c.transform for c in design.codings)):
        return _encode(design, values, live, decimal, start, room)
    # Functions and products need room on the way: little at a time.
    X = np.empty((n, len(design.names))) if room is None else room
    parts = []
    for low in range(0, n, _ROWS):
        rows = slice(low, low + _ROWS)
        chunk = {name: column.part(low, low + _ROWS) for name, column in values.items()}
        parts.append(_encode(design, chunk, live[rows], decimal, start + low, X[rows]))
    return _joined(X, parts)


def _joined(X: Array, parts: Sequence[Encoded]) -> Encoded:
    """Return consecutive rows whose X stands there already as one."""
    faults: dict[Fault, Rows] = {}
    for part in parts:
        for fault, rows in part.faults.items():
            faults[fault] = faults.get(fault, Rows()) + rows
    none = [np.zeros(len(part.usable), dtype=bool) for part in parts]

    def whole(masks: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
        names = dict.fromkeys(name for mask in masks for name in mask)
        pairs = list(zip(masks, none, strict=True))
        return {name: np.concatenate([m.get(name, no) for m, no in pairs]) for name in names}

    return Encoded(
        X,
        np.concatenate([part.usable for part in parts]),
        whole([part.gaps for part in parts]),
        whole([part.unseen for part in parts]),
        faults,
    )


def _encode(
    design: Design,
    values: Mapping[str, Values],
    live: np.ndarray,
    decimal: str,
    start: int,
    room: Array | None,
) -> Encoded:
    """Make some rows of X at once."""
    n = len(live)
    columns, gaps, faults = _columns_and_gaps(design, values, live, decimal, start)
    usable = live
    filled = {coding.column for coding in design.codings if coding.indicator}
    for name, gap in gaps.items():
        if name not in filled and gap.any():
            usable = usable & ~gap
    X = np.empty((n, len(design.names))) if room is None else room
    if any(coding.levels or coding.indicator for coding in design.codings):
        X.fill(0.0)
    unseen: dict[str, np.ndarray] = {}
    position = 0
    pieces: list[Piece] = []
    for number, coding in enumerate(design.codings):
        # The factors of products have no columns of their own.
        width = 0 if design.products else len(coding.names)
        part = X[:, position : position + width]
        position += width
        if coding.transform is not None:
            numbers = {name: columns[name].numbers for name in coding.columns}
            made = coding.transform.columns(numbers, n)
            if lost := lost_rows(coding.transform, numbers, made, usable, start):
                faults[1, number, _NO_VALUE] = lost
            pieces.append(made)
            if not design.products:
                part[:] = made.T
            continue
        column, gone = columns[coding.column], gaps[coding.column]
        if coding.levels:
            # A row that is lost already may hold what it likes.
            codes, strange, wrong = codes_of(coding, column.only(usable), design.policies, start)
            pieces.append(codes)
            if not design.products:
                fill_levels(part, coding, codes)
            for fault, rows in wrong.items():
                faults[1, number, fault] = rows
            if strange.any():
                unseen[coding.column] = strange
                gone = gone | (strange & (codes < 0))
        else:
            pieces.append(column.numbers[None, :])
            if not design.products:
                part[:, 0] = column.numbers
        if coding.indicator:
            pieces[-1] = _filled(pieces[-1], coding, gone)
            if not design.products:
                part[:, -1] = gone
                if not coding.levels:
                    part[gone, 0] = 0.0 if coding.fill is None else coding.fill
        elif gone is not gaps[coding.column]:
            gaps[coding.column] = gone
            usable = usable & ~gone
    if design.products:
        fill_products(X, design, pieces)
    if not usable.all():
        X[~usable] = 0.0
    lost_by = {name: gap for name, gap in gaps.items() if name not in filled}
    return Encoded(X, usable, lost_by, unseen, faults)


def refuse_faults(design: Design, source: Source, faults: Mapping[Fault, Rows]) -> None:
    """Raise what the first of the faults is, if there is one: ColumnError or DataError."""
    if not faults:
        return
    stage, number, fault = first = min(faults)
    rows = faults[first]
    if stage == 0:
        name = list(design.sources)[number]
        if fault == _MISSING:
            raise missing_refused(source, name, rows, "fill them in")
        where = f"{source.name}, {source.place(rows.first)}: column {name!r}"
        hint = other_sign_hint(rows.held, source.decimal) if source.untyped else ""
        raise ColumnError(
            f"{where} held numbers when the model was fitted and holds {rows.held!r} here. "
            f"Give numbers.{hint}"
        )
    coding = design.codings[number]
    if fault == _NO_VALUE:
        raise no_value(source, coding.label, rows)
    where = f"{source.name}, {source.place(rows.first)}: column {coding.column!r}"
    if fault == NUMBER:
        raise ColumnError(
            f"{where} held booleans when the model was fitted and holds {rows.held} here. "
            "Give True and False."
        )
    raise ColumnError(
        f"{where} holds {rows.held!r}, which was not among the levels of the fit: "
        f"{listed(coding.levels)} ({rows_like_it(rows.count)}). Mend the value, or fit with "
        "unseen='reference' or unseen='missing'."
    )


def missing_refused(source: Source, name: str, missing: Rows, remedy: str) -> DataError:
    """Say where a value is missing, where none may be."""
    return DataError(
        f"{source.name}, {source.place(missing.first)}: {name!r} has no value, and "
        f"missing='error' was asked for ({rows_like_it(missing.count)}). What to do: {remedy}."
    )


def no_value(source: Source, label: str, rows: Rows) -> DataError:
    """Say where a function of columns has no value."""
    return DataError(
        f"{source.name}, {source.place(rows.first)}: {label} has no value where {rows.held} "
        f"({rows_like_it(rows.count)}). Mend the value, make it missing, or choose another "
        "function."
    )


def _columns_and_gaps(
    design: Design, values: Mapping[str, Values], live: np.ndarray, decimal: str, start: int
) -> tuple[dict[str, Values], dict[str, np.ndarray], dict[Fault, Rows]]:
    """Return each column, the live rows that miss a value there, and what may not be."""
    columns, gaps = {}, {}
    faults: dict[Fault, Rows] = {}
    counted = {name for coding in design.codings if not coding.levels for name in coding.columns}
    for number, name in enumerate(design.sources):
        column = values[name]
        gap = column.missing() & live
        if name in counted and column.kind == "text":
            strange, text = no_numbers(column.only(live), decimal, start)
            faults |= {(0, number, f): r for f, r in ((_WORD, strange), (_TEXT, text)) if r}
            column = Values(column.name, "numeric", np.zeros(len(live)), column.codes[:0])
        if design.policies.missing == "error" and gap.any():
            faults[0, number, _MISSING] = rows_where(gap, start)
        columns[name] = column
        gaps[name] = gap
    return columns, gaps, faults


def _filled(piece: Piece, coding: Coding, gone: np.ndarray) -> Piece:
    """Return a factor with what stands in for missing values, and the column that says where."""
    if coding.levels:
        return piece
    number = np.where(gone, 0.0 if coding.fill is None else coding.fill, piece[0])
    return np.array([number, gone], dtype=np.float64)
