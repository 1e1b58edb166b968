"""Sums and means over the rows of data: they are linear, so the derivative goes inside and numbers come out."""

from __future__ import annotations

from workings.expression.calculus.coefficient import ZERO_NODE
from workings.expression.calculus.combine import is_zero, negative, times
from workings.expression.nodes import Apply, Node, Number

__all__ = ["AGGREGATES", "over_rows"]

AGGREGATES = frozenset({"sum", "mean"})


def over_rows(name: str, body: Node) -> Node:
    """Return the sum or mean of an expression over the rows, numbers and the sign in front of it.

    Examples
    --------
    >>> from workings.expression import symbols
    >>> x, m = symbols("x m")
    >>> print(over_rows("mean", -(2 * x)))
    -2·mean(x)
    """
    if is_zero(body):
        return ZERO_NODE
    if isinstance(body, Apply) and body.operation.name == "negate":
        return negative(over_rows(name, body.args[0]))
    if type(body) is Number:
        return body if name == "mean" else Apply("sum", (body,))
    if isinstance(body, Apply) and body.operation.name == "multiply" and type(body.args[0]) is Number:
        number, rest = body.args
        return times(number, Apply(name, (rest,)))
    return Apply(name, (body,))
