"""The harness of the tests that would crash: what it reports of a call is what became of it."""

from __future__ import annotations

import os
import signal
import sys
import time

import numpy as np
import pytest

from support.forks import call, calls, command

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits by /proc and setrlimit")


def returned(x):
    print("said")
    print("complained", file=sys.stderr)
    return 2 * x


def killed():
    os.kill(os.getpid(), signal.SIGSEGV)


def raised():
    raise ValueError("on purpose")


def interrupted():
    raise KeyboardInterrupt


def greedy():
    return np.ones(1 << 31).sum()


def sleepy():
    time.sleep(60)


def imported():
    return "sigmoide.fit.driver" in sys.modules, "torch" in sys.modules


def test_a_value_and_what_was_said():
    done = call(returned, 4)
    assert (done.code, done.value, done.stdout, done.stderr) == (0, 8, "said\n", "complained\n")


def test_a_signal_a_traceback_and_a_limit_are_told_apart():
    assert call(killed).code == -signal.SIGSEGV
    assert call(interrupted).code == -signal.SIGINT
    done = call(raised)
    assert done.code == 1
    assert done.crashed
    assert "on purpose" in done.stderr
    assert "MemoryError" in call(greedy, room=1 << 30).stderr
    assert call(sleepy, patience=0.5).code == -signal.SIGKILL


def test_forks_have_all_imported_and_fresh_ones_have_not():
    assert call(imported).value == (True, False)
    assert call(imported, fresh=True).value == (False, False)


def test_many_calls_and_a_command():
    assert [done.value for done in calls(returned, ((k,) for k in range(10)))] == list(
        range(0, 20, 2)
    )
    done = call(command, "--version")
    assert done.code == 0
    assert done.stdout.startswith("sigmoide")
