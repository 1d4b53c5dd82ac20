"""The verdict of a verification."""

from __future__ import annotations

from textwrap import fill

from sigmoide.proof.certificate import Certificate
from sigmoide.report.tables import upwards
from sigmoide.results.small_sample import Checked


def render_verdict(proof: Certificate, tol: float) -> tuple[str, bool]:
    """Say what was proved of given coefficients, and whether that is what was asked."""
    if not proof.proved:
        return _wrapped(f"NOT PROVED: {proof.reason}"), False
    holds = proof.distance <= tol
    reach = upwards(proof.distance)
    lines = [
        f"proved: the optimum exists, is unique, and every coefficient is within {reach} "
        "standard errors of it"
        if holds
        else f"NOT PROVED within {tol:g}: the optimum exists, but all that is certain is that the "
        f"coefficients are within {reach} standard errors of it",
        f"delta {proof.delta:.3g} (a proof needs 0.5), log-likelihood within {upwards(proof.gap)}"
        f" of its maximum, {proof.reads} reads, {proof.method}",
    ]
    return "\n".join(_wrapped(line) for line in lines), holds


def render_check(checked: Checked, tol: float) -> tuple[str, bool]:
    """Say what was checked of an estimate that cannot be proved, and whether it is near enough."""
    holds = checked.within(tol)
    lines = [
        f"checked, not proved: {checked}"
        if holds
        else f"NOT CONFIRMED within {tol:g}: all that was found is that {checked}",
        "Firth's method has no proof: the penalised likelihood is not known to have only one "
        "maximum, and that none is higher than this one was not shown",
        f"{checked.reads} reads, float64",
    ]
    return "\n".join(_wrapped(line) for line in lines), holds


def _wrapped(line: str) -> str:
    return fill(line, 80)
