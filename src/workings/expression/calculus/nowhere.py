"""Expressions that have a value nowhere, such as 1/(x - x): what is differentiated then has no derivative, not 0."""

from __future__ import annotations

import math

from workings.errors import InputError
from workings.expression.calculus.coefficient import ZERO_NODE, number_of
from workings.expression.calculus.domain import domain
from workings.expression.calculus.facts import Facts
from workings.expression.calculus.tidy import Tidier
from workings.expression.evaluation import evaluate
from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.expression.traverse import postorder

__all__ = ["undefined_derivative"]

_FEW = 40  # parts of a condition that is looked at
_TRIED = (0.7, -1.3, 2.1)  # where a value is looked for
_MANY = 200  # conditions of an expression in all
_COMPARED = frozenset({"equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation"})

_EXACT = frozenset({"add", "subtract", "multiply", "negate", "absolute"})


def undefined_derivative(node: Node) -> Node | None:
    """Return the derivative of an expression that has a value nowhere, None for every other.

    Its parts cancel, and what is left would be 0. It is undefined, and written as 0 times the part that has no value,
    so that it is NaN wherever it is computed and the cause can be named.

    Examples
    --------
    >>> from workings.expression import log, symbols
    >>> from workings.expression.calculus.nowhere import undefined_derivative
    >>> x, z = symbols("x z")
    >>> print(undefined_derivative(1 / (x - x) + z))
    0·(1 / (x - x))
    >>> undefined_derivative(log(x) - log(x)) is None
    True
    """
    for place, ((case, condition), part) in enumerate(domain(node).items()):
        if place == _MANY:
            break
        if case is None and _may_be_decided(condition) and _never_holds(condition):
            return None if _is_finite_somewhere(node) else Apply("multiply", (ZERO_NODE, part))
    return None


def _is_finite_somewhere(node: Node) -> bool:
    """Whether infinity inside comes to a number again, as max(0.5, log(0)) does: then that number has a slope, 0."""
    names = sorted({part.name for part in postorder(node) if isinstance(part, Symbol)})
    for start in _TRIED:
        try:
            value = evaluate(node, {name: start + place / 8 for place, name in enumerate(names)})
        except InputError:  # elements of arrays: nothing is tried
            return True
        if math.isfinite(value):
            return True
    return False


def _may_be_decided(condition: Node) -> bool:
    """Whether a condition is short, and something in it is a number already or may cancel."""
    parts: list[Node] = []
    for part in postorder(condition):
        parts.append(part)
        if len(parts) > _FEW:
            return False
    applied = [part for part in parts if isinstance(part, Apply) and part.operation.name not in _COMPARED]
    return not condition.symbolic or any(
        part.operation.name in ("subtract", "negate") or any(number_of(arg) is not None for arg in part.args)
        for part in applied
    )


def _never_holds(condition: Node) -> bool:
    """Whether a condition comes down to rational numbers, and is false of them."""
    (plain,) = Tidier((), Facts(), masks=False).tidy((condition,))
    for part in postorder(plain):
        exact = isinstance(part, Number) and not isinstance(part.value, float)
        if not exact and not (isinstance(part, Apply) and part.operation.name in _COMPARED | _EXACT):
            return False
    return not evaluate(plain, {}, arithmetic="fraction")
