"""Profiles of a likelihood by their definition, in fifty digits and in plain float64."""

from __future__ import annotations

import numpy as np

from sigmoide.problem.frame import Frame
from support.problems import Array, Problem
from support.truth import Big, Truth, big, ctx, dot, solve


def in_columns(problem: Problem, columns: Array | None = None) -> Truth:
    """Return the objective in the user's own coefficients: nothing is centred or scaled."""
    used = np.arange(problem.X.shape[1]) if columns is None else columns
    zeros = np.zeros(len(used))
    return Truth(problem, Frame(used, zeros, zeros.astype(np.int64), True))


def profile_loss(truth: Truth, j: int, c: float, start: Array) -> Big:
    """Return the least loss where coefficient j is c, by damped Newton steps in the others.

    The first point lies on the line from ``start`` along which a parabola would have its profile.
    """
    theta, held = big(start), ctx.mpf(float(c))
    along = solve(truth.at(theta).hessian, [ctx.mpf(int(k == j)) for k in range(truth.size)])
    assert along is not None
    far = (held - theta[j]) / along[j]
    theta = [t + far * a for t, a in zip(theta, along, strict=True)]
    theta[j] = held
    free = [k for k in range(truth.size) if k != j]
    here = truth.at(theta)
    for _ in range(200):
        g = [here.gradient[k] for k in free]
        step = solve([[here.hessian[k][m] for m in free] for k in free], [-v for v in g])
        assert step is not None
        squared = -dot(g, step)
        if squared <= ctx.mpf(10) ** -40:
            return here.value
        for halvings in range(200):
            length = ctx.ldexp(1, -halvings)
            trial = list(theta)
            for k, move in zip(free, step, strict=True):
                trial[k] = theta[k] + length * move
            there = truth.at(trial)
            if there.value <= here.value - length * squared / 4:
                break
        theta, here = trial, there
    raise AssertionError("the profile was not reached")
