"""The way of a descent, told: the first steps with the data's numbers, later iterations, and a table of all."""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from workings.expression import Node, Symbol, absolute, equation, indexed, largest, maximum, sqrt, symbol
from workings.language import message
from workings.subjects.regression.iteration import Iterate
from workings.subjects.regression.narration_cost import cost_rounding, tell_cost
from workings.working import Derived, Rule, Table, digits_known
from workings.working.cells import cell

if TYPE_CHECKING:
    from workings.subjects.regression.narration import Narrator

__all__ = ["steepest_slope", "tell_iteration", "tell_steps", "tell_way"]

_WIDE = 64  # beside the number of the iteration
_USUAL, _MOST_TOLD = 5, 9  # significant digits
_OPEN = 2  # so many iterations are read first, the others when they are asked for


def tell_steps(told: Narrator) -> None:
    """Work iterations 0, 1 and 2: the cost, the slopes, the step; and of 10 and 100 the cost and the slopes.

    The first and, of the second, what is new in it stand open; the others say the same with other numbers.
    """
    iterates = told.fit.first_iterates()
    if len(iterates) < 2:
        return
    _define_the_step(told)
    _give_the_start(told, iterates[0])
    for before, after in pairwise(iterates):
        k = before.number
        with told.w.part(f"iteration_{k}", message("Iteration {k}", k=k), closed=k >= _OPEN):
            _cost_and_slopes(told, before, cost_apart=0 < k < _OPEN)
            _step(told, before, after)
    for at in told.fit.later_iterates():
        with told.w.part(f"iteration_{at.number}", message("Iteration {k}", k=at.number), closed=True):
            _give_place(told, at)
            _cost_and_slopes(told, at)


def tell_iteration(told: Narrator, at: Iterate, after: Iterate | None) -> None:
    """Work one iteration, and where it is known and has no momentum the step from it."""
    _give_place(told, at)
    _cost_and_slopes(told, at)
    if after is not None and np.array_equal(after.parameters, after.landing):
        _step(told, at, after)


def tell_way(told: Narrator) -> None:
    """Tell the parameters (of one column), the cost and the slopes at a choice of iterations, each cell checked."""
    history, fit, letters = told.fit.history, told.fit, told.letters
    if history is None or not fit.way_iterates():
        return
    kept = fit.way_iterates()
    for at in kept:
        _give_place(told, at)
        told.give_sums(at.number, at.parameters[0])
    if letters.single:
        width = 1 + letters.fit_intercept
        columns = [letters.coefficient(None), letters.intercept(None)][:width]
        slopes = [letters.slope_of_cost(None, None if place else 1) for place in range(width)]
        rows = [(at.number, *cells) for at, cells in zip(kept, _side_by_side(told, kept), strict=True)]
        heads = (symbol("k"), *columns, symbol("J"), *slopes)
    else:
        rows = [(at.number, _cost(told, at), _steepest(told, at)) for at in kept]
        heads = (symbol("k"), symbol("J"), message("largest partial derivative"))
    total = len(history) if len(kept) < len(history) else None
    # Whole, so that cells that together take very many operations are recounted rather than worked term by term.
    told.w.table("way", Table(heads, tuple(rows), total=total, whole=True), title=message("The way down"))


def _side_by_side(told: Narrator, kept: list[Iterate]) -> list[list[Derived]]:
    """Return the numbers of each row of one column, with fewer digits where they would not fit into 80 columns."""
    rows = [[*_place(told, at), _cost(told, at), *_slopes(told, at)] for at in kept]
    texts = [[str(cell(one)) for one in row] for row in rows]
    # 1.2346e-10 is written with two characters more.
    widths = [max(len(text) + 2 * ("e" in text) for text in column) for column in zip(*texts, strict=True)]
    if sum(widths) + 2 * len(widths) <= _WIDE:
        return rows
    return [[replace(one, digits=3 if one.digits is None else min(3, one.digits)) for one in row] for row in rows]


def _place(told: Narrator, at: Iterate) -> list[Derived]:
    letters, k = told.letters, at.number
    values = at.parameters[0].tolist()
    there = [letters.coefficient(k), letters.intercept(k)][: len(values)]
    # The steps lead to the places of the first iterations; of the others the fit's are taken.
    return [
        Derived(value, where, told.step_rounding(None if place else 0))
        for place, (value, where) in enumerate(zip(values, there, strict=True))
    ]


def _cost(told: Narrator, at: Iterate) -> Derived:
    off = cost_rounding(told, at.cost)
    return Derived(
        at.cost, equation(told.letters.cost(at.number), told.cost_of(at.number)), off, digits_known(at.cost, off)
    )


def _slopes(told: Narrator, at: Iterate) -> list[Derived]:
    """Return the slopes of one column, for the coefficient and for the intercept."""
    found: list[Derived] = []
    for place, value in enumerate(at.gradient[0].tolist()):
        which, off = (None if place else 1), told.fit.rounding(None if place else 0)
        statement = equation(told.letters.slope_of_cost(at.number, which), told.slope_of(at.number, which))
        found.append(Derived(value, statement, off, digits_known(value, off)))
    return found


def _steepest(told: Narrator, at: Iterate) -> Derived:
    """Return the largest partial derivative by size."""
    places = [*range(told.fit.columns), *([None] if told.letters.fit_intercept else [])]
    off = max(told.fit.rounding(column) for column in places)
    value = float(np.abs(at.gradient).max())
    return Derived(value, steepest_slope(told, at.number), off, digits_known(value, off))


def steepest_slope(told: Narrator, at: int) -> Node:
    """Return the size of the largest partial derivative at an iteration."""
    letters, j = told.letters, symbol("j")
    if letters.single:
        steepest: Node = absolute(told.slope_of(at, 1))
    else:
        steepest = largest(absolute(told.slope_of(at, j)), j, 1, symbol("p"))
    return maximum(steepest, absolute(told.slope_of(at, None))) if letters.fit_intercept else steepest


def _define_the_step(told: Narrator) -> None:
    """Say once what each step does; in the steps stand the numbers alone."""
    letters, w = told.letters, told.w
    column: Node | int = 1 if letters.single else symbol("j")
    name = letters.slope

    def new(letter: str) -> Node:
        raised = Symbol(f"{letter}'", style="italic")
        return raised if letters.single else indexed(raised, column)

    plain = letters.coefficient(None, column) - symbol("η") * letters.slope_of_cost(None, column)
    title = message("A step against the slope")
    if not told.fit.momentum:
        w.define("step_rule", equation(new(name), plain), title=title)
        return
    landed = symbol("u") if letters.single else indexed("u", column)
    w.define("landing_rule", equation(new("u"), plain), title=title)
    w.define(
        "step_rule",
        equation(new(name), new("u") + symbol("β") * (new("u") - landed)),
        title=message("On along the way"),
        note=message(
            "The plain step lands at u, that of the intercept at v; the step goes on from there, along the way "
            "from the last landing."
        ),
    )
    _tell_momentum(told)


def _tell_momentum(told: Narrator) -> None:
    """Derive how far the first steps go on along the way, which the step's number says alone."""
    w, t, following = told.w, symbol("t"), Symbol("t'", style="italic")
    with w.part("momentum", message("How far it goes on, β"), closed=True):
        rule = equation(following, (1 + sqrt(1 + 4 * t**2)) / 2)
        w.define("pace_rule", rule, title=message("Nesterov's t, at first 1"))
        w.define("momentum_rule", equation(symbol("β"), (t - 1) / following), title=message("Nesterov's momentum"))
        for before, after in pairwise(told.fit.first_iterates()):
            k = before.number
            if not _is_carried(told, before, after):
                continue
            t, following = symbol(f"t_{k}"), symbol(f"t_{k + 1}")
            w.given(t.name, before.pace, message("Nesterov's t"))
            w.line(f"pace_{k}", equation(following, (1 + sqrt(1 + 4 * t**2)) / 2), after.pace, brief=True)
            momentum = equation(symbol(f"β_{k}"), (t - 1) / following)
            w.line(
                f"momentum_{k}",
                momentum,
                (before.pace - 1.0) / after.pace,
                title=message("Nesterov's momentum"),
                brief=True,
            )


def _is_carried(told: Narrator, before: Iterate, after: Iterate) -> bool:
    """Whether a step went on beyond where it landed."""
    return told.fit.momentum and before.number > 0 and not np.array_equal(after.parameters, after.landing)


def _give_the_start(told: Narrator, first: Iterate) -> None:
    if told.letters.single:
        told.w.given(told.letters.letter(told.letters.slope, 0).name, 0)
    if told.letters.fit_intercept:
        told.w.given(told.letters.intercept(0).name, 0)
    told.give_parameters(first)


def _give_place(told: Narrator, at: Iterate) -> None:
    """Start from where an iteration stood, which the steps above do not lead to."""
    letters, k = told.letters, at.number
    if k in told.placed:
        return
    if letters.single:
        name = letters.letter(letters.slope, k).name
        told.w.given(name, float(at.parameters[0, 0]), message("the coefficient at iteration {k}", k=k))
    if letters.fit_intercept:
        value = float(at.parameters[0, -1])
        told.w.given(letters.intercept(k).name, value, message("the intercept at iteration {k}", k=k))
    told.give_parameters(at)


def _cost_and_slopes(told: Narrator, at: Iterate, *, cost_apart: bool = False) -> None:
    """Work the cost, in a closed part of its own if ``cost_apart``, and the slopes."""
    k, column = at.number, told.fit.steepest
    letters, w = told.letters, told.w
    told.give_sums(k, at.parameters[0])
    with w.part(f"cost_{k}", message("The cost"), closed=True) if cost_apart else nullcontext():
        tell_cost(told, f"cost_at_{k}", message("The cost"), k, at.cost)
    for place in _places(told):
        value = float(at.gradient[0, -1 if place is None else place])
        which = None if place is None else place + 1
        w.line(
            f"slope_at_{k}_{'intercept' if place is None else column}",
            equation(letters.slope_of_cost(k, which), told.slope_of(k, which)),
            value,
            title=told.slope_title(place),
            rule=Rule.DERIVATIVE,
            brief=True,
            absolute=told.fit.rounding(place),
            digits=max(1, digits_known(value, told.fit.rounding(place))),
        )


def _places(told: Narrator) -> list[int | None]:
    """Return whose slopes are told: the steepest column's, and the intercept's."""
    return [told.fit.steepest, None] if told.letters.fit_intercept else [told.fit.steepest]


def _step(told: Narrator, before: Iterate, after: Iterate) -> None:
    """One step: plain, or plain and then on along the way that was come."""
    k, letters, w = before.number, told.letters, told.w
    carried = _is_carried(told, before, after)
    for place in _places(told):
        at = -1 if place is None else place
        which = None if place is None else place + 1
        name = "intercept" if place is None else str(place)
        old = letters.intercept(k) if place is None else letters.coefficient(k, which or 1)
        new = letters.intercept(k + 1) if place is None else letters.coefficient(k + 1, which or 1)
        plain = old - symbol("η") * letters.slope_of_cost(k, which)
        slack = told.step_rounding(place)
        value, moved = float(after.landing[0, at]), float(after.parameters[0, at])
        digits = _digits_to_tell(value, value - float(before.landing[0, at]), slack) if carried else None
        if carried:
            landed, last = _landing(told, k + 1, place), _landing(told, k, place)
            w.line(
                f"landing_{k + 1}_{name}",
                equation(landed, plain),
                value,
                rule=Rule.STEP,
                absolute=slack,
                brief=True,
                digits=digits,
            )
            plain = landed + symbol(f"β_{k}") * (landed - last)
        elif told.fit.momentum:
            landed = _landing(told, k + 1, place)
            w.line(f"landing_{k + 1}_{name}", equation(landed, plain), value, place="sentence", absolute=slack)
        step = equation(new, plain)
        title = message("On along the way") if carried else None
        # A step of a descent with momentum that began anew is not that of the rule.
        brief = carried or k == 0 or not told.fit.momentum
        w.line(
            f"step_{k + 1}_{name}",
            step,
            moved,
            rule=Rule.STEP,
            title=title,
            absolute=slack,
            brief=brief,
            digits=digits,
        )
    told.give_parameters(after)


def _digits_to_tell(value: float, change: float, slack: float) -> int | None:
    """Return how many digits show by how much a value changed, in two digits; None where the usual ones do."""
    if change == 0.0 or value == 0.0:
        return None
    digits = math.ceil(math.log10(abs(value / change))) + 2
    return min(digits, digits_known(value, slack, _MOST_TOLD)) if digits > _USUAL else None


def _landing(told: Narrator, k: int, place: int | None) -> Node:
    return told.letters.letter("v" if place is None else "u", k)
