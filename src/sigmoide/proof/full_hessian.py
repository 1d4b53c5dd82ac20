"""The proof over blocks: two reads, shared with no solver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.kernels import reference
from sigmoide.kernels.compiled import additions
from sigmoide.kernels.tiles import worth_compiling
from sigmoide.problem.frame import Frame
from sigmoide.proof.certificate import (
    Certificate,
    Factor,
    Loads,
    certify,
    lower_factor,
    rounding_of,
    tau_of,
    unproved,
)

METHOD = "full Hessian, float64"


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate, and what was computed for it.

    Attributes
    ----------
    certificate : Certificate
        The verdict.
    value : float
        The objective without its penalty: minus the log-likelihood.
    hessian : ndarray, shape (p, p)
        In the coordinates of the frame, penalty included.
    """

    certificate: Certificate
    value: float
    hessian: Array


def prove(blocks: Blocks, frame: Frame, theta: Array, alpha: Array) -> Proof:
    """Prove how far a point is from the optimum, whoever found it.

    Parameters
    ----------
    blocks : Blocks
        The data.
    frame : Frame
        The coordinates of ``theta``. Centre and scales do not change what is proved, only how
        much rounding has to be allowed for.
    theta : ndarray, shape (p,)
        The point.
    alpha : ndarray, shape (d,)
        Ridge penalty of each coefficient, in the user's units.
    """
    sums = evidence_in(blocks, frame, theta)
    ridge = frame.penalty(alpha)
    factor = factor_of(sums, ridge, blocks)
    if factor is None:
        reason = (
            "the Hessian is not positive definite beyond rounding: the classes are separated, "
            "columns are aliased, or nearly so"
        )
        return Proof(unproved(METHOD, 1, reason), sums.value, sums.hessian + np.diag(ridge))
    far = extent_in(blocks, frame, factor)
    return concluded(sums, far, factor, theta, ridge, blocks)


def evidence_in(blocks: Blocks, frame: Frame, theta: Array) -> reference.CertificateSums:
    """Return what a proof needs of a point: a read."""
    if not _compiled(blocks, frame):
        return blocks.reduce(partial(reference.evidence, frame=frame, theta=theta))
    from sigmoide.kernels.compiled import curvature

    return blocks.reduce(curvature.evidence_at(frame, theta))


def extent_in(blocks: Blocks, frame: Frame, factor: Factor) -> reference.Extent:
    """Return how far rows reach in the metric of a factor: a read."""
    lower, scale, deviation = factor.lower, factor.scale, factor.deviation()
    if not _compiled(blocks, frame):
        return blocks.reduce(
            partial(reference.extent, frame=frame, lower=lower, scale=scale, deviation=deviation)
        )
    from sigmoide.kernels.compiled import whitening

    return blocks.reduce(whitening.extent_at(frame, lower, scale, deviation))


def _compiled(blocks: Blocks, frame: Frame) -> bool:
    return worth_compiling(blocks.n_rows, len(blocks.names) + frame.intercept)


def factor_of(sums: reference.CertificateSums, ridge: Array, blocks: Blocks) -> Factor | None:
    """Return the factor that a proof rests on, from what the first read found of these blocks."""
    shape = blocks.rows_per_block, blocks.n_blocks
    # Whichever kernel it was.
    most = max(reference.matrix_accumulation(*shape), additions.of_hessian(*shape))
    return lower_factor(sums.hessian + np.diag(ridge), tau_of(len(ridge), sums.reach, most))


def foretold(
    blocks: Blocks, part: Blocks, frame: Frame, theta: Array, gradient: Array, hessian: Array
) -> float:
    """Return about how much rounding this proof would have to allow for, in standard errors.

    Parameters
    ----------
    blocks : Blocks
        All rows; not read.
    part : Blocks
        Some of them, with weights that stand for all.
    frame, theta
        As in :func:`prove`.
    gradient, hessian : ndarray, shape (p,) and (p, p)
        Of all rows there, penalty included.
    """
    factor = lower_factor(hessian, 0.0)
    if factor is None:
        return 0.0
    sums = evidence_in(part, frame, theta)
    loads = _loads(sums, np.zeros(len(theta)), blocks)
    return rounding_of(gradient, factor, extent_in(part, frame, factor).norm, loads)


def concluded(
    sums: reference.CertificateSums,
    far: reference.Extent,
    factor: Factor,
    theta: Array,
    ridge: Array,
    blocks: Blocks,
) -> Proof:
    """Return the proof from what the two reads found of these blocks."""
    loads = _loads(sums, ridge * np.abs(theta), blocks)
    certificate = certify(
        sums.gradient + ridge * theta, factor, far.norm, far.rounding, loads, METHOD, 2
    )
    return Proof(certificate, sums.value, sums.hessian + np.diag(ridge))


def _loads(sums: reference.CertificateSums, pull: Array, blocks: Blocks) -> Loads:
    shape = blocks.rows_per_block, blocks.n_blocks
    most = max(reference.accumulation(*shape), additions.of_vectors(*shape))
    return Loads(sums.residual_load, sums.eta_load, pull, most)
