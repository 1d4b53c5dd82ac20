"""Checkpoints that tell lies with every checksum right, and what must be true all the same.

A lie is told at the very point that the solver asks for, as one could who runs the fit and writes
down something else; or a true file is edited, line by line.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from sigmoide.blocks.block import Block
from sigmoide.blocks.blocks import Blocks, array_blocks
from sigmoide.blocks.stream import streamed_blocks
from sigmoide.fit.checkpoint_file import Checkpoint
from sigmoide.fit.driver import fit_blocks
from sigmoide.problem.frame import Frame
from sigmoide.proof.full_hessian import prove
from sigmoide.results.records import Fit, Settings

Array = np.ndarray
ABOUT = {"data": ["rows.csv", 7], "asked": "y ~ x"}
MACHINE = "this kind"


@dataclass(frozen=True)
class Case:
    """Rows, and what is asked of their fit."""

    X: Array
    y: Array
    weight: Array
    offset: Array
    settings: Settings = field(default_factory=Settings)
    intercept: bool = True
    streamed: bool = False

    def blocks(self) -> Blocks:
        names = tuple(f"x{j}" for j in range(self.X.shape[1]))
        if self.streamed:
            return streamed_blocks(self, names)
        return array_blocks(self.X, self.y, self.weight, self.offset, names)

    @property
    def n_rows(self) -> int:
        return len(self.y)

    def rows(self, low: int, high: int) -> Block:
        part = slice(low, high)
        parts = (self.X[part], self.y[part], self.weight[part], self.offset[part])
        return Block(*parts, range(low, high))

    def counts(self, block_rows: int) -> tuple[Array, Array]:
        starts = range(0, len(self.y), block_rows)
        parts = [self.y[k : k + block_rows] for k in starts]
        counts = [(len(part), int((part > 0.5).sum())) for part in parts]
        kept, events = np.array(counts, dtype=np.int64).T
        return kept, events

    def fit(self, log: Checkpoint | None = None) -> Fit:
        return fit_blocks(self.blocks(), self.intercept, self.settings, log=log)


def _case(n: int, d: int, seed: int, settings: Settings | None = None, **changes: object) -> Case:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * 2.0 ** (np.arange(d) % 5) + np.arange(d)
    y = (rng.random(n) < 1 / (1 + np.exp(-(X[:, 0] - 0.3 * (X[:, 1] - 1))))).astype(float)
    rows = {"X": X, "y": y, "weight": np.ones(n), "offset": np.zeros(n), **changes}
    return Case(settings=settings or Settings(), **rows)


def _separated(n: int, d: int, seed: int) -> Case:
    found = _case(n, d, seed)
    found.X[:, 1] = found.X[:, 1] > 3.0
    found.y[found.X[:, 1] > 0] = 1.0
    return found


def _aliased(n: int, d: int, seed: int, settings: Settings | None = None) -> Case:
    found = _case(n, d, seed, settings)
    found.X[:] = np.round(found.X * 1024) / 1024
    found.X[:, d - 1] = found.X[:, 0] - 2.0 * found.X[:, 1]
    return found


def _weighted(n: int, d: int, seed: int) -> Case:
    rng = np.random.default_rng(seed + 1)
    weight, offset = rng.uniform(0.5, 3.0, n), rng.normal(size=n)
    return _case(n, d, seed, weight=weight, offset=offset)


def _nearly(n: int, d: int, seed: int) -> Case:
    """Return rows that hang together by one of next to no weight: undetermined."""
    found = _separated(n, d, seed)
    place = int(np.flatnonzero(found.X[:, 1] > 0)[0])
    found.y[place], found.weight[place] = 0.0, 1e-30
    return found


CHEAP = Settings(inference=False, tol=1e-6)
CASES: dict[str, Callable[[], Case]] = {
    "newton": lambda: _case(500, 4, 1),
    "newton, no errors": lambda: _case(20_000, 12, 2, CHEAP),
    "sampled": lambda: _case(60_000, 12, 3),
    "sampled, no errors": lambda: _case(60_000, 12, 4, CHEAP),
    "many columns": lambda: _case(300, 1600, 5, Settings(l2=300.0, inference=False, tol=1e-3)),
    "ridge": lambda: _case(500, 4, 6, Settings(l2=3.0)),
    "ridge, no errors": lambda: _case(60_000, 12, 7, Settings(l2=3.0, inference=False, tol=1e-6)),
    "factors": lambda: _case(500, 4, 8, Settings(l2=3.0, penalty_factors=(("x1", 0.0),))),
    "separated": lambda: _separated(500, 4, 9),
    "separated, sampled": lambda: _separated(60_000, 12, 10),
    "undetermined": lambda: _nearly(500, 4, 11),
    "aliased": lambda: _aliased(500, 4, 12),
    "aliased, sampled": lambda: _aliased(60_000, 12, 13, CHEAP),
    "weights and offset": lambda: _weighted(500, 4, 14),
    "streamed": lambda: replace(_weighted(60_000, 12, 15), streamed=True),
}


@cache
def clean(name: str) -> tuple[Case, Fit]:
    """Return a case, and its fit without a checkpoint."""
    case = CASES[name]()
    return case, case.fit()


def opened(path: Path, resume: bool = True, **options: object) -> Checkpoint:
    """Open the checkpoint of a case."""
    return Checkpoint(path, ABOUT, MACHINE, resume=resume, **options)


def resumed(name: str, path: Path, **options: object) -> Fit:
    """Go on with a checkpoint, to its end."""
    log = opened(path, **options)
    try:
        return clean(name)[0].fit(log)
    finally:
        log.close()


class Enough(BaseException):
    """Raised where a fit is interrupted."""


class Interrupted(Checkpoint):
    """A checkpoint whose fit is interrupted before it keeps more than so many steps."""

    left = 0

    def keep(self, kind: str, point: Array, numbers: Array) -> None:
        if not self.left:
            raise Enough
        self.left -= 1
        super().keep(kind, point, numbers)


def interrupted(name: str, path: Path, steps: int = 10**9, resume: bool = False) -> int:
    """Write the checkpoint of a fit that is interrupted after so many steps; return how many."""
    log = Interrupted(path, ABOUT, MACHINE, resume=resume)
    log.left = steps
    try:
        clean(name)[0].fit(log)
    except Enough:
        pass
    finally:
        log.close()
    return log.steps


# From a generator, a kind, a point and how many numbers, to the numbers: value, three measures,
# gradient, and Hessian.
Lie = Callable[[np.random.Generator, str, Array, int], Array]


def _numbers(
    kind: str, p: int, value: float, measures: float, gradient: Array | float, hessian: float
) -> Array:
    beside = np.array([value, measures, measures, measures])
    parts = [beside, np.broadcast_to(gradient, p)]
    return np.concatenate(
        [*parts, np.diag(np.full(p, hessian)).ravel()] if kind == "hessian" else parts
    )


def _constant(value: float, measures: float, gradient: float, hessian: float) -> Lie:
    return lambda _, kind, point, __: _numbers(kind, len(point), value, measures, gradient, hessian)


def _far(rng: np.random.Generator, kind: str, point: Array, _: int) -> Array:
    # Every step goes somewhere else, and each is taken, for the values fall.
    slope = rng.normal(size=len(point)) * 10.0 ** rng.uniform(-3, 6)
    return _numbers(kind, len(point), -1e9 * rng.random(), 1.0, slope, 1.0)


def _noise(rng: np.random.Generator, _: str, __: Array, count: int) -> Array:
    return rng.normal(size=count) * 10.0 ** rng.uniform(-300, 300, count)


LIES: dict[str, Lie] = {
    "at the optimum": _constant(1.0, 0.0, 0.0, 1e6),
    "at the optimum, flat": _constant(1.0, 0.0, 0.0, 1e-12),
    "nearly there": _constant(1.0, 1e-9, 1e-12, 1e9),
    "nothing": _constant(0.0, 0.0, 0.0, 0.0),
    "huge": _constant(1e300, 1e300, 1e300, 1e300),
    "tiny": _constant(1e-300, 1e-300, 1e-300, 1e-300),
    "negative": _constant(-1e9, -1.0, 1.0, -1.0),
    "not a number": _constant(np.nan, np.nan, np.nan, np.nan),
    "infinite": _constant(np.inf, 1.0, 1.0, np.inf),
    "far": _far,
    "noise": _noise,
}


class _Lying(Interrupted):
    lie: Lie
    rng: np.random.Generator

    def told(self, kind: str, point: Array, count: int) -> Array:
        numbers = self.lie(self.rng, kind, point, count)
        self.keep(kind, point, numbers)
        return numbers

    def back_to(self, place: int, steps: int) -> None:
        raise Enough


def forge(name: str, path: Path, lie: Lie, steps: int, rng: np.random.Generator) -> None:
    """Write a checkpoint whose steps are lies, told of the points to which they lead."""
    log = _Lying(path, ABOUT, MACHINE)
    log.left, log.lie, log.rng = steps, lie, rng
    try:
        clean(name)[0].fit(log)
    except (Enough, ArithmeticError, ValueError):
        pass
    finally:
        log.close()


def unpacked(line: bytes) -> tuple[bytes, Array]:
    """Return the kind of a step, and its numbers: the point's, then the answer's."""
    _, kind, packed = line.split()
    return kind, np.frombuffer(base64.b64decode(packed), "<f8").copy()


def packed(kind: bytes, numbers: Array) -> bytes:
    """Return the line of a step."""
    return with_checksum(kind + b" " + base64.b64encode(numbers.astype("<f8").tobytes()))


def with_checksum(text: bytes) -> bytes:
    """Return a line that says this, as if it had been written."""
    return b"%08x %s\n" % (zlib.crc32(text), text)


def same_bits(ours: Fit, theirs: Fit) -> None:
    """Check that nothing tells two fits apart but the time that they took."""
    assert ours.status == theirs.status
    for name in ("columns", "centre", "coef", "covariance"):
        pair = [getattr(fit.coefficients, name) for fit in (ours, theirs)]
        assert (pair[0] is None) == (pair[1] is None), name
        assert pair[0] is None or pair[0].tobytes() == pair[1].tobytes(), name
    assert ours.coefficients.intercept == theirs.coefficients.intercept
    assert repr(ours.certificate) == repr(theirs.certificate)
    assert repr(ours.limit) == repr(theirs.limit)
    assert ours.totals == theirs.totals
    assert (ours.reads, ours.steps) == (theirs.reads, theirs.steps)
    same_verdicts(ours, theirs)
    points = [[(s.reads, s.value, s.decrement) for s in f.history] for f in (ours, theirs)]
    assert points[0] == points[1]


def same_verdicts(ours: Fit, theirs: Fit) -> None:
    """Check that two fits say the same of separation and of aliased columns."""
    assert ours.aliased == theirs.aliased
    assert ours.separation.kind == theirs.separation.kind
    assert np.array_equal(ours.separation.signs, theirs.separation.signs, equal_nan=True)
    assert np.array_equal(ours.separation.rows, theirs.separation.rows)


def true_all_the_same(name: str, fit: Fit) -> None:
    """Check that what a fit says is true, whatever it was told on the way.

    What is proved lies where it says; all else is, to the bit, what the fit says that was told
    nothing.
    """
    case, theirs = clean(name)
    if fit.status != "proved":
        same_bits(fit, theirs)
        return
    assert theirs.status == "proved"
    same_verdicts(fit, theirs)
    within = fit.certificate.distance + theirs.certificate.distance + 1e-12
    ours, other = _centred(fit), _centred(theirs)
    assert np.abs(ours - other).max() <= within * float(_errors(name).max()) * 1.01
    assert (np.abs(ours - other) <= within * _errors(name) * 1.01 + 1e-15 * np.abs(other)).all()
    assert fit.certificate.distance <= 10 * max(case.settings.tol, theirs.certificate.distance)
    totals = [(t.rows, t.weight, t.events, t.null_loglik) for t in (fit.totals, theirs.totals)]
    assert totals[0] == totals[1]
    gap = fit.certificate.gap + theirs.certificate.gap
    near = 1e-8 * max(1.0, abs(theirs.totals.loglik))
    if not case.settings.l2:
        assert abs(fit.totals.loglik - theirs.totals.loglik) <= gap + near
    covariances = [f.coefficients.covariance for f in (fit, theirs)]
    assert (covariances[0] is None) == (covariances[1] is None)
    if covariances[0] is not None:
        scale = np.sqrt(np.diag(covariances[1]))
        assert (np.abs(covariances[0] - covariances[1]) <= 1e-8 * np.outer(scale, scale)).all()


def _centred(fit: Fit) -> Array:
    return np.concatenate([[fit.coefficients.intercept], fit.coefficients.coef])


@cache
def _errors(name: str) -> Array:
    """Return the standard errors by a Hessian that no fit has made."""
    case, fit = clean(name)
    found = fit.coefficients
    frame = Frame(found.columns, found.centre, np.zeros(len(found.columns), dtype=np.int64), True)
    hessian = prove(case.blocks(), frame, _centred(fit), fit.alpha).hessian
    return np.sqrt(np.diag(np.linalg.inv(hessian)))
