"""Arithmetic of the fraction evaluation: integers and fractions, exact or refused."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from workings.errors import InputError
from workings.language import message

__all__ = [
    "absolute",
    "add",
    "divide",
    "exactly",
    "floor",
    "indicator",
    "maximum",
    "mean",
    "minimum",
    "multiply",
    "negate",
    "power",
    "relu",
    "sign",
    "square_root",
    "subtract",
    "total",
    "where",
]

_LONGEST = 100_000


def exactly(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operation of Python's own that takes booleans as 0 and 1, and refuses results beyond 100,000 bits."""

    def apply(*args: Any) -> Any:
        return _short(operation(*(int(arg) if isinstance(arg, bool) else arg for arg in args)))

    return apply


def _short(value: Any) -> Any:
    """Return a value; an InputError if it has more than 100,000 bits, which fifty squarings would reach."""
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    if bits > _LONGEST:
        raise InputError(
            message(
                'evaluate: a fraction must have at most {limit} bits; got one of {bits} bits; try arithmetic="mpmath"',
                limit=_LONGEST,
                bits=bits,
            )
        )
    return value


add = exactly(operator.add)
subtract = exactly(operator.sub)
multiply = exactly(operator.mul)
negate = exactly(operator.neg)
absolute = exactly(abs)
maximum = exactly(max)
minimum = exactly(min)


def divide(a: Any, b: Any) -> Any:
    """Return a / b; an integer where it divides.

    Raises
    ------
    InputError
        If b is 0: fractions have no NaN.
    """
    if b == 0:
        raise InputError(
            message('evaluate: a fraction must have a denominator other than 0; got {a}/0; try arithmetic="float"', a=a)
        )
    quotient = _short(Fraction(a) / b)
    return quotient.numerator if quotient.denominator == 1 else quotient


def power(a: Any, b: Any) -> Any:
    """Return a to a whole power.

    Raises
    ------
    InputError
        If b is not whole, if a is 0 and b negative, or if the result would have more than 100,000 bits.
    """
    if b != int(b):
        raise InputError(
            message('evaluate: the exponent of a fraction must be whole; got {b}; try arithmetic="mpmath"', b=b)
        )
    bits = max(Fraction(a).numerator.bit_length(), Fraction(a).denominator.bit_length())
    if bits > 1 and bits * abs(int(b)) > _LONGEST:
        raise InputError(
            message(
                "evaluate: a power of fractions must have at most {limit} bits; got an exponent of {bits} bits; "
                'try arithmetic="mpmath"',
                limit=_LONGEST,
                bits=int(b).bit_length(),
            )
        )
    return divide(1, Fraction(a) ** -int(b)) if b < 0 else a ** int(b)


def square_root(a: Any) -> Any:
    """Return the square root of a square.

    Raises
    ------
    InputError
        If a is not the square of a fraction.
    """
    value = Fraction(a)
    if value >= 0:
        root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
        if root * root == value:
            return root.numerator if root.denominator == 1 else root
    raise InputError(
        message('evaluate: a fraction under a root must be a square; got {a}; try arithmetic="mpmath"', a=value)
    )


def sign(a: Any) -> int:
    """Return 1, 0 or -1."""
    return (a > 0) - (a < 0)


def relu(a: Any) -> Any:
    """Return the larger of a and 0."""
    return maximum(a, 0)


def floor(a: Any) -> int:
    """Return the largest integer that is at most a."""
    return math.floor(a)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Return a where the condition holds, else b."""
    return a if condition else b


def indicator(condition: Any) -> int:
    """Return 1 if the condition holds, else 0."""
    return int(bool(condition))


def total(terms: list[Any], copies: Callable[[], int]) -> Any:
    """Return the sum of terms, each of which stands for so many rows."""
    return sum(terms) * copies()


def mean(terms: list[Any], copies: Callable[[], int]) -> Any:
    """Return the mean of terms.

    Raises
    ------
    InputError
        If there are none.
    """
    return divide(sum(terms), len(terms))
