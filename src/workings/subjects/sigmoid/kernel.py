r"""The compiled loop of the sigmoid, for large arrays: one pass at the speed of memory.

.. math:: σ(x) = \frac{1}{1 + e^{-|x|}}\ (x \ge 0), \qquad σ(x) = \frac{e^{-|x|}}{1 + e^{-|x|}}\ (x < 0)

The exponential is written out, so that the compiler makes vector instructions of it: :math:`e^{-a} = 2^k e^r`
with k the nearest integer to :math:`-a / \ln 2`, :math:`|r| \le \ln 2 / 2`, and eʳ as its Taylor polynomial.
There is no branch and no table in the loop.
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
    real: Any, integer: Any, *, digits: int, exponent_bias: int, smallest: int, end: float, ln2_bits: int, terms: int
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
    terms
        The degree of the Taylor polynomial: the term left out, (ln 2 / 2)^(terms + 1) / (terms + 1)!, is below half
        a unit in the last place.
    """
    log2_e = real(1.0 / math.log(2.0))
    # Adding 1.5·2^digits leaves the nearest integer in the low bits of the significand; subtracting it gives it back.
    shift = real(1.5 * 2.0**digits)
    ln2_high = real(math.floor(math.log(2.0) * 2.0**ln2_bits) / 2.0**ln2_bits)
    # ln 2 beyond float64's digits: 0.693147180559945309417232121458 less its float64 is 2.319046813846299558e-17.
    ln2_low = real((math.log(2.0) - float(ln2_high)) + 2.319046813846299558e-17)
    coefficients = tuple(real(1.0 / math.factorial(k)) for k in range(terms, 1, -1))
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
            q = zero
            for c in coefficients:
                q = q * r + c
            e = one + (r + r * r * q)
            exponent = real(shifted).view(integer) - real(shift).view(integer)
            # Below the normal numbers the power of two is split, so that the result is rounded once, at the end.
            main = max(exponent, floor)
            e = e * integer((main + bias) << place).view(real)
            rest = integer((exponent - main + bias) << place).view(real)
            positive = x[i] >= zero
            whole = one + e
            value = (one if positive else e) / whole
            # What rounding 1 + e lost, as a part of it; its reciprocal is σ(|x|), which needs no second division.
            lost = (e - (whole - one)) * (value if positive else one - value)
            out[i] = (value - value * lost) * (one if positive else rest)

    return loop


sigmoid_float64 = _kernel(
    np.float64, np.int64, digits=52, exponent_bias=1023, smallest=-1022, end=746.0, ln2_bits=42, terms=13
)
sigmoid_float32 = _kernel(
    np.float32, np.int32, digits=23, exponent_bias=127, smallest=-126, end=104.0, ln2_bits=16, terms=7
)
