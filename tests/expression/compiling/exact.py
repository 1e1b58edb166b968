"""What a formula is worth at a point, to 60 digits, and how far float64 may stray from it on the way.

Each operation may err by a few units in the last place of its value; the error of its arguments reaches it through its
slope there, taken as a difference. So a bound is as tight as the formula is well conditioned at the point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath

from workings.expression import Apply, Node, Number, Symbol, evaluate, postorder

__all__ = ["IllConditionedError", "exact_value"]

_UNIT = mpmath.mpf(2) ** -53
_LOOSE = {"gamma": 40, "loggamma": 40, "digamma": 200, "normal_cdf": 40, "normal_quantile": 40, "erf": 8, "erfc": 40}
_JUMPS = ("floor", "sign")
_mp = mpmath.MPContext()
_mp.dps = 60


class IllConditionedError(Exception):
    """At this point float64 cannot tell: a value near a jump, an overflow on the way, a cancellation of everything."""


def exact_value(root: Node, values: Mapping[str, float], ulps: float = 4) -> tuple[Any, Any]:
    """Return the value at 60 digits (NaN where undefined) and a bound for the error of its computation in float64."""
    known: dict[Node, tuple[Any, Any]] = {}
    for node in postorder(root):
        if isinstance(node, Number):
            exact = evaluate(node, arithmetic="mpmath", digits=60)
            known[node] = (_mp.mpf(exact), abs(_mp.mpf(exact)) * _UNIT)
        elif isinstance(node, Symbol):
            known[node] = (_mp.mpf(values[node.name]), _mp.mpf(0))
        else:
            assert isinstance(node, Apply)
            known[node] = _applied(node, [known[arg] for arg in node.args], ulps)
    return known[root]


def _applied(node: Apply, args: list[tuple[Any, Any]], ulps: float) -> tuple[Any, Any]:
    name, at = node.operation.name, [value for value, _ in args]
    if name == "where":
        return args[1] if at[0] else args[2]
    value = _at(node, at)
    if isinstance(value, bool):
        if any(error and abs(a - b) <= 4 * (error + other) for (a, error), (b, other) in [args] if len(args) == 2):
            raise IllConditionedError
        return value, _mp.mpf(0)
    if _mp.isnan(value):
        return value, _mp.mpf(0)
    if abs(value) > 1e290 or 0 < abs(value) < 1e-290:
        raise IllConditionedError
    error = ulps * _LOOSE.get(name, 2) / 2 * _UNIT * abs(value)
    for place, (a, stray) in enumerate(args):
        if stray:
            moved = [_at(node, [*at[:place], a + step, *at[place + 1 :]]) for step in (stray, -stray)]
            if any(_mp.isnan(m) or _mp.isinf(m) or (name in _JUMPS and m != value) for m in moved):
                raise IllConditionedError
            error += max(abs(m - value) for m in moved)
    return value, error


def _at(node: Apply, args: list[Any]) -> Any:
    value = node.operation.mpmath(_mp, *args)
    if isinstance(value, bool):
        return value
    return _mp.mpf(value) if isinstance(value, (int, float)) else value
