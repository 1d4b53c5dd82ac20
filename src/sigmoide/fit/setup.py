"""A fit under way: what is known from its first read on, and the problem in its coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks, Drawn
from sigmoide.blocks.moments import Moments
from sigmoide.kernels.tiles import worth_compiling
from sigmoide.problem.blockwise import BlockProblem, problem_of
from sigmoide.problem.frame import Frame
from sigmoide.results.records import Settings
from sigmoide.solver.choose import Plan


@dataclass(frozen=True, slots=True)
class Known:
    """What stays the same through one fit.

    Attributes
    ----------
    blocks : Blocks
        All rows.
    intercept : bool
        Whether the model has one.
    settings : Settings
        What is asked for.
    seen : Moments
        Of the first read.
    chosen : Plan
        The way that is tried first.
    drawn : Drawn or None
        The rows drawn in the first read: to start from, and to prove by.
    """

    blocks: Blocks
    intercept: bool
    settings: Settings
    seen: Moments
    chosen: Plan
    drawn: Drawn | None


@dataclass(frozen=True, slots=True)
class Posed:
    """The coordinates, the penalty of each coefficient, and the objective."""

    frame: Frame
    alpha: Array
    problem: BlockProblem

    @property
    def penalised(self) -> bool:
        """Whether every coefficient is."""
        return bool((self.alpha > 0.0).all())


def pose(known: Known, frame: Frame, alpha: Array) -> Posed:
    """Return the problem in the coordinates of a frame; ``alpha`` as in the user's units."""
    blocks, ridge = known.blocks, frame.penalty(alpha)
    # By the columns that were asked for: proofs and first reads count them, too.
    compiled = worth_compiling(blocks.n_rows, len(blocks.names) + known.intercept)
    return Posed(frame, alpha, problem_of(blocks, frame, ridge, compiled=compiled))


def base_rate(seen: Moments, frame: Frame) -> Array:
    """Return the point where every row has the share of events: what a fit begins with."""
    theta = np.zeros(frame.size)
    if frame.intercept:
        theta[0] = np.log(seen.events) - np.log(seen.total - seen.events)
    return theta
