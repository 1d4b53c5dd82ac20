"""The plane through the lesson's start, its end and the optimum: a place to see the valley from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane in the space of (w1, w2, b).

    Attributes
    ----------
    origin : ndarray, shape (3,)
        The start.
    axes : ndarray, shape (2, 3)
        Two directions at right angles, of length 1: from the start towards the optimum, and
        across, to the side on which the lesson ends.
    """

    origin: Array
    axes: Array

    def onto(self, theta: Array) -> Array:
        """Return the coordinates of points, seen at right angles to the plane; shape (k, 2)."""
        return np.asarray((np.atleast_2d(theta) - self.origin) @ self.axes.T)

    def grid(self, along: Array, across: Array) -> Array:
        """Return the points of a grid on the plane, shape (len(across) · len(along), 3)."""
        u, v = np.meshgrid(along, across)
        return np.asarray(self.origin + np.column_stack([u.ravel(), v.ravel()]) @ self.axes)


def plane_through(start: Array, end: Array, optimum: Array) -> Plane:
    """Lay a plane through three points.

    Parameters
    ----------
    start, end, optimum : ndarray, shape (3,)
        Where the lesson began, where it stopped, and where it was going. If they lie on a line,
        any plane through it will do.

    Returns
    -------
    Plane
        With the start at (0, 0) and the optimum at (distance, 0).
    """
    along = optimum - start
    along = along / np.linalg.norm(along)
    for direction in (end - start, *np.eye(3)):
        across = direction - (direction @ along) * along
        if np.linalg.norm(across) > 1e-9 * max(1.0, float(np.linalg.norm(direction))):
            break
    return Plane(start, np.array([along, across / np.linalg.norm(across)]))
