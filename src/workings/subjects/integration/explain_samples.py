"""Areas under samples by trapezoids, worked: each strip's width and heights, its area, and their sum."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression import Node, equation, indexed, symbol, symbols, total
from workings.language import message
from workings.subjects.integration import samples
from workings.subjects.integration.lanes import Lanes
from workings.working import Derivation, Derived, Rule, Table, Working, clear_of_rounding, explainer, shown

__all__ = [
    "check_strip",
    "define_strip",
    "explain_trapezoid",
    "give_samples",
    "height_cell",
    "place_cell",
    "some_strips",
    "strip_area",
    "sum_of_row",
    "tell_one",
    "tell_rows",
    "tolerance",
    "value_of",
    "width_of",
]

_MOST_ROWS = 20


@explainer(samples.trapezoid)
def explain_trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Working:
    """Return the working of ``trapezoid``; ``at(strip=3)`` tells the third strip, ``at(row=2)`` another row."""
    areas = samples.trapezoid(y, x, dx, axis)
    lanes = Lanes.of(y, x, dx, axis, function="trapezoid")
    lanes.refuse_overflow(areas, function="trapezoid")
    return _trapezoids(lanes, np.asarray(areas).reshape(-1), 0)


def give_samples(w: Derivation, lanes: Lanes, row: int) -> None:
    """Let a working start from one row of samples, as x and y, or as h and y where they are evenly apart."""
    w.given("y", lanes.y[row], message("the samples"))
    if lanes.x is None:
        w.given("h", lanes.step, message("how far apart they are"))
    else:
        w.given("x", lanes.x[row], message("where they were taken"))
    w.given("n", lanes.count, message("how many samples"))


def width_of(lanes: Lanes, k: Node | int) -> Node:
    """Return the width of strip k, from sample k to k + 1."""
    return symbol("h") if lanes.x is None else indexed("x", k + 1) - indexed("x", k)


def place_cell(lanes: Lanes, row: int, k: int) -> Derived:
    """Return where sample k stands, counted from 1: as it was given, or so many steps from the first."""
    place = clear_of_rounding(lanes.places(row)[k - 1].item())
    return Derived(place, symbol("h") * (k - 1) if lanes.x is None else indexed("x", k))


def height_cell(lanes: Lanes, row: int, k: int) -> Derived:
    """Return the height of sample k, counted from 1."""
    return Derived(lanes.y[row][k - 1].item(), indexed("y", k))


def some_strips(count: int, *, last: bool = True) -> list[int]:
    """Return the numbers of the strips that a table shows, from 1: all, or the first and the last."""
    if count <= _MOST_ROWS:
        return list(range(1, count + 1))
    half = _MOST_ROWS // 2
    return [*range(1, half + 1), *(range(count - half + 1, count + 1) if last else ())]


def check_strip(strip: Any, count: int) -> int:
    """Return the number of a strip, which ``at(strip=...)`` was given, from 1.

    Raises
    ------
    InputError
        If there is no such strip.
    """
    if isinstance(strip, int | np.integer) and not isinstance(strip, bool) and 1 <= strip <= count:
        return int(strip)
    raise InputError(message("at: strip must be from 1 to {count}; got {got}", count=count, got=repr(strip)))


def tolerance(lanes: Lanes, row: int) -> float:
    """Return how far rounding in the samples' dtype may take a sum of strips: 64 units of the sum of their sizes."""
    kinds = [part.dtype for part in (lanes.y, lanes.x) if part is not None and part.dtype.kind == "f"]
    unit = max((float(np.finfo(kind).eps) for kind in kinds), default=float(np.finfo(np.float64).eps))
    with np.errstate(all="ignore"):
        sizes = (np.abs(width) * (np.abs(left) + np.abs(right)) for width, left, right in lanes.strips(row))
        size = sum(float(part.sum()) for part in sizes)
    return 64 * unit * size if math.isfinite(size) else 0.0


def tell_rows(w: Derivation, lanes: Lanes, areas: Any, row: int, statement: Callable[[Lanes, int], Node]) -> None:
    """Show the areas of all rows, each checked, where there are several; one of them is then told in full."""
    if not lanes.shape:
        return
    w.given("Y", lanes.y, message("all rows of samples"))
    if lanes.x is not None:
        w.given("X", lanes.x, message("where those were taken"))
    some = [k - 1 for k in some_strips(len(lanes.y))]
    w.table(
        "rows",
        Table(
            (message("Row"), message("area")),
            tuple((lanes.name(k), Derived(float(areas[k]), statement(lanes, k))) for k in some),
            total=len(lanes.y) if len(lanes.y) > len(some) else None,
        ),
        title=message("The area of each row"),
        note=message("Below, row {row} is worked out; at(row=...) takes another, counted from 0.", row=lanes.name(row)),
        absolute=max(tolerance(lanes, k) for k in some),
    )


def _trapezoids(lanes: Lanes, areas: Any, row: int) -> Working:
    count, area = lanes.count, float(areas[row])
    k, n = symbols("k n")
    w = Derivation(
        "integration", message("What is the area under the samples, joined by straight lines? n = {n}", n=count)
    )
    tell_rows(w, lanes, areas, row, sum_of_row)
    give_samples(w, lanes, row)
    define_strip(w, lanes)
    _tell_strips(w, lanes, row)
    w.line(
        "area",
        equation(symbol("T"), total(strip_area(lanes, k), k, 1, n - 1)),
        area,
        title=message("The strips together"),
        rule=Rule.SUM,
        folded=count > 4,
        absolute=tolerance(lanes, row),
    )
    w.conclude(message("The area is {area}.", area=shown(clear_of_rounding(area), 8)))
    _tell_steps(w, lanes, row)
    _tell_falling(w, lanes, row)

    def more(strip: Any = None, row: Any = row) -> Working:
        chosen = lanes.checked(row)
        if strip is None:
            return _trapezoids(lanes, areas, chosen)
        return _one_strip(lanes, chosen, check_strip(strip, count - 1))

    return w.build(more)


def sum_of_row(lanes: Lanes, row: int) -> Node:
    """Return the area of one row of several, as one statement."""
    j = symbol("j")
    heights = (indexed("Y", row + 1, j) + indexed("Y", row + 1, j + 1)) / 2
    if lanes.x is None:
        return total(lanes.step * heights, j, 1, lanes.count - 1)
    return total((indexed("X", row + 1, j + 1) - indexed("X", row + 1, j)) * heights, j, 1, lanes.count - 1)


def strip_area(lanes: Lanes, k: Node | int) -> Node:
    """Return the area of strip k."""
    return width_of(lanes, k) * (indexed("y", k) + indexed("y", k + 1)) / 2


def define_strip(w: Derivation, lanes: Lanes) -> None:
    """Say what the area of a strip is."""
    k = symbol("k")
    w.define(
        "strip",
        equation(indexed("A", k), strip_area(lanes, k)),
        title=message("The strip from sample k to the next"),
        note=message("A trapezoid: its width times the mean of its two heights."),
    )


def _tell_strips(w: Derivation, lanes: Lanes, row: int) -> None:
    x, y = lanes.places(row), lanes.y[row]
    some = some_strips(lanes.count - 1)
    if not some:
        return
    k = symbol("k")
    columns = (k, message("from"), message("to"), message("width"), indexed("y", k), indexed("y", k + 1))
    rows: list[tuple[Any, ...]] = []
    for strip in some:
        low, high = x[strip - 1].item(), x[strip].item()
        one, two = y[strip - 1].item(), y[strip].item()
        width = lanes.step if lanes.x is None else clear_of_rounding(high - low, max(abs(low), abs(high)))
        area = clear_of_rounding(width * (one + two) / 2, width * max(abs(one), abs(two)))
        wide = Derived(width, width_of(lanes, strip))
        filled = Derived(area, equation(indexed("A", strip), strip_area(lanes, strip)))
        ends = place_cell(lanes, row, strip), place_cell(lanes, row, strip + 1)
        heights = height_cell(lanes, row, strip), height_cell(lanes, row, strip + 1)
        rows.append((strip, *ends, wide, *heights, filled))
    w.table(
        "strips",
        Table((*columns, indexed("A", k)), tuple(rows), total=lanes.count - 1 if lanes.count - 1 > len(rows) else None),
        title=message("Each strip"),
        absolute=tolerance(lanes, row),
    )


def _tell_steps(w: Derivation, lanes: Lanes, row: int) -> None:
    """Say what steps instead of straight lines would give."""
    k, n = symbols("k n")
    with np.errstate(all="ignore"):
        steps = sum(float((widths * left).sum()) for widths, left, _ in lanes.strips(row))
    if not math.isfinite(steps) or lanes.count < 2:
        return
    w.convention(
        None,
        message("samples are joined by straight lines"),
        message("with steps, each as high as the sample at its left, the area is {value}"),
        steps,
        total(width_of(lanes, k) * indexed("y", k), k, 1, n - 1),
    )


def _tell_falling(w: Derivation, lanes: Lanes, row: int) -> None:
    falling = sum(int((widths < 0).sum()) for widths, _, _ in lanes.strips(row))
    if falling == lanes.count - 1 > 0:
        w.note(message("x falls: every width is negative, and so is the area over samples above 0."))
    elif falling:
        w.note(message("x falls {count} {count:time|times}; a strip where it falls is taken off.", count=falling))


def _one_strip(lanes: Lanes, row: int, strip: int) -> Working:
    w = Derivation("integration", message("What is the area of strip {k}?", k=strip))
    give_samples(w, lanes, row)
    tell_one(w, lanes, row, strip)
    w.conclude(message("Strip {k} has the area {area}.", k=strip, area=shown(value_of(lanes, row, strip), 8)))
    return w.build()


def value_of(lanes: Lanes, row: int, strip: int) -> float:
    """Return the area of one strip as floats give it."""
    x, y = lanes.places(row), lanes.y[row]
    width = lanes.step if lanes.x is None else x[strip].item() - x[strip - 1].item()
    return width * (y[strip - 1].item() + y[strip].item()) / 2


def tell_one(w: Derivation, lanes: Lanes, row: int, strip: int) -> None:
    """Tell one strip's width, mean height and area."""
    absolute = tolerance(lanes, row)
    width, height = indexed("h", strip), indexed("m", strip)
    if lanes.x is None:
        w.line("width", equation(width, symbol("h")), lanes.step, title=message("Width"))
    else:
        w.line("width", equation(width, width_of(lanes, strip)), title=message("Width"), absolute=absolute)
    mean = (indexed("y", strip) + indexed("y", strip + 1)) / 2
    w.line("height", equation(height, mean), title=message("Mean height"), absolute=absolute)
    w.line(
        "strip",
        equation(indexed("A", strip), width * height),
        value_of(lanes, row, strip),
        title=message("Its area"),
        rule=Rule.PRODUCT,
        absolute=absolute,
    )
