"""What ``sigmoide fit`` infers besides the fit: other errors, other intervals."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sigmoide.cli.options import names
from sigmoide.cli.output import say
from sigmoide.errors import NotProvedError, SigmoideWarning, UsageError

if TYPE_CHECKING:
    from sigmoide.api.covariances import Asked
    from sigmoide.api.intervals import Method
    from sigmoide.api.result import Result
    from sigmoide.results.records import Reading


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
