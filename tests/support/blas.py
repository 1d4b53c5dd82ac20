"""Which kernel of OpenBLAS is in force, and another one that this processor can run.

``python -m support.blas`` prints the other one, or nothing where there is none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# From a kernel to the flag of the processor that it needs, and to those whose sums are as its own.
OTHERS = (("Haswell", "avx2", {"Haswell", "Zen"}), ("Sandybridge", "avx", {"Sandybridge"}))

_ASK = (
    "import numpy, scipy.linalg, threadpoolctl\n"
    "print(*{i.get('architecture') for i in threadpoolctl.threadpool_info()} - {None})"
)


def in_force(chosen: str | None = None) -> set[str]:
    """Return the kernels of a new process: of numpy's BLAS and of scipy's."""
    environment = dict(os.environ)
    if chosen is not None:
        environment["OPENBLAS_CORETYPE"] = chosen
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def flags() -> set[str]:
    """Return what the processor can do, as Linux names it."""
    cpus = Path("/proc/cpuinfo")
    text = cpus.read_text(encoding="utf-8", errors="replace") if cpus.exists() else ""
    lines = [line for line in text.splitlines() if line.startswith("flags")]
    return set(lines[0].split()) if lines else set()


def another(now: set[str], able: set[str]) -> str | None:
    """Return a kernel that is none of these and that the processor is able to run."""
    for name, flag, alike in OTHERS:
        if flag in able and not alike & now:
            return name
    return None


if __name__ == "__main__":
    now = in_force()
    other = another(now, flags())
    said = ", ".join(sorted(now)) or "no OpenBLAS"
    if other is None or in_force(other) != {other}:
        print(
            f"numeric tests: {said}, and no other kernel of BLAS to run them with", file=sys.stderr
        )
    else:
        print(f"numeric tests: {said} before, {other} now", file=sys.stderr)
        print(other)
