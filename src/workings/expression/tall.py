"""Which parts of an expression stand taller than a line: around those brackets grow, around any other they do not."""

from __future__ import annotations

from workings.expression.nodes import Apply, Elided, Integral, Node, Number, Partial, Reduction
from workings.expression.numerals import read_numeral
from workings.expression.present import check_size
from workings.expression.traverse import postorder

__all__ = ["Tall"]


class Tall:
    """The parts of ``root`` that hold a fraction, a root, cases, a sum, an integral or a derivative.

    What presenting makes of a node, ∂y/∂x of (∂y/∂x)_z or the 2 of ∂²y, is judged by itself.
    """

    def __init__(self, root: Node) -> None:
        check_size(root)
        self._parts: set[Node] = set()
        for node in postorder(root):
            # Of a sum that is written by its terms, the sum itself is not seen.
            seen = node.first + node.last if isinstance(node, Elided) else node.children
            if _stands_tall(node) or any(child in self._parts for child in seen):
                self._parts.add(node)

    def __contains__(self, node: Node) -> bool:
        return node in self._parts or _stands_tall(node)


def _stands_tall(node: Node) -> bool:
    if isinstance(node, Apply):
        return node.operation.layout in ("fraction", "root", "cases")
    if isinstance(node, Number):
        numeral = read_numeral(node.text)
        return numeral is not None and bool(numeral.below)
    return isinstance(node, (Reduction, Integral, Partial))
