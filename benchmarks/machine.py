"""What a measurement was made with: the machine, the system, the versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.rivals import RIVALS

_BELOW = ("numpy", "scipy", "numba", "pyarrow")


def machine() -> dict[str, str | int]:
    """Return processor, cache, memory and system, as far as they are told."""
    return {
        "processor": _processor(),
        "processors used": _processors(),
        "largest cache": _read("/sys/devices/system/cpu/cpu0/cache/index3/size"),
        "memory": f"{_memory() / 2**30:.0f} GiB" if _memory() else "",
        "system": f"{platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """Return the versions of Python, of ours, of what it stands on, and of the rivals."""
    from sigmoide import __version__

    found = {"python": platform.python_version(), "sigmoide": __version__}
    theirs = (rival.package for rival in RIVALS if rival.package not in found)
    for package in (*_BELOW, *dict.fromkeys(theirs)):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "absent"
    return found


def _processor() -> str:
    for line in _read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
