"""The certificate is honest: what is called proved is true, on floats taken as exact rationals.

"Aliased" here means aliased as held: some combination of the columns, read as the rationals that
their floats are, is zero in every row. A column that is a combination only up to rounding, such as
0.3 a + 0.7 b computed in float64, is nearly aliased: its problem has one optimum, and a proof of
it, if any is claimed, must be true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from scipy.linalg import cho_solve, cholesky

from sigmoide.certificate import (
    LARGEST_DELTA,
    Certificate,
    Factor,
    Loads,
    certify,
    lower_factor,
    tau_of,
)
from sigmoide.kernels import reference
from sigmoide.kernels.frame import Frame
from sigmoide.model.fit import fit_blocks
from sigmoide.model.prove import prove
from sigmoide.model.records import Settings
from support.problems import (
    ALIASED,
    NEARLY_ALIASED,
    SEPARATED,
    Array,
    Problem,
    Rng,
    ordinary,
    problem,
    rough,
)
from support.truth import (
    Truth,
    big,
    combines,
    ctx,
    norm_in,
    norm_in_inverse,
    separates,
)

# --- plain Newton, written here: nothing of the solver


def newton_path(
    p: Problem, frame: Frame, steps: int, damped: bool, how: str
) -> Iterator[Array]:
    """Yield the points of Newton's method from zero, while they are finite.

    Damped: the step is divided by 1 + lambda R, or shortened to 2 standard errors. A singular
    Hessian is met by a pseudo-inverse or by a ridge of a few roundings.
    """
    Z = frame.design(next_block(p))
    ridge = frame.penalty(p.alpha)
    sign = 2.0 * p.y - 1.0
    theta = np.zeros(frame.size)
    for _ in range(steps + 1):
        yield theta
        eta = p.offset + Z @ theta
        small = np.exp(-np.abs(eta))
        miss = np.where(sign * eta < 0.0, 1.0, small) / (1.0 + small)
        bend = p.weight * small / (1.0 + small) ** 2
        g = -(p.weight * sign * miss) @ Z + ridge * theta
        H = (Z * bend[:, None]).T @ Z + np.diag(ridge)
        scale = 1.0 / np.sqrt(np.maximum(np.diag(H), 1e-300))
        scaled = H * scale[:, None] * scale
        try:
            ridged = scaled + (1e-13 if how == "ridge" else 0.0) * np.eye(len(g))
            if how == "pinv":
                raise np.linalg.LinAlgError
            solved = np.linalg.solve(ridged, scale * g)
        except np.linalg.LinAlgError:
            solved = np.linalg.pinv(scaled, rcond=1e-15, hermitian=True) @ (scale * g)
        step = -scale * solved
        if damped:
            step /= max(1.0, np.sqrt(max(-(g @ step), 0.0)) / 2.0)
        theta = theta + step
        if not np.isfinite(theta).all() or np.abs(theta).max() > 1e6:
            return


def next_block(p: Problem):  # noqa: ANN201
    """Return all rows as one block."""
    return p.blocks()._block(0)


def false_claims(p: Problem, rng: Rng, steps: int = 60) -> tuple[int, int]:
    """Return how many of the points of one Newton run were checked, and called proved."""
    blocks, frame = p.blocks(), p.frame()
    damped, how = bool(rng.integers(2)), str(rng.choice(["solve", "pinv", "ridge"]))
    checked = proved = 0
    with np.errstate(all="ignore"):
        for theta in newton_path(p, frame, steps, damped, how):
            checked += 1
            proved += prove(blocks, frame, theta, p.alpha).certificate.proved
    return checked, proved


def sweep(
    makers: tuple[Callable[[Rng], Problem], ...],
    known: Callable[[Problem], bool],
    count: int,
    seed: int,
) -> tuple[Counter[str], list[str]]:
    """Run Newton on ``count`` problems without an optimum; return counts, and false claims."""
    counts: Counter[str] = Counter()
    false: list[str] = []
    for k in range(count):
        rng = np.random.default_rng([seed, k])
        p = makers[k % len(makers)](rng)
        assert known(p), f"{p.kind}, seed {seed}, number {k}: not of the kind it is built to be"
        checked, proved = false_claims(p, rng)
        counts["problems"] += 1
        counts["points"] += checked
        if proved:
            false.append(f"{p.kind}, seed {seed}, number {k}: {proved} of {checked} points")
    return counts, false


def is_separated(p: Problem) -> bool:
    return separates(p, p.direction)


def is_aliased(p: Problem) -> bool:
    return combines(p, p.direction)


# --- claims held against the truth


def shortfalls(p: Problem, frame: Frame, truth: Truth, best, theta: Array, c: Certificate):  # noqa: ANN001, ANN201
    """Return true gap over claimed, and true distance over claimed, of a point called proved."""
    optimum, there = best
    here = truth.at(big(theta))
    gap = here.value - there.value
    away = norm_in(here.hessian, [a - b for a, b in zip(big(theta), optimum, strict=True)])
    return gap / ctx.mpf(c.gap), away / ctx.mpf(c.distance)
