"""The choice of tests and of a kernel for ``make kernels``."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import blas
from support.numeric import NUMERIC

HERE = Path(__file__).parent


def test_every_numeric_file_is_there_and_marked(request):
    assert {path.stem for path in HERE.rglob("test_*.py")} >= NUMERIC
    for item in request.session.items:
        assert (item.get_closest_marker("numeric") is not None) == (item.path.stem in NUMERIC)


@pytest.mark.parametrize(
    ("now", "able", "other"),
    [
        ({"SkylakeX"}, {"avx", "avx2", "avx512f"}, "Haswell"),
        ({"Zen"}, {"avx", "avx2"}, "Sandybridge"),
        ({"Haswell"}, {"avx", "avx2"}, "Sandybridge"),
        ({"Zen", "Haswell"}, {"avx", "avx2"}, "Sandybridge"),
        ({"Sandybridge"}, {"avx"}, None),
        ({"Nehalem"}, {"sse4_2"}, None),
        ({"neoversen1"}, set(), None),
        (set(), {"avx", "avx2"}, "Haswell"),
    ],
)
def test_another_kernel_is_one_that_rounds_in_another_way(now, able, other):
    assert blas.another(now, able) == other


def test_the_kernel_that_is_chosen_is_the_one_that_runs():
    chosen = blas.another(blas.in_force(), blas.flags())
    assert chosen is None or blas.in_force(chosen) <= {chosen}
