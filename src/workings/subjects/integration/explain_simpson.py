"""Simpson's rule on samples, worked: the parabola through three samples at a time, and the last strip's correction."""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.expression import Node, equal, equation, indexed, number, symbol, symbols, total, where
from workings.language import message
from workings.subjects.integration import samples
from workings.subjects.integration.explain_samples import (
    check_strip,
    give_samples,
    height_cell,
    place_cell,
    some_strips,
    tell_rows,
    tolerance,
    width_of,
)
from workings.subjects.integration.lanes import Lanes
from workings.working import Derivation, Derived, Rule, Table, Working, clear_of_rounding, explainer, shown

__all__ = ["explain_simpson"]

# Simpson's weights are up to four times those of trapezoids, and with uneven strips larger.
_LOOSER = 16
# So many areas are written out as a sum.
_ADDED_ONE_BY_ONE = 6


@explainer(samples.simpson)
def explain_simpson(y: Any, x: Any = None, *, dx: float = 1.0, axis: int = -1) -> Working:
    """Return the working of ``simpson``; ``at(strip=2)`` tells the second pair of strips, ``at(row=2)`` another row."""
    areas = samples.simpson(y, x, dx=dx, axis=axis)
    lanes = Lanes.of(y, x, dx, axis, function="simpson")
    lanes.refuse_overflow(areas, function="simpson")
    return _told(lanes, np.asarray(areas).reshape(-1), 0)


def _told(lanes: Lanes, areas: Any, row: int) -> Working:
    count, area = lanes.count, float(areas[row])
    panels = _panels(count)
    w = Derivation("integration", message("What is the area under the samples, joined by parabolas? n = {n}", n=count))
    tell_rows(w, lanes, areas, row, _whole)
    give_samples(w, lanes, row)
    if count == 2:
        _tell_two(w, lanes, row, area)
    elif panels:
        _tell_panels(w, lanes, row, area if count % 2 else None)
    if count > 2 and count % 2 == 0:
        _tell_last(w, lanes, row, area)
    w.conclude(message("The area is {area}.", area=shown(clear_of_rounding(area), 8)))
    if count > 2:
        _tell_straight(w, lanes, row)

    def more(strip: Any = None, row: Any = row) -> Working:
        chosen = lanes.checked(row)
        if strip is None:
            return _told(lanes, areas, chosen)
        return _one_panel(lanes, chosen, check_strip(strip, panels))

    return w.build(more)


def _panels(count: int) -> int:
    """Return how many pairs of strips there are under parabolas of their own."""
    return max(0, (count - 1) // 2)


def _ratio(lanes: Lanes, over: Node, under: Node) -> Node:
    """Return a quotient; where two samples stand at one place, 0 takes the place of a division by 0."""
    return where(equal(under, 0), 0, over / where(equal(under, 0), 1, under)) if lanes.doubled else over / under


def _panel(lanes: Lanes, y: tuple[Node, Node, Node], widths: tuple[Node, Node]) -> Node:
    """Return the area under the parabola through three samples over two strips."""
    g, h = widths
    if lanes.x is None:
        return h / 3 * (y[0] + 4 * y[1] + y[2])
    return (
        (g + h)
        / 6
        * (
            (2 - _ratio(lanes, h, g)) * y[0]
            + _ratio(lanes, (g + h) ** 2, g * h) * y[1]
            + (2 - _ratio(lanes, g, h)) * y[2]
        )
    )


def _of_pair(lanes: Lanes, k: Node | int, *, row: int | None = None) -> Node:
    """Return the area of pair k, from sample 2k - 1 to 2k + 1; of one row of several, where that is given."""
    places = (2 * k - 1, 2 * k, 2 * k + 1)

    def at(base: str, step: int) -> Node:
        return indexed(base, places[step]) if row is None else indexed(base.upper(), row + 1, places[step])

    heights = (at("y", 0), at("y", 1), at("y", 2))
    if lanes.x is None:
        h = symbol("h") if row is None else number(lanes.step)
        return _panel(lanes, heights, (h, h))
    return _panel(lanes, heights, (at("x", 1) - at("x", 0), at("x", 2) - at("x", 1)))


def _last(lanes: Lanes, y: tuple[Node, Node, Node], widths: tuple[Node, Node]) -> Node:
    """Return the area of the last strip, under the parabola through the last three samples."""
    g, h = widths
    alpha, beta, eta = _weights(lanes, g, h)
    return alpha * y[2] + beta * y[1] - eta * y[0]


def _weights(lanes: Lanes, g: Node, h: Node) -> tuple[Node, Node, Node]:
    return (
        _ratio(lanes, 2 * h**2 + 3 * g * h, 6 * (g + h)),
        _ratio(lanes, h**2 + 3 * g * h, 6 * g),
        _ratio(lanes, h**3, 6 * g * (g + h)),
    )


def _whole(lanes: Lanes, row: int) -> Node:
    """Return the area of one row of several, as one statement."""
    count, k = lanes.count, symbol("k")

    def at(base: str, place: int) -> Node:
        return indexed(base, row + 1, place)

    def width(place: int) -> Node:
        return number(lanes.step) if lanes.x is None else at("X", place + 1) - at("X", place)

    if count == 2:
        return width(1) * (at("Y", 1) + at("Y", 2)) / 2
    if not _panels(count):
        return number(0)
    area = total(_of_pair(lanes, k, row=row), k, 1, _panels(count))
    if count % 2:
        return area
    ends = (at("Y", count - 2), at("Y", count - 1), at("Y", count))
    return area + _last(lanes, ends, (width(count - 2), width(count - 1)))


def _tell_two(w: Derivation, lanes: Lanes, row: int, area: float) -> None:
    w.line(
        "area",
        equation(symbol("S"), width_of(lanes, 1) * (indexed("y", 1) + indexed("y", 2)) / 2),
        area,
        title=message("Two samples have no parabola: the trapezoid between them"),
        absolute=_LOOSER * tolerance(lanes, row),
    )


def _tell_panels(w: Derivation, lanes: Lanes, row: int, area: float | None) -> None:
    k = symbol("k")
    x, y = lanes.places(row), lanes.y[row]
    panels, absolute = _panels(lanes.count), _LOOSER * tolerance(lanes, row)
    heights = (indexed("y", 2 * k - 1), indexed("y", 2 * k), indexed("y", 2 * k + 1))
    if lanes.x is not None:
        w.define(
            "first",
            equation(symbol("g"), indexed("x", 2 * k) - indexed("x", 2 * k - 1)),
            title=message("The width of a pair's first strip"),
        )
        w.define(
            "second",
            equation(symbol("h"), indexed("x", 2 * k + 1) - indexed("x", 2 * k)),
            title=message("The width of its second strip"),
        )
    w.define(
        "pair",
        equation(indexed("A", k), _panel(lanes, heights, (symbol("g"), symbol("h")))),
        title=message("Two strips under the parabola through their three samples"),
        note=message("Pair k goes from sample 2k - 1 to 2k + 1. On even strips the heights count 1, 4 and 1 times.")
        if lanes.x is None
        else message(
            "Pair k goes from sample 2k - 1 to 2k + 1. Were its strips equally wide, the heights would count 1, 4 and "
            "1 times."
        ),
    )
    rows: list[tuple[Any, ...]] = []
    for pair in some_strips(panels):
        places = [x[2 * pair - 2 + step].item() for step in range(3)]
        seen = [y[2 * pair - 2 + step].item() for step in range(3)]
        value = float(samples.simpson(seen, places if lanes.x is not None else None, dx=lanes.step))
        statement = equation(indexed("A", pair), _of_pair(lanes, pair))
        first = 2 * pair - 1
        ends = place_cell(lanes, row, first), place_cell(lanes, row, first + 2)
        three = (height_cell(lanes, row, k) for k in range(first, first + 3))
        rows.append((pair, *ends, *three, Derived(value, statement)))
    columns = (k, message("from"), message("to"), *heights, indexed("A", k))
    w.table(
        "pairs",
        Table(columns, tuple(rows), total=panels if panels > len(rows) else None),
        title=message("Each pair of strips"),
        absolute=absolute,
    )
    together = total(_of_pair(lanes, k), k, 1, panels)
    if area is None:
        # The pairs of an even number of samples end one before the last.
        kept = lanes.count - 1
        area = float(samples.simpson(y[:kept], x[:kept] if lanes.x is not None else None, dx=lanes.step))
        name = symbol("P")
    else:
        name = symbol("S")
    title = message("The pairs together")
    if panels <= _ADDED_ONE_BY_ONE:
        each = [indexed("A", pair) for pair in range(1, panels + 1)]
        statement = equation(name, sum(each[1:], each[0]))
        w.line("pairs_together", statement, area, title=title, rule=Rule.SUM, absolute=absolute)
        return
    w.define("pairs_sum", equation(name, total(indexed("A", k), k, 1, panels)), title=title)
    w.line("pairs_together", equation(name, together), area, rule=Rule.SUM, brief=True, folded=True, absolute=absolute)


def _tell_last(w: Derivation, lanes: Lanes, row: int, area: float) -> None:
    n, absolute = lanes.count, _LOOSER * tolerance(lanes, row)
    g, h = symbols("g h")
    with w.part(
        "last",
        message("The last strip, which has no partner"),
        note=message("The parabola goes through the last three samples; its area counts over the last strip alone."),
    ):
        if lanes.x is None:
            g = h
        else:
            w.line("before", equation(g, indexed("x", n - 1) - indexed("x", n - 2)), title=message("The strip before"))
            w.line("width", equation(h, indexed("x", n) - indexed("x", n - 1)), title=message("Its width"))
        names = symbols("α β η")
        for name, statement in zip(names, _weights(lanes, g, h), strict=True):
            w.line(f"weight_{name.name}", equation(name, statement), title=message("A weight"))
        alpha, beta, eta = names
        ends = alpha * indexed("y", n) + beta * indexed("y", n - 1) - eta * indexed("y", n - 2)
        w.line("correction", equation(symbol("R"), ends), title=message("Its area"), absolute=absolute)
    w.line(
        "area",
        equation(symbol("S"), symbol("P") + symbol("R")),
        area,
        title=message("Pairs and last strip"),
        rule=Rule.SUM,
        absolute=absolute,
    )
    w.note(message("The last strip's weights are those of Cartwright 2017, equation 8, as SciPy takes them."))


def _tell_straight(w: Derivation, lanes: Lanes, row: int) -> None:
    """Say what straight lines instead of parabolas would give."""
    k, n = symbols("k n")
    places = lanes.x[row] if lanes.x is not None else None
    straight = float(samples.trapezoid(lanes.y[row].astype(np.float64), places, lanes.step))
    if np.isfinite(straight):
        w.convention(
            None,
            message("samples are joined by parabolas"),
            message("with straight lines (trapezoids) the area is {value}"),
            straight,
            total(width_of(lanes, k) * (indexed("y", k) + indexed("y", k + 1)) / 2, k, 1, n - 1),
        )


def _one_panel(lanes: Lanes, row: int, pair: int) -> Working:
    w = Derivation("integration", message("What is the area of pair {k} of strips?", k=pair))
    give_samples(w, lanes, row)
    absolute = _LOOSER * tolerance(lanes, row)
    first = 2 * pair - 1
    x, y = lanes.places(row)[first - 1 : first + 2], lanes.y[row][first - 1 : first + 2]
    value = float(samples.simpson(y, x if lanes.x is not None else None, dx=lanes.step))
    heights = (indexed("y", first), indexed("y", first + 1), indexed("y", first + 2))
    if lanes.x is None:
        statement = _panel(lanes, heights, (symbol("h"), symbol("h")))
    else:
        g, h = symbols("g h")
        w.line("first", equation(g, width_of(lanes, first)), title=message("The first strip's width"))
        w.line("second", equation(h, width_of(lanes, first + 1)), title=message("The second strip's width"))
        a, b, c = symbols("a b c")
        for name, weight in (
            (a, (g + h) / 6 * (2 - _ratio(lanes, h, g))),
            (b, (g + h) / 6 * _ratio(lanes, (g + h) ** 2, g * h)),
            (c, (g + h) / 6 * (2 - _ratio(lanes, g, h))),
        ):
            w.line(f"weight_{name.name}", equation(name, weight), title=message("A weight"))
        statement = a * heights[0] + b * heights[1] + c * heights[2]
    w.line("pair", equation(indexed("A", pair), statement), value, title=message("Its area"), absolute=absolute)
    w.conclude(message("Pair {k} has the area {area}.", k=pair, area=shown(value, 8)))
    return w.build()
