"""What was measured, run by run, and the file that it is kept in."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

FORMAT = 1
T = TypeVar("T")


class ResultsError(Exception):
    """A file of results that cannot be read, or that is of another measurement."""


@dataclass(slots=True)
class Run:
    """One run of a rival beside one of ours; times in seconds, None where memory was watched."""

    tolerance: float
    gap: float
    ours: float | None
    rival: float | None


@dataclass(slots=True)
class Row:
    """A rival's trial on one problem.

    Attributes
    ----------
    rival : str
        Its name.
    runs : list of Run
        In order.
    ours_gap : float or None
        The gap of ours in the same trial.
    memory : int or None
        Peak memory beyond what there was before the fit, in bytes.
    remark : str
        Why there are no (more) runs: absent, unsuited, stopped, crashed.
    cut : float or None
        Where it was stopped for its time: seconds that its last fit took, at least.
    """

    rival: str
    runs: list[Run] = field(default_factory=list)
    ours_gap: float | None = None
    memory: int | None = None
    remark: str = ""
    cut: float | None = None


@dataclass(slots=True)
class CaseResult:
    """One problem: ours, its optimum and the rivals.

    Attributes
    ----------
    name, group, dtype : str
        Of the case.
    rows, columns, events : int
        Of the data.
    C : float or None
        None: no penalty.
    optimum, left : float
        F*, and what a Newton step would still gain, over F*.
    gap : float
        Of ours.
    said : dict
        What ours says: steps, reads, proved, distance.
    seconds, read : list of float
        Times of ours, and of one read of X.
    memory : int or None
        Peak memory of ours beyond X, in bytes.
    remark : str
        Why there is nothing more.
    rivals : list of Row
        Their trials.
    """

    name: str
    group: str
    dtype: str
    rows: int
    columns: int
    events: int
    C: float | None
    optimum: float = float("nan")
    left: float = float("inf")
    gap: float = float("inf")
    said: dict[str, float] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    memory: int | None = None
    remark: str = ""
    rivals: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class KernelResult:
    """The kernel's reads beside plain reads of the same X; seconds, pair by pair."""

    dtype: str
    rows: int
    columns: int
    size: int
    kernel: list[float]
    read: list[float]


@dataclass(slots=True)
class Results:
    """A whole measurement.

    Attributes
    ----------
    commit : str
        What was measured.
    changed : bool
        Whether the checkout differed from it.
    seed : int
        Of the synthetic data.
    when, command : str
        When it began, and how to repeat it.
    load : float
        What else the machine was doing then: its load average.
    machine, versions : dict
        What it was measured with.
    """

    commit: str
    changed: bool
    seed: int
    when: str
    command: str
    load: float
    machine: dict[str, Any]
    versions: dict[str, str]
    cases: list[CaseResult] = field(default_factory=list)
    kernel: list[KernelResult] = field(default_factory=list)
    beyond_memory: dict[str, Any] | None = None

    def same_measurement(self, other: Results) -> bool:
        """Return whether both were made of the same commit, seed, machine and versions."""
        return all(
            getattr(self, name) == getattr(other, name)
            for name in ("commit", "changed", "seed", "machine", "versions")
        )


def write(results: Results, path: Path) -> None:
    """Write the file whole or not at all."""
    write_whole({"format": FORMAT, **_plain(asdict(results))}, path)


def write_whole(entries: dict[str, Any], path: Path) -> None:
    """Write entries as JSON: the whole file or nothing of it."""
    text = json.dumps(entries, indent=1) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def read(path: Path) -> Results:
    """Read a file of results.

    Raises
    ------
    ResultsError
        As :func:`read_as`.
    """

    def made(held: dict[str, Any]) -> Results:
        held["cases"] = [_case(case) for case in held["cases"]]
        held["kernel"] = [KernelResult(**one) for one in held["kernel"]]
        return Results(**held)

    return read_as(path, FORMAT, "results of benchmarks", made)


def read_as(path: Path, version: int, what: str, made: Callable[[dict[str, Any]], T]) -> T:
    """Read a file of some measurement: ``made`` of what it holds.

    Raises
    ------
    ResultsError
        If it is of another format or holds something else.
    """
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if held.pop("format") != version:
            raise ResultsError(f"{path} is of another format; measure again.")
        return made(held)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsError(f"{path} holds no {what}: {error}.") from error


def _case(held: dict[str, Any]) -> CaseResult:
    held["rivals"] = [
        Row(**{**row, "runs": [Run(**run) for run in row["runs"]]}) for row in held["rivals"]
    ]
    return CaseResult(**held)


def _plain(value: Any) -> Any:
    """Round to the six digits that a measurement may have, and more where a number is exact."""
    if isinstance(value, dict):
        return {k: (v if k == "optimum" else _plain(v)) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
