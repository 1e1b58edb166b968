r"""The exponential and what is made of it.

.. math:: e^x = 2^k e^r, \qquad k = \operatorname{round}(x / \ln 2), \qquad |r| \le \tfrac12 \ln 2

The multiple of ln 2 is taken off in two parts, the first so short that k times it is exact, and :math:`e^r` is its
Taylor polynomial; the first term left out is below a quarter of a unit in the last place.

Source: W. J. Cody and W. Waite, Software Manual for the Elementary Functions, Prentice-Hall, 1980, chapter 6.
"""

from __future__ import annotations

import math

from workings.expression.compiling.lanes.logarithm import LN2_HIGH, LN2_LOW, log1p
from workings.expression.compiling.lanes.pairs import Pair, exact_product, ordered_sum
from workings.expression.compiling.lanes.parts import nearest_integer, polynomial, power_of_two, scaled
from workings.expression.compiling.lanes.values import Lanes

__all__ = ["cosh", "exp", "exp_of", "expm1", "normal_pdf", "sigmoid", "sinh", "softplus", "tanh"]

_LOG2_E = 1.0 / math.log(2.0)
_ROOT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)
_TAYLOR = tuple(1.0 / math.factorial(n) for n in range(2, 14))


def _parts(x: Lanes) -> tuple[Lanes, Lanes, Lanes]:
    """Return k, r and q with :math:`e^r = 1 + r + r^2 q`."""
    k, _ = nearest_integer(x, _LOG2_E)
    r = k.times_plus(-LN2_LOW, k.times_plus(-LN2_HIGH, x))
    return k, r, polynomial(r, _TAYLOR)


def exp(x: Lanes) -> Lanes:
    """Return e^x, within 1 ulp."""
    k, r, q = _parts(_bounded(x))
    return scaled(1.0 + (r * r).times_plus(q, r), k)


def exp_of(x: Pair) -> Lanes:
    """Return e to the power of a pair, within 1 ulp."""
    k, r, q = _parts(_bounded(x.high))
    low = (abs(x.high) < 750.0).choose(x.low, 0.0)  # beyond, it may be large, and nothing is left for it to say
    rest = r * r * q
    return scaled(1.0 + (r + low.times_plus(1.0 + (r + rest), rest)), k)


def _bounded(x: Lanes) -> Lanes:
    """Return x within the range beyond which its exponential is 0 or infinite."""
    return x.at_least(-746.0).at_most(710.0)


def expm1(x: Lanes) -> Lanes:
    r"""Return :math:`e^x - 1 = 2^k ((e^r - 1) + (1 - 2^{-k}))`, within 1.2 ulp: near 0 k is 0, and nothing cancels."""
    k, value = _expm1(x.at_least(-40.0).at_most(710.0))  # below -37.5 it is -1 to the last digit
    return scaled(value.rounded(), k).with_sign_of(x)


def _expm1(x: Lanes) -> tuple[Lanes, Pair]:
    """Return k and (e^x - 1) / 2^k for x >= -40."""
    k, r, q = _parts(x)
    small = ordered_sum(r, r * r * q)
    total = ordered_sum((x > 60.0).choose(1.0, 1.0 - power_of_two(-k)), small.high)
    return k, Pair(total.high, total.low + small.low)


def _expm1_pair(x: Lanes) -> Pair:
    """Return e^x - 1 for -40 <= x <= 40, to twice the digits of its last rounding."""
    k, value = _expm1(x)
    power = power_of_two(k)
    return Pair(value.high * power, value.low * power)


def sigmoid(x: Lanes) -> Lanes:
    r"""Return :math:`1 / (1 + e^{-x})`, below 0 as :math:`e^x / (1 + e^x)`, within 1.5 ulp.

    With :math:`e = e^{-|x|}` it is r or e·r for one reciprocal :math:`r = 1 / (1 + e)`, which is corrected by what it
    lacks, :math:`1 - r (1 + e)`, the rounding of 1 + e included. So σ(x) and σ(-x) need one division.
    """
    e = exp(-abs(x))
    whole = ordered_sum(x.constant(1.0), e)
    r = 1.0 / whole.high
    low = r * x.constant(1.0).less(r, whole.high).less(r, whole.low)
    return (x >= 0.0).choose(r + low, e.times_plus(r, e * low))


def softplus(x: Lanes) -> Lanes:
    r"""Return :math:`\ln(1 + e^x) = \max(x, 0) + \ln(1 + e^{-|x|})`, within 1.5 ulp."""
    return x.at_least(0.0) + log1p(exp(-abs(x)))


def tanh(x: Lanes) -> Lanes:
    r"""Return the hyperbolic tangent, :math:`\pm (-t) / (2 + t)` with :math:`t = e^{-2|x|} - 1`, within 1.5 ulp."""
    t = _expm1_pair((abs(x) * -2.0).at_least(-40.0))  # there it is 1 to the last digit
    return (-t / (ordered_sum(x.constant(2.0), t.high) + t.low)).rounded().with_sign_of(x)


def sinh(x: Lanes) -> Lanes:
    r"""Return the hyperbolic sine, :math:`\pm\tfrac12 (t + t / (1 + t))`, :math:`t = e^{|x|} - 1`, within 1.1 ulp."""
    a = abs(x)
    t = _expm1_pair(a.at_most(30.0))
    value = (t + t / (t + 1.0)).rounded() * 0.5
    return (a > 22.0).choose(_half_exp(a), value).with_sign_of(x)


def cosh(x: Lanes) -> Lanes:
    r"""Return the hyperbolic cosine, :math:`h + 1 / 4h` with :math:`h = \tfrac12 e^{|x|}`, within 1.5 ulp."""
    half = _half_exp(abs(x))
    return half + 0.25 / half


def _half_exp(x: Lanes) -> Lanes:
    """Return e^x / 2, which is finite a little longer than e^x."""
    k, r, q = _parts(x.at_most(712.0))
    return scaled(1.0 + (r * r).times_plus(q, r), k - 1.0)


def normal_pdf(z: Lanes) -> Lanes:
    r"""Return the normal density :math:`e^{-z^2/2} / \sqrt{2π}`, within 2 ulp.

    Rounding the square of z = 37 would cost 340 ulp: it is kept to twice the digits.
    """
    square = exact_product(z.at_most(40.0).at_least(-40.0), z.at_most(40.0).at_least(-40.0))
    return exp_of(Pair(square.high * -0.5, square.low * -0.5)) * _ROOT_TWO_PI
