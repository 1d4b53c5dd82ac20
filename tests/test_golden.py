"""The digests by which a move of the code is held to the same bits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from support.golden import cases, differences, digest, digests, untimed


def test_there_are_many_cases_each_of_its_own_name():
    names = [name for name, _ in cases()]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, np.nextafter(2.0, 3.0)])),
        (np.array([1.0]), np.array([1.0], dtype=np.float32)),
        (0.0, -0.0),
        ([1.0, 2.0], [2.0, 1.0]),
        ({"a": 1}, {"b": 1}),
        (pd.Series([1.0], index=["a"]), pd.Series([1.0], index=["b"])),
        ("proved", "undetermined"),
    ],
)
def test_what_differs_in_a_bit_has_another_digest(one, other):
    assert digest(one) == digest(one)
    assert digest(one) != digest(other)


def test_the_same_fits_have_the_same_digests_and_a_change_is_named():
    before = digests("estimator tiny")
    assert len(before) == 2
    assert differences(before, digests("estimator tiny")) == []
    before["estimator tiny, 1"]["coef"] = "another"
    assert differences(before, digests("estimator tiny")) == ["estimator tiny, 1: coef"]
    assert differences(before, {}) != []


def test_times_are_no_part_of_a_text():
    assert untimed("5 reads, 0.12 s") == untimed("5 reads, 3 s") != untimed("6 reads, 3 s")
