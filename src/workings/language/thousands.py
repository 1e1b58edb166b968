r"""Thousands: 12 345, set apart by a narrow space from five digits on, in both languages and wherever a number stands.

One number has one form within what a reader sees: prose, tables, formulas (LaTeX's ``\,``) and pictures alike. A space
is what ISO 80000-1 (2022, 7.3) and the SI brochure (section 5.4.4) ask for, and Korea's KS A ISO 80000-1 with them. A
comma is refused because formulas part arguments with it, and sentences the numbers of a list: ``min(3, 20, 12,345)``
could be read in two ways. Four digits stand together, 1408.8 and 3000, as in books; only where D3 writes the labels of
an axis are they parted too, 8 000 below 12 000. The space is the one at which no line breaks. In ASCII there is none,
for a wide space would part the number from itself; nor in JSON, in code (``y[12344]``), or where a program reads.
"""

from __future__ import annotations

import re

__all__ = ["SEPARATOR", "grouped", "ungrouped"]

SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
# 1, 12 and 123 thousand; 12.34567 has no thousands, and in v10000 or 0x12345 the digits are no number.
_LONG = re.compile(r"(?<![\w.])\d{5,}")
_BETWEEN_THREES = re.compile(r"(?<=\d)(?=(\d{3})+$)")
_GROUPED = re.compile(rf"(?<=\d){SEPARATOR}(?=\d\d\d)")


def grouped(number: float | str) -> str:
    r"""Return a number, or its digits, with the thousands apart from five digits on.

    Parameters
    ----------
    number
        Any number, or text that is one: what stands after its point, or in its power of ten, stays as it is.

    Examples
    --------
    >>> grouped(3000), grouped("12345.678").split(SEPARATOR), grouped(-1234567).split(SEPARATOR)
    ('3000', ['12', '345.678'], ['-1', '234', '567'])
    """
    return _LONG.sub(lambda digits: _BETWEEN_THREES.sub(SEPARATOR, digits[0]), str(number))


def ungrouped(text: str) -> str:
    """Return text with its numbers' digits together, as a program reads them.

    Examples
    --------
    >>> ungrouped(grouped(1234567) + " rows")
    '1234567 rows'
    """
    return _GROUPED.sub("", text)
