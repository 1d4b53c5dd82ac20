r"""The certificate: how far a point is from the optimum at most. Numbers in, proof out.

Let g and H be gradient and Hessian of F at the answer, over intercept and columns (ridge included),
lambda = sqrt(g' H^-1 g), R = max_i |(1, x_i)|_{H^-1} over rows of positive weight, and
delta = lambda R. If delta < 1 then the minimiser exists, is finite and unique, and

.. math::

    F - F^* \le (\delta + (1-\delta)\ln(1-\delta)) / R^2, \qquad
    |\theta - \theta^*|_H \le -\ln(1-\delta)/R .

The second says that every coefficient lies within that many *of its own standard errors* of the
maximum-likelihood estimate. Along any line the logistic loss satisfies
|F'''| <= max_i |x_i . v| F'' (generalised self-concordance: Bach 2010, Electronic Journal of
Statistics 4, 384-414; Sun and Tran-Dinh 2019, Mathematical Programming 178, 145-213), which bounds
F from below by g.v + |v|_H^2 (e^-t + t - 1)/t^2 with t = R |v|_H. If a direction v separated the
classes, |v.g| >= |v|_H^2 / max_i u_i >= |v|_H / R would hold, hence delta >= 1.

Any H' <= H gives larger lambda and R, so all of it stays true with a smaller Hessian. That is how
rounding is paid for: see :func:`lower_factor` and :func:`certify`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dpotrf, dtrtri, dtrtrs

Array = NDArray[np.float64]

# Twice the unit roundoff: a factor 2 in hand on every bound that counts roundings.
EPS = float(np.finfo(np.float64).eps)

# Roundings of one term of a sum besides those of eta: the link and the products, in units of EPS.
_LINK = 8

# "Proved" is claimed only up to here, though the theorem reaches to 1.
LARGEST_DELTA = 0.5

_SMALLEST_TAU = 1e-14


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proved bounds on how far an answer is from the optimum.

    Attributes
    ----------
    proved : bool
        Whether the minimum is proved to exist, to be unique, and to lie within ``distance``.
    delta : float
        lambda R, rounding included; the proof needs at most 1/2. Infinite without a factor.
    gap : float
        F(answer) - F* is at most this, in units of the log-likelihood; infinite if not proved.
    distance : float
        Every coefficient is within this many of its own standard errors of the optimum; infinite
        if not proved. (With a ridge: of the square roots of the diagonal of H^-1.)
    decrement, radius : float
        lambda and R, each with its rounding.
    rounding : float
        The part of ``decrement`` that bounds rounding: where it dominates, more steps do not help.
    method : str
        Which Hessian the proof rests on.
    reads : int
        Reads of the data that the proof took.
    reason : str
        Why it is not proved; empty if it is.
    """

    proved: bool
    delta: float
    gap: float
    distance: float
    decrement: float
    radius: float
    rounding: float
    method: str
    reads: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """Cholesky factor L of a scaled Hessian that is not larger than H: H' = D^-1 L L' D^-1.

    Attributes
    ----------
    lower : ndarray, shape (p, p)
        L.
    scale : ndarray, shape (p,)
        D, which brings H to a unit diagonal.
    tau : float
        What was subtracted from that diagonal.
    """

    lower: Array
    scale: Array
    tau: float

    def norm(self, g: Array) -> float:
        """Return |g| in the metric of H'^-1, rounded upwards."""
        if not len(g):
            return 0.0
        solved, _ = dtrtrs(self.lower, self.scale * g, lower=1)
        return _length(solved) * (1.0 + 4 * len(g) * EPS)

    def deviation(self) -> Array:
        """Return the norms of the unit vectors, sqrt(diag H'^-1), rounded upwards; shape (p,)."""
        if not len(self.scale):
            return self.scale
        inverse, _ = dtrtri(self.lower, lower=1)
        return np.asarray(np.sqrt(np.einsum("ij,ij->j", inverse, inverse)) * self.scale * 1.01)

    def farthest(self, entries: Array) -> float:
        """Return a bound on the norm of whatever is, entry by entry, no larger than this."""
        return float(self.deviation() @ entries)


@dataclass(frozen=True, slots=True)
class DiagonalFactor:
    """A diagonal H' <= H.

    Attributes
    ----------
    diagonal : ndarray, shape (p,)
        Its entries, above zero.
    """

    diagonal: Array

    def norm(self, g: Array) -> float:
        """Return |g| in the metric of H'^-1, rounded upwards."""
        return _length(g / np.sqrt(self.diagonal)) * (1.0 + 4 * len(g) * EPS)

    def farthest(self, entries: Array) -> float:
        """Return a bound on the norm of whatever is, entry by entry, no larger than this."""
        return self.norm(entries)


@dataclass(frozen=True, slots=True)
class Loads:
    """What the rounding of a gradient is measured by (see ``kernels.reference.CertificateSums``).

    Attributes
    ----------
    residual : ndarray, shape (p,)
        sum_i s_i |y_i - p_i| |z_ij|.
    eta : float
        sum_i s_i (8 |y_i - p_i| + p_i (1-p_i) (p+3) E_i).
    penalty : ndarray, shape (p,)
        alpha_j |v_j|.
    additions : int
        The most additions that one product goes through.
    along : float
        What is off for the rounding of eta, already measured in the metric of H^-1, in units of
        EPS: where it is known there, ``eta`` need not carry it.
    """

    residual: Array
    eta: float
    penalty: Array
    additions: int
    along: float = 0.0


def tau_of(size: int, reach: float, additions: int) -> float:
    """Bound the rounding of a Hessian of unit diagonal, of its Cholesky factor and of solves.

    Each term s_i p_i (1-p_i) z_ij z_ik carries the roundings of the link and the products, those
    of eta, which change p (1-p) by at most their own size, (p+3) E_i, and those of the sum; by
    Cauchy-Schwarz the entry of the scaled matrix is off by at most so many EPS, the matrix by
    p times that. The backward errors of the Cholesky factorisation and of a triangular solve with
    its factor are at most (p+1) and 2 p entrywise (Higham 2002, Theorems 10.3 and 8.5).

    Parameters
    ----------
    size : int
        p, the number of coordinates.
    reach : float
        max_i E_i, E_i = |o_i| + |b| + sum_j |z_ij v_j|.
    additions : int
        The most additions that one product goes through.
    """
    bound = size * EPS * (_LINK + (size + 3) * reach + additions + 4 * (size + 1))
    return max(bound, _SMALLEST_TAU)


def lower_factor(hessian: Array, tau: float) -> Factor | None:
    """Factor a Hessian certainly not larger than the true one, or return None.

    The matrix is scaled to unit diagonal and tau I is subtracted; where that is not positive
    definite, nothing can be proved with it.
    """
    diagonal = np.diag(hessian)
    if not np.isfinite(hessian).all() or (diagonal <= 0.0).any() or tau >= 1.0:
        return None
    scale = 1.0 / np.sqrt(diagonal)
    if not np.isfinite(scale).all():
        return None
    scaled = hessian * scale[:, None] * scale
    np.fill_diagonal(scaled, 1.0 - tau)
    lower, failed = dpotrf(scaled, lower=1, clean=1)
    return None if failed else Factor(lower, scale, tau)


def unproved(method: str, reads: int, reason: str) -> Certificate:
    """Return the certificate of an answer about which nothing is known."""
    inf = math.inf
    return Certificate(False, inf, inf, inf, inf, inf, inf, method, reads, reason)


def certify(
    gradient: Array,
    factor: Factor | DiagonalFactor,
    radius: float,
    radius_rounding: float,
    loads: Loads,
    method: str,
    reads: int,
) -> Certificate:
    """Turn the numbers of one point into its certificate.

    Rounding is added before anything is concluded. The gradient is off by errors of two kinds:
    those of eta and of the link, which act along z_i and so measure at most R each, and those of
    z, of the products and of the sums, which differ from entry to entry and so measure at most
    the sum of each entry's own error times its deviation sqrt(H'^-1_jj). (A bound by R alone
    would hold only where the columns are not collinear.)

    Parameters
    ----------
    gradient : ndarray, shape (p,)
        Of F, penalty included.
    factor : Factor
        Of an H' <= H.
    radius, radius_rounding : float
        max_i |z_i| in the metric of H'^-1, and max_i sum_j |z_ij| sqrt(H'^-1_jj).
    loads : Loads
        What rounding is measured by.
    method, reads
        Kept in the record.
    """
    if not (np.isfinite(gradient).all() and np.isfinite(loads.residual).all()):
        return unproved(method, reads, "the gradient is not finite at this point")
    R = radius * (1.0 + 4 * len(gradient) * EPS) + 2 * EPS * radius_rounding
    rounding = rounding_of(gradient, factor, R, loads)
    decrement = factor.norm(gradient) + rounding
    delta = decrement * R
    if not delta <= LARGEST_DELTA:
        reason = f"delta = {delta:.3g} is above {LARGEST_DELTA}"
        inf = math.inf
        return Certificate(False, delta, inf, inf, decrement, R, rounding, method, reads, reason)
    return Certificate(
        True,
        delta,
        decrement**2 * _gap_series(delta),
        _distance(delta, R, decrement),
        decrement,
        R,
        rounding,
        method,
        reads,
    )


def rounding_of(
    gradient: Array, factor: Factor | DiagonalFactor, radius: float, loads: Loads
) -> float:
    """Return what the rounding of a gradient adds to the decrement at most."""
    entries = (loads.additions + _LINK) * loads.residual + 4 * loads.penalty + np.abs(gradient)
    return EPS * (radius * loads.eta + loads.along + factor.farthest(entries))


def _length(x: Array) -> float:
    """Return the Euclidean length, also where the squares would be no floats."""
    largest = float(np.abs(x).max(initial=0.0))
    if not 0.0 < largest < math.inf:
        return largest
    return largest * float(np.sqrt(np.sum((x / largest) ** 2)))


def _gap_series(delta: float) -> float:
    """Return (delta + (1-delta) ln(1-delta)) / delta^2, whose closed form cancels near 0."""
    return math.fsum(delta ** (k - 2) / (k * (k - 1)) for k in range(2, 80))


def _distance(delta: float, radius: float, decrement: float) -> float:
    """Return -ln(1-delta)/R, which is lambda where delta is 0."""
    return -math.log1p(-delta) / radius if delta > 0.0 else decrement
