"""Arithmetic of the float evaluation: float64 where a value is real, exact integers where it is a count.

Values are Python ints, floats and booleans, or arrays of float64, int64, bool, or of Python ints (dtype object) where
int64 would overflow. Nothing raises on undefined mathematics: 0/0 is NaN, as IEEE 754 has it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

__all__ = [
    "absolute",
    "add",
    "as_float",
    "as_value",
    "comparison",
    "correctly_rounded_sum",
    "divide",
    "e",
    "floor",
    "indicator",
    "is_exact",
    "magnitude",
    "maximum",
    "mean",
    "minimum",
    "multiply",
    "negate",
    "pi",
    "power",
    "real",
    "relu",
    "sigmoid",
    "sign",
    "softplus",
    "subtract",
    "total",
    "truth",
    "where",
]

_INT64_LIMIT = 2**63
_FLOAT_EXACT = 2**53  # every integer up to here is a float64
_LONGEST = 13_000  # bits of an integer; longer ones become floats: neither 10**10**9 nor fifty squarings may hang


def is_exact(value: Any) -> bool:
    """Whether a value is an integer, a boolean, or an array of those."""
    return value.dtype.kind in "biuO" if isinstance(value, np.ndarray) else isinstance(value, int)


def magnitude(value: Any) -> int:
    """Return the largest absolute value in an exact value (0 if there is none)."""
    if not isinstance(value, np.ndarray):
        return abs(int(value))
    return max(abs(int(value.min())), abs(int(value.max()))) if value.size else 0


def as_value(value: Any) -> Any:
    """Return a NumPy result or input in the one form that this module works with."""
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, np.ndarray):
        return value if isinstance(value, (int, float)) else float(value)
    if value.ndim == 0:
        return as_value(value.item())
    if value.dtype.kind in "bO":
        return value
    if value.dtype.kind in "iu":
        return value.astype(np.int64 if magnitude(value) < _INT64_LIMIT else object, copy=False)
    return value.astype(np.float64, copy=False)


def as_float(value: Any) -> Any:
    """Return a value as np.float64 or an array of them; an integer beyond the range becomes infinite."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "O":
            return np.array([_float(item) for item in value.ravel()], dtype=np.float64).reshape(value.shape)
        return value.astype(np.float64, copy=False)
    return np.float64(_float(value))


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf  # copysign would turn the integer into a float first


def real(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a NumPy function that takes its arguments as float64."""

    def on_floats(*args: Any) -> Any:
        return as_value(function(*(as_float(arg) for arg in args)))

    return on_floats


def _exact_or_real(operation: Callable[[Any, Any], Any], bound: Callable[[int, int], int]) -> Callable[[Any, Any], Any]:
    """Return an operation that is exact on integers: ``bound`` says how large its result can be."""

    def apply(a: Any, b: Any) -> Any:
        if type(a) is float and type(b) is float:  # in most formulas that are not over arrays, every value is
            return operation(a, b)
        if not (is_exact(a) and is_exact(b)):
            return as_value(operation(as_float(a), as_float(b)))
        if not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray):
            result = operation(int(a), int(b))
            return result if result.bit_length() <= _LONGEST else _float(result)
        sizes = (magnitude(a), magnitude(b))
        largest = max(*sizes, bound(*sizes))
        if largest.bit_length() > _LONGEST:
            return as_value(operation(as_float(a), as_float(b)))
        return operation(*(_integers(value, largest < _INT64_LIMIT) for value in (a, b)))

    return apply


def _integers(value: Any, fits: bool) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(np.int64 if fits else object, copy=False)
    return int(value)


add = _exact_or_real(operator.add, lambda a, b: a + b)
subtract = _exact_or_real(operator.sub, lambda a, b: a + b)
multiply = _exact_or_real(operator.mul, lambda a, b: a * b)


def negate(value: Any) -> Any:
    """Return -value; a float zero changes its sign, an integer zero has none."""
    return subtract(0, value) if is_exact(value) else as_value(np.negative(as_float(value)))


def absolute(value: Any) -> Any:
    """Return the absolute value, exact on integers."""
    if not is_exact(value):
        return as_value(np.abs(as_float(value)))
    if isinstance(value, np.ndarray):
        return np.abs(_integers(value, magnitude(value) < _INT64_LIMIT))
    return abs(int(value))


def divide(a: Any, b: Any) -> Any:
    """Return a / b, rounded once: large integers are not rounded to floats first (2**53 + 1 over 3 would differ)."""
    if is_exact(a) and is_exact(b) and max(magnitude(a), magnitude(b)) > _FLOAT_EXACT:
        return _elementwise(_quotient, a, b, np.float64)
    return as_value(np.true_divide(as_float(a), as_float(b)))


def _quotient(a: int, b: int) -> float:
    if b == 0:
        return math.nan if a == 0 else math.inf if a > 0 else -math.inf
    try:
        return a / b
    except OverflowError:
        return math.inf if (a > 0) == (b > 0) else -math.inf


def power(a: Any, b: Any) -> Any:
    """Return a to the power b: exact for integers with a natural exponent, else float64 (NaN outside the reals)."""
    if is_exact(a) and is_exact(b) and not isinstance(b, np.ndarray) and b >= 0:
        size = magnitude(a)
        if size.bit_length() * int(b) <= _LONGEST and b < _INT64_LIMIT:
            return _integers(a, size ** int(b) < _INT64_LIMIT) ** int(b)
    return as_value(np.power(as_float(a), as_float(b)))


def sign(value: Any) -> Any:
    """Return 1, 0 or -1, an integer of integers."""
    if not is_exact(value):
        return as_value(np.sign(as_float(value)))
    if isinstance(value, np.ndarray):
        return as_value(np.sign(_integers(value, magnitude(value) < _INT64_LIMIT)))
    return (value > 0) - (value < 0)


def floor(value: Any) -> Any:
    """Return the largest integer that is at most x, as a float unless x is exact."""
    return value if is_exact(value) else as_value(np.floor(as_float(value)))


def sigmoid(value: Any) -> Any:
    """Return 1/(1 + exp(-x)), by exp(x)/(1 + exp(x)) below 0: there exp(-x) overflows (x = -710)."""
    x = as_float(value)
    small = np.exp(-np.abs(x))
    return as_value(np.where(x >= 0, 1.0, small) / (1.0 + small))


def softplus(value: Any) -> Any:
    """Return log(1 + exp(x)), which would overflow as it is written (x = 710)."""
    return as_value(np.logaddexp(0.0, as_float(value)))


def comparison(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return an exact comparison: an integer beyond 2**53 is never rounded to meet a float."""

    def compare(a: Any, b: Any) -> Any:
        exact = [value for value in (a, b) if is_exact(value)]
        meets = _FLOAT_EXACT if len(exact) == 1 else _INT64_LIMIT - 1
        if any(magnitude(value) > meets for value in exact):
            return _elementwise(operation, a, b, np.bool_)
        return as_value(np.asarray(operation(a, b), dtype=np.bool_))

    return compare


def _elementwise(operation: Callable[[Any, Any], Any], a: Any, b: Any, dtype: Any) -> Any:
    if not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray):
        return operation(a, b)
    pairs = np.broadcast(np.asarray(a, dtype=object), np.asarray(b, dtype=object))
    return np.array([operation(x, y) for x, y in pairs], dtype=dtype).reshape(pairs.shape)


def _chosen(function: Any) -> Callable[[Any, Any], Any]:
    def choose(a: Any, b: Any) -> Any:
        if is_exact(a) and is_exact(b):
            wide = max(magnitude(a), magnitude(b)) >= _INT64_LIMIT
            return as_value(function(*(np.asarray(value, dtype=object if wide else np.int64) for value in (a, b))))
        return as_value(function(as_float(a), as_float(b)))

    return choose


maximum = _chosen(np.maximum)
minimum = _chosen(np.minimum)


def relu(value: Any) -> Any:
    """Return the larger of x and 0."""
    return maximum(value, 0)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Return a where the condition holds, else b."""
    if not isinstance(condition, np.ndarray):
        return a if condition else b
    if is_exact(a) and is_exact(b):
        fits = max(magnitude(a), magnitude(b)) < _INT64_LIMIT
        return np.where(condition, *(np.asarray(value, dtype=np.int64 if fits else object) for value in (a, b)))
    return np.where(condition, as_float(a), as_float(b))


def indicator(condition: Any) -> Any:
    """Return 1 where the condition holds, else 0, as integers."""
    return condition.astype(np.bool_).astype(np.int64) if isinstance(condition, np.ndarray) else int(bool(condition))


def truth(connective: Callable[..., Any]) -> Callable[..., Any]:
    """Return a connective of truth values (NumPy's logical_and, logical_or, logical_not)."""

    def connect(*args: Any) -> Any:
        truths = (arg.astype(np.bool_) if isinstance(arg, np.ndarray) else bool(arg) for arg in args)
        return as_value(np.asarray(connective(*truths), dtype=np.bool_))

    return connect


def pi() -> float:
    """Return the circle's circumference over its diameter."""
    return math.pi


def e() -> float:
    """Return the base of the natural logarithm."""
    return math.e


def total(rows: Any, copies: Callable[[], int]) -> Any:
    """Return the sum of an array, each of whose elements stands for so many rows.

    Integers are summed exactly, floats rounded once (``math.fsum``).
    """
    count = copies()
    if is_exact(rows):
        fits = magnitude(rows) * max(1, rows.size) < _INT64_LIMIT
        return int(np.sum(rows.astype(np.int64 if fits else object, copy=False))) * count
    if rows.size == 1:
        return float(rows.item()) * count
    return correctly_rounded_sum(rows.ravel().tolist() * count)


def mean(rows: Any, copies: Callable[[], int]) -> Any:
    """Return the mean of an array; NaN of none."""
    return divide(total(rows, lambda: 1), rows.size)


def correctly_rounded_sum(terms: Iterable[Any]) -> float:
    """Return the float nearest to a sum, by Shewchuk's algorithm (1997), and infinity or NaN as IEEE 754 has them."""
    kept = terms if isinstance(terms, list) else list(terms)
    try:
        return math.fsum(kept)
    except (OverflowError, ValueError):  # an overflow on the way, or inf - inf
        with np.errstate(all="ignore"):
            return float(np.sum(as_float(np.asarray(kept, dtype=object))))
