"""One timed run."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Runs shorter than this are repeated within one sample, warm, until it is reached.
_SHORT = 0.01
_MOST_CALLS = 20


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds of one call, and what it returned.

    Before it there is a pause, in which threads that the run before has left spinning go to sleep.
    A short call counts as a warm one: the first is not timed, then several are, and shared out.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        time.sleep(0.01)
        seconds, result = _clocked(call, 1)
        if seconds < _SHORT:
            calls = min(math.ceil(_SHORT / max(seconds, 1e-9)), _MOST_CALLS)
            seconds, result = _clocked(call, calls)
        else:
            # OpenBLAS's threads spin for some 30 ms.
            time.sleep(0.03)
    finally:
        if was_on:
            gc.enable()
    return seconds, result


def _clocked(call: Callable[[], T], calls: int) -> tuple[float, T]:
    began = time.perf_counter()
    for _ in range(calls):
        result = call()
    return (time.perf_counter() - began) / calls, result
