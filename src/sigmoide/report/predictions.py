"""Predictions as CSV."""

from __future__ import annotations

import csv
import io

import numpy as np
from scipy.special import ndtri

from sigmoide import objective
from sigmoide.model.predict import Predicted


def as_csv(found: Predicted, interval: bool) -> tuple[str, int]:
    """Return the text, one line a row of the data, and how many rows have no prediction.

    The interval is that of eta, eta ± 1.96 standard errors, carried through the sigmoid.
    """
    columns = {"probability": objective.sigmoid(found.eta)}
    if interval:
        reach = -float(ndtri(0.025)) * found.standard_error
        columns["low"] = objective.sigmoid(found.eta - reach)
        columns["high"] = objective.sigmoid(found.eta + reach)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    # The shortest decimals that read back to the same float64.
    writer.writerows(
        ["" if np.isnan(v) else repr(float(v)) for v in row]
        for row in zip(*columns.values(), strict=True)
    )
    return out.getvalue(), int(np.isnan(found.eta).sum())
