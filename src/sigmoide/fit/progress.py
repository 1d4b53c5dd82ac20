"""What a fit tells while it runs, and how it is stopped from outside."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sigmoide.blocks.blocks import Blocks
from sigmoide.fit.replay import Replay
from sigmoide.results.records import Reading

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
