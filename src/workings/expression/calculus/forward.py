"""Forward mode: the derivative of every part by one variable, each from those of its own parts.

Source: A. Griewank and A. Walther, Evaluating Derivatives, 2nd ed., SIAM 2008, section 3.1 (tangent propagation).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workings.expression.calculus.coefficient import ONE_NODE, TWO_NODE, ZERO_NODE
from workings.expression.calculus.combine import applied, is_zero, minus, negative, over, plus, selected, times
from workings.expression.calculus.local import CONDITIONS, differentiable, local_derivative
from workings.expression.calculus.over_index import derivative_of_element, derivative_of_reduction
from workings.expression.calculus.over_rows import AGGREGATES, over_rows
from workings.expression.nodes import Apply, Elided, Indexed, Node, Reduction
from workings.expression.traverse import postorder

__all__ = ["tangents"]


def tangents(nodes: Sequence[Node], variable: Node) -> tuple[Node, ...]:
    """Return the derivatives of several expressions by one variable, in one sweep over their shared parts.

    The sweep does not recurse; its cost is proportional to the number of distinct parts.
    """
    known: dict[Node, Node] = {}
    for root in nodes:
        for node in _not_yet(root, known):
            known[node] = ONE_NODE if node is variable else _tangent(node, variable, known)
    return tuple(known[node] for node in nodes)


def _not_yet(root: Node, known: dict[Node, Node]) -> Iterable[Node]:
    return () if root in known else (node for node in postorder(root) if node not in known)


def _tangent(node: Node, variable: Node, known: dict[Node, Node]) -> Node:
    if isinstance(node, Apply):
        if node.operation.name in CONDITIONS or all(known[arg] is ZERO_NODE for arg in node.args):
            return ZERO_NODE
        return _of_operation(node, [known[arg] for arg in node.args])
    if isinstance(node, Indexed):
        return derivative_of_element(node, variable)
    if isinstance(node, Reduction):
        return derivative_of_reduction(node, known[node.body])
    if isinstance(node, Elided):
        return known[node.reduction]
    return ZERO_NODE


def _of_operation(node: Apply, changes: list[Node]) -> Node:
    name, args = node.operation.name, node.args
    if name == "add":
        return plus(*changes)
    if name == "subtract":
        return minus(*changes)
    if name == "negate":
        return negative(changes[0])
    if name == "divide":
        return over(minus(changes[0], times(node, changes[1])), args[1])
    if name in AGGREGATES:
        return over_rows(name, changes[0])
    if name in ("where", "maximum", "minimum"):
        return _of_choice(node, changes)
    if name == "power" and not is_zero(changes[0]) and not is_zero(changes[1]):
        # f·(b'·log(a) + b·a'/a), not b·a^(b - 1)·a' + a^b·log(a)·b': one power to compute instead of two.
        base, exponent = args
        inner = plus(times(changes[1], applied("log", (base,))), over(times(exponent, changes[0]), base))
        return times(node, inner)
    total: Node = ZERO_NODE
    for place, change in enumerate(changes):
        if is_zero(change) or not differentiable(node.operation, place):
            continue
        for local in local_derivative(node, place):
            part = times(local.slope, change)
            total = plus(total, part if local.condition is None else selected(local.condition, part, ZERO_NODE))
    return total


def _of_choice(node: Apply, changes: list[Node]) -> Node:
    """Return the derivative of the piece that is chosen; of the larger or smaller of two equals, the mean of both."""
    if node.operation.name == "where":
        return selected(node.args[0], changes[1], changes[2])
    a, b = node.args
    first = applied("greater" if node.operation.name == "maximum" else "less", (a, b))
    tie = selected(applied("equal", (a, b)), over(plus(*changes), TWO_NODE), changes[1])
    return selected(first, changes[0], tie)
