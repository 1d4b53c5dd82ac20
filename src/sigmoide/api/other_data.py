"""A result put to other data."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import pandas as pd

from sigmoide.api.apply_model import follow_rows, predict_rows, score_rows
from sigmoide.api.certify import certify_model
from sigmoide.columns.account import WEIGHTLESS, Account
from sigmoide.errors import MissingWarning, UnseenLevelWarning, UsageError
from sigmoide.evaluation.metrics import Scored, Scores, scores
from sigmoide.problem import objective
from sigmoide.proof.certificate import Certificate
from sigmoide.results.predict import Predicted
from sigmoide.results.records import Model
from sigmoide.sources.formats import open_data
from sigmoide.sources.options import ReadOptions


class OtherData:
    """The part of a result that is put to other data."""

    model: Model

    def predict(
        self, data: Any, which: Literal["mean", "linear"] = "mean", *, offset: Any = None
    ) -> pd.Series[float]:
        """Return the probability of the event, or the linear predictor, of each row.

        Parameters
        ----------
        data
            A path, data frame, mapping or array with the columns of the model.
        which : {"mean", "linear"}
            Probability, or eta.
        offset : array, optional
            Needed where the fit had its offset as an array.

        Returns
        -------
        pandas.Series
            One entry a row, under the frame's index; NaN where a value is missing.

        Warns
        -----
        MissingWarning
            If rows have no prediction.
        UnseenLevelWarning
            If a level that the fit did not see was taken for the reference.
        """
        if which not in ("mean", "linear"):
            raise UsageError(f"which={which!r} was given; it is 'mean' or 'linear'.")
        predictions = self.predicted(data, offset=offset)
        _warn(predictions.account, "have no prediction")
        values = objective.sigmoid(predictions.eta) if which == "mean" else predictions.eta
        index = data.index if isinstance(data, pd.DataFrame) else None
        return pd.Series(values, index=index, name=which)

    def predicted(
        self, data: Any, *, offset: Any = None, options: ReadOptions | None = None
    ) -> Predicted:
        """Return linear predictors and their standard errors; NaN where a value is missing.

        Warns of nothing: what became of the rows stands in its ``account``.
        """
        return predict_rows(self.model, data, offset=offset, options=options)

    def evaluate(
        self,
        data: Any,
        *,
        threshold: float = 0.5,
        frequency: Any = None,
        weights: Any = None,
        offset: Any = None,
        options: ReadOptions | None = None,
    ) -> Scores:
        """Return the scores of the model on data that hold the target.

        Parameters
        ----------
        data
            A path, data frame, mapping or array; or what :meth:`scored` returned.
        threshold : float
            The event is predicted where p >= threshold.
        frequency, weights, offset : arrays, optional
            Needed where the fit had them as arrays.
        options : ReadOptions, optional
            How to read the data, and how much memory that may take.

        Returns
        -------
        dict
            ``log_loss, brier, auc, accuracy, confusion, calibration_slope,
            calibration_intercept, n``; see :func:`sigmoide.evaluation.metrics.scores`.

        Warns
        -----
        MissingWarning
            If rows are left out because they miss a value.
        UnseenLevelWarning
            If a level that the fit did not see was taken for the reference.
        """
        given = {"frequency": frequency, "weights": weights, "offset": offset}
        if isinstance(data, Scored) and any(each is not None for each in given.values()):
            raise UsageError(
                "frequency, weights or offset were given with rows that are scored already and "
                "have theirs. Leave them out, or give the data."
            )
        rows = data if isinstance(data, Scored) else self.scored(data, **given, options=options)
        _warn(rows.account, "are left out")
        return scores(rows.eta, rows.y, rows.weight, threshold, rows.n)

    def scored(
        self,
        data: Any,
        *,
        frequency: Any = None,
        weights: Any = None,
        offset: Any = None,
        options: ReadOptions | None = None,
    ) -> Scored:
        """Return the linear predictor, target and weight of each row that can be judged.

        Warns of nothing: what became of the other rows stands in its ``account``.

        Parameters
        ----------
        data, frequency, weights, offset, options
            As in :meth:`evaluate`.
        """
        opened = open_data(data, options)
        given = {"frequency": frequency, "weights": weights, "offset": offset}
        ready = follow_rows(self.model, opened, **given)
        try:
            return score_rows(self.model, ready, opened.head.name)
        finally:
            ready.close()

    def verify(
        self,
        data: Any,
        *,
        frequency: Any = None,
        weights: Any = None,
        offset: Any = None,
        options: ReadOptions | None = None,
    ) -> Certificate:
        """Prove the coefficients again on the data, with no help from the solver.

        Firth's method has no proof: ``decrement`` and ``reason`` of what is returned say how near
        to nought the modified score is.
        """
        given = {"frequency": frequency, "weights": weights, "offset": offset}
        ready = follow_rows(self.model, data, **given, options=options)
        try:
            return certify_model(self.model, ready.blocks)
        finally:
            ready.close()


def _warn(account: Account, what: str) -> None:
    """Warn of rows that are not judged, and of levels that stand for the reference."""
    # A row of weight 0 was meant to be left out.
    if account.lost.keys() - {WEIGHTLESS}:
        warnings.warn(account.lost_line(what), MissingWarning, stacklevel=3)
    for line in account.replaced_lines():
        warnings.warn(line, UnseenLevelWarning, stacklevel=3)
