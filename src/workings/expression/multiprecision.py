"""Arithmetic of the mpmath evaluation: real numbers at a chosen number of digits, integers exact.

Each function takes an mpmath context of its own thread (mpmath's global one is not safe to share) and values that are
Python ints, booleans or numbers of that context. Outside the real domain, and for 0/0, the value is NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = [
    "compare",
    "divide",
    "exponential",
    "exponential_minus_one",
    "indicator",
    "integers_stay",
    "logarithm",
    "maximum",
    "minimum",
    "normal_cdf",
    "normal_quantile",
    "power",
    "sigmoid",
    "square_root",
    "trigonometric",
    "where",
]

_POWER_BITS = 100_000
_EXPONENT_BITS = 64  # exp(2**64) needs an exponent of 64 bits; beyond, the value is infinite (or 0) for every purpose
_ANGLE_BITS = 10_000  # reducing a larger angle needs as many bits of pi


def integers_stay(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operation of Python's own (+, -, ×, absolute value, ...) in this module's calling form."""

    def apply(mp: Any, *args: Any) -> Any:
        return operation(*(int(arg) if isinstance(arg, bool) else arg for arg in args))

    return apply


def divide(mp: Any, a: Any, b: Any) -> Any:
    """Return a / b; over 0 it is NaN for 0 and else infinite."""
    if b == 0:
        return mp.nan if a == 0 or mp.isnan(a) else mp.inf * mp.sign(a)
    return mp.mpf(a) / b


def power(mp: Any, a: Any, b: Any) -> Any:
    """Return a to the power b."""
    if isinstance(a, int) and isinstance(b, int) and b >= 0 and a.bit_length() * b <= _POWER_BITS:
        return int(a) ** int(b)
    if b == 0 or a == 1:
        return mp.one
    if mp.isnan(a) or mp.isnan(b):
        return mp.nan
    if a == 0:
        return mp.zero if b > 0 else mp.inf
    if mp.isinf(b):
        size = abs(mp.mpf(a))
        return mp.one if size == 1 else mp.inf if (size > 1) == (b > 0) else mp.zero
    whole = mp.isint(b)
    if a < 0 and not whole:
        return mp.nan
    if mp.isinf(a):
        odd = whole and int(b) % 2 == 1
        return (-mp.inf if a < 0 and odd else mp.inf) if b > 0 else mp.zero
    size = exponential(mp, mp.mpf(b) * mp.log(abs(mp.mpf(a)))) if mp.mag(b) > _EXPONENT_BITS else None
    if size is not None:
        return -size if a < 0 and int(b) % 2 == 1 else size
    return mp.mpf(a) ** (int(b) if whole else b)


def square_root(mp: Any, x: Any) -> Any:
    """Return the square root, NaN below 0."""
    return mp.nan if x < 0 else mp.sqrt(x)


def exponential(mp: Any, x: Any) -> Any:
    """Return exp(x)."""
    if mp.isfinite(x) and mp.mag(x) > _EXPONENT_BITS:
        return mp.inf if x > 0 else mp.zero
    return mp.exp(x)


def exponential_minus_one(mp: Any, x: Any) -> Any:
    """Return exp(x) - 1 without cancellation."""
    if not mp.isfinite(x) or mp.mag(x) > _EXPONENT_BITS:
        return exponential(mp, x) - 1
    return mp.expm1(x)


def logarithm(*, base: int | None = None, shift: int = 0) -> Callable[..., Any]:
    """Return the logarithm of shift + x to a base (e by default)."""

    def apply(mp: Any, x: Any) -> Any:
        if mp.isnan(x) or x < -shift:
            return mp.nan
        if x == -shift:
            return -mp.inf
        if mp.isinf(x):
            return mp.inf
        if shift:
            return mp.log1p(x)
        return mp.log(x) if base is None else mp.log(x, base)

    return apply


def trigonometric(name: str) -> Callable[..., Any]:
    """Return sin, cos or tan; NaN at infinity and where the angle has more bits than can be reduced."""

    def apply(mp: Any, x: Any) -> Any:
        if not mp.isfinite(x) or mp.mag(x) > _ANGLE_BITS:
            return mp.nan
        return getattr(mp, name)(x)

    return apply


def sigmoid(mp: Any, x: Any) -> Any:
    """Return 1/(1 + exp(-x))."""
    return 1 / (1 + exponential(mp, -x))


def normal_cdf(mp: Any, z: Any) -> Any:
    """Return the probability that a standard normal variable is at most z, by erfc in the lower tail."""
    if mp.isnan(z) or mp.isinf(z) or mp.mag(z) > _EXPONENT_BITS:
        return mp.nan if mp.isnan(z) else mp.zero if z < 0 else mp.one
    return mp.erfc(-mp.mpf(z) / mp.sqrt(2)) / 2


def normal_quantile(mp: Any, p: Any) -> Any:
    """Return the z at which the standard normal distribution function is p, by Newton's method on log Φ.

    Newton on Φ itself overshoots in the tail (p = 1e-300); log Φ is concave, so the steps come from one side.
    """
    if mp.isnan(p) or p < 0 or p > 1:
        return mp.nan
    if p in {0, 1}:
        return -mp.inf if p == 0 else mp.inf
    if 2 * p > 1:
        return -normal_quantile(mp, 1 - mp.mpf(p))
    target = mp.log(p)
    with mp.extraprec(20):
        z = -mp.sqrt(-2 * target) if target < -3 else mp.zero
        for _ in range(100):
            below = mp.erfc(-z / mp.sqrt(2)) / 2
            step = (mp.log(below) - target) * below * mp.sqrt(2 * mp.pi) * mp.exp(z * z / 2)
            z -= step
            if abs(step) <= mp.ldexp(1, 20 - mp.prec) * max(1, abs(z)):
                break
    return +z


def compare(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return a comparison or a connective of truth values."""

    def apply(mp: Any, *args: Any) -> bool:
        return bool(operation(*args))

    return apply


def maximum(mp: Any, a: Any, b: Any) -> Any:
    """Return the larger; NaN if either is."""
    return mp.nan if mp.isnan(a) or mp.isnan(b) else max(a, b)


def minimum(mp: Any, a: Any, b: Any) -> Any:
    """Return the smaller; NaN if either is."""
    return mp.nan if mp.isnan(a) or mp.isnan(b) else min(a, b)


def where(mp: Any, condition: Any, a: Any, b: Any) -> Any:
    """Return a where the condition holds, else b."""
    return a if condition else b


def indicator(mp: Any, condition: Any) -> int:
    """Return 1 if the condition holds, else 0."""
    return int(bool(condition))
