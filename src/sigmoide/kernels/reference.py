"""The block kernels in NumPy: what every faster one must equal.

All arithmetic is in float64, whatever the type of X. Inside a block, sums run over chunks of a few
rows and then over a tree of chunks, so that their rounding error grows with the chunk and not with
the block; ``accumulation`` says how far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from sigmoide.blocks.block import Array, Block, depth
from sigmoide.problem import objective
from sigmoide.problem.frame import Frame

# Below this, numbers may hold fewer digits than their share.
FEW_DIGITS = 1e-300

# Rows whose products are added one after another, before the tree.
_VECTOR_CHUNK = 64
_MATRIX_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Slope:
    """Value and gradient of the unpenalised objective, and what their rounding is measured by.

    Attributes
    ----------
    value : float
        The objective.
    gradient : ndarray, shape (p,)
        Its gradient.
    residuals, squares, curvature : float
        sum_i s_i |y_i - p_i|, sum_i s_i (y_i - p_i)^2 and sum_i s_i p_i (1 - p_i).
    """

    value: float
    gradient: Array
    residuals: float
    squares: float
    curvature: float

    def __add__(self, other: Slope) -> Slope:
        return Slope(
            self.value + other.value,
            self.gradient + other.gradient,
            self.residuals + other.residuals,
            self.squares + other.squares,
            self.curvature + other.curvature,
        )


@dataclass(frozen=True, slots=True)
class Local:
    """The same with the Hessian of the unpenalised objective; shape (p, p)."""

    slope: Slope
    hessian: Array

    @property
    def value(self) -> float:
        """The objective."""
        return self.slope.value

    @property
    def gradient(self) -> Array:
        """Its gradient; shape (p,)."""
        return self.slope.gradient

    def __add__(self, other: Local) -> Local:
        return Local(self.slope + other.slope, self.hessian + other.hessian)


@dataclass(frozen=True, slots=True)
class CertificateSums:
    """What a proof needs of one read, the unpenalised objective at one point.

    Attributes
    ----------
    value : float
        The objective.
    gradient : ndarray, shape (p,)
        Its gradient.
    hessian : ndarray, shape (p, p)
        Its Hessian.
    residual_load : ndarray, shape (p,)
        sum_i s_i |y_i - p_i| |z_ij|: what the rounding of the gradient's terms is measured by.
    eta_load : float
        sum_i s_i (8 |y_i - p_i| + p_i (1 - p_i) (p + 3) E_i), E_i = |o_i| + |b| + sum_j |z_ij v_j|:
        what the rounding of eta and of the link, which act along z_i, is measured by.
    reach : float
        max_i E_i.
    """

    value: float
    gradient: Array
    hessian: Array
    residual_load: Array
    eta_load: float
    reach: float

    def __add__(self, other: CertificateSums) -> CertificateSums:
        return CertificateSums(
            self.value + other.value,
            self.gradient + other.gradient,
            self.hessian + other.hessian,
            self.residual_load + other.residual_load,
            self.eta_load + other.eta_load,
            max(self.reach, other.reach),
        )


@dataclass(frozen=True, slots=True)
class Extent:
    """Largest norm of a row, and largest effect of the rounding of its entries."""

    norm: float
    rounding: float

    def __add__(self, other: Extent) -> Extent:
        return Extent(max(self.norm, other.norm), max(self.rounding, other.rounding))


def local(block: Block, frame: Frame, theta: Array) -> Local:
    """Return value, gradient and Hessian of one block."""
    return local_of(block, frame.design(block), theta)


def local_of(block: Block, Z: Array, theta: Array) -> Local:
    """Return the same from rows Z that are in the frame already; shape (n, p)."""
    eta = block.offset + Z @ theta
    hessian = matrix_sum(block.weight * objective.curvature(eta), Z)
    return Local(_slope_at(block, Z, eta), hessian)


def slope(block: Block, frame: Frame, theta: Array) -> Slope:
    """Return value and gradient of one block."""
    Z = frame.design(block)
    return _slope_at(block, Z, block.offset + Z @ theta)


def _slope_at(block: Block, Z: Array, eta: Array) -> Slope:
    r = objective.residual(eta, block.y)
    return Slope(
        float(block.weight @ objective.loss(eta, block.y)),
        -vector_sum(block.weight * r, Z),
        float(block.weight @ np.abs(r)),
        float(block.weight @ r**2),
        float(block.weight @ objective.curvature(eta)),
    )


def evidence(block: Block, frame: Frame, theta: Array) -> CertificateSums:
    """Return what a proof needs of one block."""
    return evidence_of(block, frame.design(block), theta)


def evidence_of(block: Block, Z: Array, theta: Array) -> CertificateSums:
    """Return the same from rows Z that are in the frame already; shape (n, p)."""
    size = np.abs(Z)
    eta = block.offset + Z @ theta
    reach = np.abs(block.offset) + size @ np.abs(theta)
    residual = block.weight * objective.residual(eta, block.y)
    bend = objective.curvature(eta)
    # Near the smallest floats digits are lost: less curvature is claimed than there is, and the
    # residuals count with an error of their own.
    curvature = block.weight * np.where(bend > FEW_DIGITS, bend, 0.0)
    return CertificateSums(
        float(block.weight @ objective.loss(eta, block.y)),
        -vector_sum(residual, Z),
        matrix_sum(curvature, Z),
        np.abs(residual) @ size,
        float(
            objective.LINK_ROUNDINGS * np.abs(residual).sum()
            + (Z.shape[1] + 3) * (curvature @ reach)
            + FEW_DIGITS * block.weight.sum()
        ),
        float(reach.max(initial=0.0)),
    )


def extent(block: Block, frame: Frame, lower: Array, scale: Array, deviation: Array) -> Extent:
    """Return the largest |z_i| in the metric of an inverse Hessian.

    Parameters
    ----------
    block, frame
        The rows.
    lower, scale : ndarray, shapes (p, p) and (p,)
        Cholesky factor L and scale D with |z| = ||L^-1 D z||_2. L is solved with, not inverted:
        a triangular solve is exact for an L within rounding of this one.
    deviation : ndarray, shape (p,)
        The norm of each unit vector in that metric.
    """
    Z = frame.design(block)
    if not len(Z):
        return Extent(0.0, 0.0)
    whitened = solve_triangular(lower, (Z * scale).T, lower=True, check_finite=False)
    return Extent(
        float(np.sqrt(np.einsum("ji,ji->i", whitened, whitened).max())),
        float((np.abs(Z) @ deviation).max()),
    )


def accumulation(rows_per_block: int, n_blocks: int, chunk: int = _VECTOR_CHUNK) -> int:
    """Return the most additions one product goes through in a sum over all rows."""
    chunks = -(-rows_per_block // chunk)
    return min(chunk, rows_per_block) + depth(chunks) + depth(n_blocks)


def matrix_accumulation(rows_per_block: int, n_blocks: int) -> int:
    """Return the same for the Hessian's products, which are added in longer chunks."""
    return accumulation(rows_per_block, n_blocks, _MATRIX_CHUNK)


def vector_sum(c: Array, Z: Array) -> Array:
    """Return sum_i c_i z_i; c of shape (n,), Z of shape (n, p)."""
    whole = len(c) - len(c) % _VECTOR_CHUNK
    rest = c[whole:] @ Z[whole:]
    if not whole:
        return np.asarray(rest)
    k = whole // _VECTOR_CHUNK
    chunks = c[:whole].reshape(k, 1, -1) @ Z[:whole].reshape(k, _VECTOR_CHUNK, Z.shape[1])
    return np.asarray(_pairwise(chunks)[0] + rest)


def matrix_sum(c: Array, Z: Array) -> Array:
    """Return sum_i c_i z_i z_i'; c >= 0 of shape (n,), Z of shape (n, p)."""
    A = np.sqrt(c)[:, None] * Z
    whole = len(c) - len(c) % _MATRIX_CHUNK
    rest = A[whole:].T @ A[whole:]
    if not whole:
        return np.asarray(rest)
    chunks = A[:whole].reshape(whole // _MATRIX_CHUNK, _MATRIX_CHUNK, Z.shape[1])
    return np.asarray(_pairwise(chunks.transpose(0, 2, 1) @ chunks) + rest)


def _pairwise(parts: Array) -> Array:
    """Add along the first axis, neighbours first."""
    while len(parts) > 1:
        paired = parts[: len(parts) // 2 * 2]
        last = parts[len(paired) :]
        parts = np.concatenate([paired[0::2] + paired[1::2], last])
    return np.asarray(parts[0])
