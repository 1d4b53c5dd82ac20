"""Marks the numeric tests."""

from __future__ import annotations

import pytest

from support.numeric import NUMERIC


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in NUMERIC:
            item.add_marker("numeric")
