"""A rival's trial on one problem: run in a process of its own, told message by message.

Whatever a rival does, the process that started it keeps what was told so far.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import ours
from benchmarks.judge import gap, objective
from benchmarks.reader import read_seconds
from benchmarks.records import Answer, Problem
from benchmarks.rivals.base import Rival
from benchmarks.timing import timed
from benchmarks.watch import give_back

# Tolerances in a row that bring nothing: the rival has got as far as it goes.
_PATIENCE = 3
# So many times as long as ours: enough is known.
_LOST = 100.0

# (what, ...): what is told. "watch" and "begin" come just before a fit; the first is answered, when
# the watcher is ready.
Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long, how often, how well.

    Attributes
    ----------
    levels : tuple of float
        Relative gaps that are asked for, the coarsest first.
    repeats : int
        Most samples of each time that counts.
    budget : float
        Seconds after which no more samples are taken.
    limit : float
        Seconds after which no finer tolerance is tried.
    threads : int
        Threads for everybody.
    """

    levels: tuple[float, ...] = (1e-6, 1e-9)
    repeats: int = 5
    budget: float = 1.5
    limit: float = 8.0
    threads: int = 2


def try_ours(problem: Problem, rules: Rules, tell: Tell) -> None:
    """Fit with ours: memory first, then times, then what a read of the data costs."""
    fit = ours.prepare(problem, rules.threads)
    answer = _watched(fit, tell)
    tell("answer", answer)
    began = time.perf_counter()
    for _ in range(rules.repeats):
        tell("ours", timed(fit)[0])
        if time.perf_counter() - began > rules.budget:
            break
    tell("read", read_seconds(problem.X, rules.threads))


def try_rival(problem: Problem, rival: Rival, best: float, rules: Rules, tell: Tell) -> None:
    """Find the rival's loosest tolerances that reach the levels, each run beside one of ours.

    Parameters
    ----------
    problem : Problem
        The data.
    rival : Rival
        Whose trial it is.
    best : float
        F*.
    rules : Rules
        Levels and limits.
    tell : callable
        Told ``("try", tolerance, gap, seconds of ours, seconds of the rival)`` for each run;
        the first run of all is watched for its memory and has no times.
    """
    mine = ours.prepare(problem, rules.threads)
    theirs = rival.prepare(problem, rules.threads)
    mine_gap = gap(objective(problem, mine()), best)
    tell("ours gap", mine_gap)
    began = time.perf_counter()
    loosest = rival.tolerances[0]
    first = gap(objective(problem, _watched(lambda: theirs(loosest), tell)), best)
    tell("try", loosest, first, None, None)

    def pair(tolerance: float) -> tuple[float, float, float]:
        own, _ = timed(mine)
        tell("begin")
        their, answer = timed(lambda: theirs(tolerance))
        reached = gap(objective(problem, answer), best)
        tell("try", tolerance, reached, own, their)
        return reached, own, their

    # From a level to the loosest tolerance that reaches it.
    found: dict[float, float] = {}
    least, idle = first, 0
    for tolerance in rival.tolerances:
        if tolerance == loosest and first > rules.levels[0]:
            continue
        reached, own, their = pair(tolerance)
        for level in rules.levels:
            if reached <= level:
                found.setdefault(level, tolerance)
        idle = 0 if reached < 0.5 * least else idle + 1
        least = min(least, reached)
        if len(found) == len(rules.levels) or idle >= _PATIENCE:
            break
        lost = their > _LOST * own
        if lost or time.perf_counter() - began > rules.limit:
            why = f"{_LOST:g} times ours" if lost else f"{rules.limit:g} s"
            tell("stopped", f"no finer tolerance tried after {why}", their)
            break
    again = time.perf_counter()
    for _ in range(rules.repeats - 1):
        for tolerance in sorted(set(found.values()), reverse=True):
            if time.perf_counter() - again > rules.budget:
                return
            pair(tolerance)


def _watched(fit: Callable[[], Answer], tell: Tell) -> Answer:
    give_back()
    tell("watch")
    answer = fit()
    tell("watched")
    return answer
