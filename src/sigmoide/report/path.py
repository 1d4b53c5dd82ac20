"""The ridge path as text and as JSON's own types."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from sigmoide.evaluation.ridge_path import SMALLEST, RidgePath
from sigmoide.report.tables import upwards

_ENDS = {
    "patience": "stopped after {patience} without a better one",
    "end": f"the end of the path, {SMALLEST:g} of its start",
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
    ended = _ENDS[path.ended].format(patience=path.patience)
    if path.ended == "end" and path.best == len(path.points) - 1:
        ended += ": a fit without a penalty would do as well"
    lines.append(fill(f"({path.reads} reads; {ended})", 80))
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
