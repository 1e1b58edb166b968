"""The sigmoid of the style guide, worked through the builder: what several tests of rendering and checking use."""

from __future__ import annotations

import math

from workings.expression import at_least, equation, exp, partial, sigmoid, symbols
from workings.language import message
from workings.working import Derivation, Rule, Working, shown

__all__ = ["sigmoid_working"]


def sigmoid_working(score: float = 2.197, threshold: float = 0.5) -> Working:
    """Return the working of one score."""
    x, t, p = symbols("x t p")
    e = math.exp(-score)
    probability = 1 / (1 + e)
    w = Derivation(
        "sigmoid", message("How does the sigmoid turn the score {score} into a probability?", score=shown(score))
    )
    w.given("x", score, message("the score"))
    w.given("t", threshold, message("the threshold"))
    rule = equation(sigmoid(x), 1 / (1 + exp(-x)))
    w.define("definition", rule)
    w.put_in("put_in", rule, title=message("Put in x = {score}", score=shown(score)))
    w.line("exponential", exp(-x), e, rule=Rule.EXPONENTIAL)
    w.line("denominator", 1 + exp(-x), 1 + e, title=message("The denominator"))
    result = w.line("reciprocal", 1 / (1 + exp(-x)), probability, rule=Rule.RECIPROCAL)
    w.line("probability", equation(sigmoid(x), 1 / (1 + exp(-x))), probability, place="sentence")
    decision = w.claim("decision", at_least(sigmoid(x), t), place="sentence")
    w.remark(
        "slope",
        equation(partial(p, x), sigmoid(x) * (1 - sigmoid(x))),
        probability * (1 - probability),
        title=message("Slope"),
        digits=4,
        note=message("here a rise of 0.1 in the score adds about 0.9 points."),
    )
    w.conclude(
        message(
            "{p}: read as a probability, {percent} %. At the threshold {t} the decision is yes ({decision}).",
            p=result.shown,
            percent="90.0",
            t=shown(threshold),
            decision=decision.substitution,
        )
    )
    w.convention(
        None,
        message("≥ counts a probability equal to the threshold as yes, as scikit-learn does"),
        message("with > only a probability of exactly {t} would change", t=shown(threshold)),
    )
    return w.build()
