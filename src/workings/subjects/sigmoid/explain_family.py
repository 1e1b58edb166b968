"""The sigmoid's inverse, its logarithm and its slope, worked with your own values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import (
    Node,
    absolute,
    at_most,
    either,
    equal,
    equation,
    exp,
    greater,
    less,
    log,
    log1p,
    minimum,
    number,
    partial,
    sigmoid,
    symbol,
    symbols,
)
from workings.language import Message, message
from workings.subjects.sigmoid import compute
from workings.subjects.sigmoid.explain_limit import log_sigmoid_of_no_number, logit_of_no_odds, slope_of_no_number
from workings.subjects.sigmoid.explain_table import Family, above, below, count_if, explain_many, in_full, tell_infinite
from workings.subjects.sigmoid.told import told_values
from workings.working import Derivation, Derived, Rule, Working, explainer, shown

__all__ = ["explain_log_sigmoid", "explain_logit", "explain_sigmoid_derivative", "tell_chain_rule"]

# Beyond it exp(-|x|) has fewer digits in a float than a line shows.
_FAR = 700.0
# Right of this score log(1 + exp(-x)) is exp(-x) to more digits than are kept, even at fifty.
_FAR_RIGHT = 80.0
# Right of this one exp(-x) is below the normal floats.
_VANISHING = 700.0
# Left of this score exp(-x) is beyond ten million million, and the lines follow exp(x), as the program does.
_FAR_LEFT = -30.0


@explainer(compute.logit)
def explain_logit(p: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one probability, or of many with the first in full; ``at(index=3)``."""
    values, results = _values(compute.logit, p, out, "p")
    if values.size == 1:
        return _logit_of(float(values[0]), float(results[0]))
    inside = (values > 0.0) & (values < 1.0)
    family = Family(
        question=message("What are the log-odds of {count} probabilities?", count=values.size),
        name="p",
        given=message("the probabilities"),
        columns=lambda i, p, value: (
            i, p, equation(p / (1 - p), p / (1 - p)), equation(value, log(p / (1 - p))),
        ),
        cells=lambda _, p, value: (p, _odds(p), value),
        everywhere=lambda p: log(p / (1 - p)),
        least=1.0,
        first=_first_logit,
        ordinary=inside & (values != 0.5),
        limits=lambda w: _tell_no_odds(w, values),
        note=message("Above 0.5 the log-odds are positive, below it negative, and at 0.5 they are 0."),
    )  # fmt: skip
    return explain_many(family, values, results, _logit_of)


@explainer(compute.log_sigmoid)
def explain_log_sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one score, or of many with the first in full; ``at(index=3)``."""
    values, results = _values(compute.log_sigmoid, x, out, "x")
    if values.size == 1:
        return _log_sigmoid_of(float(values[0]), float(results[0]))
    family = Family(
        question=message("What are the logarithms of {count} probabilities, from their scores?", count=values.size),
        name="x",
        given=message("the scores"),
        columns=lambda i, x, value: (i, x, equation(value, -log(1 + exp(-x)))),
        cells=_log_sigmoid_cells,
        everywhere=lambda x: minimum(x, 0) - log1p(exp(-absolute(x))),
        first=_first_log_sigmoid,
        ordinary=(values >= _FAR_LEFT) & (values <= _FAR_RIGHT),
        limits=lambda w: tell_infinite(
            w, values, message("There log σ(x) has its limit: 0 at ∞, and -∞ at -∞, where σ(x) itself is 0.")
        ),
        note=message("Far to the left log σ(x) is as good as x itself, far to the right as good as 0."),
    )
    return explain_many(family, values, results, _log_sigmoid_of)


@explainer(compute.sigmoid_derivative)
def explain_sigmoid_derivative(x: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one score, or of many with the first in full; ``at(index=3)``."""
    values, results = _values(compute.sigmoid_derivative, x, out, "x")
    if values.size == 1:
        return _slope_of(float(values[0]), float(results[0]))
    family = Family(
        question=message("How steep is the sigmoid at {count} scores?", count=values.size),
        name="x",
        given=message("the scores"),
        columns=lambda i, x, value: (
            i, x, equation(sigmoid(x), 1 / (1 + exp(-x))), equation(value, exp(-x) / (1 + exp(-x)) ** 2),
        ),
        cells=_slope_cells,
        everywhere=lambda x: exp(-absolute(x)) / (1 + exp(-absolute(x))) ** 2,
        first=_first_slope,
        ordinary=np.abs(values) <= -_FAR_LEFT,
        limits=lambda w: tell_infinite(w, values, message("There the curve is flat: the slope has its limit 0.")),
        note=message("It is steepest at 0, where the slope is 1/4, and as steep at -x as at x."),
    )  # fmt: skip
    return explain_many(family, values, results, _slope_of)


def _odds(p: float) -> float:
    # As the limit has it where p is 1.
    return math.inf if p == 1.0 else p / (1.0 - p)


def _tell_no_odds(w: Derivation, values: NDArray[np.float64]) -> None:
    """Count the probabilities 0 and 1, told by their limits, and what is no probability."""
    none = int(((values < 0.0) | (values > 1.0)).sum())
    if (values == 0.0).any() or (values == 1.0).any():
        never = count_if(w, "never", lambda p: equal(p, number(0)), "p", int((values == 0.0).sum()))
        always = count_if(w, "always", lambda p: equal(p, number(1)), "p", int((values == 1.0).sum()))
        w.note(
            message(
                "Of the {all} probabilities so many are 0: {never}, and 1: {always}. There the log-odds have their "
                "limits, -∞ and ∞.",
                all=values.size,
                never=never,
                always=always,
            )
        )
    if none:
        count_if(w, "outside", lambda p: either(less(p, number(0)), greater(p, number(1))), "p", none)
        w.note(
            message(
                "Not between 0 and 1: {count} of the {all} values. They are no probabilities and have no log-odds.",
                count=none,
                all=values.size,
            )
        )


def _log_sigmoid_cells(x: Node, score: float, value: float) -> Sequence[float | Derived | Message]:
    if -math.inf < score < -_FAR:
        # exp(-x) is beyond every number there is, exp(x) as good as 0.
        return score, Derived(value, x - log1p(exp(x)))
    if score == math.inf or score <= _FAR_RIGHT:
        return score, value
    if score > _VANISHING:
        return score, above(-1e-300)
    # Of so small an exp(-x) fifty digits of 1 + exp(-x) keep none.
    return score, Derived(value, -log1p(exp(-x)))


def _slope_cells(x: Node, score: float, value: float) -> Sequence[float | Derived | Message]:
    if math.isinf(score):
        # Where exp(-x) is ∞, ∞ / ∞ says nothing; with exp(x), the same slope has its limit.
        e = exp(-absolute(x))
        return score, float(score > 0), Derived(value, e / (1 + e) ** 2)
    far = below(1e-300)
    return score, far if score < -_FAR else float(compute.sigmoid(score)), far if abs(score) > _FAR else value


def _first_logit(w: Derivation, p: Node, named: Node, value: float, result: float) -> None:
    w.line("odds", p / (1 - p), value / (1.0 - value), title=in_full(p, message("the odds")), rule=Rule.RATIO)
    w.line("logit", equation(named, log(p / (1 - p))), result, rule=Rule.LOGARITHM, absolute=_left(value))


def _first_log_sigmoid(w: Derivation, x: Node, named: Node, value: float, result: float) -> None:
    w.line("exponential", exp(-x), math.exp(-value), title=in_full(x, message("the exponential")))
    w.line("log_sigmoid", equation(named, -log(1 + exp(-x))), result, rule=Rule.LOGARITHM)


def _first_slope(w: Derivation, x: Node, named: Node, value: float, result: float) -> None:
    w.line("exponential", exp(-x), math.exp(-value), title=in_full(x, message("the exponential")))
    w.line("slope", equation(named, exp(-x) / (1 + exp(-x)) ** 2), result, rule=Rule.RATIO)


def _logit_of(value: float, result: float) -> Working:
    if not 0.0 < value < 1.0:
        return logit_of_no_odds(value, result)
    p = symbol("p")
    named = symbol("logit(p)", latex=r"\operatorname{logit}(p)")
    w = Derivation("sigmoid", message("What are the log-odds of the probability {p}?", p=shown(value)))
    w.given("p", value, message("the probability"))
    rule = equation(named, log(p / (1 - p)))
    w.define("definition", rule)
    w.put_in("put_in", rule, title=message("Put in p = {p}", p=shown(value)))
    # Of the decimal digits, unless the float is not as near to them: 1 - 0.7 is 0.3, where the difference of the floats
    # is 0.30000000000000004.
    rest = float(1 - Decimal(repr(value)))
    rest = rest if math.isclose(rest, 1.0 - value, rel_tol=1e-12) else 1.0 - value
    w.line("complement", 1 - p, rest, title=message("The probability of the opposite"))
    w.line("odds", p / (1 - p), value / rest, title=message("The odds"), rule=Rule.RATIO)
    w.line("logit", equation(named, log(p / (1 - p))), result, rule=Rule.LOGARITHM, absolute=_left(value))
    back = float(compute.sigmoid(result))
    w.remark(
        "back",
        equation(sigmoid(named), 1 / (1 + exp(-named))),
        back,
        title=message("And back"),
        note=message("the sigmoid of the log-odds is the probability again."),
    )
    w.convention(
        None,
        message("log is the natural logarithm, as in scipy.special.logit"),
        message("in base 2, counted in bits, it would be {value}"),
        result / math.log(2.0),
        named / log(number(2)),
    )
    w.conclude(
        message(
            "{logit}: the log-odds of {p}, that is of odds of {odds} to 1.",
            logit=shown(result),
            p=shown(value),
            odds=shown(value / rest),
        )
    )
    return w.build()


def _left(p: float) -> float:
    # The digits of p, and those of odds near 1, are rounded in the 17th, or where floats have fewer, below 2.2·10⁻³⁰⁸.
    return 2.0**-51 + 2.0**-1074 / p


def _log_sigmoid_of(value: float, result: float) -> Working:
    if not math.isfinite(value):
        return log_sigmoid_of_no_number(value, result)
    x = symbol("x")
    named = symbol("log σ(x)", latex=r"\log \sigma(x)")
    w = Derivation("sigmoid", message("What is the logarithm of the sigmoid of {x}?", x=shown(value)))
    w.given("x", value, message("the score"))
    w.define("definition", equation(named, log(1 / (1 + exp(-x)))))
    w.define(
        "negative",
        equation(named, -log(1 + exp(-x))),
        title=message("The logarithm of a reciprocal is the logarithm with a minus"),
    )
    if value < _FAR_LEFT:
        rule = equation(named, x - log(1 + exp(x)))
        w.define("other_form", rule, title=message("Take x out of the logarithm: 1 + exp(-x) = exp(-x)(1 + exp(x))"))
        w.put_in("put_in", rule, title=message("Put in x = {x}", x=shown(value)))
        if value >= -_FAR:
            w.line("exponential", exp(x), math.exp(value), rule=Rule.EXPONENTIAL)
        w.line("log_sigmoid", rule, result, rule=Rule.LOGARITHM)
    elif value > _FAR_RIGHT:
        w.define(
            "tiny",
            equation(named, -exp(-x), "≈"),
            title=message("Of so small an exp(-x), log(1 + exp(-x)) is as good as exp(-x) itself"),
        )
        if value > _VANISHING:
            w.given("v", result, message("what a float holds of the logarithm"))
            w.claim("bound", less(exp(-x), number(1e-300)))
            w.claim(
                "float",
                at_most(absolute(symbol("v") + exp(-x)), number(1e-12) * exp(-x) + number(5e-324)),
                place="sentence",
            )
        else:
            w.line("log_sigmoid", -exp(-x), result, rule=Rule.EXPONENTIAL)
    else:
        rule = equation(named, -log(1 + exp(-x)))
        w.put_in("put_in", rule, title=message("Put in x = {x}", x=shown(value)))
        w.line("exponential", exp(-x), math.exp(-value), rule=Rule.EXPONENTIAL)
        w.line("log_sigmoid", rule, result, rule=Rule.LOGARITHM)
    w.convention(
        None,
        message("the program never takes the logarithm of a probability"),
        message(
            "log(σ(x)) in two steps is {infinite} from x = {low} on, where σ(x) is 0 as a float, and 0 from x = 37 on",
            infinite=shown(-math.inf),
            low=shown(-745),
        ),
    )
    if value > _VANISHING:
        w.conclude(
            message(
                "{value} but for less than {bound}: the logarithm of the probability that belongs to {x}.",
                value=shown(0),
                bound=shown(1e-300),
                x=shown(value),
            )
        )
    else:
        w.conclude(
            message(
                "{value} is the logarithm of the probability that belongs to {x}.", value=shown(result), x=shown(value)
            )
        )
    return w.build()


def _slope_of(value: float, result: float) -> Working:
    if not math.isfinite(value):
        return slope_of_no_number(value, result)
    x = symbol("x")
    slope = symbol("σ'(x)", style="italic", latex=r"\sigma'(x)")
    w = Derivation("sigmoid", message("How steep is the sigmoid at {x}?", x=shown(value)))
    w.given("x", value, message("the score"))
    w.define("definition", equation(sigmoid(x), 1 / (1 + exp(-x))))
    tell_chain_rule(w)
    if abs(value) > _FAR:
        # The slope is the same at -x, and exp(-|x|) is never too large to be evaluated.
        e: Node = exp(-x) if value >= 0 else exp(x)
        w.given("v", result, message("what a float holds of the slope"))
        w.claim("bound", less(e / (1 + e) ** 2, number(1e-300)), title=message("Far out"))
        off = absolute(symbol("v") - e / (1 + e) ** 2)
        w.claim("float", at_most(off, number(1e-12) * e + number(5e-324)), place="sentence")
        w.conclude(message("less than {bound}: the curve is as good as flat here.", bound=shown(1e-300)))
    else:
        w.line("exponential", exp(-x), math.exp(-value), rule=Rule.EXPONENTIAL)
        p, q = float(compute.sigmoid(value)), float(compute.sigmoid(-value))
        w.line("probability", equation(sigmoid(x), 1 / (1 + exp(-x))), p, title=message("The sigmoid"))
        rest = equation(sigmoid(-x), exp(-x) / (1 + exp(-x)))
        w.line("complement", rest, q, title=message("1 - σ(x) is σ(-x)"))
        w.line("slope", equation(slope, sigmoid(x) * sigmoid(-x)), result, rule=Rule.PRODUCT)
        w.conclude(
            message(
                "{slope}: here a small rise of the score raises the probability by {slope} times as much.",
                slope=shown(result),
            )
        )
    w.note(
        message(
            "The slope is at most 1/4, at x = 0; far out it nears 0, and a network whose scores lie there learns "
            "hardly anything."
        )
    )
    return w.build()


def tell_chain_rule(w: Derivation) -> None:
    """Derive that the slope of the sigmoid is σ(x)·(1 - σ(x))."""
    x, u = symbols("x u")
    slope = symbol("σ'(x)", style="italic", latex=r"\sigma'(x)")
    w.define(
        "chain",
        equation(slope, partial(symbol("σ"), u, ordinary=True) * partial(u, x, ordinary=True)),
        title=message("The slope by the chain rule, with u = 1 + exp(-x) and σ = 1/u"),
    )
    w.define("parts", equation(slope, (-1 / u**2) * (-exp(-x))), title=message("Each derivative"))
    w.define(
        "product",
        equation(slope, sigmoid(x) * (1 - sigmoid(x))),
        title=message("Put u back in: exp(-x) / u is 1 - σ(x)"),
    )


def _values(
    function: Callable[..., Any], given: Any, out: Any, name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what was given and what was computed as flat arrays.

    Raises
    ------
    InputError
        If there is nothing to tell.
    """
    values, results = told_values(function, given, out)
    if values.size == 0:
        raise InputError(message("explain: {name} must be one number or more; got {got}", name=name, got=repr(given)))
    return values, results
