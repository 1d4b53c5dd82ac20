"""What came out of a lesson, with every number at full precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.lesson.data import LessonData
from sigmoide.lesson.optimum import CoefficientDistance, Optimum

TRAJECTORY_COLUMNS = ("step", "w1", "w2", "b", "train_loss_f32", "test_loss_f32", "test_correct")


@dataclass(frozen=True, eq=False)
class LessonRecord:
    """One walk through the lesson.

    Attributes
    ----------
    lang : str
        The language of the prose, "es" or "en".
    device : str
        Where it ran: "cpu" or "cuda:0".
    data : LessonData
        The points.
    weights : ndarray, shape (2,)
        The weights learned, float32.
    bias : float
        The bias learned.
    train_loss : float
        What ``train`` returns: the loss of the last predictions, one update old.
    test_loss : float
        The cross-entropy on the 34 test points, at the weights learned.
    accuracy : float
        The percentage of test points classified rightly.
    trajectory : ndarray, shape (steps + 1, 7)
        Columns ``TRAJECTORY_COLUMNS``. Row i holds the parameters after i updates, and the
        losses and right answers of those same parameters.
    optimum : Optimum
        The exact fit of the same training points.
    optimum_correct : int
        How many test points the optimum classifies rightly.
    distances : tuple of CoefficientDistance
        From the lesson to the optimum: w1, w2 and b.
    transcript : str
        All that was printed.
    """

    lang: str
    device: str
    data: LessonData
    weights: NDArray[np.float32]
    bias: float
    train_loss: float
    test_loss: float
    accuracy: float
    trajectory: NDArray[np.float64]
    optimum: Optimum
    optimum_correct: int
    distances: tuple[CoefficientDistance, ...]
    transcript: str

    @property
    def final_train_loss(self) -> float:
        """The training loss at the weights learned, after the last update."""
        return float(self.trajectory[-1, TRAJECTORY_COLUMNS.index("train_loss_f32")])
