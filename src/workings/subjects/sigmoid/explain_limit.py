"""What is no finite number, told one at a time: NaN by the rule that it stays NaN, the infinities by their limits."""

from __future__ import annotations

import math

from workings.expression import Node, at_least, equation, exp, less, log, sigmoid, symbol, symbols
from workings.language import Message, message
from workings.subjects.sigmoid.explain_far import checked_threshold
from workings.working import Derivation, Rule, Working, shown

__all__ = ["log_sigmoid_of_no_number", "logit_of_no_odds", "sigmoid_of_no_number", "slope_of_no_number", "written"]


def written(value: float) -> object:
    """Return a value as a sentence has it, NaN by its name."""
    return "NaN" if math.isnan(value) else shown(value)


def sigmoid_of_no_number(score: float, probability: float, threshold: float | None = None) -> Working:
    """Return the working of the score NaN, ∞ or -∞."""
    x, t = symbols("x t")
    question = message("How does the sigmoid turn the score {x} into a probability?", x=written(score))
    w = Derivation("sigmoid", question)
    w.given("x", score, message("the score"))
    rule = 1 / (1 + exp(-x))
    w.define("definition", equation(sigmoid(x), rule))
    if math.isnan(score):
        w.line("probability", equation(sigmoid(x), rule), probability, title=_UNDEFINED)
        if threshold is None:
            w.conclude(message("NaN: the score is not a number, and so there is no probability."))
        else:
            w.conclude(
                message(
                    "NaN: the score is not a number, and so there is no probability and no decision; of {comparison} "
                    "the program says no, as of every comparison with NaN.",
                    comparison=at_least(sigmoid(x), shown(threshold)),
                )
            )
        _stays(w)
    else:
        _exponential(w, exp(-x))
        w.line("probability", equation(sigmoid(x), rule), probability, title=_LIMIT)
        if threshold is None:
            w.conclude(message("{p}: what σ(x) tends to as x goes to {x}.", p=shown(probability), x=shown(score)))
        else:
            w.given("t", threshold, message("the threshold"))
            yes = probability >= threshold
            claim = w.claim("decision", (at_least if yes else less)(sigmoid(x), t), place="sentence").substitution
            told = {"p": shown(probability), "x": shown(score), "t": shown(threshold), "claim": claim}
            if yes:
                w.conclude(
                    message(
                        "{p}: what σ(x) tends to as x goes to {x}. At the threshold {t} the decision is yes ({claim}).",
                        **told,
                    )
                )
            else:
                w.conclude(
                    message(
                        "{p}: what σ(x) tends to as x goes to {x}. At the threshold {t} the decision is no ({claim}).",
                        **told,
                    )
                )
        w.note(message("No finite score has the probability 0 or 1: the curve comes ever closer to both."))
    return w.build(more=lambda threshold: sigmoid_of_no_number(score, probability, checked_threshold(threshold)))


def logit_of_no_odds(value: float, result: float) -> Working:
    """Return the working of what has no odds that are a number: 0, 1, NaN, and what is no probability."""
    p = symbol("p")
    named = symbol("logit(p)", latex=r"\operatorname{logit}(p)")
    w = Derivation("sigmoid", message("What are the log-odds of the probability {p}?", p=written(value)))
    w.given("p", value, message("the probability"))
    rule = equation(named, log(p / (1 - p)))
    w.define("definition", rule)
    if math.isfinite(value):
        w.line("complement", 1 - p, 1.0 - value, title=message("The probability of the opposite"))
        odds = math.inf if value == 1.0 else value / (1.0 - value)
        title = message("The odds, in the limit") if value == 1.0 else message("The odds")
        w.line("odds", p / (1 - p), odds, title=title, rule=Rule.RATIO)
    title = _LIMIT
    if math.isnan(result):
        title = _UNDEFINED if math.isnan(value) else message("What is below 0 or no number has no logarithm")
    w.line("logit", rule, result, title=title)
    if math.isnan(value):
        w.conclude(message("NaN: p is not a number, and so it has no log-odds."))
        _stays(w)
    elif math.isnan(result):
        w.conclude(message("NaN: {p} does not lie between 0 and 1. It is no probability and has no log-odds.",
                           p=shown(value)))  # fmt: skip
    else:
        w.conclude(message("{v}: what the log-odds tend to as p goes to {p}.", v=shown(result), p=shown(value)))
        w.note(message("What is certain has no finite log-odds: the curve comes ever closer to the edges 0 and 1."))
    return w.build()


def log_sigmoid_of_no_number(value: float, result: float) -> Working:
    """Return the working of the logarithm at NaN, ∞ or -∞."""
    x = symbol("x")
    named = symbol("log σ(x)", latex=r"\log \sigma(x)")
    w = Derivation("sigmoid", message("What is the logarithm of the sigmoid of {x}?", x=written(value)))
    w.given("x", value, message("the score"))
    w.define("definition", equation(named, log(1 / (1 + exp(-x)))))
    rule = equation(named, -log(1 + exp(-x)))
    w.define("negative", rule, title=message("The logarithm of a reciprocal is the logarithm with a minus"))
    return _told(w, exp(-x), rule, value, result, name=message("log σ(x)"))


def slope_of_no_number(value: float, result: float) -> Working:
    """Return the working of the slope at NaN, ∞ or -∞."""
    x = symbol("x")
    slope = symbol("σ'(x)", style="italic", latex=r"\sigma'(x)")
    w = Derivation("sigmoid", message("How steep is the sigmoid at {x}?", x=written(value)))
    w.given("x", value, message("the score"))
    w.define("definition", equation(slope, exp(-x) / (1 + exp(-x)) ** 2))
    e: Node = exp(-x)
    if value == -math.inf:
        e = exp(x)
        title = message("Above and below times exp(2x): exp(-x) would grow past every limit")
        w.define("other_form", equation(slope, e / (1 + e) ** 2), title=title)
    return _told(w, e, equation(slope, e / (1 + e) ** 2), value, result, name=message("σ'(x)"))


_UNDEFINED = message("NaN put in")
_LIMIT = message("The limit")


def _told(w: Derivation, e: Node, rule: Node, value: float, result: float, *, name: Message) -> Working:
    if math.isnan(value):
        w.line("value", rule, result, title=_UNDEFINED)
        w.conclude(message("NaN: the score is not a number, and neither is {name}.", name=name))
        _stays(w)
        return w.build()
    _exponential(w, e)
    w.line("value", rule, result, title=_LIMIT)
    w.conclude(message("{v}: what {name} tends to as x goes to {x}.", v=shown(result), name=name, x=shown(value)))
    return w.build()


def _exponential(w: Derivation, e: Node) -> None:
    w.line("exponential", e, title=message("The exponential, in the limit"))


def _stays(w: Derivation) -> None:
    w.note(message("Whatever is computed of NaN is NaN, as IEEE 754 has it: what is missing is not lost on the way."))
