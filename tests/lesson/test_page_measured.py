"""The measurement of the page runs, and says what it found; what it finds is not asserted here."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.lesson_page import Budget

# A second or two for each page that is opened.
pytestmark = pytest.mark.slow


def test_a_budget_says_whether_it_is_kept():
    assert Budget("a", 1.0, 8, "ms").line().endswith("1.00 ms  of 8: kept")
    assert Budget("a", 8.5, 8, "ms").line().endswith("8.50 ms  of 8: NOT KEPT")


@pytest.mark.slow
def test_it_measures_a_page(page_file, chromium):
    assert chromium.is_connected()
    # playwright is started once in a process, and here it has been
    command = [sys.executable, "-m", "benchmarks.lesson_page", "--page", str(page_file)]
    done = subprocess.run(
        [*command, "--runs", "1", "--presses", "20"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode in (0, 1), done.stderr
    lines = done.stdout.splitlines()
    assert done.returncode == any(line.endswith("NOT KEPT") for line in lines)
    found = [float(re.search(r"([\d.]+) (kB|s|ms) +of", line)[1]) for line in lines]
    whole = page_file.read_bytes()
    assert found[0] == pytest.approx(len(whole) / 1000, abs=0.006)
    assert found[1] == pytest.approx(len(gzip.compress(whole)) / 1000, abs=0.006)
    assert all(seconds > 0 for seconds in found[2:])
    assert len(found) == 6
