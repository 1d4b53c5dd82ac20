"""Columns of X that are products of the columns of factors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.blocks.block import Array
from sigmoide.design.design import Coding, Design

# A factor in some rows: codes of levels, shape (n,), or columns, shape (width, n).
Piece = NDArray[Any]

# Rows that are multiplied at a time: few enough to stay in the cache.
_ROWS = 1 << 12


def fill_products(X: Array, design: Design, pieces: Sequence[Piece]) -> None:
    """Write the products of a design.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        Where to.
    design : Design
        With products.
    pieces : sequence of ndarray
        For each coding its codes, -1 where there is none, or its columns.
    """
    wanted = {part for made in design.products for part in made.parts}
    tables = {
        (number, full): contrasts(design.codings[number], full=full)
        for number, full in wanted
        if design.codings[number].levels
    }
    for low in range(0, len(X), _ROWS):
        rows = slice(low, low + _ROWS)
        held = {}
        for part in wanted:
            piece = pieces[part[0]]
            held[part] = tables[part][:, piece[rows]] if part in tables else piece[:, rows]
        position = 0
        for made in design.products:
            block = held[made.parts[0]]
            for part in made.parts[1:]:
                # The first factor changes fastest.
                more = held[part][:, None, :] * block[None, :, :]
                block = more.reshape(-1, more.shape[2])
            X[rows, position : position + len(block)] = block.T
            position += len(block)


def contrasts(coding: Coding, *, full: bool) -> Array:
    """Return what each level is in each column; shape (width, levels + 1), the last of none."""
    k = len(coding.levels)
    whole = np.zeros((k, k + 1))
    whole[np.arange(k), np.arange(k)] = 1.0
    if full or coding.reference is None:
        return _with_missing(coding, whole)
    omitted = coding.levels.index(coding.reference)
    fewer = np.delete(whole, omitted, axis=0)
    if coding.contrast == "sum":
        fewer[:, omitted] = -1.0
    return _with_missing(coding, fewer)


def _with_missing(coding: Coding, table: Array) -> Array:
    """Add the column that says which values are missing, where there is one."""
    if not coding.indicator:
        return table
    missing = np.zeros((1, table.shape[1]))
    missing[0, -1] = 1.0
    return np.concatenate([table, missing])
