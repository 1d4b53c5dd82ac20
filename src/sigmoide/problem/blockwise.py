"""The objective over blocks, as solvers ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments, moments
from sigmoide.kernels import reference
from sigmoide.kernels.compiled import additions
from sigmoide.kernels.tiles import Tiles, worth_compiling
from sigmoide.problem.frame import Frame
from sigmoide.problem.protocols import Linear, Quadratic


def moments_kernel(blocks: Blocks, intercept: bool) -> Callable[[Block], Moments]:
    """Return the function of the first read: compiled where the fit will be, too."""
    if not worth_compiling(blocks.n_rows, len(blocks.names) + intercept):
        return moments
    from sigmoide.kernels.compiled.columns import column_moments

    return column_moments


@dataclass(frozen=True, slots=True)
class BlockProblem:
    """F over blocks, in the coordinates of a frame.

    Attributes
    ----------
    blocks, frame
        The rows, and the coordinates.
    ridge : ndarray, shape (p,)
        Penalty of each coordinate.
    compiled : bool
        Whether values, gradients and Hessians are computed by compiled kernels.
    kept : Tiles, optional
        What keeps the rows in the frame from one point to the next, where they are not.
    """

    blocks: Blocks
    frame: Frame
    ridge: Array
    compiled: bool = True
    kept: Tiles | None = None

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return self.frame.size

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.blocks.n_rows

    @property
    def tiles(self) -> Tiles:
        """What computes gradients and Hessians where nothing is compiled."""
        return self.kept or Tiles(self.frame)

    @property
    def hessian_additions(self) -> int:
        """The most additions that one product of a Hessian goes through."""
        shape = self.blocks.rows_per_block, self.blocks.n_blocks
        return additions.of_hessian(*shape) if self.compiled else self.tiles.accumulation(*shape)

    @property
    def additions(self) -> int:
        """The most additions that one product of a gradient goes through, whoever computed it."""
        if not self.compiled:
            return self.hessian_additions
        shape = self.blocks.rows_per_block, self.blocks.n_blocks
        return max(additions.of_slope(*shape), additions.of_vectors(*shape))

    def quadratic(self, theta: Array) -> Quadratic:
        """Return value, gradient and Hessian, penalty included: one read."""
        sums = self.blocks.reduce(self._local_at(theta))
        pull = self.ridge * theta
        hessian = np.array(sums.hessian, order="C")
        hessian.flat[:: self.size + 1] += self.ridge
        value = sums.value + 0.5 * float(pull @ theta)
        return Quadratic(value, sums.gradient + pull, hessian, _measures(sums.slope))

    def slope(self, theta: Array) -> Linear:
        """Return value and gradient, penalty included: one read."""
        sums = self.blocks.reduce(self._slope_at(theta))
        pull = self.ridge * theta
        return Linear(
            sums.value + 0.5 * float(pull @ theta),
            sums.gradient + pull,
            _measures(sums),
        )

    def _local_at(self, theta: Array) -> Callable[[Block], reference.Local]:
        if not self.compiled:
            return partial(self.tiles.local, theta=theta)
        # The compiler is loaded where it is needed.
        from sigmoide.kernels.compiled import curvature

        return curvature.local_at(self.frame, theta)

    def _slope_at(self, theta: Array) -> Callable[[Block], reference.Slope]:
        if not self.compiled:
            return partial(self.tiles.slope, theta=theta)
        from sigmoide.kernels.compiled import slope as cpu

        return cpu.slope_at(self.frame, theta)

    def sample(self, rows: int, seed: int) -> BlockProblem:
        """Return the problem over some rows, their weights standing for all."""
        return self.over(self.blocks.draw(rows, seed).standing, rough=self.tiles.rough)

    def over(self, blocks: Blocks, *, rough: bool = False) -> BlockProblem:
        """Return the problem over other blocks; ``rough``: with Hessians in float32."""
        return problem_of(blocks, self.frame, self.ridge, compiled=self.compiled, rough=rough)


def problem_of(
    blocks: Blocks, frame: Frame, ridge: Array, *, compiled: bool, rough: bool = False
) -> BlockProblem:
    """Return F over blocks; of few numbers, the rows are kept in the frame.

    Parameters
    ----------
    blocks, frame, ridge, compiled
        As in :class:`BlockProblem`.
    rough : bool
        Whether Hessians may be made in float32.
    """
    few = not worth_compiling(blocks.n_rows, frame.size)
    tiles = Tiles(frame, keep=few, rough=rough)
    return BlockProblem(blocks, frame, ridge, compiled, tiles)


def _measures(sums: reference.Slope) -> tuple[float, float, float]:
    return sums.residuals, sums.squares, sums.curvature
