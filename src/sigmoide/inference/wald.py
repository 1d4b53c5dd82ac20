r"""Wald tests of linear hypotheses L b = c, and of all coefficients of a term at once.

.. math::

    W = (L \hat b - c)' (L V L')^{-1} (L \hat b - c)

is chi-square with as many degrees of freedom as there are independent equations, whatever
covariance V is used. Where an equation speaks of an infinite coefficient there is no V: its errors
and tests are withheld (NaN).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import chdtrc, ndtr

from sigmoide.blocks.block import Array
from sigmoide.errors import UsageError
from sigmoide.inference.equations import LinearEquations
from sigmoide.inference.hypothesis import ChiSquare
from sigmoide.proof.certificate import lower_factor


@dataclass(frozen=True, slots=True)
class LinearTest:
    """Tests of linear hypotheses.

    Attributes
    ----------
    labels : tuple of str
        How each was written.
    estimate, standard_error, z, p : ndarray, shape (m,)
        L b - c, its standard error, their quotient and two-sided p: each equation by itself.
    joint : ChiSquare
        All of them together; its degrees of freedom are those that are independent.
    """

    labels: tuple[str, ...]
    estimate: Array
    standard_error: Array
    z: Array
    p: Array
    joint: ChiSquare


def linear_test(linear: LinearEquations, params: Array, covariance: Array) -> LinearTest:
    """Test linear hypotheses.

    Parameters
    ----------
    linear : LinearEquations
        The equations.
    params : ndarray, shape (p,)
        Estimates, in the order of its columns.
    covariance : ndarray, shape (p, p)
        Theirs, of any kind; NaN for infinite coefficients.

    Raises
    ------
    UsageError
        If an equation contradicts the others.
    """
    L = linear.matrix
    if L.shape[1] != len(params):
        raise UsageError(
            f"the hypotheses are about {L.shape[1]} coefficients, and the model has {len(params)}."
        )
    estimate = _times(L, params) - linear.constants
    variance = np.array([_variance(row, covariance) for row in L])
    error = np.sqrt(variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(error > 0.0, estimate / error, np.nan)
    estimate = np.where(np.isnan(error), np.nan, estimate)
    p = 2.0 * ndtr(-np.abs(z))
    joint = _joint(independent(linear), params, covariance)
    return LinearTest(linear.labels, estimate, error, z, np.asarray(p), joint)


def joint_tests(
    terms: Mapping[str, Sequence[int]], params: Array, covariance: Array
) -> dict[str, ChiSquare]:
    """Test, term by term, that all its coefficients are 0.

    Parameters
    ----------
    terms : mapping
        From the term to the positions of its coefficients.
    params, covariance
        As in :func:`linear_test`.
    """
    every = np.eye(len(params))
    return {
        label: _joint(
            LinearEquations(every[list(places)], np.zeros(len(places)), (label,) * len(places)),
            params,
            covariance,
        )
        for label, places in terms.items()
    }


def independent(linear: LinearEquations) -> LinearEquations:
    """Return the equations without those that follow from earlier ones; exact.

    Raises
    ------
    UsageError
        If one contradicts the earlier ones.
    """
    reduced: list[tuple[int, list[Fraction]]] = []
    stays = []
    for i, row in enumerate(linear.matrix):
        work = [Fraction(float(v)) for v in (*row, linear.constants[i])]
        for pivot, done in reduced:
            if factor := work[pivot]:
                work = [a - factor * b for a, b in zip(work, done, strict=True)]
        lead = next((j for j, entry in enumerate(work[:-1]) if entry), None)
        if lead is None:
            if work[-1]:
                raise UsageError(
                    f"the hypothesis {linear.labels[i]!r} contradicts the ones before it."
                )
            continue
        work = [entry / work[lead] for entry in work]
        reduced.append((lead, work))
        stays.append(i)
    return LinearEquations(
        linear.matrix[stays], linear.constants[stays], tuple(linear.labels[i] for i in stays)
    )


def _joint(linear: LinearEquations, params: Array, covariance: Array) -> ChiSquare:
    df = len(linear.matrix)
    if not df:
        return ChiSquare(math.nan, 0, math.nan)
    about = (linear.matrix != 0.0).any(axis=0)
    L, V = linear.matrix[:, about], covariance[np.ix_(about, about)]
    if not np.isfinite(V).all():
        return ChiSquare(math.nan, df, math.nan)
    factor = lower_factor(L @ V @ L.T, 0.0)
    if factor is None:
        return ChiSquare(math.nan, df, math.nan)
    apart = L @ params[about] - linear.constants
    whitened = solve_triangular(factor.lower, factor.scale * apart, lower=True)
    statistic = float(whitened @ whitened)
    return ChiSquare(statistic, df, float(chdtrc(df, statistic)))


def _times(L: Array, params: Array) -> Array:
    """Return L b, where coefficients that an equation does not speak of may be infinite."""
    with np.errstate(invalid="ignore"):
        return np.array([float(row[row != 0.0] @ params[row != 0.0]) for row in L])


def _variance(row: Array, covariance: Array) -> float:
    about = row != 0.0
    part = row[about]
    return float(part @ covariance[np.ix_(about, about)] @ part)
