"""The four operations with what is trivial left out: 0 + x, 1·x, -(-x), 2·(3·x). Each looks one level deep only.

Derivatives are built with these, so that what multiplies by 0 or by 1 is never built, at a cost that does not grow with
the expressions that are combined.
"""

from __future__ import annotations

from collections.abc import Callable

from workings.expression.calculus.coefficient import ONE_NODE, TWO_NODE, ZERO_NODE, Coefficient, read_coefficient
from workings.expression.nodes import Apply, Node, Number

__all__ = ["applied", "is_one", "is_zero", "minus", "negative", "over", "plus", "raised", "selected", "times"]


def is_zero(node: Node) -> bool:
    """Whether it is the number 0."""
    return node is ZERO_NODE or (type(node) is Number and node.value == 0)


def is_one(node: Node) -> bool:
    """Whether it is the number 1."""
    return node is ONE_NODE or (type(node) is Number and node.value == 1)


def plus(a: Node, b: Node) -> Node:
    """Return a + b."""
    if is_zero(a):
        return b
    if is_zero(b):
        return a
    if a is b:
        return times(TWO_NODE, a)
    if (number := _folded(a, b, "+")) is not None:
        return number
    if (opposite := _opposite(b)) is not None:
        return ZERO_NODE if opposite is a else Apply("subtract", (a, opposite))
    if (opposite := _opposite(a)) is not None:
        return ZERO_NODE if opposite is b else Apply("subtract", (b, opposite))
    return Apply("add", (a, b))


def minus(a: Node, b: Node) -> Node:
    """Return a - b."""
    if a is b:
        return ZERO_NODE
    return _folded(a, b, "-") or plus(a, negative(b))


def negative(a: Node) -> Node:
    """Return -a."""
    if is_zero(a):
        return ZERO_NODE
    if (opposite := _opposite(a)) is not None:
        return opposite
    return Apply("negate", (a,))


def times(a: Node, b: Node) -> Node:
    """Return a·b, the number and the sign in front."""
    if is_zero(a) or is_zero(b):
        return ZERO_NODE
    if is_one(a):
        return b
    if is_one(b):
        return a
    left, right = _opposite(a), _opposite(b)
    product = _times(a if left is None else left, b if right is None else right)
    return product if (left is None) == (right is None) else negative(product)


def _times(a: Node, b: Node) -> Node:
    first, u = _leading_number(a)
    second, v = _leading_number(b)
    if first is not None and second is not None:
        number = _folded(first, second, "*")
        if number is None:
            return Apply("multiply", (a, b))
    else:
        number = first or second
    rest = u or v
    if u is not None and v is not None:
        rest = Apply("power", (u, TWO_NODE)) if u is v else Apply("multiply", (u, v))
    if number is None or rest is None:
        return rest or number or ONE_NODE
    return rest if is_one(number) else Apply("multiply", (number, rest))


def over(a: Node, b: Node) -> Node:
    """Return a / b."""
    if is_one(b):
        return a
    if is_zero(a) and not is_zero(b):
        return ZERO_NODE
    above, below = _opposite(a), _opposite(b)
    top, bottom = a if above is None else above, b if below is None else below
    quotient = _folded(top, bottom, "/") or Apply("divide", (top, bottom))
    return quotient if (above is None) == (below is None) else negative(quotient)


def raised(a: Node, b: Node) -> Node:
    """Return a to the power b; b = 0 gives 1 whatever a is, as everywhere in this house."""
    if is_one(b):
        return a
    if is_zero(b):
        return ONE_NODE
    return Apply("power", (a, b))


def selected(condition: Node, a: Node, b: Node) -> Node:
    """Return a where the condition holds, else b."""
    if a is b:
        return a
    if _is(condition, "negation"):
        return selected(condition.children[0], b, a)
    return Apply("where", (condition, a, b))


def applied(name: str, args: tuple[Node, ...]) -> Node:
    """Return an operation on its arguments, by the rules above where it is one of the four."""
    if name in _ARITHMETIC:
        return _ARITHMETIC[name](*args)
    if name == "log" and (_is(args[0], "e") or is_one(args[0])):
        return ONE_NODE if _is(args[0], "e") else ZERO_NODE
    return Apply(name, args)


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Apply) and node.operation.name == name


def _leading_number(node: Node) -> tuple[Node | None, Node | None]:
    """Return the number in front and the rest; None for what is not there."""
    if type(node) is Number:
        return node, None
    if _is(node, "multiply") and type(node.children[0]) is Number:
        number, rest = node.children
        return number, rest
    return None, node


def _opposite(node: Node) -> Node | None:
    """Return -node where node is written with a minus sign in front, else None."""
    if isinstance(node, Apply):
        return node.args[0] if node.operation.name == "negate" else None
    if type(node) is Number and node.value < 0:
        exact = read_coefficient(node)
        return None if exact is None else (-exact).node()
    return None


def _folded(a: Node, b: Node, sign: str) -> Node | None:
    """Return the number that two numbers make, None where they do not or it is too long to be written."""
    if type(a) is not Number or type(b) is not Number:
        return None
    left, right = read_coefficient(a), read_coefficient(b)
    if left is None or right is None or (sign == "/" and right.value == 0):
        return None
    exact = _EXACTLY[sign](left, right)
    return exact.node() if exact.fits else None


_EXACTLY: dict[str, Callable[[Coefficient, Coefficient], Coefficient]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left + -right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
_ARITHMETIC: dict[str, Callable[..., Node]] = {
    "add": plus,
    "subtract": minus,
    "multiply": times,
    "divide": over,
    "negate": negative,
    "power": raised,
    "where": selected,
}
