"""What was counted, in a file and as Markdown."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.coverage.theory import DEPARTURES, Theory, monte_carlo_error, verdict
from benchmarks.render import table
from benchmarks.results import read_as, write_whole

FORMAT = 1


@dataclass(slots=True)
class Cell:
    """What one interval of one world did at one n, beside what theory says.

    Attributes
    ----------
    world, method : str
        Of what, by what.
    rows, samples, covered, infinite, redrawn : int
        As in :class:`benchmarks.coverage.simulate.Count`.
    theory : float
        The coverage that theory says.
    exact : bool
        Whether it holds at this n, and not only in the limit.
    """

    world: str
    method: str
    rows: int
    samples: int
    covered: int
    infinite: int
    redrawn: int
    theory: float
    exact: bool

    @property
    def verdict(self) -> str:
        """Whether both agree, in words."""
        theory = Theory(self.theory, self.exact)
        return verdict(self.method, self.rows, self.covered / self.samples, self.samples, theory)


@dataclass(slots=True)
class Coverage:
    """A whole run.

    Attributes
    ----------
    commit, changed, seed, when, command
        As in :class:`benchmarks.results.Results`.
    alpha : float
        One minus what the intervals say.
    samples : dict
        From n, as text, to the samples that are drawn of it.
    worlds : dict
        From the name of a world to what it is, and the coefficient.
    cells : list of Cell
        What was counted.
    """

    commit: str
    changed: bool
    seed: int
    when: str
    command: str
    alpha: float
    samples: dict[str, int]
    worlds: dict[str, tuple[str, float]]
    cells: list[Cell] = field(default_factory=list)

    def same_run(self, other: Coverage) -> bool:
        """Return whether both are of the same commit, seed and samples."""
        names = ("commit", "changed", "seed", "alpha", "samples")
        return all(getattr(self, name) == getattr(other, name) for name in names)


def write(run: Coverage, path: Path) -> None:
    """Write the file whole or not at all."""
    write_whole({"format": FORMAT, **asdict(run)}, path)


def read(path: Path) -> Coverage:
    """Read a file of coverage.

    Raises
    ------
    ResultsError
        If it is not one.
    """

    def made(held: dict[str, Any]) -> Coverage:
        held["cells"] = [Cell(**cell) for cell in held["cells"]]
        held["worlds"] = {name: (what, value) for name, (what, value) in held["worlds"].items()}
        return Coverage(**held)

    return read_as(path, FORMAT, "coverage", made)


def markdown(run: Coverage) -> str:
    """Return the tables of a run."""
    state = " with changes that were not committed" if run.changed else ""
    parts = [
        f"Counted {run.when} at commit {run.commit[:12]}{state}, seed {run.seed}, by\n\n"
        f"    {run.command}"
    ]
    for name, (what, value) in run.worlds.items():
        cells = [cell for cell in run.cells if cell.world == name]
        if cells:
            head = f"### {name.capitalize()}\n\n{what}: {value:.6g}."
            parts.append(f"{head}\n\n{_table(cells)}")
    return "\n\n".join(parts) + "\n"


def _table(cells: list[Cell]) -> str:
    head = ["n", "interval", "covers, %", "theory, %", "infinite", "samples", "verdict"]
    rows = []
    for cell in sorted(cells, key=lambda cell: cell.rows):
        error = monte_carlo_error(cell.theory, cell.samples)
        rows.append(
            [
                f"{cell.rows:,}",
                cell.method,
                f"{100 * cell.covered / cell.samples:.2f} ± {100 * error:.2f}",
                f"{100 * cell.theory:.2f}{'' if cell.exact else ' in the limit'}",
                f"{cell.infinite:,}",
                f"{cell.samples:,}" + (f" ({cell.redrawn:,} redrawn)" if cell.redrawn else ""),
                cell.verdict,
            ]
        )
    return table(head, rows)


def departures() -> str:
    """Return what is known of each interval while rows are few, as a table."""
    return table(
        ["interval", "few rows", "why"],
        [[name, " or ".join(known.sides), known.why] for name, known in DEPARTURES.items()],
    )
