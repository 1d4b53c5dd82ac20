"""The finite end of a coefficient that is infinite: profile intervals under separation.

Let C be the cone of directions that separate the classes, and a . theta a coefficient that goes to
+infinity: a . v >= 0 on C. Its profile falls towards the infimum of the loss as the coefficient
grows, and grows without bound as it falls: the interval has a lower end, where the profile is half
a quantile above that infimum. Where directions of C leave the coefficient alone (a . v = 0), the
profile is not attained by any point: along them the rows that they separate stop to matter. So
these rows are left out, after which a level set is bounded on that side, and its end is searched
as anyone's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sigmoide.blocks.block import Array, Integers
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments, moments
from sigmoide.fit.aliased import find_aliased
from sigmoide.fit.witness import find_separation
from sigmoide.inference.batched_searches import Progress, Search, advance
from sigmoide.inference.level_ends import TOLERANCE, coefficient
from sigmoide.inference.searching import SearchEnd, furthest, lowest
from sigmoide.inference.surface import Likelihood, functionals, visit
from sigmoide.problem.frame import Frame

# How far below the level the search starts, as a share of the way from the infimum.
_INSIDE = 0.5


def finite_ends(
    blocks: Blocks,
    frame: Frame,
    totals: Moments,
    signs: dict[int, float],
    infimum: float,
    above: float,
    progress: Progress | None,
) -> tuple[dict[int, tuple[float, float]], int]:
    """Search the finite end of each coefficient that has one.

    Parameters
    ----------
    blocks, frame, totals
        The data, the coordinates, and what the first read learned.
    signs : dict
        From the coefficient's position to where it goes: 1 for +infinity, -1 for -infinity.
    infimum : float
        Of the loss.
    above : float
        How far above it the level is.

    Returns
    -------
    ends : dict
        From the position to the end and the step that was left there, in standard errors.
    reads : int
        Reads made of blocks with some of the rows left out.
    """
    alike: dict[bytes, tuple[Integers, list[int]]] = {}
    for j in signs:
        rows = _left_behind(blocks, frame, totals, j)
        alike.setdefault(rows.tobytes(), (rows, []))[1].append(j)
    ends: dict[int, tuple[float, float]] = {}
    more = 0
    for rows, positions in alike.values():
        part, inner = blocks, frame
        if len(rows):
            part = blocks.without(rows)
            before = part.reads
            inner = _regular(part, frame)
            more -= before
        A = functionals(inner)
        # Positions in the smaller frame: the coefficient itself is never aliased.
        places = [_position(frame, inner, j) for j in positions]
        searches = [
            _inwards(inner, -signs[j] * A[k], infimum, above)
            for j, k in zip(positions, places, strict=True)
        ]
        stops = advance(part, inner, searches, progress, "finite ends under separation")
        for j, k, end in zip(positions, places, stops, strict=True):
            ends[j] = (np.nan, np.nan)
            if end is not None:
                ends[j] = coefficient(end, inner, k), end.left
        if len(rows):
            more += part.reads
    return ends, more


def _left_behind(blocks: Blocks, frame: Frame, totals: Moments, j: int) -> Integers:
    """Return the rows that are separated by directions that leave coefficient j alone."""
    first = int(frame.intercept)
    if j < first:
        # The user's intercept is held: what is left is a model without one, in columns as given.
        fixed = Frame(frame.columns, np.zeros_like(frame.centre), frame.exponent, False)
    else:
        others = np.delete(np.arange(len(frame.columns)), j - first)
        fixed = frame.keep(others)
    if not fixed.size:
        return np.empty(0, dtype=np.int64)
    return np.sort(find_separation(blocks, fixed, totals).rows)


def _regular(blocks: Blocks, frame: Frame) -> Frame:
    """Return the frame of the columns that are not aliased on these rows."""
    totals = blocks.reduce(moments)
    _, kept = find_aliased(blocks, frame, totals, np.zeros(len(frame.columns)))
    return frame.keep(kept)


def _position(frame: Frame, inner: Frame, j: int) -> int:
    first = int(frame.intercept)
    if j < first:
        return j
    return int(np.flatnonzero(inner.columns == frame.columns[j - first])[0]) + first


def _inwards(frame: Frame, a: Array, infimum: float, above: float) -> Search[SearchEnd | None]:
    """Walk down until the loss is well below the level, then out to it along a."""
    surface = Likelihood()
    place = yield from visit(surface, np.zeros(frame.size))
    if place is None:
        return None
    inside = yield from lowest(
        surface, place, TOLERANCE, enough=infimum + _INSIDE * above, bound=infimum
    )
    return (yield from furthest(surface, inside.place, a, infimum + above, TOLERANCE))


def signed(signs: Array, wanted: Sequence[int]) -> dict[int, float]:
    """Return the coefficients that go to +infinity or -infinity, of those wanted."""
    return {j: float(signs[j]) for j in wanted if abs(signs[j]) == 1.0}
