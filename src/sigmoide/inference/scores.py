r"""Scores at the estimate, in coordinates in which the information is the identity.

Every covariance from scores is a sandwich, H^-1 M H^-1: H the Hessian at the estimate, M a sum of
outer products of scores s_i (y_i - p_i) z_i. With C C' = H^-1 it is C M_w C', where M_w is the same
sum over the rows w_i = C' z_i. So computed, a badly conditioned H costs the square root of what it
costs in H^-1 M H^-1, every variance is a sum of squares, and the leverage of a row is
s_i p_i (1 - p_i) |w_i|^2 (Pregibon 1981, Annals of Statistics 9, 705-724).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from sigmoide.blocks.block import Array, Block, Integers
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import moments
from sigmoide.errors import DataError, UsageError
from sigmoide.kernels import reference
from sigmoide.problem import objective
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.results.records import Fit
from sigmoide.results.small_sample import LABELS

# The log-likelihoods of one and the same rows differ by their rounding only.
_SAME = 1e-8


@dataclass(frozen=True, slots=True)
class Footing:
    """Where scores are taken: the estimate, or under separation its limit.

    Attributes
    ----------
    blocks : Blocks
        The rows: all of them, or those that overlap.
    frame : Frame
        Coordinates around the centre of the fit, of the q coefficients that are finite.
    theta : ndarray, shape (q,)
        The estimate there.
    root : ndarray, shape (q, q)
        C, with C C' the inverse Hessian there.
    places : ndarray of int64, shape (q,)
        Where the q coefficients stand among all p.
    """

    blocks: Blocks
    frame: Frame
    theta: Array
    root: Array
    places: Integers


@dataclass(frozen=True, slots=True)
class RowsAtEstimate:
    """The rows of a block at the estimate.

    Attributes
    ----------
    whitened : ndarray, shape (n, q)
        w_i = C' z_i.
    residual, bend : ndarray, shape (n,)
        y_i - p_i and p_i (1 - p_i), without weights.
    value : float
        Minus the log-likelihood.
    """

    whitened: Array
    residual: Array
    bend: Array
    value: float


def refuse_penalised(fit: Fit, errors: str) -> None:
    """Refuse errors of a penalised fit.

    Raises
    ------
    UsageError
        If a penalty was in force, Firth's among them.
    """
    if fit.small_sample is not None:
        raise UsageError(
            f"{errors} of a fit by {LABELS[fit.small_sample.method]} was asked for: its errors are "
            "those of the inverse information, and its intervals and tests are likelihood ratios. "
            "Others are there for fits of maximum likelihood."
        )
    if (fit.alpha > 0.0).any():
        raise UsageError(
            f"{errors} of a penalised fit was asked for: the penalty moves the coefficients by an "
            "amount that no sampling error holds, so that errors around them are not inference. "
            "Fit without a penalty."
        )


def footing(blocks: Blocks, fit: Fit, intercept: bool) -> Footing | None:
    """Return where scores are taken, or None where nothing was inferred: see :func:`withheld`.

    Parameters
    ----------
    blocks : Blocks
        The rows that were fitted.
    fit : Fit
        The fit, without a penalty.
    intercept : bool
        Whether the model has one.
    """
    kept, first = fit.coefficients, int(intercept)
    if fit.status == "separated" and kept.covariance is not None:
        # Infinite coefficients have no row in the covariance of the limit.
        places = np.flatnonzero(np.diag(kept.covariance) > 0.0)
        rows = blocks.without(fit.separation.rows)
    elif fit.status == "proved":
        places = np.arange(len(kept.columns) + first)
        rows = blocks
    else:
        return None
    used = places[first:] - first
    columns, centre = kept.columns[used], kept.centre[used]
    if kept.covariance is not None:
        covariance = kept.covariance[np.ix_(places, places)]
        frame = Frame(columns, centre, _exponents(covariance)[first:], intercept)
        root = _root_of(covariance, frame)
        if root is not None:
            theta = frame.coordinates(kept.intercept, kept.coef[used])
            return Footing(rows, frame, theta, root, places)
    # There is none, or inverting it has left no digits: the Hessian itself is known to be definite.
    frame = replace(frame_of(rows.reduce(moments), intercept).keep(columns), centre=centre)
    theta = frame.coordinates(kept.intercept, kept.coef[used])
    return Footing(rows, frame, theta, _root_at(rows, frame, theta), places)


def _exponents(covariance: Array) -> Integers:
    """Return the powers of two of the standard errors."""
    return np.frexp(np.sqrt(np.diag(covariance)))[1].astype(np.int64)


def _units(frame: Frame) -> Integers:
    """Return the powers of two between the frame's coordinates and the user's, one for each."""
    first = np.zeros(int(frame.intercept), dtype=np.int64)
    return np.concatenate([first, frame.exponent])


def _root_of(covariance: Array, frame: Frame) -> Array | None:
    """Return C with C C' the covariance in the frame; None where it is not positive definite."""
    units = _units(frame)
    try:
        return np.asarray(cholesky(np.ldexp(covariance, -units[:, None] - units), lower=True))
    except LinAlgError:
        return None


def _root_at(rows: Blocks, frame: Frame, theta: Array) -> Array:
    """Return C with C C' the inverse Hessian at a point: a read."""
    hessian = rows.reduce(partial(reference.local, frame=frame, theta=theta)).hessian
    scale = 1.0 / np.sqrt(np.diag(hessian))
    lower = cholesky(hessian * scale[:, None] * scale, lower=True)
    return np.asarray(solve_triangular(lower, np.diag(scale), lower=True).T)


def withheld(fit: Fit, names: tuple[str, ...], what: str) -> tuple[str, ...]:
    """Return why errors are withheld, where some are.

    Parameters
    ----------
    fit : Fit
        The fit.
    names : tuple of str
        Names of the columns of X.
    what : str
        The errors, in words.
    """
    if fit.status == "proved":
        return ()
    if fit.status != "separated":
        return (f"{what} are withheld: the fit is not proved to be the maximum",)
    if fit.coefficients.covariance is None:
        return (f"{what} are withheld: the classes are separated and nothing finite is left",)
    every = [names[j] for j in fit.coefficients.columns]
    if len(fit.separation.signs) > len(every):
        every.insert(0, "Intercept")
    gone = [n for n, sign in zip(every, fit.separation.signs, strict=True) if sign != 0.0]
    return (
        f"{what} of {', '.join(gone)} are withheld: infinite coefficients have none; those of the "
        "others are of the limit, in which the separated rows have no score",
    )


def score(block: Block, at: Footing) -> RowsAtEstimate:
    """Return the rows of a block at the estimate."""
    Z = at.frame.design(block)
    eta = block.offset + Z @ at.theta
    return RowsAtEstimate(
        Z @ at.root,
        objective.residual(eta, block.y),
        objective.curvature(eta),
        float(block.weight @ objective.loss(eta, block.y)),
    )


def sandwich(meat: Array, at: Footing, size: int) -> Array:
    """Return C M_w C' around the centre, in the user's units.

    Parameters
    ----------
    meat : ndarray, shape (q, q)
        M_w, with its factor.
    at : Footing
        Where it was taken.
    size : int
        p, all coefficients.

    Returns
    -------
    ndarray, shape (p, p)
        0 in the rows and columns of infinite coefficients.
    """
    units = _units(at.frame)
    inner = np.ldexp(at.root @ meat @ at.root.T, units[:, None] + units)
    every = np.zeros((size, size))
    every[np.ix_(at.places, at.places)] = (inner + inner.T) / 2.0
    return every


def refuse_other_rows(fit: Fit, rows: int, value: float) -> None:
    """Refuse rows that are not those of the fit.

    Parameters
    ----------
    fit : Fit
        The fit.
    rows : int
        Rows of positive weight that were read, the separated ones included.
    value : float
        Minus their log-likelihood at the estimate.

    Raises
    ------
    DataError
        If their number or their likelihood is another one than that of the fit.
    """
    ours = fit.totals.loglik
    if rows == fit.totals.rows and abs(value + ours) <= _SAME * max(1.0, abs(ours)):
        return
    raise DataError(
        f"errors were asked for over {rows:,} rows of log-likelihood {-value:.6g}; the fit was of "
        f"{fit.totals.rows:,} rows of log-likelihood {ours:.6g}. They are taken at the scores of "
        "the rows that were fitted: give the data of the fit, as they were."
    )
