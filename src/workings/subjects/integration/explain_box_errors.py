"""Where the corners and the estimated errors of boxes come from: halvings of the sides, Genz and Malik's two sums."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.errors import held_warnings
from workings.expression import Node, absolute, equation, indexed, maximum, number, symbol, total
from workings.language import Message, message
from workings.subjects.integration.box_rule import Space, genz_malik, values_at
from workings.subjects.integration.explain_cuts import limit
from workings.subjects.integration.points import Points
from workings.subjects.integration.result import Boxes, Integral
from workings.working import Derivation, Derived

__all__ = ["corner_cells", "not_computed_again", "tell_box_errors"]

Array = NDArray[np.float64]

# So much of ∫|f| may the sums be off that are compared, as their values and they are rounded.
_ROUNDING = 1e-14


def _space(found: Integral) -> Space:
    low, high = (np.asarray(corner, np.float64) for corner in found.limits)
    return Space(np.minimum(low, high), np.maximum(low, high))


def corner_cells(found: Integral, boxes: Boxes, k: int) -> list[Derived]:
    """Return from where to where box k goes along each axis: cells that follow from the limits by halvings."""
    space = _space(found)
    cells: list[Derived] = []
    for axis in range(boxes.low.shape[1]):
        low, high = float(space.low[axis]), float(space.high[axis])
        # The number of halvings is the side's; a corner that lies anywhere else is none of theirs.
        parts = 2 ** max(0, round(math.log2((high - low) / (2.0 * float(boxes.half[k, axis])))))
        middle, half = float(boxes.centre[k, axis]), float(boxes.half[k, axis])
        ends = [round((end - low) / (high - low) * parts) for end in (middle - half, middle + half)]
        nodes = [_place(space, axis, part, parts) for part in ends]
        # Towards infinity the coordinate falls from 1 to 0.
        if space.kind[axis] == 1:
            nodes.reverse()
        sides = ((boxes.low, nodes[0], "l"), (boxes.high, nodes[1], "r"))
        for corner, node, name in sides:
            value = float(corner[k, axis])
            size = max((abs(end) for end in (value, low, high) if math.isfinite(end)), default=0.0)
            cells.append(Derived(value, equation(indexed(name, k + 1, axis + 1), node), 16.0 * math.ulp(size)))
    return cells


def _place(space: Space, axis: int, part: int, parts: int) -> Node:
    """Return the place so many parts from the low end of the coordinate, as one of x."""
    kind, origin = int(space.kind[axis]), limit(float(space.origin[axis]))
    share = number(part) / number(parts)
    if kind == 0:
        low, high = limit(float(space.low[axis])), limit(float(space.high[axis]))
        return low if part == 0 else high if part == parts else low + (high - low) * share
    if kind == 3:
        if part in {0, parts}:
            return number(-math.inf if part == 0 else math.inf)
        t = number(2 * part - parts) / number(parts)
        return t / (1 - t**2)
    if part == 0:
        return number(math.inf if kind == 1 else -math.inf)
    away = number(parts - part) / number(part)
    return origin + away if kind == 1 else origin - away


def tell_box_errors(w: Derivation, found: Integral, boxes: Boxes, kept: list[int]) -> dict[int, Derived]:
    """Give the rule's values on some boxes, and return the cells of their errors, which follow from them."""
    told = [k for k in kept if math.isfinite(boxes.error[k]) and math.isfinite(boxes.value[k])]
    if not told:
        return {}
    space, dimensions = _space(found), boxes.low.shape[1]
    points = Points(found.integrand, dimensions, found.args)
    with held_warnings(), np.errstate(all="ignore"):
        values = values_at(points, space, boxes.centre[told], boxes.half[told])
    if not np.isfinite(values).all():
        return {}
    _, seven, five = genz_malik(dimensions)
    w.given("F", values, message("f at the rule's nodes on the boxes told; times |dx/du| along infinite sides"))
    w.given("alpha", seven, message("the weights of Genz and Malik's rule of degree 7"))
    w.given("beta", five, message("those of their rule of degree 5"))
    lifted = [k for k in told if boxes.raised[k]]
    if lifted:
        w.given("P", boxes.error[lifted], message("estimates that halving had raised, as they were kept"))
    j, cells = symbol("j"), dict[int, Derived]()
    for row, k in enumerate(told):
        volume = _volume(boxes, k)
        value, count = indexed("F", row + 1, j), len(seven)
        apart = absolute(total((indexed("alpha", j) - indexed("beta", j)) * value, j, 1, count))
        size = total(absolute(indexed("alpha", j) * value), j, 1, count)
        error: Node = volume * maximum(apart, number(50) / number(2) ** 52 * size)
        if boxes.raised[k]:
            error = maximum(error, indexed("P", lifted.index(k) + 1))
        whole = float(np.abs(values[row] * seven).sum() + np.abs(values[row] * five).sum())
        allowed = _ROUNDING * whole * float(np.prod(2.0 * boxes.half[k]))
        cells[k] = Derived(float(boxes.error[k]), equation(indexed("E", k + 1), error), allowed)
    return cells


def _volume(boxes: Boxes, k: int) -> Node:
    sides = [number(float(2.0 * side)) for side in boxes.half[k]]
    volume = sides[0]
    for side in sides[1:]:
        volume = volume * side
    return volume


def not_computed_again(raised: int) -> Message | None:
    """Return which estimates rest on the rule's word, None where none does."""
    if not raised:
        return None
    return message(
        "Halving had shown {raised} of the estimates too small: they stand as they were raised, and were only checked "
        "to be no less than Genz and Malik's two rules are apart.",
        raised=raised,
    )
