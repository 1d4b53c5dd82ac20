"""How far a fit was from the lowest value of its objective, at each point on its way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sigmoide.blocks.block import Array, Integers
from sigmoide.results.records import Fit

# A sum of the objective is rounded by less than this share of it: chunks of 64 rows and a tree of
# them (see ``kernels.reference``), with room for the rounding of each row's predictor.
_ROUNDING = 2.0**-42


@dataclass(frozen=True, slots=True)
class ProvedGaps:
    """Upper bounds of F - inf F.

    Attributes
    ----------
    reads : ndarray of int64, shape (k,)
        Reads of the data when the solver stood there; none where no gap is proved.
    bound : ndarray, shape (k,)
        F there is at most so far above its lowest value.
    attained : bool
        Whether a minimum is proved to exist, so that the last bound is that of the answer.
    """

    reads: Integers
    bound: Array
    attained: bool


def proved_gaps(fit: Fit) -> ProvedGaps:
    """Bound the gap at each point of the history.

    F at the last point is at most ``certificate.gap`` above the minimum, so F at point k is at most
    (F_k - F_last) + gap, and that plus rounding where the difference drowns in it. Where the
    classes are separated, by a witness that is exact, inf F is the minimum over the rows that
    overlap, of which the certificate of the limit speaks; it is 0 where no row overlaps.
    """
    values = np.array([step.value for step in fit.history])
    attained = fit.certificate.proved
    known = _lowest(fit)
    if known is None or not len(values):
        return ProvedGaps(np.empty(0, dtype=np.int64), np.empty(0), attained)
    lowest, left = known
    bound = np.maximum(values - lowest, 0.0) + left + _ROUNDING * (1.0 + np.abs(values))
    if attained:
        bound[-1] = left
    return ProvedGaps(np.array([step.reads for step in fit.history]), bound, attained)


def _lowest(fit: Fit) -> tuple[float, float] | None:
    """Return a value that F takes or tends to, and how far above inf F it is at most."""
    if fit.certificate.proved:
        return fit.history[-1].value if fit.history else 0.0, fit.certificate.gap
    if not fit.separation.exact or fit.alpha.any():
        return None
    if fit.separation.kind == "complete":
        return 0.0, 0.0
    if fit.limit is not None and fit.limit.proved:
        return -fit.totals.loglik, fit.limit.gap
    return None
