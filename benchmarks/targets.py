"""What was asked for, held against what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.results import CaseResult, KernelResult, Results
from benchmarks.rivals.ours_to import RIVAL as _OURS
from benchmarks.summary import Ratio, Short, at_level, ours_seconds

OURS_TO = _OURS.name
_LEVEL = 1e-6
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Verdict:
    """One target: what, how much was asked, how much was found, where it is worst."""

    what: str
    asked: str
    found: str
    where: str
    met: bool


def verdicts(results: Results) -> list[Verdict]:
    """Return every target that the results say something about."""
    return [found for check in _CHECKS for found in check(results)]


def _groups(results: Results, *groups: str) -> list[CaseResult]:
    return [case for case in results.cases if case.group in groups]


def _at_equal_accuracy(case: CaseResult) -> float:
    """Return what ours takes to stop at the level, over what it takes by default."""
    for row in case.rivals:
        if row.rival == OURS_TO and isinstance(cell := at_level(case, row, _LEVEL), Ratio):
            return cell.middle
    return 1.0


def _best_ratio(case: CaseResult, start: str) -> float | None:
    """Return the smallest ratio of the rivals whose name begins so, to ours by default.

    One that was stopped for its time counts with what it had taken by then, one that fails not.
    """
    ratios = []
    for row in case.rivals:
        if row.rival.startswith(start) and row.rival != OURS_TO:
            cell = at_level(case, row, _LEVEL)
            if isinstance(cell, Ratio):
                ratios.append(cell.middle)
            elif isinstance(cell, Short) and cell.stopped:
                ratios.append(cell.after)
    return min(ratios) if ratios else None


def _at_least(cases: list[CaseResult], start: str, least: float, what: str) -> Iterator[Verdict]:
    """Hold the worst case of a group against a ratio at equal accuracy."""
    found = [
        (ratio / _at_equal_accuracy(case), ratio, case.name)
        for case in cases
        if (ratio := _best_ratio(case, start)) is not None
    ]
    if found:
        worst, by_default, where = min(found)
        said = f"{worst:.3g}x ({by_default:.3g}x by default)"
        yield Verdict(what, f"≥ {least:g}x", said, where, worst >= least)


def _ratios(results: Results) -> Iterator[Verdict]:
    table: tuple[tuple[str, tuple[str, ...], str, str, float], ...] = (
        ("dense", ("dense",), "scikit-learn", "scikit-learn's best", 10.0),
        ("dense", ("dense",), "glum", "glum", 10.0),
        ("dense", ("dense",), "intelex", "scikit-learn-intelex's best", 5.0),
        ("wide", ("wide",), "scikit-learn", "scikit-learn's best", 3.0),
        ("wide", ("wide",), "intelex", "scikit-learn-intelex's best", 2.5),
        ("wide", ("wide",), "glum", "glum", 20.0),
        ("hard", ("hard",), "", "the best that reaches 1e-6", 8.0),
    )
    for label, groups, start, whom, least in table:
        yield from _at_least(_groups(results, *groups), start, least, f"{label}, against {whom}")


def _reads(results: Results) -> Iterator[Verdict]:
    cases = [case for case in _groups(results, "dense") if case.said]
    if cases:
        worst = max(cases, key=lambda case: case.said["reads"])
        reads = worst.said["reads"]
        yield Verdict("dense, full passes", "≤ 6", f"{reads:g}", worst.name, reads <= 6)


def _proved(results: Results) -> Iterator[Verdict]:
    cases = _groups(results, "hard")
    if cases:
        open_ = [case.name for case in cases if not (case.said.get("proved") and case.gap <= 1e-9)]
        found = f"{len(cases) - len(open_)} of {len(cases)}"
        yield Verdict("hard, proved and at 1e-9", "all", found, ", ".join(open_), not open_)


def _small(results: Results) -> Iterator[Verdict]:
    cases = [case for case in _groups(results, "small") if case.seconds]
    if not cases:
        return
    worst = max(cases, key=lambda case: median(ours_seconds(case)))
    seconds = median(ours_seconds(worst))
    yield Verdict("small, time", "≤ 2 ms", f"{seconds * 1e3:.2g} ms", worst.name, seconds <= 2e-3)
    slow = [
        (cell.middle / _at_equal_accuracy(case), f"{case.name}, {row.rival}")
        for case in cases
        for row in case.rivals
        if row.rival != OURS_TO
        and isinstance(cell := at_level(case, row, _LEVEL), Ratio)
        and cell.seconds > 2e-3
    ]
    if slow:
        ratio, where = min(slow)
        what = "small, against rivals that need over 2 ms"
        yield Verdict(what, "≥ 3x", f"{ratio:.3g}x", where, ratio >= 3.0)


def _kernel(results: Results) -> Iterator[Verdict]:
    few: Callable[[KernelResult], bool]
    for what, least, few in (
        ("kernel, d ≥ 30, of the read rate", 0.6, lambda one: one.columns >= 30),
        ("kernel, d = 10, of the read rate", 0.5, lambda one: one.columns == 10),
    ):
        found = [
            (share(one), f"d = {one.columns}, {one.dtype}") for one in filter(few, results.kernel)
        ]
        if found:
            worst, where = min(found)
            yield Verdict(what, f"≥ {least:g}", f"{worst:.2f}", where, worst >= least)


def share(one: KernelResult) -> float:
    """Return which part of the read rate the kernel reaches: the median over the pairs."""
    return median(r / k for k, r in zip(one.kernel, one.read, strict=True))


def _memory(results: Results) -> Iterator[Verdict]:
    cases = [(case.memory, case.name) for case in results.cases if case.memory is not None]
    if cases:
        worst, where = max(cases)
        found = f"{worst / _MEGABYTE:.0f} MB"
        yield Verdict("memory beyond X", "< 100 MB", found, where, worst < 100 * _MEGABYTE)


def _beyond(results: Results) -> Iterator[Verdict]:
    found = results.beyond_memory
    if not found or found.get("remark"):
        return
    where = f"{found['rows']:,} rows × {found['columns']} columns"
    peak, reads = found["peak"] / _MEGABYTE, found["reads"]
    ratio = found["seconds"] / found["decode_seconds"]
    allowed = found["memory"] / _MEGABYTE
    yield Verdict(
        "beyond memory, peak", f"< {allowed:.0f} MB", f"{peak:.0f} MB", where, peak < allowed
    )
    yield Verdict("beyond memory, reads", "≤ 6", f"{reads:g}", where, reads <= 6)
    what = "beyond memory, over merely decoding as often"
    yield Verdict(what, "≤ 3x", f"{ratio:.2g}x", where, ratio <= 3.0)


_CHECKS: tuple[Callable[[Results], Iterator[Verdict]], ...] = (
    _ratios,
    _reads,
    _proved,
    _small,
    _kernel,
    _memory,
    _beyond,
)
