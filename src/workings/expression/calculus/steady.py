"""Expressions to compute in place of others whose parts overflow before they do: 1/(1 + e^(-x)) is σ(x).

For x = -800 the exponential is infinite; the quotient is 0, which is right, but its derivative e^(-x)/(1 + e^(-x))² is
then infinity over infinity. σ'(x) = σ(x)·(1 - σ(x)) is 0.
"""

from __future__ import annotations

from workings.expression.calculus.coefficient import ONE_NODE
from workings.expression.calculus.combine import negative, times
from workings.expression.nodes import Apply, Node
from workings.expression.traverse import postorder

__all__ = ["steady"]


def steady(node: Node) -> Node:
    """Return an expression of the same value with the sigmoid and the softplus where it spells them out.

    Examples
    --------
    >>> from workings.expression import exp, log, symbols
    >>> x, A = symbols("x A")
    >>> print(steady(A / (1 + exp(-x))), steady(log(1 + exp(x))), steady(exp(x) / (exp(x) + 1)))
    A·σ(x) softplus(x) σ(x)
    >>> print(steady(log(1 - 1 / (1 + exp(-x)))), steady(A * exp(x) / (1 + exp(x))))
    -softplus(x) A·σ(x)
    """
    done: dict[Node, Node] = {}
    for part in postorder(node):
        children = part.children
        new = tuple(done[child] for child in children)
        found = part if new == children else part.rebuilt(new)
        done[part] = _spelt_out(found) if isinstance(found, Apply) else found
    return done[node]


def _spelt_out(node: Apply) -> Node:
    name, args = node.operation.name, node.args
    if name == "divide" and (exponent := _one_plus_exponential(args[1])) is not None:
        if _exponent(args[0]) is exponent:
            return Apply("sigmoid", (exponent,))
        if _is(args[0], "multiply"):
            first, second = args[0].children
            for factor, other in ((first, second), (second, first)):
                if _exponent(factor) is exponent:
                    return times(other, Apply("sigmoid", (exponent,)))
        return times(args[0], Apply("sigmoid", (negative(exponent),)))
    if name == "log" and (exponent := _one_plus_exponential(args[0])) is not None:
        return Apply("softplus", (exponent,))
    if name == "log" and _is(args[0], "sigmoid"):
        return negative(Apply("softplus", (negative(args[0].children[0]),)))
    if name == "subtract" and args[0] is ONE_NODE and _is(args[1], "sigmoid"):
        return Apply("sigmoid", (negative(args[1].children[0]),))
    if name == "log1p" and (exponent := _exponent(args[0])) is not None:
        return Apply("softplus", (exponent,))
    return node


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Apply) and node.operation.name == name


def _one_plus_exponential(node: Node) -> Node | None:
    if not isinstance(node, Apply) or node.operation.name != "add" or ONE_NODE not in node.args:
        return None
    return _exponent(node.args[1] if node.args[0] is ONE_NODE else node.args[0])


def _exponent(node: Node) -> Node | None:
    """Return u of exp(u) and of e^u."""
    if not isinstance(node, Apply):
        return None
    if node.operation.name == "exp":
        return node.args[0]
    if node.operation.name == "power" and isinstance(node.args[0], Apply) and node.args[0].operation.name == "e":
        return node.args[1]
    return None
