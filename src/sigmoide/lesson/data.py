"""The lesson's points: two clouds drawn at random, and which points are kept for the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sigmoide.design.prepare import Prepared

CLASS_CENTERS = [[1, 2], [3, 4]]
SAMPLES = 100  # of both classes together, 50 of each
FEATURES = 2
SEED = 42
PARTS = 3  # one point in three is for the test


@dataclass(frozen=True, eq=False)
class Scale:
    """How the columns were standardised: x became (x - centre) / spread.

    Attributes
    ----------
    centre, spread : ndarray, shape (2,)
        Means and standard deviations of the training points, in the columns' own units.
    """

    centre: NDArray[np.float64]
    spread: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Directions:
    """Two directions in place of many columns: the principal ones of the standardised columns.

    Attributes
    ----------
    columns : tuple of str
        The columns, d of them.
    loadings : ndarray, shape (d, 2)
        Each direction in the standardised columns, of length 1; its largest number is positive.
    shares : tuple of two float
        The share of the training points' variance that each direction holds.
    """

    columns: tuple[str, ...]
    loadings: NDArray[np.float64]
    shares: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Origin:
    """Where the learner's own points come from.

    Attributes
    ----------
    source : str
        A file's name, or "the data".
    prepared : Prepared
        The rows that are used, in their own units, what was learned of them, and what was lost.
    scale : Scale or None
        How the lesson standardised them; None if it did not.
    directions : Directions or None
        What the two columns are made of; None if they are columns of the table.
    sampled_from : int or None
        How many rows there were to draw these from; None if they are all.
    """

    source: str
    prepared: Prepared
    scale: Scale | None
    directions: Directions | None = None
    sampled_from: int | None = None


@dataclass(frozen=True, eq=False)
class LessonData:
    """The points of the lesson.

    Attributes
    ----------
    Xn : ndarray, shape (n, 2)
        The points as they were drawn, float64; the learner's own standardised if need be.
    yn : ndarray, shape (n,)
        The class of each, 0 or 1.
    in_train : ndarray, shape (n,)
        True for the points to learn from, False for those of the test.
    names : tuple of two str
        What the columns are called.
    target : str
        What the class is called.
    classes : tuple of two str
        The words for class 0 and class 1.
    rows : ndarray of int64, shape (n,)
        Where each point stands in its source; 0, 1, 2 … by default.
    origin : Origin or None
        Where the points come from, if they are the learner's own.
    """

    Xn: NDArray[np.float64]
    yn: NDArray[np.int64]
    in_train: NDArray[np.bool_]
    names: tuple[str, str] = ("x1", "x2")
    target: str = "y"
    classes: tuple[str, str] = ("0", "1")
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    origin: Origin | None = None

    @property
    def X(self) -> NDArray[np.float64]:  # noqa: N802 - the field's own name
        """The points as the lesson sees them, shape (n, 2): rounded to float32, held in float64.

        The exact fit is made on these, so that it answers the same question as the lesson.
        """
        return self.Xn.astype(np.float32).astype(np.float64)

    @property
    def turn(self) -> NDArray[np.int64]:
        """Which of three parts each point falls to, dealing the rows of the source out in turn."""
        rows = self.rows if len(self.rows) else np.arange(len(self.yn), dtype=np.int64)
        return rows % PARTS


def make_data() -> LessonData:
    """Draw the notebook's points, and put every third one aside for the test.

    Class 0 is normal around (1, 2) and class 1 around (3, 4), both with standard deviation 1
    in each direction. The draw has its own seed: it does not depend on what was drawn before.

    Returns
    -------
    LessonData
        The 100 points, the same every time.
    """
    from sklearn.datasets import make_blobs

    Xn, yn = make_blobs(
        n_samples=SAMPLES,
        centers=CLASS_CENTERS,
        cluster_std=1,
        n_features=FEATURES,
        random_state=SEED,
    )
    in_train = np.ones(SAMPLES, dtype=bool)
    in_train[::PARTS] = False
    return LessonData(Xn, yn, in_train)
