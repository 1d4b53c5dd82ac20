"""The points: drawn as the notebook draws them, and held as the lesson sees them."""

from __future__ import annotations

import numpy as np

from sigmoide.lesson.data import make_data


def test_the_notebooks_points():
    data = make_data()
    assert data.Xn.shape == (100, 2)
    np.testing.assert_allclose(data.Xn[0], [3.47323762, 3.92717109], atol=5e-9)
    assert data.yn[:3].tolist() == [1, 0, 1]
    assert np.bincount(data.yn).tolist() == [50, 50]


def test_every_third_point_from_the_first_is_for_the_test():
    in_train = make_data().in_train
    assert in_train[:7].tolist() == [False, True, True, False, True, True, False]
    assert in_train.sum() == 66


def test_the_lesson_sees_float32_points_in_float64():
    data = make_data()
    assert data.X.dtype == np.float64
    assert np.array_equal(data.X, data.Xn.astype(np.float32))
    assert not np.array_equal(data.X, data.Xn)
