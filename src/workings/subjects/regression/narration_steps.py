"""The way of a descent, told: the first steps with the data's numbers, later iterations, and a table of all."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from workings.expression import Node, Number, equation, sqrt, symbol
from workings.language import message
from workings.subjects.regression.iteration import Iterate
from workings.subjects.regression.told_fit import ROUNDING
from workings.working import Rule, Table, shown

if TYPE_CHECKING:
    from workings.subjects.regression.narration import Narrator

__all__ = ["tell_iteration", "tell_steps", "tell_way"]

_WIDE = 64  # beside the number of the iteration
_LISTED = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000, 1_000_000)


def tell_steps(told: Narrator) -> None:
    """Work iterations 0, 1 and 2: the cost, the slopes, the step; and of 10 and 100 the cost and the slopes."""
    iterates = told.fit.first_iterates()
    if len(iterates) < 2:
        return
    _give_the_start(told, iterates[0])
    for before, after in pairwise(iterates):
        with told.w.part(f"iteration_{before.number}", message("Iteration {k}", k=before.number)):
            _cost_and_slopes(told, before)
            _step(told, before, after)
    for at in told.fit.later_iterates():
        with told.w.part(f"iteration_{at.number}", message("Iteration {k}", k=at.number)):
            _give_place(told, at)
            _cost_and_slopes(told, at)


def tell_iteration(told: Narrator, at: Iterate, after: Iterate | None) -> None:
    """Work one iteration, and where it is known and has no momentum the step from it."""
    _give_place(told, at)
    _cost_and_slopes(told, at)
    if after is not None and np.array_equal(after.parameters, after.landing):
        _step(told, at, after)


def tell_way(told: Narrator) -> None:
    """Tell the parameters (of one column), the cost and the slopes at a choice of iterations."""
    history, fit, letters = told.fit.history, told.fit, told.letters
    if history is None or len(history) < 2:
        return
    last = len(history) - 1
    iterates = [fit.iterate(k) for k in sorted({*_LISTED, last}) if k <= last]
    kept = [at for at in iterates if at is not None]
    if letters.single:
        width = 1 + letters.fit_intercept
        columns = [letters.coefficient(None), letters.intercept(None)][:width]
        slopes = [letters.slope_of_cost(None, None if place else 1) for place in range(width)]
        numbers = [[*at.parameters[0].tolist(), at.cost, *at.gradient[0].tolist()] for at in kept]
        rows = [(at.number, *cells) for at, cells in zip(kept, _side_by_side(numbers), strict=True)]
        heads = (symbol("k"), *columns, symbol("J"), *slopes)
    else:
        rows = [(at.number, at.cost, float(np.abs(at.gradient).max())) for at in kept]
        heads = (symbol("k"), symbol("J"), message("largest partial derivative"))
    total = len(history) if len(kept) < len(history) else None
    told.w.table("way", Table(heads, tuple(rows), total=total), title=message("The way down"))


def _side_by_side(rows: list[list[float]]) -> list[list[Number]]:
    """Return the cells of rows of several numbers, with fewer digits where they would not fit into 80 columns."""
    cells = [[shown(value) for value in row] for row in rows]
    # 1.2346e-10 is written with two characters more.
    widths = [max(len(cell.text) + 2 * ("e" in cell.text) for cell in column) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * len(widths) <= _WIDE:
        return cells
    return [[shown(value, 3) for value in row] for row in rows]


def _give_the_start(told: Narrator, first: Iterate) -> None:
    if told.letters.single:
        told.w.given(told.letters.letter(told.letters.slope, 0).name, 0)
    if told.letters.fit_intercept:
        told.w.given(told.letters.intercept(0).name, 0)
    told.give_parameters(first)


def _give_place(told: Narrator, at: Iterate) -> None:
    """Start from where an iteration stood, which the steps above do not lead to."""
    letters, k = told.letters, at.number
    if letters.single:
        name = letters.letter(letters.slope, k).name
        told.w.given(name, float(at.parameters[0, 0]), message("the coefficient at iteration {k}", k=k))
        if letters.fit_intercept:
            value = float(at.parameters[0, 1])
            told.w.given(letters.intercept(k).name, value, message("the intercept at iteration {k}", k=k))
    told.give_parameters(at)


def _cost_and_slopes(told: Narrator, at: Iterate) -> None:
    k, column = at.number, told.fit.steepest
    letters, w = told.letters, told.w
    told.give_sums(k, at.parameters[0])
    w.line(
        f"cost_at_{k}",
        equation(letters.cost(k), told.cost_of(k)),
        at.cost,
        title=message("The cost"),
        brief=True,
        absolute=ROUNDING * told.highest_cost(at.cost),
    )
    for place in _places(told):
        value = at.gradient[0, -1 if place is None else place]
        which = None if place is None else place + 1
        w.line(
            f"slope_at_{k}_{'intercept' if place is None else column}",
            equation(letters.slope_of_cost(k, which), told.slope_of(k, which)),
            float(value),
            title=told.slope_title(place),
            rule=Rule.DERIVATIVE,
            brief=True,
            absolute=told.fit.rounding(place),
        )


def _places(told: Narrator) -> list[int | None]:
    """Return whose slopes are told: the steepest column's, and the intercept's."""
    return [told.fit.steepest, None] if told.letters.fit_intercept else [told.fit.steepest]


def _step(told: Narrator, before: Iterate, after: Iterate) -> None:
    """One step: plain, or plain and then on along the way that was come."""
    k, letters, w = before.number, told.letters, told.w
    carried = told.fit.momentum and k > 0 and not np.array_equal(after.parameters, after.landing)
    if carried:
        _momentum(told, before, after)
    rate = 0.0 if told.fit.rate is None else told.fit.rate.value
    for place in _places(told):
        at = -1 if place is None else place
        which = None if place is None else place + 1
        name = "intercept" if place is None else str(place)
        old = letters.intercept(k) if place is None else letters.coefficient(k, which or 1)
        new = letters.intercept(k + 1) if place is None else letters.coefficient(k + 1, which or 1)
        plain = old - symbol("η") * letters.slope_of_cost(k, which)
        # A step carries the slope's rounding on, η times; with momentum at most three times that.
        slack = 4.0 * rate * told.fit.rounding(place)
        value = float(after.landing[0, at])
        if carried:
            landed, last = _landing(told, k + 1, place), _landing(told, k, place)
            w.line(f"landing_{k + 1}_{name}", equation(landed, plain), value, rule=Rule.STEP, absolute=slack)
            plain = landed + symbol(f"β_{k}") * (landed - last)
        elif told.fit.momentum:
            landed = _landing(told, k + 1, place)
            w.line(f"landing_{k + 1}_{name}", equation(landed, plain), value, place="sentence", absolute=slack)
        step = equation(new, plain)
        title = message("On along the way") if carried else None
        moved = float(after.parameters[0, at])
        w.line(f"step_{k + 1}_{name}", step, moved, rule=Rule.STEP, title=title, absolute=slack)
    told.give_parameters(after)


def _momentum(told: Narrator, before: Iterate, after: Iterate) -> None:
    k = before.number
    t, following = symbol(f"t_{k}"), symbol(f"t_{k + 1}")
    told.w.given(f"t_{k}", before.pace, message("Nesterov's t"))
    told.w.line(f"pace_{k}", equation(following, (1 + sqrt(1 + 4 * t**2)) / 2), after.pace, place="sentence")
    told.w.line(
        f"momentum_{k}",
        equation(symbol(f"β_{k}"), (t - 1) / following),
        (before.pace - 1.0) / after.pace,
        title=message("Nesterov's momentum"),
        note=message(
            "The plain step lands at u, that of the intercept at v; the step goes on from there, along the way from "
            "the last landing."
        )
        if k == 1
        else None,
    )


def _landing(told: Narrator, k: int, place: int | None) -> Node:
    return told.letters.letter("v" if place is None else "u", k)
