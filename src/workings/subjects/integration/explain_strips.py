"""Strips under a formula, worked: four of them, what doubling does to each rule's error, and the antiderivative."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from workings.expression import (
    Node,
    Symbol,
    absolute,
    equation,
    evaluate,
    less,
    number,
    substitute,
    symbol,
    symbols,
    total,
)
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.integration.explain_cuts import limit
from workings.subjects.integration.polynomial import antiderivative, coefficients
from workings.subjects.integration.result import Integral, Subintervals
from workings.working import Derivation, Derived, Table, shown

__all__ = ["area_of_sizes", "half_or_end", "note_below", "tell_antiderivative", "tell_strips"]

_WORKED = 4
_DOUBLED = (4, 8, 16, 32)
# So much of its error a doubling leaves of the midpoint rule where f is smooth: a quarter.
_QUARTER = (0.2, 0.3)
# How many places are looked at for one where f is below the axis; there it must be by more than rounding, as sin(π)
# is, of its size elsewhere.
_LOOKED_AT, _BELOW = 64, 1e-9


def half_or_end(share: float) -> Node:
    """Return where in strip k, counted in strips from the lower limit, the height is taken: k, k + 1/2 or k + 1."""
    k = symbol("k")
    return k if share == 0 else k + (number(1) if share == 1 else number(1) / 2)


def tell_strips(w: Derivation, body: tuple[Node, Symbol], limits: tuple[float, float], integral: Integral) -> None:
    """Four strips by each rule, then what doubling their number does to each sum, and to its error if it has one."""
    (node, x), (a, b), value = body, limits, float(integral.value)
    sizes = area_of_sizes(body, limits)
    if _rounding_decides(body, limits, value, sizes):
        w.note(
            message(
                "Strips are not told: where their heights would be taken, f is so steep, or cancels so much, that the "
                "rounding of floats decides."
            )
        )
        return
    low, high, h = symbols("a b h")
    count = _WORKED
    with w.part("strips", message("{n} {n:strip|strips} of equal width", n=count)):
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
        absolute=1e-12 * (sizes + (abs(value) if math.isfinite(value) else 0.0)),
    )
    if math.isfinite(integral.error):
        _tell_errors(w, headings, sums, value, sizes)


def _rounding_decides(body: tuple[Node, Symbol], limits: tuple[float, float], value: float, sizes: float) -> bool:
    """Return whether the heights that floats give would move the sums by more than they are checked to."""
    (node, x), (a, b) = body, limits
    count = 2 * _DOUBLED[-1]
    compiled, start, width = Formula.of(node, [x.name]).compiled, Fraction(a), Fraction(b) - Fraction(a)
    off = 0.0
    for k in range(count + 1):
        height = float(compiled(a + (b - a) / count * k)[0])
        true = evaluate(node, {x.name: start + width * k / count}, arithmetic="mpmath")
        if math.isfinite(height) and abs(true) < math.inf:
            off += float(abs(true - height))
        elif height != true and not (math.isnan(height) and true != true):  # noqa: PLR0124 -- NaN differs from itself
            return True
    size = abs(value) if math.isfinite(value) else 0.0
    return off * abs(b - a) / count > 0.5 * (1e-12 * (sizes + size) + 1e-9 * size)


def _tell_errors(
    w: Derivation, headings: tuple[Message, ...], sums: list[tuple[Derived, ...]], value: float, sizes: float
) -> None:
    # What rounding may leave of the difference of two sums: some units of the area under |f|.
    floor = 16 * 2.0**-52 * sizes
    off = [[_off(each, value, floor) for each in cells] for cells in sums]
    rounded = any(cell.value == 0.0 for cells in off for cell in cells)
    w.table(
        "errors",
        Table(headings, tuple((n, *cells) for n, cells in zip(_DOUBLED, off, strict=True))),
        title=message("How far each is off the value below; 0 where only rounding is left")
        if rounded
        else message("How far each is off the value below"),
        note=_how_they_fall([cells[2].value for cells in off]),
        absolute=1e-12 * (sizes + abs(value)) + floor,
    )


def _how_they_fall(middles: list[float]) -> Message:
    """Return what the errors of the midpoint rule say about f."""
    before, last = middles[-2:]
    if last == 0.0 or _QUARTER[0] <= last / before <= _QUARTER[1]:
        return message(
            "For a smooth f the error of ends is halved each time, that of middles and trapezoids quartered; Simpson's "
            "falls to a sixteenth."
        )
    return message(
        "For a smooth f and narrow strips the error of ends is halved each time, that of middles and trapezoids "
        "quartered. Here the last doubling took that of middles from {before} to {last}: strips of this width are too "
        "wide for this f, or it is not smooth.",
        before=shown(before, 3),
        last=shown(last, 3),
    )


def area_of_sizes(body: tuple[Node, Symbol], limits: tuple[float, float]) -> float:
    """Return about the area under |f|, by which the rounding of strips that cancel goes."""
    (node, x), (a, b) = body, limits
    h = (b - a) / _DOUBLED[-1]
    compiled = Formula.of(node, [x.name]).compiled
    heights = [abs(float(compiled(a + (k + 0.5) * h)[0])) for k in range(_DOUBLED[-1])]
    return abs(h) * math.fsum(height for height in heights if math.isfinite(height))


def _off(cell: Derived, value: float, floor: float) -> Derived:
    off = abs(cell.value - value)
    return Derived(0.0 if off <= floor else off, absolute(cell.statement - number(value)))


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


def note_below(w: Derivation, body: tuple[Node, Symbol], cut: Subintervals) -> None:
    """Say that area below the axis counts as negative, where f was seen to be below it; its sign there is checked."""
    node, x = body
    edges = [edge for edge in (*cut.low.tolist(), cut.high[-1].item()) if math.isfinite(edge)]
    low, high = edges[0], edges[-1]
    places = sorted({*edges, *(low + (high - low) * k / _LOOKED_AT for k in range(1, _LOOKED_AT))})
    compiled = Formula.of(node, [x.name]).compiled
    heights = {place: height for place in places if math.isfinite(height := float(compiled(place)[0]))}
    lowest = min(heights, key=heights.__getitem__, default=low)
    if not heights or heights[lowest] >= -_BELOW * max(map(abs, heights.values())):
        return
    there = substitute(node, {x: limit(lowest)})
    height = float(evaluate(there, {}, arithmetic="mpmath"))
    if not height < 0.0:
        return
    w.claim("below", less(there, number(0)), place="sentence")
    w.note(
        message(
            "Taken from left to right, area above the axis counts as positive and area below it as negative: at "
            "{x} = {place} f is {height}.",
            x=x,
            place=shown(lowest),
            height=Derived(height, there),
        )
    )
