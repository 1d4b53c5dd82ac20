"""Memory of a process as the system counts it: the pages that are its own (RssAnon)."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MEGABYTE = 1_000_000


def own_bytes(pid: int) -> int | None:
    """Return the anonymous memory of a process; None where it is gone, or the system is not Linux.

    Files that are mapped (libraries, memory-mapped data) are not counted.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return None


def peak_until(pid: int, over: Callable[[float], bool], pause: float = 0.001) -> int | None:
    """Return the largest anonymous memory seen of a process, sampled until something is over.

    Parameters
    ----------
    pid : int
        The process.
    over : callable
        Waits so many seconds at most; says whether it is over.
    pause : float
        Seconds between samples.
    """
    most = own_bytes(pid)
    while not over(pause):
        now = own_bytes(pid)
        if now is not None:
            most = max(most or 0, now)
    return most


def give_back() -> None:
    """Return freed memory to the system, so that it does not hide what is taken next."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    # The counters of the kernel lag a little.
    time.sleep(0.01)
