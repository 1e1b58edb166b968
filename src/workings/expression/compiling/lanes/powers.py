r"""Powers and roots.

.. math:: a^b = e^{b \ln a}

needs the logarithm to more digits than it returns: :math:`b \ln a` may be 700, of which the exponential looks at the
digits behind the point. So the first two terms of the logarithm's series are computed to twice the digits.

Source: P. T. P. Tang, Table-driven implementation of the exponential function, ACM TOMS 15, 1989, and of the logarithm
function, ACM TOMS 16, 1990, for the errors; powers by whole numbers by D. E. Knuth, The Art of Computer Programming,
volume 2, 1969, section 4.6.3.
"""

from __future__ import annotations

import math

from workings.expression.compiling.lanes.exponential import exp_of
from workings.expression.compiling.lanes.logarithm import LN2_HIGH, LN2_LOW, split
from workings.expression.compiling.lanes.pairs import Pair, constant, exact_product, exact_sum
from workings.expression.compiling.lanes.parts import nearest_integer, polynomial, power_of_two
from workings.expression.compiling.lanes.values import Lanes

__all__ = ["cbrt", "power", "whole_power"]

_TWO_THIRDS = (0.6666666666666666, 3.700743415417188e-17)
# 2/5, 2/7, ...: what is left of the series in artanh.
_REST = tuple(2.0 / n for n in range(5, 26, 2))
# A parabola within 3% of the cube root from 0.35 to 2.83, fitted at Chebyshev's points.
_CUBE_ROOT = (0.5623, 0.4925, -0.0690)


def _logarithm(x: Lanes) -> Pair:
    """Return ln x of a positive number, to about 2^-66 of it."""
    k, m = split(x)
    f = m - 1.0
    s = Pair(f, f.constant(0.0)) / exact_sum(f, 2.0)
    square = s * s
    cube = square * s * constant(x, _TWO_THIRDS)
    rest = square.high * square.high * s.high * polynomial(square.high, _REST)
    small = Pair(s.high + s.high, s.low + s.low) + Pair(cube.high, cube.low + rest)
    whole = exact_product(k, LN2_HIGH)  # which is exact
    return Pair(whole.high, k * LN2_LOW) + small


def power(a: Lanes, b: Lanes) -> Lanes:
    """Return a^b, within 1 ulp, with the special values of IEEE 754's pow."""
    size = abs(a)
    logarithm = _logarithm((size < math.inf).choose(size, 1.0))
    # Beyond these bounds the result is 0, 1 or infinite, and products stay finite.
    exponent = b.at_least(-(2.0**66)).at_most(2.0**66)
    product = logarithm * exponent
    value = exp_of(product)
    zero, infinite = size.equals(0.0), size.equals(math.inf)
    value = zero.choose((b > 0.0).choose(0.0, math.inf), value)
    value = infinite.choose((b > 0.0).choose(math.inf, 0.0), value)
    whole = b.floor().equals(b)
    half = b * 0.5
    odd = whole & half.floor().differs(half) & (abs(b) < 2.0**53)
    negative = (a.bits() >> 63).equals(1)
    value = (negative & odd).choose(-value, value)
    value = ((a < 0.0) & (a > -math.inf) & ~whole).choose(math.nan, value)
    value = (a.differs(a) | b.differs(b)).choose(math.nan, value)
    never = a.equals(1.0) | b.equals(0.0) | (a.equals(-1.0) & abs(b).equals(math.inf))
    return never.choose(1.0, value)


def whole_power(x: Lanes, exponent: int) -> Lanes:
    """Return x to a whole power other than 0, by squaring, within 1 ulp.

    Every product keeps what its rounding loses, so that sixty-four factors round as one. A negative power is that of
    the reciprocal: the reciprocal of a power would be 0 where the power overflows (x = 1e160 to the power -2).
    """
    base = Pair(x, x.constant(0.0))
    if exponent < 0:
        inverse = 1.0 / x
        base = Pair(inverse, x.constant(1.0).less(x, inverse) * inverse)
    value, plain = base, base.high
    for bit in f"{abs(exponent):b}"[1:]:
        value, plain = value * value, plain * plain
        if bit == "1":
            value, plain = value * base, plain * base.high
    # Where a product is infinite or NaN, what it lost is NaN: there nothing was lost that counts.
    exact = value.rounded()
    found = (abs(exact) < math.inf).choose(exact, plain)
    return found.with_sign_of(x) if exponent % 2 else found  # what the rounding lost of -0 is +0, and so is their sum


def cbrt(x: Lanes) -> Lanes:
    r"""Return the cube root, within 1 ulp.

    With :math:`|x| = m 8^q` it is :math:`2^q \sqrt[3]{m}`, by Halley's iteration, which triples the digits; the last
    step is Newton's, with the cube to twice the digits.
    """
    ordinary = (abs(x) > 0.0) & (abs(x) < math.inf)
    k, m = split(ordinary.choose(abs(x), 1.0))
    q, _ = nearest_integer(k, 1.0 / 3.0)
    left = k - q * 3.0  # -1, 0 or 1
    m = m * (left > 0.5).choose(2.0, (left < -0.5).choose(0.5, 1.0))
    root = polynomial(m, _CUBE_ROOT)
    for _ in range(2):
        cube = root * root * root
        root = root * (cube + 2.0 * m) / (2.0 * cube + m)
    square = exact_product(root, root)
    cube = square * root
    root = root - ((cube.high - m) + cube.low) / (3.0 * square.high)
    return ordinary.choose((root * power_of_two(q)).with_sign_of(x), x)
