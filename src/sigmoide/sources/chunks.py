"""Rows in chunks of a fixed size, whatever the sizes they arrive in, and decoded ahead of use."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar

import pyarrow as pa

T = TypeVar("T")

# How often a thread looks whether anybody still waits for it.
_SECONDS = 0.1


def exact(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Yield tables of exactly so many rows, and a shorter last one; of no rows, nothing.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        All of one schema, but for the dictionaries of categories.
    rows : int
        Rows wanted.
    """
    waiting: list[Any] = []
    count = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, rows - count)
            waiting.append(part)
            count += part.num_rows
            start += part.num_rows
            if count == rows:
                yield pa.Table.from_batches(waiting)
                waiting, count = [], 0
    if count:
        yield pa.Table.from_batches(waiting)


def ahead(items: Iterable[T], depth: int) -> Generator[T, None, None]:
    """Yield the items, made by a thread that is so many ahead at most.

    What goes wrong there is raised here. Whoever stops early stops the thread.
    """
    ready: Queue[tuple[T | None, BaseException | None, bool]] = Queue(depth)
    stop = Event()

    def put(entry: tuple[T | None, BaseException | None, bool]) -> bool:
        while not stop.is_set():
            try:
                ready.put(entry, timeout=_SECONDS)
            except Full:
                continue
            return True
        return False

    def make() -> None:
        source = iter(items)
        try:
            for item in source:
                if not put((item, None, False)):
                    break
            else:
                put((None, None, True))
        except BaseException as error:  # raised where the items are used
            put((None, error, True))
        finally:
            if isinstance(source, Generator):
                source.close()

    thread = Thread(target=make, name="sigmoide-decode", daemon=True)
    thread.start()
    try:
        while True:
            item, error, last = ready.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]
            # Not held while the next one is waited for.
            item = None
    finally:
        stop.set()
        while thread.is_alive():
            try:
                ready.get_nowait()
            except Empty:
                thread.join(_SECONDS)
