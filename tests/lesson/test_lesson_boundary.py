"""The boundary, cut at the edges of a frame, and the steps at which it is vertical."""

from __future__ import annotations

import numpy as np
import pytest

from sigmoide.lesson import boundary_segment
from sigmoide.lesson.boundary import sign_changes

FRAME = (0.0, 6.0, 0.0, 4.0)


@pytest.mark.parametrize(
    ("weights", "bias", "ends"),
    [
        ([1, 0], -2, [[2, 0], [2, 4]]),  # vertical
        ([0, 1], -3, [[0, 3], [6, 3]]),  # level
        ([1, 1], -5, [[1, 4], [5, 0]]),
        ([1, -1], 0, [[0, 0], [4, 4]]),  # through a corner
        ([2, -3], 0, [[0, 0], [6, 4]]),  # through two
        ([1, 0], 0, [[0, 0], [0, 4]]),  # along an edge
        ([1, 1e-300], -2, [[2, 0], [2, 4]]),  # as good as vertical
        ([1e308, 1e308], -5e307, [[0, 0.5], [0.5, 0]]),
    ],
)
def test_the_ends(weights, bias, ends):
    assert boundary_segment(weights, bias, FRAME) == pytest.approx(np.array(ends, dtype=float))
    turned = boundary_segment([-each for each in weights], -bias, FRAME)
    assert turned == pytest.approx(np.array(ends, dtype=float))


@pytest.mark.parametrize(
    ("weights", "bias"),
    [([1, 1], -50), ([1, 0], 1), ([0, 0], 1), ([0, 0], 0), ([1, 1], 0), ([np.nan, 1], 0)],
)
def test_nothing_to_draw(weights, bias):
    """Past the frame, no line at all, or a mere touch of a corner."""
    assert boundary_segment(weights, bias, FRAME) is None


def test_any_line_that_crosses_ends_on_the_frame_and_on_the_line():
    rng = np.random.default_rng(0)
    for _ in range(300):
        weights, through = rng.normal(size=2), rng.uniform([0, 0], [6, 4])
        bias = -float(weights @ through)
        ends = boundary_segment(weights, bias, FRAME)
        assert ends is not None
        assert np.abs(ends @ weights + bias).max() < 1e-12
        for x1, x2 in ends:
            assert min(abs(x1), abs(x1 - 6), abs(x2), abs(x2 - 4)) < 1e-12


def test_the_second_weight_crosses_zero_at_steps_31_and_85(lessons):
    """Issue: in the notebook's own run."""
    assert lessons["es"].further.crossings == (31, 85)
    w2 = lessons["es"].path[:, 1]
    assert w2[30] > 0 > w2[31]
    assert w2[84] < 0 < w2[85]


def test_the_notebooks_picture_is_unreadable(lessons):
    """Issue: its y goes from 47 to -229; ours stays among the points."""
    w1, w2, b = lessons["es"].path[-1]
    assert [round(-(w1 * x + b) / w2) for x in (0, 6)] == [47, -229]
    assert boundary_segment([w1, w2], b, (0, 6, -1, 8))[:, 1].tolist() == [8, -1]


def test_sign_changes():
    assert sign_changes([1, 2, -1, -2, 3]) == (2, 4)
    assert sign_changes([1, 0, 1]) == (1, 2)
    assert sign_changes([]) == ()
