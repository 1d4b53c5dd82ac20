"""One problem at a time: ours, the optimum, then every rival beside ours."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.cases import Case
from benchmarks.house import OURS, House, Task, lay_down
from benchmarks.judge import gap, objective
from benchmarks.optimum import polish
from benchmarks.records import Answer, Problem
from benchmarks.results import CaseResult, Row, Run
from benchmarks.rivals.base import Rival
from benchmarks.trial import Rules


class Trials(Protocol):
    """Who holds trials, and tells what happens in them."""

    def trial(self, solver: str, task: Task) -> Iterator[tuple[Any, ...]]:
        """Yield the messages of one trial."""
        ...


class Houses:
    """A house for each solver, opened when it is first needed."""

    def __init__(self) -> None:
        self._open: dict[str, House] = {}

    def trial(self, solver: str, task: Task) -> Iterator[tuple[Any, ...]]:
        """Yield the messages of one trial; a solver that cannot even start raises ``EOFError``."""
        if solver not in self._open:
            self._open[solver] = House(solver)
        yield from self._open[solver].trial(task)

    def close(self) -> None:
        """End every process."""
        for house in self._open.values():
            house.close()


def run_case(
    case: Case, seed: int, rivals: tuple[Rival, ...], rules: Rules, trials: Trials, *, asked: bool
) -> CaseResult:
    """Measure one case.

    Parameters
    ----------
    case : Case
        The problem.
    seed : int
        Of its data.
    rivals : tuple of Rival
        Those to measure against.
    rules : Rules
        Levels, repeats, limits.
    trials : Trials
        Where they are held.
    asked : bool
        Whether the rivals were asked for by name: then also where they take minutes.
    """
    problem = case.problem(seed)
    n, d = problem.X.shape
    found = CaseResult(
        case.name,
        case.group,
        str(problem.X.dtype),
        n,
        d,
        int(problem.y.sum()),
        None if np.isinf(case.C) else case.C,
    )
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        lay_down(problem, Path(folder))
        answer = _ours(found, trials.trial(OURS, Task(folder, case.C, rules)))
        if answer is None:
            found.remark = found.remark or "ours gave no answer"
            _say(f"{case.name}: {found.remark}")
            return found
        best = polish(problem, answer)
        found.optimum, found.left = best.value, best.left
        found.gap = gap(objective(problem, answer), best.value)
        _say(f"{case.name}: ours {np.median(found.seconds):.4g} s, gap {found.gap:.1e}")
        if not best.established:
            found.remark = "no optimum could be established"
            return found
        for rival in rivals:
            row = Row(rival.name, remark=_why_not(rival, problem, asked))
            if not row.remark:
                began = time.monotonic()
                task = Task(folder, case.C, rules, best.value)
                _rival(row, trials.trial(rival.name, task))
                took = time.monotonic() - began
                _say(f"  {rival.name}: {len(row.runs)} runs, {took:.1f} s {row.remark}".rstrip())
            found.rivals.append(row)
    return found


def _why_not(rival: Rival, problem: Problem, asked: bool) -> str:
    if rival.version() is None:
        return "absent"
    return rival.unsuited(problem.alpha > 0.0, 0 if asked else problem.X.size)


def _ours(found: CaseResult, messages: Iterator[tuple[Any, ...]]) -> Answer | None:
    """Enter what the trial of ours tells; return the answer."""
    answer: Answer | None = None
    for what, *values in messages:
        if what == "answer":
            answer = values[0]
            found.said = dict(answer.said)
        elif what == "ours":
            found.seconds.append(values[0])
        elif what == "read":
            found.read = values[0]
        elif what == "memory":
            found.memory = values[0]
        elif what in ("raised", "ended") and values[0]:
            found.remark = found.remark or values[0]
    return answer


def _rival(row: Row, messages: Iterator[tuple[Any, ...]]) -> None:
    """Enter what a rival's trial tells."""
    try:
        for what, *values in messages:
            if what == "try":
                row.runs.append(Run(*values))
            elif what == "ours gap":
                row.ours_gap = values[0]
            elif what == "memory":
                row.memory = values[0]
            elif what in ("stopped", "raised", "ended") and values[0]:
                row.remark = row.remark or values[0]
                row.cut = row.cut if what == "raised" else values[1]
    except EOFError:
        row.remark = "does not start: importing it ends the process"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
