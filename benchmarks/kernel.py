"""The kernel's bandwidth: value and gradient of all rows, beside a plain read of the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.families import dense
from benchmarks.reader import read
from benchmarks.records import Problem
from benchmarks.results import KernelResult
from benchmarks.seeds import generator
from benchmarks.timing import timed

COLUMNS = (10, 30, 100, 500, 2000)
DTYPES = ("float32", "float64")
# More than the caches of most machines hold.
_BYTES = 400_000_000


def measure(
    seed: int, threads: int, repeats: int, columns: int, dtype: str, size: int = _BYTES
) -> KernelResult:
    """Measure one shape: reads and kernel alternate.

    Parameters
    ----------
    seed : int
        Of the data.
    threads : int
        Threads for both.
    repeats : int
        Pairs.
    columns : int
        Of X; as many rows as make up ``size`` bytes.
    dtype : {"float32", "float64"}
        Of X.
    size : int
        Bytes of X.
    """
    rows = size // (columns * np.dtype(dtype).itemsize)
    rng = generator(seed, f"kernel-{columns}-{dtype}")
    problem = Problem(*dense(rng, rows, columns, dtype), 1.0)
    kernel = one_read(problem, threads)
    with ThreadPoolExecutor(threads) as pool:
        kernel()
        read(problem.X, pool, threads)
        pairs = [
            (timed(kernel)[0], timed(lambda: read(problem.X, pool, threads))[0])
            for _ in range(repeats)
        ]
    return KernelResult(
        dtype, rows, columns, problem.X.nbytes, [k for k, _ in pairs], [r for _, r in pairs]
    )


def one_read(problem: Problem, threads: int) -> Callable[[], float]:
    """Return what the solver does once a step: one read of X for value and gradient."""
    from sigmoide.blocks.blocks import array_blocks
    from sigmoide.problem.blockwise import BlockProblem, moments_kernel
    from sigmoide.problem.frame import frame_of

    n, d = problem.X.shape
    blocks = array_blocks(
        problem.X,
        problem.y.astype(np.float64),
        np.ones(n),
        np.zeros(n),
        tuple(f"x{j}" for j in range(d)),
        threads=threads,
    )
    frame = frame_of(blocks.reduce(moments_kernel(blocks, True)), True)
    asked = BlockProblem(blocks, frame, frame.penalty(np.full(d, problem.alpha)))
    theta = np.random.default_rng(0).normal(0.0, 0.1, frame.size)
    return lambda: asked.slope(theta).value
