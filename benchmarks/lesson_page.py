"""The lesson's page against its budgets: size, first paint, a step with its redraw.

``python -m benchmarks.lesson_page`` writes the page, opens it in headless Chromium (``playwright``,
and a Chromium on the PATH) and prints what it measured beside what is allowed.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# Resolves once the browser has told of its first paint with something in it.
_PAINT = """() => new Promise((resolve) => new PerformanceObserver((list) => {
    const found = list.getEntriesByName("first-contentful-paint")[0];
    if (found) resolve(found.startTime);
}).observe({ type: "paint", buffered: true }))"""

# One press, from its event to the layout of what it changed; then the browser may draw.
_STEPS = """async (presses) => {
    const button = document.getElementById("s05-plus1"), taken = [], rest = [];
    const late = () => document.documentElement.hasAttribute("data-late");
    const turn = () => new Promise((resolve) => { setTimeout(resolve); });
    button.scrollIntoView();
    for (let i = 0; i < presses; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const began = performance.now();
        button.click();
        document.body.getBoundingClientRect();
        const seen = performance.now();
        taken.push(seen - began);
        while (late()) await turn();
        rest.push(performance.now() - seen);
    }
    return [taken, rest];
}"""


@dataclass(frozen=True, slots=True)
class Budget:
    """A quantity and the most that it may be.

    Attributes
    ----------
    name : str
        What was measured.
    found, most : float
        What it is and what is allowed, both in ``unit``.
    unit : str
        "kB" of 1000 bytes, "s" or "ms".
    """

    name: str
    found: float
    most: float
    unit: str

    def line(self) -> str:
        """Say it in one line."""
        verdict = "kept" if self.found <= self.most else "NOT KEPT"
        return f"{self.name:<36}{self.found:>9.2f} {self.unit:<3} of {self.most:g}: {verdict}"


def measure(page_file: Path, runs: int, presses: int) -> list[Budget]:
    """Measure a page.

    Parameters
    ----------
    page_file : Path
        The page.
    runs : int
        How many times it is opened for its first paint, each time in a fresh context.
    presses : int
        How many times "+1" is pressed, from step 0. What is in sight, or nearly, is redrawn at
        once, and this is the step's time; the rest of the page follows, a station at a time. The
        first tenth, in which code is being compiled, is left out.
    """
    whole = page_file.read_bytes()
    with _browser() as browser:
        paints = [_first_paint(browser, page_file) for _ in range(runs)]
        context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        page = context.new_page()
        page.goto(page_file.as_uri() + "#step=0")
        page.wait_for_selector("html.scripted")
        taken, rest = (sorted(part[presses // 10 :]) for part in page.evaluate(_STEPS, presses))
        context.close()
    late = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    return [
        Budget("the page", len(whole) / 1000, 300, "kB"),
        Budget("the page, gzipped", len(gzip.compress(whole)) / 1000, 100, "kB"),
        Budget("first paint, median", statistics.median(paints) / 1000, 0.5, "s"),
        Budget("a step and its redraw, median", statistics.median(taken), 8, "ms"),
        Budget("a step and its redraw, 95 in 100", late, 8, "ms"),
        # A tenth of a second of it is the pause that slow stations wait for.
        Budget("and the rest of the page, median", statistics.median(rest), 200, "ms"),
    ]


def _first_paint(browser: Any, page_file: Path) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    page.goto(page_file.as_uri())
    found = float(page.evaluate(_PAINT))
    context.close()
    return found


@contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    place = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if place is None:
        raise SystemExit(f"no browser ({', '.join(_BROWSERS)}) on the PATH: install chromium")
    with sync_playwright() as driver:
        # Chromium has no sandbox for root.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=place, args=flags)
        yield browser
        browser.close()


def main(given: list[str] | None = None) -> int:
    """Measure and print; 1 if a budget is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--page", type=Path, help="a page already written; one is made if absent")
    parser.add_argument("--runs", type=int, default=7, help="openings for the first paint")
    parser.add_argument("--presses", type=int, default=300, help="presses of +1")
    options = parser.parse_args(given)
    with TemporaryDirectory() as folder:
        place = options.page
        if place is None:
            from sigmoide.lesson import run_lesson, write_page

            print("walking through the lesson", file=sys.stderr)
            place = write_page(run_lesson("es", lambda _: None), Path(folder) / "lesson.html")
        found = measure(place, max(options.runs, 1), max(options.presses, 10))
    for budget in found:
        print(budget.line())
    return 0 if all(budget.found <= budget.most for budget in found) else 1


if __name__ == "__main__":
    sys.exit(main())
