"""Which of two forms of the same derivatives is the one to compute."""

from __future__ import annotations

from collections.abc import Sequence

from workings.expression.calculus.coefficient import number_of
from workings.expression.nodes import Apply, Node
from workings.expression.traverse import postorder

__all__ = ["form_to_compute", "work"]

# What an operation takes, in additions. A quotient waits for its division, a function is a polynomial of ten terms.
_CHEAP = frozenset({"add", "subtract", "multiply", "negate", "where", "maximum", "minimum", "absolute", "relu", "sign"})
_QUOTIENT, _ROOT, _FUNCTION = 4, 6, 20
_MAY_COST = 1.2


def form_to_compute(value: Sequence[Node], tidied: Sequence[Node], swept: Sequence[Node]) -> tuple[Node, ...]:
    """Return the derivatives to compile beside the value: the tidied ones, or the swept ones if those take less work.

    Tidied derivatives have had what cancels cancelled, so that they keep their value where the parts of the others
    leave the range of floats: of y·log σ(x) + (1 - y)·log(1 - σ(x)) it is y - σ(x), not 0/0 for large x. What a sweep
    leaves shares its parts with the value, which for long formulas is less to compute.
    """
    neat, raw = work((*value, *tidied)), work((*value, *swept))
    return tuple(tidied if neat <= _MAY_COST * raw else swept)


def work(nodes: Sequence[Node]) -> int:
    """Return about how many additions it takes to compute expressions, parts that they share once.

    Examples
    --------
    >>> from workings.expression import exp, symbols
    >>> x, z = symbols("x z")
    >>> work([exp(x) / z, exp(x) * z])
    25
    """
    return sum(_of_operation(part) for part in postorder(*nodes) if isinstance(part, Apply))


def _of_operation(node: Apply) -> int:
    name = node.operation.name
    if name in _CHEAP or not node.args:
        return 1
    if name == "divide":
        return _QUOTIENT
    if name == "sqrt":
        return _ROOT
    if name == "power" and (exponent := number_of(node.args[1])) is not None and isinstance(exponent.value, int):
        return max(1, exponent.value.bit_length())
    return _FUNCTION
