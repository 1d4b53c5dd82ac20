"""The result: statsmodels' names over sigmoide's records. It only delegates."""

from __future__ import annotations

import warnings
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from sigmoide import objective
from sigmoide.certificate import Certificate
from sigmoide.data.account import WEIGHTLESS, Account
from sigmoide.data.blocks import Array
from sigmoide.data.files import ReadOptions
from sigmoide.data.opening import head_of, open_data
from sigmoide.errors import MissingWarning, UnseenLevelWarning, UsageError
from sigmoide.evaluation.metrics import Scored, Scores, scores
from sigmoide.inference.covariance import Estimates, estimates
from sigmoide.inference.hypothesis import Likelihoods, likelihoods, z_test
from sigmoide.inference.intervals import wald
from sigmoide.judging import follow_rows, predict_rows, score_rows
from sigmoide.model.predict import Predicted
from sigmoide.model.records import Model
from sigmoide.model.store import read, write
from sigmoide.report.tables import Summary, proof_line, summarise
from sigmoide.verify import certify_model

if TYPE_CHECKING:
    from sigmoide.plotting import ResultPlots


class SeparationReport:
    """What is known of separation, in the terms' names.

    Attributes
    ----------
    kind : {"none", "quasi-complete", "complete", "undetermined"}
        The verdict.
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


class Result:
    """A fitted logistic regression, from a fit or from a model file.

    Holds no row of the data. Tables are pandas objects over the terms' names, the intercept
    (called ``Intercept``) first.

    Attributes
    ----------
    params, bse, tvalues, zvalues, pvalues : pandas.Series
        Estimates; standard errors from the inverse Fisher information; z and two-sided p. NaN
        for infinite coefficients, penalised fits and fits that are not proved.
    llf, llnull, llr, llr_pvalue, deviance, null_deviance, aic, bic, prsquared : float
        See :class:`sigmoide.inference.hypothesis.Likelihoods`.
    nobs, df_model, df_resid : float
        Observations (the sum of the frequencies, else rows of positive weight), coefficients
        besides the intercept, and what is left.
    certificate : Certificate
        ``proved, delta, gap, distance, method, reads`` and more.
    separation : SeparationReport
        ``kind, directions, rows``.
    aliased : dict
        From each column that was left out to what it is a combination of.
    dropped : dict
        From the reason to the number of rows left out.
    event : str
        The value of the target that is modelled.
    reads : int
        Reads of the data the fit took.
    """

    def __init__(self, model: Model) -> None:
        self.model = model

    def __repr__(self) -> str:
        from sigmoide.report.tables import penalty_line

        return (
            f"<sigmoide result: {self.model.event}, "
            f"{len(self.model.terms)} coefficients, penalty {penalty_line(self.model)}; "
            f"{proof_line(self.model.fit)}>"
        )

    # Estimates

    @cached_property
    def _estimates(self) -> Estimates:
        return estimates(self.model.fit, self.model.design.intercept)

    @cached_property
    def _overall(self) -> Likelihoods:
        model = self.model
        return likelihoods(
            model.fit,
            model.design.intercept,
            model.roles.counted is not None,
            model.settings.l2 > 0.0,
        )

    def _series(self, values: Array, name: str) -> pd.Series[float]:
        return pd.Series(values, index=list(self.model.terms), name=name)

    @property
    def params(self) -> pd.Series[float]:
        """Estimates; ±inf where separated, NaN where the sign of infinity is not determined."""
        return self._series(self._estimates.params, "estimate")

    @property
    def bse(self) -> pd.Series[float]:
        """Standard errors."""
        return self._series(self._estimates.standard_errors, "std. err.")

    @property
    def zvalues(self) -> pd.Series[float]:
        """Estimates over standard errors."""
        z, _ = z_test(self._estimates.params, self._estimates.standard_errors)
        return self._series(z, "z")

    @property
    def tvalues(self) -> pd.Series[float]:
        """The same as ``zvalues``, under statsmodels' name."""
        return self.zvalues.rename("t")

    @property
    def pvalues(self) -> pd.Series[float]:
        """Two-sided p-values of the Wald tests."""
        _, p = z_test(self._estimates.params, self._estimates.standard_errors)
        return self._series(p, "p")

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Return Wald intervals of coverage 1 - alpha, columns 0 and 1."""
        ends = wald(self._estimates.params, self._estimates.standard_errors, alpha)
        return pd.DataFrame(ends, index=list(self.model.terms))

    def cov_params(self) -> pd.DataFrame:
        """Return the covariance matrix of the estimates."""
        names = list(self.model.terms)
        return pd.DataFrame(self._estimates.covariance, index=names, columns=names)

    def odds_ratios(self, alpha: float = 0.05) -> pd.DataFrame:
        """Return exp of the estimates and of the ends of their intervals."""
        table = self.conf_int(alpha).set_axis(["low", "high"], axis=1)
        table.insert(0, "odds_ratio", self.params)
        with np.errstate(over="ignore"):
            return pd.DataFrame(np.exp(table))

    # The whole fit

    @property
    def llf(self) -> float:
        """Log-likelihood; its supremum under separation; without the penalty's part."""
        return self._overall.loglik

    @property
    def llnull(self) -> float:
        """Log-likelihood with the intercept (and offset) alone."""
        return self._overall.null_loglik

    @property
    def llr(self) -> float:
        """Likelihood-ratio statistic against the null model."""
        return self._overall.ratio.statistic

    @property
    def llr_pvalue(self) -> float:
        """Its p-value; NaN for a penalised fit."""
        return self._overall.ratio.p

    @property
    def deviance(self) -> float:
        """-2 llf."""
        return self._overall.deviance

    @property
    def null_deviance(self) -> float:
        """-2 llnull."""
        return self._overall.null_deviance

    @property
    def aic(self) -> float:
        """Akaike's criterion; NaN for a penalised fit."""
        return self._overall.aic

    @property
    def bic(self) -> float:
        """Schwarz's criterion with ln(nobs); NaN for a penalised fit."""
        return self._overall.bic

    @property
    def prsquared(self) -> float:
        """McFadden's 1 - llf / llnull."""
        return self._overall.mcfadden

    @property
    def nobs(self) -> float:
        """Observations."""
        return self._overall.n

    @property
    def df_model(self) -> int:
        """Coefficients besides the intercept."""
        return self._overall.df_model

    @property
    def df_resid(self) -> float:
        """Observations less coefficients."""
        return self._overall.df_resid

    # What was asked, and what happened

    @property
    def certificate(self) -> Certificate:
        """The proof."""
        return self.model.fit.certificate

    @property
    def separation(self) -> SeparationReport:
        """The verdict on separation."""
        return SeparationReport(self.model)

    @property
    def aliased(self) -> dict[str, str]:
        """Columns left out, and the combinations that they are."""
        return {a.name: str(a) for a in self.model.fit.aliased}

    @property
    def dropped(self) -> dict[str, int]:
        """Rows left out, by reason."""
        return dict(self.model.dropped)

    @property
    def event(self) -> str:
        """The value that is modelled."""
        return self.model.target.event

    @property
    def reads(self) -> int:
        """Reads of the data that the fit took."""
        return self.model.fit.reads

    @property
    def status(self) -> str:
        """``"proved"``, ``"separated"``, ``"undetermined"`` or ``"not converged"``."""
        return self.model.fit.status

    def summary(self, alpha: float = 0.05) -> Summary:
        """Return the tables; ``print`` shows them as text of 80 columns."""
        return summarise(self.model, self._estimates, self._overall, alpha)

    @property
    def plot(self) -> ResultPlots:
        """Pictures: ``plot.coefficients()``, ``plot.roc(data)``, ``plot.surface(data)``, ..."""
        from sigmoide.plotting import ResultPlots

        return ResultPlots(self)

    # Other data

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
        found = self.predicted(data, offset=offset)
        _warn(found.account, "have no prediction")
        values = objective.sigmoid(found.eta) if which == "mean" else found.eta
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
        found = data if isinstance(data, Scored) else self.scored(data, **given, options=options)
        _warn(found.account, "are left out")
        return scores(found.eta, found.y, found.weight, threshold, found.n)

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
            return score_rows(self.model, ready, head_of(opened).name)
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
        """Prove the coefficients again on the data, with no help from the solver."""
        given = {"frequency": frequency, "weights": weights, "offset": offset}
        ready = follow_rows(self.model, data, **given, options=options)
        try:
            return certify_model(self.model, ready.blocks)
        finally:
            ready.close()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model file: all of it, or nothing."""
        write(self.model, Path(path))


def _warn(account: Account, what: str) -> None:
    """Warn of rows that are not judged, and of levels that stand for the reference."""
    # A row of weight 0 was meant to be left out.
    if account.lost.keys() - {WEIGHTLESS}:
        warnings.warn(account.lost_line(what), MissingWarning, stacklevel=3)
    for line in account.replaced_lines():
        warnings.warn(line, UnseenLevelWarning, stacklevel=3)


def read_model(path: str | PathLike[str]) -> Result:
    """Return the result that was saved to a model file.

    Raises
    ------
    ModelFileError
        If the file is truncated, of a newer version, or inconsistent.
    """
    return Result(read(Path(path)))
