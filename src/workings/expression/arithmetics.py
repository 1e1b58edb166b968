"""The three arithmetics in which an expression can be evaluated: how each takes values in, combines and hands out."""

from __future__ import annotations

import math
import numbers
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain
from threading import local
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression import floats
from workings.expression.exact_sums import exact_parts
from workings.expression.nodes import Kind
from workings.expression.operations import Operation
from workings.language import message

__all__ = ["Arithmetic", "FloatArithmetic", "FractionArithmetic", "MultiprecisionArithmetic"]

_contexts = local()
_FARTHEST = 2**64  # the largest binary exponent of a number of mpmath


class Arithmetic(ABC):
    """What evaluation needs of an arithmetic. Integers and truth values are exact in all three."""

    vectorised = False

    @abstractmethod
    def take(self, value: Any) -> Any:
        """Return a number or an array from outside as this arithmetic holds it."""

    @abstractmethod
    def apply(self, operation: Operation, args: list[Any]) -> Any:
        """Return an operation's value."""

    @abstractmethod
    def over_rows(self, operation: Operation, value: Any, copies: Callable[[], int]) -> Any:
        """Return the value of what is taken over all rows: ``copies`` says how often each of them stands."""

    @abstractmethod
    def total(self, terms: list[Any]) -> Any:
        """Return the sum of terms."""

    def product(self, terms: list[Any]) -> Any:
        """Return the product of terms."""
        return math.prod(terms)

    def finish(self, value: Any) -> Any:
        """Return the value as it is handed to the caller."""
        return value

    def combine(self, kind: Kind, terms: list[Any]) -> Any:
        """Return the sum, the product, the smallest or the largest of terms."""
        if kind == "sum":
            return self.total(terms) if terms else 0
        if kind == "product":
            return self.product(terms) if terms else 1
        if not terms:
            return self.take(math.nan)
        for term in terms:
            if term != term:  # noqa: PLR0124 -- NaN in any arithmetic is what differs from itself
                return term
        return min(terms) if kind == "minimum" else max(terms)

    def element(self, data: Any, place: tuple[Any, ...]) -> Any:
        """Return one element of data, its indices counted from 0."""
        return self.take(data[place])


class FloatArithmetic(Arithmetic):
    """float64, vectorised over arrays; sums are rounded once (math.fsum)."""

    vectorised = True

    def take(self, value: Any) -> Any:
        """Return Python's numbers, and arrays of float64, int64 or bool."""
        if isinstance(value, np.ndarray) and value.dtype.kind == "O":
            exact = all(isinstance(item, int) for item in value.ravel())
            return value if exact else floats.as_float(value)
        return floats.as_value(value if isinstance(value, (int, float)) else _plain(value))

    def apply(self, operation: Operation, args: list[Any]) -> Any:
        """Return the operation by NumPy."""
        return operation.numpy(*args)

    def over_rows(self, operation: Operation, value: Any, copies: Callable[[], int]) -> Any:
        """Return the operation by NumPy, of an array."""
        return operation.numpy(value if isinstance(value, np.ndarray) else np.array([value]), copies)

    def total(self, terms: list[Any]) -> Any:
        """Return the sum: exact of integers, of floats correctly rounded."""
        if all(isinstance(term, int) for term in terms):
            return sum(terms)
        return floats.correctly_rounded_sum(terms)

    def element(self, data: Any, place: tuple[Any, ...]) -> Any:
        """Return one element, or an array of them where the indices are arrays."""
        return self.take(data[place])

    def combine_arrays(self, kind: Kind, pieces: Iterable[Any]) -> Any:
        """Return the reduction of one-dimensional arrays, taken one after another."""
        if kind == "sum":
            return self._total_of_arrays(pieces)
        if kind == "product":
            return self.product(list(chain.from_iterable(piece.tolist() for piece in pieces)))
        choose = np.min if kind == "minimum" else np.max
        return self.combine(kind, [floats.as_value(choose(piece)) for piece in pieces])

    def _total_of_arrays(self, pieces: Iterable[Any]) -> Any:
        counted = 0
        rest = iter(pieces)
        for piece in rest:
            if not floats.is_exact(piece):
                parts = (exact_parts(p) if p.dtype == np.float64 else p.tolist() for p in chain([piece], rest))
                return floats.correctly_rounded_sum(chain([counted], chain.from_iterable(parts)))
            counted += int(_exact_sum(piece))
        return counted

    def combine_axis(self, kind: Kind, values: Any) -> Any:
        """Return the reduction of an array along its first axis."""
        if kind == "sum":
            if floats.is_exact(values):
                return floats.as_value(np.asarray(_exact_sum(values)))
            columns = values.reshape(values.shape[0], -1).T
            return np.array([floats.correctly_rounded_sum(column) for column in columns.tolist()]).reshape(
                values.shape[1:]
            )
        if kind == "product":
            wide = values.astype(object) if floats.is_exact(values) else values
            return np.prod(wide, axis=0)
        return (np.min if kind == "minimum" else np.max)(values, axis=0)

    def finish(self, value: Any) -> Any:
        """Return a Python number, or an array."""
        return value


def _exact_sum(values: Any) -> Any:
    fits = floats.magnitude(values) * max(1, values.shape[0]) < 2**63
    return np.sum(values.astype(np.int64 if fits else object, copy=False), axis=0)


class MultiprecisionArithmetic(Arithmetic):
    """mpmath at a number of digits; floats are taken as the binary fractions that they are."""

    def __init__(self, digits: int) -> None:
        self._mp = _context(digits)

    def take(self, value: Any) -> Any:
        """Return integers and truth values as they are, anything else as a number of the context."""
        value = _plain(value)
        if isinstance(value, np.ndarray):
            return _each(self.take, value)
        if isinstance(value, int):
            return value
        if isinstance(value, Fraction):
            return self._mp.mpf(value.numerator) / value.denominator
        return self._mp.make_mpf(value._mpf_) if hasattr(value, "_mpf_") else self._mp.mpf(value)

    def apply(self, operation: Operation, args: list[Any]) -> Any:
        """Return the operation by mpmath."""
        return _each(partial(self._applied, operation.mpmath), *args)

    def _applied(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return a value, infinite or 0 beyond 2^±(2^64): what is built on larger exponents would take all memory."""
        value = function(self._mp, *args)
        if isinstance(value, (int, Fraction)):
            return value
        sign, mantissa, exponent, bits = value._mpf_
        if not mantissa or -_FARTHEST < exponent + bits < _FARTHEST:
            return value
        return self._mp.zero if exponent < 0 else -self._mp.inf if sign else self._mp.inf

    def over_rows(self, operation: Operation, value: Any, copies: Callable[[], int]) -> Any:
        """Return the operation by mpmath, of a list."""
        return operation.mpmath(self._mp, _rows(value), copies)

    def total(self, terms: list[Any]) -> Any:
        """Return the sum of terms."""
        return sum(terms)

    def finish(self, value: Any) -> Any:
        """Return a truth value, or a number of mpmath's own context, unrounded."""
        _refuse_array(value)
        if isinstance(value, bool):
            return value
        from mpmath import mp
        from mpmath.libmp import from_int

        return mp.make_mpf(from_int(value) if isinstance(value, int) else value._mpf_)


def _context(digits: int) -> Any:
    """Return this thread's mpmath context for a number of digits; the global one is shared and changes precision."""
    known: dict[int, Any] = _contexts.__dict__.setdefault("by_digits", {})
    if digits not in known:
        from mpmath import MPContext

        context = MPContext()
        context.dps = digits
        known[digits] = context
    return known[digits]


class FractionArithmetic(Arithmetic):
    """Exact fractions; what has no exact value is refused."""

    def take(self, value: Any) -> Any:
        """Return an integer, a truth value or a fraction."""
        value = _plain(value)
        if isinstance(value, np.ndarray):
            return _each(self.take, value)
        if isinstance(value, (int, Fraction)):
            return value
        if not -math.inf < value < math.inf:
            raise InputError(
                message('evaluate: values must be finite for fractions; got {got}; try arithmetic="float"', got=value)
            )
        if hasattr(value, "_mpf_"):
            from mpmath.libmp import to_rational

            fraction = Fraction(*map(int, to_rational(value._mpf_)))
        else:
            fraction = Fraction(value)
        return fraction.numerator if fraction.denominator == 1 else fraction

    def apply(self, operation: Operation, args: list[Any]) -> Any:
        """Return the operation by fractions."""
        return _each(self._exact(operation), *args)

    def over_rows(self, operation: Operation, value: Any, copies: Callable[[], int]) -> Any:
        """Return the operation by fractions, of a list."""
        return self._exact(operation)(_rows(value), copies)

    def _exact(self, operation: Operation) -> Callable[..., Any]:
        if operation.fraction is None:
            raise InputError(
                message(
                    'evaluate: arithmetic must be "float" or "mpmath" for {name}, whose values are not fractions; '
                    'got "fraction"',
                    name=operation.name,
                )
            )
        return operation.fraction

    def finish(self, value: Any) -> Any:
        """Return an integer, a truth value or a fraction."""
        _refuse_array(value)
        return value

    def total(self, terms: list[Any]) -> Any:
        """Return the sum of terms."""
        return sum(terms)


def _plain(value: Any) -> Any:
    """Return a number of NumPy as Python's, a decimal as a fraction; an array stays one.

    Raises
    ------
    InputError
        If it is no real number.
    """
    if isinstance(value, (np.generic, np.ndarray)) and not value.ndim:
        value = value.item()
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else float(value)
    known = value.dtype.kind in "biufO" if isinstance(value, np.ndarray) else isinstance(value, (int, float, Fraction))
    if known or hasattr(value, "_mpf_"):
        return value
    if isinstance(value, numbers.Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Real):
        return float(value)
    raise InputError(message("evaluate: values must be real numbers; got {kind}", kind=type(value).__name__))


def _each(function: Callable[..., Any], *args: Any) -> Any:
    """Return a function's value, of arrays that of each element: only what is taken over rows may hold them."""
    if any(isinstance(arg, np.ndarray) for arg in args):
        return np.frompyfunc(function, len(args), 1)(*args)
    return function(*args)


def _rows(value: Any) -> list[Any]:
    return value.ravel().tolist() if isinstance(value, np.ndarray) else [value]


def _refuse_array(value: Any) -> None:
    if isinstance(value, np.ndarray):
        raise InputError(
            message(
                "evaluate: a value must be one number where it has no index; got an array of shape {shape}; "
                'try arithmetic="float"',
                shape=str(value.shape),
            )
        )
