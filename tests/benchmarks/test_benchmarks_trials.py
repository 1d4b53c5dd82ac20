"""The benchmarks' trials: what is run, in which order, and what is entered of it.

No test here looks at a clock: that a rival is slower is for the benchmarks themselves to show.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.records import Answer, Problem
from benchmarks.results import CaseResult
from benchmarks.rivals.base import Rival

from benchmarks import (
    cases,
    house,
    judge,
    kernel,
    optimum,
    ours,
    reader,
    render,
    rivals,
    runner,
    summary,
    targets,
    trial,
    watch,
)
from support import sweeps
from support.bench import measured, nothing, small

# --- a trial --------------------------------------------------------------------------------------


def scripted(gaps: dict[float, float], problem: Problem, seconds: float = 0.0) -> Rival:
    """Return a rival that is as accurate as it is told to be, tolerance by tolerance."""
    best = optimum.polish(problem, nothing(problem))

    def prepare(problem, threads):
        def fit(tolerance):
            low, high = 0.0, 10.0
            for _ in range(60):
                far = (low + high) / 2
                there = Answer(best.answer.intercept + far, best.answer.coef)
                reached = judge.gap(judge.objective(problem, there), best.value)
                low, high = (far, high) if reached < gaps[tolerance] else (low, far)
            return Answer(best.answer.intercept + low, best.answer.coef)

        return fit

    return Rival("scripted", "numpy", "numpy", prepare, tuple(gaps))


def told(rival: Rival, problem: Problem, rules: trial.Rules) -> list[tuple]:
    best = optimum.polish(problem, nothing(problem))
    said: list[tuple] = []
    trial.try_rival(problem, rival, best.value, rules, lambda *message: said.append(message))
    return said


def tries(said: list[tuple]) -> list[float]:
    return [message[1] for message in said if message[0] == "try"]


RULES = trial.Rules(repeats=3, budget=60.0, limit=60.0, threads=1)


def test_a_trial_looks_for_the_loosest_tolerances_that_will_do():
    problem = small()
    gaps = {1.0: 1e-2, 0.1: 1e-4, 0.01: 1e-7, 0.001: 5e-8, 1e-4: 1e-10, 1e-5: 1e-12}
    said = told(scripted(gaps, problem), problem, RULES)
    # Memory, the search down to 1e-9, then each of the two that count twice more.
    assert tries(said) == [1.0, 0.1, 0.01, 0.001, 1e-4, 0.01, 1e-4, 0.01, 1e-4]
    assert [message[0] for message in said[:6]] == [
        "ours gap",
        "watch",
        "watched",
        "try",
        "begin",
        "try",
    ]
    assert said[3][3:] == (None, None)
    assert all(own > 0 and their > 0 for _, _, _, own, their in said[5::2])


def test_a_trial_times_the_loosest_tolerance_if_it_will_do():
    problem = small()
    said = told(scripted({1.0: 1e-8, 0.1: 1e-10}, problem), problem, RULES)
    assert tries(said) == [1.0, 1.0, 0.1, 1.0, 0.1, 1.0, 0.1]


def test_a_trial_ends_when_finer_tolerances_bring_nothing():
    problem = small()
    stuck = dict.fromkeys([10.0**-k for k in range(9)], 1e-3)
    assert len(tries(told(scripted(stuck, problem), problem, RULES))) == 1 + trial._PATIENCE


def test_a_trial_ends_at_its_limit_and_where_a_rival_has_lost(monkeypatch):
    problem = small()
    slow = scripted({10.0**-k: 10.0 ** -(k + 2) for k in range(12)}, problem)
    said = told(slow, problem, replace(RULES, limit=0.0, budget=0.0))
    assert said[-1][:2] == ("stopped", "no finer tolerance tried after 0 s")
    assert said[-1][2] == said[-2][4]
    monkeypatch.setattr(trial, "_LOST", 0.0)
    said = told(slow, problem, replace(RULES, budget=0.0))
    assert said[-1][:2] == ("stopped", "no finer tolerance tried after 0 times ours")


def test_ours_is_tried_for_memory_times_and_the_cost_of_a_read():
    problem, said = small(), []
    trial.try_ours(problem, RULES, lambda *message: said.append(message))
    assert [message[0] for message in said] == [
        "watch",
        "watched",
        "answer",
        *["ours"] * RULES.repeats,
        "read",
    ]


# --- the runner -----------------------------------------------------------------------------------


class Told:
    """Trials that were told beforehand."""

    def __init__(self, problem: Problem, **messages) -> None:
        self.answer = ours.prepare(problem, 1)()
        self.messages = messages
        self.asked: list[str] = []

    def trial(self, solver, task):
        self.asked.append(solver)
        assert np.load(Path(task.folder) / "X.npy").shape[1] == 4
        if solver == house.OURS:
            answer = self.messages.get("answer", self.answer)
            said = [("memory", 7), ("answer", answer), ("ours", 1.0), ("read", [0.1])]
            yield from self.messages.get("ours", [*said, ("ended", "", None)])
        elif isinstance(self.messages["glum"], Exception):
            raise self.messages["glum"]
        else:
            yield from self.messages["glum"]


def ran(names: str = "glum", *, asked: bool = False, **messages) -> tuple[CaseResult, Told]:
    problem = small()
    case = cases.Case("one", "dense", lambda _: (problem.X, problem.y), problem.C)
    trials = Told(problem, **messages)
    found = tuple(rivals.named(name) for name in names.split(","))
    return runner.run_case(case, 0, found, RULES, trials, asked=asked), trials


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(Rival, "version", lambda self: "1.0")


@pytest.mark.usefixtures("installed")
def test_the_runner_enters_what_it_is_told():
    messages = [
        ("ours gap", 1e-14),
        ("memory", 9),
        ("try", 0.1, 1e-3, None, None),
        ("try", 0.01, 1e-8, 1.0, 12.0),
        ("stopped", "no finer tolerance tried after 1 s", 12.0),
        ("ended", "", None),
    ]
    found, _ = ran(glum=messages)
    assert (found.memory, found.seconds, found.read, found.remark) == (7, [1.0], [0.1], "")
    assert found.said["proved"] == 1.0
    assert abs(found.gap) < 1e-12
    (row,) = found.rivals
    assert (row.memory, row.cut, len(row.runs)) == (9, 12.0, 2)
    assert summary.at_level(found, row, 1e-6).middle == 12.0
    assert isinstance(summary.at_level(found, row, 1e-9), summary.Short)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("messages", "remark", "cut"),
    [
        ([("raised", "ValueError: no"), ("ended", "", None)], "ValueError: no", None),
        ([("ended", "crashed with code -11", None)], "crashed with code -11", None),
        ([("ended", "ended by force after 20 s", 19.0)], "ended by force after 20 s", 19.0),
        (EOFError(), "does not start: importing it ends the process", None),
    ],
)
def test_a_rival_that_breaks_down_is_said_to(messages, remark, cut):
    found, _ = ran(glum=messages)
    assert (found.rivals[0].remark, found.rivals[0].cut) == (remark, cut)


@pytest.mark.usefixtures("installed")
def test_unsuited_rivals_are_not_asked():
    found, trials = ran("statsmodels,glum", glum=[("ended", "", None)])
    assert found.rivals[0].remark == "has no ridge penalty"
    assert trials.asked == [house.OURS, "glum"]


def test_absent_rivals_are_not_asked(monkeypatch):
    monkeypatch.setattr(Rival, "version", lambda self: None)
    found, trials = ran(glum=[])
    assert found.rivals[0].remark == "absent"
    assert trials.asked == [house.OURS]
    assert "*absent*" in render.markdown(measured(found))


@pytest.mark.usefixtures("installed")
def test_without_an_answer_of_ours_nobody_else_is_asked():
    found, trials = ran(ours=[("raised", "Error: it broke"), ("ended", "", None)])
    assert found.remark == "Error: it broke"
    assert (found.rivals, trials.asked) == ([], [house.OURS])


@pytest.mark.usefixtures("installed")
def test_an_answer_of_ours_that_is_wrong_is_seen():
    messages = [("try", 0.01, 1e-12, 1.0, 12.0), ("ended", "", None)]
    found, _ = ran(glum=messages, answer=Answer(0.0, np.zeros(4), {"proved": 1.0}))
    why = summary.at_level(found, found.rivals[0], 1e-6)
    assert isinstance(why, summary.NoRow)
    assert why.why.startswith("ours fails")


class Pipe:
    """A trial that says so much, and then nothing until it is killed."""

    def __init__(self, *messages: tuple) -> None:
        self.messages = [("pid", 2**30), *messages]
        self.sent: list[object] = []

    def send(self, thing):
        self.sent.append(thing)

    def poll(self, _):
        return bool(self.messages)

    def recv(self):
        return self.messages.pop(0) if self.messages else ("ended", -9)


@pytest.mark.parametrize(
    ("messages", "counts"),
    [
        ([], False),
        ([("ours gap", 0.0)], False),
        ([("ours gap", 0.0), ("begin",)], True),
        ([("ours gap", 0.0), ("watch",)], True),
        ([("ours gap", 0.0), ("begin",), ("try", 0.1, 1e-3, 1.0, 2.0)], False),
    ],
)
def test_only_a_fit_of_the_rival_that_was_cut_short_has_a_time(messages, counts, monkeypatch):
    monkeypatch.setattr(house, "_PATIENT", 0.0)
    opened = object.__new__(house.House)
    opened._pipe = Pipe(*messages)
    task = house.Task("", 1.0, replace(RULES, limit=-house._GRACE / 2))
    said = list(opened.trial(task))
    assert said[-1][:2] == ("ended", "ended by force after 0 s")
    assert (said[-1][2] is not None) == counts
    passed_on = [message for message in messages if message[0] in ("ours gap", "try")]
    assert said[:-1] == passed_on


@pytest.mark.slow
def test_a_house_holds_trials_in_processes_of_their_own(tmp_path):
    problem = small(2_000)
    best = optimum.polish(problem, nothing(problem))
    house.lay_down(problem, tmp_path)
    task = house.Task(str(tmp_path), problem.C, RULES, best.value)
    opened = house.House("scikit-learn lbfgs")
    try:
        for _ in range(2):
            said = list(opened.trial(task))
            kinds = [message[0] for message in said]
            assert kinds[0] == "ours gap"
            assert kinds[-1] == "ended"
            assert said[-1] == ("ended", "", None)
            assert "raised" not in kinds
            assert min(message[2] for message in said if message[0] == "try") < 1e-9
            if Path("/proc/self/status").exists():
                assert "memory" in kinds
        # One that takes too long is ended, and the next begins as if nothing had been.
        hurried = replace(RULES, limit=0.01 - house._GRACE / 2)
        late = list(opened.trial(replace(task, rules=hurried)))
        assert late[-1][1].startswith("ended by force")
        assert list(opened.trial(task))[-1] == ("ended", "", None)
    finally:
        opened.close()


def killed_after(seconds: float, opened: house.House, task: house.Task) -> list[tuple]:
    """Kill a trial from outside so long after it began; return what it told."""
    folder = Path(f"/proc/{opened._process.pid}/task/{opened._process.pid}")
    gone = threading.Event()

    def kill() -> None:
        gone.wait(seconds)
        for pid in (folder / "children").read_text(encoding="ascii").split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        return list(opened.trial(task))
    finally:
        gone.set()
        thread.join()


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux only")
def test_what_a_killed_trial_leaves_behind_is_nothing_to_the_next(tmp_path):
    """Killed at any moment, by its limit, from outside, or because nobody listens any more."""
    problem = small(2_000)
    best = optimum.polish(problem, nothing(problem))
    house.lay_down(problem, tmp_path)
    good = house.Task(str(tmp_path), problem.C, replace(RULES, repeats=1, budget=0.0), best.value)
    random = sweeps.generator("killed trials")
    opened = house.House("scikit-learn lbfgs")
    ways: set[str] = set()
    try:
        began = time.monotonic()
        assert list(opened.trial(good))[-1] == ("ended", "", None)
        long = time.monotonic() - began
        for number in range(sweeps.size(100, 8)):
            way = ("limit", "outside", "unheard")[number % 3]
            moment = long * random.random()
            if way == "limit":
                rules = replace(good.rules, limit=(moment / 4.0 - house._GRACE) / 2.0)
                ways.add(list(opened.trial(replace(good, rules=rules)))[-1][1][:8])
            elif way == "outside":
                ways.add(killed_after(moment, opened, good)[-1][1][:8])
            else:
                for _ in zip(opened.trial(good), range(random.integers(1, 6)), strict=False):
                    pass
            said = list(opened.trial(good))
            assert [said[0][0], said[-1]] == ["ours gap", ("ended", "", None)]
            assert "raised" not in {message[0] for message in said}
    finally:
        opened.close()
    assert {"ended by", "crashed "} <= ways


@pytest.mark.slow
def test_a_trial_that_raises_says_so(tmp_path):
    opened = house.House(house.OURS)
    try:
        problem = Problem(np.full((50, 2), np.nan), np.arange(50) % 2, 1.0)
        house.lay_down(problem, tmp_path)
        said = list(opened.trial(house.Task(str(tmp_path), 1.0, RULES)))
        assert any(message[0] == "raised" and "NaN" in message[1] for message in said)
    finally:
        opened.close()


# --- memory, reads, kernel ------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux only")
def test_memory_is_what_the_system_counts():
    watch.give_back()
    before = watch.own_bytes(os.getpid())
    taken = np.ones(40_000_000, np.uint8)
    watch.give_back()
    after = watch.own_bytes(os.getpid())
    assert 39e6 < after - before < 60e6
    assert watch.own_bytes(2**30) is None
    ends = iter([False, False, True])
    assert watch.peak_until(os.getpid(), lambda _: next(ends)) >= taken.nbytes


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_read_touches_every_byte(dtype):
    from concurrent.futures import ThreadPoolExecutor

    X = np.random.default_rng(0).normal(size=(1001, 3)).astype(dtype)
    whole = X.nbytes // 8
    words = np.frombuffer(X.tobytes()[: whole * 8], np.int64)
    with ThreadPoolExecutor(2) as pool:
        assert (reader.read(X, pool, 2) - int(words.sum())) % 2**64 == 0
    assert len(reader.read_seconds(X, 2, repeats=3)) == 3


def test_the_kernel_is_measured_on_its_own_objective():
    problem = small(5_000, 3)
    value = kernel.one_read(problem, 2)()
    assert np.isfinite(value)
    assert value > optimum.polish(problem, nothing(problem)).value
    found = kernel.measure(1, 2, 3, 4, "float32", size=1 << 20)
    assert (found.rows, found.columns, found.size) == (65_536, 4, 1 << 20)
    assert len(found.kernel) == len(found.read) == 3
    assert targets.share(found) > 0
