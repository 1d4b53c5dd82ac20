"""Memory for blocks, used again: to ask the system for it anew takes as long as to fill it."""

from __future__ import annotations

import sys
from threading import local

import numpy as np

from sigmoide.blocks.block import Array

# Blocks that a thread may have in use at a time, before its memory is no more used again.
_KEPT = 2
# Up to so many columns stand side by side: each is written in one stretch, and kernels read them as
# fast as rows.
_SIDE_BY_SIDE = 60
# References to an array that nobody else refers to: the list, the loop, and the question itself.
_OURS = 3


class Spare:
    """Arrays for X, each handed out again when nobody refers to it any more.

    A view of an array refers to it, too: so whoever keeps a part of a block keeps its numbers.
    """

    def __init__(self) -> None:
        self._own = local()

    def array(self, rows: int, columns: int) -> Array:
        """Return an array of that shape, its numbers whatever they were."""
        held: list[Array] = self._own.__dict__.setdefault("held", [])
        size = rows * columns
        for memory in held:
            if len(memory) >= size and sys.getrefcount(memory) <= _OURS:
                return _shaped(memory, rows, columns)
        memory = np.empty(size)
        held.append(memory)
        del held[:-_KEPT]
        return _shaped(memory, rows, columns)


def _shaped(memory: Array, rows: int, columns: int) -> Array:
    held = memory[: rows * columns]
    if columns <= _SIDE_BY_SIDE:
        return held.reshape(columns, rows).T
    return held.reshape(rows, columns)
