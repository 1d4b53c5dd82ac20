"""Calibration: the model's own predictor, put into a logistic regression."""

from __future__ import annotations

import math

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import array_blocks
from sigmoide.errors import DataError
from sigmoide.fit.driver import fit_blocks
from sigmoide.results.records import Settings


def calibration(eta: Array, y: Array, weight: Array) -> tuple[float, float]:
    """Return slope and intercept of y on eta: 1 and 0 for a calibrated model.

    Both from one regression, logit P(y=1) = a + b eta (Cox 1958, Biometrika 45, 562-565). NaN
    where it does not exist: one class only, a constant predictor, predictions that separate.
    """
    if not np.isfinite(eta).all() or np.ptp(eta) == 0.0:
        return math.nan, math.nan
    blocks = array_blocks(eta[:, None], y, weight, np.zeros(len(y)), ("eta",))
    try:
        fit = fit_blocks(blocks, True, Settings(tol=1e-10))
    except DataError:
        return math.nan, math.nan
    if fit.status != "proved":
        return math.nan, math.nan
    kept = fit.coefficients
    return float(kept.coef[0]), float(kept.intercept - kept.centre[0] * kept.coef[0])
