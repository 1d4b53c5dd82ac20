"""What a solver may ask."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quadratic:
    """Value, gradient and Hessian of the objective, penalty included, at one point."""

    value: float
    gradient: Array
    hessian: Array


class Problem(Protocol):
    """A smooth convex function of ``size`` coordinates that costs one read a question."""

    @property
    def size(self) -> int:
        """Number of coordinates."""
        ...

    def quadratic(self, theta: Array) -> Quadratic:
        """Return value, gradient and Hessian at ``theta``: one read."""
        ...


@dataclass(frozen=True, slots=True)
class Solution:
    """Where a solver stopped, and why.

    Attributes
    ----------
    theta : ndarray, shape (size,)
        The best point.
    at : Quadratic
        The objective there.
    decrement : float
        sqrt(g' H^-1 g) there, as computed: the step that is left, in standard errors.
    steps : int
        Newton steps taken.
    status : {"converged", "stalled", "drifting", "limit"}
        ``stalled``: rounding allows no further progress. ``drifting``: the step shrinks by a
        constant factor and no faster, as it does when the minimum lies at infinity. ``limit``:
        the allowed steps are used up.
    """

    theta: Array
    at: Quadratic
    decrement: float
    steps: int
    status: str


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
