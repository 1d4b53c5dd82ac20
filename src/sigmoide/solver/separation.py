"""Separation of the classes: whether there is any, of which rows, along which directions.

A direction v with a_i . v >= 0 for all rows, a_i = (2 y_i - 1)(1, z_i), and > 0 for some is a
direction of recession: along it the likelihood only grows, so no maximum exists (Albert and
Anderson 1984, Biometrika 71, 1-10). They are found by linear programs (Konis 2007, "Linear
programming algorithms for detecting separated data in binary logistic regression models",
Oxford), on scaled columns and rows. The programs see the rows that matter, grown until all rows
agree. What they find is then checked in rational arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr
from scipy.optimize import linprog

from sigmoide.problem.protocols import Array, SignedRows

# A margin, of a row and a direction whose largest entries are 1, that a program may get wrong.
_FEASIBLE = 1e-9
# A margin that counts as separated, and a coordinate that counts as moved.
_STRICT = 1e-8
_MOVED = 1e-7
_FIRST_ROWS = 500
_MOST_ROUNDS = 200
# Rational elimination is exact and slow: beyond these the witness stays numerical.
_MOST_EXACT_COLUMNS = 80
_MOST_EXACT_ROWS = 20_000
# What the rounding of the data may add to a margin, for each column.
_GRAIN = 1e-13
_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Cone:
    """The directions of recession.

    Attributes
    ----------
    settled : bool
        Whether the programs came to an end; False says nothing is known.
    separated : ndarray of bool, shape (n,)
        Rows that some direction moves to their side; the others overlap.
    direction : ndarray, shape (p,)
        One that separates all of them strictly; empty where there is none.
    low, high : ndarray, shape (m,)
        Extremes of the given functionals over the cone, inside the unit box.
    exact : bool
        Whether the direction was proved to separate, in rational arithmetic.
    """

    settled: bool
    separated: NDArray[np.bool_]
    direction: Array = field(default_factory=lambda: np.empty(0))
    low: Array = field(default_factory=lambda: np.empty(0))
    high: Array = field(default_factory=lambda: np.empty(0))
    exact: bool = False

    def signs(self) -> Array:
        """Return 1, -1, 0 (finite) or NaN (infinite, sign not determined) per functional."""
        up, down = self.high > _MOVED, self.low < -_MOVED
        return np.where(up & down, np.nan, np.where(up, 1.0, np.where(down, -1.0, 0.0)))


class _Programs:
    """Linear programs over a cone ``a_i . (N c) >= 0``, with rows added when they object."""

    def __init__(self, rows: SignedRows, among: NDArray[np.int64], basis: Array) -> None:
        self.rows, self.among, self.basis = rows, among, basis
        spread = np.linspace(0, len(among) - 1, min(len(among), _FIRST_ROWS)).astype(np.int64)
        self.included = np.zeros(len(among), dtype=bool)
        self.A = np.empty((0, basis.shape[1]))
        self._add(np.unique(spread))

    def _add(self, which: NDArray[np.int64]) -> None:
        self.included[which] = True
        self.A = np.vstack([self.A, self.rows.gather(self.among[which]) @ self.basis])

    def maximise(self, objective: Array, slack: bool = False) -> tuple[Array, Array] | None:
        """Maximise objective . c, or the least margin; return N c and all margins.

        The box |N c| <= 1 keeps the programs bounded. None where they do not come to an end.
        """
        k = self.basis.shape[1]
        box = np.vstack([self.basis, -self.basis])
        for _ in range(_MOST_ROUNDS):
            A = np.vstack([-self.A, box])
            b = np.concatenate([np.zeros(len(self.A)), np.ones(len(box))])
            goal = -objective
            if slack:
                lift = np.concatenate([np.ones(len(self.A)), np.zeros(len(box))])
                A, goal = np.column_stack([A, lift]), np.append(np.zeros(k), -1.0)
            solution = linprog(
                goal,
                A_ub=A,
                b_ub=b,
                bounds=(None, None),
                method="highs",
                options={
                    "primal_feasibility_tolerance": 1e-10,
                    "dual_feasibility_tolerance": 1e-10,
                },
            )
            if solution.x is None:
                return None
            v = self.basis @ solution.x[:k]
            margins = self.rows.margins(v)[self.among]
            least = solution.x[k] if slack else 0.0
            against = np.flatnonzero((margins < least - _FEASIBLE) & ~self.included)
            if not len(against):
                return v, margins
            worst = np.argsort(margins[against], kind="stable")[: 10 * k + 100]
            self._add(against[worst])
        return None


def find_cone(rows: SignedRows, functionals: Array) -> Cone:
    """Find the recession cone: all rows separated, and how far each functional can go.

    Parameters
    ----------
    rows : SignedRows
        Rows of full column rank together.
    functionals : ndarray, shape (m, p)
        Linear functions of a direction whose signs are asked for.
    """
    n, p = rows.n_rows, rows.size
    everything = np.arange(n, dtype=np.int64)
    left = np.ones(n, dtype=bool)
    unsettled = Cone(False, np.zeros(n, dtype=bool))
    while left.any():
        among = everything[left]
        programs = _Programs(rows, among, np.eye(p))
        total = np.zeros(p)
        for start in range(0, len(among), 1 << 16):
            total += rows.gather(among[start : start + (1 << 16)]).sum(axis=0)
        size = float(np.abs(total).max())
        maximum = programs.maximise(total / size if size else total)
        if maximum is None:
            return unsettled
        moved = maximum[1] > _STRICT
        if not moved.any():
            break
        left[among[moved]] = False
    separated = ~left
    if not separated.any():
        return Cone(True, separated)
    flat, kept = _null_space(rows, everything[left])
    programs = _Programs(rows, everything[separated], flat)
    best = programs.maximise(np.zeros(flat.shape[1]), slack=True)
    if best is None or best[1].min() <= 0.0:
        return unsettled
    proved = _exactly(rows, best[0], left, kept, flat.shape[1])
    if proved is None and not _numerically(rows, best[0], left):
        return unsettled
    direction = best[0] if proved is None else proved
    extremes = _extremes(programs, functionals, direction)
    if extremes is None:
        return unsettled
    return Cone(True, separated, direction, *extremes, proved is not None)


def _null_space(
    rows: SignedRows, overlapping: NDArray[np.int64]
) -> tuple[Array, NDArray[np.int64]]:
    """Return a basis of the directions that move no overlapping row, and rows that span them."""
    p = rows.size
    if not len(overlapping):
        return np.eye(p), overlapping
    A = rows.gather(overlapping)
    R, order = qr(A.T, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(R))
    rank = int((diagonal > _STRICT * diagonal[0]).sum())
    kept = overlapping[np.sort(order[:rank])]
    Q, _ = qr(rows.gather(kept).T, mode="full")
    return np.asarray(Q[:, rank:]), kept


def _extremes(
    programs: _Programs, functionals: Array, direction: Array
) -> tuple[Array, Array] | None:
    """Return the least and greatest value of each functional over the cone, in the unit box."""
    size = np.abs(functionals).max(axis=1, keepdims=True)
    functionals = functionals / np.where(size > 0.0, size, 1.0)
    values = functionals @ direction
    if programs.basis.shape[1] == 1:
        return np.minimum(values, 0.0), np.maximum(values, 0.0)
    low, high = np.zeros(len(functionals)), np.zeros(len(functionals))
    for j, functional in enumerate(functionals):
        goal = functional @ programs.basis
        if np.abs(goal).max() <= _MOVED:
            continue
        up, down = programs.maximise(goal), programs.maximise(-goal)
        if up is None or down is None:
            return None
        low[j], high[j] = functional @ down[0], functional @ up[0]
    return low, high


def _exactly(
    rows: SignedRows,
    v: Array,
    overlapping: NDArray[np.bool_],
    spanning: NDArray[np.int64],
    freedom: int,
) -> Array | None:
    """Return a direction near v that is proved to separate, or None where there is no proof.

    It is made rational in the exact null space of rows that span the overlapping ones. Rows far
    from zero are settled by their margin and a bound on its rounding, the others by rationals.
    """
    p = rows.size
    if overlapping.sum() > _MOST_EXACT_ROWS or p > _MOST_EXACT_COLUMNS:
        return None
    basis = [[Fraction(int(j == k)) for j in range(p)] for k in range(p)]
    if overlapping.any():
        basis = _rational_null_space(rows.exact(spanning), p)
        if len(basis) != freedom:
            return None
    as_float = np.array([[float(entry) for entry in vector] for vector in basis]).T
    share, *_ = np.linalg.lstsq(as_float, v, rcond=None)
    every = [Fraction(float(c)) for c in share]
    # Short fractions first: they are what a reader would have written down.
    for weights in ([c.limit_denominator(1 << 20) for c in every], every):
        exact = [
            sum((c * vector[j] for c, vector in zip(weights, basis, strict=True)), Fraction(0))
            for j in range(p)
        ]
        largest = max(abs(entry) for entry in exact)
        if largest:
            exact = [entry / largest for entry in exact]
            if _separates(rows, exact, overlapping):
                return np.array([float(entry) for entry in exact])
    return None


def _separates(rows: SignedRows, direction: list[Fraction], overlapping: NDArray[np.bool_]) -> bool:
    """Return whether all margins are positive, and zero for the overlapping rows, exactly."""
    p = rows.size
    margins = rows.margins(np.array([float(entry) for entry in direction]))
    margins[overlapping] = 0.0
    unsure = np.flatnonzero(margins <= 4.0 * p * p * _EPS)
    if len(unsure) > _MOST_EXACT_ROWS:
        return False
    for position, row in zip(unsure, rows.exact(unsure), strict=True):
        margin = sum((a * b for a, b in zip(row, direction, strict=True)), Fraction(0))
        if margin < 0 or (margin == 0) != overlapping[position]:
            return False
    return True


def _numerically(rows: SignedRows, v: Array, overlapping: NDArray[np.bool_]) -> bool:
    """Return whether v separates as far as the rounding of the data can tell.

    A program calls zero what is below its tolerance; data that miss separation by a rounding of
    their numbers (a column that was multiplied by 1e-5) are separated for all that can be known,
    those that miss it by more are not.
    """
    margins = rows.margins(v)
    grain = _GRAIN * rows.size
    on_plane = margins[overlapping]
    return bool(margins.min() >= -grain and (not len(on_plane) or np.abs(on_plane).max() <= grain))


def _rational_null_space(rows: list[list[Fraction]], p: int) -> list[list[Fraction]]:
    """Return a basis of the vectors orthogonal to all rows, by elimination."""
    reduced: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        work = list(row)
        for pivot, done in reduced:
            if factor := work[pivot]:
                work = [a - factor * b for a, b in zip(work, done, strict=True)]
        lead = next((j for j, entry in enumerate(work) if entry), None)
        if lead is None:
            continue
        work = [entry / work[lead] for entry in work]
        reduced = [
            (pivot, [a - done[lead] * b for a, b in zip(done, work, strict=True)])
            for pivot, done in reduced
        ]
        reduced.append((lead, work))
    pivots = {pivot for pivot, _ in reduced}
    basis = []
    for free in (j for j in range(p) if j not in pivots):
        vector = [Fraction(0)] * p
        vector[free] = Fraction(1)
        for pivot, row in reduced:
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis
