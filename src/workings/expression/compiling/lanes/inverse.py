r"""Inverse trigonometric functions: all are the angle of a point (b, a).

.. math:: \operatorname{atan} \frac{a}{b} = \operatorname{atan} c + \operatorname{atan} \frac{a - c b}{b + c a}

for :math:`0 \le a \le b`, with c the multiple of 1/4 nearest to a/b. The last quotient is at most 1/8, and its arc
tangent is its Taylor polynomial.

Source: W. J. Cody and W. Waite, Software Manual for the Elementary Functions, Prentice-Hall, 1980, chapter 11.
"""

from __future__ import annotations

import math

from workings.expression.compiling.lanes.pairs import Pair, constant, exact_product, exact_sum, ordered_sum
from workings.expression.compiling.lanes.parts import polynomial
from workings.expression.compiling.lanes.values import Lanes, Truths

__all__ = ["acos", "asin", "atan", "atan2"]

# atan t = t + t³ A(t²); the first term left out is below 2^-60 of t at 1/8.
_ARC_TANGENT = tuple((-1.0) ** n / (2 * n + 1) for n in range(1, 10))
# atan(c) for c = 1/4, 1/2, 3/4, 1, and π/2 and π, each as two float64 numbers.
_ANGLES = {
    0.25: (0.24497866312686414, 1.0698755618734451e-17),
    0.5: (0.4636476090008061, 2.2698777452961687e-17),
    0.75: (0.6435011087932844, 1.5834785051444286e-17),
    1.0: (0.7853981633974483, 3.061616997868383e-17),
}
_HALF_PI = (1.5707963267948966, 6.123233995736766e-17)
_PI = (3.141592653589793, 1.2246467991473532e-16)


def _angle(a: Pair, b: Pair, flipped: Truths) -> Pair:
    """Return the angle of (b, a) for 0 <= a <= b, and what it lacks to π/2 where the two have been exchanged."""
    zero = a.high.constant(0.0)
    c, start = zero, Pair(zero, zero)
    for step, angle in _ANGLES.items():
        beyond = a.high > b.high * (step - 0.125)
        c = beyond.choose(step, c)
        start = constant(zero, angle).where(beyond, start)
    above = exact_product(c, b.high)
    beside = exact_product(c, a.high)
    numerator = Pair((a.high - above.high) - above.low, a.low - c * b.low)
    denominator = exact_sum(b.high, beside.high)
    denominator = Pair(denominator.high, denominator.low + (beside.low + b.low))
    t = numerator / denominator
    square = t.high * t.high
    small = Pair(t.high, t.low + t.high * square * polynomial(square, _ARC_TANGENT))
    total = ordered_sum(start.high, small.high)
    found = ordered_sum(total.high, total.low + (start.low + small.low))
    return (constant(zero, _HALF_PI) + -found).where(flipped, found)


def _ordered(a: Pair, b: Pair) -> Pair:
    """Return the angle of (b, a) for a, b >= 0, whichever is larger."""
    flipped = a.high > b.high
    return _angle(b.where(flipped, a), a.where(flipped, b), flipped)


def atan(x: Lanes) -> Lanes:
    """Return the inverse of tan, within 1 ulp."""
    a = abs(x).at_most(2.0**100)  # there it is π/2 to the last digit
    zero = x.constant(0.0)
    return _ordered(Pair(a, zero), Pair(x.constant(1.0), zero)).rounded().with_sign_of(x)


def _other_side(x: Lanes) -> Pair:
    """Return sqrt(1 - x²), NaN beyond 1."""
    square = exact_product(x, x)
    rest = exact_sum(-square.high, 1.0)
    return Pair(rest.high, rest.low - square.low).sqrt()


def asin(x: Lanes) -> Lanes:
    """Return the inverse of sin, the angle whose sides are x and sqrt(1 - x²), within 1 ulp."""
    return _ordered(Pair(abs(x), x.constant(0.0)), _other_side(x)).rounded().with_sign_of(x)


def acos(x: Lanes) -> Lanes:
    """Return the inverse of cos, the angle whose sides are sqrt(1 - x²) and x, within 1 ulp."""
    angle = _ordered(_other_side(x), Pair(abs(x), x.constant(0.0)))
    return (constant(x, _PI) + -angle).where(x < 0.0, angle).rounded()


def atan2(y: Lanes, x: Lanes) -> Lanes:
    """Return the angle of the point (x, y), from -π to π, within 1 ulp; signs of zero count as IEEE 754 has it."""
    a, b = abs(y), abs(x)
    # Infinite sides: only whether both are, or which one is, counts. No side at all counts as the way to the right.
    infinite = a.equals(math.inf) | b.equals(math.inf)
    a = infinite.choose(a.equals(math.inf).choose(1.0, 0.0), a)
    b = infinite.choose(b.equals(math.inf).choose(1.0, 0.0), b)
    b = (a.equals(0.0) & b.equals(0.0)).choose(1.0, b)
    # Sides near the ends of the range are brought to its middle, so that products neither overflow nor vanish.
    longest = (a > b).choose(a, b)
    scale = (longest > 2.0**900).choose(2.0**-200, (longest < 2.0**-800).choose(2.0**200, 1.0))
    a, b = a * scale, b * scale
    zero = x.constant(0.0)
    angle = _ordered(Pair(a, zero), Pair(b, zero))
    left = (x.bits() >> 63).equals(1)
    value = (constant(x, _PI) + -angle).where(left, angle).rounded().with_sign_of(y)
    return (x.differs(x) | y.differs(y)).choose(math.nan, value)
