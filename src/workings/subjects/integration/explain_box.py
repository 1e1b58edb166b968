"""An integral over a box, worked: the nested integral, the boxes that were halved, their sum, and an iterated rule."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import FormulaError, InputError
from workings.expression import Node, Symbol, equation, indexed, number, substitute, symbol, symbols, total
from workings.expression import integral as definite
from workings.expression.formula import as_formula
from workings.language import message
from workings.subjects.integration.box import integrate_box
from workings.subjects.integration.explain_box_errors import corner_cells, not_computed_again, tell_box_errors
from workings.subjects.integration.explain_cuts import limit
from workings.subjects.integration.explain_rule import conclude
from workings.subjects.integration.points import Points
from workings.subjects.integration.result import Boxes, Integral
from workings.working import Derivation, Derived, Rule, Table, Working, explainer

__all__ = ["explain_box", "explain_integrate_box", "traced_in", "variable_names"]

Array = NDArray[np.float64]

_MOST_ROWS, _ADDED_UP = 12, 6
# Gauss's rules with so many nodes along each axis; along an infinite one, so many more.
_FINE, _COARSE, _LONGER = 10, 7, 14
_MOST_NODES = 400_000
_OFF = 4.0


@explainer(integrate_box)
def explain_integrate_box(f: Any, lower: Any, upper: Any, **options: Any) -> Working:
    """Return the working of ``integrate_box`` with the same arguments."""
    return explain_box(integrate_box(f, lower, upper, **options))


def explain_box(found: Integral) -> Working:
    """Return the working of an integral over a box that was computed."""
    lower, upper = found.limits
    dimensions = len(lower)
    w = Derivation("integration", message("What is the integral of f over a box of {d} dimensions?", d=dimensions))
    body = traced_in(found.integrand, found.args, dimensions)
    if body is not None:
        node, variables = body
        w.define("function", equation(Symbol(f"f({', '.join(each.name for each in variables)})"), node))
    else:
        variables = variable_names(dimensions)
        node = Symbol(f"f({', '.join(each.name for each in variables)})")
    nested = node
    for variable, low, high in reversed(list(zip(variables, lower, upper, strict=True))):
        nested = definite(nested, variable, limit(low), limit(high))
    w.define(
        "wanted",
        equation(symbol("I"), nested),
        title=message("One integral in the other"),
        note=message("The inner one first: along its variable the others stand still."),
    )
    if found.boxes is not None:
        _tell_boxes(w, found, found.boxes, body, variables)
    conclude(w, found)
    return w.build()


def traced_in(f: Any, args: tuple[Any, ...], dimensions: int) -> tuple[Node, list[Symbol]] | None:
    """Return a function as a node of so many variables, where it is a formula or a function that can be traced."""
    try:
        whole = as_formula(f)
    except (FormulaError, InputError):
        return None
    names = list(whole.variables)
    if whole.data or not dimensions <= len(names) <= dimensions + len(args):
        return None
    fixed = zip(names[dimensions:], args, strict=False)
    values: dict[Node, Any] = {symbol(name): number(value) for name, value in fixed}
    return substitute(whole.node, values), [symbol(name) for name in names[:dimensions]]


def variable_names(dimensions: int) -> list[Symbol]:
    """Return what the variables of a function are called that says no names of its own."""
    return list(symbols("x y z"))[:dimensions] if dimensions <= 3 else [symbol(f"x_{k + 1}") for k in range(dimensions)]


def _tell_boxes(
    w: Derivation, found: Integral, boxes: Boxes, body: tuple[Node, list[Symbol]] | None, variables: list[Symbol]
) -> None:
    # Those whose errors are largest, in their order; and all, where that is no great work.
    kept = sorted(np.argsort(-boxes.error, kind="stable")[:_MOST_ROWS].tolist())
    every = math.isfinite(found.value) and _nodes(boxes) <= _MOST_NODES
    looked_at = list(range(len(boxes))) if every else kept
    again = _iterated(found, _some(boxes, looked_at))
    row_of = {k: row + 1 for row, k in enumerate(looked_at)}
    if again is not None:
        for axis, variable in enumerate(variables):
            w.given(_upper(axis), again.places[axis], message("the nodes' {variable}", variable=variable))
        w.given("W", again.weights, message("their weights"))
        if body is None:
            w.given("f", again.values, message("the values of f at those nodes, as it gave them"))

    def term(i: Node | int, j: Node) -> Node:
        weight = indexed("W", i, j)
        if body is None:
            return weight * indexed("f", i, j)
        node, names = body
        places: dict[Node, Any] = {name: indexed(_upper(axis), i, j) for axis, name in enumerate(names)}
        return weight * substitute(node, places)

    i, j, m = symbols("i j m")
    nodes = 0 if again is None else again.weights.shape[1]
    rows: list[tuple[Any, ...]] = []
    within = 0.0
    if again is not None:
        # The estimate of one box may be too small, which those of the others make up for.
        error = np.where(np.isfinite(boxes.error), boxes.error, 0.0)
        # And of what Gauss's rule is off towards infinity, its own two sums tell no more than the size.
        within = max(found.error, *(float(error[k] + _OFF * again.within[row_of[k] - 1]) for k in kept))
        within = within if math.isfinite(within) else 0.0
    estimates = tell_box_errors(w, found, boxes, kept)
    for k in kept:
        sides = corner_cells(found, boxes, k)
        value: Any = boxes.value[k].item()
        if again is not None:
            value = Derived(value, equation(indexed("B", k + 1), total(term(row_of[k], j), j, 1, nodes)), within)
        rows.append((*sides, value, estimates.get(k, boxes.error[k].item())))
    heads = [head for name in variables for head in (message("{x} from", x=name), message("{x} to", x=name))]
    w.table(
        "boxes",
        Table(
            (*heads, message("integral"), message("estimated error")),
            tuple(rows),
            total=len(boxes) if len(boxes) > len(rows) else None,
            note=not_computed_again(sum(bool(boxes.raised[k]) for k in kept)),
        ),
        title=message("What the adaptive rule did"),
        note=message(
            "Boxes were halved across the side along which f bends most, until their errors together were small "
            "enough. Boxes: {count}; values of f: {values}.",
            count=len(boxes),
            values=found.evaluations,
        ),
    )
    if not math.isfinite(found.value):
        return
    w.given("A", boxes.value, message("the integrals over the boxes, as the rule gave them"))
    w.given("m", len(boxes), message("how many boxes"))
    w.line(
        "sum",
        equation(symbol("Q"), total(indexed("A", i), i, 1, m)),
        found.value,
        title=message("The boxes together"),
        rule=Rule.SUM,
        folded=len(boxes) > _ADDED_UP,
        absolute=1e-14 * float(np.abs(boxes.value).sum()),
    )
    if again is None:
        w.note(message("No other rule settles here: that the boxes add up was checked, and not each of them."))
        return
    if not every:
        w.note(
            message("The boxes shown were checked by Gauss's rule; of the others only that they add up to the value.")
        )
        return
    w.line(
        "again",
        equation(symbol("Q"), total(total(term(i, j), j, 1, nodes), i, 1, m)),
        found.value,
        title=message("One axis in the other, by Gauss's rule"),
        rule=Rule.SUM,
        folded=True,
        note=message(
            "On each box Gauss's rule along one axis inside Gauss's rule along the next, {nodes} nodes in all, gives "
            "the same within the estimated error.",
            nodes=nodes,
        ),
        absolute=found.error + float(again.within.sum()),
    )


def _upper(axis: int) -> str:
    return "XYZUV"[axis]


@dataclass(frozen=True, eq=False)
class _Iterated:
    """Nodes (d arrays), weights and values, (m, n) each: row i belongs to box i."""

    places: list[Array]
    weights: Array
    values: Array
    within: Array


def _iterated(found: Integral, boxes: Boxes) -> _Iterated | None:
    """Return Gauss's rule in all directions on each box, None where even that is much work or does not settle.

    Of an integral that is not finite no rule settles on the boxes where it grows.
    """
    lower, upper = (np.asarray(corner, np.float64) for corner in found.limits)
    sign = -1.0 if int((lower > upper).sum()) % 2 else 1.0
    if _nodes(boxes) > _MOST_NODES or not math.isfinite(found.value):
        return None
    extra = _longer(boxes)
    fine = _on_boxes(found, boxes, [_FINE + more for more in extra], sign)
    coarse = _on_boxes(found, boxes, [_COARSE + more * _COARSE // _FINE for more in extra], sign)
    areas, other = ((each.weights * each.values).sum(axis=1) for each in (fine, coarse))
    rounding = 64 * np.finfo(np.float64).eps * np.abs(fine.weights * fine.values).sum(axis=1)
    within = np.abs(areas - other) + rounding
    whole = math.fsum(np.abs(areas).tolist())
    if not (math.isfinite(whole) and float(within.sum()) <= 1e-3 * whole):
        return None
    return _Iterated(fine.places, fine.weights, fine.values, within)


def _longer(boxes: Boxes) -> list[int]:
    """Return how many nodes more are taken along each axis: some where it is infinite."""
    long = np.isinf(boxes.low) | np.isinf(boxes.high)
    return [_LONGER if bool(each.any()) else 0 for each in long.T]


def _nodes(boxes: Boxes) -> int:
    return len(boxes) * math.prod(_FINE + more for more in _longer(boxes))


def _some(boxes: Boxes, rows: list[int]) -> Boxes:
    return Boxes(*(getattr(boxes, name)[rows] for name in boxes.__dataclass_fields__))


def _on_boxes(found: Integral, boxes: Boxes, counts: list[int], sign: float) -> _Iterated:
    dimensions = len(counts)
    rules = [_along(boxes.low[:, axis], boxes.high[:, axis], count) for axis, count in enumerate(counts)]
    order = list(itertools.product(*(range(count) for count in counts)))
    columns = [np.array([place[axis] for place in order]) for axis in range(dimensions)]
    places = [rules[axis][0][:, columns[axis]] for axis in range(dimensions)]
    weights = np.prod([rules[axis][1][:, columns[axis]] for axis in range(dimensions)], axis=0)
    points = Points(found.integrand, dimensions, found.args)
    values = points(np.stack([each.reshape(-1) for each in places], axis=1)).reshape(weights.shape)
    lost = ~np.isfinite(values) | (values == 0.0)
    middle = weights.shape[1] // 2
    return _Iterated(
        [np.where(lost, each[:, middle, None], each) for each in places],
        sign * np.where(lost, 0.0, weights),
        np.where(lost, 0.0, values),
        np.zeros(len(boxes)),
    )


def _along(low: Array, high: Array, count: int) -> tuple[Array, Array]:
    """Return nodes and weights, (m, count) each, on m intervals; towards infinity by x = end ± v/(1 - v)."""
    node, weight = np.polynomial.legendre.leggauss(count)
    v, dv = 0.5 * (node + 1.0), 0.5 * weight
    with np.errstate(all="ignore"):
        places = low[:, None] + (high - low)[:, None] * v
        weights = (high - low)[:, None] * dv
        away, rate = v / (1.0 - v), dv / (1.0 - v) ** 2
    up, down = np.isinf(high) & ~np.isinf(low), np.isinf(low) & ~np.isinf(high)
    places[up], weights[up] = low[up, None] + away, np.broadcast_to(rate, (int(up.sum()), count))
    places[down], weights[down] = high[down, None] - away, np.broadcast_to(rate, (int(down.sum()), count))
    both = np.isinf(low) & np.isinf(high)
    rest = 1.0 - node**2
    places[both] = node / rest
    weights[both] = weight * (1.0 + node**2) / rest**2
    return places, weights
