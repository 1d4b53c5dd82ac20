"""Aliased columns of blocks, found by one read and named in the user's columns."""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.problem.frame import Frame
from sigmoide.results.records import AliasedColumn
from sigmoide.solver.aliasing import Triangle, aliases, triangle

# A weight that differs from a whole number by less than this share of its size is that number.
_WHOLE = 1e-9


def find_aliased(
    blocks: Blocks, frame: Frame, moments: Moments, alpha: Array
) -> tuple[tuple[AliasedColumn, ...], Integers]:
    """Return the aliased columns, and the positions in the frame of those that stay.

    Parameters
    ----------
    blocks, frame, moments
        The data, the coordinates, and what the first read learned.
    alpha : ndarray, shape (d,)
        Penalties: a column with one is never aliased, for its coefficient is determined; nor is
        one that only such columns make up, which bears what they would.
    """
    free = np.flatnonzero(~(alpha > 0.0))
    part = frame.keep(free)

    def triangle_of(block: Block) -> Triangle:
        return triangle(part.design(block))

    first = int(frame.intercept)
    combinations = aliases(blocks.reduce(triangle_of).R, _grain(part, moments))
    named = tuple(_in_names(a.column, a.of, a.weights, part, blocks.names) for a in combinations)
    gone = [free[a.column - first] for a in combinations]
    return named, np.setdiff1d(np.arange(len(frame.columns), dtype=np.int64), gone)


def _grain(frame: Frame, moments: Moments) -> Array:
    """Return the norm of the rounding with which each column is held, in the frame's scale."""
    size = np.maximum(np.abs(moments.low), np.abs(moments.high))[frame.columns]
    grain = np.ldexp(size, frame.exponent) * np.finfo(np.float64).eps * np.sqrt(moments.rows)
    return np.concatenate([[0.0], grain]) if frame.intercept else grain


def _in_names(
    column: int, of: tuple[int, ...], weights: Array, frame: Frame, names: tuple[str, ...]
) -> AliasedColumn:
    """Say a combination found in the frame in the user's columns and units."""
    first = int(frame.intercept)
    exponent = np.concatenate([np.zeros(first, dtype=np.int64), frame.exponent])
    centre = np.concatenate([np.zeros(first), frame.centre])
    constant, slopes = float(centre[column]), {}
    for k, weight in zip(of, weights, strict=True):
        unit = float(np.ldexp(1.0, int(exponent[k] - exponent[column])))
        if k < first:
            constant += weight * unit
            continue
        slope = _snapped(weight * unit, unit)
        if slope:
            slopes[names[frame.columns[k - first]]] = slope
            constant -= slope * float(centre[k])
    size = abs(float(centre[column])) + float(np.ldexp(1.0, -int(exponent[column])))
    name = names[frame.columns[column - first]]
    return AliasedColumn(name, _snapped(constant, size) if first else 0.0, slopes)


def _snapped(value: float, size: float) -> float:
    """Return the nearest whole number, where only rounding keeps the value from it."""
    if abs(value) <= _WHOLE * size:
        return 0.0
    whole = float(round(value))
    return whole if abs(value - whole) <= _WHOLE * max(size, abs(value)) else value
