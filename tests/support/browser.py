"""A real browser for the lesson's page: the system's Chromium, offline, its complaints kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start it once; where there is none, fail under CI and skip elsewhere."""
    place = next(filter(None, map(shutil.which, NAMES)), None)
    if place is None:
        said = f"no browser ({', '.join(NAMES)}) on the PATH: install Debian's chromium"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # Chromium has no sandbox for root, which is who runs the tests in a container.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=place, args=flags)
        yield browser
        browser.close()


def settled(page: Any) -> None:
    """Wait until the page's code has begun, and all of its stations are drawn."""
    page.wait_for_selector("html.scripted:not([data-late])")


class Contexts:
    """Contexts that no test has open, by their options: a new one costs more than a page in it.

    Of one test each page has a context of its own, as windows have. That the lesson's page keeps
    nothing in them is tested.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._idle: dict[str, list[Any]] = {}
        self._taken: list[tuple[str, Any]] = []

    def take(self, **options: Any) -> Any:
        key = repr(sorted(options.items()))
        idle = self._idle.get(key)
        context = idle.pop() if idle else self._browser.new_context(offline=True, **options)
        context.set_default_timeout(10_000)
        self._taken.append((key, context))
        return context

    def leave(self) -> None:
        """Close what the test has opened."""
        for key, context in self._taken:
            for page in context.pages:
                page.close()
            self._idle.setdefault(key, []).append(context)
        self._taken.clear()


@pytest.fixture(scope="session")
def contexts(chromium: Any) -> Contexts:
    return Contexts(chromium)


@pytest.fixture
def open_page(contexts: Contexts) -> Iterator[Open]:
    """Open a file, ``open_page(path, at="", **of_the_context)``.

    In the end none of the pages may have asked the network for anything, or complained.
    """
    asked: list[str] = []
    complaints: list[str] = []

    def open_one(path: Path, at: str = "", **options: Any) -> Any:
        page = contexts.take(**{"viewport": {"width": 1280, "height": 800}, **options}).new_page()
        own = path.as_uri()
        page.on("request", lambda r: asked.append(r.url) if r.url.split("#")[0] != own else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(own + at)
        if options.get("java_script_enabled", True):
            settled(page)
        return page

    yield open_one
    contexts.leave()
    assert not asked, asked
    assert not complaints, complaints
