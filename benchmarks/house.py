"""Where trials take place: a process for each rival, in which every trial is a fork of its own.

A process for each rival, because runtimes get into each other's way: with torch loaded first,
adelie is 30 times slower. A fork for each trial, because it starts with everything imported and
nothing used, whatever the trial before has left behind; and a trial that crashes or never ends
takes nothing with it: it speaks over a pipe of its own, and what it had half said or not yet heard
goes with that.
"""

from __future__ import annotations

import importlib
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import ours
from benchmarks.families import Data, dense
from benchmarks.records import Problem
from benchmarks.rivals import named
from benchmarks.trial import Rules, try_ours, try_rival
from benchmarks.watch import own_bytes, peak_until

OURS = "ours"
# A trial over its limit ends by itself; one in which a single fit goes on and on is ended.
_GRACE = 2.0
# Loading, laying out and warming up do not count; ours is waited for.
_PATIENT = 120.0
# What a trial is told: that its memory is watched now, or that it has to end.
_GO, _END = "go", "end"
# Rows of the fits that warm everything up: compiled code is needed for many, not for few.
_MANY, _FEW, _COLUMNS = 100_000, 1_000, 30


@dataclass(frozen=True, slots=True)
class Task:
    """One trial: the data lie in files. ``best`` is F*, and not needed for ours."""

    folder: str
    C: float
    rules: Rules
    best: float = float("nan")


def lay_down(problem: Problem, folder: Path) -> None:
    """Write the data for the trials to load."""
    np.save(folder / "X.npy", problem.X)
    np.save(folder / "y.npy", problem.y)


class House:
    """The process of one solver. Its trials are told as messages, the last of them ``ended``."""

    def __init__(self, solver: str) -> None:
        # Spawned: nothing of this process is in it.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(solver, theirs), daemon=False)
        self._process.start()
        theirs.close()
        # All imported and compiled; or the end of the pipe, where that ends the process.
        self._pipe.recv()

    def trial(self, task: Task) -> Iterator[tuple[Any, ...]]:
        """Yield what a trial tells, memory and the manner of its end included.

        ``("memory", bytes)`` is the peak beyond what there was before the fit, X included in that.
        In ``("ended", why, seconds)`` the reason is empty if all went well; the seconds are how
        long the fit had gone on that was cut short, if one was. Raises ``EOFError`` if the process
        of the solver itself has ended.
        """
        self._pipe.send(task)
        _, pid = self._pipe.recv()
        most, ends = _PATIENT, time.monotonic() + _PATIENT
        why = ""
        begun: float | None = None
        cut: float | None = None
        message: tuple[Any, ...] = ()
        try:
            while True:
                if not why and not self._pipe.poll(max(ends - time.monotonic(), 0.0)):
                    cut = None if begun is None else time.monotonic() - begun
                    why = f"ended by force after {most:g} s"
                    self._pipe.send(_END)
                message = self._pipe.recv()
                if message[0] == "ended":
                    code = message[1]
                    yield ("ended", why or (f"crashed with code {code}" if code else ""), cut)
                    return
                begun = time.monotonic() if message[0] in ("watch", "begin") else None
                if message[0] == "ours gap":
                    most = 2.0 * task.rules.limit + _GRACE
                    ends = time.monotonic() + most
                if message[0] == "watch":
                    yield from self._watch(pid, ends)
                elif message[0] != "begin":
                    yield message
        finally:
            # Whoever listens may have had enough: the next trial begins with nothing in the pipe.
            with suppress(EOFError, OSError):
                if message[:1] != ("ended",):
                    self._pipe.send(_END)
                while message[:1] != ("ended",):
                    message = self._pipe.recv()

    def _watch(self, pid: int, ends: float) -> Iterator[tuple[Any, ...]]:
        before = own_bytes(pid)
        self._pipe.send(_GO)
        peak = peak_until(pid, lambda pause: self._pipe.poll(pause) or time.monotonic() > ends)
        if before is not None and peak is not None:
            yield ("memory", peak - before)

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(solver: str, pipe: Connection) -> None:
    """Import, then fork a trial for each task until there is none."""
    if solver != OURS:
        importlib.import_module(named(solver).module)
    # One thread: its compiled code is there for every fork, and no thread is, for forks have none.
    for dtype in ("float32", "float64"):
        ours.prepare(Problem(*_data(dtype, _MANY), 1.0), 1)()
    pipe.send(("ready",))
    while (task := pipe.recv()) is not None:
        # Something else is for a trial that has ended meanwhile.
        if isinstance(task, Task):
            _hold(solver, task, pipe)


def _hold(solver: str, task: Task, pipe: Connection) -> None:
    """Fork a trial, pass on what is said to it and by it, and say how it ended."""
    fork = multiprocessing.get_context("fork")
    heard, theirs = fork.Pipe()
    trial = fork.Process(target=_trial, args=(solver, task, theirs))
    trial.start()
    theirs.close()
    pipe.send(("pid", trial.pid))
    sources = [heard, pipe, trial.sentinel]
    while (ready := wait(sources)) != [trial.sentinel]:
        if heard in ready:
            try:
                pipe.send(heard.recv())
            except EOFError:
                # What it was about to say when it ended is nothing.
                sources.remove(heard)
        elif pipe.recv() == _GO:
            with suppress(OSError):
                heard.send(_GO)
        else:
            trial.kill()
            sources.remove(pipe)
    trial.join()
    heard.close()
    pipe.send(("ended", trial.exitcode))


def _trial(solver: str, task: Task, pipe: Connection) -> None:
    folder = Path(task.folder)
    problem = Problem(np.load(folder / "X.npy"), np.load(folder / "y.npy"), task.C)
    threads = task.rules.threads
    dtype = str(problem.X.dtype)
    few = Problem(*_data(dtype, _FEW), task.C)
    ours.prepare(few, threads)()
    if problem.X.size > _FEW * _COLUMNS * 20:
        ours.prepare(Problem(*_data(dtype, _MANY), task.C), threads)()

    def tell(*message: Any) -> None:
        pipe.send(message)
        if message[0] == "watch":
            pipe.recv()

    try:
        if solver == OURS:
            try_ours(problem, task.rules, tell)
        else:
            rival = named(solver)
            rival.prepare(few, threads)(rival.tolerances[0])
            try_rival(problem, rival, task.best, task.rules, tell)
    except Exception as error:
        tell("raised", f"{type(error).__name__}: {error}"[:300])


def _data(dtype: str, rows: int) -> Data:
    return dense(np.random.default_rng(0), rows, _COLUMNS, dtype)
