"""Arrays that need no conversion: most are, and checks that would pass them are not waited for.

Whatever is found wanting here is looked at again by scikit-learn, which says what is wrong with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = (np.dtype(np.float64), np.dtype(np.float32))


def is_plain(X: Any) -> bool:
    """Return whether X is an array of rows and columns of floats, as fits are made on."""
    return type(X) is np.ndarray and X.ndim == 2 and X.dtype in _TYPES and X.size > 0


def all_finite(X: NDArray[Any]) -> bool:
    """Return whether all numbers are finite; False for some that are, but whose sum is not."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(X.sum()))


def two_classes(y: Any, rows: int) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
    """Return the two numbers that y holds and where the larger stands, or None if it is otherwise.

    Parameters
    ----------
    y
        The target, whatever it is.
    rows : int
        How many entries it should have.
    """
    if type(y) is not np.ndarray or y.shape != (rows,) or y.dtype.kind not in "biuf":
        return None
    low, high = y.min(), y.max()
    if not low < high or (y.dtype.kind == "f" and not (low.is_integer() and high.is_integer())):
        return None
    event = y == high
    # Between neighbours there is no third whole number.
    neighbours = y.dtype.kind in "bi" and int(high) - int(low) == 1
    if not neighbours and np.count_nonzero(event) + np.count_nonzero(y == low) < rows:
        return None
    return np.array([low, high], dtype=y.dtype), event
