"""A model of two columns, as lines and areas of the plane.

The linear predictor is eta = c + a x + b y, so that every curve of equal probability is a straight
line, whichever way it runs, and what lies between two of them is a polygon. Both are found exactly,
where they meet the frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.results.predict import linear_predictor
from sigmoide.results.records import Fit

LEVELS = (0.1, 0.5, 0.9)

# More points than this are a blot.
MOST_POINTS = 1000

_MARGIN = 0.05
# The outermost hundredth of the points may stretch the frame by this much and no more.
_STRETCH = 3.0


@dataclass(frozen=True, slots=True)
class Window:
    """What is seen of the plane: ends of the two columns."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def corners(self) -> Array:
        """The corners, one after another around it; shape (4, 2)."""
        return np.array(
            [
                [self.left, self.bottom],
                [self.right, self.bottom],
                [self.right, self.top],
                [self.left, self.top],
            ]
        )

    def outside(self, cloud: Cloud) -> int:
        """Return how many points of a cloud are not seen."""
        x, y = cloud.points.T
        within = (self.left <= x) & (x <= self.right) & (self.bottom <= y) & (y <= self.top)
        return int((~within).sum())


@dataclass(frozen=True, slots=True)
class Cloud:
    """Points that stand for the rows of a data set.

    Attributes
    ----------
    points : ndarray, shape (n, 2)
        Values of the two columns.
    event : ndarray of bool, shape (n,)
        Whether each has the event.
    total : int
        Rows that they were chosen from.
    """

    points: Array
    event: np.ndarray
    total: int


@dataclass(frozen=True, slots=True)
class Plane:
    """The probability of the event over a frame.

    Attributes
    ----------
    frame : Window
        What is seen.
    lines : dict
        From a probability to the ends of its line, shape (2, 2), or None where the frame does
        not meet it. Where the classes are separated all three are the wall between them.
    areas : tuple of (float, ndarray)
        Probability in the middle of each area, and its corners, shape (k, 2).
    wall : bool
        Whether the probability jumps from 0 to 1 at one line.
    """

    frame: Window
    lines: dict[float, Array | None]
    areas: tuple[tuple[float, Array], ...]
    wall: bool


def cloud(blocks: Blocks, most: int = MOST_POINTS) -> Cloud:
    """Return points to draw: all rows, or so many, chosen by a hash of their row numbers."""
    chosen = blocks.sample(most, seed=0)

    def of(block: Block) -> Array:
        return np.column_stack([block.X[:, :2].astype(np.float64), block.y])

    rows = chosen.map(of)
    return Cloud(rows[:, :2], rows[:, 2] == 1.0, blocks.n_rows)


def frame_around(clouds: tuple[Cloud, ...]) -> Window:
    """Return a frame around the points, unless a few of them would leave no room for the rest."""
    points = np.concatenate([each.points for each in clouds])
    ends = []
    for values in points.T:
        low, high = float(values.min()), float(values.max())
        first = float(np.quantile(values, 0.005, method="higher"))
        last = float(np.quantile(values, 0.995, method="lower"))
        width = last - first
        if width > 0.0 and high - low > _STRETCH * width:
            low, high = max(low, first - width / 4.0), min(high, last + width / 4.0)
        room = _MARGIN * (high - low) or max(abs(low), 1.0) * 0.5
        ends += [low - room, high + room]
    return Window(*ends)


def plane(fit: Fit, frame: Window) -> Plane:
    """Return the lines and areas of a fit of two columns, where the offset is 0."""
    corners = frame.corners
    wall = fit.separation.kind in ("complete", "quasi-complete")
    eta = (
        _along_the_wall(corners, fit)
        if wall
        else linear_predictor(corners, np.zeros(4), fit.coefficients)
    )
    steps = (0.5,) if wall else tuple(k / 10 for k in range(1, 10))
    edges = [-math.inf, *(0.0 if wall else _logit(p) for p in steps), math.inf]
    middles = (0.0, 1.0) if wall else tuple(k / 10 + 0.05 for k in range(10))
    areas = []
    for middle, low, high in zip(middles, edges[:-1], edges[1:], strict=True):
        shape = _between(corners, eta, low, high)
        if len(shape):
            areas.append((middle, shape))
    lines = {p: _line(corners, eta, 0.0 if wall else _logit(p)) for p in LEVELS}
    return Plane(frame, lines, tuple(areas), wall)


def _along_the_wall(points: Array, fit: Fit) -> Array:
    witness = fit.separation
    slopes, kept = witness.direction[1:], fit.coefficients.columns
    return np.asarray(witness.direction[0] + (points[:, kept] - witness.origin) @ slopes)


def _logit(p: float) -> float:
    return math.log(p / (1.0 - p))


def _line(corners: Array, eta: Array, level: float) -> Array | None:
    """Return where eta = level enters and leaves the frame; None where it does not."""
    met: list[Array] = []
    for k in range(4):
        here, there = eta[k] - level, eta[(k + 1) % 4] - level
        if (here < 0.0) != (there < 0.0):
            met.append(_crossing(corners[k], corners[(k + 1) % 4], here, there))
    return np.array(met) if len(met) == 2 else None


def _crossing(here: Array, there: Array, at_here: float, at_there: float) -> Array:
    """Return the point between two where a linear function that changes sign is 0."""
    return np.asarray(here + (there - here) * (at_here / (at_here - at_there)))


def _between(corners: Array, eta: Array, low: float, high: float) -> Array:
    """Return the part of the frame with low <= eta < high; shape (k, 2), k = 0 for none of it."""
    shape, values = _above(corners, eta, low)
    if (values >= high).all():
        return np.empty((0, 2))
    return _above(shape, -values, -high)[0]


def _above(shape: Array, eta: Array, level: float) -> tuple[Array, Array]:
    """Clip a convex polygon by a half-plane (Sutherland and Hodgman 1974, CACM 17, 32-42)."""
    if level == -math.inf:
        return shape, eta
    points, values = [], []
    for k in range(len(shape)):
        here, there = eta[k] - level, eta[(k + 1) % len(shape)] - level
        if here >= 0.0:
            points.append(shape[k])
            values.append(eta[k])
        if (here < 0.0) != (there < 0.0):
            points.append(_crossing(shape[k], shape[(k + 1) % len(shape)], here, there))
            values.append(level)
    return np.array(points).reshape(-1, 2), np.array(values)
