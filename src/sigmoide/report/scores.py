"""Scores as text and as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

from sigmoide.arguments.words import printable
from sigmoide.results.records import Model

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
    lines = []
    for key, label in _LABELS.items():
        lines.append(f"{label:<22} {_shown(scores[key])}")
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
