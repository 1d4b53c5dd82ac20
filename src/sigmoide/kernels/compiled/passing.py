"""Addresses and strides of arrays and frames, as compiled code takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from sigmoide.blocks.block import Array, Integers
from sigmoide.kernels.compiled.panels import ANYHOW, COLUMNS, ROWS
from sigmoide.kernels.compiled.vectors import FLAGS, LANES, NUMBER
from sigmoide.problem.frame import Frame


@dataclass(frozen=True, slots=True)
class Placed:
    """A frame where compiled code finds it: z = x scale - shift.

    Attributes
    ----------
    frame : Frame
        The frame.
    columns, scale, shift : ndarray
        Its columns; scales and shifts, with zeros up to a whole vector.
    arguments : tuple of int
        Addresses and lengths: columns, their number, that in whole vectors, scale, shift.
    """

    frame: Frame
    columns: Integers
    scale: Array
    shift: Array
    arguments: tuple[int, ...]

    @property
    def width(self) -> int:
        """Columns in whole vectors."""
        return len(self.scale)

    def split(self, theta: Array) -> tuple[Array, float]:
        """Return the coefficients, with zeros up to a whole vector, and the intercept or 0."""
        first = int(self.frame.intercept)
        return padded(theta[first:]), float(theta[0]) if first else 0.0

    def layout(self, X: Any) -> int:
        """Return how rows of X are best read."""
        d = len(self.columns)
        if d == X.shape[1] and (X.strides[1] == X.itemsize or d == 1):
            return ROWS
        return COLUMNS if X.strides[0] == X.itemsize else ANYHOW


def place(frame: Frame) -> Placed:
    """Lay a frame out for compiled code."""
    columns = np.ascontiguousarray(frame.columns)
    scale = padded(np.ldexp(1.0, frame.exponent))
    shift = padded(np.ldexp(frame.centre, frame.exponent))
    arguments = (address(columns), len(columns), len(scale), address(scale), address(shift))
    return Placed(frame, columns, scale, shift, arguments)


def padded(values: Array) -> Array:
    """Return the values, and zeros up to a whole vector."""
    long = np.zeros(-(-len(values) // LANES) * LANES)
    long[: len(values)] = values
    return long


def address(values: Any) -> int:
    """Return where the first number of an array lies; the caller keeps the array."""
    pointer: int = values.__array_interface__["data"][0]
    return pointer


def straight(values: Array) -> Array:
    """Return a vector whose numbers lie side by side, or are one that is repeated."""
    return values if values.strides[0] in (0, NUMBER) else np.ascontiguousarray(values)


@njit(**FLAGS)
def where(values: Any) -> int:
    """Return the address of an array, in compiled code: a number with a sign."""
    return np.int64(values.ctypes.data)  # type: ignore[return-value]


@njit(**FLAGS)
def aligned(at: int) -> int:
    """Return the next address at which a line of the cache begins."""
    return at + -at % (LANES * NUMBER)
