"""Validation of arrays, lists and numbers: masks, imaginary parts, text and what is no array."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sigmoide.arguments.arrow import refuse_invalid_arrow
from sigmoide.arguments.words import shown
from sigmoide.errors import SigmoideError, UsageError

# What NumPy, and the containers that it asks, raise on what is no array.
NOT_AN_ARRAY = (TypeError, ValueError, OverflowError, AttributeError, RuntimeError)


def real_numbers(given: Any, what: str, fault: type[SigmoideError]) -> NDArray[np.float64]:
    """Return numbers that were given as float64, whatever they came in.

    Parameters
    ----------
    given
        An array, a list, a number: of booleans, integers, floats, Decimals or Fractions. None and
        pandas' NA are NaN.
    what : str
        How messages call it.
    fault : type
        Of the error.

    Raises
    ------
    SigmoideError
        Of the type asked for, if it is no array, holds what is no real number or is beyond
        float64, or has a mask.
    """
    if type(given) is np.ndarray and given.dtype == np.float64:
        return given
    refuse_no_array(given, what, fault)
    array = as_array(without_mask(given, what, fault), what, fault)
    if array.dtype.kind == "O":
        return _of_objects(array, what, fault)
    if array.dtype.kind == "c":
        raise fault(_no_numbers(what, "it is complex", "Give the real part: .real."))
    if array.dtype.kind not in "biuf":
        raise fault(_no_numbers(what, f"its type is {array.dtype}", "Convert it first."))
    with np.errstate(over="ignore"):
        return array.astype(np.float64, copy=False)


def one_a_row(given: Any, what: str, fault: type[SigmoideError]) -> NDArray[Any]:
    """Return labels or numbers that were given, one a row, as they are.

    Parameters
    ----------
    given, what, fault
        As for :func:`real_numbers`, but of any type.

    Raises
    ------
    SigmoideError
        Of the type asked for, if it is no array of one dimension, complex, or has a mask.
    """
    refuse_no_array(given, what, fault)
    array = as_array(without_mask(given, what, fault), what, fault)
    if array.ndim != 1:
        raise fault(
            f"{what} has the shape {array.shape}; one value for each row is needed: an array of "
            "one dimension."
        )
    if array.dtype.kind == "c":
        raise fault(f"{what} is complex. Give the real part: .real.")
    return array


def real_number(given: Any) -> float | None:
    """Return a real number as a float; None if it is none, or beyond what float64 holds."""
    if not isinstance(given, Real):
        return None
    try:
        return float(given)
    except (OverflowError, ValueError):
        return None


def open_probability(name: str, given: Any) -> float:
    """Return a setting that lies between 0 and 1, and is neither.

    Raises
    ------
    UsageError
        If it does not.
    """
    number = real_number(given)
    if number is None or not 0.0 < number < 1.0:
        raise UsageError(
            f"{name}={shown(given)} was given; it must lie between 0 and 1, such as 0.05."
        )
    return number


def refuse_no_array(given: Any, what: str, fault: type[SigmoideError]) -> None:
    """Refuse what NumPy would make an array of in silence, or of one object."""
    refuse_invalid_arrow(given, what)
    if is_sparse(given):
        raise fault(
            f"{what} is a sparse matrix ({type(given).__name__}); an array is needed. Make one of "
            "it: .toarray().ravel()."
        )
    if isinstance(given, str | bytes | bytearray | Mapping | Set | Iterator):
        raise fault(
            f"{what} is no array: it is of type {type(given).__name__}. Give an array or a list; "
            "of an iterator, list(...)."
        )


def without_mask(given: Any, what: str, fault: type[SigmoideError]) -> Any:
    """Return what is given, without a mask that hides nothing; refuse one that hides something."""
    if isinstance(given, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(given)
        if given.dtype.names is None and hidden.any():
            raise fault(_masked(what, first_words(hidden)))
        return np.asarray(given)
    if isinstance(given, list | tuple):
        for row, part in enumerate(given):
            if isinstance(part, np.ma.MaskedArray) and np.ma.getmaskarray(part).any():
                raise fault(_masked(what, position_words((row,))))
    return given


def _masked(what: str, where: str) -> str:
    return (
        f"{what} has a mask, which hides the value at {where}, and a mask is not looked at here. "
        "Leave those rows out, or put values in their place: .filled(...)."
    )


def as_array(given: Any, what: str, fault: type[SigmoideError]) -> NDArray[Any]:
    """Return what NumPy makes of something; refuse it where that is nothing."""
    try:
        return np.asarray(given)
    except NOT_AN_ARRAY as error:
        raise fault(
            _no_numbers(what, str(error).rstrip("."), "Give one number for each entry.")
        ) from error


def _of_objects(array: NDArray[Any], what: str, fault: type[SigmoideError]) -> NDArray[np.float64]:
    numbers = np.empty(array.shape)
    for place, value in np.ndenumerate(array):
        try:
            numbers[place] = _number(value)
        except OverflowError:
            why = f"{shown(value)} at {position_words(place)} is beyond what float64 holds"
            raise fault(_no_numbers(what, why, "Give a smaller number.")) from None
        except (TypeError, ValueError):
            why = f"{shown(value)} at {position_words(place)} is no real number"
            raise fault(_no_numbers(what, why, "Give a number, or None.")) from None
    return numbers


def _number(value: Any) -> float:
    if value is None or type(value).__name__ == "NAType":
        return float("nan")
    if isinstance(value, Real | Decimal | np.bool_):
        number = float(value)
        # A Decimal that is too large becomes infinite in silence.
        if np.isinf(number) and isinstance(value, Decimal) and value.is_finite():
            raise OverflowError
        return number
    raise TypeError


def _no_numbers(what: str, why: str, remedy: str) -> str:
    return f"{what} is not an array of numbers: {why}. {remedy}"


def first_words(which: NDArray[np.bool_]) -> str:
    """Say where the first of some entries of an array stands."""
    return position_words(tuple(int(k) for k in np.argwhere(which)[0]))


def position_words(place: tuple[int, ...]) -> str:
    """Say where an entry of an array stands."""
    names = ("row", "column")[: len(place)] if len(place) <= 2 else ()
    if not names:
        return f"position {place}" if place else "its one place"
    said = ", ".join(f"{name} {k}" for name, k in zip(names, place, strict=True))
    return f"{said} (counted from 0)"


def finite_number(name: str, value: Any, *, above_zero: bool = False) -> float:
    """Return a setting as a float.

    Raises
    ------
    UsageError
        If it is no finite number, or is negative, or 0 where it has to be above.
    """
    number = real_number(value)
    fine = number is not None and math.isfinite(number)
    if number is None or not fine or number < 0 or (above_zero and number == 0):
        bound = "above zero" if above_zero else "zero or more"
        raise UsageError(f"{name}={shown(value)} was given; it is a finite number, {bound}.")
    return number


def is_sparse(data: Any) -> bool:
    """Say whether this is a sparse matrix or array of scipy's, without loading scipy."""
    return any(
        cls.__name__ in ("spmatrix", "sparray") and cls.__module__.startswith("scipy.sparse.")
        for cls in type(data).__mro__
    )
