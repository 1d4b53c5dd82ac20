"""Protocols of the objective: what a solver may ask."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quadratic:
    """Value, gradient and Hessian of the objective, penalty included, at one point.

    ``measures`` are those of :class:`Linear`.
    """

    value: float
    gradient: Array
    hessian: Array
    measures: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Linear:
    """Value and gradient of the objective, penalty included, at one point.

    Attributes
    ----------
    value : float
        The objective.
    gradient : ndarray, shape (size,)
        Its gradient.
    measures : tuple of three floats
        What a proof measures the rounding of these by, as the problem knows it.
    """

    value: float
    gradient: Array
    measures: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Smooth(Protocol):
    """A smooth convex function of ``size`` coordinates that costs one read a question."""

    @property
    def size(self) -> int:
        """Number of coordinates."""
        ...

    def quadratic(self, theta: Array) -> Quadratic:
        """Return value, gradient and Hessian at ``theta``: one read."""
        ...


class Problem(Smooth, Protocol):
    """One that is a sum over rows, and can be asked for less."""

    @property
    def rows(self) -> int:
        """Rows of the sum."""
        ...

    def slope(self, theta: Array) -> Linear:
        """Return value and gradient at ``theta``: one read, and a quick one."""
        ...

    def sample(self, rows: int, seed: int) -> Problem:
        """Return a sum over so many rows, weighted to stand for all of them."""
        ...


@dataclass(frozen=True, slots=True)
class Solution:
    """Where a solver stopped, and why.

    Attributes
    ----------
    theta : ndarray, shape (size,)
        The best point.
    decrement : float
        sqrt(g' H^-1 g) there, as computed: the step that is left, in standard errors.
    steps : int
        Newton steps taken.
    status : {"converged", "stalled", "drifting", "limit"}
        ``stalled``: rounding allows no further progress. ``drifting``: the step shrinks by a
        constant factor and no faster, as it does when the minimum lies at infinity. ``limit``:
        the allowed steps are used up.
    at : Quadratic, optional
        The objective there, from a solver that had its Hessian.
    slope : Linear, optional
        The objective there, from a solver that asked for no Hessian.
    """

    theta: Array
    decrement: float
    steps: int
    status: str
    at: Quadratic | None = None
    slope: Linear | None = None


class SignedRows(Protocol):
    """Rows a_i = (2 y_i - 1) (1, z_i), each divided by its largest entry.

    A direction v separates the classes where a_i . v >= 0 for all rows and > 0 for some.
    """

    @property
    def size(self) -> int:
        """Entries of a row."""
        ...

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        ...

    def margins(self, v: Array) -> Array:
        """Return a_i . v of every row; shape (n_rows,). One read."""
        ...

    def gather(self, positions: NDArray[np.int64]) -> Array:
        """Return some rows; shape (len(positions), size)."""
        ...

    def exact(self, positions: NDArray[np.int64]) -> list[list[Fraction]]:
        """Return some rows, not divided by anything, as the rationals they are."""
        ...
