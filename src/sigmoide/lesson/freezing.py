"""Seven digits are not enough: in float32 the descent freezes before the optimum.

The notebook's arithmetic in NumPy's float32, each sum in a fixed order, so that another library
of linear algebra does not change a bit. (PyTorch adds in another order, and freezes some steps
sooner or later.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Freezing:
    """A descent in float32.

    Attributes
    ----------
    step : int or None
        After so many steps the next one changes nothing; None if that did not happen.
    steps : int
        How many steps were taken.
    theta : ndarray, shape (3,)
        w1, w2 and b at the end, float32 held in float64.
    number : ndarray, shape (k,)
        Steps at which the parameters were kept: each of the first, then fewer and fewer.
    path : ndarray, shape (k, 3)
        The parameters there, float32 held in float64.
    """

    step: int | None
    steps: int
    theta: NDArray[np.float64]
    number: NDArray[np.int64]
    path: NDArray[np.float64]


def descend_in_float32(
    X: NDArray[np.float64],
    y: NDArray[np.int64],
    start: NDArray[np.float64],
    rate: float,
    steps: int,
) -> Freezing:
    """Go downhill in float32 until nothing moves.

    Parameters
    ----------
    X : ndarray, shape (m, 2)
        The training points, which fit float32.
    y : ndarray, shape (m,)
        Their classes, 0 or 1.
    start : ndarray, shape (3,)
        w1, w2 and b to begin with.
    rate : float
        The learning rate.
    steps : int
        The most steps.

    Returns
    -------
    Freezing
        Where it froze, and the way there.
    """
    f32 = np.float32
    # In the order b, w1, w2; and turned round, for -η.
    columns = np.ascontiguousarray(np.column_stack([np.ones(len(X)), X]).T, dtype=f32)
    against, one, truth = -columns, columns[0], y.astype(f32)
    share, lr = np.full(3, 1 / len(y), dtype=f32), np.full(3, rate, dtype=f32)
    theta = np.array(start, dtype=f32)[[2, 0, 1]]
    eta, terms, move = np.empty_like(one), np.empty_like(columns), np.empty_like(theta)
    of_b, of_w1, of_w2 = terms
    number, kept = [], []
    step, next_kept, frozen, last = 0, 0, False, theta.tolist()
    with np.errstate(over="ignore"):
        while step < steps:
            if step == next_kept:
                number.append(step)
                kept.append(theta)
                next_kept += max(1, step // 50)
            # η = (b + x1·w1) + x2·w2, then p = 1 / (1 + exp(-η)), then p - y.
            np.multiply(against, theta[:, None], out=terms)
            np.add(of_b, of_w1, out=eta)
            eta += of_w2
            np.exp(eta, out=eta)
            eta += one
            np.divide(one, eta, out=eta)
            eta -= truth
            np.multiply(columns, eta, out=terms)
            np.add.reduce(terms, axis=1, out=move)
            move *= share
            move *= lr
            moved = theta - move
            now = moved.tolist()
            frozen = now == last
            if frozen:
                break
            theta, last = moved, now
            step += 1
    return Freezing(
        step if frozen else None,
        step,
        theta[[1, 2, 0]].astype(np.float64),
        np.array(number, dtype=np.int64),
        np.array(kept, dtype=np.float64).reshape(-1, 3)[:, [1, 2, 0]],
    )
