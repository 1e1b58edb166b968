"""What Python's operators and NumPy's functions do with values that stand for expressions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, Self

import numpy as np

from workings.expression.nodes import Node
from workings.expression.tracing.refusals import refusal
from workings.expression.tracing.ufuncs import UFUNCS, operation
from workings.language import message

__all__ = ["Mathematical", "refuse_options"]

# What to write for functions that have no place in a formula.
_INSTEAD = {
    "hypot": "np.sqrt(x**2 + z**2)",
    "fmax": "np.maximum(a, b)",
    "fmin": "np.minimum(a, b)",
    "max": "np.maximum(a, b)",
    "amax": "np.maximum(a, b)",
    "min": "np.minimum(a, b)",
    "amin": "np.minimum(a, b)",
    "prod": "a * b",
    "logaddexp2": "np.log2(2**a + 2**b)",
    "any": "np.where(condition, a, b)",
    "all": "np.where(condition, a, b)",
}

_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE = map(operation, ("add", "subtract", "multiply", "divide"))
_POWER, _NEGATE, _ABSOLUTE = map(operation, ("power", "negate", "absolute"))


class Mathematical:
    """A value that stands for an expression: what is computed with it builds a larger expression."""

    __slots__ = ()
    __array_priority__ = 10_000  # pandas leaves np.subtract(series, value) to what has more
    __pandas_priority__ = 10_000  # and series - value

    @abstractmethod
    def __built__(self, build: Callable[..., Node], operands: Sequence[Any]) -> Self:
        """Return the value whose node is built from the operands' nodes; operands may be numbers and columns."""

    @abstractmethod
    def __aggregated__(self, name: str) -> Self:
        """Return an aggregate ("sum", "mean") of the value over all rows."""

    def __add__(self, other: Any) -> Self:
        return self.__built__(_ADD, (self, other))

    def __radd__(self, other: Any) -> Self:
        if type(other) is int and other == 0:  # what Python's sum() starts from is not what the user wrote
            return self
        return self.__built__(_ADD, (other, self))

    def __sub__(self, other: Any) -> Self:
        return self.__built__(_SUBTRACT, (self, other))

    def __rsub__(self, other: Any) -> Self:
        return self.__built__(_SUBTRACT, (other, self))

    def __mul__(self, other: Any) -> Self:
        return self.__built__(_MULTIPLY, (self, other))

    def __rmul__(self, other: Any) -> Self:
        if type(other) is int and other == 1:  # what math.prod() starts from
            return self
        return self.__built__(_MULTIPLY, (other, self))

    def __truediv__(self, other: Any) -> Self:
        return self.__built__(_DIVIDE, (self, other))

    def __rtruediv__(self, other: Any) -> Self:
        return self.__built__(_DIVIDE, (other, self))

    def __pow__(self, other: Any) -> Self:
        return self.__built__(_POWER, (self, other))

    def __rpow__(self, other: Any) -> Self:
        return self.__built__(_POWER, (other, self))

    def __matmul__(self, other: Any) -> Self:
        return self.dot(other)

    def __rmatmul__(self, other: Any) -> Self:
        return self.__built__(_MULTIPLY, (other, self)).sum()

    def __neg__(self) -> Self:
        return self.__built__(_NEGATE, (self,))

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return self.__built__(_ABSOLUTE, (self,))

    def sum(self, axis: Any = None, **options: Any) -> Self:
        """Return the sum over all rows, as NumPy's arrays have it."""
        refuse_options("np.sum", axis, options)
        return self.__aggregated__("sum")

    def mean(self, axis: Any = None, **options: Any) -> Self:
        """Return the mean over all rows, as NumPy's arrays have it."""
        refuse_options("np.mean", axis, options)
        return self.__aggregated__("mean")

    def dot(self, other: Any) -> Self:
        """Return the sum of products over all rows, as NumPy's arrays have it."""
        return self.__built__(_MULTIPLY, (self, other)).sum()

    def clip(self, min: Any = None, max: Any = None) -> Self:
        """Return the value kept between two limits, either of which may be None, as NumPy's arrays have it."""
        value = self if min is None else self.__built__(UFUNCS["maximum"], (self, min))
        return value if max is None else self.__built__(UFUNCS["minimum"], (value, max))

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        from workings.expression.tracing.namespace import NAMESPACE

        return NAMESPACE

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        name = ufunc.__name__
        shown = f"np.{name}" if getattr(np, name, None) is ufunc else f"scipy.special.{name}"
        if method == "reduce" and name == "add":
            return self.sum(**{key: value for key, value in options.items() if key != "axis"})
        if method != "__call__":
            refuse_function(f"{shown}.{method}")
        if options.get("out") is not None:
            raise refusal(
                message(
                    "formula: a traced function must not write into an array; got {code}; try x = x + ... for x += ..."
                ),
                "out=...",
            )
        refuse_options(shown, None, options)
        if name in ("matmul", "vecdot"):
            return self.__built__(_MULTIPLY, inputs).sum()
        build = UFUNCS.get(name)
        if build is None:
            refuse_function(shown)
        return self.__built__(build, inputs)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...], options: Mapping[str, Any]
    ) -> Any:
        from workings.expression.tracing.functions import FUNCTIONS

        name = f"{function.__module__}.{function.__name__}".replace("numpy.", "np.", 1)
        compute = FUNCTIONS.get(function.__name__)
        if compute is None:
            refuse_function(name)
        try:
            return compute(self, *args, **options)
        except TypeError as error:  # options that the function takes, but a formula has no use for
            raise refusal(
                message(
                    "formula: {name} must be traced without these options; got {code} ({reason}); try it without",
                    name=name,
                    reason=str(error),
                ),
                name,
            ) from error


def refuse_function(name: str) -> NoReturn:
    """Refuse a function that has no place in a formula, with what to write instead if there is something.

    Raises
    ------
    FormulaError
        Always.
    """
    instead = _INSTEAD.get(name.rpartition(".")[2])
    if instead is None:
        raise refusal(
            message(
                "formula: {name} is not a function that a formula can hold; got {code}; try those that have a "
                "derivative, such as np.exp, np.log, np.sin, np.where, np.sum, np.mean",
                name=name,
            ),
            name,
        )
    raise refusal(
        message(
            "formula: {name} is not a function that a formula can hold; got {code}; try {instead}",
            name=name,
            instead=instead,
        ),
        name,
    )


# What NumPy means when nothing is said.
_DEFAULTS: dict[str, tuple[Any, ...]] = {
    "dtype": (None, float, np.float64),
    "out": (None,),
    "where": (True,),
    "keepdims": (False,),
    "casting": ("same_kind",),
    "order": ("K",),
    "subok": (True,),
    "ddof": (0,),
}


def refuse_options(name: str, axis: Any, options: Mapping[str, Any]) -> None:
    """Refuse what a function of NumPy is asked to do that an expression over rows cannot say.

    Raises
    ------
    FormulaError
        If there is such an option.
    """
    asked = [key for key, value in options.items() if not _is_default(key, value)]
    if not (axis is None or (isinstance(axis, int) and axis in (0, -1))):
        asked.append("axis")
    if asked:
        raise refusal(
            message(
                "formula: {name} must be traced without {options}; got {code}; try it without, over all rows",
                name=name,
                options=", ".join(asked),
            ),
            name,
        )


def _is_default(key: str, value: Any) -> bool:
    return any(
        value is known or (type(value) in (str, int) and value == known) for known in _DEFAULTS.get(key, ())
    ) or (type(value).__name__ == "_NoValueType")
