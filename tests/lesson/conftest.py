from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from sigmoide.lesson import further, handmade, run_lesson, write_page
from sigmoide.lesson.data import LessonData
from sigmoide.lesson.optimum import Optimum
from sigmoide.lesson.record import LessonRecord
from sigmoide.lesson.way import Way, find_way
from support.browser import chromium, contexts, open_page  # noqa: F401 - fixtures

_WAYS: dict[tuple[object, ...], Way] = {}


@pytest.fixture(scope="session")
def reference() -> Path:
    """What the notebook printed, and the path its weights took, on another machine."""
    return Path(__file__).parents[1] / "lesson_reference"


@contextlib.contextmanager
def on_the_cpu() -> Iterator[None]:
    """Run as the reference was made, on a CPU, and leave torch as it was.

    Where there is a GPU, "Usando cuda:0" is right too.
    """
    deterministic = torch.are_deterministic_algorithms_enabled()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handmade, "device", "cpu")
        patch.setattr(further, "find_way", _way_once)
        yield
    torch.use_deterministic_algorithms(deterministic)


def _way_once(data: LessonData, start: NDArray[np.float64], optimum: Optimum, rate: float) -> Way:
    """Do not go the long way to an optimum again: it is the same every time."""
    arrays = (data.X, data.yn, data.in_train, start, optimum.weights, optimum.standard_errors)
    key = (*(each.tobytes() for each in arrays), optimum.bias, rate)
    if key not in _WAYS:
        _WAYS[key] = find_way(data, start, optimum, rate)
    return _WAYS[key]


@pytest.fixture(autouse=True)
def _on_the_cpu() -> Iterator[None]:
    with on_the_cpu():
        yield


@pytest.fixture(scope="session")
def lessons() -> dict[str, LessonRecord]:
    """The lesson in both languages."""
    with on_the_cpu():
        return {lang: run_lesson(lang, write=lambda line: None) for lang in ("es", "en")}


@pytest.fixture(scope="session")
def page_file(lessons: dict[str, LessonRecord], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the notebook's points, which opens in Spanish."""
    return write_page(lessons["es"], tmp_path_factory.mktemp("page") / "lesson.html")
