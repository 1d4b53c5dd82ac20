"""The boundary p = 1/2 as a piece of line inside a frame, right even when it is vertical.

The notebook solves w1·x1 + w2·x2 + b = 0 for x2, which divides by w2: a number that changes its
sign on the way, and next to which the picture is of nothing but the line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def boundary_segment(
    weights: ArrayLike, bias: float, frame: Sequence[float]
) -> NDArray[np.float64] | None:
    """Cut the line w1·x1 + w2·x2 + b = 0 at the edges of a frame.

    Nothing is divided by a weight: each edge that the line crosses is divided in the ratio of
    the values at its two ends.

    Parameters
    ----------
    weights : array, shape (2,)
        w1 and w2; either may be zero.
    bias : float
        b.
    frame : sequence of 4 floats
        Lowest and highest x1, lowest and highest x2.

    Returns
    -------
    ndarray, shape (2, 2), or None
        The two ends, (x1, x2) each, the lower x1 (or else x2) first; None where the line passes
        the frame by, or both weights are zero.
    """
    left, right, low, high = frame
    corners = np.array([[left, low], [right, low], [right, high], [left, high]], dtype=np.float64)
    line = np.array([*np.asarray(weights, dtype=np.float64), bias])
    size = np.abs(line).max()
    if not (np.isfinite(size) and line[:2].any()):
        return None
    line = line / size
    values = corners @ line[:2] + line[2]
    ends = []
    for here in range(4):
        there = (here + 1) % 4
        if values[here] == 0.0:
            ends.append(corners[here])
        elif values[here] * values[there] < 0.0:
            share = values[here] / (values[here] - values[there])
            ends.append(corners[here] + share * (corners[there] - corners[here]))
    distinct = np.unique(np.array(ends).reshape(-1, 2), axis=0)
    return distinct if len(distinct) == 2 else None


def sign_changes(values: ArrayLike) -> tuple[int, ...]:
    """Return the positions at which a sequence has another sign than just before.

    Parameters
    ----------
    values : array, shape (n,)
        Such as the second weight, step by step.
    """
    signs = np.sign(np.asarray(values, dtype=np.float64))
    return tuple(int(k) for k in np.flatnonzero(signs[1:] != signs[:-1]) + 1)
