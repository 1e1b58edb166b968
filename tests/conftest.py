"""What all tests share: a property holds or it does not, however slow the machine that looks."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
