"""How far rounding goes in the compiled sums: the most additions that one product goes through.

The lengths that the kernels work in stand here, so that a proof can count them without a compiler.
A block is at least one group, whatever its rows.
"""

from __future__ import annotations

from sigmoide.blocks.block import depth

# Rows of a group, as lanes of a vector; additions in it: a chain of four, and two chains joined.
GROUP, IN_GROUP = 8, 4

# The gradient: rows of a tile, and rows after which its sums go over to a tree.
TILE, CARRY = 32, 128
# Gradient and Hessian: rows of a tile, after each of which the gradient's sums go over to a tree;
# tiles after which those of the Hessian are added to the ones before.
LONG_TILE, TILES = 128, 16


def of_slope(rows_per_block: int, n_blocks: int) -> int:
    """Return the most additions of one product of a gradient, over all rows."""
    return _by_groups(CARRY, rows_per_block) + depth(n_blocks)


def of_vectors(rows_per_block: int, n_blocks: int) -> int:
    """Return the same for a gradient that comes with a Hessian."""
    return _by_groups(LONG_TILE, rows_per_block) + depth(n_blocks)


def of_hessian(rows_per_block: int, n_blocks: int) -> int:
    """Return the same for the Hessian: row by row in a tile, tile by tile."""
    tiles = -(-rows_per_block // LONG_TILE)
    within = min(LONG_TILE, rows_per_block) + min(TILES, tiles) + -(-tiles // TILES)
    return within + depth(n_blocks)


def _by_groups(carry: int, rows: int) -> int:
    return IN_GROUP + -(-min(carry, rows) // GROUP) + depth(-(-rows // carry))
