"""The family's formulas, in the namespace of whatever array they are given: ``xp`` is NumPy, PyTorch or another.

All are written in :math:`e = e^{-|x|}`, which is at most 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import device

__all__ = ["log_sigmoid", "logit", "sigmoid", "sigmoid_derivative"]


def sigmoid(xp: Any, x: Any) -> Any:
    """Return 1 / (1 + e⁻ˣ)."""
    e = xp.exp(-xp.abs(x))
    whole = 1 + e
    # The numerator is e where x < 0 and 1 elsewhere: one look at each value, where choosing by a mask takes three.
    value = xp.exp(xp.minimum(x, _zero(xp, x))) / whole
    # What rounding lost of the sum 1 + e, exactly, for e is the lesser part (Dekker's two-sum).
    return value - value * ((e - (whole - 1)) / whole)


def logit(xp: Any, p: Any) -> Any:
    """Return log(p / (1 - p))."""
    # Near 1/2 the quotient is near 1 and its logarithm keeps few digits: log(0.5000001 / 0.4999999) has 9 left.
    # There 2p - 1 is exact, and logit(p) = 2 atanh(2p - 1).
    middle = xp.abs(p - 0.5) <= 0.25
    s = xp.where(middle, 2 * p - 1, xp.zeros_like(p))
    return xp.where(middle, 2 * xp.atanh(s), xp.log(p / (1 - p)))


def log_sigmoid(xp: Any, x: Any) -> Any:
    """Return -log(1 + e⁻ˣ)."""
    # The lesser of x and 0, whose slope at 0 is 1/2 to whoever follows it: chosen by a mask it is 0 there.
    return xp.minimum(x, _zero(xp, x)) - xp.log1p(xp.exp(-xp.abs(x)))


def sigmoid_derivative(xp: Any, x: Any) -> Any:
    """Return e⁻ˣ / (1 + e⁻ˣ)²."""
    e = xp.exp(-xp.abs(x))
    # (1 + e)² as 1 + e (2 + e): squaring a rounded 1 + e doubles its error.
    value = e / (1 + e * (2 + e))
    return value - value * _lost(e * (2 + e), 1 + e * (2 + e))


def _zero(xp: Any, x: Any) -> Any:
    return 0.0 if xp is np else xp.zeros((), dtype=x.dtype, device=device(x))


def _lost(part: Any, whole: Any) -> Any:
    # What rounding whole = 1 + part lost, exactly (Knuth's two-sum), as a part of it. Left in, it costs up to one unit
    # in the last place of the result: at x = -3.466, where e is just above a power of two and σ(x) just below.
    added = whole - 1
    return ((1 - (whole - added)) + (part - added)) / whole
