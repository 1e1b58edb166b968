"""Running areas under samples, worked: each strip, and the sum of all up to its end."""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.expression import Node, equation, indexed, symbol, symbols, total
from workings.language import Message, message
from workings.subjects.integration import samples
from workings.subjects.integration.explain_samples import (
    check_strip,
    define_strip,
    give_samples,
    place_cell,
    some_strips,
    strip_area,
    sum_of_row,
    tell_one,
    tell_rows,
    tolerance,
    value_of,
)
from workings.subjects.integration.lanes import Lanes
from workings.working import Derivation, Derived, Rule, Table, Working, clear_of_rounding, explainer, shown

__all__ = ["explain_cumulative_trapezoid"]

# Beyond so many samples the last rows of a running sum are not told: each would add up all before it once more.
_LONG = 10_000


@explainer(samples.cumulative_trapezoid)
def explain_cumulative_trapezoid(
    y: Any, x: Any = None, dx: float = 1.0, axis: int = -1, initial: float | None = None
) -> Working:
    """Return the working of ``cumulative_trapezoid``; ``at(strip=3)`` tells its third value, ``at(row=2)`` a row."""
    running = samples.cumulative_trapezoid(y, x, dx, axis)
    lanes = Lanes.of(y, x, dx, axis, function="cumulative_trapezoid")
    lanes.refuse_overflow(running, function="cumulative_trapezoid")
    table = np.moveaxis(np.asarray(running), axis, -1).reshape(len(lanes.y), -1)
    return _running(lanes, table, 0, initial)


def _running(lanes: Lanes, table: Any, row: int, initial: float | None) -> Working:
    count, strips = lanes.count, lanes.count - 1
    j, k, n = symbols("j k n")
    w = Derivation(
        "integration", message("How does the area under the samples grow from the first up to each? n = {n}", n=count)
    )
    last = table[:, -1] if strips else np.zeros(len(table))
    tell_rows(w, lanes, last, row, sum_of_row)
    give_samples(w, lanes, row)
    define_strip(w, lanes)
    w.define(
        "running",
        equation(indexed("C", k), total(indexed("A", j), j, 1, k)),
        title=message("The area up to the end of strip k"),
    )
    absolute = tolerance(lanes, row)
    rows: list[tuple[Any, ...]] = []
    for strip in some_strips(strips, last=count <= _LONG):
        so_far = total(strip_area(lanes, j), j, 1, strip)
        up_to = Derived(table[row, strip - 1].item(), equation(indexed("C", strip), so_far))
        area = Derived(value_of(lanes, row, strip), equation(indexed("A", strip), strip_area(lanes, strip)))
        rows.append((strip, place_cell(lanes, row, strip), place_cell(lanes, row, strip + 1), area, up_to))
    if rows:
        headings: tuple[Node | Message, ...] = (k, message("from"), message("to"), indexed("A", k), indexed("C", k))
        w.table(
            "strips",
            Table(headings, tuple(rows), total=strips if strips > len(rows) else None),
            title=message("Each strip, and the sum so far"),
            absolute=absolute,
        )
        w.line(
            "last",
            equation(symbol("T"), total(strip_area(lanes, k), k, 1, n - 1)),
            float(table[row, -1]),
            title=message("Up to the last sample"),
            rule=Rule.SUM,
            folded=count > 4,
            absolute=absolute,
        )
    reached = float(table[row, -1]) if rows else 0.0
    w.conclude(message("Up to the last sample the area is {area}.", area=shown(clear_of_rounding(reached), 8)))
    if initial is None:
        w.note(message("The result has one value fewer than there are samples; initial=0 puts a 0 before them."))
    else:
        w.note(message("A 0 stands before the sums, so that there are as many values as samples."))

    def more(strip: Any = None, row: Any = row) -> Working:
        chosen = lanes.checked(row)
        if strip is None:
            return _running(lanes, table, chosen, initial)
        return _one_sum(lanes, table[chosen], chosen, check_strip(strip, strips))

    return w.build(more)


def _one_sum(lanes: Lanes, running: Any, row: int, strip: int) -> Working:
    w = Derivation("integration", message("What is the area up to the end of strip {k}?", k=strip))
    give_samples(w, lanes, row)
    j = symbol("j")
    absolute = tolerance(lanes, row)
    before = running[strip - 2].item() if strip > 1 else 0.0
    w.line(
        "before",
        equation(indexed("C", strip - 1), total(strip_area(lanes, j), j, 1, strip - 1)),
        before,
        title=message("All strips before it"),
        rule=Rule.SUM,
        folded=strip > 4,
        absolute=absolute,
    )
    tell_one(w, lanes, row, strip)
    w.line(
        "sum",
        equation(indexed("C", strip), indexed("C", strip - 1) + indexed("A", strip)),
        running[strip - 1].item(),
        title=message("Together"),
        rule=Rule.SUM,
        absolute=absolute,
    )
    w.conclude(
        message(
            "Up to the end of strip {k} the area is {area}.",
            k=strip,
            area=shown(clear_of_rounding(running[strip - 1].item()), 8),
        )
    )
    return w.build()
