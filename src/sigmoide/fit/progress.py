"""Progress of a fit, how it is stopped, and how it resumes from a checkpoint.

A checkpoint is a file, and a file may be damaged, of other rows, or forged. So nothing that a fit
says may rest on it, and the code is laid out so that nothing can:

- Blocks read the data, always. A log of steps is no part of them; it is known to
  :class:`ReplayedProblem` alone, which only a solver sees while it steps.
- What a solver ends with is asked of the data again, at the point where it ended
  (:meth:`ReplayedProblem.ended`), so that its last gradient and Hessian, too, are read. All that is
  taken over from the log is where that point lies, and it does not matter to a proof who found it.
- A fit that was told steps may end in one way: with a proof that reaches what was asked. In any
  other case - no maximum, aliased columns, out of steps, an arithmetic that broke down - it is
  begun anew, told nothing (:class:`AstrayError`).

Numbers that are true lead to the same point as they did before, hence to the same bits; false ones
cost time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.protocols import Linear, Quadratic, Solution
from sigmoide.proof.full_hessian import Proof
from sigmoide.results.records import Reading, Step

# Numbers of an answer besides the gradient and the Hessian: the value, and three measures.
_BESIDE = 4


class StepLog(Protocol):
    """Where the steps of a fit are kept, one after the other (see ``fit.checkpoint_file``)."""

    @property
    def place(self) -> int:
        """Where the next step begins."""
        ...

    @property
    def steps(self) -> int:
        """Steps before it."""
        ...

    def recall(self, kind: str, point: Array, count: int) -> Array | None:
        """Return the numbers of the next step, if it is this one."""
        ...

    def keep(self, kind: str, point: Array, numbers: Array) -> None:
        """Add the numbers of a step."""
        ...

    def back_to(self, place: int, steps: int) -> None:
        """Go back to an earlier place."""
        ...


class AstrayError(Exception):
    """Raised where a fit that was told some of its steps does not end in a proof."""


class Replay:
    """The steps that a resumed fit takes over from a log.

    Parameters
    ----------
    log : StepLog, optional
        The log; None for none.
    replaying : bool
        Whether steps are replayed, or only kept.

    Attributes
    ----------
    log : StepLog or None
        The log.
    replayed : int
        Steps that were replayed.
    spared : int
        Reads that they would have been, less those that were made to see the last point again.
    """

    def __init__(self, log: StepLog | None = None, *, replaying: bool = True) -> None:
        self.log, self._replaying = log, replaying
        self._begun = (log.place, log.steps) if log else (0, 0)
        self.replayed = self.spared = 0

    def anew(self) -> Replay:
        """Return what the same fit takes over from the log once it is not believed: nothing."""
        if self.log is not None:
            self.log.back_to(*self._begun)
        return Replay(self.log, replaying=False)

    def step(self, kind: str, theta: Array, count: int) -> Array | None:
        """Return the numbers of a step that was taken before, if it was."""
        if self.log is None or not self._replaying:
            return None
        numbers = self.log.recall(kind, theta, count)
        if numbers is not None:
            self.replayed += 1
            self.spared += 1
        return numbers

    def keep(self, kind: str, theta: Array, *parts: Array | tuple[float, ...]) -> None:
        """Keep the numbers of a step."""
        if self.log is not None:
            self.log.keep(kind, theta, np.concatenate([np.ravel(part) for part in parts]))

    def check(self, proof: Proof, status: str, tol: float) -> None:
        """Refuse to conclude anything but a proof from steps that were told: AstrayError.

        Parameters
        ----------
        proof : Proof
            Of the point where the solver ended.
        status : str
            How it ended.
        tol : float
            Wanted distance, in standard errors. Where only the rounding of the gradient is above
            it, no other steps would lead nearer.
        """
        certificate = proof.certificate
        arrived = certificate.distance <= tol or (
            certificate.proved
            and status in ("converged", "stalled")
            and certificate.decrement - certificate.rounding <= tol
        )
        if self.replayed and not arrived and status != "stopped":
            raise AstrayError


A = TypeVar("A", Linear, Quadratic)


@dataclass(slots=True)
class ReplayedProblem:
    """The objective as a solver sees it in a resumed fit: from the log first, then from the data.

    Attributes
    ----------
    problem : BlockProblem
        The problem.
    theta, at
        The last point, and what was found there.
    replay : Replay
        The log.
    """

    problem: BlockProblem
    theta: Array
    replay: Replay
    at: Quadratic | Linear | None = None
    _replayed: bool = False
    _last_replayed: bool = False

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return self.problem.size

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.problem.rows

    @property
    def read(self) -> Quadratic | Linear | None:
        """What was found at the last point; None if it was told."""
        return None if self._last_replayed else self.at

    def quadratic(self, theta: Array) -> Quadratic:
        """Return value, gradient and Hessian: one read, or none."""
        p = self.size
        numbers = self._step("hessian", theta, _BESIDE + p + p * p)
        if numbers is None:
            at = self.problem.quadratic(theta)
            beside = (at.value, *at.measures)
            self.replay.keep("hessian", theta, beside, at.gradient, at.hessian)
        else:
            value, measures, rest = _parted(numbers)
            # Copies, which lie in memory as they would if they had been computed.
            hessian = rest[p:].reshape(p, p).copy()
            at = Quadratic(value, rest[:p].copy(), hessian, measures)
        self.theta, self.at = theta, at
        return at

    def slope(self, theta: Array) -> Linear:
        """Return value and gradient: one read, or none."""
        numbers = self._step("gradient", theta, _BESIDE + self.size)
        if numbers is None:
            at = self.problem.slope(theta)
            self.replay.keep("gradient", theta, (at.value, *at.measures), at.gradient)
        else:
            value, measures, rest = _parted(numbers)
            at = Linear(value, rest.copy(), measures)
        self.theta, self.at = theta, at
        return at

    def _step(self, kind: str, theta: Array, count: int) -> Array | None:
        numbers = self.replay.step(kind, theta, count)
        self._last_replayed = numbers is not None
        self._replayed |= self._last_replayed
        return numbers

    def ended(self, solution: Solution) -> Solution:
        """Return where a solver ended, with what the data say there."""
        return replace(
            solution,
            at=self._again(solution.at, self.problem.quadratic, solution.theta),
            slope=self._again(solution.slope, self.problem.slope, solution.theta),
        )

    def _again(self, at: A | None, ask: Callable[[Array], A], theta: Array) -> A | None:
        if at is None or not self._replayed:
            return at
        self.replay.spared -= 1
        return ask(theta)

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


def _parted(numbers: Array) -> tuple[float, tuple[float, float, float], Array]:
    """Return value, measures, and what is left of the numbers of a step."""
    value, first, second, third = (float(number) for number in numbers[:_BESIDE])
    return value, (first, second, third), numbers[_BESIDE:]


# Told after each read; a true answer stops the fit at the point that it has reached.
Progress = Callable[[Reading], object]


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked for it
    """Raised where a fit was told to stop."""


@dataclass(slots=True)
class ProgressMonitor:
    """Reports the progress of a fit to a callback.

    Attributes
    ----------
    progress : callable or None
        Whom to tell.
    blocks : Blocks
        The data, whose reads are counted.
    before : int
        Reads that were not this fit's.
    replay : Replay
        Steps that are told count as the reads that they were.
    began : float
        When it began, by ``time.perf_counter``.
    """

    progress: Progress | None
    blocks: Blocks
    before: int = 0
    replay: Replay = field(default_factory=Replay)
    began: float = field(default_factory=time.perf_counter)
    _pace: list[tuple[int, float]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Seconds since the fit began."""
        return time.perf_counter() - self.began

    @property
    def reads(self) -> int:
        """Reads since then, as if it had not been interrupted."""
        return self.blocks.reads - self.before + self.replay.spared

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
