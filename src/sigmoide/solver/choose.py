"""Which way a problem is solved, and why: one table, in reads of the data.

| way | when | cost |
|---|---|---|
| Newton, full Hessians | few numbers, or a sample would be most of the rows | a Hessian a step |
| sampled start, then quasi-Newton | otherwise | the start's Hessians, then one read a step |

A Hessian of m of n rows with p coordinates costs about (m/n) (p/4) reads, for its p^2 products a
row against the p numbers that a read moves. Steps preconditioned by the Hessian of m rows shrink
the error by about p/m each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

# So few products are done before a compiled kernel could be loaded.
_FEW_PRODUCTS = 3e7
# Hessians that a start needs at its largest sample.
_START_HESSIANS = 2.5
# The error that the start leaves, over the one that is wanted.
_TO_GO = 1e9
_LEAST_ROWS = 20
# Numbers that the rows of a sample may hold: 64 MiB of them, wherever all rows live.
_MOST_NUMBERS = 1 << 23


@dataclass(frozen=True, slots=True)
class Plan:
    """How to solve.

    Attributes
    ----------
    way : {"newton", "sampled"}
        The way.
    sample : int
        Rows of the largest sample; 0 for Newton.
    """

    way: Literal["newton", "sampled"]
    sample: int = 0


def plan(rows: int, size: int) -> Plan:
    """Choose the way for so many rows and coordinates."""
    if rows * float(size) ** 2 < _FEW_PRODUCTS:
        return Plan("newton")
    least, most = _LEAST_ROWS * size, min(rows // 3, most_held(size))
    if least > most:
        return Plan("newton")
    grid = [round(least * (most / least) ** (k / 60)) for k in range(61)]
    return Plan("sampled", min(grid, key=lambda m: sampled_cost(m, rows, size)))


def most_held(size: int) -> int:
    """Return how many rows of so many coordinates a sample may hold in memory."""
    return _MOST_NUMBERS // max(size, 1)


def sampled_cost(sample: int, rows: int, size: int) -> float:
    """Return the reads that a sampled start and the steps after it cost together."""
    start = _START_HESSIANS * (sample / rows) * (size / 4)
    steps = math.log(_TO_GO) / math.log(sample / size)
    return start + steps
