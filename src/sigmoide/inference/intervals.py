"""Wald intervals: estimate ± quantile × standard error."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sigmoide.arguments.arrays import open_probability
from sigmoide.blocks.block import Array


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
