"""The integrand as all rules see it: called with an array of places, it gives an array of values, and is counted.

A Python function may be written for one number (``math.sin``, an ``if`` on the value, ``np.dot(t, t)``). It is tried:
once on an array and once on each element, and arrays are used only if the two agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Node
from workings.expression.formula import Formula, as_formula
from workings.language import message

__all__ = ["Integrand", "as_integrand"]

Array = NDArray[np.float64]

# A vectorised library may compute an element otherwise than the same number alone, by a few units in the last place;
# through a difference of near numbers that grows. A function that is not elementwise is off by far more.
_SAME = 1e-10

Part = Literal["real", "imag"]

# A tuple: made anew for each call, the union of three types takes longer than the check.
_FORMULAS = (str, Node, Formula)


class Integrand:
    """A function of one number, called with arrays.

    Parameters
    ----------
    call
        The function of an array, or of one number.
    vectorized
        Whether it takes arrays; None where that is to be tried.
    function
        What an error calls the function that was asked.
    source
        What was given as f.
    args
        What the function takes besides.
    part
        Which part of complex values is meant; None where they must be real.
    """

    def __init__(
        self,
        call: Callable[..., Any],
        *,
        vectorized: bool | None,
        function: str,
        source: Any,
        args: tuple[Any, ...] = (),
        part: Part | None = None,
    ) -> None:
        self.call = call
        self._args = args
        self._function = function
        self._part = part
        self.of_math = isinstance(call, BuiltinFunctionType) and call.__module__ == "math"
        """Whether it is a function of the module math, which takes numbers only."""
        self.vectorized = False if self.of_math and vectorized is None else vectorized
        self.source = source
        self.args = args
        self.evaluations = 0

    def __call__(self, places: Array) -> Array:
        """Return the values at ``places``, shape (n,); NaN or infinite where the function is."""
        with np.errstate(all="ignore"):
            return self.quiet(places)

    def quiet(self, places: Array) -> Array:
        """Return the same for a caller who has silenced NumPy's warnings already."""
        if self.vectorized is None:
            return self._tried(places)
        if not self.vectorized:
            return self.one_by_one(places.tolist())
        self.evaluations += len(places)
        try:
            values = np.asarray(self._on_array(places))
        except ArithmeticError:
            # One place at which it is infinite must not hide the others.
            return np.array([self._number(self._guarded(place)) for place in places.tolist()])
        if values.shape != places.shape:
            if values.ndim == 0:
                return np.full(places.shape, self._number(values[()]))
            raise InputError(
                message(
                    "{function}: f must give one value for each number; got shape {shape} for {count} numbers; "
                    "try vectorized=False",
                    function=self._function,
                    shape=str(values.shape),
                    count=len(places),
                )
            )
        return self._reals(values)

    def one_by_one(self, places: list[float]) -> Array:
        """Return the values at ``places``, each from a call of its own, as quietly as its caller."""
        self.evaluations += len(places)
        call, args = self.call, self._args
        try:
            found = [call(place, *args) for place in places] if args else list(map(call, places))
        except ArithmeticError:
            # 1/t at 0 and exp(800) raise in Python's arithmetic what is infinite in NumPy's.
            found = [self._guarded(place) for place in places]
        if self._part is None:
            try:
                values = np.array(found)
            except ValueError:  # arrays of several shapes
                return np.array([self._number(value) for value in found])
            if values.dtype == np.float64 and values.ndim == 1:
                return values
            if values.dtype.kind in "fiub" and values.ndim == 1:
                return values.astype(np.float64)
        return np.array([self._number(value) for value in found])

    def _guarded(self, place: float) -> Any:
        try:
            return self.call(place, *self._args)
        except ArithmeticError:
            return math.nan

    def _tried(self, places: Array) -> Array:
        """Find out how the function is to be called, and return the values that this took."""
        values = self.one_by_one(places.tolist())
        try:
            together = np.asarray(self._on_array(places))
        except Exception:  # whatever a function written for one number does with an array
            self.vectorized = False
            return values
        self.evaluations += len(places)
        self.vectorized = together.shape == places.shape and together.dtype.kind in "fiubc"
        if self.vectorized:
            try:
                self.vectorized = _agree(self._reals(together).tolist(), values.tolist())
            except InputError:
                self.vectorized = False
        return values

    def _on_array(self, places: Array) -> Any:
        # A function may write into its argument, and the places are needed again.
        return self.call(places.copy(), *self._args)

    def _reals(self, values: NDArray[Any]) -> Array:
        if values.dtype.kind == "c":
            return np.asarray(getattr(self._checked_complex(values), str(self._part)), np.float64)
        if self._part == "imag":
            return np.zeros(values.shape)
        if values.dtype.kind in "fiub":
            return values.astype(np.float64, copy=False)
        return np.array([self._number(value) for value in values.tolist()], np.float64)

    def _number(self, value: Any) -> float:
        if isinstance(value, complex | np.complexfloating) or (
            isinstance(value, np.ndarray) and value.dtype.kind == "c"
        ):
            return float(getattr(self._checked_complex(value), str(self._part)))
        if self._part == "imag":
            return 0.0
        try:
            # quad takes an array of one element for a number.
            return float(value.item() if isinstance(value, np.ndarray) else value)
        except OverflowError:
            return math.copysign(math.inf, value)
        except (TypeError, ValueError):
            raise InputError(
                message(
                    "{function}: f must give a real number; got {got}", function=self._function, got=_described(value)
                )
            ) from None

    def _checked_complex(self, value: Any) -> Any:
        if self._part is None:
            raise InputError(
                message(
                    "{function}: f must give real numbers; got complex ones; try complex_func=True, or the real and "
                    "the imaginary part by themselves",
                    function=self._function,
                )
            )
        return value


def as_integrand(
    f: Any,
    args: Any = (),
    *,
    function: str,
    vectorized: bool | None = None,
    part: Part | None = None,
) -> Integrand:
    """Return the integrand that ``f`` says: a Python function, a formula, or a formula's text.

    Parameters
    ----------
    f
        Of a formula the first variable is integrated over, and ``args`` are the values of the others.
    args
        A tuple of what f takes besides; one that is no tuple stands for itself, as in ``scipy.integrate.quad``.
    function
        What an error calls the function that was asked.
    vectorized
        Whether f takes arrays; None tries.
    part
        Which part of complex values is meant.

    Raises
    ------
    InputError
        If f is none of these, or the formula has other variables.
    FormulaError
        If the text cannot be read.
    """
    given = args if isinstance(args, tuple) else (args,)
    if isinstance(f, _FORMULAS):
        whole = as_formula(f)
        if len(whole.variables) > 1 + len(given):
            raise InputError(
                message(
                    "{function}: args must hold a value for each variable of f after the first, {variables}; got "
                    "{count}",
                    function=function,
                    variables=", ".join(whole.variables[1:]),
                    count=len(given),
                )
            )
        used = given[: max(0, len(whole.variables) - 1)]
        return Integrand(_caller(whole), vectorized=True, function=function, source=whole, args=used, part=part)
    if not callable(f):
        raise InputError(
            message(
                "{function}: f must be a function, a formula or its text; got {kind}; try {example}",
                function=function,
                kind=type(f).__name__,
                example='"x^2 + 1"',
            )
        )
    return Integrand(f, vectorized=vectorized, function=function, source=f, args=given, part=part)


def _caller(whole: Formula) -> Callable[..., Any]:
    """Return a function of an array and the other variables' values; the compiled formula, without its warnings."""
    compiled = whole.compiled
    kept = tuple(whole.data.values())

    def call(places: Any, *others: Any) -> Any:
        if not whole.variables:
            (value,) = compiled(*kept)
        else:
            (value,) = compiled(places, *others, *kept)
        return value

    return call


def _agree(together: list[float], alone: list[float]) -> bool:
    # In Python's arithmetic, for a score of numbers: NumPy's calls would take longer than the integrand.
    tiny = 1e-4 * max((abs(value) for value in alone if math.isfinite(value)), default=0.0)
    for a, b in zip(together, alone, strict=True):
        # Relative to each value, or, where a function cancels to almost nothing, to the largest one.
        if not (abs(a - b) <= _SAME * max(abs(b), tiny) or a == b or (math.isnan(b) and not math.isfinite(a))):
            return False
    return True


def _described(value: Any) -> str:
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
