"""Two threads for everybody: said to every runtime before it is loaded."""

from __future__ import annotations

import os

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "TBB_NUM_THREADS",
)


def hold(threads: int) -> None:
    """Hold this process, and those that it starts, to so many processors and threads.

    To be called before NumPy is loaded: runtimes look once.
    """
    for name in VARIABLES:
        os.environ[name] = str(threads)
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[:threads])
