"""Intervals of the coefficients: Wald's, profile-likelihood, the bootstrap's."""

from __future__ import annotations

from typing import Literal, get_args

from sigmoide.api.rows import Rows, reopened
from sigmoide.blocks.block import Array
from sigmoide.errors import UsageError
from sigmoide.fit.progress import Progress
from sigmoide.inference.bootstrap import Bootstrap, basic, percentile
from sigmoide.inference.profile import profile_intervals, refuse_unsuitable
from sigmoide.inference.small_samples import intervals_again
from sigmoide.results.records import Model

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
    held = model.fit.small_sample
    if held is not None:
        if alpha == held.alpha:
            return held.intervals
        with reopened(model, rows, what) as blocks:
            return intervals_again(
                blocks, model.fit, model.design.intercept, model.settings, alpha, progress
            )
    refuse_unsuitable(model.fit, what)
    with reopened(model, rows, what) as blocks:
        found = profile_intervals(
            blocks,
            model.fit,
            model.design.intercept,
            alpha,
            settings=model.settings,
            progress=progress,
        )
    return found.ends


def bootstrap_ends(found: Bootstrap | None, alpha: float, method: str) -> Array:
    """Return the intervals that the samples of a bootstrap give; shape (p, 2).

    Raises
    ------
    UsageError
        If there are no samples.
    """
    if found is None:
        raise UsageError(
            f"intervals by method={method!r} are made of the samples of a bootstrap, which this "
            "result does not hold (a model file has none): result.with_cov('bootstrap')."
        )
    return percentile(found, alpha) if method == "percentile" else basic(found, alpha)
