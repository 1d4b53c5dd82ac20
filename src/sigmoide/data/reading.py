"""Going through blocks: by several threads, handed on in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from sigmoide.data.threads import single_threaded_arithmetic

R = TypeVar("R")


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return the threads that reads share; starting new ones would cost as much as a small read."""
    return ThreadPoolExecutor(threads, thread_name_prefix="sigmoide")


def each(task: Callable[[int], R], count: int, threads: int) -> Iterator[R]:
    """Yield ``task(0)``, ``task(1)``, ... in order, computed by as many threads as there are.

    Parameters
    ----------
    task : callable
        From the number of a block to what is made of it.
    count : int
        Blocks.
    threads : int
        Threads over blocks; inside one, arithmetic is single-threaded.
    """
    with single_threaded_arithmetic():
        if count == 1 or threads == 1:
            for number in range(count):
                yield task(number)
            return
        pool = _pool(threads)
        # A few blocks ahead of the consumer: enough to keep busy, never all at once.
        ahead: deque[Future[R]] = deque()
        try:
            for number in range(count):
                ahead.append(pool.submit(task, number))
                if len(ahead) > 2 * threads:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            # A read that was broken off leaves nothing running.
            for future in ahead:
                future.cancel()
