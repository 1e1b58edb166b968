"""Functions that undo each other, and values that are known: log(e^u) is u, √(u²) is |u|, cos(0) is 1."""

from __future__ import annotations

from workings.expression.calculus.coefficient import ONE_NODE, TWO_NODE, ZERO_NODE
from workings.expression.calculus.facts import Facts
from workings.expression.nodes import Apply, Node

__all__ = ["undone"]

_AT_ZERO = {
    "exp": ONE_NODE,
    "cos": ONE_NODE,
    "cosh": ONE_NODE,
    **dict.fromkeys(("sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "erf", "sqrt", "cbrt"), ZERO_NODE),
    **dict.fromkeys(("log1p", "expm1", "sign", "absolute", "relu"), ZERO_NODE),
}
_AT_ONE = {"log": ZERO_NODE, "log2": ZERO_NODE, "log10": ZERO_NODE, "sqrt": ONE_NODE, "cbrt": ONE_NODE}


def undone(node: Apply, facts: Facts) -> Node | None:
    """Return what a function's value is known to be, None if it is not."""
    if len(node.args) != 1:
        return None
    name, arg = node.operation.name, node.args[0]
    if arg is ZERO_NODE:
        return _AT_ZERO.get(name)
    if arg is ONE_NODE:
        return _AT_ONE.get(name)
    if not isinstance(arg, Apply):
        return None
    inner, args = arg.operation.name, arg.args
    if name == "log":
        if inner == "e":
            return ONE_NODE
        if inner == "exp":
            return args[0]
        if inner == "power" and isinstance(args[0], Apply) and args[0].operation.name == "e":
            return args[1]
    if name == "exp" and inner == "log" and facts.positive(args[0]):
        return args[0]
    if name == "sqrt" and inner == "power" and args[1] is TWO_NODE:
        return args[0] if facts.positive(args[0]) else Apply("absolute", (args[0],))
    if name == "absolute" and facts.positive(arg):
        return arg
    return None
