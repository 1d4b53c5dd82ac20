"""A process for each quantity, whose memory is sampled from outside while it is computed."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.inference_memory.quantities import Data, draw, load, named
from benchmarks.watch import give_back, own_bytes, peak_until

# Enough for the compiled code to be asked for, as the quantity itself will ask.
_WARMING_ROWS = 100_000


@dataclass(slots=True)
class Measured:
    """What one quantity took.

    Attributes
    ----------
    quantity : str
        Its name.
    before : int
        Anonymous memory of the process just before, in bytes: libraries, data, an earlier fit.
    peak : int
        The largest while it was computed, in bytes.
    seconds : float
        Of it alone.
    reads : int
        Of the data, by it alone.
    remark : str
        Why there is nothing; empty if there is.
    """

    quantity: str
    before: int = 0
    peak: int = 0
    seconds: float = 0.0
    reads: int = 0
    remark: str = ""

    @property
    def beyond(self) -> int:
        """Bytes beyond what there was."""
        return self.peak - self.before


def measure(name: str, folder: Path) -> Measured:
    """Compute a quantity of the data in a folder in a process of its own, and watch that.

    Parameters
    ----------
    name : str
        The quantity.
    folder : Path
        Where :meth:`benchmarks.inference_memory.quantities.Data.save` put them.
    """
    command = [sys.executable, "-m", "benchmarks.inference_memory", "--quantity", name]
    process = subprocess.Popen(  # noqa: S603
        [*command, "--folder", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    told = process.stdout
    found = Measured(name)
    with process:
        if told.readline() != "ready\n":
            found.remark = f"the process ended with code {process.wait()} before it was asked"
            return found
        before = own_bytes(process.pid)
        process.stdin.write("go\n")
        process.stdin.flush()
        peak = peak_until(process.pid, lambda pause: _told(told, pause))
        line = told.readline()
        process.stdin.close()
    if not line or before is None or peak is None:
        found.remark = f"the process ended with code {process.returncode}"
        return found
    said = json.loads(line)
    found.before, found.peak = before, max(before, peak)
    found.seconds, found.reads = float(said["seconds"]), int(said["reads"])
    return found


def answer(name: str, folder: Path) -> None:
    """Be that process: load, warm up, say so, wait, compute, tell."""
    import numpy as np

    quantity, data = named(name), load(folder)
    rows = min(_WARMING_ROWS, len(data.y))
    small = draw(np.random.default_rng(0), rows, data.X.shape[1])
    quantity.ask(small, small.blocks, quantity.before(small.blocks))
    del small
    blocks = data.blocks
    ready = quantity.before(blocks)
    give_back()
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(_timed(name, data, ready)), flush=True)
    # Sampled until the answer was read: what an ending process gives back is no measurement.
    sys.stdin.readline()


def _timed(name: str, data: Data, ready: object) -> dict[str, float]:
    blocks = data.blocks
    began = time.perf_counter()
    named(name).ask(data, blocks, ready)
    return {"seconds": time.perf_counter() - began, "reads": blocks.reads}


def _told(stream: IO[str], pause: float) -> bool:
    return bool(select.select([stream], [], [], pause)[0])
