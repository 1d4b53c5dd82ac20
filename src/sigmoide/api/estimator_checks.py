"""What an estimator is given: parameters, arrays that need no conversion, and checks of all others.

Most arrays need none, and checks that would pass them are not waited for. Of the others is checked
here what scikit-learn's validation would overlook: the structure of sparse matrices, masks, dates.
What else is wanting is looked at by scikit-learn, which says what is wrong with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.arrays import (
    NOT_AN_ARRAY,
    as_array,
    first_words,
    is_sparse,
    position_words,
    real_number,
    real_numbers,
    refuse_no_array,
    without_mask,
)
from sigmoide.arguments.sparse import checked_rows
from sigmoide.arguments.words import shown
from sigmoide.errors import ColumnError, DataError, TargetError, UsageError, WeightError

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


class NotANumberError(ColumnError, TypeError):
    """A value that is no number; caught as Python's error of a wrong type, too."""


def features(X: Any) -> Any:
    """Check the X of an estimator for what scikit-learn's validation would overlook.

    Parameters
    ----------
    X
        Anything. Its shape, and whether its numbers are finite, are left to scikit-learn.

    Returns
    -------
    array-like or scipy.sparse.csr_array or csr_matrix
        X; an array of a list; of a sparse matrix its rows, whose structure was checked in full.

    Raises
    ------
    DataError
        If it is no array, has a mask that would be ignored, or a damaged sparse structure.
    ColumnError
        If it holds dates.
    """
    if is_sparse(X):
        return checked_rows(X)
    refuse_no_array(X, "X", DataError)
    X = without_mask(X, "X", DataError)
    if isinstance(X, list | tuple):
        X = as_array(X, "X", DataError)
    kind = _kind_of(X)
    if kind in "mM":
        raise ColumnError(
            "X holds dates or times, which are numbers in no unit that is known. Make numbers of "
            "them first: days since a date, or year and month as columns."
        )
    return X


def target(y: Any) -> Any:
    """Check the y of an estimator for what scikit-learn's validation would overlook.

    Raises
    ------
    TargetError
        If it is no array, or has a mask or dates that are missing.
    """
    if y is None:
        return y
    refuse_no_array(y, "y", TargetError)
    y = without_mask(y, "y", TargetError)
    if isinstance(y, list | tuple):
        y = as_array(y, "y", TargetError)
    if isinstance(y, np.ndarray) and y.dtype.kind in "mM" and np.isnat(y).any():
        where = first_words(np.isnat(y))
        raise TargetError(f"y has no value at {where}. Leave that row out.")
    return y


def sample_weights(given: Any) -> Any:
    """Return weights as numbers: an array, a float for all rows, or None.

    Raises
    ------
    WeightError
        If they are no real numbers, or have a mask.
    """
    if given is None:
        return None
    numbers = real_numbers(given, "sample_weight", WeightError)
    return numbers if numbers.ndim else float(numbers)


def check_number(name: str, value: Any, kind: type, above: float | None) -> None:
    """Refuse what is not a number of this kind, above a bound (None: 0 itself is allowed)."""
    number = None if isinstance(value, bool) or not isinstance(value, kind) else real_number(value)
    if number is None or number != number:
        raise UsageError(f"{name}={shown(value)} was given; a number is needed.")
    fine = number >= 0 if above is None else number > above
    if not fine:
        bound = "zero or more" if above is None else f"above {above:g}"
        raise UsageError(f"{name}={shown(value)} was given; it must be {bound}.")


def refuse_class_weight(given: Any) -> None:
    """Raise UsageError for weights of classes that are neither a word nor numbers by class."""
    numbers = isinstance(given, dict) and None not in map(real_number, given.values())
    if not numbers and not isinstance(given, str | None):
        raise UsageError(
            f"class_weight={shown(given)} was given; it is 'balanced', or a dict from each class "
            "to a number."
        )


def no_number(X: Any, error: Exception) -> NotANumberError:
    """Return what to raise where scikit-learn's validation of X failed on a value.

    Parameters
    ----------
    X
        As it was given.
    error : Exception
        What NumPy said of the value.
    """
    where = ""
    array = np.asarray(X, dtype=object)
    for place, value in np.ndenumerate(array):
        try:
            float(value)
        except NOT_AN_ARRAY:
            if value is not None:
                where = f" {shown(value)} at {position_words(place)}"
                break
    return NotANumberError(
        f"X holds{where or ' values'} that cannot be used as a number ({error}). Make numbers of "
        "all values, or leave the column out."
    )


def _kind_of(X: Any) -> str:
    """Return the kind of NumPy's type that an array has, or that a frame turns into."""
    if isinstance(X, np.ndarray):
        return str(X.dtype.kind)
    try:
        kind: str = np.asarray(X[:0]).dtype.kind
    except Exception:
        # Whatever it is, scikit-learn says what is wrong with it.
        return "?"
    return kind
