"""The value of an expression, in floats over whole arrays, in mpmath at any number of digits, or in exact fractions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

import numpy as np

from workings.errors import InputError
from workings.expression.arithmetics import (
    Arithmetic,
    FloatArithmetic,
    FractionArithmetic,
    MultiprecisionArithmetic,
)
from workings.expression.nodes import Apply, Elided, Equation, Indexed, Node, Number, Reduction, Symbol
from workings.expression.operations import OPERATIONS
from workings.expression.scopes import Body, Scope, body_of, is_over_rows, needed, shape_of_rows
from workings.expression.traverse import postorder
from workings.language import message

__all__ = ["evaluate", "operation_count"]

_DEEPEST = 32  # sums within sums: NumPy has 64 axes, and the work grows with every one
_FARTHEST = 2**62  # limits and indices are int64
_MOST_DIGITS = 100_000
_CELLS = 2**16  # how many values of a sum's body are held at once: half a MiB of float64, near the processor
_EULER, _POWER, _EXPONENTIAL = Apply("e", ()), OPERATIONS["power"], OPERATIONS["exp"]
_LOGARITHM, _NEGATE, _SIGMOID, _SOFTPLUS = (OPERATIONS[name] for name in ("log", "negate", "sigmoid", "softplus"))


def evaluate(
    node: Node,
    values: Mapping[str, Any] | Mapping[Node, Any] | Mapping[str | Node, Any] | None = None,
    *,
    arithmetic: Literal["float", "mpmath", "fraction"] = "float",
    digits: int = 50,
) -> Any:
    r"""Return the value of an expression.

    Parameters
    ----------
    node
        The expression.
    values
        What stands for its names: numbers, or arrays. An indexed symbol needs an array or sequence with one dimension
        an index; indices count from 1. A key is a name or a node: a node of the expression that is a key has that
        value, before its name or its parts are looked at.
    arithmetic
        "float": float64, whole arrays at once; a sum is rounded once (Shewchuk's algorithm, ``math.fsum``), whatever
        the order of its terms. "mpmath": term by term at ``digits`` digits, floats taken as the exact binary fractions
        that they are. "fraction": exact, for what has exact values. In all three integers and truth values are exact
        (counts never round), and comparisons compare exact values.
    digits
        The digits of "mpmath", 15 to 100,000.

    Returns
    -------
    int, float, bool, numpy.ndarray
        With "float": an array where a symbol without an index has one. 0/0 and what lies outside the real domain is
        NaN; a number over 0 is infinite.
    mpmath.mpf, bool
        With "mpmath"; likewise NaN where undefined.
    int, Fraction, bool
        With "fraction".

    Raises
    ------
    InputError
        If a name has no value, an index is outside its array or not whole, a limit of a sum is not whole, sums are
        nested more than 32 deep, an equation is asked for its value (evaluate one of its sides), or with "fraction" a
        value is not a fraction.

    Notes
    -----
    A part that occurs several times is computed once; inside a sum, what does not depend on the index is computed once
    outside. The walk does not recurse, so a tree may be as deep as memory holds.

    Source: J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, Discrete & Computational Geometry 18, 1997.

    Examples
    --------
    >>> from workings.expression import evaluate, indexed, sigmoid, symbols, total
    >>> x, i, n = symbols("x i n")
    >>> round(evaluate(sigmoid(x), {"x": 2.197}), 5)
    0.89998
    >>> evaluate(total(indexed("x", i), i, 1, n) / n, {"x": [1, 2, 4], "n": 3}, arithmetic="fraction")
    Fraction(7, 3)
    """
    return _Evaluation(values, _arithmetic(arithmetic, digits)).result(node)


def operation_count(node: Node, values: Mapping[Any, Any] | None = None) -> int:
    """Return how many operations an evaluation term by term takes.

    Each operation counts 1, and so does each term of a sum or product for its being added. ``values`` must give the
    names in the limits of sums.

    Raises
    ------
    InputError
        As :func:`evaluate`, for the limits of sums.

    Examples
    --------
    >>> from workings.expression import indexed, operation_count, symbols, total
    >>> i, n = symbols("i n")
    >>> operation_count(total(indexed("x", i) ** 2, i, 1, n) / n, {"n": 569})
    1139
    """
    return _Evaluation(values, FloatArithmetic()).total_count(node)


def _arithmetic(name: str, digits: int) -> Arithmetic:
    if name == "float":
        return FloatArithmetic()
    if name == "fraction":
        return FractionArithmetic()
    if name != "mpmath":
        raise InputError(message('evaluate: arithmetic must be "float", "mpmath" or "fraction"; got "{got}"', got=name))
    if not isinstance(cast("object", digits), (int, np.integer)) or not 15 <= digits <= _MOST_DIGITS:
        raise InputError(
            message("evaluate: digits must be from 15 to {most}; got {got}", most=_MOST_DIGITS, got=digits)
        )
    return MultiprecisionArithmetic(digits)


class _Evaluation:
    def __init__(self, values: Mapping[Any, Any] | None, arithmetic: Arithmetic) -> None:
        # Names and nodes stand in one mapping as they were given: taking it apart would cost each line of a long
        # working as much as is known by then.
        self._values: Mapping[Any, Any] = values or {}
        self._arithmetic = arithmetic
        self._bodies: dict[Reduction, Body] = {}
        self._data: dict[Node, Any] = {}
        self._nested = 0
        self._run: tuple[Any, int, int] | None = None  # the places of the piece of a sum at hand, the first, the last
        self._root: Node = Number(0)
        self._rows: tuple[int, ...] | None = None

    def result(self, node: Node) -> Any:
        self._root = node
        try:
            with np.errstate(all="ignore"):
                return self._arithmetic.finish(self.value(node, Scope()))
        except InputError:
            raise
        except ValueError:  # arrays that do not fit together: said in our words
            self._shape_of_rows()
            raise

    def value(self, root: Node, scope: Scope) -> Any:
        """Return the value of a part: depth first, each part once in the scope to which it belongs."""
        stack: list[Node | None] = [root]
        while stack:
            node = stack.pop()
            if node is None:  # what stands below has all that it needs
                node = cast("Node", stack.pop())
                home = scope.home(node)
                home.memo[node] = self._compute(node, home)
                continue
            home = scope.home(node)
            if node in home.memo:
                continue
            waiting = () if node in self._values else needed(node)
            if waiting:
                stack += (node, None)
                stack += waiting[::-1]
            else:
                home.memo[node] = self._compute(node, home)
        return scope.home(root).memo[root]

    def _compute(self, node: Node, scope: Scope) -> Any:
        if node in self._values:
            return self._taken(self._values[node])
        if isinstance(node, Apply):
            if (score := self._of_log_sigmoid(node)) is not None:
                opposite = self._arithmetic.apply(_NEGATE, [scope.home(score).memo[score]])
                return self._arithmetic.apply(_NEGATE, [self._arithmetic.apply(_SOFTPLUS, [opposite])])
            return self._applied(node, [scope.home(arg).memo[arg] for arg in node.args])
        if isinstance(node, Number):
            return self._arithmetic.take(node.value)
        if isinstance(node, Symbol):
            return scope.value if scope.parent is not None else self._named(node, node.name)
        if isinstance(node, Indexed):
            return self._element(node, [scope.home(index).memo[index] for index in node.indices])
        if isinstance(node, Reduction):
            return self._reduce(node, scope)
        if isinstance(node, Elided):
            return scope.home(node.reduction).memo[node.reduction]
        if isinstance(node, Equation):
            raise InputError(message("evaluate: node must be one side of an equation; got {got}", got=node))
        return self._named(node, str(node))

    def _applied(self, node: Apply, args: list[Any]) -> Any:
        operation = node.operation
        if operation.over_rows:
            return self._arithmetic.over_rows(operation, args[0], lambda: self._copies(node, args[0]))
        if operation is _POWER and node.args[0] is _EULER and _EULER not in self._values:
            return self._arithmetic.apply(_EXPONENTIAL, args[1:])  # a rounded e would be off by x units in e^x
        return self._arithmetic.apply(operation, args)

    def _of_log_sigmoid(self, node: Apply) -> Node | None:
        """Return x of log σ(x) in floats: σ(-800) is 0 there, and 0·log σ(-800) would be 0 times infinity."""
        if node.operation is not _LOGARITHM or not self._arithmetic.vectorised:
            return None
        inner = node.args[0]
        if isinstance(inner, Apply) and inner.operation is _SIGMOID and inner not in self._values:
            return inner.args[0]
        return None

    def _taken(self, value: Any) -> Any:
        sequence = not isinstance(value, (np.ndarray, str, bytes)) and hasattr(value, "__len__")
        return self._arithmetic.take(np.asarray(value) if sequence else value)

    def _named(self, node: Node, name: str) -> Any:
        if name not in self._values:
            raise InputError(message("evaluate: values must have a value for {name}; got none", name=node))
        return self._taken(self._values[name])

    def _given(self, node: Node) -> Any:
        """Return the value that a part is given as it is, or by its name; None if it is given none."""
        return self._values.get(node, self._values.get(node.name) if isinstance(node, Symbol) else None)

    def _element(self, node: Indexed, indices: list[Any]) -> Any:
        if node.base not in self._data:
            found = self._given(node.base)
            if found is None:
                raise InputError(message("evaluate: values must have a value for {name}; got none", name=node.base))
            data = np.asarray(found)
            self._data[node.base] = self._arithmetic.take(data) if self._arithmetic.vectorised else data
        data = self._data[node.base]
        if np.ndim(data) != len(indices):
            raise InputError(
                message(
                    "evaluate: {name} must have as many dimensions as indices, {indices}; got {dimensions}",
                    name=node.base,
                    indices=len(indices),
                    dimensions=np.ndim(data),
                )
            )
        if sum(isinstance(index, np.ndarray) for index in indices) == 1:
            indices = [_evenly(index) for index in indices]
        if self._run is not None and len(indices) == 1 and indices[0] is self._run[0]:
            _, first, last = self._run
            if first >= 1 and last <= data.shape[0]:
                return self._arithmetic.element(data, (slice(first - 1, last),))
        place = tuple(_place(node, index, size) for index, size in zip(indices, data.shape, strict=True))
        return self._arithmetic.element(data, place)

    def _copies(self, node: Apply, value: Any) -> int:
        """Return for how many rows each element of a value stands."""
        rows = self._shape_of_rows()
        if not rows and not isinstance(value, np.ndarray):
            raise InputError(
                message(
                    "evaluate: values must have an array, over whose rows {name} is taken; got numbers only", name=node
                )
            )
        return math.prod(np.broadcast_shapes(rows, np.shape(value))) // max(1, np.size(value))

    def _shape_of_rows(self) -> tuple[int, ...]:
        if self._rows is None:
            self._rows = shape_of_rows(self._root, self._values)
        return self._rows

    def _body(self, node: Reduction) -> Body:
        if node not in self._bodies:
            self._bodies[node] = body_of(node)
        return self._bodies[node]

    def _limits(self, node: Reduction, scope: Scope) -> tuple[int, int]:
        limits = (self.value(node.lower, scope), self.value(node.upper, scope))
        for limit in limits:
            if isinstance(limit, np.ndarray) or not abs(limit) <= _FARTHEST or limit != int(limit):  # NaN is not <=
                raise InputError(message("evaluate: the limits of a sum must be whole numbers; got {got}", got=limit))
        return int(limits[0]), int(limits[1])

    def _reduce(self, node: Reduction, scope: Scope) -> Any:
        arithmetic = self._arithmetic
        lower, upper = self._limits(node, scope)
        if upper < lower:
            return arithmetic.combine(node.kind, [])
        self._enter()
        body = self._body(node)
        if not isinstance(arithmetic, FloatArithmetic) or body.ragged:
            terms = [self.value(node.body, scope.inside(body, k)) for k in range(lower, upper + 1)]
            if any(isinstance(term, np.ndarray) for term in terms):
                self._refuse_arrays(body)
            result = arithmetic.combine(node.kind, terms)
        else:
            self._refuse_arrays(body)
            if scope.axes:
                index = np.arange(lower, upper + 1).reshape((-1,) + (1,) * scope.axes)
                result = arithmetic.combine_axis(node.kind, self._terms(node, scope, body, index))
            else:
                result = arithmetic.combine_arrays(node.kind, self._pieces(node, scope, body, lower, upper))
        self._nested -= 1
        return result

    def _enter(self) -> None:
        """Count a reduction inside another: here, and only here, the walk calls itself."""
        self._nested += 1
        if self._nested > _DEEPEST:
            raise InputError(message("evaluate: sums must be nested at most {limit} deep; got more", limit=_DEEPEST))

    def _pieces(self, node: Reduction, scope: Scope, body: Body, lower: int, upper: int) -> Iterator[Any]:
        """Yield the terms of an outermost reduction, as many at once as fit the memory allowed."""
        inner = 1
        for nested in body.nested:
            low, high = self._limits(nested, scope)
            inner *= max(1, high - low + 1)
        step = max(1, _CELLS // inner)
        for start in range(lower, upper + 1, step):
            last = min(start + step - 1, upper)
            index = np.arange(start, last + 1)
            self._run = (index, start, last)  # neighbours are taken without looking each up
            yield self._terms(node, scope, body, index)
        self._run = None

    def _terms(self, node: Reduction, scope: Scope, body: Body, index: Any) -> Any:
        terms = np.asarray(self.value(node.body, scope.inside(body, index, axes=1)))
        if terms.ndim <= scope.axes:  # the same for every index
            axes = (1,) * (scope.axes - terms.ndim) + terms.shape
            terms = np.broadcast_to(terms, (index.size, *axes))
        return terms

    def _refuse_arrays(self, body: Body) -> None:
        for part in body.plain:
            if np.ndim(self._given(part)) and part not in body.depends:
                raise InputError(message("evaluate: {name} must have an index inside a sum; got an array", name=part))

    def total_count(self, root: Node) -> int:
        self._root = root
        return self.count(root, Scope())

    def _long(self, root: Node) -> set[Node]:
        """Return the parts that are computed for each row: those that an array without an index reaches."""
        long = set[Node]()
        for part in postorder(root):
            if isinstance(part, Apply):
                rows = any(arg in long and not is_over_rows(arg) for arg in part.args)
            else:
                rows = np.ndim(self._given(part)) > 0
            if rows:
                long.add(part)
        return long

    def count(self, root: Node, scope: Scope) -> int:
        self._enter()
        counted, seen, stack = 0, set[Node](), [root]
        long = self._long(root)
        while stack:
            node = stack.pop()
            if node in seen or node in self._values:
                continue
            seen.add(node)
            stack.extend(needed(node))
            if isinstance(node, Apply):
                counted += math.prod(self._shape_of_rows()) if node in long else 1
            if isinstance(node, Reduction):
                lower, upper = self._limits(node, scope)
                body = self._body(node)
                if body.ragged:
                    counted += sum(1 + self.count(node.body, scope.inside(body, k)) for k in range(lower, upper + 1))
                elif upper >= lower:
                    counted += (upper - lower + 1) * (1 + self.count(node.body, scope.inside(body, lower)))
        self._nested -= 1
        return counted


def _evenly(index: Any) -> Any:
    """Return rising and evenly spaced indices as a range; of several at once each would meet all the others'."""
    if not isinstance(index, np.ndarray) or index.dtype != np.int64 or index.ndim != 1 or index.size < 2:
        return index
    first, step = int(index[0]), int(index[1] - index[0])
    even = step > 0 and bool((index[1:] - index[:-1] == step).all())
    return range(first, int(index[-1]) + 1, step) if even else index


def _place(node: Indexed, index: Any, size: int) -> Any:
    """Return indices counted from 0; NumPy would take an index below 1 from the end."""
    if isinstance(index, range) and index.start >= 1 and index.stop <= size + 1:
        return slice(index.start - 1, index.stop - 1, index.step)
    index = np.asarray(index) if isinstance(index, range) else index
    whole = index.astype(np.int64) if isinstance(index, np.ndarray) else int(index) if abs(index) <= _FARTHEST else 0
    smallest, largest = (whole.min(), whole.max()) if isinstance(whole, np.ndarray) else (whole, whole)
    if np.any(whole != index) or smallest < 1 or largest > size:
        raise InputError(
            message(
                "evaluate: an index of {name} must be a whole number from 1 to {size}; got {got}",
                name=node.base,
                size=size,
                got=smallest if smallest < 1 else largest,
            )
        )
    return whole - 1
