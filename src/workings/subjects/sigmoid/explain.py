"""The sigmoid, worked with your own scores: the exponential, the denominator, the reciprocal, the decision."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import (
    Node,
    at_least,
    equation,
    exp,
    indexed,
    less,
    number,
    sigmoid,
    symbol,
    symbols,
)
from workings.language import message
from workings.subjects.sigmoid import compute
from workings.subjects.sigmoid.explain_family import (
    explain_log_sigmoid,
    explain_logit,
    explain_sigmoid_derivative,
    tell_chain_rule,
)
from workings.subjects.sigmoid.explain_far import certain, checked_index, checked_threshold, far_out, vanishing
from workings.subjects.sigmoid.explain_limit import sigmoid_of_no_number
from workings.subjects.sigmoid.explain_table import (
    above,
    below,
    count_if,
    hold_all,
    in_full,
    kept_rows,
    tell_infinite,
    tell_missing,
)
from workings.subjects.sigmoid.told import told_values
from workings.working import Derivation, Derived, Rule, Table, Working, explainer, shown
from workings.working.digits import in_words

__all__ = ["explain_log_sigmoid", "explain_logit", "explain_sigmoid", "explain_sigmoid_derivative"]

# Left of this score the lines follow eˣ / (1 + eˣ): e⁻ˣ is then beyond ten million million.
_FAR_LEFT = -30.0
# Right of this one 1 - σ(x) has fewer digits in a float than a line shows.
_FAR_RIGHT = 15.0
# Right of this one so few digits of a float are left that what is missing to 1 is a line of its own.
_FARTHER_RIGHT = 27.0
# Left of this one σ(x), and right of its opposite exp(-x), is below the normal floats and has fewer digits than a line
# shows.
_VANISHING = -708.0
# A line begins with so many digits, and with no more than a float has.
_DIGITS, _MOST_DIGITS = 5, 15


@explainer(compute.sigmoid)
def explain_sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one score, or of many with the first in full; ``at(index=3)``, ``at(threshold=0.5)``."""
    scores, probabilities = told_values(compute.sigmoid, x, out)
    if scores.size == 0:
        raise InputError(message("explain: {name} must be one number or more; got {got}", name="x", got=repr(x)))
    if scores.size == 1:
        return _of_one(_as_given(x, scores), float(probabilities.item()))
    return _of_many(scores, probabilities)


def _as_given(x: Any, scores: NDArray[np.float64]) -> float:
    """Return the one score: a whole number as it was given."""
    return x if type(x) is int else float(scores[0])


def _of_one(score: float, probability: float, threshold: float | None = None) -> Working:
    if not math.isfinite(score):
        return sigmoid_of_no_number(score, probability, threshold)
    if score < _VANISHING:
        return vanishing(score, probability, threshold)
    if score > -_VANISHING:
        return certain(score, probability, threshold)
    x = symbol("x")
    w = Derivation("sigmoid", message("How does the sigmoid turn the score {x} into a probability?", x=shown(score)))
    w.given("x", score, message("the score"))
    result = _worked(w, score, probability)
    # Known as σ(x) too, for the lines below.
    rule = exp(x) / (1 + exp(x)) if score < _FAR_LEFT else 1 / (1 + exp(-x))
    w.line("probability", equation(sigmoid(x), rule), probability, place="sentence")
    told: tuple[Any, Any] = result.shown, _percent(probability)
    if score > _FARTHER_RIGHT:
        missing = float(compute.sigmoid(-score))
        told = 1 - shown(missing), 100 - shown(100 * missing, 3)
    if threshold is None:
        w.conclude(message("{p}: read as a probability, {percent} %.", p=told[0], percent=told[1]))
    else:
        w.given("t", threshold, message("the threshold"))
        _decide(w, probability, threshold, *told, exact=score == 0)
    if threshold is None:
        tell_chain_rule(w)
    _slope(w, score)
    if abs(score) >= -_FAR_LEFT:
        w.note(far_out(score))
    return w.build(more=lambda threshold: _of_one(score, probability, checked_threshold(threshold)))


def _worked(w: Derivation, score: float, probability: float) -> Any:
    x = symbol("x")
    rule = equation(sigmoid(x), 1 / (1 + exp(-x)))
    w.define("definition", rule)
    if score < _FAR_LEFT:
        other = equation(sigmoid(x), exp(x) / (1 + exp(x)))
        w.define("other_form", other, title=message("Above and below times exp(x)"))
        w.put_in("put_in", other, title=message("Put in x = {x}", x=shown(score)))
        e = math.exp(score)
        w.line("exponential", exp(x), e, rule=Rule.EXPONENTIAL)
        w.line("denominator", 1 + exp(x), 1.0 + e, title=message("The denominator"))
        return w.line("ratio", exp(x) / (1 + exp(x)), probability, rule=Rule.RATIO)
    w.put_in("put_in", rule, title=message("Put in x = {x}", x=shown(score)))
    e = math.exp(-score)
    if score > _FARTHER_RIGHT:
        w.line("exponential", exp(-x), e, rule=Rule.EXPONENTIAL)
        step = w.line("reciprocal", 1 / (1 + exp(-x)), probability, rule=Rule.RECIPROCAL)
        rest = equation(sigmoid(-x), exp(-x) / (1 + exp(-x)))
        w.line("complement", rest, float(compute.sigmoid(-score)), title=message("What is missing to 1, 1 - σ(x)"))
        return step
    digits = _digits(score, e)
    finer = _finer(e, digits)
    w.line("exponential", exp(-x), e, rule=Rule.EXPONENTIAL, digits=finer if score < 1 else None)
    w.line("denominator", 1 + exp(-x), 1.0 + e, title=message("The denominator"), digits=finer)
    return w.line("reciprocal", 1 / (1 + exp(-x)), probability, rule=Rule.RECIPROCAL, digits=digits)


def _digits(score: float, e: float) -> int:
    """Return how many digits tell 1 + exp(-x) from 1, or exp(-x) itself, near x = 0: 1.0000061442, not 1.0000."""
    apart = min(e, abs(score) or 1.0)
    more = math.floor(-math.log10(apart)) - 1 if apart < 1e-3 else 0
    return min(_DIGITS + more, _MOST_DIGITS)


def _finer(e: float, digits: int) -> int:
    """Return with how many digits of 1 + e its reciprocal comes out as shown: 1 / 13.182 is 0.075861, not 0.075858."""
    told, finer = shown(1.0 / (1.0 + e), digits).text, digits
    while finer < _MOST_DIGITS and shown(1.0 / (1.0 + float(shown(e, finer).text)), digits).text != told:
        finer += 1
    return finer


def _decide(w: Derivation, probability: float, threshold: float, seen: object, percent: object, *, exact: bool) -> None:
    x, t = symbols("x t")
    yes = probability >= threshold
    decided: Node = sigmoid(x)
    if probability in {1.0, threshold} and not exact:
        # σ(x) itself is below 1, and may be below a threshold that it is rounded to; what is decided on is the float.
        decided = symbol("p")
        w.given("p", probability, message("what a float holds of the probability"))
    decision = w.claim("decision", (at_least if yes else less)(decided, t), place="sentence")
    places = {
        "p": seen,
        "percent": percent,
        "t": shown(threshold),
        "claim": decision.substitution,
    }
    if yes:
        w.conclude(
            message(
                "{p}: read as a probability, {percent} %. At the threshold {t} the decision is yes ({claim}).", **places
            )
        )
    else:
        w.conclude(
            message(
                "{p}: read as a probability, {percent} %. At the threshold {t} the decision is no ({claim}).", **places
            )
        )
    w.convention(
        None,
        message("≥ counts a probability equal to the threshold as yes, as scikit-learn does"),
        message("with > only a probability of exactly {t} would change", t=shown(threshold)),
    )


def _slope(w: Derivation, score: float) -> None:
    x = symbol("x")
    slope = symbol("σ'(x)", style="italic", latex=r"\sigma'(x)")
    # 1 - σ(x) = σ(-x), which keeps its digits where subtracting from 1 loses them.
    other = float(compute.sigmoid(-score))
    if score > _FARTHER_RIGHT:
        rest: Node = sigmoid(-x)
    elif score > _FAR_RIGHT:
        rest = sigmoid(-x)
        w.line("complement", equation(rest, exp(-x) / (1 + exp(-x))), other, place="sentence")
    else:
        rest = 1 - sigmoid(x)
        w.line("complement", rest, other, place="sentence")
    value = float(compute.sigmoid_derivative(score))
    rise = in_words(10 * value, 2)
    w.remark(
        "slope",
        equation(slope, sigmoid(x) * rest),
        value,
        title=message("Slope"),
        digits=4,
        note=message("here a rise of 0.1 in the score adds about {points} {points:point|points}.", points=rise)
        if value
        else None,
    )


def _of_many(scores: NDArray[np.float64], probabilities: NDArray[np.float64]) -> Working:
    count = scores.size
    i, x, p = symbols("i x p")
    w = Derivation("sigmoid", message("How does the sigmoid turn {count} scores into probabilities?", count=count))
    w.given("x", scores, message("the scores"))
    w.define("definition", equation(indexed(p, i), 1 / (1 + exp(-indexed(x, i)))))
    ordinary = np.abs(scores) <= -_FAR_LEFT
    if ordinary.any():
        k = int(ordinary.argmax())
        one, e = indexed(x, k + 1), math.exp(-float(scores[k]))
        w.line("exponential", exp(-one), e, title=in_full(one, message("the exponential")))
        w.line("denominator", 1 + exp(-one), 1.0 + e, title=message("The denominator"))
        rule = equation(indexed(p, k + 1), 1 / (1 + exp(-one)))
        w.line("probability", rule, float(probabilities[k]), rule=Rule.RECIPROCAL)
    kept = kept_rows(scores, probabilities)
    rows = tuple(_row(k, float(scores[k]), float(probabilities[k])) for k in kept)
    w.table("scores", Table((i, x, exp(-x), p), rows, total=count if len(kept) < count else None))
    hold_all(w, "x", scores, probabilities, lambda x: 1 / (1 + exp(-x)))
    # Of a score of -4e-18 a float holds 0.5, which its probability is below.
    high = count_if(w, "high", lambda x: at_least(x, number(0)), "x", int((scores >= 0.0).sum()))
    w.conclude(
        message(
            "Probabilities of at least 0.5: {high} of {count}. Their scores are not below 0.", high=high, count=count
        )
    )
    tell_missing(w, "x", scores)
    tell_infinite(w, scores, message("There σ(x) has its limit: 1 at ∞, 0 at -∞."))
    w.note(message("The order stays: of two scores the greater has the greater probability."))

    def more(index: int | None = None, threshold: float | None = None) -> Working:
        place = 0 if index is None else checked_index(index, count)
        limit = None if threshold is None else checked_threshold(threshold)
        return _of_one(scores[place].item(), float(probabilities[place]), limit)

    return w.build(more=more)


def _row(place: int, score: float, probability: float) -> tuple[Any, ...]:
    x, p = indexed("x", place + 1), indexed("p", place + 1)
    told, known = Derived(score, x), Derived(probability, equation(p, 1 / (1 + exp(-x))))
    if -math.inf < score < _VANISHING:
        return place + 1, told, above(1e300), below(1e-300)
    if -_VANISHING < score < math.inf:
        return place + 1, told, below(1e-300), known
    return place + 1, told, Derived(math.inf if score == -math.inf else math.exp(-score), exp(-x)), known


def _percent(probability: float) -> object:
    """Return a percentage with one decimal, or with as many as it takes not to say 0.0 or 100.0 of what is neither."""
    for decimals in range(1, 13):
        text = f"{100 * probability:.{decimals}f}"
        if float(text) not in (0.0, 100.0):
            return text
    return shown(100 * probability, 3)
