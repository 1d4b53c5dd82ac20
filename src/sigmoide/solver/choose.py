"""Choice of the solver by what it costs, in reads of the data: one table.

| solver | cost | when it turns out wrong |
|---|---|---|
| ``newton``: full Hessians from the base rate | 8 reads and Hessians | |
| ``sampled``: Newton on m rows, steps with their Hessian | see below | it anew, ``newton`` |
| ``diagonal``: with variances, and few directions | 50 reads | ``sampled``, ``newton`` |

The cheapest is taken. A Hessian of some rows costs as much as reading them 2 + p/20 times, for its
p^2 products a row against the p numbers that a read moves, and its factor p^3/3 products more.
Steps with the Hessian of m rows shrink the error by about (4 p/m)^(1/2) each: by (p/m)^(1/2) where
the rows count alike, and one in four does where they do not. How many reads a diagonal takes is
known only on the way, 30 where columns are independent, hundreds where they are not; so each way is
given up as soon as its last steps foretell a cost well above that of the next.

Where standard errors are wanted, so that a Hessian of all rows is needed anyway, full Newton steps
may follow the sampled start: few columns make them as cheap as the others, and they are fewer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

# Full Newton steps from the base rate to the optimum, and from near it.
_NEWTON_READS, _NEWTON_READS_NEAR = 8, 5
_DIAGONAL_READS = 50
# Hessians of its largest sample that a start costs: one there, and those of the smaller ones.
_START_HESSIANS = 1.5
# What is read in the time that a start and a step take whatever the data, in numbers.
_START_NUMBERS, _STEP_NUMBERS = 1.2e7, 4e5
# Rows drawn cost as much as reading them so many times: they lie far apart.
_DRAWN = 5.0
# The error that the start leaves, over the one that is wanted.
_TO_GO = 1e9
# The same where standard errors are wanted, and with them a finer tolerance.
_TO_GO_FAR = 1e12
# Full Newton steps after a sampled start: each squares the error.
_NEWTON_READS_STARTED = 4
# What a read costs wherever the rows live, beside what is computed meanwhile: from a disk it is
# more, in memory less. The choice must not depend on that, for the bits do not.
_FETCHED = 3.0
# Rows of a sample of which one counts.
_UNLIKE = 4
# Numbers that the rows of a sample may hold: 64 MiB of them, wherever all rows live.
_MOST_NUMBERS = 1 << 23
# So few products of so few numbers Newton has done before another way has begun.
_FEW_NUMBERS, _FEW_PRODUCTS = 1 << 17, 4e7
# A matrix of more coordinates is too much memory.
_MOST_COORDINATES = 1500

SolverName = Literal["newton", "sampled", "diagonal"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to solve.

    Attributes
    ----------
    solver : {"newton", "sampled", "diagonal"}
        The solver.
    sample : int
        Rows of the largest sample; 0 where none is drawn.
    reads : float
        What it is expected to cost, in reads of all rows.
    """

    solver: SolverName
    sample: int = 0
    reads: float = 0.0


def plan(rows: int, size: int) -> Plan:
    """Choose the solver for so many rows and coordinates."""
    # There may be none: nothing is to be solved then, or it is refused.
    rows, size = max(rows, 1), max(size, 1)
    slowly = _DIAGONAL_READS * (1.0 + _STEP_NUMBERS / (rows * size))
    plans = [Plan("diagonal", 0, slowly)]
    if size <= _MOST_COORDINATES:
        if rows * size <= _FEW_NUMBERS and rows * float(size) ** 2 < _FEW_PRODUCTS:
            return Plan("newton", 0, newton_reads(rows, size, near=False))
        plans.append(Plan("newton", 0, newton_reads(rows, size, near=False)))
        sample = best_sample(rows, size)
        if sample:
            plans.append(Plan("sampled", sample, sampled_reads(sample, rows, size)))
    return min(plans, key=lambda one: one.reads)


def hessian_reads(size: int) -> float:
    """Return what a Hessian of some rows costs, in reads of these rows."""
    return 2.0 + size / 20.0


def newton_reads(rows: int, size: int, *, near: bool) -> float:
    """Return the cost of full Newton steps, from the base rate or from near the optimum."""
    factor = size**2 / (90.0 * rows)
    each = 1.0 + hessian_reads(size) + factor + _STEP_NUMBERS / (rows * size)
    return (_NEWTON_READS_NEAR if near else _NEWTON_READS) * each


def sampled_reads(sample: int, rows: int, size: int) -> float:
    """Return what a sampled start and the steps after it cost together."""
    start = (sample / rows) * (_START_HESSIANS * hessian_reads(size) + _DRAWN)
    start += _START_NUMBERS / (rows * size)
    each = 1.0 + _STEP_NUMBERS / (rows * size)
    return start + 2.0 * math.log(_TO_GO) / math.log(sample / (_UNLIKE * size)) * each


def newton_follows(sample: int, size: int) -> bool:
    """Return whether full Newton steps go on from a sampled start, if the last is needed anyway."""
    steps = 2.0 * math.log(_TO_GO_FAR) / math.log(sample / (_UNLIKE * size))
    full = 1.0 + hessian_reads(size) + _FETCHED
    return _NEWTON_READS_STARTED * full < steps * (1.0 + _FETCHED) + full


def best_sample(rows: int, size: int) -> int:
    """Return the rows of the sample that costs least; 0 if none can be of use."""
    least, most = (_UNLIKE + 1) * size, min(rows // 2, most_sampled(size))
    if least > most:
        return 0
    grid = [int(least * (most / least) ** (k / 60)) for k in range(61)]
    return min(grid, key=lambda m: sampled_reads(m, rows, size))


def most_sampled(size: int) -> int:
    """Return how many rows of so many coordinates a sample may hold in memory."""
    return _MOST_NUMBERS // max(size, 1)
