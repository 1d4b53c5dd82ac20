"""The names of the files that are written into folders: known before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable

FORMATS = ("svg", "png")

# Of pictures, without their endings. Those of a fit are drawn where there is something to draw.
EVALUATION_PICTURES = ("roc", "precision_recall", "calibration", "threshold", "scores")
FIT_PICTURES = ("coefficients", "odds_ratios", "gap", "surface", *EVALUATION_PICTURES)
# In the order in which the lesson speaks of them.
LESSON_PICTURES = (
    "boundary",
    "loss",
    "way",
    "learning-rates",
    "float32",
    "newton",
    "early-stopping",
    "mini-batches",
    "finite-loss",
    "boundaries",
    "ranking",
)
LESSON_FILES = ("lesson.txt", "data.csv", "trajectory.csv")


def picture_files(names: Iterable[str], formats: Iterable[str] = FORMATS) -> tuple[str, ...]:
    """Return the names of the files that pictures are kept in."""
    return tuple(f"{name}.{form}" for name in names for form in formats)
