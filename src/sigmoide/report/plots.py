"""The pictures: each function draws one record, on axes given or in a figure of its own."""

from __future__ import annotations

from sigmoide.report.plots_frame import Subject
from sigmoide.report.plots_model import coefficients, gap
from sigmoide.report.plots_plane import surface
from sigmoide.report.plots_scores import calibration, precision_recall, roc, scores
from sigmoide.report.plots_threshold import threshold

__all__ = [
    "Subject",
    "calibration",
    "coefficients",
    "gap",
    "precision_recall",
    "roc",
    "scores",
    "surface",
    "threshold",
]
