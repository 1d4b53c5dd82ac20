"""A whole fit by a method for small samples: estimates, intervals and tests, as logistf gives them.

Firth's fit first; FLIC and FLAC start from it. Intervals and tests need the rows, and are computed
here, while these are at hand.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.views import some_columns
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.fit.progress import Progress
from sigmoide.inference.firth import FirthFit, fit_firth
from sigmoide.inference.firth_tests import penalised_profile, penalised_tests
from sigmoide.inference.flic_flac import Corrected, flac, flac_profile, flac_tests, flic
from sigmoide.inference.hypothesis import ChiSquare, wald, z_test
from sigmoide.proof.certificate import Certificate, unproved
from sigmoide.results.records import Coefficients, Fit, Reading, Separation, Settings, Totals
from sigmoide.results.small_sample import LABELS, SmallSample

# One minus the coverage of the intervals that are computed with the fit.
ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class _Inferred:
    """Intervals and tests; NaN where nothing was reached to infer from."""

    ends: Array
    tests: tuple[ChiSquare, ...]
    overall: ChiSquare
    null_penalised: float


def fit_small_samples(
    blocks: Blocks, intercept: bool, settings: Settings, progress: Progress | None = None
) -> Fit:
    """Fit by Firth's method, FLIC or FLAC, with intervals and tests.

    Parameters
    ----------
    blocks : Blocks
        Rows of positive weight; a weight of f counts as f rows.
    intercept : bool
        Whether the model has one.
    settings : Settings
        ``method``, ``tol``, ``max_steps`` and ``aliased`` are used.
    progress : callable, optional
        Told, after each read, what is known by then; its answers change nothing.

    Raises
    ------
    UsageError
        If a ridge is asked for too, or FLIC or FLAC of a model without intercept.
    TargetError, ColumnError, AliasedError, NotProvedError
        As :func:`sigmoide.inference.firth.fit_firth`.
    """
    method = settings.method
    if method == "ml":
        raise UsageError("method='ml' is maximum likelihood, which is no method of this function.")
    if method != "firth" and not intercept:
        raise UsageError(
            f"{LABELS[method]} corrects the intercept, and this model has none. Give it one, or "
            "stay with Firth's estimates (method='firth')."
        )
    began, before = time.perf_counter(), blocks.reads
    report = _adding_up(progress, blocks, before, began)
    firth = fit_firth(blocks, intercept, settings, report)
    corrected: Corrected | None = None
    if firth.convergence.reached and method != "firth":
        corrected = (flic if method == "flic" else flac)(blocks, firth, settings, report)
    answer: FirthFit | Corrected = corrected or firth
    small = _record(firth, answer.coefficients, corrected, settings)
    if small.reached:
        inferred = _infer(blocks, firth, corrected, report)
        small = replace(
            small,
            intervals=inferred.ends,
            statistics=np.array([test.statistic for test in inferred.tests]),
            p=np.array([test.p for test in inferred.tests]),
            overall=inferred.overall.statistic,
            overall_p=inferred.overall.p,
            null_penalised_loglik=inferred.null_penalised,
        )
    kept = answer.coefficients if small.reached else replace(answer.coefficients, covariance=None)
    null = _null_loglik(blocks, intercept, settings)
    return Fit(
        "converged" if small.reached else "not converged",
        kept,
        _certificate(small),
        None,
        Separation("not looked for", np.zeros(len(kept.columns) + intercept)),
        firth.aliased,
        np.zeros(len(kept.columns)),
        Totals(firth.rows, firth.weight, firth.events, answer.loglik, null),
        firth.convergence.steps,
        blocks.reads - before,
        time.perf_counter() - began,
        small_sample=small,
    )


def _record(
    firth: FirthFit, answer: Coefficients, corrected: Corrected | None, settings: Settings
) -> SmallSample:
    """Return the record of the estimates, with nothing inferred yet."""
    kept = firth.coefficients
    p = len(kept.coef) + firth.intercept
    return SmallSample(
        settings.method,
        firth.convergence,
        float(kept.intercept + (answer.centre - kept.centre) @ kept.coef),
        kept.coef,
        firth.penalised_loglik,
        np.nan,
        ALPHA,
        np.full((p, 2), np.nan),
        np.full(p, np.nan),
        np.full(p, np.nan),
        np.nan,
        np.nan,
        None if corrected is None else corrected.certificate,
        float(corrected.fit.coefficients.coef[-1]) if corrected and corrected.fit else 0.0,
    )


def _infer(
    blocks: Blocks, firth: FirthFit, corrected: Corrected | None, progress: Progress | None
) -> _Inferred:
    tests = penalised_tests(blocks, firth, progress=progress)
    null = tests.null_penalised_loglik
    ends = _ends(blocks, firth, corrected, ALPHA, progress)
    if corrected is None:
        return _Inferred(ends, tests.coefficients, tests.overall, null)
    if corrected.fit is None:
        z, p = z_test(corrected.estimates.params[:1], corrected.estimates.standard_errors[:1])
        first = ChiSquare(float(z[0] ** 2), 1, float(p[0]))
        return _Inferred(ends, (first, *tests.coefficients[1:]), tests.overall, null)
    each, overall = flac_tests(blocks, firth, corrected, progress)
    return _Inferred(ends, each, overall, null)


def _ends(
    blocks: Blocks,
    firth: FirthFit,
    corrected: Corrected | None,
    alpha: float,
    progress: Progress | None,
) -> Array:
    if corrected is not None and corrected.fit is not None:
        return flac_profile(blocks, firth, corrected, alpha, progress=progress).ends
    ends = penalised_profile(blocks, firth, alpha, progress=progress).ends
    if corrected is None:
        return ends
    estimates = corrected.estimates
    first = wald(estimates.params[:1], estimates.standard_errors[:1], alpha)
    return np.vstack([first, ends[1:]])


def intervals_again(
    blocks: Blocks,
    fit: Fit,
    intercept: bool,
    settings: Settings,
    alpha: float,
    progress: Progress | None = None,
) -> Array:
    """Return the intervals of a fit for another coverage; shape (p, 2).

    Parameters
    ----------
    blocks : Blocks
        The rows that were fitted.
    fit : Fit
        What :func:`fit_small_samples` returned.
    intercept, settings, progress
        As they were given to it.
    alpha : float
        One minus the coverage.

    Raises
    ------
    UsageError
        If the fit is none of these methods, or ``alpha`` is not between 0 and 1.
    NotProvedError
        If it did not converge.
    """
    small = fit.small_sample
    if small is None:
        raise UsageError("the fit is one of maximum likelihood, which has its own intervals.")
    if not small.reached:
        raise NotProvedError(
            f"intervals start from the estimates of {LABELS[small.method]}, which are not reached: "
            f"{fit.certificate.reason}. Give the fit more steps (max_steps)."
        )
    kept = replace(fit.coefficients, intercept=small.intercept, coef=small.coef, covariance=None)
    firth = FirthFit(
        small.convergence,
        kept,
        intercept,
        fit.aliased,
        fit.totals.rows,
        fit.totals.weight,
        fit.totals.events,
        np.nan,
        small.penalised_loglik,
        fit.reads,
    )
    after = {"flic": flic, "flac": flac}.get(small.method)
    corrected = after(blocks, firth, settings, progress) if after else None
    return _ends(blocks, firth, corrected, alpha, progress)


def _certificate(small: SmallSample) -> Certificate:
    """Return what stands where maximum likelihood has its proof."""
    near = small.convergence
    reason = f"Firth's method has no proof: {near}"
    if small.correction is not None and not small.correction.proved:
        reason += f". The fit that follows it is not proved ({small.correction.reason})"
    return replace(unproved("modified score", 0, reason), decrement=near.decrement)


def _null_loglik(blocks: Blocks, intercept: bool, settings: Settings) -> float:
    """Return the log-likelihood, not penalised, of the intercept and the offset alone."""
    plain = replace(settings, method="ml", inference=False)
    return fit_blocks(some_columns(blocks, []), intercept, plain).totals.loglik


def _adding_up(
    progress: Progress | None, blocks: Blocks, before: int, began: float
) -> Progress | None:
    """Tell of the reads of the whole fit, and not of each of its parts."""
    if progress is None:
        return None

    def tell(reading: Reading) -> object:
        seconds = time.perf_counter() - began
        return progress(replace(reading, reads=blocks.reads - before, seconds=seconds))

    return tell
