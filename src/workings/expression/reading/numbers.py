"""Numbers as they are typed: 12, 1.50, .5, 1e-3, 2·10³."""

from __future__ import annotations

import math

from workings.expression.nodes import Number
from workings.expression.numerals import read_numeral
from workings.expression.reading.faults import Fault
from workings.expression.reading.refusals import shortened
from workings.language import message

__all__ = ["exponent_of", "number_of"]

_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TOO_LARGE = 2**1024 - 2**970  # from here on integers round to infinity in float64


def number_of(text: str, at: int) -> Number:
    """Return a number: an int as such, anything with a point or a power of ten as a float with the digits typed.

    Raises
    ------
    Fault
        If float64 has no number near it: then its value would be infinite, or 0.

    Examples
    --------
    >>> number_of("007", 0), number_of("1.50", 0), number_of("2·10³", 0)
    (<Number: 7>, <Number: 1.50>, <Number: 2·10³>)
    """
    if text.isdecimal():
        return _whole(text, text, at)
    digits, exponent = _split(text)
    value = float(f"{digits}e{exponent or 0}")
    if math.isinf(value) or (value == 0 and digits.strip("0.")):
        raise _out_of_range(text, at)
    shown = f"{digits}0" if digits.endswith(".") else digits
    if exponent:
        shown += f"e{int(exponent)}"
    usual = Number(value)
    return usual if read_numeral(usual.text) == read_numeral(shown) else Number(value, shown)


def exponent_of(text: str, at: int) -> tuple[Number, bool]:
    """Return the size of a raised exponent, and whether it has a minus sign."""
    digits = text.translate(_LOWERED)
    return _whole(digits.lstrip("+-"), text, at), digits[0] == "-"


def _split(text: str) -> tuple[str, str]:
    """Return the digits and the power of ten, "" if there is none."""
    for sign in "·×":
        digits, found, power = text.partition(sign)
        if found:
            return digits, power.removeprefix("10").translate(_LOWERED)
    digits, _, exponent = text.lower().partition("e")
    return digits, exponent


def _whole(digits: str, text: str, at: int) -> Number:
    value = int(digits)
    if value >= _TOO_LARGE:
        raise _out_of_range(text, at)
    return Number(value)


def _out_of_range(text: str, at: int) -> Fault:
    return Fault(
        message(
            "formula: a number must be 0 or from 5e-324 to 1.8e308; got {got} at column {column}; try a power, 10^400",
            got=shortened(text),
        ),
        at,
    )
