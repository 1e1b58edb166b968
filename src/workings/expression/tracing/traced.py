"""The values that a traced function computes with, and the trace that they belong to."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.expression.tracing.columns import BoundColumn, NamedColumn, column_name, unmasked, unused
from workings.expression.tracing.operators import Mathematical
from workings.expression.tracing.place import user_frame, user_place
from workings.expression.tracing.refusals import Untraceable, refusal
from workings.expression.tracing.ufuncs import UFUNCS, as_number
from workings.language import message

__all__ = ["Trace", "Traced", "number_node", "open_trace"]

_current: ContextVar[Trace | None] = ContextVar("current trace", default=None)
_marks = count()
# Characters that are not shown and that no name has: they keep the names of nested traces apart.
_INVISIBLE = str.maketrans("01", "\u2062\u2063")


class Trace:
    """One run of a function with traced values: which columns it met, and which values of an outer trace.

    Parameters
    ----------
    parent
        The trace inside which it runs, if any.
    taken
        The names of the function's variables, which no column may have.
    """

    def __init__(self, parent: Trace | None, taken: Sequence[str]) -> None:
        self.parent = parent
        self.level: int = 0 if parent is None else parent.level + 1
        self.closed = False
        self.columns: list[BoundColumn] = []
        self.captured: dict[Symbol, Traced] = {}
        self._captures: dict[Node, Symbol] = {}
        self._taken = set(taken)

    def symbol(self, name: str) -> Symbol:
        """Return the symbol that stands for a variable while the trace runs.

        Inside another trace it differs from every other, so that ``lambda x: ... (lambda x: ...)`` are two variables.
        """
        return Symbol(name) if self.parent is None else private_symbol(name)

    def holds(self, other: Trace) -> bool:
        """Whether another trace is this one, or one inside which this one runs."""
        here: Trace | None = self
        while here is not None and here is not other:
            here = here.parent
        return here is not None and not other.closed

    def value(self, operand: Any) -> tuple[Node, bool]:
        """Return the node of an operand, and whether it has a value for each row."""
        if type(operand) is Traced:
            if operand.trace is self and not self.closed:
                return operand.node, operand.has_rows
            if not self.holds(operand.trace):
                raise refusal(
                    message(
                        "formula: a traced value must stay inside its function; got {name} of another in {code}; "
                        "try returning what is to be computed",
                        name=str(operand),
                    ),
                    str(operand),
                )
            return self._capture(operand), operand.has_rows
        number = number_node(operand)
        return (number, False) if number is not None else self._column(operand)

    def _capture(self, value: Traced) -> Symbol:
        known = self._captures.get(value.node)
        if known is None:
            known = self._captures[value.node] = private_symbol(str(value) if type(value.node) is Symbol else "c")
            self.captured[known] = value
        return known

    def _column(self, operand: Any) -> tuple[Node, bool]:
        array = _as_array(operand)
        if array.ndim != 1:
            raise refusal(
                message(
                    "formula: data in a traced function must be columns of one dimension; got {shape} in {code}; "
                    "try its columns one by one: x1, x2 = X.T",
                    shape=str(array.shape),
                ),
                "an array",
            )
        if self.columns and len(self.columns[0].values) != array.size:
            if array.size == 1:  # it broadcasts
                return Number(array.item()), False
            raise refusal(
                message(
                    "formula: columns must have one length; got {got} beside the {rows} of {name} in {code}; "
                    "try columns of the same table",
                    got=array.size,
                    rows=len(self.columns[0].values),
                    name=self.columns[0].symbol,
                ),
                "an array",
            )
        for column in self.columns:
            if column.holds(operand, array):
                return column.symbol, True
        wanted = column_name(operand, user_frame(), user_place().code)
        for column in self.columns:
            if wanted is not None and column.wanted == wanted and column.has_values(array):
                return column.symbol, True
        name = unused(wanted, self._taken)
        self._taken.add(name)
        self.columns.append(BoundColumn.of(Symbol(name), operand, wanted, array))
        return self.columns[-1].symbol, True


def private_symbol(name: str) -> Symbol:
    """Return a symbol that is shown by this name and is not equal to any other."""
    return Symbol(name + "\u2064" + format(next(_marks), "b").translate(_INVISIBLE), "italic")


@contextmanager
def open_trace(variables: Sequence[str]) -> Generator[Trace]:
    """Open a trace for a function of these variables, inside the one that is running, if any."""
    trace = Trace(_current.get(), variables)
    token = _current.set(trace)
    try:
        yield trace
    finally:
        trace.closed = True
        _current.reset(token)


class Traced(Untraceable, Mathematical):
    """A number or a column that is not known yet: what is computed with it is written down as an expression."""

    __slots__ = ("has_rows", "node", "trace")

    def __init__(self, trace: Trace, node: Node, has_rows: bool = False) -> None:
        self.trace = trace
        self.node = node
        self.has_rows = has_rows

    def __str__(self) -> str:
        return str(self.node)

    def __repr__(self) -> str:
        return f"<traced {self.node}>"

    @property
    def T(self) -> Traced:  # noqa: N802 -- NumPy's name
        """The column itself, as NumPy's arrays of one dimension have it."""
        return self

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a traced value has no attribute {name!r}", name=name, obj=self)

    def __built__(self, build: Callable[..., Node], operands: Sequence[Any]) -> Traced:
        trace = self.trace
        for operand in operands:
            if type(operand) is Traced and operand.trace.level > trace.level:
                trace = operand.trace
        nodes: list[Node] = []
        has_rows = False
        for operand in operands:
            node, rows = trace.value(operand)
            nodes.append(node)
            has_rows = has_rows or rows
        return Traced(trace, build(*nodes), has_rows)

    def __aggregated__(self, name: str) -> Traced:
        if not self.has_rows:
            raise refusal(
                message(
                    "formula: np.{name} must have rows to run over; got {code}, which has none; "
                    'try naming the columns: formula(f, rows=("x", "y"))',
                    name=name,
                ),
                str(self),
            )
        return Traced(self.trace, Apply(name, (as_number(self.node),)))

    def __lt__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["less"], (self, other))

    def __le__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["less_equal"], (self, other))

    def __gt__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["greater"], (self, other))

    def __ge__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["greater_equal"], (self, other))

    def __eq__(self, other: object) -> Traced:  # type: ignore[override] -- as NumPy's arrays: a condition
        return self.__built__(UFUNCS["equal"], (self, other))

    def __ne__(self, other: object) -> Traced:  # type: ignore[override] -- as NumPy's arrays: a condition
        return self.__built__(UFUNCS["not_equal"], (self, other))

    __hash__ = Untraceable.__hash__

    def __and__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["bitwise_and"], (self, other))

    def __rand__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["bitwise_and"], (other, self))

    def __or__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["bitwise_or"], (self, other))

    def __ror__(self, other: Any) -> Traced:
        return self.__built__(UFUNCS["bitwise_or"], (other, self))

    def __invert__(self) -> Traced:
        return self.__built__(UFUNCS["invert"], (self,))


_CONSTANTS = {math.pi: "pi", math.e: "e"}


def number_node(value: Any) -> Node | None:
    """Return the node of a number, None for anything else.

    π and e, for which Python and NumPy have the nearest floats, are meant exactly.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, float) and value in _CONSTANTS:
        return Apply(_CONSTANTS[value], ())
    return Number(cast("float", value)) if isinstance(value, (numbers.Real, np.bool_)) else None


def _as_array(operand: Any) -> NDArray[Any]:
    if isinstance(operand, NamedColumn):
        return operand.values
    if isinstance(operand, Mathematical):
        raise refusal(
            message("formula: a formula inside a traced function must be called; got {code}; try f(x)"), str(operand)
        )
    kind = type(operand).__name__
    if not isinstance(operand, (str, bytes, Node)):
        try:
            array = unmasked(operand)
        except (TypeError, ValueError, RuntimeError):  # ragged lists; tensors that need a gradient
            pass
        else:
            if array.dtype.kind in "biuf":
                return array
            kind = kind if array.dtype.kind == "O" else f"{kind}[{array.dtype}]"
    raise refusal(
        message(
            "formula: a traced function must compute with real numbers and columns; got {kind} in {code}; "
            "try numbers, NumPy arrays, or other arguments of the function",
            kind=kind,
        ),
        "the function",
    )
