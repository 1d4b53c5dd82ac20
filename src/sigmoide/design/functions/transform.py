"""Transforms of columns: what is asked, what is learned of it in one read, what is frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Integers
from sigmoide.columns.account import Rows, rows_where
from sigmoide.columns.quantiles import QuantileSketch, quantile_sketch, quantiles
from sigmoide.columns.words import number_word
from sigmoide.design.functions.arithmetic import (
    Expression,
    Node,
    columns_of,
    evaluate,
    settled,
    stateful_in,
    why_none,
)
from sigmoide.design.functions.orthogonal import Polynomials, Powers, powers
from sigmoide.design.functions.splines import BSplines, NaturalSplines, free_means


@dataclass(frozen=True, slots=True)
class AskedPolynomials:
    """``poly(x, degree)``."""

    degree: int


@dataclass(frozen=True, slots=True)
class AskedSplines:
    """``bs(x, …)`` and ``cr(x, …)``.

    Attributes
    ----------
    natural : bool
        ``cr``.
    inner : int or None
        Knots between the bounds, where the quantiles say where they are.
    knots : tuple of float
        Where they were given.
    low, high : float or None
        Bounds; those of the data by default.
    degree : int
        Of ``bs``.
    centred : bool
        Of ``cr``: ``constraints='center'``.
    """

    natural: bool
    inner: int | None
    knots: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    degree: int = 3
    centred: bool = False


@dataclass(frozen=True, slots=True)
class RequestedFunction:
    """A function of columns, as a formula asks for it.

    Attributes
    ----------
    tree : Node
        The arithmetic; with ``center`` and ``scale`` in it only where there is no basis.
    basis : optional
        What is made of its value.
    """

    tree: Node
    basis: AskedPolynomials | AskedSplines | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names, each once."""
        return columns_of(self.tree)


Basis = Polynomials | BSplines | NaturalSplines


@dataclass(frozen=True, slots=True)
class Transform:
    """A function of columns, learned.

    Attributes
    ----------
    tree : Node
        Arithmetic alone.
    basis : optional
        What is made of its value.
    """

    tree: Node
    basis: Basis | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that it names, each once."""
        return columns_of(self.tree)

    @property
    def width(self) -> int:
        """Columns of X."""
        return 1 if self.basis is None else self.basis.width

    def columns(self, values: Mapping[str, Array], rows: int) -> Array:
        """Return its columns of X; shape (width, rows); not finite where there is no value."""
        value = evaluate(self.tree, values, rows)
        if self.basis is None:
            return value[None, :]
        with np.errstate(all="ignore"):
            return self.basis.columns(value)

    def why_none(self, row: Mapping[str, float]) -> str:
        """Say why it has no value in a row that misses nothing."""
        if said := why_none(self.tree, row):
            return said
        value = float(evaluate(self.tree, {k: np.array([v]) for k, v in row.items()}, 1)[0])
        if isinstance(self.basis, BSplines):
            low, high = self.basis.bounds
            if not low <= value <= high:
                return (
                    f"{number_word(value)} lies outside the boundary knots "
                    f"{number_word(low)} and {number_word(high)}, which lower_bound= and "
                    "upper_bound= move at the fit"
                )
        return "a number too large"


@dataclass(frozen=True, slots=True)
class Told:
    """What some rows tell of a transform; it adds up over rows.

    Attributes
    ----------
    parts : tuple
        Of each thing that is to be learned.
    without : Rows
        Rows that miss nothing and where what is to be learned from has no value.
    """

    parts: tuple[Powers | QuantileSketch, ...]
    without: Rows

    def __add__(self, other: Told) -> Told:
        joined = (a + b for a, b in zip(self.parts, other.parts, strict=True))  # type: ignore[operator]
        return Told(tuple(joined), self.without + other.without)


def tell(
    call: RequestedFunction, inputs: Mapping[str, Array], times: Array, used: np.ndarray, start: int
) -> Told:
    """Return what some rows tell of a transform.

    Parameters
    ----------
    call : RequestedFunction
        The transform.
    inputs : mapping
        Its columns; shape (n,).
    times : ndarray, shape (n,)
        How often each row counts.
    used : ndarray of bool, shape (n,)
        Rows that are learned from.
    start : int
        Number of the first row, as the whole source counts.
    """
    rows = np.flatnonzero(used)
    here = {name: column[rows] for name, column in inputs.items()}
    often = times[rows]
    stateful = stateful_in(call.tree)
    parts: list[Powers | QuantileSketch] = []
    finite = np.ones(len(rows), dtype=bool)
    arguments = [node.argument for node in stateful] if stateful else [call.tree]
    values = [evaluate(argument, here, len(rows)) for argument in arguments]
    for value in values:
        finite &= np.isfinite(value)
    whole = bool(finite.all())
    for value in values:
        x = value if whole else value[finite]
        parts += _parts(call, bool(stateful), x, often[finite], rows[finite] + start)
    if whole:
        return Told(tuple(parts), Rows())
    first = int(finite.argmin())
    row = {name: float(column[first]) for name, column in here.items()}
    said = next(said for argument in arguments if (said := why_none(argument, row)))
    without = Rows(int((~finite).sum()), int(rows[first]) + start, in_words(row, said))
    return Told(tuple(parts), without)


def _parts(
    call: RequestedFunction, stateful: bool, x: Array, times: Array, rows: Integers
) -> Sequence[Powers | QuantileSketch]:
    if stateful:
        return [powers(x, times, 1)]
    if isinstance(call.basis, AskedPolynomials):
        return [powers(x, times, call.basis.degree)]
    return [quantile_sketch(x, times, rows)] if isinstance(call.basis, AskedSplines) else []


def in_words(row: Mapping[str, float], said: str) -> str:
    """Return the columns of a row with their values, and why there is no value."""
    values = ", ".join(f"{name} = {number_word(value)}" for name, value in row.items())
    return f"{values}: {said}" if row else said


def lost_rows(
    transform: Transform, columns: Mapping[str, Array], X: Array, live: np.ndarray, start: int
) -> Rows:
    """Return the rows that miss nothing and where a transform has no value.

    Parameters
    ----------
    transform, columns, X
        The transform, its columns, and what it made of them.
    live : ndarray of bool, shape (n,)
        Rows that count.
    start : int
        Number of the first row, as the whole source counts.
    """

    def words(k: int) -> str:
        row = {name: float(columns[name][k]) for name in transform.sources}
        return in_words(row, transform.why_none(row))

    return rows_where(~np.isfinite(X).all(axis=0) & live, start, words)


def frozen(call: RequestedFunction, statistics: Told) -> Transform | str:
    """Return the transform as learned, or why nothing can be learned of the column."""
    if isinstance(call.basis, AskedPolynomials):
        (part,) = statistics.parts
        basis = part.polynomials() if isinstance(part, Powers) else None
        if basis is None:
            return (
                f"a polynomial of degree {call.basis.degree} needs more than "
                f"{call.basis.degree} different values, and values that are told apart in double "
                "precision. Lower the degree"
            )
        return Transform(call.tree, basis)
    if isinstance(call.basis, AskedSplines):
        (part,) = statistics.parts
        if not isinstance(part, QuantileSketch):
            raise AssertionError("splines are learned from a spread")
        splines = _splines(call.basis, part)
        return splines if isinstance(splines, str) else Transform(call.tree, splines)
    learned = []
    for node, part in zip(stateful_in(call.tree), statistics.parts, strict=True):
        if not isinstance(part, Powers):
            raise AssertionError("a mean is learned from moments")
        if part.low == part.high:
            if node.function == "scale":
                return (
                    f"every row used holds {number_word(part.low)}, so there is no deviation to "
                    "divide by. Leave it out"
                )
            learned.append((part.low, 0.0))
            continue
        line = part.polynomials()
        if line is None:
            return "the values cannot be told apart in double precision. Leave it out"
        learned.append((line.mean, line.deviation))
    return Transform(settled(call.tree, iter(learned)))


def _splines(call: AskedSplines, part: QuantileSketch) -> BSplines | NaturalSplines | str:
    low = part.low if call.low is None else call.low
    high = part.high if call.high is None else call.high
    if not low < high:
        return (
            f"there is nothing between its bounds {number_word(low)} and {number_word(high)}. "
            "Leave it out"
        )
    inner = np.array(call.knots)
    if call.inner is not None:
        keys, times = part.points()
        inside = (keys >= low) & (keys <= high)
        keys, times = keys[inside], times[inside]
        if call.inner and not len(keys):
            return "no value lies between its bounds. Give others"
        # formulaic's: cr places its knots among the different values, bs among all of them.
        if call.natural:
            shares = np.linspace(0.0, 100.0, call.inner + 2)[1:-1] / 100.0
            inner = quantiles(keys, np.ones_like(times), shares) if call.inner else inner
        else:
            shares = np.linspace(0.0, 1.0, call.inner + 2)[1:-1]
            inner = quantiles(keys, times, shares) if call.inner else inner
    knots = (low, *(float(knot) for knot in inner), high)
    if (np.diff(knots) <= 0.0).any():
        if call.knots:
            return (
                f"its knots do not lie between {number_word(low)} and {number_word(high)}, the "
                "bounds. Give others"
            )
        many = "too few different values, or too many rows of one value,"
        return f"{many} for so many knots: some fall together. Lower df, or give knots="
    if not call.natural:
        ends = call.degree
        return BSplines((low,) * ends + knots + (high,) * ends, call.degree)
    means = free_means(knots, *part.points()) if call.centred else None
    return NaturalSplines(knots, means)


def offset_words(shift: Expression, columns: Mapping[str, Array], row: int) -> str:
    """Say what a row holds whose offset has no value, and why it has none."""
    here = {name: float(columns[name][row]) for name in shift.columns}
    return in_words(here, why_none(shift.tree, here))
