"""Compiled code: one function for each type of X, kept on disk, told of before it is waited for."""

from __future__ import annotations

import hashlib
import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from llvmlite import binding
from numba import from_dtype, njit, types
from numba.core.caching import FunctionCache

from sigmoide.kernels.compiled.vectors import FLAGS

_lock = threading.RLock()


class Compiled:
    """A function compiled on first use for the type of X.

    It takes some number of that type, which tells it; X, in whatever layout; vectors that are
    read; vectors of float64 that are filled; and then what is told by letters: ``i`` for a whole
    number, which may be an address, ``f`` for a float. It returns nothing.
    """

    def __init__(self, function: Callable[..., None], reads: int, fills: int, rest: str) -> None:
        self._function = function
        given = types.Array(types.float64, 1, "A", readonly=True)
        filled = types.Array(types.float64, 1, "C")
        letters = {"i": types.int64, "f": types.float64}
        self._takes = [given] * reads + [filled] * fills + [letters[x] for x in rest]
        self._done: dict[np.dtype[Any], tuple[Any, Any]] = {}

    def __call__(self, X: Any, *rest: Any) -> None:
        """Call the function for the type of X, compiling it if need be."""
        function, like = self._done.get(X.dtype) or self._compile(X.dtype)
        function(like, X, *rest)

    def _compile(self, dtype: np.dtype[Any]) -> tuple[Any, Any]:
        with _lock:
            if dtype in self._done:
                return self._done[dtype]
            kind = from_dtype(dtype)
            X = types.Array(kind, 2, "A", readonly=True)
            signature = types.void(kind, X, *self._takes)
            made = njit(**FLAGS)(self._function)
            kept = _kept(self._function)
            if kept is not None:
                made._cache = kept
            if kept is None or not kept.holds(signature, made.targetctx):
                tell()
            made.compile(signature)
            made.disable_compile()
            self._done[dtype] = made, dtype.type(0)
            return self._done[dtype]


def _kept(function: Callable[..., None]) -> _Kept | None:
    """Return where the compiled function is kept, or None where no folder can be written to."""
    try:
        return _Kept(function)
    except (RuntimeError, OSError):
        return None


class _Kept(FunctionCache):
    """numba's files on disk, with two doubts more.

    They know a function by the text of its own file, so that after an upgrade it would be taken
    for the same though what it is built of has changed; and a full disk or a broken file would
    stop the fit, which can do without them.
    """

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), _sources())

    def holds(self, signature: Any, context: Any) -> bool:
        """Say whether the function of this signature is on disk."""
        try:
            key = self._index_key(signature, context.codegen())
            return self._cache_file.load(key) is not None
        except Exception:
            return False

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            # Whatever a broken file makes of itself: all is written anew.
            self._try(self.flush)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        self._try(lambda: super(_Kept, self).save_overload(sig, data))

    def _try(self, write: Callable[[], None]) -> None:
        """Write, and do without the files from then on if that fails."""
        try:
            write()
        except Exception:
            self.disable()


@cache
def _sources() -> str:
    """Return a digest of all that compiled functions are built of."""
    digest = hashlib.sha256()
    for package in ("sigmoide.kernels", "sigmoide.kernels.compiled"):
        for file in sorted(files(package).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def processor() -> str:
    """Return the name of the processor's kind, and a checksum of what it can do.

    Two of the same make the same code, hence the same bits.
    """
    able = binding.get_host_cpu_features().flatten()
    return f"{binding.get_host_cpu_name()} {zlib.crc32(able.encode()):08x}"


_logger = logging.getLogger("sigmoide")
_listeners: list[Callable[[], object]] = []


@contextmanager
def before_compiling(listener: Callable[[], object]) -> Iterator[None]:
    """Have a function called before the compiler is waited for, in whatever thread that is.

    What is compiled is kept on disk: on one machine it happens once, and takes a second or two for
    each of the few kernels of a fit. Where nobody listens, a line is logged, once in a process.
    """
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell() -> None:
    """Call all listeners; without any, log what is waited for."""
    if not _listeners:
        _log()
    for listener in tuple(_listeners):
        listener()


@cache
def _log() -> None:
    # Python prints what is logged as a warning where nobody has set up logging: a wait of seconds
    # is otherwise taken for the cost of a fit. No typed warning: those are of the data and the fit.
    _logger.warning(
        "sigmoide: compiling for this processor, a few seconds, once; the code is kept for the "
        "next time."
    )
