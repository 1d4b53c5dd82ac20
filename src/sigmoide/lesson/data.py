"""The lesson's points: two clouds drawn at random, and which points are kept for the test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASS_CENTERS = [[1, 2], [3, 4]]
SAMPLES = 100  # of both classes together, 50 of each
FEATURES = 2
SEED = 42


@dataclass(frozen=True, eq=False)
class LessonData:
    """The points of the lesson.

    Attributes
    ----------
    Xn : ndarray, shape (100, 2)
        The points as they were drawn, float64.
    yn : ndarray, shape (100,)
        The class of each, 0 or 1.
    in_train : ndarray, shape (100,)
        True for the 66 points to learn from, False for the 34 of the test.
    """

    Xn: NDArray[np.float64]
    yn: NDArray[np.int64]
    in_train: NDArray[np.bool_]

    @property
    def X(self) -> NDArray[np.float64]:  # noqa: N802 - the field's own name
        """The points as the lesson sees them, shape (100, 2): rounded to float32, held in float64.

        The exact fit is made on these, so that it answers the same question as the lesson.
        """
        return self.Xn.astype(np.float32).astype(np.float64)


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
    in_train[::3] = False
    return LessonData(Xn, yn, in_train)
