"""The nodes of expression trees: immutable, shared where equal, compared by identity."""

from workings.expression.nodes.core import Apply, Node, Number, Operand, Style, Symbol, as_node
from workings.expression.nodes.structures import (
    Elided,
    Equation,
    Indexed,
    Integral,
    Kind,
    Partial,
    Reduction,
    Relation,
)

__all__ = [
    "Apply",
    "Elided",
    "Equation",
    "Indexed",
    "Integral",
    "Kind",
    "Node",
    "Number",
    "Operand",
    "Partial",
    "Reduction",
    "Relation",
    "Style",
    "Symbol",
    "as_node",
]
