"""What a result says of the whole fit, of its intervals, and of how it was made."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, get_args

import pandas as pd

from sigmoide.api.rows import Rows, reopened
from sigmoide.blocks.block import Array
from sigmoide.errors import UsageError
from sigmoide.fit.progress import Progress
from sigmoide.inference.bootstrap import Bootstrap, basic, percentile
from sigmoide.inference.hypothesis import Likelihoods, likelihoods
from sigmoide.inference.profile import profile_intervals, refuse_unsuitable
from sigmoide.inference.small_samples import intervals_again
from sigmoide.proof.certificate import Certificate
from sigmoide.results.records import Model


class Statistics:
    """The part of a result that speaks of the whole fit."""

    model: Model

    @cached_property
    def _overall(self) -> Likelihoods:
        model = self.model
        return likelihoods(
            model.fit,
            model.design.intercept,
            model.roles.counted is not None,
            model.settings.l2 > 0.0,
        )

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
        separation = model.fit.separation
        self.kind = separation.kind
        self.directions = pd.Series(separation.signs, index=list(model.terms), name="direction")
        self.rows = separation.rows
        self.exact = separation.exact

    def __repr__(self) -> str:
        return f"<separation: {self.kind}, {len(self.rows)} rows>"


Method = Literal["wald", "profile", "percentile", "basic"]
METHODS: tuple[str, ...] = get_args(Method)


def check_method(method: str) -> None:
    """Refuse a method that there is not: UsageError."""
    if method not in METHODS:
        raise UsageError(
            f"intervals by method={method!r} were asked for; it is one of {', '.join(METHODS)}."
        )


def default_method(model: Model) -> Method:
    """Return the method of intervals that a table of a model has, unless another is asked for."""
    return "wald" if model.fit.small_sample is None else "profile"


def profile_ends(
    model: Model, rows: Rows | None, alpha: float, progress: Progress | None = None
) -> Array:
    """Return the ends of the profile-likelihood intervals; shape (p, 2).

    See :func:`sigmoide.inference.profile.profile_intervals`: an end that is infinite is infinite;
    NaN where a search did not come to an end. Of a fit by Firth's method, FLIC or FLAC, the
    intervals of its own: those that were computed with it need no read.

    Raises
    ------
    UsageError
        If the fit is penalised.
    NotProvedError
        If it is not known where the likelihood is greatest.
    RowsError
        If the rows of the fit are not there any more, or are others.
    """
    what = "profile-likelihood intervals"
    small_sample = model.fit.small_sample
    if small_sample is not None:
        if alpha == small_sample.alpha:
            return small_sample.intervals
        with reopened(model, rows, what) as blocks:
            return intervals_again(
                blocks, model.fit, model.design.intercept, model.settings, alpha, progress
            )
    refuse_unsuitable(model.fit, what)
    with reopened(model, rows, what) as blocks:
        profiles = profile_intervals(
            blocks,
            model.fit,
            model.design.intercept,
            alpha,
            settings=model.settings,
            progress=progress,
        )
    return profiles.ends


def bootstrap_ends(samples: Bootstrap | None, alpha: float, method: str) -> Array:
    """Return the intervals that the samples of a bootstrap give; shape (p, 2).

    Raises
    ------
    UsageError
        If there are no samples.
    """
    if samples is None:
        raise UsageError(
            f"intervals by method={method!r} are made of the samples of a bootstrap, which this "
            "result does not hold (a model file has none): result.with_cov('bootstrap')."
        )
    return percentile(samples, alpha) if method == "percentile" else basic(samples, alpha)
