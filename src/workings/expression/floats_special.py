"""Special functions of the float evaluation, by SciPy, which is loaded when the first of them is computed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from workings.expression.floats import as_float, as_value

__all__ = ["gamma", "loggamma", "normal_cdf", "normal_pdf", "polygamma", "special"]

_EULER_MACLAURIN = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000)  # B₂ⱼ/(2j)!


def special(name: str) -> Callable[[Any], Any]:
    """Return a function of SciPy of one real argument."""

    def apply(value: Any) -> Any:
        return as_value(getattr(importlib.import_module("scipy.special"), name)(as_float(value)))

    return apply


def gamma(value: Any) -> Any:
    """Return the gamma function, by Γ(x + 16)/(x·(x + 1)···(x + 15)) where SciPy's is 0 too soon (x = -171.5)."""
    from scipy.special import gamma as scipy_gamma

    x = as_float(value)
    result = scipy_gamma(x)
    small = (x < -170) & (x > -190)
    if np.any(small):
        lifted = scipy_gamma(x + 16)
        for step in range(16):
            lifted = lifted / (x + step)
        result = np.where(small, lifted, result)
    return as_value(result)


def loggamma(value: Any) -> Any:
    """Return log|Γ(x)|, which is -log|x| near 0, where SciPy's overflows (x = 1e-310)."""
    from scipy.special import gammaln

    x = as_float(value)
    result = np.where(np.abs(x) < 1e-20, -np.log(np.abs(x)), gammaln(x))
    return as_value(np.where(x == -np.inf, np.nan, result))


def normal_cdf(value: Any) -> Any:
    """Return the probability that a standard normal variable is at most z, down to the smallest float (z = -38.4)."""
    from scipy.special import log_ndtr, ndtr

    z = as_float(value)
    return as_value(np.where(z < -37, np.exp(log_ndtr(z)), ndtr(z)))


def normal_pdf(value: Any) -> Any:
    """Return the density exp(-z²/2)/√(2π) of the standard normal distribution."""
    z = as_float(value)
    return as_value(np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi))


def polygamma(order: Any, value: Any) -> Any:
    r"""Return the derivative of order n of the digamma function.

    .. math:: \psi^{(n)}(x) = (-1)^{n+1}\, n!\, \zeta(n + 1, x), \qquad \zeta(s, x) = \sum_{k \ge 0} (x + k)^{-s}

    Below 0 the terms with x + k < 0 are those of two sums that begin above 0. (SciPy's ``polygamma`` adds up all of
    them, which does not end at x = -1e15, and is NaN where the factorial alone overflows: n = 300, x = 100.)

    Source: NIST Digital Library of Mathematical Functions, 5.15.1.
    """
    from scipy.special import digamma

    n, x = np.broadcast_arrays(as_float(order), as_float(value))
    natural = (n >= 0) & (n < np.inf) & (n == np.floor(n))
    s = np.where(natural & (n > 0), n, 1.0) + 1
    sign = np.where(s % 2 == 0, 1.0, -1.0)
    zeros = (x < 0) & (sign < 0) & (x - np.floor(x) == 0.5)  # there the two sides cancel but for what is far away
    x = np.where(zeros, 1 - x, x)
    right, left = x - np.floor(x), np.floor(x) + 1 - x  # how far 0 is from the nearest points x + k on its two sides
    nearest = np.where(x > 0, x, np.minimum(right, left))
    unit = np.maximum(nearest, 1e-150)
    total = _zeta(s, np.where(x > 0, x, right), unit)
    if np.any(x <= 0):
        total = np.where(x > 0, total, total + sign * (_zeta(s, left, unit) - _zeta(s, 1 - x, unit)))
    value = sign * _with_factorial(s, unit, total)
    pole = (x <= 0) & (nearest == 0)
    value = np.where(pole, np.where(sign > 0, np.inf, np.where(x == 0, -np.inf, np.nan)), value)
    value = np.where(np.isinf(x), np.where(x > 0, 0.0, np.nan), value)
    return as_value(np.where(natural, np.where(n == 0, digamma(x), value), np.nan))


def _zeta(s: Any, x: Any, unit: Any) -> Any:
    """Return ζ(s, x)·u^(s - 1) for x > 0: forty terms, and Euler-Maclaurin for the rest.

    Where x + 40 is not large beside s, which Euler-Maclaurin needs, the terms have become too small to matter.
    """
    total = np.zeros_like(x)
    for k in range(40):
        total = total + np.exp(-s * np.log((x + k) / unit))
    y = x + 40
    power = np.exp(-s * np.log(y / unit))
    total = (total + power / 2) / unit + power * (y / unit) / (s - 1)
    factor = power * (s / y) / unit
    for j, coefficient in enumerate(_EULER_MACLAURIN):
        total = total + coefficient * factor
        factor = factor * ((s + 2 * j + 1) / y) * ((s + 2 * j + 2) / y)
    return total


def _with_factorial(s: Any, unit: Any, total: Any) -> Any:
    """Return (s - 1)!·u^(1 - s)·t, by logarithms where a factor alone leaves the range."""
    from scipy.special import gamma as scipy_gamma
    from scipy.special import gammaln

    factorial, power = scipy_gamma(s), unit ** (1 - s)
    plain = factorial * power * total
    by_logarithms = np.sign(total) * np.exp(gammaln(s) + (1 - s) * np.log(unit) + np.log(np.abs(total)))
    return np.where(np.isfinite(factorial) & np.isfinite(power) & (power > 1e-300), plain, by_logarithms)
