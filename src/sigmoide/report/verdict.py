"""The verdict of a verification."""

from __future__ import annotations

from textwrap import fill

from sigmoide.proof.certificate import Certificate
from sigmoide.report.tables import upwards
from sigmoide.results.small_sample import Checked


def render_verdict(found: Certificate, tol: float) -> tuple[str, bool]:
    """Say what was proved of given coefficients, and whether that is what was asked."""
    if not found.proved:
        return _wrapped(f"NOT PROVED: {found.reason}"), False
    holds = found.distance <= tol
    reach = upwards(found.distance)
    lines = [
        f"proved: the optimum exists, is unique, and every coefficient is within {reach} "
        "standard errors of it"
        if holds
        else f"NOT PROVED within {tol:g}: the optimum exists, but all that is certain is that the "
        f"coefficients are within {reach} standard errors of it",
        f"delta {found.delta:.3g} (a proof needs 0.5), log-likelihood within {upwards(found.gap)}"
        f" of its maximum, {found.reads} reads, {found.method}",
    ]
    return "\n".join(_wrapped(line) for line in lines), holds


def render_check(found: Checked, tol: float) -> tuple[str, bool]:
    """Say what was checked of an estimate that cannot be proved, and whether it is near enough."""
    holds = found.within(tol)
    lines = [
        f"checked, not proved: {found}"
        if holds
        else f"NOT CONFIRMED within {tol:g}: all that was found is that {found}",
        "Firth's method has no proof: the penalised likelihood is not known to have only one "
        "maximum, and that none is higher than this one was not shown",
        f"{found.reads} reads, float64",
    ]
    return "\n".join(_wrapped(line) for line in lines), holds


def _wrapped(line: str) -> str:
    return fill(line, 80)
