"""Views of blocks through a function of a block: some of the columns, or other weights.

Nothing is copied but what a block needs while it is worked on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sigmoide.blocks.block import Array, Block, View
from sigmoide.blocks.blocks import Blocks


def some_columns(blocks: Blocks, columns: Sequence[int]) -> Blocks:
    """Return blocks with these columns only, in this order; neighbours are not copied."""
    chosen = np.asarray(columns, dtype=np.int64)
    names = tuple(blocks.names[j] for j in chosen)
    neighbours = len(chosen) > 0 and bool((np.diff(chosen) == 1).all())
    at: Any = slice(int(chosen[0]), int(chosen[-1]) + 1) if neighbours else chosen
    return blocks.with_view(View(names, lambda block: replace(block, X=block.X[:, at])))


def reweighted(blocks: Blocks, weights: Callable[[Block], Array]) -> Blocks:
    """Return blocks with other weights: rows of weight 0 are gone, and are counted by a read.

    Parameters
    ----------
    blocks : Blocks
        The rows.
    weights : callable
        From a block to the weights of its rows, 0 or more; shape (rows,).
    """

    def see(block: Block) -> Block:
        weight = weights(block)
        stay = np.flatnonzero(weight > 0.0)
        anew = replace(block, weight=weight)
        return anew if len(stay) == len(weight) else anew.only(stay)

    return blocks.filtered(see)
