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
    columns = np.ascontiguousarray(np.column_stack([X, np.ones(len(X))]).T, dtype=f32)
    x1, x2, _ = columns
    truth, one, lr, share = y.astype(f32), f32(1), f32(rate), f32(1 / len(y))
    theta = np.array(start, dtype=f32)
    eta, term, terms = np.empty_like(x1), np.empty_like(x1), np.empty_like(columns)
    number, kept = [], []
    step, next_kept, frozen = 0, 0, False
    with np.errstate(over="ignore"):
        while step < steps:
            if step == next_kept:
                number.append(step)
                kept.append(theta)
                next_kept += max(1, step // 50)
            # η = (b + x1·w1) + x2·w2, then p = 1 / (1 + exp(-η)), then p - y.
            np.multiply(x1, theta[0], out=eta)
            eta += theta[2]
            np.multiply(x2, theta[1], out=term)
            eta += term
            np.negative(eta, out=eta)
            np.exp(eta, out=eta)
            eta += one
            np.divide(one, eta, out=eta)
            eta -= truth
            np.multiply(columns, eta, out=terms)
            moved = theta - lr * (share * np.add.reduce(terms, axis=1))
            frozen = bool((moved == theta).all())
            if frozen:
                break
            theta = moved
            step += 1
    return Freezing(
        step if frozen else None,
        step,
        theta.astype(np.float64),
        np.array(number, dtype=np.int64),
        np.array(kept, dtype=np.float64).reshape(-1, 3),
    )
