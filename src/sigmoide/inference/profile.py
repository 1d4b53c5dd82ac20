r"""Profile-likelihood intervals: exact roots, not interpolated.

The interval of coverage 1 - alpha of a coefficient is all c with

.. math::

    2 (\ell_{max} - \max_{\beta: \beta_j = c} \ell(\beta)) \le \chi^2_{1, 1-\alpha} .

Its ends are the extremes of beta_j inside a level set of the likelihood, which is how they are
searched (see :mod:`sigmoide.inference.searching`), all of them together, one read a step. An end
is infinite exactly where the level set is unbounded that way, which takes separated classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.moments import Moments
from sigmoide.blocks.threads import single_threaded_arithmetic
from sigmoide.errors import NotProvedError, UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.inference.batched_searches import Progress, advance
from sigmoide.inference.level_ends import Ends, both_ends, frame_at, half_quantile
from sigmoide.inference.one_sided import finite_ends, signed
from sigmoide.inference.surface import Likelihood, visit
from sigmoide.problem.blockwise import moments_kernel
from sigmoide.results.records import Coefficients, Fit, Settings
from sigmoide.results.small_sample import LABELS


def profile_intervals(
    blocks: Blocks,
    fit: Fit,
    intercept: bool,
    alpha: float = 0.05,
    *,
    terms: Sequence[int] | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Ends:
    """Return the profile-likelihood intervals of a maximum-likelihood fit.

    Parameters
    ----------
    blocks : Blocks
        The rows that the fit was made on.
    fit : Fit
        A fit without penalty, proved or separated. Under separation the likelihood's supremum
        stands for its maximum: infinite coefficients have one finite end, or none; those that
        stay finite have the interval of the limit.
    intercept : bool
        Whether the model has one.
    alpha : float
        One minus the coverage.
    terms : sequence of int, optional
        Positions of the coefficients wanted, the intercept first where there is one; else all.
    settings : Settings, optional
        Of the fit; used where some of the rows have to be fitted again.
    progress : callable, optional
        Told, after each read, how many there were and what is under way.

    Raises
    ------
    UsageError
        If the fit is penalised, or ``alpha`` is not between 0 and 1.
    NotProvedError
        If it is not known where the likelihood is greatest.
    """
    refuse_unsuitable(fit, "profile-likelihood intervals")
    options = _Options(intercept, half_quantile(alpha), settings or Settings(), progress)
    before = blocks.reads
    p = len(fit.coefficients.columns) + intercept
    wanted = range(p) if terms is None else [int(j) for j in terms]
    with single_threaded_arithmetic():
        moments = blocks.reduce(moments_kernel(blocks, intercept))
        if fit.status == "separated":
            ends, left, more = _under_separation(blocks, fit, moments, wanted, options)
        else:
            ends, left = _two_sided(blocks, fit.coefficients, moments, wanted, options)
            more = 0
    return Ends(ends, left, blocks.reads - before + more)


def refuse_unsuitable(fit: Fit, what: str) -> None:
    """Refuse a fit whose likelihood was not made as great as it gets.

    Raises
    ------
    UsageError
        If a penalty was in force, Firth's among them.
    NotProvedError
        If neither a maximum nor separation was proved.
    """
    if fit.small_sample is not None:
        raise UsageError(
            f"{what} were asked of a fit by {LABELS[fit.small_sample.method]}, which does not "
            "maximise the likelihood. It has intervals and tests of its own, computed with the "
            "fit: conf_int(), pvalues, llr_pvalue."
        )
    if (fit.alpha > 0.0).any():
        raise UsageError(
            f"{what} were asked of a penalised fit (l2 > 0): its coefficients do not maximise the "
            "likelihood, so that a drop from there has no chi-square distribution. Fit without a "
            "penalty (l2=0), or with Firth's (method='firth'), which has its own."
        )
    if fit.status not in ("proved", "separated"):
        raise NotProvedError(
            f"{what} start from the maximum of the likelihood, and it is not known where that is: "
            f"the fit is {fit.status} ({fit.certificate.reason or 'it ran out of steps'}). Give "
            "the fit more steps (max_steps), or leave out the columns that are nearly aliased."
        )


@dataclass(frozen=True, slots=True)
class _Options:
    """What stays the same from the first search to the last."""

    intercept: bool
    above: float
    settings: Settings
    progress: Progress | None


def _two_sided(
    blocks: Blocks, kept: Coefficients, moments: Moments, wanted: Sequence[int], options: _Options
) -> tuple[Array, Array]:
    frame, theta = frame_at(kept, moments, options.intercept)
    surface = Likelihood()
    (place,) = advance(blocks, frame, [visit(surface, theta)])
    if place is None:
        raise NotProvedError(
            "the Hessian at the maximum is singular to working precision: no profile can be "
            "followed. Leave out the columns that are nearly aliased."
        )
    level = place.value + options.above
    return both_ends(blocks, frame, surface, place, level, wanted, options.progress)


def _under_separation(
    blocks: Blocks, fit: Fit, moments: Moments, wanted: Sequence[int], options: _Options
) -> tuple[Array, Array, int]:
    """Return ends, steps left, and the reads made of other blocks than these."""
    signs = fit.separation.signs
    if fit.limit is not None and not fit.limit.proved:
        raise NotProvedError(
            "the classes are separated, and the limit of the likelihood could not be proved "
            f"({fit.limit.reason}): profile-likelihood intervals are measured from it. Leave out "
            "the columns that separate, or fit with Firth's penalty (method='firth')."
        )
    ends, left = np.full((len(signs), 2), np.nan), np.full((len(signs), 2), np.nan)
    for j in wanted:
        if signs[j] != 0.0:
            ends[j] = -np.inf, np.inf
            left[j] = 0.0
    more = 0
    if one := signed(signs, wanted):
        frame, _ = frame_at(fit.coefficients, moments, options.intercept)
        one_sided, more = finite_ends(
            blocks, frame, moments, one, -fit.totals.loglik, options.above, options.progress
        )
        for j, (end, step) in one_sided.items():
            side = 0 if signs[j] > 0 else 1
            ends[j, side], left[j, side] = end, step
    if finite := [j for j in wanted if signs[j] == 0.0]:
        ends[finite], left[finite], reads = _in_the_limit(blocks, fit, finite, options)
        more += reads
    return ends, left, more


def _in_the_limit(
    blocks: Blocks, fit: Fit, finite: Sequence[int], options: _Options
) -> tuple[Array, Array, int]:
    """Return the intervals of the coefficients that stay finite, from the rows that overlap.

    Far out along the directions that separate them, the other rows add nothing to the likelihood.
    A column that is aliased among the rows that are left moves with them, and so is none of these.
    """
    rest = blocks.without(fit.separation.rows)
    before = rest.reads
    settings = replace(options.settings, aliased="drop", l2=0.0)
    limit = fit_blocks(rest, options.intercept, settings, options.progress)
    columns, first = fit.coefficients.columns, int(options.intercept)
    place = {int(c): k + first for k, c in enumerate(limit.coefficients.columns)}
    there = [j if j < first else place[int(columns[j - first])] for j in finite]
    refuse_unsuitable(limit, "profile-likelihood intervals of the coefficients that stay finite")
    moments = rest.reduce(moments_kernel(rest, options.intercept))
    ends, left = _two_sided(rest, limit.coefficients, moments, there, options)
    return ends[there], left[there], rest.reads - before
