"""Exact numbers in front of terms: what 2·3, 1/2 + 1/3 and 2·0.15 are before they are written down again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from workings.expression.nodes import Apply, Node, Number

__all__ = [
    "HALF_NODE",
    "MINUS_ONE",
    "ONE",
    "ONE_NODE",
    "TWO_NODE",
    "ZERO",
    "ZERO_NODE",
    "Coefficient",
    "number_of",
    "read_coefficient",
]

_BITS = 2_048  # longer numbers are left as they stand: 999^999 is read more easily than its digits
_DIGITS = 17  # as many as a float64 may need
_SHORT = 10**6  # 0.1 / 3 is 1/30; 1 / 2.5066282746310002 stays
_DECIMAL = re.compile(r"(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An exact number, and how it is written.

    Decimals are computed with as the decimals that are written: 3·0.1 is 0.3, as on paper, and its float64 is the one
    nearest to 0.3. In float64 arithmetic 3·0.1 would be 0.30000000000000004. What is exact in float64 stays exact:
    1/2.5 is written 2/5, for 0.4 is not a float64.

    Parameters
    ----------
    value
        The number.
    decimal
        0 for whole numbers and their fractions, 1 for decimals that float64 holds exactly, 2 for others.
    """

    value: int | Fraction
    decimal: int = 0

    def __mul__(self, other: Coefficient) -> Coefficient:
        return Coefficient(_plain(self.value * other.value), max(self.decimal, other.decimal))

    def __add__(self, other: Coefficient) -> Coefficient:
        return Coefficient(_plain(self.value + other.value), max(self.decimal, other.decimal))

    def __truediv__(self, other: Coefficient) -> Coefficient:
        return Coefficient(_plain(Fraction(self.value) / other.value), max(self.decimal, other.decimal))

    def __neg__(self) -> Coefficient:
        return Coefficient(-self.value, self.decimal)

    def __abs__(self) -> Coefficient:
        return Coefficient(abs(self.value), self.decimal)

    @property
    def fits(self) -> bool:
        """Whether it is short enough to be written."""
        value = self.value
        if isinstance(value, int):
            return value.bit_length() <= _BITS
        longest = max(abs(value.numerator), value.denominator)
        if self.decimal:
            return longest < _SHORT or self.as_decimal() is not None
        return longest.bit_length() <= _BITS

    def over_and_under(self) -> tuple[Number, Number | None]:
        """Return the numbers above and below the fraction bar of its absolute value; None where nothing is below."""
        return _over_and_under(self)

    def node(self) -> Node:
        """Return it as an expression: 3, -3, 3 / 2, 0.15."""
        over, under = self.over_and_under()
        size = over if under is None else Apply("divide", (over, under))
        return Apply("negate", (size,)) if self.value < 0 else size

    def as_decimal(self) -> str | None:
        """Return its absolute value as a short decimal; None where it is none."""
        value = Fraction(abs(self.value))
        rest = value.denominator
        for prime in (2,) if self.decimal == 1 else (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest != 1:
            return None
        exact = Context(prec=2_000).divide(Decimal(value.numerator), Decimal(value.denominator)).normalize()
        if len(exact.as_tuple().digits) > _DIGITS or not 0 < float(exact) < math.inf:
            return None
        return str(exact).lower()


@lru_cache(maxsize=4_096)  # a long derivative has few different numbers, and each is measured again and again
def _over_and_under(number: Coefficient) -> tuple[Number, Number | None]:
    value = abs(number.value)
    if isinstance(value, int):
        return Number(value), None
    if number.decimal and (decimal := number.as_decimal()) is not None:
        return Number(float(decimal), decimal), None
    return Number(value.numerator), Number(value.denominator)


ZERO, ONE, MINUS_ONE = Coefficient(0), Coefficient(1), Coefficient(-1)
ZERO_NODE, ONE_NODE, TWO_NODE = Number(0), Number(1), Number(2)
HALF_NODE = Apply("divide", (ONE_NODE, TWO_NODE))


def read_coefficient(node: Number) -> Coefficient | None:
    """Return a number's exact value; None for what is not finite or is shown by other digits than it has."""
    value = node.value
    if type(value) is int:
        return Coefficient(value)
    if isinstance(value, Fraction):
        return Coefficient(_plain(value))
    if isinstance(value, bool) or not math.isfinite(value):
        return None
    text = node.text.removeprefix("-")
    if not _DECIMAL.fullmatch(text) or float(text) != abs(value):
        return None
    exact = Fraction(text) if value >= 0 else -Fraction(text)
    return Coefficient(_plain(exact), 1 if exact == Fraction(value) else 2)


def number_of(node: Node) -> Coefficient | None:
    """Return the exact value of what is written as a number: 2, -2, 1 / 2, -1 / 2; None for anything else."""
    if type(node) is Number:
        return read_coefficient(node)
    if not isinstance(node, Apply):
        return None
    if node.operation.name == "negate":
        size = _ratio(node.args[0])
        return None if size is None else -size
    return _ratio(node)


def _ratio(node: Node) -> Coefficient | None:
    if type(node) is Number:
        return read_coefficient(node)
    if not isinstance(node, Apply) or node.operation.name != "divide":
        return None
    above, below = node.args
    if type(above) is not Number or type(below) is not Number or not below.value:
        return None
    top, bottom = read_coefficient(above), read_coefficient(below)
    return None if top is None or bottom is None else top / bottom


def _plain(value: int | Fraction) -> int | Fraction:
    return value if isinstance(value, int) or value.denominator != 1 else value.numerator
