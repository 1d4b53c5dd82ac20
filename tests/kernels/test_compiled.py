"""Compiled code is kept on disk, found again, never taken for other code, and done without."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import caching

import sigmoide
from sigmoide.kernels.compiled import compiler
from sigmoide.kernels.compiled.compiler import Compiled, before_compiling


def twice(like, X, found):
    found[0] = 2.0 * X[0, 0]


def made():
    """Return the function as a new process would."""
    return Compiled(twice, reads=0, fills=1, rest="")


def asked(function, dtype=np.float64):
    """Call it, and return the answer and how often the compiler was waited for."""
    waits: list[None] = []
    found = np.zeros(1)
    with before_compiling(lambda: waits.append(None)):
        function(np.full((2, 2), 1.5, dtype=dtype), found)
    return found[0], len(waits)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_compiled_once_then_found(folder):
    function = made()
    assert asked(function) == (3.0, 1)
    assert asked(function) == (3.0, 0)
    assert asked(function, np.float32) == (3.0, 1)
    assert len(kept(folder)) == 3
    assert asked(made()) == (3.0, 0)
    assert asked(made(), np.float32) == (3.0, 0)


def test_code_built_of_other_files_is_not_taken_for_this(folder, monkeypatch):
    assert asked(made()) == (3.0, 1)
    monkeypatch.setattr(compiler, "_sources", lambda: "another version")
    assert asked(made()) == (3.0, 1)
    assert asked(made()) == (3.0, 0)


def test_the_files_that_kernels_are_built_of_are_known():
    assert len(compiler._sources()) == 64


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("broken", [b"", b"nothing", b"\x80\x04\x95"])
def test_broken_files_are_written_anew(folder, ending, broken):
    assert asked(made()) == (3.0, 1)
    for path in kept(folder):
        if path.suffix == f".{ending}":
            path.write_bytes(broken)
    assert asked(made()) == (3.0, 1)
    assert asked(made()) == (3.0, 0)


def test_a_full_disk_costs_the_next_process_a_wait_and_no_more(folder, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as during:
        during.setattr(caching.IndexDataCacheFile, "_save_data", full)
        assert asked(made()) == (3.0, 1)
    assert asked(made()) == (3.0, 1)
    assert asked(made()) == (3.0, 0)


def test_without_any_folder_to_write_to(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "file" / "inside"))
    only = [caching.UserProvidedCacheLocator]
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", only)
    assert asked(made()) == (3.0, 1)
    assert asked(made()) == (3.0, 1)


def test_threads_that_ask_at_once_wait_for_one_compilation(folder):
    function, results, waits = made(), [], []

    def ask():
        found = np.zeros(1)
        function(np.full((2, 2), 1.5), found)
        results.append(found[0])

    with before_compiling(lambda: waits.append(None)):
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [3.0] * 4
    assert len(waits) == 1


def test_a_fit_works_where_the_cache_folder_cannot_be_written_to(tmp_path):
    """The whole way, in a process of its own: numba falls back, or nothing is kept."""
    (tmp_path / "file").touch()
    script = (
        "import numpy as np\n"
        "from sigmoide import LogisticRegression\n"
        "rng = np.random.default_rng(0)\n"
        "X = rng.normal(size=(120_000, 10))\n"
        "y = (rng.random(120_000) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)\n"
        "print(LogisticRegression().fit(X, y).coef_[0, 0])\n"
    )
    environment = os.environ | {
        "NUMBA_CACHE_DIR": str(tmp_path / "file" / "inside"),
        "PYTHONPATH": str(Path(sigmoide.__file__).parents[1]),
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=True,
    )
    assert float(done.stdout) == pytest.approx(1.0, abs=0.05)


def test_a_wait_is_logged_once_where_nobody_listens(folder, caplog):
    compiler._log.cache_clear()
    for dtype in (np.float64, np.float32):
        made()(np.full((2, 2), 1.5, dtype=dtype), np.zeros(1))
    assert [record.getMessage() for record in caplog.records] == [
        "sigmoide: compiling for this processor, a few seconds, once; the code is kept for the "
        "next time."
    ]
