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


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Open]:
    """Open a file, ``open_page(path, at="", **of_the_context)``.

    In the end none of the pages may have asked the network for anything, or complained.
    """
    contexts: list[Any] = []
    asked: list[str] = []
    complaints: list[str] = []

    def open_one(path: Path, at: str = "", **options: Any) -> Any:
        context = chromium.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "offline": True, **options}
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        own = path.as_uri()
        page.on("request", lambda r: asked.append(r.url) if r.url.split("#")[0] != own else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(own + at)
        if options.get("java_script_enabled", True):
            settled(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not asked, asked
    assert not complaints, complaints
