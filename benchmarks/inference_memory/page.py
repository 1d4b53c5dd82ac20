"""What was measured, in a file and as Markdown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.inference_memory.watched import Measured
from benchmarks.render import table
from benchmarks.results import read_as, write_whole

FORMAT = 1
# Beyond the data, in bytes.
ALLOWED = 200_000_000


@dataclass(slots=True)
class Run:
    """A whole measurement.

    Attributes
    ----------
    commit, changed, seed, when, command, load
        As in :class:`benchmarks.results.Results`.
    rows, columns : int
        Of the data.
    size : int
        Bytes of the data, the columns of clusters with them.
    found : list of Measured
        One for each quantity.
    """

    commit: str
    changed: bool
    seed: int
    when: str
    command: str
    load: float
    rows: int
    columns: int
    size: int
    found: list[Measured] = field(default_factory=list)

    def same_run(self, other: Run) -> bool:
        """Return whether both are of the same commit, seed and data."""
        names = ("commit", "changed", "seed", "rows", "columns")
        return all(getattr(self, name) == getattr(other, name) for name in names)


def write(run: Run, path: Path) -> None:
    """Write the file whole or not at all."""
    write_whole({"format": FORMAT, **asdict(run)}, path)


def read(path: Path) -> Run:
    """Read a file of this measurement.

    Raises
    ------
    ResultsError
        If it is not one.
    """

    def made(held: dict[str, Any]) -> Run:
        held["found"] = [Measured(**one) for one in held["found"]]
        return Run(**held)

    return read_as(path, FORMAT, "memory of the inference", made)


def markdown(run: Run) -> str:
    """Return the table of a measurement."""
    state = " with changes that were not committed" if run.changed else ""
    shape = f"{run.rows:,} rows × {run.columns} columns of float64"
    return (
        f"Measured {run.when} at commit {run.commit[:12]}{state}, seed {run.seed}, load average "
        f"{run.load:.1f}, by\n\n    {run.command}\n\n"
        f"{shape}; with target and clusters {_megabytes(run.size)} MB.\n\n"
        f"{table(['quantity', 'MB beyond', 'process, MB', 's', 'reads', ''], _rows(run))}\n"
    )


def _rows(run: Run) -> list[list[str]]:
    rows = []
    for one in run.found:
        if one.remark:
            rows.append([one.quantity, "", "", "", "", one.remark])
            continue
        met = "" if one.beyond <= ALLOWED else "**missed**"
        whole = _megabytes(one.peak - run.size)
        seconds = f"{one.seconds:.3g}"
        rows.append([one.quantity, _megabytes(one.beyond), whole, seconds, str(one.reads), met])
    return rows


def _megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f}"
