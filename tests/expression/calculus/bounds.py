"""How far float64 may be from the truth at a point: rounding at every operation, carried on by its derivatives."""

from __future__ import annotations

from typing import Any

import mpmath

from workings.expression import Apply, Node, Number, Symbol, evaluate, postorder
from workings.expression.calculus.local import differentiable, local_derivative

UNIT = mpmath.mpf(2) ** -53
_ULPS = {"gamma": 64, "loggamma": 64, "digamma": 64, "polygamma": 256, "normal_quantile": 64, "power": 16}


def rounding_bound(node: Node, point: dict[str, Any], digits: int = 40) -> Any:
    """Return a bound for the error of a float64 evaluation, to first order.

    The error of an operation's value is at most that of its arguments, each times the derivative by it, plus a few
    units in the last place of its own (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002,
    section 3.1). Where that is not small beside a value, a comparison decides nothing.
    """
    errors: dict[Node, Any] = {}
    values: dict[Node, Any] = {}
    for part in postorder(node):
        value = values[part] = evaluate(part, values | point, arithmetic="mpmath", digits=digits)
        if not isinstance(part, Apply):
            errors[part] = abs(value) * UNIT if isinstance(part, (Number, Symbol)) else 0
            continue
        if part.operation.name == "where":
            chosen = part.args[1] if values[part.args[0]] else part.args[2]
            errors[part] = errors[chosen]
            continue
        if isinstance(value, bool):
            errors[part] = mpmath.inf if any(_undecided(part, values, errors)) else mpmath.mpf(0)
            continue
        total = _ULPS.get(part.operation.name, 8) * UNIT * abs(value)
        for place, arg in enumerate(part.args):
            if not errors[arg] or not differentiable(part.operation, place) or not part.operation.derivatives[place]:
                continue
            slope = mpmath.mpf(0)
            for piece in local_derivative(part, place):
                holds = piece.condition is None or evaluate(
                    piece.condition, values | point, arithmetic="mpmath", digits=digits
                )
                if holds:
                    slope += evaluate(piece.slope, values | point, arithmetic="mpmath", digits=digits)
            total += abs(slope) * errors[arg]
        errors[part] = total
    return errors[node]


def _undecided(part: Apply, values: dict[Node, Any], errors: dict[Node, Any]) -> list[bool]:
    left, right = part.args[0], part.args[-1]
    return [abs(values[left] - values[right]) <= errors[left] + errors[right]]
