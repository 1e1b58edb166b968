"""Reverse mode: all partial derivatives of one expression, in one sweep from its value back to its variables.

The adjoint of a part is the derivative of the whole by that part. Whoever uses a part adds to its adjoint: the adjoint
of the user times the local derivative. The cost is a small multiple of the expression's own for any number of
variables.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, section 3.2 (adjoint propagation);
B. Speelpenning, Compiling Fast Partial Derivatives of Functions Given by Algorithms, University of Illinois 1980.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workings.expression.calculus.coefficient import ONE_NODE, ZERO_NODE
from workings.expression.calculus.combine import is_zero, times
from workings.expression.calculus.guards import all_of, any_of, gathered
from workings.expression.calculus.local import CONDITIONS, differentiable, local_derivative
from workings.expression.calculus.over_rows import AGGREGATES, over_rows
from workings.expression.nodes import Apply, Elided, Indexed, Node, Number, Reduction, Symbol
from workings.expression.traverse import postorder

__all__ = ["needs_forward", "swept"]

# What flows back to a part: from which place in the expression, under which condition, how much.
_Flow = tuple[int, Node | None, Node]


def needs_forward(node: Node) -> bool:
    """Whether an expression holds sums over an index or elements of arrays, which this sweep leaves to the other."""
    return any(isinstance(part, (Reduction, Elided, Indexed)) for part in postorder(node))


def swept(node: Node, variables: Sequence[Node], rows: Collection[str] | None = None) -> tuple[Node, ...]:
    """Return the derivatives of one expression by several variables.

    Parameters
    ----------
    node
        The expression: operations on numbers and names.
    variables
        What to differentiate by.
    rows
        The names of columns of data, where they are known. Else every name that is no variable may be one.
    """
    sweep = _Sweep(node, variables, rows)
    return tuple(sweep.adjoint_of(variable) for variable in variables)


class _Sweep:
    def __init__(self, node: Node, variables: Sequence[Node], rows: Collection[str] | None) -> None:
        order = list(postorder(node))
        self._places = {part: place for place, part in enumerate(order)}
        wanted = frozenset(variables)
        self._active = _reaching(order, wanted)
        self._same_in_all_rows = _same_in_all_rows(order, wanted, rows)
        self._flows: dict[Node, list[_Flow]] = {}
        if node in self._active:
            self._flows[node] = [(len(order), None, ONE_NODE)]
        for part in reversed(order):
            if part in self._flows and part not in wanted:
                reach, adjoint = _collected(self._flows.pop(part))
                if isinstance(part, Apply) and not is_zero(adjoint):
                    self._pass_on(part, reach, adjoint)

    def adjoint_of(self, variable: Node) -> Node:
        if variable not in self._flows:
            return ZERO_NODE
        return _total(self._flows[variable])

    def _pass_on(self, node: Apply, reach: Node | None, adjoint: Node) -> None:
        name = node.operation.name
        if name not in AGGREGATES:
            self._to_arguments(node, reach, adjoint, self._flows)
            return
        place = self._places[node]
        for part, inside in self._through_rows(node.args[0]).items():
            flow = times(adjoint, self._aggregate(name, inside))
            self._flows.setdefault(part, []).append((place, reach, flow))

    def _to_arguments(self, node: Apply, reach: Node | None, adjoint: Node, flows: dict[Node, list[_Flow]]) -> None:
        place = self._places[node]
        for position, arg in enumerate(node.args):
            if arg not in self._active or not differentiable(node.operation, position):
                continue
            for local in local_derivative(node, position):
                flow = times(adjoint, local.slope)
                if not is_zero(flow):
                    flows.setdefault(arg, []).append((place, all_of(reach, local.condition), flow))

    def _through_rows(self, body: Node) -> dict[Node, Node]:
        """Return, for each part that all rows share, the derivative by it of the body's value in one row."""
        if body in self._same_in_all_rows:
            return {body: ONE_NODE}
        flows: dict[Node, list[_Flow]] = {body: [(self._places[body] + 1, None, ONE_NODE)]}
        for part in self._in_each_row(body):
            if part in flows and isinstance(part, Apply):
                reach, adjoint = _collected(flows.pop(part))
                self._to_arguments(part, reach, adjoint, flows)
        return {part: _total(arrived) for part, arrived in flows.items()}

    def _in_each_row(self, body: Node) -> list[Node]:
        """Return the active parts of a body that differ from row to row, each before its own parts."""
        seen, stack = {body}, [body]
        while stack:
            for child in stack.pop().children:
                if child in self._active and child not in self._same_in_all_rows and child not in seen:
                    seen.add(child)
                    stack.append(child)
        return sorted(seen, key=self._places.__getitem__, reverse=True)

    def _aggregate(self, name: str, inside: Node) -> Node:
        if name == "sum" and inside in self._same_in_all_rows and not isinstance(inside, Number):
            return times(inside, Apply("sum", (ONE_NODE,)))
        return over_rows(name, inside)


def _collected(flows: list[_Flow]) -> tuple[Node | None, Node]:
    """Return the condition under which a part has influence, and then its adjoint."""
    if len(flows) == 1:
        _, condition, value = flows[0]
        return condition, value
    reach = any_of(condition for _, condition, _ in flows)
    return reach, _total(flows, reach)


def _total(flows: list[_Flow], reach: Node | None = None) -> Node:
    flows.sort(key=lambda flow: flow[0])
    return gathered([(condition, value) for _, condition, value in flows], reach)


def _reaching(order: list[Node], wanted: frozenset[Node]) -> set[Node]:
    """Return the parts through which a variable has influence on the value."""
    active: set[Node] = set()
    for part in order:
        if part in wanted or (
            isinstance(part, Apply)
            and part.operation.name not in CONDITIONS
            and any(arg in active and differentiable(part.operation, k) for k, arg in enumerate(part.args))
        ):
            active.add(part)
    return active


def _same_in_all_rows(order: list[Node], wanted: frozenset[Node], rows: Collection[str] | None) -> set[Node]:
    """Return the parts that have one value for all rows of data."""
    same: set[Node] = set()
    for part in order:
        if isinstance(part, Symbol):
            one = part in wanted or (rows is not None and part.name not in rows)
        else:
            aggregate = isinstance(part, Apply) and part.operation.name in AGGREGATES
            one = aggregate or part in wanted or all(child in same for child in part.children)
        if one:
            same.add(part)
    return same
