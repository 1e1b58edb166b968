"""An expression as it is put before a reader: in short where it is too long, its numbers with thousands apart."""

from __future__ import annotations

from workings.expression.abridge import abridged
from workings.expression.nodes import Node, Number
from workings.expression.traverse import postorder, substitute
from workings.language import grouped

__all__ = ["legible"]


def legible(node: Node, most: int | None = None) -> Node:
    r"""Return an expression with 12345 written 12 345, and of about ``most`` numbers, names and signs if that is said.

    It is made last of all, when a working is written: what is verified and kept has its digits together.

    Examples
    --------
    >>> from workings.expression import number, symbol
    >>> from workings.expression.legible import legible
    >>> str(legible(number(12345) - 3 * symbol("x")))
    '12\u202f345 - 3·x'
    """
    short = node if most is None else abridged(node, most)
    numbers = [part for part in postorder(short) if isinstance(part, Number)]
    apart: dict[Node, Number] = {
        part: Number(part.value, text) for part in numbers if (text := grouped(part.text)) != part.text
    }
    return substitute(short, apart) if apart else short
