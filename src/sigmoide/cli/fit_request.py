"""What ``sigmoide fit`` is asked: target and columns or a formula, errors and intervals."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sigmoide.cli.options import names
from sigmoide.cli.program import say
from sigmoide.errors import NotProvedError, SigmoideWarning, UsageError

if TYPE_CHECKING:
    from sigmoide.api.covariances import Asked
    from sigmoide.api.result import Result
    from sigmoide.api.statistics import Method
    from sigmoide.design.design import Term
    from sigmoide.design.prepare import Request
    from sigmoide.design.split import Split
    from sigmoide.results.records import Reading
    from sigmoide.sources.source import Source


def request_of(
    source: Source,
    target: str | None,
    formula: str | None,
    asked: dict[str, Any],
    split: Split | None = None,
) -> Request:
    """Gather what is asked of the data, from a target and columns, or from a formula.

    Columns that weigh, shift, split or cluster the rows are no features, unless they are named as
    such.
    """
    from sigmoide.api.logit import offset_of, policies
    from sigmoide.design.design import Term
    from sigmoide.design.prepare import Request
    from sigmoide.formula.algebra import parse

    roles = {role: asked[role] for role in ("frequency", "weights", "offset")}
    splitting = () if split is None else (split.column, split.key)
    clusters = names("--cluster", asked["cluster"])
    apart = tuple(name for name in (*roles.values(), *splitting, *clusters) if name)
    wanted = names("--columns", asked["columns"])
    unwanted = names("--exclude", asked["exclude"])
    intercept = not asked["no_intercept"]
    products: tuple[tuple[int, ...], ...] = ()
    trials = None
    if target is None:
        if wanted or unwanted:
            raise UsageError(
                "--columns and --exclude go with --target; a formula names its columns itself: "
                "'y ~ a + b', or 'y ~ . - c'."
            )
        read = parse(formula or "", source.names, apart)
        target, terms = read.target, read.terms
        products, trials = read.products, read.trials
        roles["offset"] = offset_of(read, roles["offset"])
        intercept = intercept and read.intercept
    else:
        for name in (target, *wanted, *unwanted):
            source.column(name)
        wanted = wanted or tuple(name for name in source.names if name not in (target, *apart))
        terms = tuple(Term(name, name) for name in wanted if name not in unwanted)
    return Request(
        target,
        _with_references(terms, asked["reference"]),
        intercept,
        asked["event"],
        policies=policies(asked["missing"], asked["unseen"]),
        products=products,
        trials=trials,
        **roles,
    )


def _with_references(terms: tuple[Term, ...], pairs: tuple[str, ...]) -> tuple[Term, ...]:
    from dataclasses import replace

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


def check_inference(asked: dict[str, Any], l2: float) -> Asked:
    """Check and gather what is asked of the errors and intervals, before the fit."""
    from sigmoide.api.covariances import ask, refuse_for_penalty

    if asked["replicates"] is not None and asked["cov"] != "bootstrap":
        raise UsageError(
            f"--replicates {asked['replicates']} was given without --cov bootstrap, and means "
            "nothing without it. Give that too, or leave it out."
        )
    penalised = l2 or asked["patience"] is not None
    if asked["ci"] == "profile" and penalised:
        raise UsageError(
            "--ci profile was given with a penalty (--l2, --patience): the coefficients of a "
            "penalised fit do not maximise the likelihood. Leave one of them out."
        )
    cluster = names("--cluster", asked["cluster"]) or None
    replicates = 999 if asked["replicates"] is None else asked["replicates"]
    errors = ask(asked["cov"], cluster, replicates, asked["seed"] or 0)
    if asked["patience"] is not None and errors.kind != "nonrobust":
        raise UsageError(
            f"--cov {errors.kind} was given with --patience, which chooses a penalty: errors of a "
            "penalised fit are not inference. Leave one of them out."
        )
    refuse_for_penalty(errors, l2)
    return errors


def inferred(
    result: Result, errors: Asked, method: Method | None, show: Callable[[Reading], object]
) -> Result:
    """Return the fit with the errors and intervals that were asked for.

    Of a fit that is not proved some cannot be had; its table is printed without them.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", SigmoideWarning)
        for step in (_with_errors(errors, show), _with_intervals(method, show)):
            try:
                result = step(result)
            except NotProvedError as error:
                say(f"sigmoide: {error}")
    for warning in said:
        say(f"sigmoide: {warning.message}")
    return result


def _with_errors(errors: Asked, show: Callable[[Reading], object]) -> Callable[[Result], Result]:
    return lambda result: result if errors.kind == "nonrobust" else result.with_errors(errors, show)


def _with_intervals(
    method: Method | None, show: Callable[[Reading], object]
) -> Callable[[Result], Result]:
    def with_intervals(result: Result) -> Result:
        # They are kept with the result.
        result.conf_int(method=method, on_read=show)
        return result

    return with_intervals
