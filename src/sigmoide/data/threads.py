"""Threads: over blocks, never inside one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

# Both bring a BLAS of their own: loaded before the controller looks, so that it sees them both.
import numpy as np  # noqa: F401
import scipy.linalg  # noqa: F401
from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def single_threaded_arithmetic() -> Iterator[None]:
    """Hold BLAS to one thread, so that its bits do not depend on the machine's load."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


def default_threads() -> int:
    """Return the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
