"""Derivatives of powers by their exponent, made to hold where the base is 0.

The slope of x^k by k is x^k·log(x), for x = 0 that is 0·(-∞). For k > 0 the power is 0 for every exponent near k, so
that its slope is 0, which is what x^k·log(1) gives. The usual case is a power law fitted to rows with an x of 0.
"""

from __future__ import annotations

from collections.abc import Iterable

from workings.expression.calculus.coefficient import ONE_NODE, ZERO_NODE
from workings.expression.nodes import Apply, Node, Number
from workings.expression.traverse import postorder

__all__ = ["with_zero_bases"]


def with_zero_bases(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return expressions with log(x) as log(1) where x is 0, wherever it is a factor beside a power of x.

    Examples
    --------
    >>> from workings.expression import log, symbols
    >>> x, k = symbols("x k")
    >>> print(*with_zero_bases([x**k * log(x), x**2 * log(x)]))
    x^k·log(where(x = 0, 1, x)) x²·log(x)
    """
    done: dict[Node, Node] = {}
    return tuple(_with_zero_bases(node, done) for node in nodes)


def _with_zero_bases(node: Node, done: dict[Node, Node]) -> Node:
    for part in postorder(node):
        if part in done:
            continue
        children = part.children
        new = tuple(done[child] for child in children)
        if isinstance(part, Apply) and part.operation.name == "multiply":
            first, second = part.args
            new = (_held(first, new[0], beside=second), _held(second, new[1], beside=first))
        done[part] = part if new == children else part.rebuilt(new)
    return done[node]


def _held(factor: Node, new: Node, *, beside: Node) -> Node:
    """Return log(x), or a power of it, to be multiplied by a product that has a power of x in it."""
    power = factor if _is(factor, "power") else None
    logarithm = factor if power is None else power.children[0]
    if not _is(logarithm, "log") or not _has_power(beside, base := logarithm.children[0]):
        return new
    held = Apply("log", (Apply("where", (Apply("equal", (base, ZERO_NODE)), ONE_NODE, base)),))
    return held if power is None else Apply("power", (held, power.children[1]))


def _has_power(product: Node, base: Node) -> bool:
    """Whether a power of this base, to an exponent that is no number, is among the factors."""
    waiting = [product]
    while waiting:
        factor = waiting.pop()
        if _is(factor, "multiply") or _is(factor, "negate"):
            waiting.extend(factor.children)
        elif _is(factor, "power"):
            if factor.children[0] is base and not isinstance(factor.children[1], Number):
                return True
            waiting.append(factor.children[0])
    return False


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Apply) and node.operation.name == name
