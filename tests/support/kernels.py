"""Blocks and frames that kernels are tried on."""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.block import Block
from sigmoide.problem.frame import Frame


def problem(n, d, seed=0, dtype=np.float64, reach=2.0, intercept=True, order="C"):
    """Return a block of random rows, a frame with scales of its own, and a point."""
    rng = np.random.default_rng(seed)
    X = np.asarray(rng.normal(size=(n, d)), dtype=dtype, order=order)
    block = Block(
        X,
        (rng.random(n) < 0.4).astype(float),
        rng.uniform(0.1, 3.0, size=n),
        rng.normal(size=n),
        np.arange(n),
    )
    frame = Frame(
        np.arange(d),
        rng.normal(size=d) if intercept else np.zeros(d),
        rng.integers(-3, 4, size=d),
        intercept,
    )
    return block, frame, rng.normal(size=frame.size) * reach / np.sqrt(d + 1)


def with_rows(block, X):
    """Return the block with its X laid out in another way."""
    return Block(X, block.y, block.weight, block.offset, block.rows)


def layouts(X):
    """Return the same numbers, laid out in all the ways that arrays may be."""
    n, d = X.shape
    wide = np.zeros((2 * n, 3 * d), dtype=X.dtype)
    wide[::2, ::3] = X
    padded = np.zeros((n, d + 5), dtype=X.dtype)
    padded[:, 2 : d + 2] = X
    deep = np.zeros((n + 7, d), dtype=X.dtype, order="F")
    deep[3 : n + 3] = X
    fixed = X.copy()
    fixed.flags.writeable = False
    return {
        "columns side by side": np.asfortranarray(X),
        "some of the rows, columns side by side": deep[3 : n + 3],
        "some columns of rows": padded[:, 2 : d + 2],
        "every second row, every third column": wide[::2, ::3],
        "last row first": np.ascontiguousarray(X[::-1])[::-1],
        "last column first": np.ascontiguousarray(X[:, ::-1])[:, ::-1],
        "read-only": fixed,
    }


def plain(X, y=None):
    """Return rows of weight 1 without offset, a frame that leaves them as they are, and zero."""
    n, d = X.shape
    y = np.zeros(n) if y is None else y
    block = Block(X, y, np.ones(n), np.zeros(n), np.arange(n))
    frame = Frame(np.arange(d), np.zeros(d), np.zeros(d, dtype=np.int64), False)
    return block, frame, np.zeros(d)
