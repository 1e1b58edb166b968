"""A real Chromium that opens one local file, and remembers everything the page complains of or asks the network for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class OpenedPage:
    """A page with what it said on the console, and every address that it asked for beside its own."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


OpenPage = Callable[..., OpenedPage]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine; without one, skip and say so (on continuous integration: fail)."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if executable is None:
        reason = "no Chromium on this machine: the page is not opened (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open a local HTML file: ``open_page(path, width=1200, javascript=True)``."""
    with ExitStack() as stack:

        def open_file(path: Path, *, width: int = 1200, javascript: bool = True) -> OpenedPage:
            context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=javascript)
            stack.callback(context.close)
            opened = OpenedPage(context.new_page())
            address = path.resolve().as_uri()

            def watch(route: Route) -> None:
                asked = route.request.url
                if asked.split("#")[0] == address or asked.startswith(("data:", "blob:")):
                    route.continue_()
                else:
                    opened.requests.append(asked)
                    route.abort()

            context.route("**/*", watch)
            opened.page.on("console", lambda said: _note(opened, said.type, said.text))
            opened.page.on("pageerror", lambda error: opened.complaints.append(f"error: {error}"))
            opened.page.on("dialog", lambda dialog: (opened.complaints.append(dialog.message), dialog.dismiss()))
            opened.page.goto(address)
            if javascript:
                # every picture has been drawn (or has complained) once its element holds an SVG
                opened.page.wait_for_function(
                    "[...document.querySelectorAll('script[data-chart]')]"
                    ".every(s => document.getElementById(s.dataset.chart).querySelector('svg'))"
                )
            return opened

        yield open_file


def _note(opened: OpenedPage, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        opened.complaints.append(f"{kind}: {text}")
