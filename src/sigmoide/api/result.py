"""The result: statsmodels' names over sigmoide's records. It only delegates."""

from __future__ import annotations

import copy
import warnings
from dataclasses import replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sigmoide.api import testing
from sigmoide.api.covariances import covariance_of
from sigmoide.api.options import CovarianceOptions, covariance_options
from sigmoide.api.other_data import OtherData
from sigmoide.api.paths import Output, refuse_clashes
from sigmoide.api.rows import Rows, attached
from sigmoide.api.statistics import (
    Method,
    Statistics,
    bootstrap_ends,
    check_method,
    default_method,
    profile_ends,
)
from sigmoide.arguments.words import printable
from sigmoide.blocks.block import Array
from sigmoide.errors import FewClustersWarning, InferenceWarning
from sigmoide.fit.progress import Progress
from sigmoide.inference.bootstrap import Bootstrap
from sigmoide.inference.clustered import few_clusters
from sigmoide.inference.hypothesis import ChiSquare, wald, z_test
from sigmoide.inference.robust import Unit
from sigmoide.modelfile.store import read, write
from sigmoide.report.tables import Inferred, Summary, penalty_line, proof_line, summarise
from sigmoide.results.covariance import estimates, fisher
from sigmoide.results.covariance_kinds import Kind
from sigmoide.results.records import Covariance, Model
from sigmoide.sources.options import ReadOptions

if TYPE_CHECKING:
    from sigmoide.api.plots import ResultPlots


class Result(Statistics, OtherData):
    """A fitted logistic regression, from a fit or from a model file.

    Tables are pandas objects over the terms' names, the intercept (called ``Intercept``) first.

    The result of a fit keeps the data alive that it was given, and in memory the rows as they were
    fitted, for what is computed from rows: other errors (:meth:`with_cov`), profiles
    (:meth:`conf_int`), likelihood-ratio and score tests. :meth:`remove_data` lets them go, and
    :meth:`with_data` gives them back. A model file and a pickle hold none; copies share them.

    Attributes
    ----------
    params, bse, tvalues, zvalues, pvalues : pandas.Series
        Estimates; standard errors (of the kind ``cov_type``); z and two-sided p. NaN for infinite
        coefficients, penalised fits and fits that are not proved. By Firth's method p is of
        likelihood ratios.
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

    def __init__(
        self, model: Model, rows: Rows | None = None, samples: Bootstrap | None = None
    ) -> None:
        self.model = model
        self._rows = rows
        self._samples = samples
        self._profiles: dict[float, Array] = {}

    def __repr__(self) -> str:
        return printable(
            f"<sigmoide result: {self.model.event}, "
            f"{len(self.model.terms)} coefficients, penalty {penalty_line(self.model)}; "
            f"{proof_line(self.model.fit)}>"
        )

    def __getstate__(self) -> dict[str, Any]:
        # What is sent elsewhere or kept holds no row of the data.
        return {"model": self.model}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Result.__init__(self, state["model"])

    def __copy__(self) -> Result:
        return self._with(self.model, self._samples)

    def __deepcopy__(self, memo: dict[int, Any]) -> Result:
        # The rows are never written to.
        return self._with(copy.deepcopy(self.model, memo), self._samples)

    def _with(self, model: Model, samples: Bootstrap | None) -> Result:
        result = Result(model, self._rows, samples)
        result._profiles = self._profiles
        return result

    def noted(self, *notes: str) -> Result:
        """Return the same result with more that its reader is told."""
        model = replace(self.model, notes=(*self.model.notes, *notes))
        return self._with(model, self._samples)

    # The rows of the fit

    def with_data(
        self,
        data: Any,
        *,
        frequency: Any = None,
        weights: Any = None,
        offset: Any = None,
        options: ReadOptions | None = None,
    ) -> Result:
        """Return the same result with the rows of its fit, which a model file does not hold.

        Parameters
        ----------
        data
            What was fitted: a path, data frame, mapping or array.
        frequency, weights, offset : arrays, optional
            Needed where the fit had them as arrays.
        options : ReadOptions, optional
            How to read the data, and how much memory that may take.

        Raises
        ------
        RowsError
            If these are not the rows of the fit, by their number, weight, events, likelihood, and
            where that has its maximum.
        """
        given = (frequency, weights, offset)
        result = self._with(self.model, self._samples)
        result._rows = attached(self.model, data, options, given)
        return result

    def remove_data(self) -> None:
        """Let the rows of the fit go, and the memory they take."""
        self._rows = None

    # Errors

    def with_cov(
        self,
        cov: Kind | None = None,
        *,
        cluster: Any = None,
        replicates: int = 999,
        seed: int = 0,
        unit: Unit | None = None,
        on_read: Progress | None = None,
    ) -> Result:
        """Return the same fit with other errors: all that is inferred from them follows.

        Parameters
        ----------
        cov : str, optional
            ``"nonrobust"`` (Fisher information), ``"HC0"`` to ``"HC3"``, ``"CR0"``, ``"CR_G"``
            (Stata), ``"CR1"``, ``"bootstrap"``. By default ``"CR1"`` where there are clusters.
        cluster : str, array, or list of two of these, optional
            The column that says which rows go together, in the data of the fit (it need not be in
            the model), or labels, one for each row of the data.
        replicates, seed : int
            Of the bootstrap. The same seed gives the same samples, wherever the rows live.
        unit : {"row", "trial", "line"}, optional
            What is one observation (docs/weights.md): by default a line of counts, each of the f
            trials of a row of frequency f, else a row.
        on_read : callable, optional
            Told of the reads of the bootstrap.

        Returns
        -------
        Result
            With the same rows.

        Raises
        ------
        UsageError
            If there is no such kind, or the fit is penalised.
        ColumnError
            If a column of clusters is not there, misses values or makes one cluster only.
        NotProvedError
            If the bootstrap is asked of a fit that is not proved.
        RowsError
            If the rows of the fit are not there any more (:meth:`with_data`), or are others.

        Warns
        -----
        FewClustersWarning
            If there are no more clusters than coefficients.
        """
        return self.with_errors(covariance_options(cov, cluster, replicates, seed, unit), on_read)

    def with_errors(self, asked: CovarianceOptions, on_read: Progress | None) -> Result:
        """Return the same fit with errors that were asked for and checked before."""
        covariance, samples = covariance_of(self.model, self._rows, asked, on_read)
        if covariance is not None and (few := few_clusters(covariance)):
            warnings.warn(few, FewClustersWarning, stacklevel=3)
        return self._with(replace(self.model, covariance=covariance), samples)

    @cached_property
    def _covariance(self) -> Covariance:
        model = self.model
        if model.covariance is not None:
            return model.covariance
        return fisher(model.fit, model.design.intercept, model.roles.counted is not None)

    @property
    def cov_type(self) -> str:
        """Where errors are from: ``"nonrobust"``, ``"HC1"``, ``"CR1, clusters of id (83)"``, ..."""
        kind = self._covariance
        return "nonrobust" if kind.kind == "Fisher" else kind.label

    @property
    def bootstrap(self) -> Bootstrap | None:
        """The samples, where errors are from a bootstrap of this session."""
        return self._samples

    # Estimates

    @cached_property
    def _params(self) -> Array:
        return estimates(self.model.fit, self.model.design.intercept).params

    def _series(self, values: Array, name: str) -> pd.Series[float]:
        return pd.Series(values, index=list(self.model.terms), name=name)

    @property
    def params(self) -> pd.Series[float]:
        """Estimates; ±inf where separated, NaN where the sign of infinity is not determined."""
        return self._series(self._params, "estimate")

    @property
    def bse(self) -> pd.Series[float]:
        """Standard errors."""
        return self._series(self._covariance.standard_errors, "std. err.")

    @property
    def zvalues(self) -> pd.Series[float]:
        """Estimates over standard errors."""
        z, _ = z_test(self._params, self._covariance.standard_errors)
        return self._series(z, "z")

    @property
    def tvalues(self) -> pd.Series[float]:
        """The same as ``zvalues``, under statsmodels' name."""
        return self.zvalues.rename("t")

    @property
    def pvalues(self) -> pd.Series[float]:
        """Two-sided p-values of the Wald tests; by Firth's method, of likelihood ratios."""
        if (small_sample := self.model.fit.small_sample) is not None:
            return self._series(small_sample.p, "p")
        _, p = z_test(self._params, self._covariance.standard_errors)
        return self._series(p, "p")

    def conf_int(
        self,
        alpha: float = 0.05,
        method: Method | None = None,
        *,
        on_read: Progress | None = None,
    ) -> pd.DataFrame:
        """Return intervals of coverage 1 - alpha, columns 0 and 1.

        Parameters
        ----------
        alpha : float
            One minus the coverage.
        method : {"wald", "profile", "percentile", "basic"}, optional
            Estimate ± quantile × standard error; by the likelihood, whatever the errors (an end
            that is infinite is infinite); by the samples of a bootstrap. By default Wald's; of a
            fit by Firth's method its own profiles, which are there for 95 %.
        on_read : callable, optional
            Told of the reads of the profiles.

        Raises
        ------
        UsageError
            If alpha is not between 0 and 1, there is no such method, or it has no meaning for this
            fit: profiles of a penalised one, samples that were not drawn.
        NotProvedError
            If profiles are asked for, and it is not known where the likelihood is greatest.
        RowsError
            If the rows of the fit are not there any more (:meth:`with_data`), or are others.

        Warns
        -----
        InferenceWarning
            If an end of a profile could not be found; it is NaN.
        """
        method = method or default_method(self.model)
        ends = self._ends(alpha, method, on_read)
        inferred = self.status != "not converged"
        if method == "profile" and inferred and np.isnan(ends).any():
            lost = [t for t, e in zip(self.model.terms, ends, strict=True) if np.isnan(e).any()]
            line = f"ends of profiles that could not be found: of {', '.join(lost)}"
            warnings.warn(line, InferenceWarning, stacklevel=2)
        return pd.DataFrame(ends, index=list(self.model.terms))

    def _ends(self, alpha: float, method: str, on_read: Progress | None = None) -> Array:
        check_method(method)
        if method == "wald":
            return wald(self._params, self._covariance.standard_errors, alpha)
        if method != "profile":
            return bootstrap_ends(self._samples, alpha, method)
        if alpha not in self._profiles:
            self._profiles[alpha] = profile_ends(self.model, self._rows, alpha, on_read)
        return self._profiles[alpha]

    def has_intervals(self, method: Method, alpha: float = 0.05) -> bool:
        """Return whether intervals are there without a read of the data."""
        firth = self.model.fit.small_sample
        there = alpha in self._profiles or (firth is not None and alpha == firth.alpha)
        return method == "wald" or (method == "profile" and there)

    def cov_params(self) -> pd.DataFrame:
        """Return the covariance matrix of the estimates."""
        names = list(self.model.terms)
        return pd.DataFrame(self._covariance.matrix, index=names, columns=names)

    def odds_ratios(self, alpha: float = 0.05, method: Method | None = None) -> pd.DataFrame:
        """Return exp of the estimates and of the ends of their intervals (:meth:`conf_int`)."""
        table = self.conf_int(alpha, method).set_axis(["low", "high"], axis=1)
        table.insert(0, "odds_ratio", self.params)
        with np.errstate(over="ignore"):
            return pd.DataFrame(np.exp(table))

    def summary(self, alpha: float = 0.05, method: Method | None = None) -> Summary:
        """Return the tables; ``print`` shows them as text of 80 columns."""
        return summarise(self.model, self._inferred(alpha, method), self._overall)

    def _inferred(self, alpha: float = 0.05, method: Method | None = None) -> Inferred:
        method = method or default_method(self.model)
        ends = self._ends(alpha, method)
        return Inferred(self._params, self._covariance, ends, alpha, method)

    @property
    def plot(self) -> ResultPlots:
        """Pictures: ``plot.coefficients()``, ``plot.roc(data)``, ``plot.surface(data)``, ..."""
        from sigmoide.api.plots import ResultPlots

        return ResultPlots(self)

    # Tests

    def drop1(self, *, on_read: Progress | None = None) -> pd.DataFrame:
        """Test each term by the likelihood of a fit without it, on the same rows.

        A table by term: ``df, deviance, aic, lrt, p, log10_p, status``. Terms that an interaction
        contains stay. See :func:`sigmoide.api.testing.drop1_table`.
        """
        return testing.drop1_table(self.model, self._rows, on_read)

    def score_test(self, *terms: str, on_read: Progress | None = None) -> pd.DataFrame:
        """Test terms that are not in the model: ``score_test("z", "C(g)")``.

        A table by term: ``df, statistic, p, log10_p``. The columns are those of the data of the
        fit. See :func:`sigmoide.api.testing.score_table`.
        """
        return testing.score_table(self.model, self._rows, terms, on_read)

    def t_test(self, hypotheses: Any, alpha: float = 0.05) -> pd.DataFrame:
        """Test linear hypotheses, each by itself: ``t_test("a - b = 0")``, ``t_test("a = b = c")``.

        A table by hypothesis: ``estimate, std_err, z, p, low, high``, from the errors in force.
        See :func:`sigmoide.api.testing.linear_tests`.
        """
        tests = testing.linear_tests(self.model, self._covariance, hypotheses)
        return testing.linear_table(tests, alpha)

    def wald_test(self, hypotheses: Any) -> ChiSquare:
        """Test linear hypotheses together: ``statistic, df, p``, from the errors in force."""
        return testing.linear_tests(self.model, self._covariance, hypotheses).joint

    def wald_test_terms(self) -> pd.DataFrame:
        """Test, term by term, that all its coefficients are 0: ``statistic, df, p``."""
        return testing.term_table(self.model, self._covariance)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model file: all of it, or nothing; never over the data of the fit."""
        if self._rows is not None:
            refuse_clashes(self._rows.paths, [Output("", Path(path))])
        write(self.model, Path(path))


def read_model(
    path: str | PathLike[str], data: Any = None, options: ReadOptions | None = None
) -> Result:
    """Return the result that was saved to a model file.

    Parameters
    ----------
    path : path
        The file.
    data : optional
        What was fitted, for what is computed from rows: see :meth:`Result.with_data`.
    options : ReadOptions, optional
        How to read the data.

    Raises
    ------
    ModelFileError
        If the file is truncated, of a newer version, or inconsistent.
    RowsError
        If the data are not those of the fit.
    """
    result = Result(read(Path(path)))
    return result if data is None else result.with_data(data, options=options)
