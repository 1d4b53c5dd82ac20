"""Threads: over blocks, never inside one; what they find is handed on in order, or added up."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any, Generic, TypeVar

# Both bring a BLAS of their own: loaded before the controller looks, so that it sees them both.
import numpy as np  # noqa: F401
import scipy.linalg  # noqa: F401
from threadpoolctl import ThreadpoolController

from sigmoide.blocks.block import Addable, tree_sum

R = TypeVar("R")
T = TypeVar("T", bound=Addable)


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
    libraries = (lib for lib in _controller().info() if lib["user_api"] == "blas")
    return tuple(sorted({f"{lib['internal_api']} {lib.get('architecture')}" for lib in libraries}))


def default_threads() -> int:
    """Return the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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


def added(task: Callable[[int], T], count: int, threads: int) -> T:
    """Return the sum of ``task(0)``, ``task(1)``, ..., in the tree of ``tree_sum``.

    Nothing is handed from thread to thread, which takes as long as reading a block from memory:
    each takes the next number when it is done with one, this thread too, and adds up what it finds
    to be neighbours. Few more results are held than there are threads and levels of the tree.

    Parameters
    ----------
    task, count, threads
        As in :func:`each`.
    """
    with single_threaded_arithmetic():
        if count == 1 or threads == 1:
            return tree_sum(map(task, range(count)))
        tree = _Tree(task, count)
        helpers: list[Future[None]] = []
        try:
            for _ in range(min(threads, count) - 1):
                helpers.append(_pool(threads).submit(tree.grow))
            tree.grow()
        finally:
            # Whatever happened, nothing is left running.
            tree.stop()
            running = [helper for helper in helpers if not helper.cancel()]
            wait(running)
        for helper in running:
            helper.result()
        return tree.total()


class _Tree(Generic[T]):
    """Sums of runs of 2^level blocks, each at its place in that level."""

    def __init__(self, task: Callable[[int], T], count: int) -> None:
        self._task, self._numbers = task, iter(range(count))
        self._sums: dict[tuple[int, int], T] = {}
        self._lock = Lock()

    def stop(self) -> None:
        """Let no other block be begun."""
        with self._lock:
            self._numbers = iter(range(0))

    def grow(self) -> None:
        """Take blocks until there is none."""
        try:
            while (number := self._next()) is not None:
                self._put(number, self._task(number))
        except BaseException:
            self.stop()
            raise

    def _next(self) -> int | None:
        with self._lock:
            return next(self._numbers, None)

    def _put(self, place: int, total: T) -> None:
        """Add a sum to its neighbour's, and that to its neighbour's, as far as they are there."""
        level = 0
        while True:
            with self._lock:
                neighbour = self._sums.pop((level, place ^ 1), None)
                if neighbour is None:
                    self._sums[level, place] = total
                    return
            total = total + neighbour if place % 2 == 0 else neighbour + total
            level, place = level + 1, place // 2

    def total(self) -> T:
        """Add what is left, of which the lower levels come last."""
        rest = [self._sums[at] for at in sorted(self._sums)]
        total = rest[0]
        for before in rest[1:]:
            total = before + total
        return total
