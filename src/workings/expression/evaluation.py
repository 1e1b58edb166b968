"""The value of an expression, in floats over whole arrays, in mpmath at any number of digits, or in exact fractions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from workings.errors import InputError
from workings.expression.arithmetics import (
    Arithmetic,
    FloatArithmetic,
    FractionArithmetic,
    MultiprecisionArithmetic,
)
from workings.expression.nodes import Apply, Elided, Equation, Indexed, Node, Number, Partial, Reduction, Symbol
from workings.expression.traverse import free_symbols, postorder
from workings.language import message

__all__ = ["evaluate", "operation_count"]

_DEEPEST = 32  # sums within sums: NumPy has 64 axes, and the work grows with every one
_FARTHEST = 2**62  # limits and indices are int64
_CELLS = 2**22  # how many values of a sum's body are held at once: 32 MiB of float64


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
    if not 15 <= digits <= 100_000:
        raise InputError(message("evaluate: digits must be from 15 to 100,000; got {got}", got=digits))
    return MultiprecisionArithmetic(digits)


@dataclass
class _Scope:
    """Where a part is evaluated: outside all sums, or inside one whose index has a value (or an axis of values)."""

    parent: _Scope | None = None
    value: Any = None
    depends: frozenset[Node] | set[Node] = frozenset()
    memo: dict[Node, Any] = field(default_factory=dict[Node, Any])
    axes: int = 0


@dataclass
class _Body:
    """What is known of a reduction's body before it is evaluated."""

    depends: set[Node]  # the parts that the index reaches
    nested: list[Reduction]
    plain: set[Node]  # the parts that stand there without an index
    ragged: bool  # whether the limits of a nested reduction, or what is taken over rows, change from term to term


class _Evaluation:
    def __init__(self, values: Mapping[Any, Any] | None, arithmetic: Arithmetic) -> None:
        # One mapping for both: a name is never a node. Taking it apart would cost each line of a long working as much
        # as is known by then.
        self._names = self._nodes = values or {}
        self._arithmetic = arithmetic
        self._bodies: dict[Reduction, _Body] = {}
        self._data: dict[Node, Any] = {}
        self._nested = 0
        self._root: Node = Number(0)
        self._rows: tuple[int, ...] | None = None

    def result(self, node: Node) -> Any:
        self._root = node
        try:
            with np.errstate(all="ignore"):
                return self._arithmetic.finish(self.value(node, _Scope()))
        except ValueError:
            self._shape_of_rows()
            raise

    def value(self, root: Node, scope: _Scope) -> Any:
        stack: list[tuple[Node, _Scope]] = [(root, scope)]
        while stack:
            node, here = stack[-1]
            while here.parent is not None and node not in here.depends:
                here = here.parent
            if node in here.memo:
                stack.pop()
                continue
            waiting = [] if node in self._nodes else [c for c in _needed(node) if not _known(c, here)]
            if waiting:
                stack.extend((child, here) for child in waiting)
                continue
            stack.pop()
            here.memo[node] = self._compute(node, here)
        return _look(root, scope)

    def _compute(self, node: Node, scope: _Scope) -> Any:
        if node in self._nodes:
            return self._arithmetic.take(self._nodes[node])
        if isinstance(node, Apply):
            args = [_look(arg, scope) for arg in node.args]
            if node.operation.over_rows:
                return self._arithmetic.over_rows(node.operation, args[0], lambda: self._copies(node, args[0]))
            return self._arithmetic.apply(node.operation, args)
        if isinstance(node, Number):
            return self._arithmetic.take(node.value)
        if isinstance(node, Symbol):
            return scope.value if scope.parent is not None else self._named(node, node.name)
        if isinstance(node, Indexed):
            return self._element(node, [_look(index, scope) for index in node.indices])
        if isinstance(node, Reduction):
            return self._reduce(node, scope)
        if isinstance(node, Elided):
            return _look(node.reduction, scope)
        if isinstance(node, Equation):
            raise InputError(message("evaluate: node must be one side of an equation; got {got}", got=node))
        return self._named(node, str(node))

    def _named(self, node: Node, name: str) -> Any:
        if name not in self._names:
            raise InputError(message("evaluate: values must have a value for {name}; got none", name=node))
        value = self._names[name]
        sequence = not isinstance(value, np.ndarray) and hasattr(value, "__len__")
        return self._arithmetic.take(np.asarray(value) if sequence else value)

    def _element(self, node: Indexed, indices: list[Any]) -> Any:
        if node.base not in self._data:
            found = self._nodes.get(node.base, self._names.get(str(getattr(node.base, "name", "")), None))
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
        """Return the shape of the arrays without an index, together: of those in the expression, if there are any."""
        if self._rows is None:
            given: dict[Node | str, Any] = {**self._names, **self._nodes}
            plain = _plain(self._root)
            named = {part.name if isinstance(part, Symbol) else str(part) for part in plain if not part.children}
            shown = [value for key, value in given.items() if key in plain or key in named]
            bases = {part.base for part in postorder(self._root) if isinstance(part, Indexed)}
            others = [value for key, value in given.items() if key not in bases | {str(base) for base in bases}]
            shapes = [np.shape(value) for value in shown if np.ndim(value)]
            self._rows = _together(shapes or [np.shape(value) for value in others if np.ndim(value)])
        return self._rows

    def _limits(self, node: Reduction, scope: _Scope) -> tuple[int, int]:
        limits = (self.value(node.lower, scope), self.value(node.upper, scope))
        for limit in limits:
            if isinstance(limit, np.ndarray) or not abs(limit) <= _FARTHEST or limit != int(limit):  # NaN is not <=
                raise InputError(message("evaluate: the limits of a sum must be whole numbers; got {got}", got=limit))
        return int(limits[0]), int(limits[1])

    def _reduce(self, node: Reduction, scope: _Scope) -> Any:
        arithmetic = self._arithmetic
        lower, upper = self._limits(node, scope)
        if upper < lower:
            return arithmetic.combine(node.kind, [])
        self._enter()
        body = self._body(node)
        if not isinstance(arithmetic, FloatArithmetic) or body.ragged:
            terms = [self.value(node.body, _inside(scope, body, k)) for k in range(lower, upper + 1)]
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

    def _pieces(self, node: Reduction, scope: _Scope, body: _Body, lower: int, upper: int) -> Iterator[Any]:
        """Yield the terms of an outermost reduction, as many at once as fit the memory allowed."""
        inner = 1
        for nested in body.nested:
            low, high = self._limits(nested, scope)
            inner *= max(1, high - low + 1)
        step = max(1, _CELLS // inner)
        for start in range(lower, upper + 1, step):
            yield self._terms(node, scope, body, np.arange(start, min(start + step, upper + 1)))

    def _terms(self, node: Reduction, scope: _Scope, body: _Body, index: Any) -> Any:
        terms = np.asarray(self.value(node.body, _inside(scope, body, index, axes=1)))
        if terms.ndim <= scope.axes:  # the same for every index
            axes = (1,) * (scope.axes - terms.ndim) + terms.shape
            terms = np.broadcast_to(terms, (index.size, *axes))
        return terms

    def _refuse_arrays(self, body: _Body) -> None:
        for part in body.plain:
            value = self._nodes.get(part, self._names.get(part.name) if isinstance(part, Symbol) else None)
            if value is not None and np.ndim(value) and part not in body.depends:
                raise InputError(message("evaluate: {name} must have an index inside a sum; got an array", name=part))

    def _body(self, node: Reduction) -> _Body:
        if node not in self._bodies:
            depends: set[Node] = {node.index}
            nested: list[Reduction] = []
            taken: list[Node] = []
            for part in postorder(node.body):
                if isinstance(part, Reduction):
                    nested.append(part)
                elif _over_rows(part):
                    taken.append(part)
                reach = _needed(part) if isinstance(part, Reduction) and part.index is node.index else part.children
                if any(child in depends for child in reach):
                    depends.add(part)
            bound = {node.index, *(inner.index for inner in nested)}
            singly = [limit for inner in nested for limit in (inner.lower, inner.upper)] + taken
            ragged = any(bound & free_symbols(part) for part in singly)
            self._bodies[node] = _Body(depends, nested, _plain(node.body, over_rows=False), ragged)
        return self._bodies[node]

    def total_count(self, root: Node) -> int:
        self._root = root
        return self.count(root, _Scope())

    def _long(self, root: Node) -> set[Node]:
        """Return the parts that are computed for each row: those that an array without an index reaches."""
        long = set[Node]()
        for part in postorder(root):
            if isinstance(part, Apply):
                rows = any(arg in long and not _over_rows(arg) for arg in part.args)
            else:
                value = self._nodes.get(part, self._names.get(part.name) if isinstance(part, Symbol) else None)
                rows = value is not None and np.ndim(value) > 0
            if rows:
                long.add(part)
        return long

    def count(self, root: Node, scope: _Scope) -> int:
        self._enter()
        counted, seen, stack = 0, set[Node](), [root]
        long = self._long(root)
        while stack:
            node = stack.pop()
            if node in seen or node in self._nodes:
                continue
            seen.add(node)
            stack.extend(_needed(node))
            if isinstance(node, Apply):
                counted += math.prod(self._shape_of_rows()) if node in long else 1
            if isinstance(node, Reduction):
                lower, upper = self._limits(node, scope)
                body = self._body(node)
                if body.ragged:
                    counted += sum(1 + self.count(node.body, _inside(scope, body, k)) for k in range(lower, upper + 1))
                elif upper >= lower:
                    counted += (upper - lower + 1) * (1 + self.count(node.body, _inside(scope, body, lower)))
        self._nested -= 1
        return counted


def _needed(node: Node) -> tuple[Node, ...]:
    """Return the parts whose values a node's value needs in its own scope."""
    if isinstance(node, Reduction):
        return (node.lower, node.upper)
    if isinstance(node, Indexed):
        return node.indices
    if isinstance(node, Elided):
        return (node.reduction,)
    return () if isinstance(node, (Equation, Partial)) else node.children


def _over_rows(node: Node) -> bool:
    return isinstance(node, Apply) and node.operation.over_rows


def _plain(root: Node, *, over_rows: bool = True) -> set[Node]:
    """Return the parts that stand there without an index; within what is taken over rows only if it is asked for."""
    found, stack = set[Node](), [root]
    while stack:
        part = stack.pop()
        if part in found:
            continue
        found.add(part)
        if isinstance(part, Indexed):
            stack.extend(part.indices)
        elif over_rows or not _over_rows(part):
            stack.extend(part.children)
    return found


def _together(shapes: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the shape of arrays together.

    Raises
    ------
    InputError
        If they have rows of different number.
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError as error:
        listed = ", ".join(str(shape) for shape in dict.fromkeys(shapes))
        raise InputError(
            message("evaluate: arrays in values must have shapes that broadcast together; got {shapes}", shapes=listed)
        ) from error


def _inside(scope: _Scope, body: _Body, value: Any, axes: int = 0) -> _Scope:
    return _Scope(scope, value, body.depends, {}, scope.axes + axes)


def _known(node: Node, scope: _Scope) -> bool:
    while scope.parent is not None and node not in scope.depends:
        scope = scope.parent
    return node in scope.memo


def _look(node: Node, scope: _Scope) -> Any:
    while scope.parent is not None and node not in scope.depends:
        scope = scope.parent
    return scope.memo[node]


def _place(node: Indexed, index: Any, size: int) -> Any:
    """Return indices counted from 0; NumPy would take an index below 1 from the end."""
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
