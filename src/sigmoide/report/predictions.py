"""Predictions as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import numpy as np
from scipy.special import ndtri

from sigmoide.problem import objective
from sigmoide.results.predict import Predicted


def as_csv(parts: Iterable[Predicted], interval: bool) -> Iterator[str]:
    """Yield the text, one line a row of the data; empty where there is no prediction.

    The interval is that of eta, eta ± 1.96 standard errors, carried through the sigmoid.

    Parameters
    ----------
    parts : iterable of Predicted
        The rows, in order.
    interval : bool
        Whether to add it.
    """
    yield "probability,low,high\n" if interval else "probability\n"
    for part in parts:
        columns = [objective.sigmoid(part.eta)]
        if interval:
            reach = -float(ndtri(0.025)) * part.standard_error
            columns.append(objective.sigmoid(part.eta - reach))
            columns.append(objective.sigmoid(part.eta + reach))
        out = io.StringIO()
        # The shortest decimals that read back to the same float64.
        csv.writer(out, lineterminator="\n").writerows(
            ["" if np.isnan(v) else repr(float(v)) for v in row]
            for row in zip(*columns, strict=True)
        )
        yield out.getvalue()
