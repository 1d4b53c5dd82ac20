"""The proof over blocks: two reads, shared with no solver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from sigmoide.certificate import (
    Certificate,
    Loads,
    certify,
    lower_factor,
    tau_of,
    unproved,
)
from sigmoide.data.blocks import Array, Blocks
from sigmoide.kernels import reference
from sigmoide.kernels.frame import Frame

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
    seen = blocks.reduce(partial(reference.evidence, frame=frame, theta=theta))
    ridge = frame.penalty(alpha)
    hessian = seen.hessian + np.diag(ridge)
    additions = reference.matrix_accumulation(blocks.rows_per_block, blocks.n_blocks)
    factor = lower_factor(hessian, tau_of(frame.size, seen.reach, additions))
    if factor is None:
        reason = (
            "the Hessian is not positive definite beyond rounding: the classes are separated, "
            "columns are aliased, or nearly so"
        )
        return Proof(unproved(METHOD, 1, reason), seen.value, hessian)
    deviation = factor.deviation()
    far = blocks.reduce(
        partial(
            reference.extent,
            frame=frame,
            lower=factor.lower,
            scale=factor.scale,
            deviation=deviation,
        )
    )
    loads = Loads(
        seen.residual_load,
        seen.eta_load,
        ridge * np.abs(theta),
        reference.accumulation(blocks.rows_per_block, blocks.n_blocks),
    )
    certificate = certify(
        seen.gradient + ridge * theta, factor, far.norm, far.rounding, loads, METHOD, 2
    )
    return Proof(certificate, seen.value, hessian)
