"""Firth's estimates checked on the rows, with no help from the search that found them.

There is no proof to make again: that no other point is higher is not known. What can be checked is
that the modified score vanishes at the estimates (Firth 1993, "Bias reduction of maximum likelihood
estimates", Biometrika 80, 27-38), and after FLIC and FLAC that probabilities add up to the events.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, solve_triangular

from sigmoide import objective
from sigmoide.data.blocks import Array, Block, Blocks
from sigmoide.data.moments import moments
from sigmoide.data.threads import single_threaded_arithmetic
from sigmoide.errors import UsageError
from sigmoide.kernels.frame import Frame, frame_of
from sigmoide.model.records import Model
from sigmoide.model.small_sample import Checked


def check_firth(model: Model, blocks: Blocks) -> Checked:
    """Check the coefficients of a model on blocks of its own columns: three reads, or four.

    Parameters
    ----------
    model : Model
        By Firth's method, FLIC or FLAC.
    blocks : Blocks
        The rows.
    """
    held, kept, intercept = model.fit.small_sample, model.fit.coefficients, model.design.intercept
    if held is None:
        raise UsageError("the fit is one of maximum likelihood, which can be proved: verify it.")
    before = blocks.reads
    with single_threaded_arithmetic():
        seen = blocks.reduce(moments)
        frame = frame_of(seen, intercept).keep(kept.columns)
        theta = _at(frame, kept.centre, held.intercept, held.coef)
        decrement = _decrement(blocks, frame, theta)
        balance = None
        if held.method != "firth":
            balance = _balance(blocks, frame, _at(frame, kept.centre, kept.intercept, kept.coef))
    return Checked(held.method, decrement, balance, blocks.reads - before)


def _at(frame: Frame, centre: Array, intercept: float, coef: Array) -> Array:
    """Return coefficients in a frame of another centre, the intercept moved exactly."""
    moved = Fraction(intercept)
    for here, there, slope in zip(frame.centre, centre, coef, strict=True):
        moved += (Fraction(float(here)) - Fraction(float(there))) * Fraction(float(slope))
    return frame.coordinates(float(moved) if frame.intercept else 0.0, coef)


def _decrement(blocks: Blocks, frame: Frame, theta: Array) -> float:
    def information_of(block: Block) -> Array:
        Z = frame.design(block)
        w = block.weight * objective.curvature(block.offset + Z @ theta)
        return np.asarray((Z * w[:, None]).T @ Z)

    information = blocks.reduce(information_of)
    scale = 1.0 / np.sqrt(np.diag(information))
    try:
        factor = cho_factor(information * scale[:, None] * scale, lower=True)
    except (LinAlgError, ValueError):
        return math.inf
    lower = np.tril(factor[0])

    def score_of(block: Block) -> Array:
        Z = frame.design(block)
        eta = block.offset + Z @ theta
        u = solve_triangular(lower, (Z * scale).T, lower=True)
        h = block.weight * objective.curvature(eta) * np.einsum("ij,ij->j", u, u)
        p = objective.sigmoid(eta)
        return np.asarray(Z.T @ (block.weight * (block.y - p) + h * (0.5 - p)))

    score = scale * blocks.reduce(score_of)
    return math.sqrt(max(float(score @ cho_solve(factor, score)), 0.0))


def _balance(blocks: Blocks, frame: Frame, theta: Array) -> float:
    def sums_of(block: Block) -> Array:
        eta = block.offset + frame.design(block) @ theta
        apart = block.weight * (objective.sigmoid(eta) - block.y)
        return np.array([apart.sum(), (block.weight * objective.curvature(eta)).sum()])

    apart, variance = blocks.reduce(sums_of)
    return float(apart / math.sqrt(variance)) if variance > 0.0 else math.inf
