"""A cost, told: its value with the digits that it has, or how near to nothing it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workings.expression import at_most, equation, number
from workings.language import Message
from workings.subjects.regression.told_fit import ROUNDING
from workings.working import digits_known, rounded_up

if TYPE_CHECKING:
    from workings.subjects.regression.narration import Narrator

__all__ = ["cost_rounding", "tell_cost"]


def cost_rounding(told: Narrator, cost: float) -> float:
    """Return how far rounding may have moved a cost."""
    left = told.left_by_cancelling
    return max(ROUNDING * told.highest_cost(cost), left * (math.sqrt(2.0 * abs(cost)) + left))


def tell_cost(told: Narrator, key: str, title: Message, at: int | None, cost: float) -> None:
    """Add the cost of an iteration, or that of the end, as a line; of a perfect fit, that it is not above its rounding.

    Parameters
    ----------
    told
        Where.
    key, title
        What the line is called.
    at
        The iteration, None for the end.
    cost
        As it was computed.
    """
    off = cost_rounding(told, cost)
    digits = digits_known(cost, off)
    if digits == 0:
        told.w.claim(key, at_most(told.cost_of(at), number(rounded_up(cost + off))), title=title)
        return
    statement = equation(told.letters.cost(at), told.cost_of(at))
    told.w.line(key, statement, cost, title=title, brief=True, absolute=off, digits=digits)
