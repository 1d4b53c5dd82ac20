"""The summary as records: what is said, before how it is laid out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context
from typing import Literal

import numpy as np

from sigmoide.blocks.block import Array
from sigmoide.inference.hypothesis import Likelihoods, z_test
from sigmoide.report.small_sample import (
    PENALTY,
    inference_facts,
    method_facts,
    method_notes,
    method_statistics,
    reached_line,
    with_ratios,
)
from sigmoide.results.records import Covariance, Fit, Model
from sigmoide.results.small_sample import SmallSample

# What a reader of separated data is told to do.
FIRTH = "Firth's method (method='firth', --firth)"

# So many rows at fault are listed; the result holds them all.
_MOST_ROWS = 10

Fact = tuple[str, str]

# How intervals are called that are not Wald's.
_INTERVALS = {
    "profile": "profile likelihood",
    "percentile": "bootstrap, percentile",
    "basic": "bootstrap, basic",
}


@dataclass(frozen=True, slots=True)
class Inferred:
    """Estimates, and what is inferred of them.

    Attributes
    ----------
    params : ndarray, shape (p,)
        Estimates.
    covariance : Covariance
        The one in force.
    ends : ndarray, shape (p, 2)
        Of the intervals.
    alpha : float
        One minus their coverage.
    method : str
        How they were made.
    """

    params: Array
    covariance: Covariance
    ends: Array
    alpha: float = 0.05
    method: str = "wald"


@dataclass(frozen=True, slots=True)
class CoefficientRow:
    """One line of the table; NaN where a number would mean nothing.

    The odds ratio is exp(estimate), its interval the exponentials of the interval's ends. ``p`` is
    that of ``chi2``, a likelihood ratio, where there is one; else that of ``z``.
    """

    term: str
    estimate: float
    standard_error: float
    z: float
    p: float
    low: float
    high: float
    chi2: float = math.nan

    @property
    def odds(self) -> tuple[float, float, float]:
        """Odds ratio and its interval."""
        return tuple(_exp(v) for v in (self.estimate, self.low, self.high))  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Summary:
    """A fit, ready to be shown.

    Attributes
    ----------
    title : str
        What was modelled.
    proof : str
        The verdict, one line.
    facts : tuple of (label, value)
        Rows, event, references, penalty, cost.
    coefficients : tuple of CoefficientRow
        The table.
    coverage : float
        Of the intervals, in percent.
    statistics : tuple of (label, value)
        Of the whole fit.
    notes : tuple of str
        What else the reader has to know.
    inferred : bool
        Whether standard errors and tests are shown.
    test : {"z", "chi2"}
        The statistic that the p-values belong to: the estimate over its standard error, or a
        likelihood ratio.
    """

    title: str
    proof: str
    facts: tuple[Fact, ...]
    coefficients: tuple[CoefficientRow, ...]
    coverage: float
    statistics: tuple[Fact, ...]
    notes: tuple[str, ...]
    inferred: bool
    test: Literal["z", "chi2"] = "z"

    def __str__(self) -> str:
        from sigmoide.report.text import render

        return render(self)

    def _repr_html_(self) -> str:
        return self.as_html()

    def as_html(self, *, whole: bool = False) -> str:
        """Return the tables as HTML: a piece of a document, or a whole one."""
        from sigmoide.report.html import render_html

        return render_html(self, whole=whole)

    def as_latex(self) -> str:
        """Return the tables as LaTeX, in the rules of the package booktabs."""
        from sigmoide.report.latex import render_latex

        return render_latex(self)

    def as_markdown(self) -> str:
        """Return the tables as Markdown, as GitHub reads it."""
        from sigmoide.report.markdown import render_markdown

        return render_markdown(self)

    def records(self) -> list[dict[str, str | float]]:
        """Return the table of coefficients, an entry a line, every number whole.

        ``pandas.DataFrame(summary.records())`` is the table. Keys: ``term, estimate,
        standard_error``, ``z`` or ``chi2`` (whichever ``p`` belongs to), ``p, low, high,
        odds_ratio, odds_low, odds_high``. NaN where a number is withheld.
        """
        return [_record(row, self.test) for row in self.coefficients]


def _record(row: CoefficientRow, test: str) -> dict[str, str | float]:
    odds, low, high = row.odds
    return {
        "term": row.term,
        "estimate": row.estimate,
        "standard_error": row.standard_error,
        test: row.chi2 if test == "chi2" else row.z,
        "p": row.p,
        "low": row.low,
        "high": row.high,
        "odds_ratio": odds,
        "odds_low": low,
        "odds_high": high,
    }


def summarise(model: Model, inferred: Inferred, overall: Likelihoods) -> Summary:
    """Return the summary of a fit as records."""
    se, ends, small = inferred.covariance.standard_errors, inferred.ends, model.fit.small_sample
    z, p = z_test(inferred.params, se)
    rows = tuple(
        CoefficientRow(term, *(float(v) for v in numbers))
        for term, *numbers in zip(
            model.terms, inferred.params, se, z, p, ends[:, 0], ends[:, 1], strict=True
        )
    )
    if small is not None:
        rows = with_ratios(rows, small)
    return Summary(
        f"Logistic regression of {model.response} on {_plural(overall.df_model, 'column')}"
        f" ({model.source})",
        proof_line(model.fit),
        (*_facts(model, overall), *_inference_facts(inferred, small)),
        rows,
        100.0 * (1.0 - inferred.alpha),
        _statistics(overall, model),
        (*_notes(model, overall), *_errors_notes(model, inferred)),
        _is_inferred(inferred),
        "z" if small is None else "chi2",
    )


def errors_line(covariance: Covariance) -> str:
    """Say where errors are from."""
    return "Fisher information" if covariance.kind == "Fisher" else covariance.label


def _is_inferred(inferred: Inferred) -> bool:
    return bool(
        np.isfinite(inferred.covariance.standard_errors).any()
        or (inferred.ends == inferred.ends).any()
    )


def _inference_facts(inferred: Inferred, small: SmallSample | None) -> tuple[Fact, ...]:
    if not _is_inferred(inferred):
        return ()
    if small is not None:
        return inference_facts(small, inferred.method)
    facts = [("errors", errors_line(inferred.covariance))]
    if inferred.method in _INTERVALS:
        facts.append(("intervals", _INTERVALS[inferred.method]))
    return tuple(facts)


def _errors_notes(model: Model, inferred: Inferred) -> tuple[str, ...]:
    """Say what a reader of the errors has to be told."""
    notes = list(inferred.covariance.notes)
    if inferred.covariance.kind == "Fisher" and model.roles.weights and _is_inferred(inferred):
        notes.append(
            "Fisher errors take the weights for repeat counts. If they are none, choose others: "
            "cov='HC1', --cov HC1."
        )
    return tuple(notes)


def proof_line(fit: Fit) -> str:
    """Say in one line what was proved."""
    proof = fit.certificate
    if fit.small_sample is not None:
        return reached_line(fit.small_sample)
    if fit.status == "proved":
        unit = "square roots of diag(H^-1)" if fit.alpha.any() else "standard errors"
        return f"proved: every coefficient within {upwards(proof.distance)} {unit} of the maximum"
    if fit.status == "separated":
        how = "" if fit.separation.exact else " (found numerically)"
        finite = (
            f"; the finite part within {upwards(fit.limit.distance)} standard errors"
            if fit.limit is not None and fit.limit.proved
            else ""
        )
        return (
            f"NOT PROVED: no maximum exists, the classes are separated "
            f"({fit.separation.kind}){how}{finite}"
        )
    if fit.status == "undetermined":
        return (
            "NOT PROVED: neither a maximum nor separation could be proved in double precision "
            f"({proof.reason})"
        )
    reached = f"proved only within {upwards(proof.distance)} s.e." if proof.proved else proof.reason
    return f"NOT PROVED: not converged after {fit.steps} steps ({reached})"


def upwards(value: float) -> str:
    """Write a bound with one digit, never smaller than it is."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    # By its shortest decimal: 1e-9 is 1e-9, whatever the binary number beside it is.
    up = Context(prec=1, rounding=ROUND_CEILING).create_decimal(repr(value))
    return f"{float(up):.1g}"


def _facts(model: Model, overall: Likelihoods) -> tuple[Fact, ...]:
    totals, roles = model.fit.totals, model.roles
    used = totals.rows
    if roles.trials:
        # A row of counts is up to two of the fit.
        used = model.source_rows - sum(model.dropped.values())
    rows = f"{used:,} of {model.source_rows:,}"
    if roles.counted:
        rows += f", {_count(overall.n)} observations by {roles.counted}"
    if roles.weights:
        rows += f", weighted by {roles.weights} (sum {totals.weight:g})"
    share = f"{_count(totals.events)} of {_count(totals.weight)}"
    facts = [
        ("rows used", rows),
        ("rows dropped", _dropped(model)),
        ("event", f"{model.event} ({share})"),
    ]
    references = [f"{column}: {level}" for column, level in model.design.references.items()]
    if references:
        facts.append(("reference", ", ".join(references)))
    summed = [
        f"{c.column}: {c.reference} is -1"
        for c in model.design.codings
        if c.contrast == "sum" and c.reference is not None
    ]
    if summed:
        facts.append(("sum contrast", ", ".join(summed)))
    filled = [c.column for c in model.design.codings if c.indicator]
    if filled:
        facts.append(("filled in", ", ".join(filled) + " (mean, and a column that says where)"))
    if roles.offset:
        facts.append(("offset", roles.offset))
    if not model.design.intercept:
        facts.append(("intercept", "none"))
    if model.fit.small_sample is not None:
        facts += method_facts(model.fit.small_sample)
    facts.append(("penalty", penalty_line(model)))
    reads = _plural(model.fit.reads, "read")
    facts.append(("cost", f"{reads} of the data, {model.fit.seconds:.2g} s"))
    return tuple(facts)


def _dropped(model: Model) -> str:
    if not model.dropped:
        return "none"
    total = sum(model.dropped.values())
    return f"{total:,}: " + ", ".join(f"{k} ({v:,})" for k, v in model.dropped.items())


def penalty_line(model: Model) -> str:
    """Say which penalty was in force, with its units."""
    settings = model.settings
    if settings.method != "ml":
        return PENALTY
    if not settings.l2:
        return "none (maximum likelihood)"
    unit = "standard deviation" if settings.standardize else "unit"
    return (
        f"ridge, l2 = {settings.l2:g}: {settings.l2 / 2:g} × the sum of squared coefficients "
        f"per {unit} of each column" + _factors(settings.penalty_factors)
    )


def _factors(factors: tuple[tuple[str, float], ...]) -> str:
    """Say which columns bear another share of the penalty."""
    if not factors:
        return ""
    shown = [
        f"{name} unpenalised" if factor == 0.0 else f"{name} × {factor:g}"
        for name, factor in factors[:_MOST_ROWS]
    ]
    more = [f"… ({len(factors)} in all)"] if len(factors) > _MOST_ROWS else []
    return "; but " + ", ".join(shown + more)


def _statistics(overall: Likelihoods, model: Model) -> tuple[Fact, ...]:
    separated = model.fit.status == "separated"
    facts = [
        ("log-likelihood" + (" (supremum)" if separated else ""), f"{overall.loglik:.6g}"),
        ("null log-likelihood", f"{overall.null_loglik:.6g}"),
        ("deviance", f"{overall.deviance:.6g}"),
        ("null deviance", f"{overall.null_deviance:.6g}"),
        ("AIC", f"{overall.aic:.6g}"),
        ("BIC", f"{overall.bic:.6g}"),
        ("McFadden R2", f"{overall.mcfadden:.4f}"),
        ("LR test of all", _ratio(overall)),
    ]
    small = model.fit.small_sample
    if small is not None:
        facts[1:1] = method_statistics(small)
        facts[-1] = ("test of all slopes", facts[-1][1])
    return tuple((label, text) for label, text in facts if text != "nan")


def _ratio(overall: Likelihoods) -> str:
    test = overall.ratio
    if math.isnan(test.p):
        return "nan"
    return f"chi2({test.df}) = {test.statistic:.5g}, p = {p_word(test.p)}"


def p_word(p: float) -> str:
    """Write a p-value: three decimals, or its power of ten where that is more."""
    if math.isnan(p):
        return ""
    if p >= 0.001:
        return f"{p:.3f}"
    return f"{p:.1e}" if p >= 1e-300 else "<1e-300"


def _notes(model: Model, overall: Likelihoods) -> tuple[str, ...]:
    fit = model.fit
    notes = list(model.notes)
    small = fit.small_sample
    notes += [f"{a.name} is aliased and left out: {a.name} = {a}" for a in fit.aliased]
    if small is not None:
        notes += method_notes(small, model.terms)
    elif fit.status == "separated":
        notes += _separation_notes(model)
    elif fit.status != "proved":
        notes.append(
            "No standard errors, tests or intervals are given, because the coefficients are not "
            "proved to be the optimum. Columns that nearly repeat each other, or a few rows that "
            "decide everything, are the usual cause: leave a column out, or give a penalty (l2)."
        )
    if model.settings.l2:
        notes.append(
            "A penalised fit has no plain standard errors, p-values or intervals: the penalty "
            "moves the coefficients by an amount that they leave out. Use l2 = 0 for inference."
        )
    if overall.n <= 10 * overall.rank and fit.status == "proved" and not model.settings.l2:
        notes.append(
            f"{_count(overall.n)} observations for {overall.rank} coefficients are few: Wald "
            "intervals and p-values may be off."
        )
    return tuple(notes)


def _separation_notes(model: Model) -> list[str]:
    separation = model.fit.separation
    words = {1.0: "+infinity", -1.0: "-infinity"}
    fates = [
        f"{term} {words.get(sign, 'infinite, sign not determined')}"
        for term, sign in zip(model.terms, separation.signs, strict=True)
        if sign != 0.0
    ]
    remedy = "give a penalty (l2, such as --l2 1), which keeps every coefficient finite."
    if model.settings.l2:
        remedy = "give these columns a penalty factor above 0, which keeps them finite."
    rows = separation.rows
    shown = ", ".join(str(r) for r in rows[:_MOST_ROWS])
    more = f", … ({len(rows):,} in all)" if len(rows) > _MOST_ROWS else ""
    if len(fates) > _MOST_ROWS:
        fates = [*fates[:_MOST_ROWS], f"… ({len(fates)} in all)"]
    return [
        "Infinite coefficients: " + "; ".join(fates) + ".",
        f"Rows that are predicted without error (counted from 0): {shown}{more}.",
        "What to do: the data cannot tell how large these effects are, only their direction. "
        "Leave the column out, merge its rare levels, collect the missing combinations, or "
        + remedy,
        f"Finite estimates of all, with intervals and tests: {FIRTH}.",
    ]


def _count(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:g}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _exp(value: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.exp(value))
