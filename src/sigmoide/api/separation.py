"""What is known of separation, in the terms' names."""

from __future__ import annotations

import pandas as pd

from sigmoide.results.records import Model


class SeparationReport:
    """What is known of separation, in the terms' names.

    Attributes
    ----------
    kind : {"none", "quasi-complete", "complete", "undetermined", "not looked for"}
        The verdict; by Firth's method it is not looked for.
    directions : pandas.Series
        For each term 1 (+infinity), -1 (-infinity), 0 (finite), NaN (infinite, sign not
        determined).
    rows : ndarray of int64
        Row numbers, counted from 0, of the separated rows.
    exact : bool
        Whether the witness was checked in rational arithmetic.
    """

    def __init__(self, model: Model) -> None:
        found = model.fit.separation
        self.kind = found.kind
        self.directions = pd.Series(found.signs, index=list(model.terms), name="direction")
        self.rows = found.rows
        self.exact = found.exact

    def __repr__(self) -> str:
        return f"<separation: {self.kind}, {len(self.rows)} rows>"
