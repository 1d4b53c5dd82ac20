"""A model put to other data: rows judged, and what became of those that were not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sigmoide.blocks.block import Array, Block
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.columns.account import Account
from sigmoide.design.apply import RowsToPredict
from sigmoide.design.prepare import Prepared, follow, rows_to_predict
from sigmoide.design.roles import GIVEN
from sigmoide.errors import UsageError
from sigmoide.evaluation.metrics import Scored
from sigmoide.results.covariance import for_predictions
from sigmoide.results.predict import Predicted, predict
from sigmoide.results.records import Model
from sigmoide.sources.formats import open_data
from sigmoide.sources.options import ReadOptions


def predict_rows(
    model: Model, data: Any, *, offset: Any = None, options: ReadOptions | None = None
) -> Predicted:
    """Return linear predictors and their standard errors; NaN where a value is missing."""
    account, predictions = predict_parts(model, data, offset=offset, options=options)
    parts = list(predictions)
    return Predicted(
        np.concatenate([part.eta for part in parts]),
        np.concatenate([part.standard_error for part in parts]),
        account,
    )


def predict_parts(
    model: Model, data: Any, *, offset: Any = None, options: ReadOptions | None = None
) -> tuple[Account, Iterator[Predicted]]:
    """Return what becomes of the rows, and then their predictions, some rows at a time."""
    opened = open_data(data, options)
    shift = offset if offset is not None else model.roles.shift
    if isinstance(shift, str) and shift == GIVEN:
        raise UsageError(
            "the model was fitted with an offset given as an array; give the offset of these "
            "rows too: offset=..."
        )
    rows = rows_to_predict(opened, model.design, shift)
    return rows.account, (_predicted(model, part) for part in rows.parts)


def _predicted(model: Model, part: RowsToPredict) -> Predicted:
    with single_threaded_arithmetic():
        covariance = for_predictions(model)
        predicted = predict(part.X, part.offset, model.fit, model.design.intercept, covariance)
    gone = ~part.usable
    return Predicted(
        np.where(gone, np.nan, predicted.eta), np.where(gone, np.nan, predicted.standard_error)
    )


def follow_rows(
    model: Model,
    data: Any,
    *,
    frequency: Any = None,
    weights: Any = None,
    offset: Any = None,
    options: ReadOptions | None = None,
) -> Prepared:
    """Prepare data that hold the target, by what the model learned."""
    given = (frequency, weights, offset)
    opened = open_data(data, options)
    return follow(opened, model.design, model.target, model.roles, given)


def score_rows(model: Model, ready: Prepared, source: str) -> Scored:
    """Return the linear predictor, target and weight of each row that was prepared."""
    intercept = model.design.intercept

    def judged(block: Block) -> Array:
        eta = predict(block.X, block.offset, model.fit, intercept).eta
        return np.column_stack([eta, block.y, block.weight])

    eta, y, weight = np.ascontiguousarray(ready.blocks.map(judged).T)
    # A weight that is no count of observations leaves a row one observation.
    counted = model.roles.weights is None
    n = float(weight.sum()) if model.roles.counted else float(ready.blocks.n_rows)
    return Scored(eta, y, weight, n, counted, source, ready.account)
