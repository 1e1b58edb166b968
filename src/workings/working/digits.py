"""How numbers are shown: whole counts, the input's own digits, and never 0.000 for what is not zero.

A shown number is a :class:`~workings.expression.Number` whose ``value`` is exact and whose ``text`` holds the digits
that the reader sees: a plain decimal, or ``"1.2346e-05"`` outside [1e-4, 1e7) (renderers write it 1.2346·10⁻⁵).
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from workings.expression import Equation, Node, Number

__all__ = [
    "MOST_DIGITS",
    "clear_of_rounding",
    "digits_known",
    "half_unit",
    "in_words",
    "own_digits",
    "read",
    "rounded_up",
    "rounding",
    "shown",
    "significant_digits",
    "told_as",
    "with_zeros",
]

# Any float64 is told apart from its neighbours by 17 significant digits (IEEE 754-2019, section 5.12.2).
MOST_DIGITS = 17
# A value whose shortest decimal form is at most this long is shown whole: 0.0625, 17.99, 1001.384.
_SHORT = 7
# A float32 0.1 is 0.100000001490116: half a unit in its last place is 2**-24 of it.
_FLOAT32_ROUNDING = Fraction(1, 2**24)
# Decimals from 0.0001 up to seven figures before the point are read without counting zeros; others are scientific.
_LOWEST_EXPONENT, _HIGHEST_EXPONENT = -4, 6


def shown(value: Any, significant: int = 5, *, short: int = _SHORT) -> Number:
    """Return ``value`` as the number that a reader sees.

    Integers are whole. A float whose shortest decimal form has at most seven digits (or ``significant``, if more) is
    shown as it is; any other is rounded half to even to ``significant`` digits.

    Parameters
    ----------
    value
        A Python or NumPy integer, boolean, float or Fraction. NaN and the infinities are allowed.
    significant
        How many significant digits a rounded value has, 1 to 17.
    short
        A value of at most so many digits is not rounded.

    Examples
    --------
    >>> from workings.working import shown
    >>> [shown(value).text for value in (569, 2.197, 0.899979786, 0.00012, 0.0000123456789)]
    ['569', '2.197', '0.89998', '0.00012', '1.2346e-05']
    """
    plain = _plain(value)
    if isinstance(plain, int):
        return Number(plain, str(plain))
    if isinstance(plain, float) and not math.isfinite(plain):
        return Number(plain)
    digits = own_digits(value)
    if significant_digits(digits) > max(significant, short):
        # Of the value itself: its shortest form may end in a 5 that is more, or less, than half.
        digits = _rounded(Decimal(plain) if isinstance(plain, float) else digits, significant)
        # A rounded number keeps its zeros: 0.10000 says that five digits are known.
        return Number(plain, _written(digits, keep_zeros=True))
    return Number(plain, _written(digits, keep_zeros=False))


def clear_of_rounding(value: float, beside: float = 0.0) -> float:
    """Return the short decimal that a float would be, had rounding not touched its last digits; else the float.

    Parameters
    ----------
    value
        What came out.
    beside
        The largest of what it came from: of a difference, rounding leaves some units in the last place of that.

    Examples
    --------
    >>> 59.9 - 71.7, clear_of_rounding(59.9 - 71.7, 71.7), clear_of_rounding(1 / 3)
    (-11.800000000000004, -11.8, 0.3333333333333333)
    """
    size = max(abs(value), abs(beside))
    if not 0.0 < size < math.inf or value == 0.0:
        return value
    near = round(value, 14 - math.floor(math.log10(size)))
    touched = 0.0 < abs(near - value) <= 2.0**-51 * size
    return near if touched and near and significant_digits(own_digits(near)) <= _SHORT else value


def own_digits(value: Any) -> Decimal:
    """Return the shortest decimal that is read back as ``value`` in its own dtype (0.1 for a float32 0.1)."""
    if isinstance(value, np.floating):
        return Decimal(np.format_float_scientific(value, unique=True, trim="-"))
    plain = _plain(value)
    if isinstance(plain, Fraction):
        return Decimal(plain.numerator) / Decimal(plain.denominator)
    return Decimal(repr(plain))


def significant_digits(number: Decimal) -> int:
    """Return how many significant digits ``number`` has, trailing zeros not counted."""
    return len(number.normalize().as_tuple().digits)


def with_zeros(number: Decimal, significant: int) -> str:
    """Return ``number`` in at least so many significant digits, filled up with zeros: 1.5 as 1.5000."""
    if significant_digits(number) >= significant:
        return _written(number, keep_zeros=False)
    return _written(_rounded(number, significant), keep_zeros=True)


def told_as(name: Node, value: Any) -> Equation:
    """Return what something came to, as a sentence quotes it: ``name = value``, with ≈ where digits were left out.

    Examples
    --------
    >>> from workings.expression import symbol
    >>> from workings.working import told_as
    >>> print(told_as(symbol("x"), 2.5), told_as(symbol("x"), 2.718281828), sep=", ")
    x = 2.5, x ≈ 2.7183
    """
    number = shown(value)
    return Equation(name, number, "=" if number.text == shown(value, 17).text else "≈")


def read(text: str) -> Fraction:
    """Return exactly what the digits ``text`` say.

    Examples
    --------
    >>> from workings.working import read
    >>> read("0.125"), read("1/3")
    (Fraction(1, 8), Fraction(1, 3))
    """
    return Fraction(text) if "/" in text else Fraction(Decimal(text))


def half_unit(text: str) -> Fraction:
    """Return half a unit of the last digit of ``text``: how far rounding can have moved it. Whole counts: a half.

    Examples
    --------
    >>> from workings.working import half_unit
    >>> half_unit("0.89998") == read("5e-6")
    True
    """
    if "/" in text:  # a fraction is not rounded
        return Fraction(0)
    exponent = Decimal(text).as_tuple().exponent
    return Fraction(Decimal((0, (5,), int(exponent) - 1)))


def rounding(number: Number) -> Fraction:
    """Return how far a shown number may lie from the true one.

    Half a unit of its last digit; where the digits are all that the value has (0.5, 3), half a unit of the fifth
    significant digit if that is less, since nothing was rounded away.
    """
    half = half_unit(number.text)
    said = read(number.text)
    if said == 0:
        return min(half, Fraction(5, 10**6))
    if abs(said - Fraction(number.value)) <= abs(said) * _FLOAT32_ROUNDING:
        fifth = Fraction(10) ** (Decimal(number.text).adjusted() - 4) / 2
        return min(half, fifth)
    return half


def digits_known(value: float, off: float, most: int = 5) -> int:
    """Return how many significant digits, ``most`` at most, a number has that may be ``off`` by so much; 0 for none.

    Examples
    --------
    >>> digits_known(0.0043, 1e-6), digits_known(3.5e-12, 2e-13), digits_known(3.5e-12, 4e-12)
    (3, 1, 0)
    """
    if value == 0.0 or off <= 0.0 or not math.isfinite(value):
        return most
    # The last digit may be off by rounding, a half, and by as much again.
    last = math.ceil(math.log10(2.0 * off))
    return max(0, min(most, math.floor(math.log10(abs(value))) - last + 1))


def rounded_up(value: float) -> float:
    """Return the next number above with one digit.

    Examples
    --------
    >>> rounded_up(0.0123), rounded_up(4e-12)
    (0.02, 4e-12)
    """
    power = math.floor(math.log10(value)) if value > 0.0 else 0
    return float(f"{math.ceil(value / 10.0**power)}e{power}")


def in_words(size: float | Fraction, significant: int = 1) -> Number:
    """Return a difference or a bound to ``significant`` digits, as in "largest difference 4·10⁻⁶"."""
    rounded = _rounded(Decimal(repr(float(size))), significant)
    if rounded == 0:
        return Number(0, "0")
    return Number(float(size), _written(rounded, keep_zeros=False))


def _plain(value: Any) -> int | float | Fraction:
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, int | np.integer):
        return int(value)
    return value if isinstance(value, Fraction) else float(value)


def _rounded(number: Decimal, significant: int) -> Decimal:
    if number == 0:
        return number
    unit = Decimal((0, (1,), number.adjusted() - significant + 1))
    rounded = number.quantize(unit, rounding=ROUND_HALF_EVEN)
    if rounded.adjusted() > number.adjusted():  # 9.99996 to five digits is 10.000, not 10.0000
        rounded = number.quantize(unit.scaleb(1), rounding=ROUND_HALF_EVEN)
    return rounded


def _written(number: Decimal, *, keep_zeros: bool) -> str:
    """Write ``number`` as a plain decimal near 1, else with a power of ten."""
    if number == 0:
        return "0"
    if not keep_zeros:
        number = number.normalize()
    exponent = number.adjusted()
    last = int(number.as_tuple().exponent)
    # Zeros that were not rounded to would claim digits that are not known, so 1234600 (five digits) is 1.2346e+06.
    claims_too_much = keep_zeros and last > 0
    if _LOWEST_EXPONENT <= exponent <= _HIGHEST_EXPONENT and not claims_too_much:
        return f"{number:f}"
    mantissa = number.scaleb(-exponent)
    return f"{mantissa:f}e{exponent:+03d}"
