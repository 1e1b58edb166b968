"""NumPy's functions that are no ufuncs, written with what ufuncs and aggregates give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workings.expression.nodes import Apply, Node, Number
from workings.expression.tracing.operators import Mathematical, refuse_options
from workings.expression.tracing.refusals import refusal
from workings.expression.tracing.ufuncs import UFUNCS, as_condition, as_number
from workings.language import message

__all__ = ["FUNCTIONS"]


def _choice(condition: Node, a: Node, b: Node) -> Node:
    if isinstance(condition, Number):  # known already
        return as_number(a if condition.value else b)
    return Apply("where", (as_condition(condition), as_number(a), as_number(b)))


def _where(host: Mathematical, condition: Any, *values: Any) -> Any:
    if len(values) != 2:
        raise refusal(
            message("formula: np.where must have both values; got {code}; try np.where(condition, a, b)"), "np.where"
        )
    return host.__built__(_choice, (condition, *values))


def _select(host: Mathematical, condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    value = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        value = host.__built__(_choice, (condition, choice, value))
    return value


def _held(host: Mathematical, value: Any) -> Mathematical:
    """Return a value as one of the host's kind: a column beside a traced value, say."""
    return host.__built__(as_number, (value,))


def _sum(host: Mathematical, a: Any, axis: Any = None, **options: Any) -> Any:
    return _held(host, a).sum(axis, **options)


def _mean(host: Mathematical, a: Any, axis: Any = None, **options: Any) -> Any:
    return _held(host, a).mean(axis, **options)


def _average(host: Mathematical, a: Any, axis: Any = None, weights: Any = None, **options: Any) -> Any:
    refuse_options("np.average", axis, options)
    if weights is None:
        return _mean(host, a)
    weight = _held(host, weights)
    return (_held(host, a) * weight).sum() / weight.sum()


def _var(host: Mathematical, a: Any, axis: Any = None, **options: Any) -> Any:
    refuse_options("np.var", axis, options)
    value = _held(host, a)
    return ((value - value.mean()) ** 2).mean()


def _std(host: Mathematical, a: Any, axis: Any = None, **options: Any) -> Any:
    refuse_options("np.std", axis, options)
    return host.__built__(UFUNCS["sqrt"], (_var(host, a),))


def _norm(host: Mathematical, x: Any, ord: Any = None, axis: Any = None, **options: Any) -> Any:
    refuse_options("np.linalg.norm", axis, options if ord in (None, 2) else {**options, "ord": ord})
    return host.__built__(UFUNCS["sqrt"], ((_held(host, x) ** 2).sum(),))


def _filled(host: Mathematical, a: Any, fill_value: Any, **options: Any) -> Any:
    refuse_options("np.full_like", None, options)
    return host.__built__(lambda _, value: value, (a, fill_value))


def _zeros(host: Mathematical, a: Any, **options: Any) -> Any:
    return _filled(host, a, 0, **options)


def _ones(host: Mathematical, a: Any, **options: Any) -> Any:
    return _filled(host, a, 1, **options)


def _dot(host: Mathematical, a: Any, b: Any) -> Any:
    return (_held(host, a) * b).sum()


def _clip(host: Mathematical, a: Any, a_min: Any = None, a_max: Any = None, **options: Any) -> Any:
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    refuse_options("np.clip", None, options)
    return _held(host, a).clip(low, high)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "select": _select,
    "sum": _sum,
    "mean": _mean,
    "average": _average,
    "var": _var,
    "std": _std,
    "dot": _dot,
    "vdot": _dot,
    "inner": _dot,
    "clip": _clip,
    "norm": _norm,
    "full_like": _filled,
    "zeros_like": _zeros,
    "ones_like": _ones,
}
