"""From runs to ratios: a row without agreement is not a row."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.optimum import ENOUGH
from benchmarks.results import CaseResult, Row, Run

# Nobody can be below the optimum by more than what the sums of the judge round.
_BELOW = -10 * ENOUGH


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long as ours a rival takes, over the pairs of runs."""

    middle: float
    least: float
    most: float
    pairs: int
    seconds: float
    tolerance: float
    gap: float


@dataclass(frozen=True, slots=True)
class Short:
    """A rival that did not get there.

    Attributes
    ----------
    gap : float or None
        The best that it reached; None where not a single run ended.
    after : float
        How many times as long as ours its longest run took, at least.
    stopped : bool
        Whether it was stopped for its time, so that it would take longer still. Otherwise it
        fails: finer tolerances brought nothing, or there are none.
    """

    gap: float | None
    after: float
    stopped: bool


@dataclass(frozen=True, slots=True)
class NoRow:
    """Why there is nothing to compare."""

    why: str


def at_level(case: CaseResult, row: Row, level: float) -> Ratio | Short | NoRow:
    """Return the ratio at a level of accuracy, or why there is none.

    It is that of the rival's loosest tolerance of which every run is at the level; and only where
    ours is at the level too, against an optimum that is established.
    """
    against = _disagreement(case, row, level)
    if against:
        return NoRow(against)
    if not row.runs and row.cut is None:
        return NoRow(row.remark or "no run")
    for tolerance in dict.fromkeys(run.tolerance for run in row.runs):
        runs = [run for run in row.runs if run.tolerance == tolerance]
        pairs = _pairs(runs)
        if pairs and all(run.gap <= level for run in runs):
            ratios = [theirs / own for own, theirs in pairs]
            return Ratio(
                median(ratios),
                min(ratios),
                max(ratios),
                len(ratios),
                median(theirs for _, theirs in pairs),
                tolerance,
                max(run.gap for run in runs),
            )
    cut = (row.cut or 0.0) / median(ours_seconds(case))
    after = max([cut, *(theirs / own for own, theirs in _pairs(row.runs))])
    reached = min((run.gap for run in row.runs), default=None)
    return Short(reached, after, row.cut is not None)


def _pairs(runs: list[Run]) -> list[tuple[float, float]]:
    """Return the times of ours and the rival's, of the runs that were timed."""
    return [(run.ours, run.rival) for run in runs if run.ours and run.rival]


def _disagreement(case: CaseResult, row: Row, level: float) -> str:
    if case.remark:
        return case.remark
    if not case.left <= ENOUGH:
        return "no optimum could be established"
    ours = case.gap if row.ours_gap is None else max(case.gap, row.ours_gap)
    if not ours <= level:
        return f"ours fails [{ours:.0e}]"
    least = min([ours, *(run.gap for run in row.runs)])
    if least < _BELOW:
        return f"the optimum is beaten by {-least:.0e}"
    return ""


def ours_seconds(case: CaseResult) -> list[float]:
    """Return every time of ours that was taken, in its own trial and beside rivals."""
    beside = [run.ours for row in case.rivals for run in row.runs if run.ours]
    return [*case.seconds, *beside]
