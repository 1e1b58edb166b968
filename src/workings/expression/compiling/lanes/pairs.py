"""Pairs of numbers whose sum is known to twice the digits, where one rounding on the way would be one too many.

Source
------
T. J. Dekker, A floating-point technique for extending the available precision, Numerische Mathematik 18, 1971; the
exact sum is D. E. Knuth's, The Art of Computer Programming, volume 2, 1969, section 4.2.2, theorem B.
"""

from __future__ import annotations

from dataclasses import dataclass

from workings.expression.compiling.lanes.values import Lanes, Truths

__all__ = ["Pair", "constant", "exact_product", "exact_sum", "ordered_sum"]


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """The sum of a number and of one that is small beside it."""

    high: Lanes
    low: Lanes

    def __add__(self, other: Pair | Lanes | float) -> Pair:
        if not isinstance(other, Pair):
            total = exact_sum(self.high, other)
            return ordered_sum(total.high, total.low + self.low)
        total = exact_sum(self.high, other.high)
        return ordered_sum(total.high, total.low + (self.low + other.low))

    def __mul__(self, other: Pair | Lanes | float) -> Pair:
        if not isinstance(other, Pair):
            product = exact_product(self.high, other)
            return ordered_sum(product.high, self.low.times_plus(other, product.low))
        product = exact_product(self.high, other.high)
        cross = self.high.times_plus(other.low, self.low * other.high)
        return ordered_sum(product.high, product.low + cross)

    def __truediv__(self, other: Pair) -> Pair:
        """Return the quotient: a first one, and what it leaves divided again, by the reciprocal that is at hand."""
        reciprocal = 1.0 / other.high
        first = self.high * reciprocal
        left = self.high.less(first, other.high) + self.low.less(first, other.low)
        return ordered_sum(first, left * reciprocal)

    def __neg__(self) -> Pair:
        return Pair(-self.high, -self.low)

    def sqrt(self) -> Pair:
        """Return the square root."""
        root = self.high.sqrt()
        left = self.high.less(root, root) + self.low
        return ordered_sum(root, (root > 0.0).choose(left / (root + root), 0.0))

    def rounded(self) -> Lanes:
        """Return the sum as one number."""
        return self.high + self.low

    def where(self, condition: Truths, other: Pair) -> Pair:
        """Return this pair where the condition holds, else another."""
        return Pair(condition.choose(self.high, other.high), condition.choose(self.low, other.low))


def constant(x: Lanes, parts: tuple[float, float]) -> Pair:
    """Return a constant that is given by two numbers; ``x`` is any value beside it."""
    high, low = parts
    return Pair(x.constant(high), x.constant(low))


def exact_sum(a: Lanes, b: Lanes | float) -> Pair:
    """Return a + b and what rounding it lost."""
    total = a + b
    seen = total - a
    return Pair(total, (a - (total - seen)) + (b - seen))


def ordered_sum(a: Lanes, b: Lanes) -> Pair:
    """Return a + b and what rounding it lost, where b is not larger than a, or a is 0."""
    total = a + b
    return Pair(total, b - (total - a))


def exact_product(a: Lanes, b: Lanes | float) -> Pair:
    """Return a·b and what rounding it lost."""
    return Pair(*a.times(b))
