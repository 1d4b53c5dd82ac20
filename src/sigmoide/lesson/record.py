"""What came out of a lesson, with every number at full precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sigmoide.api.result import Result
from sigmoide.lesson.data import LessonData
from sigmoide.lesson.finite import FiniteLoss
from sigmoide.lesson.minibatches import MiniBatches
from sigmoide.lesson.optimum import CoefficientDistance, NoOptimum, Optimum
from sigmoide.lesson.ranking import Ranking
from sigmoide.lesson.subsets import EarlyStopping
from sigmoide.lesson.way import Way

TRAJECTORY_COLUMNS = ("step", "w1", "w2", "b", "train_loss_f32", "test_loss_f32", "test_correct")


@dataclass(frozen=True, eq=False)
class Further:
    """What the lesson does where the notebook stops.

    Attributes
    ----------
    way : Way or None
        The way to the optimum; None if there is none, or none that is proved.
    stopping : EarlyStopping or None
        Training with validation, stopped in time; None if the points are too few for it.
    batches : MiniBatches
        Training in mini-batches.
    finite : FiniteLoss
        The notebook's loss and the one that stays finite.
    crossings : tuple of int
        The steps at which the second weight has changed its sign: the boundary was vertical
        just before.
    ranking : Ranking
        Right answers and right order, on the test points.
    model : Result
        The weights learned, as a model of the library.
    best_model : Result or None
        The optimum, as a model of the library.
    """

    way: Way | None
    stopping: EarlyStopping | None
    batches: MiniBatches
    finite: FiniteLoss
    crossings: tuple[int, ...]
    ranking: Ranking
    model: Result
    best_model: Result | None


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
        The cross-entropy on the test points, at the weights learned.
    accuracy : float
        The percentage of test points classified rightly.
    trajectory : ndarray, shape (steps + 1, 7)
        Columns ``TRAJECTORY_COLUMNS``. Row i holds the parameters after i updates, and the
        losses and right answers of those same parameters.
    optimum : Optimum or NoOptimum
        The exact fit of the same training points, or why there is none.
    optimum_correct : int or None
        How many test points the optimum classifies rightly.
    distances : tuple of CoefficientDistance
        From the lesson to the optimum: w1, w2 and b; empty if there is none.
    further : Further
        The second half.
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
    optimum: Optimum | NoOptimum
    optimum_correct: int | None
    distances: tuple[CoefficientDistance, ...]
    further: Further
    transcript: str

    @property
    def final_train_loss(self) -> float:
        """The training loss at the weights learned, after the last update."""
        return float(self.trajectory[-1, TRAJECTORY_COLUMNS.index("train_loss_f32")])

    @property
    def path(self) -> NDArray[np.float64]:
        """The parameters after each update, shape (steps + 1, 3): w1, w2 and b."""
        return self.trajectory[:, 1:4]
