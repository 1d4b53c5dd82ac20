"""Routes to the optimum (Newton, sampled, diagonal): how each starts, and which one is next."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Drawn
from sigmoide.blocks.moments import Moments
from sigmoide.problem import objective
from sigmoide.problem.blockwise import BlockProblem
from sigmoide.problem.protocols import Quadratic
from sigmoide.proof.rounding import spread_of
from sigmoide.proof.sampled_rows import rows_beside, sampled_rows
from sigmoide.solver.choose import SolverName, best_sample, newton_reads, sampled_reads
from sigmoide.solver.low_rank_diagonal import LowRankDiagonal, low_rank
from sigmoide.solver.newton import Inverse
from sigmoide.solver.sampled import inverse_of, sampled_start

# A way is given up only for one that is so many times as good: what is foretold is uncertain.
_BETTER = 1.5
# From so many coordinates on, a sample's Hessian is made in float32, twice as fast: it is good
# enough to begin steps with where every column has a share of its own above what that rounds away.
_ROUGH_SIZE = 64
_ROUGH_PIVOT = 1e-3


@dataclass(frozen=True, slots=True)
class Route:
    """Where a route to the optimum starts, and with which inverse Hessian.

    Attributes
    ----------
    theta : ndarray, shape (p,)
        The first point.
    inverse : Inverse, optional
        What quasi-Newton steps begin with; None for full Newton steps.
    hessian : ndarray, shape (p, p), optional
        Of all rows, or of a sample that stands for them; None where none was made.
    at : Quadratic, optional
        The objective there, where all rows were used.
    drawn : Drawn, optional
        The rows by which it was begun.
    worth : float
        How many more steps may be foretold before the next way is better.
    renewed : bool
        Whether the sample's Hessian has been made anew.
    """

    theta: Array
    inverse: Inverse | None = None
    hessian: Array | None = None
    at: Quadratic | None = None
    drawn: Drawn | None = None
    worth: float = math.inf
    renewed: bool = False


def start_route(
    solver: SolverName, problem: BlockProblem, theta: Array, moments: Moments, drawn: Drawn | None
) -> Route:
    """Start a route to the optimum.

    Parameters
    ----------
    solver : {"newton", "sampled", "diagonal"}
        The solver.
    problem : BlockProblem
        All rows.
    theta : ndarray, shape (p,)
        A first point: the base rate, or where another way was given up.
    moments : Moments
        Of all rows.
    drawn : Drawn or None
        The rows drawn in the first read.
    """
    if solver == "diagonal":
        inverse = low_rank(1.0 / _variances(problem, moments), _bent_rows(problem, theta, drawn))
        return Route(theta, inverse, worth=_BETTER * _next_best(problem))
    if solver == "sampled" and drawn is not None:
        return _start_by_sample(problem, theta, drawn)
    at = problem.quadratic(theta)
    return Route(theta, hessian=at.hessian, at=at)


def _start_by_sample(problem: BlockProblem, theta: Array, drawn: Drawn) -> Route:
    rough = problem.size >= _ROUGH_SIZE
    standing = problem.over(drawn.standing, rough=rough)
    rows = min(best_sample(problem.rows, problem.size) or standing.rows, standing.rows)
    penalised = np.arange(problem.size) >= problem.frame.intercept
    sample = sampled_start(standing, problem.rows, theta, rows, penalised)
    if rough and sample.inverse.least_pivot < _ROUGH_PIVOT:
        part = drawn.standing if rows == standing.rows else drawn.standing.draw(rows, 0).standing
        hessian = problem.over(part).quadratic(sample.theta).hessian
        sample = replace(sample, hessian=hessian, inverse=inverse_of(hessian, rows))
    worth = _BETTER * _after_sample(problem, rows)
    return Route(sample.theta, sample.inverse, sample.hessian, drawn=drawn, worth=worth)


def next_route(route: Route, problem: BlockProblem, theta: Array, moments: Moments) -> Route | None:
    """Start the route that follows quasi-Newton steps that were given up at ``theta``.

    A diagonal is followed by a sample, a sample by its Hessian at this point, and that by full
    Newton steps: None.
    """
    if route.renewed:
        return None
    if isinstance(route.inverse, LowRankDiagonal):
        rows = best_sample(problem.rows, problem.size)
        if not rows:
            return None
        return start_route("sampled", problem, theta, moments, problem.blocks.draw(rows, 0))
    if route.drawn is None:
        return None
    standing = problem.over(route.drawn.standing)
    hessian = standing.quadratic(theta).hessian
    return Route(
        theta,
        inverse_of(hessian, standing.rows),
        hessian,
        drawn=route.drawn,
        worth=_BETTER * newton_reads(problem.rows, problem.size, near=True),
        renewed=True,
    )


def _variances(problem: BlockProblem, moments: Moments) -> Array:
    """Return the diagonal of the Hessian, at the base rate."""
    share = moments.events / moments.total
    bend = share * (1.0 - share) if 0.0 < share < 1.0 else 0.25
    diagonal = bend * spread_of(problem.frame, moments) + problem.ridge
    return np.where(diagonal > 0.0, diagonal, 1.0)


def _bent_rows(problem: BlockProblem, theta: Array, drawn: Drawn | None) -> Array:
    """Return some rows drawn, as their products add up to a Hessian that stands for all rows."""
    if drawn is None:
        return np.empty((0, problem.size))
    part, most = drawn.standing, rows_beside(problem.size)
    rows = sampled_rows(part.draw(most, 0).standing if part.n_rows > most else part, problem.frame)
    w = rows.weight * objective.curvature(rows.offset + theta @ rows.Z)
    return np.asarray((rows.Z * np.sqrt(w)).T)


def _next_best(problem: BlockProblem) -> float:
    """Return the reads that the best way without a diagonal costs."""
    rows, size = problem.rows, problem.size
    sample = best_sample(rows, size)
    costs = [newton_reads(rows, size, near=True)]
    if sample:
        costs.append(sampled_reads(sample, rows, size))
    return min(costs)


def _after_sample(problem: BlockProblem, rows: int) -> float:
    """Return the reads that a new Hessian of the sample and the steps with it cost, or Newton."""
    newton = newton_reads(problem.rows, problem.size, near=True)
    few = rows <= 5 * problem.size
    return newton if few else min(newton, sampled_reads(rows, problem.rows, problem.size))
