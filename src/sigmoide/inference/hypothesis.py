"""Wald tests and intervals of coefficients; the model against the null."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from sigmoide.arguments.arrays import open_probability
from sigmoide.blocks.block import Array
from sigmoide.results.records import Fit


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A statistic with its degrees of freedom and p-value."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """What follows from the log-likelihood.

    Attributes
    ----------
    loglik, null_loglik : float
        Of the model (its supremum under separation) and of the null model.
    deviance, null_deviance : float
        -2 times those: the saturated model of single trials has log-likelihood 0.
    aic, bic : float
        -2 loglik + 2 p and + p ln n; NaN for a penalised fit (Firth's is one), whose p is not the
        number of its coefficients.
    mcfadden : float
        1 - loglik / null_loglik; NaN where offsets alone explain everything.
    n : float
        Observations: the sum of frequencies, else the rows of positive weight.
    rank, df_model, df_resid : int, int, float
        Coefficients; those besides the intercept; n - rank.
    ratio : ChiSquare
        2 (loglik - null_loglik); p is NaN for a penalised fit. By Firth's method and its like the
        test of all slopes that was computed with the fit.
    """

    loglik: float
    null_loglik: float
    deviance: float
    null_deviance: float
    aic: float
    bic: float
    mcfadden: float
    n: float
    rank: int
    df_model: int
    df_resid: float
    ratio: ChiSquare


def z_test(params: Array, standard_errors: Array) -> tuple[Array, Array]:
    """Return z = estimate / standard error and the two-sided p-values; both of shape (p,)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(np.isfinite(standard_errors), params / standard_errors, np.nan)
    return z, np.asarray(2.0 * ndtr(-np.abs(z)))


def likelihoods(fit: Fit, intercept: bool, counts: bool, penalised: bool) -> Likelihoods:
    """Return the statistics of the whole fit.

    Parameters
    ----------
    fit : Fit
        The fit.
    intercept : bool
        Whether the null model has one; without, it is eta = offset.
    counts : bool
        Whether the weights are frequencies, each row standing for so many observations.
    penalised : bool
        Whether a penalty was in force.
    """
    totals = fit.totals
    rank = len(fit.coefficients.columns) + intercept
    n = totals.weight if counts else float(totals.rows)
    deviance, null = -2.0 * totals.loglik, -2.0 * totals.null_loglik
    df = rank - intercept
    ratio = max(null - deviance, 0.0)
    p = math.nan if penalised or not df else float(chdtrc(df, ratio))
    small = fit.small_sample
    if small is not None:
        penalised, ratio, p = True, small.overall, small.overall_p
    return Likelihoods(
        totals.loglik,
        totals.null_loglik,
        deviance,
        null,
        math.nan if penalised else deviance + 2.0 * rank,
        math.nan if penalised else deviance + rank * math.log(n),
        1.0 - totals.loglik / totals.null_loglik if totals.null_loglik else math.nan,
        n,
        rank,
        df,
        n - rank,
        ChiSquare(ratio, df, p),
    )


def wald(params: Array, standard_errors: Array, alpha: float) -> Array:
    """Return intervals of coverage 1 - alpha; shape (p, 2), NaN where there is no error.

    Raises
    ------
    UsageError
        If alpha is not between 0 and 1.
    """
    alpha = open_probability("alpha", alpha)
    reach = -float(ndtri(alpha / 2.0)) * standard_errors
    centre = np.where(np.isfinite(standard_errors), params, np.nan)
    return np.column_stack([centre - reach, centre + reach])
