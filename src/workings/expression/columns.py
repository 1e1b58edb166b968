"""How many columns of a terminal text takes: Hangul and emoji take two, combining marks none."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["display_width"]


def display_width(text: str) -> int:
    """Return the columns that text takes in a terminal (Unicode Standard Annex 11; ambiguous characters take one).

    Examples
    --------
    >>> display_width("recall"), display_width("재현율"), display_width("x̄")
    (6, 6, 1)
    """
    return len(text) if text.isascii() else sum(_width(character) for character in text)


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
