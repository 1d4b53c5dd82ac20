"""The order in which compiled kernels add up is the one that a proof counts the roundings of.

At eta = 0 the residuals are one half and the weights of the Hessian one quarter: products are exact
here, so that a model in Python of the order of the additions has to give the kernels' bits. It
counts, on the way, the additions that each product goes through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sigmoide.kernels.compiled import additions, curvature
from sigmoide.kernels.compiled import slope as cpu
from sigmoide.kernels.compiled.additions import CARRY, GROUP, LONG_TILE, TILES
from support.kernels import plain


@dataclass(frozen=True)
class Counted:
    """A sum, and the most additions that a term of it went through."""

    value: float
    deep: int = 0

    def __add__(self, other):
        return Counted(self.value + other.value, max(self.deep, other.deep) + 1)


NOTHING = Counted(0.0)


def in_group(terms):
    """Add up eight terms: the even ones in a chain, the odd ones in another."""
    even, odd = terms[0], terms[1]
    for k in range(2, GROUP, 2):
        even, odd = even + terms[k], odd + terms[k + 1]
    return even + odd


def in_tree(terms, carry):
    """Add up groups one after another, and what they yield in a tree."""
    tree, held = {}, NOTHING
    filled = list(terms) + [NOTHING] * (-len(terms) % GROUP)
    for first in range(0, len(filled), GROUP):
        held = held + in_group(filled[first : first + GROUP])
        if first + GROUP <= len(terms) and (first + GROUP) % carry == 0:
            level = 0
            while level in tree:
                held = held + tree.pop(level)
                level += 1
            tree[level], held = held, NOTHING
    for level in sorted(tree):
        held = held + tree[level]
    return held


def row_by_row(terms):
    """Add up products of a Hessian: tile by tile, and some tiles apart."""
    total, some = NOTHING, NOTHING
    tiles = range(0, len(terms), LONG_TILE)
    apart = len(terms) > LONG_TILE * TILES
    for count, first in enumerate(tiles, start=1):
        tile = NOTHING
        for term in terms[first : first + LONG_TILE]:
            tile = tile + term
        some = some + tile
        if apart and count % TILES == 0:
            total, some = total + some, NOTHING
    return total + some if apart else some


def few_digits(n, d):
    """Return rows whose products with one another are floats."""
    rng = np.random.default_rng(n)
    return np.ldexp(rng.integers(-(2**25), 2**25, size=(n, d)).astype(float), -12)


SIZES = (1, 7, 8, 33, 128, 129, 1000, 2048, 2049, 5000)


@pytest.mark.parametrize("n", SIZES)
def test_gradients(n):
    X = np.random.default_rng(n).normal(size=(n, 2)) * 1e3
    y = (np.arange(n) % 3 == 0).astype(float)
    block, frame, theta = plain(X, y)
    with_hessian = curvature.local_at(frame, theta)(block).gradient
    for found, carry, most in (
        (cpu.slope(block, frame, theta).gradient, CARRY, additions.of_slope(n, 1)),
        (with_hessian, LONG_TILE, additions.of_vectors(n, 1)),
    ):
        for j in range(2):
            counted = in_tree([Counted(z) for z in (y - 0.5) * X[:, j]], carry)
            assert found[j] == -counted.value
            assert counted.deep <= most


@pytest.mark.parametrize("n", SIZES)
def test_hessians(n):
    X = few_digits(n, 3)
    block, frame, theta = plain(X)
    found = curvature.local_at(frame, theta)(block).hessian
    for j in range(3):
        for k in range(3):
            counted = row_by_row([Counted(z) for z in 0.25 * X[:, j] * X[:, k]])
            assert found[j, k] == counted.value
            assert counted.deep <= additions.of_hessian(n, 1)


def test_blocks_add_their_depth():
    for bound in (additions.of_slope, additions.of_vectors, additions.of_hessian):
        assert bound(1 << 16, 1000) == bound(1 << 16, 1) + 10
        assert bound(64, 1) <= bound(256, 1) <= bound(4096, 1) <= bound(1 << 16, 1)
    assert additions.of_slope(1 << 16, 1) <= 32
    assert additions.of_hessian(1 << 16, 1) <= 200
