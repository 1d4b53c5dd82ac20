"""Claims of a certificate, and the rounding it allows for, held against fifty digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from sigmoide.kernels import reference
from sigmoide.problem.frame import Frame
from sigmoide.proof.certificate import Certificate, Loads, certify, lower_factor, tau_of
from support.newton import other_frame
from support.problems import Array, Problem, Rng, problem
from support.truth import Big, Place, Truth, big, ctx, norm_in, norm_in_inverse


@dataclass
class Tally:
    """Claims, and how near they come to the truth."""

    problems: int = 0
    points: int = 0
    claims: int = 0
    gap: Big = 0
    distance: Big = 0
    false: list[str] = field(default_factory=list)

    def hold(
        self, c: Certificate, theta: Array, truth: Truth, best: tuple[list[Big], Place], name: str
    ) -> None:
        """Hold one claim against the truth: true figures over claimed ones, at most 1."""
        self.claims += 1
        optimum, there = best
        here = truth.at(big(theta))
        step = [a - b for a, b in zip(big(theta), optimum, strict=True)]
        gap = (here.value - there.value) / ctx.mpf(c.gap)
        distance = norm_in(here.hessian, step) / ctx.mpf(c.distance)
        self.gap, self.distance = max(self.gap, gap), max(self.distance, distance)
        if gap > 1 or distance > 1:
            self.false.append(f"{name}: gap {float(gap):.4g}, distance {float(distance):.4g}")

    def __str__(self) -> str:
        return (
            f"{self.problems} problems, {self.points} points, {self.claims} claims checked, "
            f"{len(self.false)} false; largest true/claimed: gap {float(self.gap):.6f}, "
            f"distance {float(self.distance):.6f}"
        )


def around(truth: Truth, best: tuple[list[Big], Place], rng: Rng, count: int) -> Iterator[Array]:
    """Yield points around an optimum, 1e-9 to 2 standard errors away; and the optimum, rounded."""
    optimum, there = best
    centre = np.array([float(v) for v in optimum])
    yield centre
    H = np.array([[float(h) for h in row] for row in there.hessian])
    scale = 1.0 / np.sqrt(np.diag(H))
    L = cholesky(H * scale[:, None] * scale + 1e-14 * np.eye(len(H)), lower=True)
    Z = np.array([[float(z) for z in row] for row in truth.rows])
    white = solve_triangular(L, (Z * scale).T, lower=True)
    farthest = white[:, np.argmax((white**2).sum(axis=0))]
    for k in range(count):
        # Along the row of largest norm the bounds are sharp; elsewhere they are not.
        u = farthest * rng.choice([-1.0, 1.0]) if k % 2 else rng.normal(size=len(L))
        u *= 10.0 ** rng.uniform(-9.0, 0.3) / np.linalg.norm(u)
        yield centre + scale * solve_triangular(L, u, lower=True, trans="T")


def metric(H: Array) -> list[list[Big]]:
    return [[ctx.mpf(float(h)) for h in row] for row in H]


def collinear(rng: Rng) -> tuple[Problem, Frame]:
    """Return columns up to 1 - 1e-9 correlated, big offsets, and a frame, not always the best."""
    n, d = int(rng.choice([20, 100, 300])), int(rng.integers(1, 5))
    X = rng.normal(rng.choice([0.0, 1e3]), 1.0, (n, d))
    if d > 1:
        X[:, -1] = X[:, 0] + 10.0 ** rng.uniform(-4.5, 0.0) * rng.normal(size=n)
    if rng.random() < 0.3:
        X = X * rng.lognormal(0.0, 2.0, (n, 1))
    y = (rng.random(n) < 0.5).astype(np.float64)
    weight = 10.0 ** rng.uniform(-3.0, 3.0, n) if rng.random() < 0.5 else None
    offset = rng.normal(0.0, 20.0, n) if rng.random() < 0.3 else None
    p = problem(X, y, weight, offset, rng.choice([0.0, 0.0, 3.0]))
    return p, (other_frame(p, rng) if rng.random() < 0.3 else p.frame())


@dataclass(frozen=True)
class Kernels:
    """What computes evidence and extents, and how many additions a product goes through in it."""

    evidence_at: Callable[..., Any]
    extent_at: Callable[..., Any]
    additions: Callable[[int, int], int]
    hessian_additions: Callable[[int, int], int]


IN_NUMPY = Kernels(
    lambda frame, theta: partial(reference.evidence, frame=frame, theta=theta),
    lambda frame, lower, scale, deviation: partial(
        reference.extent, frame=frame, lower=lower, scale=scale, deviation=deviation
    ),
    reference.accumulation,
    reference.matrix_accumulation,
)


def rounding_ratios(rng: Rng, kernels: Kernels = IN_NUMPY) -> tuple[float, float, float] | None:
    """Return the true rounding of gradient, Hessian and radius over what is allowed for each."""
    p, frame = collinear(rng)
    theta = rng.normal(size=frame.size) * 10.0 ** rng.uniform(-2.0, 1.0)
    blocks = p.blocks(block_rows=int(rng.choice([1, 7, 64, 4096])))
    seen = blocks.reduce(kernels.evidence_at(frame, theta))
    ridge = frame.penalty(p.alpha)
    hessian = seen.hessian + np.diag(ridge)
    size, rows, count = frame.size, blocks.rows_per_block, blocks.n_blocks
    tau = tau_of(size, seen.reach, kernels.hessian_additions(rows, count))
    factor = lower_factor(hessian, tau)
    if factor is None:
        return None
    loads = Loads(
        seen.residual_load,
        seen.eta_load,
        ridge * np.abs(theta),
        kernels.additions(rows, count),
    )
    far = blocks.reduce(kernels.extent_at(frame, factor.lower, factor.scale, factor.deviation()))
    g = seen.gradient + ridge * theta
    c = certify(g, factor, far.norm, far.rounding, loads, "", 2)
    truth = Truth(p, frame)
    here = truth.at(big(theta))
    off = [a - b for a, b in zip(big(g), here.gradient, strict=True)]
    # In the metric of H' itself: H less tau of its diagonal.
    less = metric(hessian)
    for j in range(size):
        less[j][j] *= 1 - ctx.mpf(tau)
    scale = big(factor.scale)
    wrong = np.array(
        [
            [float((less_than - h) * s * t) for less_than, h, t in zip(a, b, scale, strict=True)]
            for a, b, s in zip(metric(hessian), here.hessian, scale, strict=True)
        ]
    )
    Z = np.array([[float(z) for z in row] for row in truth.rows])
    far_out = np.argsort([-factor.norm(z) for z in Z])[:3]
    radius = max(norm_in_inverse(here.hessian, truth.rows[i]) for i in far_out)
    return (
        float(norm_in_inverse(less, off) / ctx.mpf(c.rounding)),
        float(np.linalg.norm(wrong, 2)) / tau,
        float(radius / ctx.mpf(c.radius)),
    )
