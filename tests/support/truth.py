"""The objective in fifty digits: the truth that float64 claims are held against.

The numbers of a problem are taken as held: every float is the rational that it is. Nothing here
shares a formula's code with the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from sigmoide.problem.frame import Frame
from support.problems import Problem

ctx = mpmath.mp.clone()
ctx.dps = 50
Big = Any  # ctx.mpf: mpmath has no types


@dataclass(frozen=True)
class Place:
    """Value, gradient and Hessian of the whole objective (penalty included) at one point."""

    value: Big
    gradient: list[Big]
    hessian: list[list[Big]]


class Truth:
    """F of a problem in the coordinates of a frame, whose centre and scale are taken as exact."""

    def __init__(self, problem: Problem, frame: Frame) -> None:
        centre = [ctx.mpf(float(c)) for c in frame.centre]
        scale = [ctx.ldexp(1, int(k)) for k in frame.exponent]
        first = [ctx.mpf(1)] if frame.intercept else []
        self.rows = [
            first
            + [
                (ctx.mpf(float(row[j])) - c) * k
                for j, c, k in zip(frame.columns, centre, scale, strict=True)
            ]
            for row in problem.X
        ]
        self.columns = [list(column) for column in zip(*self.rows, strict=True)]
        self.sign = [1 if y > 0.5 else -1 for y in problem.y]
        self.weight = [ctx.mpf(float(s)) for s in problem.weight]
        self.offset = [ctx.mpf(float(o)) for o in problem.offset]
        alpha = [ctx.mpf(float(problem.alpha[j])) for j in frame.columns]
        self.ridge = [ctx.mpf(0)] * len(first) + [
            a * k * k for a, k in zip(alpha, scale, strict=True)
        ]

    @property
    def size(self) -> int:
        return len(self.ridge)

    def at(self, theta: list[Big]) -> Place:
        value = sum((a * v * v for a, v in zip(self.ridge, theta, strict=True)), ctx.mpf(0)) / 2
        slopes, bends = [], []
        for z, sign, s, o in zip(self.rows, self.sign, self.weight, self.offset, strict=True):
            wrong = -sign * (o + dot(z, theta))
            small = ctx.exp(-abs(wrong))
            miss = (1 if wrong >= 0 else small) / (1 + small)  # |y - p|
            value += s * ((wrong if wrong > 0 else 0) + ctx.log1p(small))
            slopes.append(-sign * s * miss)
            bends.append(s * small / (1 + small) ** 2)
        gradient = [
            a * v + dot(slopes, z) for a, v, z in zip(self.ridge, theta, self.columns, strict=True)
        ]
        hessian = [[ctx.mpf(0)] * self.size for _ in range(self.size)]
        for j, z in enumerate(self.columns):
            bent = [bend * each for bend, each in zip(bends, z, strict=True)]
            for k in range(j + 1):
                hessian[j][k] = hessian[k][j] = dot(bent, self.columns[k])
            hessian[j][j] += self.ridge[j]
        return Place(value, gradient, hessian)

    def optimum(self, start: np.ndarray, steps: int = 60) -> tuple[list[Big], Place] | None:
        """Polish a point by damped Newton steps; None if no minimum is reached.

        Ends where the step is below 1e-30 of its place, and of the standard errors.
        """
        theta = big(start)
        here = self.at(theta)
        for _ in range(steps):
            step = solve(here.hessian, [-g for g in here.gradient])
            if step is None:
                return None
            squared = -dot(here.gradient, step)
            tiny = ctx.mpf(10) ** -30
            still = all(abs(b) <= tiny * (1 + abs(a)) for a, b in zip(theta, step, strict=True))
            if still and squared <= tiny**2:
                return theta, here
            noise = abs(here.value) * ctx.mpf(10) ** -45
            for halvings in range(80):
                length = ctx.ldexp(1, -halvings)
                trial = [a + length * b for a, b in zip(theta, step, strict=True)]
                there = self.at(trial)
                if there.value <= here.value - length * squared / 4 + noise:
                    break
            else:
                return None
            theta, here = trial, there
        return None


def big(theta: np.ndarray) -> list[Big]:
    """Return floats as they are, in many digits."""
    return [ctx.mpf(float(v)) for v in theta]


def dot(a: list[Big], b: list[Big]) -> Big:
    return ctx.fdot(zip(a, b, strict=True))


def norm_in(hessian: list[list[Big]], v: list[Big]) -> Big:
    """Return sqrt(v' H v)."""
    return ctx.sqrt(dot(v, [dot(row, v) for row in hessian]))


def norm_in_inverse(hessian: list[list[Big]], g: list[Big]) -> Big:
    """Return sqrt(g' H^-1 g)."""
    solved = solve(hessian, g)
    assert solved is not None
    return ctx.sqrt(dot(g, solved))


def solve(hessian: list[list[Big]], g: list[Big]) -> list[Big] | None:
    """Return H^-1 g by a Cholesky factor, or None where H is not positive definite."""
    p = len(g)
    L: list[list[Big]] = []
    for j in range(p):
        row: list[Big] = []
        for k in range(j):
            row.append((hessian[j][k] - dot(row, L[k][:k])) / L[k][k])
        pivot = hessian[j][j] - dot(row, row)
        if pivot <= 0:
            return None
        L.append([*row, ctx.sqrt(pivot)])
    half: list[Big] = []
    for j in range(p):
        half.append((g[j] - dot(L[j][:j], half)) / L[j][j])
    x = [ctx.mpf(0)] * p
    for j in reversed(range(p)):
        rest = sum((L[k][j] * x[k] for k in range(j + 1, p)), ctx.mpf(0))
        x[j] = (half[j] - rest) / L[j][j]
    return x


def as_fractions(problem: Problem) -> list[list[Fraction]]:
    """Return the rows (1, x_i), exactly."""
    return [[Fraction(1), *(Fraction(float(x)) for x in row)] for row in problem.X]


def separates(problem: Problem, direction: list[Fraction]) -> bool:
    """Return whether (b, w) separates: no row speaks against it, and one for it; exactly."""
    margins = exact_margins(problem, direction)
    return min(margins) >= 0 and max(margins) > 0


def exact_margins(problem: Problem, direction: list[Fraction]) -> list[Fraction]:
    """Return (2 y_i - 1) (b + x_i . w), exactly."""
    return [
        (1 if y > 0.5 else -1) * sum((a * v for a, v in zip(row, direction, strict=True)))
        for row, y in zip(as_fractions(problem), problem.y, strict=True)
    ]


def combines(problem: Problem, combination: list[Fraction]) -> bool:
    """Return whether (b, w), not all zero, maps every row (1, x_i) to 0; exactly."""
    return any(combination) and all(
        sum((a * v for a, v in zip(row, combination, strict=True))) == 0
        for row in as_fractions(problem)
    )
