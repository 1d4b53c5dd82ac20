"""The record of a method for small samples, in the model file."""

from __future__ import annotations

from typing import Any

import numpy as np

from sigmoide.modelfile.certificate_json import certificate, number, numbers, read_certificate
from sigmoide.modelfile.entries import Entry
from sigmoide.results.records import Settings
from sigmoide.results.small_sample import Convergence, SmallSample


def small_sample(record: SmallSample) -> dict[str, Any]:
    """Return the record as JSON's own types; the method is among the settings."""
    near = record.convergence
    return {
        "convergence": {
            "status": near.status,
            "decrement": number(near.decrement),
            "score": number(near.score),
            "steps": near.steps,
            "maximum": near.maximum,
        },
        "intercept_at_centre": number(record.intercept),
        "coefficients": numbers(record.coef),
        "penalised_loglik": number(record.penalised_loglik),
        "null_penalised_loglik": number(record.null_penalised_loglik),
        "alpha": record.alpha,
        "intervals": [numbers(ends) for ends in record.intervals],
        "statistics": numbers(record.statistics),
        "p": numbers(record.p),
        "overall": number(record.overall),
        "overall_p": number(record.overall_p),
        "mark": number(record.mark),
        "correction": None if record.correction is None else certificate(record.correction),
    }


def read_small_sample(entry: Entry, settings: Settings, p: int, k: int) -> SmallSample:
    """Return the record of a fit of p coefficients, k of them slopes."""
    if settings.method == "ml":
        raise entry.wrong("it is of a method that the settings do not have")
    near = entry["convergence"]
    rows = entry["intervals"].each()
    if len(rows) != p:
        raise entry["intervals"].wrong(f"{p} intervals are needed, not {len(rows)}")
    intervals = np.array([row.numbers(2, finite=False) for row in rows]).reshape(p, 2)
    if (intervals[:, 0] > intervals[:, 1]).any():
        raise entry["intervals"].wrong("an interval ends before it begins")
    statistics = entry["statistics"].numbers(p, finite=False)
    chances = entry["p"].numbers(p, finite=False)
    if (statistics < 0.0).any():
        raise entry["statistics"].wrong("a statistic is zero or more")
    if ((chances < 0.0) | (chances > 1.0)).any():
        raise entry["p"].wrong("a p-value is from 0 to 1")
    alpha, overall_p = entry["alpha"].number(), entry["overall_p"].number(finite=False)
    if not 0.0 < alpha < 1.0:
        raise entry["alpha"].wrong("a number between 0 and 1 is needed")
    if overall_p > 1.0 or overall_p < 0.0:
        raise entry["overall_p"].wrong("a p-value is from 0 to 1")
    return SmallSample(
        settings.method,
        Convergence(
            near["status"].choice("converged", "stalled", "limit"),
            near["decrement"].bound(),
            near["score"].bound(),
            near["steps"].count(),
            near["maximum"].optional(Entry.flag),
        ),
        entry["intercept_at_centre"].number(),
        entry["coefficients"].numbers(k),
        entry["penalised_loglik"].number(),
        entry["null_penalised_loglik"].number(finite=False),
        alpha,
        intervals,
        statistics,
        chances,
        entry["overall"].bound(),
        overall_p,
        entry["correction"].optional(read_certificate),
        entry["mark"].number(),
    )
