"""Marks the numeric tests; has hypothesis wait as long as an example takes."""

from __future__ import annotations

import pytest
from hypothesis import settings

from support.numeric import NUMERIC

# No test asserts a time, not even of one example on a busy machine.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in NUMERIC:
            item.add_marker("numeric")
