r"""Sine, cosine and tangent.

.. math:: x = k \frac{π}{2} + r, \qquad |r| \le \frac{π}{4}

The multiple of π/2 is taken off in three parts of 53 bits. The first leaves an exact difference, since x and k times
the part are multiples of :math:`2^{-52}` that agree to below 1, so that r keeps its digits however near x is to a
multiple of π/2. The sine and cosine of r are their Taylor polynomials, chosen and signed by k. From :math:`2^{30}` on,
where k would no longer be exact enough, the C library is asked, number by number.

Source: W. J. Cody and W. Waite, Software Manual for the Elementary Functions, Prentice-Hall, 1980, chapter 8.
"""

from __future__ import annotations

import math

from workings.expression.compiling.lanes.pairs import Pair, ordered_sum
from workings.expression.compiling.lanes.parts import nearest_integer, polynomial
from workings.expression.compiling.lanes.values import Integers, Lanes

__all__ = ["cos", "sin", "tan"]

# π/2 as three float64 numbers: each is what the ones before it lack, rounded.
_HALF_PI = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)
_FARTHEST = 2.0**30
# sin r = r + r³ S(r²) and cos r = 1 - r²/2 + r⁴ C(r²); the first terms left out are below 2^-60 at π/4.
_SINE = tuple((-1.0) ** n / math.factorial(2 * n + 1) for n in range(1, 9))
_COSINE = tuple((-1.0) ** n / math.factorial(2 * n) for n in range(2, 9))


def _reduced(x: Lanes) -> tuple[Lanes, Integers]:
    """Return r and k."""
    k, quadrant = nearest_integer(x, 2.0 / math.pi)
    for part in _HALF_PI:
        x = x.less(k, part)
    return x, quadrant


def _sine(r: Lanes) -> Pair:
    """Return sin r."""
    square = r * r
    return ordered_sum(r, square * r * polynomial(square, _SINE))


def _cosine(r: Lanes) -> Pair:
    """Return cos r."""
    square = r * r
    half = square * 0.5
    near = ordered_sum(r.constant(1.0), -half)
    return ordered_sum(near.high, near.low + square * square * polynomial(square, _COSINE))


def _turned(r: Lanes, quadrant: Integers) -> Lanes:
    """Return the sine of r + quadrant·π/2."""
    odd = (quadrant & 1).equals(1)
    sign = (quadrant & 2) << 62
    return (odd.choose(_cosine(r).high, _sine(r).high).bits() ^ sign).doubles()


def sin(x: Lanes) -> Lanes:
    """Return the sine, within 1.5 ulp."""
    r, quadrant = _reduced(x)
    value = x.equals(0.0).choose(x, _turned(r, quadrant))  # -0 keeps its sign
    return x.writer.each_lane("sin", x, where=abs(x) > _FARTHEST, otherwise=value)


def cos(x: Lanes) -> Lanes:
    """Return the cosine, within 1.5 ulp."""
    r, quadrant = _reduced(x)
    return x.writer.each_lane("cos", x, where=abs(x) > _FARTHEST, otherwise=_turned(r, quadrant + 1))


def tan(x: Lanes) -> Lanes:
    """Return the tangent, sin r / cos r, or -cos r / sin r after an odd number of quarter turns, within 2 ulp."""
    r, quadrant = _reduced(x)
    odd = (quadrant & 1).equals(1)
    sine, cosine = _sine(r), _cosine(r)
    value = ((-cosine).where(odd, sine) / sine.where(odd, cosine)).rounded()
    value = x.equals(0.0).choose(x, value)
    return x.writer.each_lane("tan", x, where=abs(x) > _FARTHEST, otherwise=value)
