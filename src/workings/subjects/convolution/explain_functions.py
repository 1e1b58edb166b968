"""The convolution of two functions, worked: the integral, where both are there, its strips and its subintervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression import Node, Number, Symbol, equation, integral, maximum, minimum, number, substitute, symbol
from workings.expression.formula import Formula, as_formula
from workings.language import message
from workings.subjects.convolution import functions
from workings.subjects.convolution.explain_unturned import tell_unturned
from workings.subjects.convolution.functions import (
    Function,
    Limits,
    limits_of,
    overlap,
    product_integral,
    times_of,
)
from workings.subjects.integration.explain import tell_integral, traced
from workings.subjects.integration.explain_rule import conclude
from workings.subjects.integration.integrand import as_integrand
from workings.working import Derivation, Table, Working, explainer, shown

__all__ = ["explain_convolve_functions"]

# So many places stand in a table, half of them from each end of more.
_MOST_TIMES = 20

_TAU = symbol("tau")


@explainer(functions.convolve_functions)
def explain_convolve_functions(
    f: Function, g: Function, t: Any, *, support: Sequence[float] | Sequence[Sequence[float]] = (-math.inf, math.inf)
) -> Working:
    """Return the working of ``convolve_functions`` at t, of several at the one with the largest value.

    ``at(t=1.5)`` tells another t, be it among them or not.
    """
    values = np.asarray(functions.convolve_functions(f, g, t, support=support), np.float64).reshape(-1)
    times = times_of(t).astype(np.float64).reshape(-1)
    if not times.size:
        raise InputError(message("explain: t must hold at least one number"))
    told = int(np.nan_to_num(np.abs(values), nan=-1.0).argmax())
    return _told(f, g, limits_of(support), float(times[told]), (times, values) if times.size > 1 else None)


def _told(f: Any, g: Any, limits: Limits, t: float, others: Any = None) -> Working:
    w = Derivation("convolution", message("What is the convolution of f and g at t = {t}?", t=shown(t)))
    bodies = _body(f), _body(g)
    for name, body in zip("fg", bodies, strict=True):
        if body is not None:
            w.define(
                name,
                equation(Symbol(f"{name}({body[1].name})"), body[0]),
                title=message("The function {name}", name=name),
            )
    _definition(w, limits)
    w.given("t", t, message("the place"))
    low, high = _overlap(w, limits, t)
    if low >= high:
        w.claim("apart", equation(symbol("a"), symbol("b"), "≥"), title=message("Nothing overlaps"))
        w.conclude(message("0: at t = {t} the two overlap nowhere.", t=shown(t)))
        value = 0.0
    else:
        value = _integral(w, (f, g), bodies, t, (low, high))
    _values(w, others)
    tell_unturned(w, (f, g), bodies, limits, t, value=value)
    w.note(message("Turned around and moved, f in the place of g gives the same value, for τ and t - τ change roles."))
    return w.build(more=lambda t=t: _told(f, g, limits, _asked(t), others))


def _body(f: Any) -> tuple[Node, Symbol] | None:
    """Return a function as a node and its variable; a constant of no variable is one of x."""
    found = traced(f, ())
    if found is None and isinstance(f, str | Node | Formula):
        whole = as_formula(f)
        return None if whole.variables else (whole.node, symbol("x"))
    return found


def _asked(t: Any) -> float:
    times = times_of(t)
    if times.ndim:
        raise InputError(message("at: t must be one number; got {t}", t=repr(t)))
    return float(times)


def _definition(w: Derivation, limits: Limits) -> None:
    inf = number(math.inf)
    body = Symbol("f(τ)") * Symbol("g(t - τ)")
    w.define(
        "definition",
        equation(Symbol("(f * g)(t)"), integral(body, _TAU, -inf, inf)),
        note=message(
            "g is turned around, g(-τ), and moved by t: at each τ the two values are multiplied, and the area under "
            "the product is the convolution at t."
        ),
    )
    for name, (low, high) in zip("fg", limits, strict=True):
        if math.isinf(low) and math.isinf(high):
            continue
        letters = {"f": ("alpha", "beta"), "g": ("gamma", "delta")}[name]
        for letter, end, words in zip(
            letters,
            (low, high),
            (message("where {name} begins", name=name), message("where {name} ends", name=name)),
            strict=True,
        ):
            if math.isfinite(end):
                w.given(letter, end, words)


def _overlap(w: Derivation, limits: Limits, t: float) -> tuple[float, float]:
    """Derive the limits of the integral: where f is there and where g, turned around and moved, is."""
    (begin, end), (first, last) = limits
    low, high = overlap(limits, t)
    told = "low" if all(map(math.isfinite, (begin, end, first, last))) else None
    at = symbol("t")
    for key, name, value, one, other, of_both, title in (
        ("low", "a", low, ("alpha", begin), ("delta", last), maximum, message("The overlap begins")),
        ("high", "b", high, ("beta", end), ("gamma", first), minimum, message("The overlap ends")),
    ):
        if not math.isfinite(value):
            continue
        sides: list[Node] = []
        if math.isfinite(one[1]):
            sides.append(symbol(one[0]))
        if math.isfinite(other[1]):
            sides.append(at - symbol(other[0]))
        right = sides[0] if len(sides) == 1 else of_both(*sides)
        w.line(
            key,
            equation(symbol(name), right),
            value,
            title=title,
            absolute=4 * math.ulp(abs(t) + abs(value)),
            note=message("f is there from α to β, g(t - τ) from t - δ to t - γ.") if key == told else None,
        )
    return low, high


def _integral(w: Derivation, calls: tuple[Any, Any], bodies: Any, t: float, ends: tuple[float, float]) -> float:
    """Tell the integral between the ends of the overlap; return its value."""
    first, second = (as_integrand(each, (), function="explain") for each in calls)
    found = product_integral(first, second, t, *ends)
    body = None
    if bodies[0] is not None and bodies[1] is not None:
        (one, x), (other, y) = bodies
        moved: Node = shown(t, 17) - _TAU
        factors = substitute(one, {x: _TAU}), substitute(other, {y: moved})
        body = (_product(*factors), _TAU)
        w.define(
            "put_in",
            equation(Symbol("(f * g)(t)"), integral(body[0], _TAU, *(shown(end, 17) for end in ends))),
            title=message("Put in f, g and t"),
        )
    assert found.subintervals is not None  # noqa: S101 - integrate gives them for every real function
    tell_integral(w, found, found.subintervals, body)
    conclude(w, found)
    return float(found.value)


def _product(one: Node, other: Node) -> Node:
    """Return a product without a factor of 1."""
    plain = [factor for factor in (one, other) if not (isinstance(factor, Number) and factor.value == 1)]
    return plain[0] * plain[1] if len(plain) == 2 else plain[0] if plain else number(1)


def _values(w: Derivation, others: Any) -> None:
    if others is None:
        return
    times, values = others
    kept = range(len(times))
    if len(times) > _MOST_TIMES:
        half = _MOST_TIMES // 2
        kept = [*range(half), *range(len(times) - half, len(times))]
    rows = tuple((float(times[k]), float(values[k])) for k in kept)
    total = len(times) if len(times) > len(rows) else None
    w.table(
        "values",
        Table((symbol("t"), Symbol("(f * g)(t)")), rows, total=total),
        title=message("At every t that was asked for"),
    )
