"""The witness of separation over blocks."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.problem.frame import Frame
from sigmoide.results.records import Separation
from sigmoide.solver.separation import find_cone


def find_separation(
    blocks: Blocks, frame: Frame, moments: Moments, alpha: Array | None = None
) -> Separation:
    """Look for directions that separate the classes.

    Parameters
    ----------
    blocks, frame, moments
        The data, the coordinates, and what the first read learned.
    alpha : ndarray, shape (k,), optional
        Penalties of the columns of the frame. The objective grows without bound along a
        coefficient with one, so that only directions of the others, and of the intercept, leave
        it without a minimum.

    Returns
    -------
    Separation
        ``"complete"`` or ``"quasi-complete"`` with its witness, else ``"undetermined"``: that
        nothing separates is for a certificate to prove.
    """
    if alpha is not None and (alpha > 0.0).any():
        free = np.flatnonzero(~(alpha > 0.0))
        return _among(find_separation(blocks, frame.keep(free), moments), frame, free)
    corner = Frame(
        frame.columns,
        moments.low[frame.columns] if frame.intercept else frame.centre,
        frame.exponent,
        frame.intercept,
    )
    functionals = np.eye(frame.size)
    if frame.intercept:
        # The user's intercept holds where all columns are 0, not at the corner.
        functionals[0, 1:] = -np.ldexp(corner.centre, corner.exponent)
    cone = find_cone(SignedBlocks(blocks, corner), functionals)
    if not cone.settled or not cone.separated.any():
        return Separation("undetermined", np.zeros(frame.size))
    value, slopes = corner.in_units(cone.direction)
    return Separation(
        "complete" if cone.separated.all() else "quasi-complete",
        cone.signs(),
        np.concatenate([[value], slopes]),
        corner.centre,
        blocks.source_rows[cone.separated],
        cone.exact,
    )


def _among(witness: Separation, frame: Frame, free: Integers) -> Separation:
    """Return a witness of some columns as one of all: the others are finite, and not in it."""
    first = int(frame.intercept)
    signs = np.zeros(frame.size)
    signs[:first], signs[first + free] = witness.signs[:first], witness.signs[first:]
    if witness.kind not in ("complete", "quasi-complete"):
        return replace(witness, signs=signs)
    direction, origin = np.zeros(1 + len(frame.columns)), np.zeros(len(frame.columns))
    direction[0], direction[1 + free], origin[free] = (
        witness.direction[0],
        witness.direction[1:],
        witness.origin,
    )
    return replace(witness, signs=signs, direction=direction, origin=origin)


class SignedBlocks:
    """Signed rows of blocks in a frame whose centre is a value of each column.

    Around such a corner, whole numbers stay whole numbers, and a direction that separates
    exactly is one of small rationals.
    """

    def __init__(self, blocks: Blocks, frame: Frame) -> None:
        self._blocks, self._frame = blocks, frame

    @property
    def size(self) -> int:
        """Columns of the frame."""
        return self._frame.size

    @property
    def n_rows(self) -> int:
        """Rows of the blocks."""
        return self._blocks.n_rows

    def _signed(self, block: Block) -> Array:
        Z = self._frame.design(block) * np.where(block.y > 0.5, 1.0, -1.0)[:, None]
        size = np.abs(Z).max(axis=1, keepdims=True)
        return np.asarray(Z / np.where(size > 0.0, size, 1.0))

    def margins(self, v: Array) -> Array:
        """Return the signed predictors of all rows in a direction."""
        return np.asarray(self._blocks.map(lambda block: self._signed(block) @ v))

    def gather(self, positions: Integers) -> Array:
        """Return some signed rows."""
        if not len(positions):
            return np.empty((0, self.size))
        # Blocks hold rows in the order of the source.
        order = np.argsort(positions, kind="stable")
        rows = np.empty((len(positions), self.size))
        rows[order] = self._blocks.take(positions[order]).map(self._signed)
        return rows

    def exact(self, positions: Integers) -> list[list[Fraction]]:
        """Return some signed rows as fractions."""
        if not len(positions):
            return []
        columns, frame = self._frame.columns, self._frame
        part = self._blocks.take(positions)
        values = part.map(lambda block: block.X[:, columns].astype(np.float64))
        signs = part.map(lambda block: np.where(block.y > 0.5, 1, -1))
        centre = [Fraction(float(c)) for c in frame.centre]
        scale = [Fraction(2) ** int(k) for k in frame.exponent]
        first = [Fraction(1)] if frame.intercept else []
        return [
            [
                int(sign) * entry
                for entry in first
                + [(Fraction(float(x)) - c) * s for x, c, s in zip(row, centre, scale, strict=True)]
            ]
            for row, sign in zip(values, signs, strict=True)
        ]
