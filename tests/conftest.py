"""Marks the numeric tests, gives workers their share of the processors, and hypothesis time."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from support.numeric import NUMERIC

# No test asserts a time, not even of one example on a busy machine.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Workers that each sum in as many threads as there are processors wait for one another. Numpy's and
# torch's libraries read this when they are imported; the package has threads of its own.
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0"))
if _WORKERS > 1:
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // _WORKERS)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in NUMERIC:
            item.add_marker("numeric")
