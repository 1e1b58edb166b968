"""Numbers as the page writes them: columns that align, and never 0.0000 or 1.0000 for what is neither."""

from __future__ import annotations

import math
import re

from markupsafe import Markup

from workings.expression import to_text
from workings.expression.legible import legible
from workings.language import grouped, message
from workings.working import shown

__all__ = ["count", "fixed", "interval", "percent", "plain", "raised"]

_MOST_DECIMALS = 9
_RAISED = re.compile("([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LEVEL = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")


def fixed(value: float | None, decimals: int = 4) -> str:
    """Return a rate to ``decimals`` places, or to as many more as tell it from 0 and 1.

    Examples
    --------
    >>> [fixed(value) for value in (0.5, 0.920879, 0.999997, 1.0, 0.0, 0.0000123, float("nan"))]
    ['0.5000', '0.9209', '0.999997', '1.0000', '0.0000', '1.23·10⁻⁵', 'undefined']
    """
    return _rounded(value, decimals, 1)


def percent(value: float | None, decimals: int = 1) -> str:
    """Return a share as a percentage, told from 0 and 100.

    Examples
    --------
    >>> percent(0.9534), percent(0.99987), percent(1)
    ('95.3 %', '99.99 %', '100.0 %')
    """
    if value is None or not math.isfinite(value):
        return plain(value)
    return str(message("{number} %", number=_rounded(100 * value, decimals, 100)))


def _rounded(value: float | None, decimals: int, whole: int) -> str:
    if value is None or not math.isfinite(value):
        return plain(value)
    if 0 < abs(value) < 5 * 10.0 ** -(decimals + 1):
        return plain(value, 3)
    while decimals < _MOST_DECIMALS and value < whole and float(f"{value:.{decimals}f}") >= whole:
        decimals += 1
    return f"{value:.{decimals}f}"


def plain(value: float | None, significant: int = 5) -> str:
    """Return a number of any size to the digits that it has.

    Examples
    --------
    >>> plain(2860.96931), plain(-0.0000123456789), plain(None)
    ('2861.0', '-1.2346·10⁻⁵', 'undefined')
    """
    if value is None or math.isnan(value):
        return str(message("undefined"))
    return to_text(legible(shown(value, significant)))


def count(value: float) -> str:
    r"""Return a count with its thousands apart (a sum of weights keeps its decimals).

    Examples
    --------
    >>> count(569), count(100000000) == "100\u202f000\u202f000", count(2.5)
    ('569', True, '2.5')
    """
    if not float(value).is_integer():
        return plain(value, 7)
    return grouped(int(value))


def interval(ends: tuple[float, float], *, as_percent: bool = False) -> str:
    """Return both ends of an interval.

    Examples
    --------
    >>> interval((0.98, 0.997)), interval((0.9, 0.95), as_percent=True)
    ('0.9800 – 0.9970', '90.0 % – 95.0 %')
    """
    write = percent if as_percent else fixed
    return f"{write(ends[0])} – {write(ends[1])}"


def raised(text: str) -> Markup:
    """Return text as HTML in which raised digits are real superscripts: few fonts have all of them in one size.

    Examples
    --------
    >>> raised("<1.23·10⁻⁵")
    Markup('&lt;1.23·10<sup>−5</sup>')
    """
    parts = _RAISED.split(text)
    return Markup("").join(
        Markup("<sup>{}</sup>").format(part.translate(_LEVEL)) if place % 2 else part
        for place, part in enumerate(parts)
    )
