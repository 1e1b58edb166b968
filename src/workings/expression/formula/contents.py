"""What an expression holds: the names that need a value, sums over rows, and whether it has a value for each row."""

from __future__ import annotations

from collections.abc import Callable

from workings.expression.nodes import Apply, Node, Reduction, Symbol
from workings.expression.traverse import free_symbols, postorder

__all__ = ["has_rows", "is_aggregate", "symbols_of"]

_AGGREGATES = ("sum", "mean")


def symbols_of(*nodes: Node) -> list[Symbol]:
    """Return the symbols that need a value, as they are read from the left."""
    parts = list(postorder(*nodes))
    found = [part for part in parts if isinstance(part, Symbol)]
    if any(isinstance(part, Reduction) for part in parts):  # whose index is no variable
        free = frozenset[Symbol]().union(*map(free_symbols, nodes))
        return [symbol for symbol in found if symbol in free]
    return found


def has_rows(root: Node, is_column: Callable[[Symbol], bool]) -> bool:
    """Whether an expression has a value for each row."""
    known: dict[Node, bool] = {}
    for node in postorder(root):
        if isinstance(node, Symbol):
            known[node] = is_column(node)
        else:
            known[node] = not is_aggregate(node) and any(known[child] for child in node.children)
    return known[root]


def is_aggregate(node: Node) -> bool:
    """Whether a node is a sum or a mean over rows."""
    return isinstance(node, Apply) and node.operation.name in _AGGREGATES
