"""The table of problems: what is run, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from benchmarks import families, real
from benchmarks.families import Data
from benchmarks.names import matches
from benchmarks.records import Generator, Problem
from benchmarks.seeds import generator

Group = Literal["dense", "wide", "hard", "small"]


@dataclass(frozen=True, slots=True)
class Case:
    """One problem.

    Attributes
    ----------
    name : str
        Of the data, and ``-unpenalised`` where C is infinite.
    group : str
        The row of the table of targets that it belongs to.
    make : callable
        From random numbers to X and y.
    C : float
        Inverse of the penalty.
    usual, quick : bool
        Whether it is run when nobody says which; and in the selection of five minutes.
    """

    name: str
    group: Group
    make: Callable[[Generator], Data]
    C: float = 1.0
    usual: bool = True
    quick: bool = False

    def problem(self, seed: int) -> Problem:
        """Make the data: with and without a penalty the same."""
        X, y = self.make(generator(seed, self.name.removesuffix(UNPENALISED)))
        return Problem(X, y, self.C)


UNPENALISED = "-unpenalised"


def _dense(rows: int, columns: int, dtype: str, group: Group = "dense") -> Case:
    make = partial(families.dense, rows=rows, columns=columns, dtype=dtype)
    quick = (rows, dtype) == (1_000_000, "float32") and columns == 30
    return Case(f"dense-{rows:.0e}x{columns}-{dtype}".replace("e+0", "e"), group, make, quick=quick)


def _hard(name: str, make: Callable[..., Data], rows: int, columns: int) -> Case:
    made = partial(make, rows=rows, columns=columns)
    return Case(
        f"{name}-{rows:.0e}x{columns}".replace("e+0", "e"), "hard", made, quick=name == "scaled"
    )


def _small(rows: int, columns: int) -> Case:
    make = partial(families.dense, rows=rows, columns=columns)
    return Case(f"small-{rows}x{columns}", "small", make, quick=columns == 50)


def _real(name: str, make: Callable[[], Data], *, quick: bool = False) -> Case:
    return Case(name, "small", lambda _: make(), quick=quick)


_PENALISED = (
    _dense(1_000_000, 30, "float32"),
    _dense(1_000_000, 30, "float64"),
    _dense(1_000_000, 100, "float32"),
    _dense(1_000_000, 100, "float64"),
    _dense(10_000_000, 10, "float32"),
    _dense(200_000, 500, "float32", "wide"),
    _dense(50_000, 2000, "float32", "wide"),
    _hard("scaled", families.scaled, 200_000, 57),
    _hard("imbalanced", families.imbalanced, 500_000, 50),
    _hard("near-separable", families.nearly_separable, 200_000, 50),
    _real("breast_cancer", real.breast_cancer, quick=True),
    _real("birthwt", partial(real.reference, "birthwt")),
    _real("pima", partial(real.reference, "pima_tr2"), quick=True),
    _real("default", partial(real.reference, "default")),
    _real("digits", real.digits),
    _small(1_000, 5),
    _small(1_000, 50),
    _small(10_000, 5),
    _small(10_000, 50),
)
# Separable, or with constant columns: no unpenalised optimum exists, or not one only.
_NO_OPTIMUM = ("breast_cancer", "digits")


def _every() -> Iterator[Case]:
    for case in _PENALISED:
        yield case
        if case.name not in _NO_OPTIMUM:
            yield replace(
                case,
                name=case.name + UNPENALISED,
                C=np.inf,
                usual=case.group in ("hard", "small"),
                quick=False,
            )


CASES = tuple(_every())


def chosen(pattern: str | None, *, quick: bool = False) -> tuple[Case, ...]:
    """Return the cases that globs name, of all; without one, the usual or the quick ones."""
    if pattern is not None:
        return tuple(case for case in CASES if matches(case.name, pattern))
    return tuple(case for case in CASES if (case.quick if quick else case.usual))
