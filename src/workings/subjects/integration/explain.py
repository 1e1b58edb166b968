"""An integral, worked: strips under the curve, what doubling them does, and what the adaptive rule did."""

from __future__ import annotations

import math
from typing import Any

from workings.errors import InputError
from workings.expression import Node, Symbol, equation, indexed, number, substitute, symbol, symbols, total
from workings.expression import integral as definite
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration import compute, samples
from workings.subjects.integration.expectation import Weighted
from workings.subjects.integration.explain_box import explain_box, explain_integrate_box
from workings.subjects.integration.explain_cumulative import explain_cumulative_trapezoid
from workings.subjects.integration.explain_cuts import limit
from workings.subjects.integration.explain_expectation import explain_expectation, explain_weighted
from workings.subjects.integration.explain_family import alone, explain_family, explain_integrate_family
from workings.subjects.integration.explain_rule import NO_AREA, conclude, tell_rule, traced
from workings.subjects.integration.explain_samples import check_strip, explain_trapezoid
from workings.subjects.integration.explain_simpson import explain_simpson
from workings.subjects.integration.explain_strips import (
    area_of_sizes,
    half_or_end,
    note_below,
    tell_antiderivative,
    tell_strips,
)
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.named import placed
from workings.subjects.integration.result import Integral, Subintervals
from workings.working import Derivation, Derived, Rule, Table, Working, clear_of_rounding, explainer, shown

__all__ = [
    "explain_cumulative_trapezoid",
    "explain_expectation",
    "explain_family",
    "explain_integral",
    "explain_integrate",
    "explain_integrate_box",
    "explain_integrate_family",
    "explain_riemann_sum",
    "explain_simpson",
    "explain_trapezoid",
    "tell_integral",
    "traced",
]

_MOST_STRIPS = 20


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
        If it is the integral of a complex function.
    """
    if isinstance(integral.integrand, Weighted):
        return explain_weighted(integral)
    if isinstance(integral.limits[0], tuple):
        return explain_box(integral)
    cut, (a, b) = integral.subintervals, integral.limits
    if a == b:
        return _of_no_width(integral)
    together = None
    if cut is None and isinstance(integral.value, float) and integral.args:
        # A member of a family, whose subintervals were shared with the others.
        together, integral = integral, alone(integral)
        cut = integral.subintervals
    if cut is None:
        raise InputError(
            message(
                "explain: the integral must be one that integrate gave for a real function, from a to b > a or b < a"
            )
        )
    w = Derivation("integration", message("What is the area under f from {a} to {b}?", a=shown(a), b=shown(b)))
    body = traced(integral.integrand, integral.args)
    if body is not None:
        node, x = body
        w.define("function", equation(Symbol(f"f({x.name})"), node))
        wanted = definite(node, x, limit(a), limit(b))
        w.define("wanted", equation(symbol("I"), wanted), title=message("The area wanted, as an integral"))
        if math.isfinite(a) and math.isfinite(b):
            _given_limits(w, a, b)
    tell_integral(w, integral, cut, body)
    if together is not None:
        w.line(
            "together",
            equation(symbol("I"), symbol("Q")),
            together.value,
            title=message("Solved together with its family"),
            note=message("Above it was integrated by itself; the two agree within their errors."),
            absolute=together.error + integral.error,
        )
    conclude(w, integral)
    if body is not None and math.isfinite(integral.value) and integral.status.name not in NO_AREA:
        note_below(w, body, cut)
    if a > b:
        w.note(
            message(
                "The limits fall: the integral from {a} to {b} is the negative of that from {b} to {a}.",
                a=shown(a),
                b=shown(b),
            )
        )

    def more(strips: Any, rule: Any = "midpoint") -> Working:
        if not (math.isfinite(a) and math.isfinite(b)):
            raise InputError(message("at: strips of equal width need finite limits; got {a} and {b}", a=a, b=b))
        return explain_riemann_sum(integral.integrand, a, b, strips, rule, args=integral.args)

    return w.build(more)


def _of_no_width(integral: Integral) -> Working:
    a, b = integral.limits
    w = Derivation("integration", message("What is the area under f from {a} to {b}?", a=shown(a), b=shown(b)))
    body = traced(integral.integrand, integral.args)
    if body is not None:
        w.define("function", equation(Symbol(f"f({body[1].name})"), body[0]))
    _given_limits(w, a, b)
    if math.isfinite(a):
        w.line("width", equation(symbol("h"), symbol("b") - symbol("a")), 0.0, title=message("Width"))
    w.conclude(message("0: what has no width has no area, however high f is there."))
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
        tell_strips(w, body, limits, integral)
        tell_antiderivative(w, *body, integral)
    tell_rule(w, integral, cut, body, as_integrand(integral.integrand, integral.args, function="explain"))


@explainer(samples.riemann_sum)
def explain_riemann_sum(f: Any, a: float, b: float, n: int, rule: Any = "left", *, args: Any = ()) -> Working:
    """Return the working of ``riemann_sum`` with the same arguments: each strip's height, their sum, the area."""
    f, args = placed(f, args, function="explain", argument="args")
    area = samples.riemann_sum(f, a, b, n, rule, args=args)
    body = traced(f, args if isinstance(args, tuple) else (args,))
    if body is None:
        raise InputError(message("explain: f must be a formula, or a function that can be traced; try formula text"))
    node, x = body
    w = Derivation("integration", message("What is the area of strips under f, n = {n}?", n=n))
    w.define("function", equation(Symbol(f"f({x.name})"), node))
    _given_limits(w, float(a), float(b))
    h, k, count = symbols("h k n")
    w.given("n", int(n), message("how many strips"))
    w.line("width", equation(h, (symbol("b") - symbol("a")) / count), (float(b) - float(a)) / n, title=message("Width"))
    place = samples.STRIP_RULES[rule]
    at = half_or_end(place)
    rows = _rows(body, float(a), float(b), n=n, place=place)
    columns = (message("Strip"), x, Symbol(f"f({x.name})"))
    w.table(
        "strips",
        Table(columns, tuple(rows), total=n if n > len(rows) else None),
        title=message("The heights"),
    )
    sum_of = h * total(substitute(node, {x: symbol("a") + at * h}), k, 0, count - 1)
    size = abs(area) + area_of_sizes(body, (float(a), float(b)))
    w.line("area", equation(symbol("S"), sum_of), area, rule=Rule.SUM, folded=n > 6, absolute=1e-12 * size)
    w.conclude(message("The area is {area}.", area=shown(clear_of_rounding(area), 8)))
    other: Any = "right" if rule == "left" else "left"
    value = samples.riemann_sum(f, a, b, n, other, args=args)
    elsewhere = symbol("a") + half_or_end(samples.STRIP_RULES[other]) * h
    w.convention(
        None, _CHOSEN[rule], _RIVAL[other], value, h * total(substitute(node, {x: elsewhere}), k, 0, count - 1)
    )

    def more(strip: Any) -> Working:
        return _one_strip(body, (float(a), float(b)), n, rule, check_strip(strip, n))

    return w.build(more)


def _one_strip(body: tuple[Node, Symbol], limits: tuple[float, float], n: int, rule: Any, strip: int) -> Working:
    """Return one strip of a Riemann sum in full, counted from 1."""
    (node, x), (a, b) = body, limits
    share, h, k = samples.STRIP_RULES[rule], symbol("h"), number(strip - 1)
    w = Derivation("integration", message("What is the area of strip {k} of {n}?", k=strip, n=n))
    w.define("function", equation(Symbol(f"f({x.name})"), node))
    _given_limits(w, a, b)
    w.given("n", int(n), message("how many strips"))
    w.line("width", equation(h, (symbol("b") - symbol("a")) / symbol("n")), (b - a) / n, title=message("Width"))
    at, height, area = indexed(x.name, strip), indexed("f", strip), indexed("A", strip)
    place = symbol("a") + (k + number(share) if share else k) * h
    w.line("place", equation(at, place), title=message("Where its height is taken"), absolute=1e-12 * (abs(a) + abs(b)))
    w.line("height", equation(height, substitute(node, {x: at})), title=message("Its height"))
    found = w.line("area", equation(area, h * height), title=message("Its area"), rule=Rule.PRODUCT)
    w.conclude(message("Strip {k} has the area {area}.", k=strip, area=shown(float(found.value or 0.0), 8)))
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


def _rows(body: tuple[Node, Symbol], a: float, b: float, *, n: int, place: float) -> list[tuple[Any, ...]]:
    node, x = body
    kept = range(n) if n <= _MOST_STRIPS else [*range(_MOST_STRIPS // 2), *range(n - _MOST_STRIPS // 2, n)]
    compiled = Formula.of(node, [x.name]).compiled
    rows: list[tuple[Any, ...]] = []
    for k in kept:
        at = a + (b - a) * ((k + place) / n)
        (height,) = compiled(at)
        where = symbol("a") + symbol("h") * (k + number(place))
        rows.append((k + 1, Derived(at, where), Derived(float(height), substitute(node, {x: where}))))
    return rows
