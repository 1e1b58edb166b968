"""What an evaluation knows of an expression before it computes: what needs what, and what an index reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression.nodes import Apply, Elided, Equation, Indexed, Integral, Node, Partial, Reduction, Symbol
from workings.expression.traverse import free_symbols, postorder
from workings.language import message

__all__ = ["Body", "Scope", "body_of", "is_over_rows", "needed", "shape_of_rows", "without_index"]


@dataclass
class Scope:
    """Where a part is evaluated: outside all sums, or inside one whose index has a value (or an axis of values)."""

    parent: Scope | None = None
    value: Any = None
    depends: frozenset[Node] | set[Node] = frozenset()
    memo: dict[Node, Any] = field(default_factory=dict[Node, Any])
    axes: int = 0

    def inside(self, body: Body, value: Any, axes: int = 0) -> Scope:
        """Return the scope inside a reduction whose index has this value."""
        return Scope(self, value, body.depends, {}, self.axes + axes)

    def home(self, node: Node) -> Scope:
        """Return the scope to which a part's value belongs: the innermost whose index reaches it."""
        scope = self
        while scope.parent is not None and node not in scope.depends:
            scope = scope.parent
        return scope


@dataclass
class Body:
    """What is known of a reduction's body."""

    depends: set[Node]  # the parts that the index reaches
    nested: list[Reduction]
    plain: set[Node]  # the parts that stand there without an index
    ragged: bool  # whether the limits of a nested reduction, or what is taken over rows, change from term to term


def body_of(node: Reduction) -> Body:
    """Return what is known of a reduction's body."""
    depends: set[Node] = {node.index}
    nested: list[Reduction] = []
    taken: list[Node] = []
    for part in postorder(node.body):
        if isinstance(part, Reduction):
            nested.append(part)
        elif is_over_rows(part):
            taken.append(part)
        reach = needed(part) if isinstance(part, Reduction) and part.index is node.index else part.children
        if any(child in depends for child in reach):
            depends.add(part)
    bound = {node.index, *(inner.index for inner in nested)}
    singly = [limit for inner in nested for limit in (inner.lower, inner.upper)] + taken
    ragged = any(bound & free_symbols(part) for part in singly)
    return Body(depends, nested, without_index(node.body, over_rows=False), ragged)


def needed(node: Node) -> tuple[Node, ...]:
    """Return the parts whose values a node's value needs in its own scope."""
    if isinstance(node, Apply):
        return node.args
    if isinstance(node, Reduction):
        return (node.lower, node.upper)
    if isinstance(node, Indexed):
        return node.indices
    if isinstance(node, Elided):
        return (node.reduction,)
    return () if isinstance(node, (Equation, Integral, Partial)) else node.children


def is_over_rows(node: Node) -> bool:
    """Whether a part is a sum or a mean over rows."""
    return isinstance(node, Apply) and node.operation.over_rows


def without_index(root: Node, *, over_rows: bool = True) -> set[Node]:
    """Return the parts that stand there without an index; within what is taken over rows only if that is asked for."""
    found, stack = set[Node](), [root]
    while stack:
        part = stack.pop()
        if part in found:
            continue
        found.add(part)
        if isinstance(part, Indexed):
            stack.extend(part.indices)
        elif over_rows or not is_over_rows(part):
            stack.extend(part.children)
    return found


def shape_of_rows(root: Node, values: Mapping[Any, Any]) -> tuple[int, ...]:
    """Return the shape that the arrays without an index have together: of those in the expression, if it has any.

    A formula that has lost its columns, as the derivative 2 of 2·x has, is still taken over the rows that are given.

    Raises
    ------
    InputError
        If the shapes do not broadcast.
    """
    plain = without_index(root)
    names = plain | {part.name if isinstance(part, Symbol) else str(part) for part in plain if not part.children}
    bases = {part.base for part in postorder(root) if isinstance(part, Indexed)}
    taken = bases | {str(base) for base in bases}
    shapes = {key: np.shape(value) for key, value in values.items() if np.ndim(value) and key not in taken}
    shown = [shape for key, shape in shapes.items() if key in names] or list(shapes.values())
    try:
        return np.broadcast_shapes(*shown)
    except ValueError as error:
        listed = ", ".join(str(shape) for shape in dict.fromkeys(shown))
        raise InputError(
            message("evaluate: arrays in values must have shapes that broadcast together; got {shapes}", shapes=listed)
        ) from error
