"""Rows that are not in memory: loaded, used and let go, block by block."""

from __future__ import annotations

from typing import Protocol

from sigmoide.blocks.arrays import rows_per_block
from sigmoide.blocks.block import Block, Counts, up_to_last
from sigmoide.blocks.blocks import Blocks


class Loader(Protocol):
    """Where the rows come from. Several threads ask at once."""

    @property
    def n_rows(self) -> int:
        """Rows of the source, those left out included."""
        ...

    def rows(self, low: int, high: int) -> Block:
        """Return what is used of the source's rows low, ..., high - 1."""
        ...

    def counts(self, block_rows: int) -> Counts:
        """Return the rows used, and the events among them, in each block of so many rows."""
        ...


class Stretches:
    """Rows that a loader brings in anew for each read, in stretches of so many source rows.

    Parameters
    ----------
    loader : Loader
        Where the rows come from.
    names : tuple of str
        Names of the columns.
    block_rows : int
        Source rows in a block.
    """

    def __init__(self, loader: Loader, names: tuple[str, ...], block_rows: int) -> None:
        self.loader, self.names, self.rows_per_block = loader, names, block_rows
        self.counts = up_to_last(loader.counts(block_rows))
        self.n_blocks = len(self.counts[0])

    def load(self, number: int) -> Block:
        """Return what is used of one stretch."""
        low = number * self.rows_per_block
        return self.loader.rows(low, min(low + self.rows_per_block, self.loader.n_rows))


def streamed_blocks(
    loader: Loader,
    names: tuple[str, ...],
    *,
    block_rows: int | None = None,
    threads: int | None = None,
) -> Blocks:
    """Return the blocks of a loader's rows; their size is by default as in memory.

    The blocks, the sums and the rows drawn are those of the same rows in memory, bit for bit.
    """
    size = block_rows or rows_per_block(len(names))
    return Blocks(Stretches(loader, names, size), threads=threads)
