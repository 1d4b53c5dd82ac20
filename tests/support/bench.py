"""Small problems and made-up measurements for the tests of the benchmarks."""

from __future__ import annotations

import numpy as np
from benchmarks.records import Answer, Problem
from benchmarks.results import CaseResult, Results, Row, Run

from benchmarks import (
    families,
)


def small(rows: int = 300, columns: int = 4, C: float = 0.5, dtype: str = "float64") -> Problem:
    rng = np.random.default_rng(5)
    return Problem(*families.dense(rng, rows, columns, dtype), C)


def nothing(problem: Problem) -> Answer:
    return Answer(0.0, np.zeros(problem.X.shape[1]))


def run(tolerance: float, gap: float, own: float | None = 1.0, their: float | None = 10.0) -> Run:
    return Run(tolerance, gap, own, their)


def a_case(*runs: Run, **changes) -> CaseResult:
    row = Row("glum", list(runs), ours_gap=1e-13)
    made = CaseResult("one", "dense", "float32", 10, 2, 5, 1.0, optimum=100.0, left=1e-15)
    made.gap, made.seconds, made.read, made.memory = 1e-13, [1.0], [0.1], 5_000_000
    made.said = {"reads": 4.0, "proved": 1.0, "distance": 1e-9, "steps": 3.0}
    made.rivals = [row]
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def measured(*found: CaseResult, **changes) -> Results:
    made = Results(
        commit="0123456789abcdef",
        changed=False,
        seed=3,
        when="2026-01-02 03:04 UTC",
        command="python -m benchmarks",
        load=0.1,
        machine={"processor": "abacus"},
        versions={"python": "3"},
        cases=list(found),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made
