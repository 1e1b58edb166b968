"""The sigmoid far out, where its values are as good as 0 or 1: what can be said is a bound."""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.errors import InputError
from workings.expression import absolute, at_least, at_most, equation, exp, less, number, sigmoid, symbols
from workings.language import Message, message
from workings.working import Derivation, Working, shown

__all__ = ["certain", "checked_index", "checked_threshold", "far_out", "vanishing"]


def vanishing(score: float, probability: float, threshold: float | None = None) -> Working:
    """Return the working of a score so far to the left that a float has no digits of its probability."""
    x, p, t = symbols("x p t")
    w = Derivation("sigmoid", message("How does the sigmoid turn the score {x} into a probability?", x=shown(score)))
    w.given("x", score, message("the score"))
    w.given("p", probability, message("what a float holds of the probability"))
    whole = exp(x) / (1 + exp(x))
    rule = equation(sigmoid(x), whole)
    w.define("definition", equation(sigmoid(x), 1 / (1 + exp(-x))))
    w.define("other_form", rule, title=message("Above and below times exp(x)"))
    w.put_in("put_in", rule, title=message("Put in x = {x}", x=shown(score)))
    w.claim("bound", less(whole, number(1e-300)))
    w.claim("float", at_most(absolute(p - whole), number(1e-12) * whole + number(5e-324)), place="sentence")
    if threshold is None:
        w.conclude(
            message(
                "less than {bound}: the probability is as good as 0, and a float holds {p} of it.",
                bound=shown(1e-300),
                p=shown(probability, 3),
            )
        )
    else:
        w.given("t", threshold, message("the threshold"))
        claim = w.claim("decision", (less if threshold > 0 else at_least)(p, t), digits=3, place="sentence")
        w.conclude(
            message(
                "less than {bound}: at every threshold above 0 the decision is no (here: {claim}).",
                bound=shown(1e-300),
                claim=claim.substitution,
            )
        )
    w.note(far_out(score))
    return w.build(more=lambda threshold: vanishing(score, probability, checked_threshold(threshold)))


def certain(score: float, probability: float, threshold: float | None = None) -> Working:
    """Return the working of a score so far to the right that a float has no digits of what is missing to 1."""
    x, p, t = symbols("x p t")
    w = Derivation("sigmoid", message("How does the sigmoid turn the score {x} into a probability?", x=shown(score)))
    w.given("x", score, message("the score"))
    w.given("p", probability, message("what a float holds of the probability"))
    rule = equation(sigmoid(x), 1 / (1 + exp(-x)))
    w.define("definition", rule)
    w.put_in("put_in", rule, title=message("Put in x = {x}", x=shown(score)))
    w.claim("bound", less(exp(-x), number(1e-300)))
    w.claim("float", at_most(absolute(p - 1 / (1 + exp(-x))), number(1e-15)), place="sentence")
    if threshold is None:
        w.conclude(
            message(
                "1 but for less than {bound}: the probability is as good as 1, and a float holds exactly 1.",
                bound=shown(1e-300),
            )
        )
    else:
        w.given("t", threshold, message("the threshold"))
        claim = w.claim("decision", at_least(p, t), place="sentence")
        w.conclude(
            message(
                "1 but for less than {bound}: at every threshold the decision is yes (here: {claim}).",
                bound=shown(1e-300),
                claim=claim.substitution,
            )
        )
    w.note(far_out(score))
    return w.build(more=lambda threshold: certain(score, probability, checked_threshold(threshold)))


def far_out(score: float) -> Message:
    """Return why the program computes another form, or what is left of certainty, so far out."""
    if score < 0:
        return message(
            "So far to the left exp(-x) grows past every limit, beyond the largest float from x = -709.8 on; exp(x) "
            "only shrinks, so the program computes exp(x) / (1 + exp(x)), which is the same number."
        )
    return message(
        "So far to the right 1 + exp(-x) is hardly more than 1: from x = 37 on a float holds exactly 1. What is left "
        "to certainty is kept by σ(-x) = exp(-x) / (1 + exp(-x))."
    )


def checked_index(index: Any, count: int) -> int:
    """Return the place of one of so many values, counted from 0, or back from the end with a minus.

    Raises
    ------
    InputError
        If there is none.
    """
    if isinstance(index, bool) or not isinstance(index, int | np.integer) or not -count <= index < count:
        raise InputError(message("at: index must be one of 0 to {last}; got {got}", last=count - 1, got=repr(index)))
    return int(index)


def checked_threshold(threshold: Any) -> float:
    """Return a threshold as a number.

    Raises
    ------
    InputError
        If it is none from 0 to 1.
    """
    if not isinstance(threshold, int | float | np.number) or not 0.0 <= float(threshold) <= 1.0:
        raise InputError(message("at: threshold must be a number from 0 to 1; got {got}", got=repr(threshold)))
    return float(threshold)
