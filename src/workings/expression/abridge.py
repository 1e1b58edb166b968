"""An expression that is too long to be read, in short: its first and last terms, and how many stand between."""

from __future__ import annotations

from collections.abc import Sequence

from workings.expression.nodes import Apply, Equation, Node, Symbol
from workings.expression.operations import OPERATIONS
from workings.expression.traverse import postorder
from workings.language import Message, message

__all__ = ["abridged"]

_SUMS, _PRODUCTS = frozenset({"add", "subtract"}), frozenset({"multiply"})
# What is left of a part of which fewer nodes can be shown is how many operations it has.
_LEAST = 5
# A chain of no more terms is shown with all of them, each in short.
_FEW = 4


def abridged(node: Node, most: int) -> Node:
    """Return an expression of about ``most`` numbers, names and signs; one that is not longer as it is.

    What is left out of a sum or a product is said between the first and the last of its terms, and what is left out of
    anything else in its place. It is there to be looked at: it has no value.

    Parameters
    ----------
    node
        The expression.
    most
        How many numbers, names and signs may be written.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> from workings.expression.abridge import abridged
    >>> x, z = symbols("x z")
    >>> print(abridged(sum((x**k for k in range(2, 300)), x), 20))
    x + x² + x³ + … 295 more terms … + x²⁹⁹
    >>> abridged(x + z, 20) is x + z
    True
    """
    sizes = _sizes(node)
    return _short(node, most, sizes) if sizes[node] > most else node


def _sizes(root: Node) -> dict[Node, int]:
    """Return how many numbers, names and signs each part has as it is written, shared parts each time."""
    sizes: dict[Node, int] = {}
    for node in postorder(root):
        sizes[node] = 1 + sum(sizes[child] for child in node.children)
    return sizes


def _short(node: Node, most: int, sizes: dict[Node, int]) -> Node:
    if sizes[node] <= most:
        return node
    if most < _LEAST:
        return _gap(message("… {count} operations …", count=_operations(node)))
    for names, said in ((_SUMS, "terms"), (_PRODUCTS, "factors")):
        if isinstance(node, Apply) and node.operation.name in names:
            return _short_chain(_spine(node, names), most, sizes, said)
    if not isinstance(node, (Apply, Equation)):
        return node
    return node.rebuilt(tuple(_shared_out(node.children, most - 1, sizes)))


def _spine(node: Node, names: frozenset[str]) -> list[tuple[str, Node]]:
    """Return a + b - c as its terms, each with the operation that joins it to what stands before."""
    found: list[tuple[str, Node]] = []
    while isinstance(node, Apply) and node.operation.name in names:
        found.append((node.operation.name, node.args[1]))
        node = node.args[0]
    return [("", node), *reversed(found)]


def _short_chain(terms: Sequence[tuple[str, Node]], most: int, sizes: dict[Node, int], said: str) -> Node:
    if len(terms) <= _FEW:
        parts = _shared_out([term for _, term in terms], most - len(terms), sizes)
        return _joined([(name, part) for (name, _), part in zip(terms, parts, strict=True)])
    head = _fitting([term for _, term in terms], 3 * most // 5, sizes, least=2)
    tail = _fitting([term for _, term in reversed(terms)], 3 * most // 10, sizes, least=1)
    if head + tail >= len(terms):
        head, tail = len(terms) - 2, 1
    kept = [*terms[:head], *terms[-tail:]]
    parts = _shared_out([term for _, term in kept], most, sizes)
    shown = [(name, part) for (name, _), part in zip(kept, parts, strict=True)]
    left_out = len(terms) - head - tail
    words = (
        message("… {count} more terms …", count=left_out)
        if said == "terms"
        else message("… {count} more factors …", count=left_out)
    )
    join = "add" if said == "terms" else "multiply"
    return _joined([*shown[:head], (join, _gap(words)), *shown[head:]])


def _fitting(terms: Sequence[Node], most: int, sizes: dict[Node, int], *, least: int) -> int:
    """Return how many of the first terms fit."""
    total = count = 0
    for term in terms:
        total += sizes[term] + 1
        if total > most:
            break
        count += 1
    return max(count, least)


def _shared_out(parts: Sequence[Node], most: int, sizes: dict[Node, int]) -> list[Node]:
    """Return parts in short, of which the smaller ones leave the larger ones what they do not need."""
    room = dict.fromkeys(range(len(parts)), 0)
    left = most
    for done, place in enumerate(sorted(room, key=lambda place: sizes[parts[place]])):
        room[place] = min(sizes[parts[place]], max(left // (len(parts) - done), 1))
        left -= room[place]
    return [_short(part, room[place], sizes) for place, part in enumerate(parts)]


def _joined(terms: Sequence[tuple[str, Node]]) -> Node:
    _, whole = terms[0]
    for name, term in terms[1:]:
        whole = Apply(OPERATIONS[name], (whole, term))
    return whole


def _operations(node: Node) -> int:
    return sum(isinstance(part, Apply) for part in postorder(node))


def _gap(words: Message) -> Symbol:
    return Symbol(str(words), "text")
