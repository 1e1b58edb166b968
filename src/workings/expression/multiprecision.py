"""Arithmetic of the mpmath evaluation: real numbers at a chosen number of digits, integers exact.

Each function takes an mpmath context of its own thread (mpmath's global one is not safe to share) and values that are
Python ints, booleans or numbers of that context. Outside the real domain, and for 0/0, the value is NaN.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

__all__ = [
    "absolute",
    "add",
    "angle",
    "arctangent",
    "arctangent_of_two",
    "compare",
    "cube_root",
    "divide",
    "e",
    "exponential",
    "exponential_minus_one",
    "floor",
    "indicator",
    "inside",
    "integers_stay",
    "inverse_cosh",
    "inverse_sinh",
    "inverse_tanh",
    "is_odd",
    "logarithm",
    "maximum",
    "mean",
    "minimum",
    "multiply",
    "negate",
    "pi",
    "power",
    "relu",
    "sigmoid",
    "sign",
    "softplus",
    "square_root",
    "subtract",
    "tending",
    "total",
    "where",
]

_LONGEST = 13_000  # bits of an integer, as in floats.py; longer ones are rounded to the digits asked for
_EXPONENT_BITS = 64  # exp(2**64) needs an exponent of 64 bits; beyond, the value is infinite (or 0) for every purpose
_ANGLE_BITS = 10_000  # reducing a larger angle needs as many bits of pi


def integers_stay(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operation of Python's own by which integers stay integers, unless they become too long."""

    def apply(mp: Any, *args: Any) -> Any:
        value = operation(*(int(arg) if isinstance(arg, bool) else arg for arg in args))
        return mp.mpf(value) if isinstance(value, int) and value.bit_length() > _LONGEST else value

    return apply


add = integers_stay(operator.add)
subtract = integers_stay(operator.sub)
multiply = integers_stay(operator.mul)
negate = integers_stay(operator.neg)
absolute = integers_stay(abs)


def divide(mp: Any, a: Any, b: Any) -> Any:
    """Return a / b; over 0 it is NaN for 0 and else infinite."""
    if b == 0:
        return mp.nan if a == 0 or mp.isnan(a) else mp.inf * mp.sign(a)
    return mp.mpf(a) / b


def power(mp: Any, a: Any, b: Any) -> Any:
    """Return a to the power b; of infinities, of 0 and to the power 0 as IEEE 754 has it."""
    if isinstance(a, int) and isinstance(b, int) and b >= 0 and a.bit_length() * b <= _LONGEST:
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
    minus = a < 0 and is_odd(mp, b)
    if mp.isinf(a):
        return (-mp.inf if minus else mp.inf) if b > 0 else mp.zero
    whole = mp.isint(b)
    if a < 0 and not whole:
        return mp.nan
    if mp.mag(b) > _EXPONENT_BITS:  # an integer of so many bits is not multiplied out
        with mp.extraprec(2 * _EXPONENT_BITS):
            size = exponential(mp, mp.mpf(b) * mp.log(abs(mp.mpf(a))))
        return -size if minus else +size
    return mp.mpf(a) ** (int(b) if whole else b)


def is_odd(mp: Any, x: Any) -> bool:
    """Whether a number is an odd integer, however large: of 2**(2**64) no integer is made."""
    if isinstance(x, int):
        return x % 2 == 1
    _, mantissa, exponent, _ = x._mpf_  # mpmath keeps mantissas odd
    return exponent == 0 and mantissa != 0


def square_root(mp: Any, x: Any) -> Any:
    """Return the square root, NaN below 0."""
    return mp.nan if x < 0 else mp.sqrt(x)


def cube_root(mp: Any, x: Any) -> Any:
    """Return the real cube root."""
    return -mp.cbrt(-x) if x < 0 else mp.cbrt(x)


def sign(mp: Any, x: Any) -> Any:
    """Return 1, 0 or -1."""
    return mp.nan if mp.isnan(x) else (x > 0) - (x < 0)


def floor(mp: Any, x: Any) -> Any:
    """Return the largest integer that is at most x."""
    return int(x) if isinstance(x, int) else mp.floor(x)


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


def angle(name: str) -> Callable[..., Any]:
    """Return sin, cos or tan; NaN at infinity and where the angle has more bits than can be reduced."""

    def apply(mp: Any, x: Any) -> Any:
        if not mp.isfinite(x) or mp.mag(x) > _ANGLE_BITS:
            return mp.nan
        return getattr(mp, name)(x)

    return apply


def inside(name: str) -> Callable[..., Any]:
    """Return asin or acos: NaN outside -1 ≤ x ≤ 1."""

    def apply(mp: Any, x: Any) -> Any:
        return getattr(mp, name)(x) if -1 <= x <= 1 else mp.nan

    return apply


def tending(name: str, low: str, high: str) -> Callable[..., Any]:
    """Return a function of all real numbers, given its limits at minus and plus infinity."""

    def apply(mp: Any, x: Any) -> Any:
        if mp.isnan(x):
            return mp.nan
        if mp.isinf(x) or mp.mag(x) > _EXPONENT_BITS:
            return mp.mpf(low if x < 0 else high)
        return getattr(mp, name)(x)

    return apply


def arctangent(mp: Any, x: Any) -> Any:
    """Return the angle in (-π/2, π/2) whose tangent is x."""
    return mp.atan(x)


def arctangent_of_two(mp: Any, y: Any, x: Any) -> Any:
    """Return the angle in (-π, π] of the point (x, y), 0 at the origin."""
    if mp.isnan(y) or mp.isnan(x):
        return mp.nan
    if mp.isinf(y) and mp.isinf(x):  # on the diagonal, as IEEE 754 has it
        return mp.sign(y) * mp.pi * (1 if x > 0 else 3) / 4
    return mp.atan2(y, x)


def inverse_sinh(mp: Any, x: Any) -> Any:
    """Return the number whose hyperbolic sine is x."""
    return mp.asinh(x)


def inverse_cosh(mp: Any, x: Any) -> Any:
    """Return the number that is not negative and whose hyperbolic cosine is x, NaN below 1."""
    return mp.acosh(x) if x >= 1 else mp.nan


def inverse_tanh(mp: Any, x: Any) -> Any:
    """Return the number whose hyperbolic tangent is x: infinite at -1 and 1, NaN beyond."""
    if abs(x) == 1:
        return mp.inf * x
    return mp.atanh(x) if abs(x) < 1 else mp.nan


def sigmoid(mp: Any, x: Any) -> Any:
    """Return 1/(1 + exp(-x))."""
    return 1 / (1 + exponential(mp, -x))


def softplus(mp: Any, x: Any) -> Any:
    """Return log(1 + exp(x))."""
    return mp.log1p(exponential(mp, x)) if x <= 0 else x + mp.log1p(exponential(mp, -x))


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


def relu(mp: Any, x: Any) -> Any:
    """Return the larger of x and 0."""
    return maximum(mp, x, 0)


def where(mp: Any, condition: Any, a: Any, b: Any) -> Any:
    """Return a where the condition holds, else b."""
    return a if condition else b


def indicator(mp: Any, condition: Any) -> int:
    """Return 1 if the condition holds, else 0."""
    return int(bool(condition))


def pi(mp: Any) -> Any:
    """Return the circle's circumference over its diameter."""
    return +mp.pi


def e(mp: Any) -> Any:
    """Return the base of the natural logarithm."""
    return +mp.e


def total(mp: Any, terms: list[Any], copies: Callable[[], int]) -> Any:
    """Return the sum of terms, each of which stands for so many rows."""
    return sum(terms) * copies()


def mean(mp: Any, terms: list[Any], copies: Callable[[], int]) -> Any:
    """Return the mean of terms; NaN of none."""
    return divide(mp, sum(terms), len(terms))
