"""Estimates and their covariance, in the user's columns and around the centre."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.results.records import Coefficients, Covariance, Fit, Model


def described(
    kind: str,
    central: Array | None,
    fit: Fit,
    intercept: bool,
    n: float,
    degrees: float,
    clusters: tuple[tuple[str, int], ...] = (),
    notes: tuple[str, ...] = (),
) -> Covariance:
    """Return a covariance from what it is around the centre; NaN where there is None.

    Parameters
    ----------
    kind, n, degrees, clusters, notes
        As in :class:`Covariance`.
    central : ndarray, shape (p, p), or None
        Of (intercept at the centre, coefficients), in the user's units.
    fit : Fit
        The fit.
    intercept : bool
        Whether the model has one.
    """
    p = len(fit.separation.signs)
    if central is None:
        central = np.full((p, p), np.nan)
    moved = covariance_in_columns(central, fit, intercept)
    return Covariance(kind, moved, _finite(central, fit), n, degrees, clusters, notes)


def covariance_in_columns(covariance: Array, fit: Fit, intercept: bool) -> Array:
    """Return a covariance of (intercept at the centre, coefficients) for the user's columns.

    Parameters
    ----------
    covariance : ndarray, shape (p, p)
        Around the centre of the fit, in the user's units.
    fit : Fit
        The fit.
    intercept : bool
        Whether the model has one.

    Returns
    -------
    ndarray, shape (p, p)
        Of the intercept where all columns are 0, and the coefficients; NaN in the rows and columns
        of infinite coefficients.
    """
    moved = around_zero(covariance, fit.coefficients.centre) if intercept else covariance
    return _finite(moved, fit)


def _finite(covariance: Array, fit: Fit) -> Array:
    """Withhold what infinite coefficients have in a covariance."""
    infinite = fit.separation.signs != 0.0
    return np.where(infinite[:, None] | infinite, np.nan, covariance)


def around_zero(covariance: Array, centre: Array) -> Array:
    """Return T V T', the covariance of (b - m . w, w) from that of (b, w); shape (p, p)."""
    T = np.eye(len(covariance))
    T[0, 1:] = -centre
    moved = T @ covariance @ T.T
    return np.asarray((moved + moved.T) / 2.0)


def for_predictions(model: Model) -> Array | None:
    """Return the covariance around the centre that errors of predictions are made from.

    Returns
    -------
    ndarray, shape (p, p), or None
        The one in force, 0 for infinite coefficients; None where there is none.
    """
    if model.covariance is None:
        return model.fit.coefficients.covariance
    central = model.covariance.central
    there = np.isfinite(central)
    return np.where(there, central, 0.0) if there.any() else None


# Products beyond this, or below its inverse, may lose digits when they are split.
_EXACT = 1e-200


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


def fisher(fit: Fit, intercept: bool, counts: bool) -> Covariance:
    """Return the inverse Fisher information, which a maximum-likelihood fit has by itself.

    Parameters
    ----------
    fit : Fit
        The fit.
    intercept : bool
        Whether the model has one.
    counts : bool
        Whether the weights are frequencies, each row standing for so many observations.
    """
    n = fit.totals.weight if counts else float(fit.totals.rows)
    p = len(fit.separation.signs)
    return described("Fisher", fit.coefficients.covariance, fit, intercept, n, n - p)


def estimates(fit: Fit, intercept: bool) -> Estimates:
    """Return estimates and covariance of the user's coefficients.

    The intercept is where all columns are 0, b - sum_j m_j w_j, computed exactly and rounded
    once: around a timestamp the sum cancels all but a few digits.
    """
    params = with_fates(in_columns(fit.coefficients, intercept), fit.separation.signs)
    covariance = fit.coefficients.covariance
    if covariance is None:
        return Estimates(params, np.full((len(params), len(params)), np.nan))
    return Estimates(params, covariance_in_columns(covariance, fit, intercept))


def with_fates(params: Array, signs: Array) -> Array:
    """Return estimates with those that are infinite, or of no determined sign, said to be."""
    if not signs.any():
        return params
    fates = [np.inf, -np.inf, np.nan]
    return np.asarray(np.select([signs > 0, signs < 0, np.isnan(signs)], fates, params))


def in_columns(kept: Coefficients, intercept: bool) -> Array:
    """Return the estimates where all columns are 0; shape (p,)."""
    if not intercept:
        return kept.coef
    return np.concatenate([[_moved(kept)], kept.coef])


def _moved(kept: Coefficients) -> float:
    """Return b - sum_j m_j w_j, rounded once."""
    with np.errstate(over="ignore", invalid="ignore"):
        product = kept.centre * kept.coef
        m, w = _halves(kept.centre), _halves(kept.coef)
        # What rounding took from the products, exactly (Dekker 1971), and sums rounded once.
        rest = ((m[0] * w[0] - product) + m[0] * w[1] + m[1] * w[0]) + m[1] * w[1]
    reach = np.abs(product[product != 0.0])
    if np.isfinite(rest).all() and (reach > _EXACT).all() and (reach < 1.0 / _EXACT).all():
        return math.fsum([kept.intercept, *-product, *-rest])
    terms = zip(kept.centre, kept.coef, strict=True)
    shift = sum((Fraction(float(m)) * Fraction(float(w)) for m, w in terms), Fraction(0))
    return float(Fraction(kept.intercept) - shift)


def _halves(values: Array) -> tuple[Array, Array]:
    """Split numbers into two of half the digits each (Veltkamp 1968)."""
    wide = 134217729.0 * values
    high = wide - (wide - values)
    return high, values - high
