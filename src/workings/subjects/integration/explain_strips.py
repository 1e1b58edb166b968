"""Strips under a formula, worked: four of them, what doubling does to each rule's error, and the antiderivative."""

from __future__ import annotations

import math
from typing import Any

from workings.expression import Node, Symbol, absolute, equation, number, substitute, symbol, symbols, total
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration.polynomial import antiderivative, coefficients
from workings.subjects.integration.result import Integral
from workings.working import Derivation, Derived, Table

__all__ = ["half_or_end", "tell_antiderivative", "tell_strips"]

_WORKED = 4
_DOUBLED = (4, 8, 16, 32)


def half_or_end(share: float) -> Node:
    """Return where in strip k, counted in strips from the lower limit, the height is taken: k, k + 1/2 or k + 1."""
    k = symbol("k")
    return k if share == 0 else k + (number(1) if share == 1 else number(1) / 2)


def tell_strips(w: Derivation, body: tuple[Node, Symbol], limits: tuple[float, float], value: float) -> None:
    """Four strips by each rule, then what doubling their number does to each error."""
    (node, x), (a, b) = body, limits
    low, high, h = symbols("a b h")
    count = _WORKED
    with w.part("strips", message("{n} strips of equal width", n=count)):
        w.line("width", equation(h, (high - low) / count), (b - a) / count, title=message("Width"))
        left = _sum(node, x, (b - a) / count, count, half_or_end(0.0))
        w.line(
            "left", equation(symbol("L_4"), left[0]), left[1](a), title=message("Heights at the left ends"), folded=True
        )
        middle = _sum(node, x, (b - a) / count, count, half_or_end(0.5))
        w.line("middle", equation(symbol("M_4"), middle[0]), middle[1](a), title=message("In the middle"), folded=True)
    headings = (
        message("Strips"),
        message("left"),
        message("right"),
        message("midpoint"),
        message("trapezoid"),
        message("Simpson"),
    )
    sums = [_row(body, limits, n) for n in _DOUBLED]
    w.table(
        "doubling",
        Table(headings, tuple((n, *cells) for n, cells in zip(_DOUBLED, sums, strict=True))),
        title=message("As the strips double"),
        absolute=1e-12 * (1.0 + abs(value)),
    )
    w.table(
        "errors",
        Table(
            headings,
            tuple((n, *(_off(each, value) for each in cells)) for n, cells in zip(_DOUBLED, sums, strict=True)),
        ),
        title=message("How far each is off the value below"),
        note=message(
            "For a smooth f the error of ends is halved each time, that of middles and trapezoids quartered; Simpson's "
            "falls to a sixteenth."
        ),
        absolute=1e-12 * (1.0 + abs(value)),
    )


def _off(cell: Derived, value: float) -> Derived:
    return Derived(abs(cell.value - value), absolute(cell.statement - number(value)))


def _row(body: tuple[Node, Symbol], limits: tuple[float, float], n: int) -> tuple[Derived, ...]:
    (node, x), (a, b) = body, limits
    h = (b - a) / n
    left, right, middle = (_sum(node, x, h, n, half_or_end(share)) for share in (0.0, 1.0, 0.5))
    half = left[1](a) + right[1](a)
    trapezoid, simpson = half / 2, (half / 2 + 2 * middle[1](a)) / 3
    width = (symbol("b") - symbol("a")) / n
    parts = [_with(part[0], width) for part in (left, right, middle)]
    trapezoids = (parts[0] + parts[1]) / 2
    return (
        Derived(left[1](a), parts[0]),
        Derived(right[1](a), parts[1]),
        Derived(middle[1](a), parts[2]),
        Derived(trapezoid, trapezoids),
        Derived(simpson, (trapezoids + 2 * parts[2]) / 3),
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


def tell_antiderivative(w: Derivation, node: Node, x: Symbol, integral: Integral) -> None:
    """Check the integral of a polynomial by its antiderivative; of anything else, say nothing."""
    of = coefficients(node, x.name)
    if of is None:
        return
    a, b = symbols("a b")
    whole = antiderivative(of, x)
    w.define("antiderivative", equation(Symbol(f"F({x.name})"), whole), title=message("An antiderivative: F' = f"))
    statement = equation(symbol("I"), substitute(whole, {x: b}) - substitute(whole, {x: a}))
    size = abs(integral.value) + integral.error
    w.line("exact", statement, integral.value, title=message("F(b) - F(a)"), absolute=1e-11 * size)
