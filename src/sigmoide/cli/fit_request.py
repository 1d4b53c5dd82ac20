"""What ``sigmoide fit`` is asked: target and columns or a formula, errors and intervals."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sigmoide.api.incompatible import refuse_incompatible
from sigmoide.cli.options import names
from sigmoide.cli.program import say
from sigmoide.errors import NotProvedError, SigmoideWarning, UsageError

if TYPE_CHECKING:
    from sigmoide.api.options import FitOptions
    from sigmoide.api.result import Result
    from sigmoide.api.statistics import Method
    from sigmoide.design.design import Term
    from sigmoide.design.prepare import Request
    from sigmoide.design.split import Split
    from sigmoide.results.records import Reading
    from sigmoide.sources.source import Source


def options_of(params: dict[str, Any]) -> FitOptions:
    """Gather how to fit, and refuse, before the work, what cannot be meant."""
    from sigmoide.api.options import FitOptions, checkpoint_of, covariance_options, settings
    from sigmoide.design.design import Policies

    plain = {name: params[name] for name in ("l2", "standardize", "tol", "aliased")}
    method, factors = _method(params), _penalty_factors(params["penalty_factor"])
    chosen = settings(**plain, method=method, penalty_factors=factors)
    replicates, patience = params["replicates"], params["patience"]
    refuse_incompatible(replicates=replicates, cov=params["cov"])
    refuse_incompatible(ci=params["ci"], l2=chosen.l2, patience=patience)
    cluster = names("--cluster", params["cluster"]) or None
    samples = 999 if replicates is None else replicates
    errors = covariance_options(params["cov"], cluster, samples, params["seed"] or 0)
    refuse_incompatible(cov=errors.kind, patience=patience)
    refuse_incompatible(cov=errors.kind, l2=chosen.l2, method=chosen.method)
    split = _split(params)
    keep = checkpoint_of(params["checkpoint"], params["resume"], params["any_machine"], say)
    policies = Policies(params["missing"], params["unseen"])
    return FitOptions(chosen, errors, policies, keep, split, patience)


def request_of(
    source: Source,
    target: str | None,
    formula: str | None,
    params: dict[str, Any],
    options: FitOptions,
) -> Request:
    """Gather what is asked of the data, from a target and columns, or from a formula.

    Columns that weigh, shift, split or cluster the rows are no features, unless they are named as
    such.
    """
    from sigmoide.api.options import RowRoles, request_by_formula
    from sigmoide.design.design import Term
    from sigmoide.design.prepare import Request

    given = (params["frequency"], params["weights"], params["offset"])
    split, event, policies = options.split, params["event"], options.policies
    splitting = () if split is None else (split.column, split.key)
    roles = RowRoles(*given, options.covariance.cluster, splitting)
    wanted = names("--columns", params["columns"])
    unwanted = names("--exclude", params["exclude"])
    if target is None:
        refuse_incompatible(columns=wanted or unwanted, formula=formula)
        request = request_by_formula(formula or "", source, roles, policies, event)
    else:
        for name in (target, *wanted, *unwanted):
            source.column(name)
        wanted = wanted or tuple(n for n in source.names if n not in (target, *roles.columns))
        terms = tuple(Term(name, name) for name in wanted if name not in unwanted)
        request = Request(target, terms, True, event, *given, policies)
    return replace(
        request,
        terms=_with_references(request.terms, params["reference"]),
        intercept=request.intercept and not params["no_intercept"],
    )


def _with_references(terms: tuple[Term, ...], pairs: tuple[str, ...]) -> tuple[Term, ...]:
    chosen = {}
    for pair in pairs:
        # The longest name that fits: a column's name may hold a sign of equality itself.
        columns = [t.column for t in terms if t.asked is None]
        fitting = [column for column in columns if pair.startswith(f"{column}=")]
        if not fitting:
            raise UsageError(
                f"--reference {pair!r} was given; write it as COLUMN=LEVEL, with a column of the "
                "model."
            )
        column = max(fitting, key=len)
        chosen[column] = pair[len(column) + 1 :]
    return tuple(
        replace(term, reference=chosen[term.column], categorical=True)
        if term.column in chosen and term.asked is None
        else term
        for term in terms
    )


def _method(params: dict[str, Any]) -> str:
    """Return the one method that was asked for."""
    chosen = [name for name in ("firth", "flic", "flac") if params[name]]
    if len(chosen) > 1:
        words = " and ".join(f"--{name}" for name in chosen)
        raise UsageError(f"{words} were given, and a fit has one method. Choose one.")
    return chosen[0] if chosen else "ml"


def _penalty_factors(pairs: tuple[str, ...]) -> dict[str, float]:
    """Return the factors; a term may hold signs of equality itself."""
    factors: dict[str, float] = {}
    for pair in pairs:
        name, sign, number = pair.rpartition("=")
        try:
            factor = float(number)
        except ValueError:
            sign = ""
        if not sign or not name:
            raise UsageError(
                f"--penalty-factor {pair!r} was given; write it as TERM=FACTOR, such as age=0."
            )
        if name in factors:
            raise UsageError(f"--penalty-factor was given twice for {name!r}. Give it once.")
        factors[name] = factor
    return factors


def _split(params: dict[str, Any]) -> Split | None:
    """Return how the rows are split, refusing what says nothing without a split."""
    drawn = () if params["cov"] == "bootstrap" else ("seed",)
    for name in (*drawn, "split_key", "patience"):
        if params[name] is not None:
            option = f"--{name.replace('_', '-')} {params[name]}"
            refuse_incompatible(split=params["split"], option=option)
    if params["split"] is None:
        return None
    from sigmoide.design.split import parse_split

    return parse_split(params["split"], params["seed"], params["split_key"])


def inferred(
    result: Result, options: FitOptions, ci: Method | None, show: Callable[[Reading], object]
) -> Result:
    """Return the fit with the errors and intervals that were asked for.

    Of a fit that is not proved some cannot be had; its table is printed without them.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", SigmoideWarning)
        with _unless_unproved():
            if options.covariance.kind != "nonrobust":
                result = result.with_errors(options.covariance, show)
        with _unless_unproved():
            # They are kept with the result.
            result.conf_int(method=ci, on_read=show)
    for warning in said:
        say(f"sigmoide: {warning.message}")
    return result


@contextmanager
def _unless_unproved() -> Iterator[None]:
    """Say what a fit that is not proved has not."""
    try:
        yield
    except NotProvedError as error:
        say(f"sigmoide: {error}")
