"""Scores, the ridge path, predictions and the verdict of a verification: as text and as JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtri

from sigmoide.arguments.words import printable
from sigmoide.problem import objective
from sigmoide.proof.certificate import Certificate
from sigmoide.report.tables import upwards
from sigmoide.results.predict import Predicted
from sigmoide.results.records import Model
from sigmoide.results.small_sample import Checked

if TYPE_CHECKING:
    from sigmoide.evaluation.ridge_path import RidgePath

_LABELS = {
    "n": "observations",
    "log_loss": "log loss",
    "brier": "Brier score",
    "auc": "AUC",
    "accuracy": "accuracy",
    "calibration_slope": "calibration slope",
    "calibration_intercept": "calibration intercept",
}


def render_scores(scores: dict[str, Any], model: Model, threshold: float) -> str:
    """Lay out the scores, and the confusion matrix in the target's own words."""
    lines = [f"{label:<22} {_shown(scores[key])}" for key, label in _LABELS.items()]
    target = model.target
    truth = [printable(f"{target.column} = {word}") for word in (target.other, target.event)]
    said = [printable(f"said {word}") for word in (target.other, target.event)]
    widths = [max(len(word), 9) for word in said]
    margin = max(len(word) for word in truth)
    lines += ["", f"Confusion matrix, event said where p >= {threshold:g}:", ""]
    lines.append(" " * margin + "".join(f"  {w:>{n}}" for w, n in zip(said, widths, strict=True)))
    for word, counts in zip(truth, scores["confusion"], strict=True):
        cells = "".join(f"  {c:>{n}g}" for c, n in zip(counts, widths, strict=True))
        lines.append(f"{word:<{margin}}{cells}")
    return "\n".join(lines)


def render_parts(parts: dict[str, dict[str, Any]]) -> str:
    """Lay out the scores of several parts side by side, a line each."""
    heads = ("n", "log_loss", "brier", "auc", "accuracy")
    names = ["part", *parts]
    margin = max(len(printable(name)) for name in names)
    lines = [f"{'part':<{margin}}" + "".join(f"  {_LABELS[h]:>12}" for h in heads)]
    for name, scores in parts.items():
        cells = "".join(f"  {_shown(scores[h]):>12}" for h in heads)
        lines.append(f"{printable(name):<{margin}}{cells}")
    return "\n".join(lines)


def _shown(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{round(value, 6) + 0.0:g}"


def finite(scores: dict[str, Any]) -> dict[str, Any]:
    """Return the scores as JSON's own types: None where a score is not defined."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in scores.items()
    }


def as_json(scores: dict[str, Any]) -> str:
    """Return the scores as JSON; null where a score is not defined."""
    return json.dumps(finite(scores), indent=1, allow_nan=False)


_ENDS = {
    "patience": "stopped after {patience} without a better one",
    "end": "the end of the path, {smallest:g} of its start",
    "not proved": "the next fit could not be proved",
    "stopped": "stopped from outside",
}


def render_path(path: RidgePath) -> str:
    """Lay out the penalties, a line each, and mark the one that was chosen."""
    lines = [f"{'l2':>12}  {'train log loss':>14}  {'validation':>14}  {'proved within':>13}"]
    for number, point in enumerate(path.points):
        mark = "  chosen" if number == path.best else ""
        lines.append(
            f"{point.l2:>12g}  {point.train:>14.6f}  {point.validation:>14.6f}"
            f"  {upwards(point.distance):>13}{mark}"
        )
    from sigmoide.evaluation.ridge_path import SMALLEST

    ended = _ENDS[path.ended].format(patience=path.patience, smallest=SMALLEST)
    if path.ended == "end" and path.best == len(path.points) - 1:
        ended += ": a fit without a penalty would do as well"
    lines.append(_wrapped(f"({path.reads} reads; {ended})"))
    return "\n".join(lines)


def path_entries(path: RidgePath) -> dict[str, Any]:
    """Return the path as JSON's own types."""
    return {
        "points": [
            {
                "l2": point.l2,
                "train_log_loss": point.train,
                "validation_log_loss": point.validation,
                "distance": point.distance,
            }
            for point in path.points
        ],
        "best": path.best,
        "patience": path.patience,
        "ended": path.ended,
        "reads": path.reads,
    }


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


def as_csv(parts: Iterable[Predicted], interval: bool) -> Iterator[str]:
    """Yield the text, one line a row of the data; empty where there is no prediction.

    The interval is that of eta, eta ± 1.96 standard errors, carried through the sigmoid.

    Parameters
    ----------
    parts : iterable of Predicted
        The rows, in order.
    interval : bool
        Whether to add it.
    """
    yield "probability,low,high\n" if interval else "probability\n"
    for part in parts:
        columns = [objective.sigmoid(part.eta)]
        if interval:
            reach = -float(ndtri(0.025)) * part.standard_error
            columns.append(objective.sigmoid(part.eta - reach))
            columns.append(objective.sigmoid(part.eta + reach))
        out = io.StringIO()
        # The shortest decimals that read back to the same float64.
        csv.writer(out, lineterminator="\n").writerows(
            ["" if np.isnan(v) else repr(float(v)) for v in row]
            for row in zip(*columns, strict=True)
        )
        yield out.getvalue()


def json_number(value: float) -> float | str | None:
    """Return a number as JSON can have it: none where it is undefined, a word where infinite."""
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else f"{'-' if value < 0 else ''}Infinity"
