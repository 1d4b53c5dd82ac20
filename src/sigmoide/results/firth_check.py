"""Firth's estimates checked on the rows, with no help from the search that found them.

There is no proof to make again: that no other point is higher is not known. What can be checked is
that the modified score vanishes at the estimates (Firth 1993, "Bias reduction of maximum likelihood
estimates", Biometrika 80, 27-38), and that of FLIC and FLAC, which follow it, at theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import moments
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import UsageError
from sigmoide.problem import objective
from sigmoide.problem.frame import Frame, frame_of
from sigmoide.results.records import Fit
from sigmoide.results.small_sample import Checked, SmallSample


def check_firth(blocks: Blocks, fit: Fit, intercept: bool) -> Checked:
    """Check the coefficients of a fit on blocks of its own columns: three reads, or four.

    Parameters
    ----------
    blocks : Blocks
        The rows.
    fit : Fit
        By Firth's method, FLIC or FLAC.
    intercept : bool
        Whether the model has one.

    Raises
    ------
    UsageError
        If it is one of maximum likelihood.
    """
    small, kept = fit.small_sample, fit.coefficients
    if small is None:
        raise UsageError("the fit is one of maximum likelihood, which can be proved: verify it.")
    before = blocks.reads
    with single_threaded_arithmetic():
        totals = blocks.reduce(moments)
        frame = frame_of(totals, intercept).keep(kept.columns)
        theta = _at(frame, kept.centre, small.intercept, small.coef)
        information = blocks.reduce(_information(frame, theta))
        decrement = _length(information, blocks.reduce(_score(frame, theta, information)))
        following = None
        if small.method != "firth":
            answer = _at(frame, kept.centre, kept.intercept, kept.coef)
            following = _following(blocks, frame, small, theta, information, answer)
    return Checked(small.method, decrement, following, blocks.reads - before)


def _at(frame: Frame, centre: Array, intercept: float, coef: Array) -> Array:
    """Return coefficients in a frame of another centre, the intercept moved exactly."""
    moved = Fraction(intercept)
    for here, there, slope in zip(frame.centre, centre, coef, strict=True):
        moved += (Fraction(float(here)) - Fraction(float(there))) * Fraction(float(slope))
    return frame.coordinates(float(moved) if frame.intercept else 0.0, coef)


def _information(frame: Frame, theta: Array) -> Callable[[Block], Array]:
    def read(block: Block) -> Array:
        Z = frame.design(block)
        w = block.weight * objective.curvature(block.offset + Z @ theta)
        return np.asarray((Z * w[:, None]).T @ Z)

    return read


def _leverages(block: Block, Z: Array, theta: Array, information: Array) -> Array:
    """Return h_i = s_i p_i (1 - p_i) z_i' I^-1 z_i; NaN where I is singular."""
    w = block.weight * objective.curvature(block.offset + Z @ theta)
    return np.asarray(w * np.einsum("ij,ji->i", Z, _solved(information, Z.T)))


def _score(frame: Frame, theta: Array, information: Array) -> Callable[[Block], Array]:
    def read(block: Block) -> Array:
        Z = frame.design(block)
        p = objective.sigmoid(block.offset + Z @ theta)
        h = _leverages(block, Z, theta, information)
        return np.asarray(Z.T @ (block.weight * (block.y - p) + h * (0.5 - p)))

    return read


def _following(
    blocks: Blocks, frame: Frame, fit: SmallSample, theta: Array, information: Array, answer: Array
) -> float:
    """Return how far the score of FLIC or FLAC is from 0: one read."""

    def read(block: Block) -> Array:
        Z = frame.design(block)
        eta = block.offset + Z @ answer
        short = block.weight * (block.y - objective.sigmoid(eta))
        bend = block.weight * objective.curvature(eta)
        if fit.method == "flic":
            return np.array([[short.sum(), bend.sum()]])
        # Two pseudo-rows of weight h/2, one an event and one not, and a last column that is theirs.
        h, marked = _leverages(block, Z, theta, information), eta + fit.mark
        theirs, bent = h * (0.5 - objective.sigmoid(marked)), h * objective.curvature(marked)
        score = np.append(Z.T @ (short + theirs), theirs.sum())
        beside = Z.T @ bent
        whole = np.block(
            [[(Z * (bend + bent)[:, None]).T @ Z, beside[:, None]], [beside, bent.sum()]]
        )
        return np.column_stack([score, whole])

    sums = blocks.reduce(read)
    return _length(sums[:, 1:], sums[:, 0])


def _length(information: Array, score: Array) -> float:
    """Return sqrt(U' I^-1 U); infinite where I is singular to working precision."""
    square = float(score @ _solved(information, score))
    return math.sqrt(max(square, 0.0)) if math.isfinite(square) else math.inf


def _solved(information: Array, v: Array) -> Array:
    """Return I^-1 v, by way of a unit diagonal; NaN where I is singular."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1.0 / np.sqrt(np.diag(information))
    if not np.isfinite(scale).all():
        return np.full_like(v, np.nan)
    try:
        factor = cho_factor(information * scale[:, None] * scale, lower=True)
    except LinAlgError:
        return np.full_like(v, np.nan)
    by = scale if v.ndim == 1 else scale[:, None]
    return np.asarray(by * cho_solve(factor, by * v))
