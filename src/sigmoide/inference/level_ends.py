"""The ends of level sets over blocks, in the user's coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtri

from sigmoide.arguments.arrays import open_probability
from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.inference.batched_searches import Progress, advance
from sigmoide.inference.searching import SearchEnd, furthest
from sigmoide.inference.surface import Place, Surface, functionals
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.results.covariance import in_columns
from sigmoide.results.records import Coefficients

# The step, in standard errors, after which an end is exact to the square of this.
TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True)
class Ends:
    """Lower and upper ends of coefficients, and how near their searches came.

    Attributes
    ----------
    ends : ndarray, shape (p, 2)
        The intercept first, where there is one; infinite where they are; NaN where a search did
        not come to an end, or the term was not asked for.
    left : ndarray, shape (p, 2)
        The last step of each search, in standard errors: the error of an end is of the order of
        its square, or of what rounding leaves. 0 for infinite ends.
    reads : int
        Reads of the data that it took.
    """

    ends: Array
    left: Array
    reads: int


def half_quantile(alpha: float) -> float:
    """Return half the 1 - alpha quantile of chi-square with one degree of freedom.

    Raises
    ------
    UsageError
        If alpha is not between 0 and 1.
    """
    alpha = open_probability("alpha", alpha)
    return 0.5 * float(chdtri(1, alpha))


def frame_at(kept: Coefficients, moments: Moments, intercept: bool) -> tuple[Frame, Array]:
    """Return a frame around the centre of a fit, and the fit's coefficients in it."""
    scaled = frame_of(moments, intercept).keep(kept.columns)
    frame = replace(scaled, centre=kept.centre)
    return frame, frame.coordinates(kept.intercept, kept.coef)


def in_units(theta: Array, frame: Frame) -> Array:
    """Return the user's coefficients, the intercept where all columns are 0; shape (p,)."""
    b, slopes = frame.in_units(theta)
    kept = Coefficients(frame.columns, frame.centre, slopes, b, None)
    return in_columns(kept, frame.intercept)


def coefficient(end: SearchEnd, frame: Frame, j: int) -> float:
    """Return coefficient j where a search stopped; NaN where it failed."""
    return float(in_units(end.theta, frame)[j]) if end.good else float("nan")


def both_ends(
    blocks: Blocks,
    frame: Frame,
    surface: Surface,
    place: Place,
    level: float,
    wanted: Sequence[int],
    progress: Progress | None,
    *,
    numbers: int | None = None,
) -> tuple[Array, Array]:
    """Search both ends of several coefficients from one place, all together.

    Returns
    -------
    ends, left : ndarray, shape (p, 2)
        As in :class:`Ends`.
    """
    A = functionals(frame)
    sides = [(j, side) for j in wanted for side in (0, 1)]
    searches = [
        furthest(surface, place, A[j] if side else -A[j], level, TOLERANCE) for j, side in sides
    ]
    what = "ends of intervals"
    points = advance(blocks, frame, searches, progress, what, numbers=numbers)
    ends, left = np.full((frame.size, 2), np.nan), np.full((frame.size, 2), np.nan)
    for (j, side), end in zip(sides, points, strict=True):
        ends[j, side], left[j, side] = coefficient(end, frame, j), end.left
    return ends, left
