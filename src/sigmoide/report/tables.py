"""The summary as records: what is said, before how it is laid out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context

import numpy as np

from sigmoide.inference.covariance import Estimates
from sigmoide.inference.hypothesis import Likelihoods, z_test
from sigmoide.inference.intervals import wald
from sigmoide.model.records import Fit, Model

# So many rows at fault are listed; the result holds them all.
_MOST_ROWS = 10

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CoefficientRow:
    """One line of the table; NaN where a number would mean nothing.

    The odds ratio is exp(estimate), its interval the exponentials of the interval's ends.
    """

    term: str
    estimate: float
    standard_error: float
    z: float
    p: float
    low: float
    high: float

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
    """

    title: str
    proof: str
    facts: tuple[Fact, ...]
    coefficients: tuple[CoefficientRow, ...]
    coverage: float
    statistics: tuple[Fact, ...]
    notes: tuple[str, ...]
    inferred: bool

    def __str__(self) -> str:
        from sigmoide.report.text import render

        return render(self)


def summarise(
    model: Model, estimated: Estimates, overall: Likelihoods, alpha: float = 0.05
) -> Summary:
    """Gather what is said of a fit."""
    se = estimated.standard_errors
    z, p = z_test(estimated.params, se)
    ends = wald(estimated.params, se, alpha)
    rows = tuple(
        CoefficientRow(term, *(float(v) for v in numbers))
        for term, *numbers in zip(
            model.terms, estimated.params, se, z, p, ends[:, 0], ends[:, 1], strict=True
        )
    )
    return Summary(
        f"Logistic regression of {model.response} on {_plural(overall.df_model, 'column')}"
        f" ({model.source})",
        proof_line(model.fit),
        _facts(model, overall),
        rows,
        100.0 * (1.0 - alpha),
        _statistics(overall, model),
        _notes(model, overall),
        model.fit.coefficients.covariance is not None,
    )


def proof_line(fit: Fit) -> str:
    """Say in one line what was proved."""
    found = fit.certificate
    if fit.status == "proved":
        unit = "square roots of diag(H^-1)" if fit.alpha.any() else "standard errors"
        return f"proved: every coefficient within {upwards(found.distance)} {unit} of the maximum"
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
            f"({found.reason})"
        )
    reached = f"proved only within {upwards(found.distance)} s.e." if found.proved else found.reason
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
    if not settings.l2:
        return "none (maximum likelihood)"
    unit = "standard deviation" if settings.standardize else "unit"
    return (
        f"ridge, l2 = {settings.l2:g}: {settings.l2 / 2:g} × the sum of squared coefficients "
        f"per {unit} of each column"
    )


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
    notes += [f"{a.name} is aliased and left out: {a.name} = {a}" for a in fit.aliased]
    if fit.status == "separated":
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
    rows = separation.rows
    shown = ", ".join(str(r) for r in rows[:_MOST_ROWS])
    more = f", … ({len(rows):,} in all)" if len(rows) > _MOST_ROWS else ""
    if len(fates) > _MOST_ROWS:
        fates = [*fates[:_MOST_ROWS], f"… ({len(fates)} in all)"]
    return [
        "Infinite coefficients: " + "; ".join(fates) + ".",
        f"Rows that are predicted without error (counted from 0): {shown}{more}.",
        "What to do: the data cannot tell how large these effects are, only their direction. "
        "Leave the column out, merge its rare levels, collect the missing combinations, or give a "
        "penalty (l2, such as --l2 1), which keeps every coefficient finite.",
    ]


def _count(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:g}"


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _exp(value: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.exp(value))
