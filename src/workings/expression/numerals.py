"""How shown digits are read: sign, digits and power of ten, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from workings.language import get_language

__all__ = ["Numeral", "power_sign", "read_numeral", "superscript"]

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_NUMERAL = re.compile(
    r"(?P<sign>[-−]?)(?P<digits>∞|[\d.][\d., \u2009\u202f]*)"
    r"(?:\s?[·×⋅]\s?10(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|[eE](?P<exponent>[-+]?\d+))?"
)
_RATIO = re.compile(r"(?P<sign>[-−]?)(?P<digits>\d[\d\u202f]*)/(?P<below>\d[\d\u202f]*)")


@dataclass(frozen=True)
class Numeral:
    """The parts of a number as it is written: -1.2·10⁻⁴, or -1/3."""

    negative: bool
    digits: str
    exponent: int | None = None
    below: str = ""


@lru_cache(maxsize=4096)
def read_numeral(text: str) -> Numeral | None:
    """Return the parts of a written number, None for words.

    Examples
    --------
    >>> read_numeral("-1.2e-04")
    Numeral(negative=True, digits='1.2', exponent=-4, below='')
    >>> read_numeral("undefined") is None
    True
    """
    match = _NUMERAL.fullmatch(text)
    if match is not None:
        exponent = match["exponent"] or (match["raised"] or "").translate(_LOWERED)
        return Numeral(match["sign"] != "", match["digits"], int(exponent) if exponent else None)
    match = _RATIO.fullmatch(text)
    return Numeral(match["sign"] != "", match["digits"], None, match["below"]) if match is not None else None


def power_sign() -> str:
    """Return the sign before a power of ten in the active language: 4·10⁻⁶ in English, 4×10⁻⁶ in Korean.

    Examples
    --------
    >>> from workings.language import use_language
    >>> with use_language("ko"):
    ...     power_sign()
    '×'
    """
    return "×" if get_language() == "ko" else "·"


def superscript(text: str) -> str:
    """Return a whole number in raised digits.

    Examples
    --------
    >>> superscript("-12")
    '⁻¹²'
    """
    return text.translate(_RAISED)
