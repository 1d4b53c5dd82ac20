"""Problems of a known nature: separated, aliased, nearly aliased, overlapping.

What a problem is, it is *as held*: the floats of its columns are taken as the exact rationals
that they are. So a column that a formula makes a combination of others, and that rounding then
moves by one unit in the last place, is not aliased but nearly aliased: its Hessian is regular and
its optimum, somewhere, unique. Where exactness is wanted, columns are multiples of 2^-10 and
combinations are of whole numbers, which float64 adds and multiplies without rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from sigmoide.blocks.block import Block
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.moments import moments
from sigmoide.problem.frame import Frame, frame_of

Array = np.ndarray
Rng = np.random.Generator


@dataclass(frozen=True)
class Problem:
    """Rows, and what is known of them.

    ``direction`` is (b, w) that separates the classes, or the combination that is zero, if any.
    """

    X: Array
    y: Array
    weight: Array
    offset: Array
    alpha: Array
    kind: str = ""
    direction: list[Fraction] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"x{j}" for j in range(self.X.shape[1]))

    def blocks(self, block_rows: int | None = None, threads: int = 1) -> Blocks:
        return array_blocks(
            self.X,
            self.y,
            self.weight,
            self.offset,
            self.names,
            block_rows=block_rows,
            threads=threads,
        )

    def frame(self, intercept: bool = True) -> Frame:
        return frame_of(self.blocks().reduce(moments), intercept)


def whole_block(p: Problem) -> Block:
    """Return all rows as one block."""
    return Block(p.X, p.y, p.weight, p.offset, np.arange(len(p.y)))


def problem(
    X: Array,
    y: Array,
    weight: Array | None = None,
    offset: Array | None = None,
    alpha: Array | float = 0.0,
    kind: str = "",
    direction: list[Fraction] | None = None,
) -> Problem:
    """Return a problem, with weights of one, no offset and no penalty where none are given."""
    n, d = X.shape
    return Problem(
        np.ascontiguousarray(X, dtype=np.float64),
        np.asarray(y, dtype=np.float64),
        np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64),
        np.zeros(n) if offset is None else np.asarray(offset, dtype=np.float64),
        np.full(d, alpha, dtype=np.float64) if np.isscalar(alpha) else np.asarray(alpha),
        kind,
        direction or [],
    )


# --- columns


def dyadic(x: Array) -> Array:
    """Round to multiples of 2^-10 below 2^20 in size: sums of a few products stay exact."""
    return np.clip(np.round(x * 1024.0) / 1024.0, -(2.0**20), 2.0**20)


def column(rng: Rng, n: int) -> Array:
    """Return one column: binary, counted, normal, or heavy-tailed; multiples of 2^-10."""
    kind = rng.integers(6)
    if kind == 0:
        x = (rng.random(n) < rng.uniform(0.1, 0.9)).astype(np.float64)
    elif kind == 1:
        x = rng.poisson(3.0, n).astype(np.float64)
    elif kind == 2:
        x = rng.standard_t(2, n)
    elif kind == 3:
        x = rng.lognormal(0.0, 2.0, n)
    else:
        x = rng.normal(rng.choice([0.0, 100.0]), 1.0, n)
    return dyadic(x)


def columns(rng: Rng, n: int, d: int) -> Array:
    return np.column_stack([column(rng, n) for _ in range(d)]) if d else np.empty((n, 0))


def weights(rng: Rng, n: int) -> Array:
    """Return ones, frequencies, or weights over six orders of magnitude."""
    kind = rng.integers(3)
    if kind == 0:
        return np.ones(n)
    if kind == 1:
        return rng.integers(1, 20, n).astype(np.float64)
    return 10.0 ** rng.uniform(-3.0, 3.0, n)


def coin(rng: Rng, n: int, p: float = 0.5) -> Array:
    """Return a target that the columns say nothing about, both classes in it."""
    y = (rng.random(n) < p).astype(np.float64)
    y[:2] = [0.0, 1.0]
    return rng.permutation(y)


# --- scales


def rescaled(p: Problem, factors: Array) -> Problem:
    """Multiply each column by a factor, and what is known of the problem with it.

    The direction is divided by the factors: whether it still holds for the products as they are
    rounded is for the caller to check.
    """
    known = p.direction and [
        p.direction[0],
        *(v / Fraction(float(f)) for v, f in zip(p.direction[1:], factors, strict=True)),
    ]
    return replace(p, X=p.X * factors, direction=known)


def decimal_scales(rng: Rng, d: int) -> Array:
    """Return 1e-8, 1 or 1e8 for each column; products with the first are rounded."""
    return rng.choice([1e-8, 1.0, 1e8], d)


def exact_scales(rng: Rng, d: int) -> Array:
    """Return 2^-27 (about 1e-8), 1 or 2^27 for each column: products are exact."""
    return rng.choice([2.0**-27, 1.0, 2.0**27], d)


def shape(rng: Rng) -> tuple[int, int]:
    """Return a number of rows, mostly small, and of columns."""
    return int(rng.choice([8, 15, 30, 60, 120])), int(rng.integers(1, 5))


# --- separated


def pure_level(rng: Rng) -> Problem:
    """One level of a binary column holds one class only; the other columns say nothing."""
    n, d = shape(rng)
    low, high = dyadic(rng.normal(0.0, 3.0)), dyadic(rng.normal(0.0, 3.0))
    high = high + (high == low)
    g = rng.random(n) < rng.choice([0.05, 0.3])
    g[0], g[1:3] = True, False
    X, y = columns(rng, n, d), coin(rng, n)
    event = bool(rng.integers(2))
    y[g], y[1:3] = float(event), [0.0, 1.0]
    at = int(rng.integers(d))
    X[:, at] = np.where(g, high, low)
    factors = decimal_scales(rng, d)
    X = X * factors
    # u = (x - low)(high - low), signed: exactly 0 on the mixed level whatever the factor is.
    floor, top = Fraction(float(low * factors[at])), Fraction(float(high * factors[at]))
    slope = (1 if event else -1) * (1 if top > floor else -1)
    direction = [Fraction(0)] * (d + 1)
    direction[0], direction[at + 1] = -slope * floor, Fraction(slope)
    return problem(X, y, weights(rng, n), kind="quasi: pure level", direction=direction)


def hyperplane(rng: Rng) -> Problem:
    """Some rows of both classes lie in a plane exactly, the others on their sides of it."""
    n, d = shape(rng)
    w = rng.integers(-3, 4, d).astype(np.float64)
    w[-1] = rng.choice([-1.0, 1.0])
    b = float(rng.integers(-2, 3))
    X, y = columns(rng, n, d), coin(rng, n)
    apart = rng.random(n) < rng.choice([0.05, 0.5, 1.0])
    apart[0] = True
    margin = np.where(apart, dyadic(rng.lognormal(0.0, 2.0, n)) + 2.0**-10, 0.0)
    X[:, -1] = w[-1] * ((2.0 * y - 1.0) * margin - b - X[:, :-1] @ w[:-1])
    kind = "complete: plane" if apart.all() else "quasi: plane"
    direction = [Fraction(b), *(Fraction(v) for v in w)]
    p = problem(X, y, weights(rng, n), kind=kind, direction=direction)
    return rescaled(p, exact_scales(rng, d))


def threshold(rng: Rng) -> Problem:
    """One column separates completely, or up to ties of both classes at the threshold."""
    n, d = shape(rng)
    X = columns(rng, n, d)
    at = int(rng.integers(d))
    x = dyadic(rng.standard_t(2, n))
    x[:2] = [-1.0, 1.0]
    y = (x > 0.0).astype(np.float64)
    ties = rng.random(n) < rng.choice([0.0, 0.3])
    ties[:2] = False
    x[ties] = 0.0
    y[ties] = coin(rng, max(int(ties.sum()), 2))[: ties.sum()]
    # A margin of 2^-10 survives the rounding of a product with 1e-8; zero stays zero.
    X[:, at] = x
    direction = [Fraction(0)] * (d + 1)
    direction[at + 1] = Fraction(1)
    kind = "quasi: threshold" if (x == 0.0).any() else "complete: threshold"
    p = problem(X, y, weights(rng, n), kind=kind, direction=direction)
    return rescaled(p, decimal_scales(rng, d))


def wide_margin(rng: Rng) -> Problem:
    """A plane through all columns separates completely, by a margin that survives rounding."""
    n, d = shape(rng)
    w = rng.integers(1, 4, d) * rng.choice([-1.0, 1.0], d)
    X, y = columns(rng, n, d), coin(rng, n)
    margin = (2.0 * y - 1.0) * (rng.lognormal(0.0, 2.0, n) + 0.01)
    X[:, -1] = (margin - X[:, :-1] @ w[:-1]) / w[-1]
    direction = [Fraction(0), *(Fraction(v) for v in w)]
    p = problem(X, y, weights(rng, n), kind="complete: plane", direction=direction)
    return rescaled(p, decimal_scales(rng, d))


SEPARATED: tuple[Callable[[Rng], Problem], ...] = (pure_level, hyperplane, threshold, wide_margin)


# --- aliased


def combination(rng: Rng) -> Problem:
    """The last column is a combination of whole multiples of the others and of 1, exactly."""
    n, d = shape(rng)
    d = max(d, 2)
    X = columns(rng, n, d)
    w = rng.integers(-3, 4, d - 1).astype(np.float64)
    w[rng.integers(d - 1)] = rng.choice([-1.0, 1.0, 2.0])
    b = float(rng.integers(-5, 6))
    X[:, -1] = b + X[:, :-1] @ w
    known = [Fraction(b), *(Fraction(v) for v in w), Fraction(-1)]
    p = problem(X, coin(rng, n), weights(rng, n), kind="aliased: combination", direction=known)
    return rescaled(p, exact_scales(rng, d))


def constant(rng: Rng) -> Problem:
    """One column is constant, at any value."""
    n, d = shape(rng)
    X = columns(rng, n, d) * decimal_scales(rng, d)
    at = int(rng.integers(d))
    value = float(rng.choice([0.1, -1e8 / 3.0, 1e-9, 0.0, rng.normal()]))
    X[:, at] = value
    known = [Fraction(0)] * (d + 1)
    known[0], known[at + 1] = -Fraction(value), Fraction(1)
    return problem(X, coin(rng, n), weights(rng, n), kind="aliased: constant", direction=known)


def duplicate(rng: Rng) -> Problem:
    """Two columns are the same, up to sign and a power of two, after any rounding."""
    n, d = shape(rng)
    d = max(d, 2)
    X = columns(rng, n, d) * decimal_scales(rng, d)
    times = float(rng.choice([1.0, -1.0, -(2.0**27), 2.0**-27]))
    X[:, -1] = times * X[:, 0]
    known = [Fraction(0)] * (d + 1)
    known[1], known[-1] = -Fraction(times), Fraction(1)
    return problem(X, coin(rng, n), weights(rng, n), kind="aliased: duplicate", direction=known)


def dummies(rng: Rng) -> Problem:
    """The dummies of every level of a factor: they add up to one."""
    n, d = shape(rng)
    d = max(d, 3)
    level = rng.integers(3, size=n)
    X = columns(rng, n, d)
    X[:, -3:] = level[:, None] == np.arange(3)
    known = [Fraction(0)] * (d + 1)
    known[0], known[-3:] = Fraction(-1), [Fraction(1)] * 3
    p = problem(X, coin(rng, n), weights(rng, n), kind="aliased: dummies", direction=known)
    return rescaled(p, exact_scales(rng, d))


def both_troubles(rng: Rng) -> Problem:
    """Separated, and with a duplicate column as well."""
    p = pure_level(rng)
    X = np.column_stack([p.X, p.X[:, 0]])
    known = [Fraction(0)] * (X.shape[1] + 1)
    known[1], known[-1] = Fraction(-1), Fraction(1)
    return problem(X, p.y, p.weight, kind="aliased: and separated", direction=known)


ALIASED: tuple[Callable[[Rng], Problem], ...] = (
    combination,
    constant,
    duplicate,
    dummies,
    both_troubles,
)


# --- nearly aliased


def noisy_combination(rng: Rng) -> Problem:
    """The last column is a combination with relative noise from 1e-12 to 1e-3."""
    n, d = int(rng.choice([30, 60])), int(rng.integers(2, 5))
    X = columns(rng, n, d)
    X[:, 0] = rng.normal(size=n)
    exact = X[:, 0] + X[:, :-1] @ rng.integers(-1, 2, d - 1)
    noise = 10.0 ** rng.uniform(-12.0, -3.0)
    X[:, -1] = exact * (1.0 + noise * rng.normal(size=n))
    p = problem(X, coin(rng, n), weights(rng, n), kind="near: noise")
    return rescaled(p, decimal_scales(rng, d))


def rounded_combination(rng: Rng) -> Problem:
    """c = 0.3 a + 0.7 b as float64 rounds it: an alias but for the last bit."""
    n, d = int(rng.choice([30, 60])), int(rng.integers(2, 4))
    X = rng.normal(size=(n, d + 1))
    X[:, -1] = 0.3 * X[:, 0] + 0.7 * X[:, 1]
    p = problem(X, coin(rng, n), weights(rng, n), kind="near: rounded")
    return rescaled(p, decimal_scales(rng, d + 1))


NEARLY_ALIASED: tuple[Callable[[Rng], Problem], ...] = (noisy_combination, rounded_combination)


# --- overlapping, as a rule


def ordinary(rng: Rng, n: int, d: int) -> Problem:
    """Normal columns, moderate slopes, both classes common."""
    X = rng.normal(size=(n, d))
    eta = X @ rng.normal(0.0, 1.0 / np.sqrt(d), d) + rng.normal(0.0, 0.5)
    return problem(X, rng.random(n) < 1.0 / (1.0 + np.exp(-eta)), kind="ordinary")


def rough(rng: Rng, most_rows: int = 40, most_columns: int = 4) -> Problem:
    """Heavy tails, leverage, weights over six orders, offsets, ridge: mostly overlapping."""
    n, d = int(rng.integers(8, most_rows + 1)), int(rng.integers(1, most_columns + 1))
    X = np.column_stack(
        [
            (
                rng.normal(size=n),
                rng.standard_t(2, n),
                rng.lognormal(0.0, 2.0, n),
                (rng.random(n) < 0.4).astype(np.float64),
            )[rng.integers(4)]
            for _ in range(d)
        ]
    )
    if rng.random() < 0.3:
        X[rng.integers(n)] *= 50.0
    slope = rng.normal(size=d) / (1.0 + np.abs(X).max(axis=0))
    y = (rng.random(n) < 1.0 / (1.0 + np.exp(-2.0 * X @ slope))).astype(np.float64)
    y[:2] = [0.0, 1.0]
    offset = rng.normal(0.0, rng.choice([0.5, 3.0]), n) if rng.random() < 0.3 else None
    ridge = float(10.0 ** rng.uniform(-3.0, 1.0)) if rng.random() < 0.4 else 0.0
    factors = 10.0 ** rng.uniform(-8.0, 8.0, d) if rng.random() < 0.3 else np.ones(d)
    return problem(X * factors, y, weights(rng, n), offset, ridge / factors**2, "rough")
