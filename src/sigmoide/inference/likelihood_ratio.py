"""Likelihood-ratio tests: two nested models, each term of one, several in a row.

2 (l_larger - l_smaller) against chi-square, with as many degrees of freedom as the models differ by
in rank (Wilks 1938, Annals of Mathematical Statistics 9, 60-62). Under separation the suprema of
the likelihoods stand for their maxima: the statistic is what it tends to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import pairwise

from scipy.special import chdtrc

from sigmoide.blocks.blocks import Blocks
from sigmoide.blocks.views import some_columns
from sigmoide.errors import UsageError
from sigmoide.fit.driver import fit_blocks
from sigmoide.fit.progress import Progress
from sigmoide.inference.profile import refuse_unsuitable
from sigmoide.inference.tails import log10_chi_square
from sigmoide.results.records import Fit, Settings

_WHAT = "likelihood-ratio tests"
# Sums over the same rows agree to this, whatever the size of the blocks.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Compared:
    """A fit, and what a comparison has to know of it.

    Attributes
    ----------
    label : str
        How it is called in messages and tables.
    fit : Fit
        The fit.
    names : tuple of str
        Columns that it was asked to use, those that turned out aliased too.
    intercept : bool
        Whether it has one.
    """

    label: str
    fit: Fit
    names: tuple[str, ...]
    intercept: bool

    @property
    def rank(self) -> int:
        """Coefficients that are determined."""
        return len(self.fit.coefficients.columns) + self.intercept


@dataclass(frozen=True, slots=True)
class Ratio:
    """One likelihood-ratio test: one line of a table.

    Attributes
    ----------
    label : str
        The term that was left out, or the model that was compared with the one before.
    df : int
        Degrees of freedom: the difference in rank.
    statistic : float
        2 (l_larger - l_smaller), at least 0; NaN where a model is not proved.
    p, log10_p : float
        Its tail probability, and the logarithm for one that is too small to be told from 0; NaN
        where df is 0.
    deviance : float
        -2 l of the model of this line: the one without the term, or the one named.
    rank : int
        Its coefficients.
    status : str
        Its fit's status.
    """

    label: str
    df: int
    statistic: float
    p: float
    log10_p: float
    deviance: float
    rank: int
    status: str


def ratio_test(smaller: Compared, larger: Compared) -> Ratio:
    """Test a model against one that has more columns.

    Raises
    ------
    UsageError
        If one of the fits is penalised, if they are not of the same rows, or the smaller one has
        something that the larger one has not.
    NotProvedError
        If it is not known where one of the likelihoods is greatest.
    """
    for model in (smaller, larger):
        refuse_unsuitable(model.fit, f"{_WHAT} (of {model.label})")
    _refuse_other_rows(smaller, larger)
    _refuse_not_nested(smaller, larger)
    return _ratio(larger.label, smaller.fit, larger.fit, larger.rank - smaller.rank, larger)


def anova(models: Sequence[Compared]) -> tuple[Ratio, ...]:
    """Test each of several models against the one before.

    Returns
    -------
    tuple of Ratio
        One line a model, the first one without a test: its df is 0 and its p NaN.

    Raises
    ------
    UsageError, NotProvedError
        As :func:`ratio_test`; UsageError too for fewer than two models.
    """
    if len(models) < 2:
        raise UsageError(
            f"{len(models)} model was given to compare; at least two are needed, the smaller first."
        )
    first = models[0]
    refuse_unsuitable(first.fit, f"{_WHAT} (of {first.label})")
    deviance, nan = -2.0 * first.fit.totals.loglik, math.nan
    start = Ratio(first.label, 0, nan, nan, nan, deviance, first.rank, first.fit.status)
    return (start, *(ratio_test(smaller, larger) for smaller, larger in pairwise(models)))


def drop1(
    blocks: Blocks,
    fit: Fit,
    intercept: bool,
    terms: Mapping[str, Sequence[int]],
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> tuple[Ratio, ...]:
    """Test each term by a fit without it, on the same rows.

    Parameters
    ----------
    blocks : Blocks
        The rows that the fit was made on, with all its columns.
    fit : Fit
        The whole model, without penalty.
    intercept : bool
        Whether it has one; it stays.
    terms : mapping
        From the term to its columns, as positions in ``blocks.names``. Which terms may be left out
        (not those that an interaction contains) is for the caller to say.
    settings : Settings, optional
        Of the fit.
    progress : callable, optional
        Told, after each read, what is known by then.

    Returns
    -------
    tuple of Ratio
        One line a term. A model that is not proved has a statistic of NaN, and its status says so.

    Raises
    ------
    UsageError, NotProvedError
        If the whole model is penalised, or it is not known where its likelihood is greatest.
    """
    refuse_unsuitable(fit, _WHAT)
    options = replace(settings or Settings(), inference=False, l2=0.0, aliased="drop")
    lines = []
    for label, columns in terms.items():
        out = set(columns)
        rest = [j for j in range(len(blocks.names)) if j not in out]
        rank = len(fit.coefficients.columns) + intercept
        if rest:
            without = fit_blocks(some_columns(blocks, rest), intercept, options, progress)
        else:
            without = _null(fit)
        smaller = Compared(label, without, tuple(blocks.names[j] for j in rest), intercept)
        lines.append(_ratio(label, without, fit, rank - smaller.rank, smaller))
    return tuple(lines)


def _null(fit: Fit) -> Fit:
    """Return a fit of no column, of which the likelihood is known already."""
    kept = fit.coefficients
    none = replace(
        kept, columns=kept.columns[:0], centre=kept.centre[:0], coef=kept.coef[:0], covariance=None
    )
    totals = replace(fit.totals, loglik=fit.totals.null_loglik)
    return replace(fit, status="proved", coefficients=none, totals=totals)


def _ratio(label: str, smaller: Fit, larger: Fit, df: int, shown: Compared) -> Ratio:
    known = all(fit.status in ("proved", "separated") for fit in (smaller, larger))
    drop = max(2.0 * (larger.totals.loglik - smaller.totals.loglik), 0.0)
    statistic = drop if known else math.nan
    tested = known and df > 0
    return Ratio(
        label,
        df,
        statistic,
        float(chdtrc(df, statistic)) if tested else math.nan,
        log10_chi_square(statistic, df) if tested else math.nan,
        -2.0 * shown.fit.totals.loglik,
        shown.rank,
        shown.fit.status,
    )


def _refuse_other_rows(smaller: Compared, larger: Compared) -> None:
    a, b = smaller.fit.totals, larger.fit.totals
    names = f"{smaller.label} and {larger.label}"
    cure = (
        "the difference of their log-likelihoods is no likelihood ratio. Fit both on the rows that "
        "have a value in every column of the larger model."
    )
    if a.rows != b.rows:
        raise UsageError(
            f"{names} were fitted on different rows ({a.rows:,} and {b.rows:,}): {cure}"
        )
    same_null = smaller.intercept == larger.intercept
    for what, one, two in (
        ("weight", a.weight, b.weight),
        ("events", a.events, b.events),
        ("log-likelihood of the null model", a.null_loglik, b.null_loglik),
    ):
        compared = same_null or what != "log-likelihood of the null model"
        if compared and not math.isclose(one, two, rel_tol=_SAME):
            raise UsageError(
                f"{names} were fitted on different rows, weights or offsets, though on "
                f"{a.rows:,} rows each (their {what}: {one:.10g} and {two:.10g}): {cure}"
            )


def _refuse_not_nested(smaller: Compared, larger: Compared) -> None:
    missing = [name for name in smaller.names if name not in larger.names]
    if smaller.intercept and not larger.intercept:
        missing.insert(0, "Intercept")
    if missing:
        near = get_close_matches(missing[0], larger.names, n=1)
        hint = f" (its nearest is {near[0]!r})" if near else ""
        raise UsageError(
            f"{smaller.label} is not nested in {larger.label}: it has {missing[0]!r}, which the "
            f"other has not{hint}. A likelihood-ratio test compares a model with one that has all "
            "of its terms and more; give the smaller one first."
        )
    if smaller.rank >= larger.rank:
        raise UsageError(
            f"{smaller.label} and {larger.label} both have {larger.rank} coefficients that are "
            "determined: there is nothing to test between them."
        )
