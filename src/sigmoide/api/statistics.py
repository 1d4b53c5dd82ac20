"""What a result says of the whole fit, and of how it was made."""

from __future__ import annotations

from functools import cached_property

from sigmoide.api.separation import SeparationReport
from sigmoide.inference.hypothesis import Likelihoods, likelihoods
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
