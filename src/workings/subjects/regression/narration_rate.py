"""How far a step goes and why, told: the largest curvature of the cost, and the learning rate that it allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workings.expression import Node, equation, indexed, number, sqrt, symbol, total
from workings.language import Message, message
from workings.working import Rule, shown

if TYPE_CHECKING:
    from workings.subjects.regression.narration import Narrator

__all__ = ["tell_largest_eigenvalue", "tell_learning_rate"]


def tell_learning_rate(told: Narrator, curvature: Callable[[], Node | None]) -> None:
    """Say how far a step goes and why.

    Parameters
    ----------
    told
        Where.
    curvature
        Derives what the largest curvature follows from, and returns that; None where it is not told.
    """
    rate = told.fit.rate
    if rate is None:
        return
    w, eta, L = told.w, symbol("η"), symbol("L")
    if rate.automatic and rate.largest_curvature > 0.0:
        with w.part("steepness", message("The largest curvature of the cost, L"), closed=True):
            bound = curvature()
            if bound is None:
                w.given("L", rate.largest_curvature, message("the largest curvature of J"), source="state")
            else:
                title = message("The largest curvature")
                w.line("curvature", equation(L, bound), rate.largest_curvature, title=title, note=_along_what(told))
        note = message(
            "L is no less than the curvature of the cost in any direction. From 2/L on, here {limit}, a step "
            "overshoots by more than it gains; at 1/L every step lowers the cost.",
            limit=shown(rate.largest_stable),
        )
        w.line(
            "learning_rate",
            equation(eta, 1 / L),
            rate.value,
            title=message("The learning rate"),
            rule=Rule.RECIPROCAL,
            note=note,
        )
    else:
        w.given("η", rate.value, message("the learning rate"))
        w.define(
            "learning_rate",
            equation(eta, number(rate.value, shown(rate.value).text)),
            title=message("The learning rate"),
            note=message(
                "It was given, and is {limit} or more, from where on a descent may overshoot.",
                limit=shown(rate.largest_stable),
            )
            if rate.value >= rate.largest_stable
            else message("It was given. From {limit} on a descent may overshoot.", limit=shown(rate.largest_stable)),
        )


def tell_largest_eigenvalue(told: Narrator) -> Node | None:
    """Derive the largest eigenvalue of XᵀX/n, with ones for the intercept; None where it is not told."""
    rate = told.fit.rate
    if rate is None or not rate.automatic:
        return None
    if not told.letters.single:
        return _curvature_along(told)
    a, c = symbol("a"), symbol("c")
    extra = told.added_to_squares()
    squares = told.mean_square()
    squares = squares if extra is None else squares + extra
    told.w.line("mean_square", equation(a, squares), title=message("The mean of x²"), rule=Rule.MEAN)
    if not told.letters.fit_intercept:
        return a
    told.w.line("mean_x", equation(c, told.mean()), title=message("The mean of x"), rule=Rule.MEAN)
    return (a + 1 + sqrt((a - 1) ** 2 + 4 * c**2)) / 2


def _curvature_along(told: Narrator) -> Node | None:
    """Derive the curvature in the steepest direction: the mean square of the rows' way along it."""
    squares, extra = told.squares_along(), told.added_to_squares()
    if squares is None or extra is None:
        return squares
    j = symbol("j")
    return squares + extra * total(indexed("v", j) ** 2, j, 1, symbol("p"))


def _along_what(told: Narrator) -> Message | None:
    if told.letters.single or told.fit.steep is None:
        return None
    return message("rᵢ is how far row i lies along v, the direction of length 1 in which the cost is most curved.")
