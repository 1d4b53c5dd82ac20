"""The objective over blocks, as solvers ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from sigmoide.data.blocks import Array, Block, Blocks
from sigmoide.data.moments import Moments, moments
from sigmoide.kernels import reference
from sigmoide.kernels.frame import Frame
from sigmoide.solver.choose import plan
from sigmoide.solver.problem import Linear, Quadratic


def slope_of(block: Block, frame: Frame, theta: Array) -> reference.Slope:
    """Return value and gradient of a block, compiled; the compiler is loaded on first use."""
    from sigmoide.kernels import cpu

    return cpu.slope(block, frame, theta)


def moments_kernel(blocks: Blocks, intercept: bool) -> Callable[[Block], Moments]:
    """Return the function of the first read: compiled where the fit will be, too."""
    if plan(blocks.n_rows, len(blocks.names) + intercept).way == "newton":
        return moments
    from sigmoide.kernels.columns import column_moments

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
    """

    blocks: Blocks
    frame: Frame
    ridge: Array

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return self.frame.size

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.blocks.n_rows

    def quadratic(self, theta: Array) -> Quadratic:
        """Return value, gradient and Hessian, penalty included: one read."""
        sums = self.blocks.reduce(partial(reference.local, frame=self.frame, theta=theta))
        return Quadratic(
            sums.value + 0.5 * float(self.ridge @ theta**2),
            sums.gradient + self.ridge * theta,
            sums.hessian + np.diag(self.ridge),
        )

    def slope(self, theta: Array) -> Linear:
        """Return value and gradient, penalty included: one read, compiled."""
        sums = self.blocks.reduce(partial(slope_of, frame=self.frame, theta=theta))
        return Linear(
            sums.value + 0.5 * float(self.ridge @ theta**2),
            sums.gradient + self.ridge * theta,
            (sums.residuals, sums.squares, sums.curvature),
        )

    def sample(self, rows: int, seed: int) -> BlockProblem:
        """Return the problem over some rows, their weights standing for all."""
        return BlockProblem(self.blocks.draw(rows, seed).standing, self.frame, self.ridge)
