"""Estimates and their covariance, in the user's columns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sigmoide.data.blocks import Array
from sigmoide.model.records import Coefficients, Fit


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates as they are shown.

    Attributes
    ----------
    params : ndarray, shape (p,)
        The intercept first, where there is one; infinite or NaN (sign not determined) under
        separation.
    covariance : ndarray, shape (p, p)
        Inverse Fisher information; NaN where there is none: rows of infinite coefficients, all
        of it for a penalised fit or one that is not proved.
    """

    params: Array
    covariance: Array

    @property
    def standard_errors(self) -> Array:
        """Square roots of the diagonal; shape (p,)."""
        return np.sqrt(np.diag(self.covariance))


def estimates(fit: Fit, intercept: bool) -> Estimates:
    """Return estimates and covariance of the user's coefficients.

    The intercept is where all columns are 0, b - sum_j m_j w_j, computed exactly and rounded
    once: around a timestamp the sum cancels all but a few digits.
    """
    kept = fit.coefficients
    params = _in_columns(kept, intercept)
    p = len(params)
    covariance = np.full((p, p), np.nan)
    if kept.covariance is not None:
        covariance = _transformed(kept.covariance, kept.centre) if intercept else kept.covariance
    signs = fit.separation.signs
    infinite = signs != 0.0
    if infinite.any():
        params = np.select(
            [signs > 0, signs < 0, np.isnan(signs)], [np.inf, -np.inf, np.nan], params
        )
        covariance = np.where(infinite[:, None] | infinite, np.nan, covariance)
    return Estimates(params, covariance)


def _in_columns(kept: Coefficients, intercept: bool) -> Array:
    if not intercept:
        return kept.coef
    shift = sum(
        (
            Fraction(float(m)) * Fraction(float(w))
            for m, w in zip(kept.centre, kept.coef, strict=True)
        ),
        Fraction(0),
    )
    return np.concatenate([[float(Fraction(kept.intercept) - shift)], kept.coef])


def _transformed(covariance: Array, centre: Array) -> Array:
    """Return T V T' for intercept = b - m . w."""
    T = np.eye(len(covariance))
    T[0, 1:] = -centre
    moved = T @ covariance @ T.T
    return np.asarray((moved + moved.T) / 2.0)
