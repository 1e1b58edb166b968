"""Names as formula text reads them back: as they are shown, or in back-ticks."""

from __future__ import annotations

from functools import lru_cache

from workings.expression.reading.characters import plain_characters
from workings.expression.reading.faults import Fault
from workings.expression.reading.table import table
from workings.expression.reading.words import prepared, split

__all__ = ["quoted_name"]


def quoted_name(name: str, shown: str) -> str:
    """Return ``shown`` if formula text reads it as ``name``, else the name in back-ticks.

    Examples
    --------
    >>> quoted_name("sigma", "σ"), quoted_name("mean radius", "mean radius"), quoted_name("e", "e")
    ('σ', '`mean radius`', '`e`')
    """
    return shown if _read(shown) == name else f"`{name.replace('`', '``')}`"


@lru_cache(maxsize=4096)
def _read(shown: str) -> str | None:
    """Return the name that formula text sees, None if it sees anything else."""
    try:
        words, _ = prepared(split(plain_characters(shown), table()), ())
    except Fault:
        return None
    return words[0].meaning if [word.kind for word in words] == ["NAME"] and "`" not in shown else None
