"""What a fit tells while it runs, and how it is stopped from outside."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sigmoide.data.block import Array
from sigmoide.data.blocks import Blocks
from sigmoide.model.problem import BlockProblem
from sigmoide.model.records import Reading, Step
from sigmoide.solver.problem import Linear, Quadratic, Solution

# Told after each read; a true answer stops the fit at the point that it has reached.
Progress = Callable[[Reading], object]


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised where a fit was told to stop."""


@dataclass(slots=True)
class Watch:
    """Tells whoever asked how a fit gets on.

    Attributes
    ----------
    progress : callable or None
        Whom to tell.
    blocks : Blocks
        The data, whose reads are counted.
    before : int
        Reads that were not this fit's.
    began : float
        When it began, by ``time.perf_counter``.
    """

    progress: Progress | None
    blocks: Blocks
    before: int = 0
    began: float = field(default_factory=time.perf_counter)
    _pace: list[tuple[int, float]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Seconds since the fit began."""
        return time.perf_counter() - self.began

    @property
    def reads(self) -> int:
        """Reads since then."""
        return self.blocks.reads - self.before

    def say(self, what: str) -> None:
        """Tell of a read that is no step; whoever hears of it may stop the fit at the next step."""
        if self.progress is not None:
            self.progress(Reading(self.reads, what, self.blocks.n_rows, self.seconds))

    def step(self, what: str, value: float, decrement: float, gap: float | None, to: float) -> None:
        """Tell of a step of the solver, on its way to a decrement of ``to``.

        Raises
        ------
        Stopped
            If the answer is true.
        """
        if self.progress is None:
            return
        self._pace.append((self.reads, decrement))
        reading = Reading(
            self.reads,
            what,
            self.blocks.n_rows,
            self.seconds,
            value,
            decrement,
            gap,
            self._left(to),
        )
        if self.progress(reading):
            raise Stopped

    def _left(self, target: float) -> float | None:
        """Extrapolate the last two steps: so many reads for so much of the way."""
        if len(self._pace) < 2 or not self.reads:
            return None
        (before, far), (now, near) = self._pace[-2:]
        if not 0.0 < near < far or not math.isfinite(far) or target <= 0.0:
            return None
        steps = max(math.log(near / target), 0.0) / math.log(far / near)
        return steps * (now - before) * self.seconds / self.reads


@dataclass(slots=True)
class Remembering:
    """A problem that remembers where it was asked last.

    Attributes
    ----------
    problem : BlockProblem
        The problem.
    theta, at
        The last point, and what was found there.
    """

    problem: BlockProblem
    theta: Array
    at: Quadratic | Linear | None = None

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return self.problem.size

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.problem.rows

    def quadratic(self, theta: Array) -> Quadratic:
        """Return value, gradient and Hessian: one read."""
        found = self.problem.quadratic(theta)
        self.theta, self.at = theta, found
        return found

    def slope(self, theta: Array) -> Linear:
        """Return value and gradient: one read."""
        found = self.problem.slope(theta)
        self.theta, self.at = theta, found
        return found

    def stopped(self, history: list[Step]) -> Solution:
        """Return the last point as where a solver was told to stop."""
        at = self.at
        return Solution(
            self.theta,
            history[-1].decrement,
            len(history) - 1,
            "stopped",
            at if isinstance(at, Quadratic) else None,
            at if isinstance(at, Linear) else None,
        )

    def sample(self, rows: int, seed: int) -> BlockProblem:
        """Return a sum over so many rows."""
        return self.problem.sample(rows, seed)
