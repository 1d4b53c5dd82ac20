"""Memory for blocks, used again: to ask the system for it anew takes as long as to fill it."""

from __future__ import annotations

import sys
from threading import local

import numpy as np

from sigmoide.data.blocks import Array

# Blocks that a thread may have in use at a time, before its memory is no more used again.
_KEPT = 2
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
                return memory[:size].reshape(rows, columns)
        memory = np.empty(size)
        held.append(memory)
        del held[:-_KEPT]
        return memory.reshape(rows, columns)
