"""What all tests share: time does not count, every test begins in English, one browser serves all."""

from __future__ import annotations

import os

# SciPy reads this when it is imported; without it scikit-learn skips its checks of other array libraries.
os.environ["SCIPY_ARRAY_API"] = "1"
# No test depends on machine code that an earlier run has kept.
os.environ["WORKINGS_CACHE_DIR"] = ""

import pytest
from hypothesis import settings
from tests.browser import chromium, open_page

from workings.language import catalogue

__all__ = ["chromium", "open_page"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin in English, and forget the language that a test has set for the whole process."""
    monkeypatch.delenv("WORKINGS_LANG", raising=False)
    monkeypatch.setattr(catalogue, "_default", None)
