"""The pictures: each function draws one record, on axes given or in a figure of its own."""

from __future__ import annotations

from sigmoide.pictures.frame import Subject
from sigmoide.pictures.model import coefficients, gap
from sigmoide.pictures.plane import surface
from sigmoide.pictures.scores import calibration, precision_recall, roc, scores
from sigmoide.pictures.threshold import threshold

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
