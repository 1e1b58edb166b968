"""A formula's value in the arithmetic of its arguments: fractions stay exact, numbers of mpmath keep their digits."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from workings.errors import InputError
from workings.expression.evaluation import evaluate
from workings.expression.nodes import Node, Number, Operand
from workings.expression.traverse import postorder, substitute

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = ["value_in_kind", "with_exact_decimals"]

_GUARD = 10  # digits more than the answer's: a line of mpmath's own rounds each step to the answer's


def with_exact_decimals(root: Node) -> Node:
    """Return an expression whose decimals are what they say: 0.1 is 1/10, and not the float64 next to it.

    Simplification reads decimals likewise, so that both have one value.
    """
    from workings.expression.calculus.coefficient import read_coefficient

    exact: dict[Node, Operand] = {}
    for node in postorder(root):
        if isinstance(node, Number) and isinstance(node.value, float):
            read = read_coefficient(node)
            if read is not None:
                exact[node] = Number(read.value)
    return substitute(root, exact) if exact else root


def value_in_kind(formula: Formula, args: Sequence[Any]) -> Any:
    """Return a formula's value as Python's and mpmath's own operators would give it; None where that is a float.

    Fractions with whole numbers give a Fraction, where the value is one; a number of mpmath gives one of its context,
    at the precision with which that works now.
    """
    if formula.columns:
        return None
    fractions, context = False, None
    for value in args:
        if isinstance(value, Fraction):
            fractions = True
        elif hasattr(value, "_mpf_"):
            context = value.context
        elif not isinstance(value, (int, float, np.number, np.bool_)):
            return None
    values = dict(zip(formula.variables, args, strict=True))
    if context is not None:
        found = evaluate(
            with_exact_decimals(formula.node), values, arithmetic="mpmath", digits=max(15, context.dps + _GUARD)
        )
        return +context.make_mpf(found._mpf_)
    if not fractions or any(isinstance(value, (float, np.floating)) for value in args):
        return None
    try:
        return Fraction(evaluate(with_exact_decimals(formula.node), values, arithmetic="fraction"))
    except InputError:  # a sine, 1/0, the square root of 2: no fraction
        return None
