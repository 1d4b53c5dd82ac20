"""The reference sets as blocks: the design matrix that R had, column for column."""

from __future__ import annotations

from functools import cache

import numpy as np

from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.fit.driver import fit_blocks
from sigmoide.results.records import Fit, Settings
from support.reference_sets import reference


def blocks_of(name: str, block_rows: int | None = None) -> Blocks:
    """Return the rows of a set, aliased columns left out, in blocks of so many rows."""
    ref = reference(name)
    n = len(ref.yl)
    return array_blocks(
        ref.Xl[:, 1:],
        ref.yl,
        ref.wl,
        np.zeros(n),
        tuple(ref.names[1:]),
        block_rows=block_rows,
        threads=1,
    )


@cache
def fit_of(name: str, block_rows: int | None = None) -> Fit:
    return fit_blocks(blocks_of(name, block_rows), True, Settings())


def terms_of(name: str) -> dict[str, list[int]]:
    """Return the terms of a set: from the column of its table to those of its design matrix."""
    ref = reference(name)
    found: dict[str, list[int]] = {}
    for column in ref.j["design_columns"][1:]:
        if column["name"] in ref.names:
            found.setdefault(column["column"], []).append(ref.names.index(column["name"]) - 1)
    return found
