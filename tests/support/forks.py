"""Calls that may crash, each in a process of its own that the test survives.

The processes are forks of one that has imported everything and run nothing: they start at once,
and what one of them breaks is gone with it. ``fresh`` asks for an interpreter of its own instead,
which no import of before can have helped.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from threading import Lock
from typing import Any

import sigmoide

# An address space for each call beyond what the server has, and seconds.
_ROOM = 4 << 30
_PATIENCE = 60.0
# To start a process polls all others; one that another thread polls too loses its exit code (255).
_STARTING = Lock()
# One in so many calls of a sweep is made in a fresh interpreter.
FRESH_EACH = 50


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended.

    Attributes
    ----------
    code : int
        Its exit code; below 0 the signal that ended it, 0 if it returned.
    value : object
        What it returned; None if it did not.
    stdout, stderr : str
        What it printed, with undecodable bytes escaped.
    """

    code: int
    value: Any
    stdout: str
    stderr: str

    @property
    def crashed(self) -> bool:
        """Whether a signal ended it, or a traceback."""
        return self.code < 0 or "Traceback (most recent call last)" in self.stderr


def modules() -> list[str]:
    """Return the modules of the package that can be imported where there is no torch."""
    every = pkgutil.walk_packages(sigmoide.__path__, "sigmoide.")
    return [m.name for m in every if "lesson" not in m.name and not m.name.endswith("__main__")]


def _context(fresh: bool) -> Any:
    if fresh:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # Only heard before the server starts, and the same afterwards.
    context.set_forkserver_preload([*modules(), "support.forks", "scipy.optimize", "pandas"])
    return context


def call(
    function: Callable[..., Any],
    *arguments: Any,
    fresh: bool = False,
    room: int = _ROOM,
    patience: float = _PATIENCE,
) -> Ended:
    """Call a function of a module in a process of its own.

    Parameters
    ----------
    function, arguments
        What is called; a function at the top of a module, arguments and value that can be pickled.
    fresh : bool
        Whether in a new interpreter instead of a fork.
    room : int
        Bytes of address space beyond what the process has when it starts.
    patience : float
        Seconds after which it is killed (signal 9).
    """
    context = _context(fresh)
    with tempfile.TemporaryDirectory(prefix="forked-") as folder:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=_run, args=(function, arguments, room, folder, theirs), daemon=True
        )
        with _STARTING:
            process.start()
        theirs.close()
        value = None
        try:
            if ours.poll(patience):
                value = ours.recv()
        except EOFError:
            pass
        ended = wait([process.sentinel], 1.0 if value is None else patience)
        with _STARTING:
            process.join(1.0 if ended else 0.0)
            if process.is_alive():
                process.kill()
                process.join()
            code = process.exitcode
            process.close()
        ours.close()
        said = [_text(Path(folder) / name) for name in ("stdout", "stderr")]
        return Ended(code, None if value is None else value[0], *said)


def calls(
    function: Callable[..., Any], each: Iterable[Sequence[Any]], **limits: Any
) -> Iterator[Ended]:
    """Call a function with each of these arguments, two at a time, one in fifty freshly."""
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(
            lambda item: call(function, *item[1], fresh=item[0] % FRESH_EACH == 7, **limits),
            enumerate(each),
        )


def command(*arguments: object) -> None:
    """Run a command of the program in this process, and end it."""
    from sigmoide.cli import main

    main([os.fsdecode(os.fspath(a)) if isinstance(a, Path) else str(a) for a in arguments])


def _run(
    function: Callable[..., Any], arguments: Sequence[Any], room: int, folder: str, pipe: Any
) -> None:
    for number, name in ((1, "stdout"), (2, "stderr")):
        with open(Path(folder) / name, "wb") as file:
            os.dup2(file.fileno(), number)
    with open("/proc/self/statm", encoding="ascii") as file:
        held = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + room, held + room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    try:
        code = _code_of(function, arguments, pipe)
        # What comes after the function is no part of what is tested.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:
        # The function had ended, or lets it pass: the process ends as one that handles no signal.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
        raise
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)


def _code_of(function: Callable[..., Any], arguments: Sequence[Any], pipe: Any) -> Any:
    """Call the function, send what it returns, and return the exit code."""
    try:
        pipe.send((function(*arguments),))
    except SystemExit as stop:
        return stop.code
    except KeyboardInterrupt:
        raise
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "backslashreplace") if path.exists() else ""
