"""What all tests share: a property holds or it does not, however slow the machine that looks; one browser for all."""

from __future__ import annotations

from hypothesis import settings
from tests.browser import chromium, open_page

__all__ = ["chromium", "open_page"]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
