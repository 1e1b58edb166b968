"""What all tests share: time does not count, every test begins in English, one browser serves all."""

from __future__ import annotations

import os

# SciPy reads this when it is imported; without it scikit-learn skips its checks of other array libraries.
os.environ["SCIPY_ARRAY_API"] = "1"
# No test depends on machine code that an earlier run has kept.
os.environ["WORKINGS_CACHE_DIR"] = ""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from tests.browser import chromium, open_page

from workings.language import catalogue
from workings.working import Verification, Working
from workings.working import verify as checking

__all__ = ["chromium", "open_page"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin in English, and forget the language that a test has set for the whole process."""
    monkeypatch.delenv("WORKINGS_LANG", raising=False)
    monkeypatch.setattr(catalogue, "_default", None)


class Verified:
    """How many lines and cells of workings were evaluated again while the tests ran; said at the end.

    Each process counts its own; those of pytest-xdist hand their counts to the one that says the sum.
    """

    def __init__(self) -> None:
        self.lines = self.cells = 0

    def count(self, verify: Callable[[Working], Verification]) -> Callable[[Working], Verification]:
        """Return ``verify`` such that what it has checked is counted."""

        def counted(working: Working) -> Verification:
            outcome = verify(working)
            self.lines += outcome.equations
            self.cells += outcome.cells
            return outcome

        return counted

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["verified"] = (self.lines, self.cells)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        lines, cells = getattr(node, "workeroutput", {}).get("verified", (0, 0))
        self.lines += lines
        self.cells += cells

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(
            f"workings: {self.lines:,} lines and {self.cells:,} cells of tables evaluated again at 50 digits"
        )


def pytest_configure(config: pytest.Config) -> None:
    verified = Verified()
    checking.verify = verified.count(checking.verify)
    config.pluginmanager.register(verified, "workings-verified")
