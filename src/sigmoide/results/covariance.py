"""A covariance of the estimates: what it rests on, in the user's columns and around the centre."""

from __future__ import annotations

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.results.records import Covariance, Fit, Model


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
