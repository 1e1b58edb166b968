r"""The compiled loop of the sigmoid, for large arrays: one pass at the speed of memory.

.. math:: σ(x) = \frac{1}{1 + e^{-|x|}}\ (x \ge 0), \qquad σ(x) = \frac{e^{-|x|}}{1 + e^{-|x|}}\ (x < 0)

The exponential is written out, so that the compiler makes vector instructions of it: :math:`e^{-a} = 2^k e^r`
with k the nearest integer to :math:`-a / \ln 2`, :math:`|r| \le \ln 2 / 2`, and :math:`e^r = 1 + r + r^2 q(r)` with
the polynomial q that keeps the largest relative error of eʳ least (Remez 1934): two terms fewer than Taylor's for as
many digits. There is no branch and no table in the loop.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["sigmoid_float32", "sigmoid_float64"]


def _kernel(
    real: Any,
    integer: Any,
    *,
    digits: int,
    exponent_bias: int,
    smallest: int,
    end: float,
    ln2_bits: int,
    q: tuple[float, ...],
) -> Callable[[NDArray[Any], NDArray[Any]], None]:
    """Return the loop for one floating-point format.

    Parameters
    ----------
    real, integer
        The format and the integers of its width.
    digits
        Bits of its significand after the point.
    exponent_bias
        Of its exponents.
    smallest
        The least exponent of a normal number.
    end
        Beyond ``-end`` the result is 0: there eˣ is less than half the least positive number.
    ln2_bits
        How many bits of ln 2 are in its first part: k times it is then exact, for every k that occurs.
    q
        The coefficients of q from the highest power down.
    """
    log2_e = real(1.0 / math.log(2.0))
    # Adding 1.5·2^digits leaves the nearest integer in the low bits of the significand; subtracting it gives it back.
    shift = real(1.5 * 2.0**digits)
    ln2_high = real(math.floor(math.log(2.0) * 2.0**ln2_bits) / 2.0**ln2_bits)
    # ln 2 beyond float64's digits: 0.693147180559945309417232121458 less its float64 is 2.319046813846299558e-17.
    ln2_low = real((math.log(2.0) - float(ln2_high)) + 2.319046813846299558e-17)
    leading, coefficients = real(q[0]), tuple(real(c) for c in q[1:])
    zero, one, last = real(0.0), real(1.0), real(end)
    bias, place, floor = integer(exponent_bias), integer(digits), integer(smallest)

    @njit(nogil=True, cache=True, fastmath={"contract"}, error_model="numpy")
    def loop(x: NDArray[Any], out: NDArray[Any]) -> None:
        for i in range(x.size):
            a = abs(x[i])
            # Written so that NaN, for which every comparison is false, goes through.
            a = last if a > last else a
            shifted = shift - a * log2_e
            k = shifted - shift
            r = (-a - k * ln2_high) - k * ln2_low
            p = leading
            for c in coefficients:
                p = p * r + c
            e = one + (r + r * r * p)
            exponent = real(shifted).view(integer) - real(shift).view(integer)
            # Below the normal numbers the power of two is split, so that the result is rounded once, at the end.
            main = max(exponent, floor)
            e = e * integer((main + bias) << place).view(real)
            rest = integer((exponent - main + bias) << place).view(real)
            positive = x[i] >= zero
            whole = one + e
            above = one if positive else e
            value = above / whole
            # What is left of the numerator once 1 + e has all its digits again; the reciprocal of 1 + e is σ(|x|),
            # which needs no second division.
            left = (above - value * whole) - value * (e - (whole - one))
            out[i] = (value + left * (value if positive else one - value)) * (one if positive else rest)

    return loop


# The largest relative error of eʳ is 2^-56.3 and 2^-28.3 before the loop rounds; a test finds it again.
Q_FLOAT64 = (
    2.5000072190215835908e-8,
    2.7630234052893853751e-7,
    2.7557586267432880822e-6,
    2.4801493135841673092e-5,
    1.984126950677774685e-4,
    1.3888888943597998771e-3,
    8.3333333334943342171e-3,
    4.1666666666530264975e-2,
    0.16666666666666412773,
    0.50000000000000106168,
)
Q_FLOAT32 = (1.3814613121415e-3, 8.3687098914549e-3, 4.1668387367784e-2, 0.16666520689279, 0.49999993451671)

sigmoid_float64 = _kernel(
    np.float64, np.int64, digits=52, exponent_bias=1023, smallest=-1022, end=746.0, ln2_bits=42, q=Q_FLOAT64
)
sigmoid_float32 = _kernel(
    np.float32, np.int32, digits=23, exponent_bias=127, smallest=-126, end=104.0, ln2_bits=16, q=Q_FLOAT32
)
