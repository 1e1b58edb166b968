"""Derivatives by cases: where(c, a, 0) times b is where(c, a·b, 0), and cases that say the same are said once."""

from __future__ import annotations

from collections.abc import Callable

from workings.expression.calculus.coefficient import ZERO_NODE
from workings.expression.calculus.combine import selected
from workings.expression.nodes import Apply, Node

__all__ = ["Leaf", "is_where", "leaves", "mapped", "settled"]

_DEEPEST = 8

Leaf = tuple[tuple[tuple[Node, bool], ...], Node]
"""The conditions that lead to a case, each with whether it holds, and the case."""


def is_where(node: Node) -> bool:
    """Whether it is a ``where``."""
    return isinstance(node, Apply) and node.operation.name == "where"


def leaves(node: Node) -> list[Leaf] | None:
    """Return the cases of a ``where`` whose last case may be a ``where`` again; None if there are too many."""
    found: list[Leaf] = []
    path: tuple[tuple[Node, bool], ...] = ()
    here = node
    while is_where(here):
        condition, chosen, here = here.children
        found.append(((*path, (condition, True)), chosen))
        path = (*path, (condition, False))
        if len(found) > _DEEPEST:
            return None
    return [*found, (path, here)]


def mapped(node: Node, change: Callable[[Leaf], Node]) -> Node:
    """Return a ``where`` with each of its cases changed."""
    cases = leaves(node)
    if cases is None:
        return node
    result = change(cases[-1])
    for path, chosen in reversed(cases[:-1]):
        result = selected(path[-1][0], change((path, chosen)), result)
    return result


def settled(condition: Node, first: Node, second: Node) -> Node:
    """Return a ``where`` without conditions that say again what the first case says: (a or b) before a, b, else 0."""
    if second is ZERO_NODE and is_where(first):
        asked = _alternatives(condition)
        cases = leaves(first)
        if cases is not None and cases[-1][1] is ZERO_NODE:
            covered = {path[-1][0] for path, _ in cases[:-1]}
            if covered <= asked:
                return first
    return selected(condition, first, second)


def _alternatives(condition: Node) -> set[Node]:
    found: set[Node] = set()
    stack = [condition]
    while stack and len(found) <= _DEEPEST:
        here = stack.pop()
        if isinstance(here, Apply) and here.operation.name == "either":
            stack.extend(here.args)
        else:
            found.add(here)
    return found
