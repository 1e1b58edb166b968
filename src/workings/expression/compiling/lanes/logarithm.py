r"""Logarithms, and the inverse hyperbolic functions that are logarithms.

.. math:: \ln x = k \ln 2 + \ln(1 + f), \qquad \sqrt{\tfrac12} \le 1 + f < \sqrt 2, \qquad
    \ln(1 + f) = 2 \operatorname{artanh} s = 2s + \tfrac23 s^3 + \tfrac25 s^5 + \dots, \qquad s = \frac{f}{2 + f}

Near 1, where the logarithm is small, f is exact. So that nothing is rounded beside it, the series is written as
:math:`f - \tfrac12 f^2 + s (\tfrac12 f^2 + R)`, where R stands for the terms from the cube on.

Source: P. T. P. Tang, Table-driven implementation of the logarithm function, ACM TOMS 16, 1990, for the reduction and
its errors; the form that keeps f is K. C. Ng's in FDLIBM, Sun Microsystems, 1993.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from workings.expression.compiling.lanes.pairs import Pair, constant, exact_product, exact_sum, ordered_sum
from workings.expression.compiling.lanes.parts import polynomial
from workings.expression.compiling.lanes.values import Lanes

__all__ = ["acosh", "asinh", "atanh", "log", "log1p", "log2", "log10"]

# ln 2 as two float64 numbers, the first so short that k times it is exact.
LN2_HIGH = 0.6931471805598903
LN2_LOW = 5.497923018708371e-14
# Each constant as two float64 numbers; for log10(2) the first is short, so that k times it is exact.
_LOG2_E = (1.4426950408889634, 2.0355273740931033e-17)
_LOG10_E = (0.4342944819032518, 1.098319650216765e-17)
_LOG10_2 = (0.30102999566383914, 1.42050232272661e-13)

_SMALLEST_NORMAL = 2.0**-1022
_ROOT_HALF_BITS = 0x3FE6_A09E_667F_3BCD
_SIGNIFICAND = (1 << 52) - 1
_INTEGER, _INTEGER_BITS = 2.0**52, 0x4330_0000_0000_0000
# 2/3, 2/5, ..., 2/25: |s| is at most 0.1716, and the first term left out is below 2^-60 of the sum.
_SERIES = tuple(2.0 / n for n in range(3, 26, 2))


@dataclass(frozen=True, eq=False)
class _Parts:
    """A logarithm as k ln 2 + f - half + rest."""

    k: Lanes
    f: Lanes
    half: Lanes
    rest: Lanes

    def natural(self) -> Lanes:
        """Return the natural logarithm."""
        low = self.k.times_plus(LN2_LOW, self.rest)
        return self.k * LN2_HIGH - ((self.half - low) - self.f)

    def mantissa(self) -> Pair:
        """Return ln(1 + f)."""
        main = ordered_sum(self.f, -self.half)
        return Pair(main.high, main.low + self.rest)


def split(x: Lanes) -> tuple[Lanes, Lanes]:
    """Return k and 1 + f for a positive number."""
    small = x < _SMALLEST_NORMAL
    bits = small.choose(x * 2.0**54, x).bits()
    above = bits - (_ROOT_HALF_BITS - (1023 << 52))
    # k, still with the bias of an exponent, becomes a float as the last bits of 2^52.
    k = ((above >> 52) | _INTEGER_BITS).doubles() - (_INTEGER + 1023.0)
    m = ((above & _SIGNIFICAND) + _ROOT_HALF_BITS).doubles()
    return small.choose(k - 54.0, k), m


def _series(k: Lanes, f: Lanes) -> _Parts:
    s = f / (f + 2.0)
    square = s * s
    half = f * f * 0.5
    return _Parts(k, f, half, s * (half + square * polynomial(square, _SERIES)))


def _defined(x: Lanes, value: Lanes) -> Lanes:
    """Return a logarithm of x where x is positive; it is -∞ at 0, NaN below, and +∞ and NaN stay what they are."""
    value = (x < math.inf).choose(value, x)
    return (x > 0.0).choose(value, x.equals(0.0).choose(-math.inf, (x < 0.0).choose(math.nan, x)))


def log(x: Lanes) -> Lanes:
    """Return the natural logarithm, within 1 ulp."""
    k, m = split(x)
    return _defined(x, _series(k, m - 1.0).natural())


def log2(x: Lanes) -> Lanes:
    """Return the logarithm to base 2, within 1 ulp; exact at powers of 2."""
    k, m = split(x)
    part = _series(k, m - 1.0).mantissa() * constant(x, _LOG2_E)
    total = ordered_sum(k, part.high)
    return _defined(x, total.high + (total.low + part.low))


def log10(x: Lanes) -> Lanes:
    """Return the logarithm to base 10, within 1 ulp; exact at powers of 10."""
    k, m = split(x)
    part = _series(k, m - 1.0).mantissa() * constant(x, _LOG10_E)
    high, low = _LOG10_2
    total = exact_sum(k * high, part.high)
    return _defined(x, total.high + (total.low + k.times_plus(low, part.low)))


def log1p(x: Lanes) -> Lanes:
    """Return ln(1 + x), within 1 ulp."""
    return _log1p(Pair(x, x.constant(0.0)), x + 1.0).with_sign_of(x)


def _log1p(x: Pair, whole: Lanes, doublings: Lanes | float = 0.0) -> Lanes:
    r"""Return ln(1 + x) + doublings·ln 2 for x > -1.

    With u the rounded 1 + x and c what rounding lost, it is :math:`\ln u + c/u`, short of :math:`c^2 / 2u^2`, which
    is below 2^-106.
    """
    total = exact_sum(x.high, 1.0)
    k, m = split(total.high)
    parts = _series(k, m - 1.0)
    lost = (total.low + x.low) / total.high
    value = _Parts(k + doublings, parts.f, parts.half, parts.rest + lost).natural()
    return _defined(whole, value)


def asinh(x: Lanes) -> Lanes:
    r"""Return the inverse of sinh, :math:`\pm \ln(1 + a + a^2 / (1 + \sqrt{1 + a^2}))` with a = |x|, within 1.5 ulp."""
    large = abs(x) > 2.0**28  # there it is ln 2a to the last digit, and a² may be infinite
    a = large.choose(0.0, abs(x))
    square = exact_product(a, a)
    argument = square / ((square + 1.0).sqrt() + 1.0) + a
    argument = exact_sum(abs(x), -1.0).where(large, argument)
    return _log1p(argument, argument.high + 1.0, large.choose(1.0, 0.0)).with_sign_of(x)


def acosh(x: Lanes) -> Lanes:
    r"""Return the inverse of cosh for x >= 1, :math:`\ln(1 + t + \sqrt{2t + t^2})` with t = x - 1, within 1.5 ulp."""
    large = x > 2.0**28  # there it is ln 2x to the last digit
    t = exact_sum(large.choose(1.0, x), -1.0)
    argument = (t * t + t * 2.0).sqrt() + t
    argument = exact_sum(x, -1.0).where(large, argument)
    value = _log1p(argument, argument.high + 1.0, large.choose(1.0, 0.0))
    return (x < 1.0).choose(math.nan, value)


def atanh(x: Lanes) -> Lanes:
    r"""Return the inverse of tanh, :math:`\pm\tfrac12 \ln(1 + 2a / (1 - a))` with a = |x|, within 1.5 ulp."""
    a = abs(x)
    argument = Pair(a + a, a.constant(0.0)) / exact_sum(-a, 1.0)
    value = _log1p(argument, argument.high + 1.0) * 0.5
    value = a.equals(1.0).choose(math.inf, (a > 1.0).choose(math.nan, value))
    return value.with_sign_of(x)
