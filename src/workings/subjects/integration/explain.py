"""An integral, worked: strips under the curve, what doubling them does, and what the adaptive rule did."""

from __future__ import annotations

import math
from typing import Any

from workings.errors import FormulaError, InputError
from workings.expression import Node, Symbol, equation, indexed, number, substitute, symbol, symbols, total
from workings.expression.formula import Formula, as_formula
from workings.language import message
from workings.subjects.integration import compute, samples
from workings.subjects.integration.expectation import Weighted
from workings.subjects.integration.explain_cumulative import explain_cumulative_trapezoid
from workings.subjects.integration.explain_samples import explain_trapezoid
from workings.subjects.integration.explain_simpson import explain_simpson
from workings.subjects.integration.polynomial import antiderivative, coefficients
from workings.subjects.integration.result import Integral, Subintervals
from workings.working import Derivation, Derived, Rule, Table, Working, explainer, shown

__all__ = [
    "explain_cumulative_trapezoid",
    "explain_integral",
    "explain_integrate",
    "explain_riemann_sum",
    "explain_simpson",
    "explain_trapezoid",
    "tell_integral",
    "traced",
]

_WORKED = 4
_DOUBLED = (4, 8, 16, 32)
_MOST_STRIPS, _MOST_SUBINTERVALS = 20, 20


@explainer(compute.integrate)
def explain_integrate(f: Any, a: float, b: float, args: Any = (), **options: Any) -> Working:
    """Return the working of ``integrate`` with the same arguments."""
    return explain_integral(compute.integrate(f, a, b, args, **options))


@explainer(Integral)
def explain_integral(integral: Integral) -> Working:
    """Return how the integral came about: strips, their error as they double, and the adaptive rule's subintervals.

    Raises
    ------
    InputError
        If it is the integral of a complex function, over a box, or an expectation.
    """
    cut, (a, b) = integral.subintervals, integral.limits
    if cut is None or isinstance(integral.integrand, Weighted):
        raise InputError(
            message(
                "explain: the integral must be one that integrate gave for a real function, from a to b > a or b < a"
            )
        )
    w = Derivation("integration", message("What is the area under f from {a} to {b}?", a=shown(a), b=shown(b)))
    body = _body(integral)
    if body is not None:
        node, x = body
        w.define("function", equation(Symbol(f"f({x.name})"), node))
        if math.isfinite(a) and math.isfinite(b):
            _given_limits(w, a, b)
    tell_integral(w, integral, cut, body)
    w.conclude(
        message(
            "{value}, with an estimated error of {error}. {status}",
            value=shown(integral.value, 12),
            error=shown(integral.error, 2),
            status=integral.status.text,
        )
    )
    if a > b:
        w.note(
            message(
                "The limits fall: the integral from {a} to {b} is the negative of that from {b} to {a}.",
                a=shown(a),
                b=shown(b),
            )
        )
    return w.build()


def tell_integral(w: Derivation, integral: Integral, cut: Subintervals, body: tuple[Node, Symbol] | None) -> None:
    """Tell strips and antiderivative of the body, where it is known and the limits a and b are, and the subintervals.

    Parameters
    ----------
    w
        Where it is told; finite limits must be known there as a and b.
    integral, cut
        A real integral of one variable and its subintervals.
    body
        The integrand as a node, and its variable.
    """
    limits = integral.limits
    if body is not None and all(map(math.isfinite, limits)):
        _strips(w, body, limits, integral.value)
        _checked_by_antiderivative(w, *body, integral)
    _adaptive(w, cut, integral)
    if math.isfinite(integral.value):
        _added_up(w, cut, integral)


@explainer(samples.riemann_sum)
def explain_riemann_sum(f: Any, a: float, b: float, n: int, rule: Any = "left", *, args: Any = ()) -> Working:
    """Return the working of ``riemann_sum`` with the same arguments: each strip's height, their sum, the area."""
    area = samples.riemann_sum(f, a, b, n, rule, args=args)
    body = traced(f, args if isinstance(args, tuple) else (args,))
    if body is None:
        raise InputError(message("explain: f must be a formula, or a function that can be traced; try formula text"))
    node, x = body
    w = Derivation("integration", message("What is the area of {n} strips under f?", n=n))
    w.define("function", equation(Symbol(f"f({x.name})"), node))
    _given_limits(w, float(a), float(b))
    h, k, count = symbols("h k n")
    w.given("n", int(n), message("how many strips"))
    w.line("width", equation(h, (symbol("b") - symbol("a")) / count), (float(b) - float(a)) / n, title=message("Width"))
    place = samples.STRIP_RULES[rule]
    at = _place(place)
    rows = _rows(body, float(a), (float(b) - float(a)) / n, n=n, place=place)
    columns = (message("Strip"), x, Symbol(f"f({x.name})"))
    w.table(
        "strips",
        Table(columns, tuple(rows), total=n if n > len(rows) else None),
        title=message("The heights"),
    )
    sum_of = h * total(substitute(node, {x: symbol("a") + at * h}), k, 0, count - 1)
    size = abs(area) + 1.0
    w.line("area", equation(symbol("S"), sum_of), area, rule=Rule.SUM, folded=n > 6, absolute=1e-12 * size)
    w.conclude(message("The strips have the area {area}.", area=shown(area, 8)))
    other: Any = "right" if rule == "left" else "left"
    value = samples.riemann_sum(f, a, b, n, other, args=args)
    elsewhere = symbol("a") + _place(samples.STRIP_RULES[other]) * h
    w.convention(
        None, _CHOSEN[rule], _RIVAL[other], value, h * total(substitute(node, {x: elsewhere}), k, 0, count - 1)
    )
    return w.build()


_CHOSEN = {
    "left": message("heights are taken at the left end of each strip"),
    "right": message("heights are taken at the right end of each strip"),
    "midpoint": message("heights are taken in the middle of each strip"),
}
_RIVAL = {
    "left": message("at the left end the sum is {value}"),
    "right": message("at the right end the sum is {value}"),
}


def _given_limits(w: Derivation, a: float, b: float) -> None:
    w.given("a", a, message("the lower limit"))
    w.given("b", b, message("the upper limit"))


def _place(share: float) -> Node:
    k = symbol("k")
    return k if share == 0 else k + (number(1) if share == 1 else number(1) / 2)


def _rows(body: tuple[Node, Symbol], a: float, h: float, *, n: int, place: float) -> list[tuple[Any, ...]]:
    node, x = body
    kept = range(n) if n <= _MOST_STRIPS else [*range(_MOST_STRIPS // 2), *range(n - _MOST_STRIPS // 2, n)]
    compiled = Formula.of(node, [x.name]).compiled
    rows: list[tuple[Any, ...]] = []
    for k in kept:
        at = a + h * (k + place)
        (height,) = compiled(at)
        statement = substitute(node, {x: symbol("a") + symbol("h") * (k + number(place))})
        rows.append((k + 1, at, Derived(float(height), statement)))
    return rows


def _strips(w: Derivation, body: tuple[Node, Symbol], limits: tuple[float, float], value: float) -> None:
    """Four strips by each rule, then what doubling their number does to each error."""
    (node, x), (a, b) = body, limits
    low, high, h = symbols("a b h")
    count = _WORKED
    with w.part("strips", message("{n} strips of equal width", n=count)):
        w.line("width", equation(h, (high - low) / count), (b - a) / count, title=message("Width"))
        left = _sum(node, x, (b - a) / count, count, _place(0.0))
        w.line(
            "left", equation(symbol("L_4"), left[0]), left[1](a), title=message("Heights at the left ends"), folded=True
        )
        middle = _sum(node, x, (b - a) / count, count, _place(0.5))
        w.line("middle", equation(symbol("M_4"), middle[0]), middle[1](a), title=message("In the middle"), folded=True)
    headings = (
        message("Strips"),
        message("left"),
        message("right"),
        message("midpoint"),
        message("trapezoid"),
        message("Simpson"),
        message("off by"),
    )
    rows = [_row(body, limits, n, value) for n in _DOUBLED]
    w.table(
        "doubling",
        Table(headings, tuple(rows)),
        title=message("As the strips double"),
        note=message(
            "For a smooth f the error of ends is halved each time, that of middles and trapezoids quartered; Simpson's "
            "falls to a sixteenth. Off by: Simpson's distance from the value below."
        ),
        absolute=1e-12 * (1.0 + abs(value)),
    )


def _row(body: tuple[Node, Symbol], limits: tuple[float, float], n: int, value: float) -> tuple[Any, ...]:
    (node, x), (a, b) = body, limits
    h = (b - a) / n
    left, right, middle = (_sum(node, x, h, n, _place(share)) for share in (0.0, 1.0, 0.5))
    half = left[1](a) + right[1](a)
    trapezoid, simpson = half / 2, (half / 2 + 2 * middle[1](a)) / 3
    width = (symbol("b") - symbol("a")) / n
    parts = [_with(part[0], width) for part in (left, right, middle)]
    trapezoids = (parts[0] + parts[1]) / 2
    return (
        n,
        Derived(left[1](a), parts[0]),
        Derived(right[1](a), parts[1]),
        Derived(middle[1](a), parts[2]),
        Derived(trapezoid, trapezoids),
        Derived(simpson, (trapezoids + 2 * parts[2]) / 3),
        abs(simpson - value),
    )


def _sum(node: Node, x: Symbol, h: float, n: int, at: Node) -> tuple[Node, Any]:
    """Return h Σ f(a + (k + share) h) as a node, and what gives its value for a."""
    low, step, k = symbols("a h k")
    statement = step * total(substitute(node, {x: low + at * step}), k, 0, n - 1)
    compiled = Formula.of(node, [x.name]).compiled
    share = 0.0 if at is k else (1.0 if at == k + number(1) else 0.5)

    def value(a: float) -> float:
        return h * math.fsum(float(compiled(a + (j + share) * h)[0]) for j in range(n))

    return statement, value


def _with(statement: Node, width: Node) -> Node:
    return substitute(statement, {symbol("h"): width})


def _checked_by_antiderivative(w: Derivation, node: Node, x: Symbol, integral: Integral) -> None:
    of = coefficients(node, x.name)
    if of is None:
        return
    a, b = symbols("a b")
    whole = antiderivative(of, x)
    w.define("antiderivative", equation(Symbol(f"F({x.name})"), whole), title=message("An antiderivative: F' = f"))
    statement = equation(symbol("I"), substitute(whole, {x: b}) - substitute(whole, {x: a}))
    size = abs(integral.value) + integral.error
    w.line("exact", statement, integral.value, title=message("F(b) - F(a)"), absolute=1e-11 * size)


def _adaptive(w: Derivation, cut: Subintervals, integral: Integral) -> None:
    rounds = cut.rounds
    kept = range(len(cut))
    if len(cut) > _MOST_SUBINTERVALS:
        half = _MOST_SUBINTERVALS // 2
        kept = [*range(half), *range(len(cut) - half, len(cut))]
    rows = [
        (
            float(cut.low[k]),
            float(cut.high[k]),
            float(cut.value[k]),
            float(cut.error[k]),
            message("double-exponential") if cut.double_exponential[k] else message("Gauss-Kronrod"),
        )
        for k in kept
    ]
    headings = (message("from"), message("to"), message("area"), message("estimated error"), message("rule"))
    w.table(
        "subintervals",
        Table(headings, tuple(rows), total=len(cut) if len(cut) > len(rows) else None),
        title=message("What the adaptive rule did"),
        note=message(
            "Subintervals were halved until their errors together were small enough. Rounds: {rounds}; values of f in "
            "all: {count}.",
            rounds=len(rounds) - 1,
            count=f"{integral.evaluations:,}",
        ),
    )


def _added_up(w: Derivation, cut: Subintervals, integral: Integral) -> None:
    i = symbol("i")
    w.given("A", cut.value, message("the areas of the subintervals, as the rule gave them"))
    w.given("m", len(cut), message("how many subintervals"))
    statement = equation(symbol("Q"), total(indexed("A", i), i, 1, symbol("m")))
    size = float(abs(cut.value).sum())
    w.line(
        "sum",
        statement,
        integral.value,
        title=message("The subintervals together"),
        rule=Rule.SUM,
        folded=len(cut) > 6,
        absolute=1e-14 * size,
    )


def _body(integral: Integral) -> tuple[Node, Symbol] | None:
    return traced(integral.integrand, integral.args)


def traced(f: Any, args: tuple[Any, ...]) -> tuple[Node, Symbol] | None:
    """Return a function as a node of one variable, where it is a formula or a function that can be traced."""
    try:
        whole = as_formula(f)
    except (FormulaError, InputError):
        return None
    if not whole.variables or whole.data or len(whole.variables) - 1 > len(args):
        return None
    first, *others = whole.variables
    values: dict[Node, Any] = {symbol(name): number(value) for name, value in zip(others, args, strict=False)}
    return substitute(whole.node, values), symbol(first)
