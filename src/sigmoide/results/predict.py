"""Predictions of a model, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.columns.account import Account
from sigmoide.results.records import Coefficients, Fit, Separation

# A row whose part along the separating direction is below this share of its terms lies on it.
_ON_THE_WALL = 1e-9
# A negative variance within this share of its terms is one of 0.
_ROUNDING = 1e-10


@dataclass(frozen=True, slots=True)
class Predicted:
    """Linear predictors, and their standard errors where the fit allows them.

    Attributes
    ----------
    eta : ndarray, shape (n,)
        offset + b + sum_j (x_j - m_j) w_j; infinite on the separated side of a separated fit.
    standard_error : ndarray, shape (n,)
        sqrt(z' V z); NaN where there is none.
    account : Account
        What became of the rows, where they came from a source.
    """

    eta: Array
    standard_error: Array
    account: Account = field(default_factory=Account)


def linear_predictor(X: Array, offset: Array, kept: Coefficients) -> Array:
    """Return eta of each row of X, shape (n, all columns of the design).

    Column by column, so that the bits of a row do not depend on the rows beside it.
    """
    eta = offset + kept.intercept
    for j, centre, coef in zip(kept.columns, kept.centre, kept.coef, strict=True):
        eta = eta + (X[:, j] - centre) * coef
    return np.asarray(eta)


def predict(
    X: Array, offset: Array, fit: Fit, intercept: bool, covariance: Array | None = None
) -> Predicted:
    """Predict rows of the design.

    Under separation the prediction is the limit that the fit tends to along its separating
    direction: probability 0 or 1 off the wall, the finite model on it.

    Parameters
    ----------
    X : ndarray, shape (n, all columns of the design)
        The rows.
    offset : ndarray, shape (n,)
        Theirs.
    fit : Fit
        The fit.
    intercept : bool
        Whether the model has one.
    covariance : ndarray, shape (p, p), optional
        Around the centre of the fit; without it there are no standard errors.
    """
    eta = linear_predictor(X, offset, fit.coefficients)
    error = _standard_errors(X, fit.coefficients, intercept, covariance)
    if fit.separation.kind in ("complete", "quasi-complete"):
        side = _side(X, fit.coefficients, fit.separation)
        eta = np.select([side > 0.0, side < 0.0], [np.inf, -np.inf], eta)
        error = np.where(side == 0.0, error, np.nan)
    return Predicted(eta, error)


def _side(X: Array, kept: Coefficients, separation: Separation) -> Array:
    """Return on which side of the separating wall each row lies: 1, -1, or 0 for on it."""
    value, slopes = separation.direction[0], separation.direction[1:]
    along = np.full(len(X), value)
    size = np.full(len(X), abs(value))
    for j, origin, slope in zip(kept.columns, separation.origin, slopes, strict=True):
        term = (X[:, j] - origin) * slope
        along = along + term
        size = size + np.abs(term)
    return np.where(np.abs(along) <= _ON_THE_WALL * size, 0.0, np.sign(along))


def _standard_errors(
    X: Array, kept: Coefficients, intercept: bool, covariance: Array | None
) -> Array:
    if covariance is None:
        return np.full(len(X), np.nan)
    Z = X[:, kept.columns] - kept.centre
    if intercept:
        Z = np.column_stack([np.ones(len(X)), Z])
    variance = np.einsum("ij,jk,ik->i", Z, covariance, Z, optimize=True)
    # A covariance by two columns of clusters need not be positive; beyond rounding it is said.
    reach = (np.abs(Z) @ np.sqrt(np.abs(np.diag(covariance)))) ** 2
    known = variance >= -_ROUNDING * reach
    return np.asarray(np.sqrt(np.where(known, np.maximum(variance, 0.0), np.nan)))
