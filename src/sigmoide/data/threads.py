"""Threads: over blocks, never inside one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

# Both bring a BLAS of their own: loaded before the controller looks, so that it sees them both.
import numpy as np  # noqa: F401
import scipy.linalg  # noqa: F401
from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


class _Hold:
    """How many hold BLAS to one thread, and what the first of them changed.

    The limit is the process's: whoever leaves last lifts it, so that a fit in another thread keeps
    its bits; and inside one fit only the first hold costs anything.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._holders = 0
        self._limit: Any = None

    def take(self) -> None:
        with self._lock:
            if not self._holders:
                self._limit = _controller().limit(limits=1, user_api="blas")
            self._holders += 1

    def leave(self) -> None:
        with self._lock:
            self._holders -= 1
            if not self._holders:
                self._limit.restore_original_limits()


_hold = _Hold()


@contextmanager
def single_threaded_arithmetic() -> Iterator[None]:
    """Hold BLAS to one thread, so that its bits do not depend on the machine's load."""
    _hold.take()
    try:
        yield
    finally:
        _hold.leave()


def blas_kernels() -> tuple[str, ...]:
    """Return which kernels the BLAS libraries have chosen for this processor."""
    found = (lib for lib in _controller().info() if lib["user_api"] == "blas")
    return tuple(sorted({f"{lib['internal_api']} {lib.get('architecture')}" for lib in found}))


def default_threads() -> int:
    """Return the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
