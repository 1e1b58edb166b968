"""The sigmoid's inverse, its logarithm and its slope, worked with your own values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Node, equation, exp, indexed, less, log, number, partial, sigmoid, symbol, symbols
from workings.language import Message, message
from workings.subjects.sigmoid import compute
from workings.subjects.sigmoid.explain_far import checked_index
from workings.subjects.sigmoid.told import told_values
from workings.working import Derivation, Derived, Rule, Table, Working, explainer, shown
from workings.working.cells import heading

__all__ = ["explain_log_sigmoid", "explain_logit", "explain_sigmoid_derivative", "kept_rows", "tell_chain_rule"]

# Of long input so many rows are shown.
_MOST_ROWS = 20
# Beyond it exp(-|x|) has fewer digits in a float than a line shows.
_FAR = 700.0
# Right of this score log(1 + exp(-x)) is exp(-x) to more digits than are kept, even at fifty.
_FAR_RIGHT = 80.0
# Left of this score exp(-x) is beyond ten million million, and the lines follow exp(x), as the program does.
_FAR_LEFT = -30.0


@explainer(compute.logit)
def explain_logit(p: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one probability, or of many with the first in full; ``at(index=3)``."""
    values, results = _values(compute.logit, p, out, "p")
    inside = (values > 0.0) & (values < 1.0)
    if not inside.all():
        raise InputError(
            message(
                "explain: p must be above 0 and below 1 for its log-odds to be a number; got {got}; "
                "wk.logit gives -inf at 0, inf at 1, and NaN outside",
                got=shown(float(values[np.argmin(inside)])),
            )
        )
    return _told(
        values,
        results,
        _logit_of,
        question=message("What are the log-odds of {count} probabilities?", count=values.size),
        given=("p", message("the probabilities")),
        columns=lambda i, p, value: (
            i, p, equation(p / (1 - p), p / (1 - p)), equation(value, log(p / (1 - p))),
        ),
        cells=lambda p, value: (p, p / (1.0 - p), value),
        note=message("Above 0.5 the log-odds are positive, below it negative, and at 0.5 they are 0."),
    )  # fmt: skip


@explainer(compute.log_sigmoid)
def explain_log_sigmoid(x: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one score, or of many with the first in full; ``at(index=3)``."""
    values, results = _values(compute.log_sigmoid, x, out, "x")
    return _told(
        values,
        results,
        _log_sigmoid_of,
        question=message("What are the logarithms of {count} probabilities, from their scores?", count=values.size),
        given=("x", message("the scores")),
        columns=lambda i, x, value: (i, x, equation(value, -log(1 + exp(-x)))),
        cells=lambda x, value: (x, value if x <= _FAR_RIGHT else f"> {shown(-1e-34)}"),
        note=message("Far to the left log σ(x) is as good as x itself, far to the right as good as 0."),
    )


@explainer(compute.sigmoid_derivative)
def explain_sigmoid_derivative(x: Any, /, out: NDArray[Any] | None = None) -> Working:
    """Return the working of one score, or of many with the first in full; ``at(index=3)``."""
    values, results = _values(compute.sigmoid_derivative, x, out, "x")
    return _told(
        values,
        results,
        _slope_of,
        question=message("How steep is the sigmoid at {count} scores?", count=values.size),
        given=("x", message("the scores")),
        columns=lambda i, x, value: (
            i, x, equation(sigmoid(x), 1 / (1 + exp(-x))), equation(value, exp(-x) / (1 + exp(-x)) ** 2),
        ),
        cells=_slope_cells,
        note=message("It is steepest at 0, where the slope is 1/4, and as steep at -x as at x."),
    )  # fmt: skip


def _slope_cells(x: float, value: float) -> Sequence[float | str]:
    far = f"< {shown(1e-300)}"
    return x, far if x < -_FAR else float(compute.sigmoid(x)), far if abs(x) > _FAR else value


def _logit_of(value: float, result: float) -> Working:
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
    # The digits of p, and those of odds near 1, are rounded in the 17th, or where floats have fewer, below 2.2·10⁻³⁰⁸.
    left = 2.0**-51 + 2.0**-1074 / value
    w.line("logit", equation(named, log(p / (1 - p))), result, rule=Rule.LOGARITHM, absolute=left)
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


def _log_sigmoid_of(value: float, result: float) -> Working:
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
        w.line("log_sigmoid", -exp(-x), result, rule=Rule.EXPONENTIAL, absolute=5e-324)
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
    w.conclude(message("{value} is the logarithm of the probability that belongs to {x}.", value=shown(result),
                       x=shown(value)))  # fmt: skip
    return w.build()


def _slope_of(value: float, result: float) -> Working:
    x = symbol("x")
    slope = symbol("σ'(x)", style="italic", latex=r"\sigma'(x)")
    w = Derivation("sigmoid", message("How steep is the sigmoid at {x}?", x=shown(value)))
    w.given("x", value, message("the score"))
    w.define("definition", equation(sigmoid(x), 1 / (1 + exp(-x))))
    tell_chain_rule(w)
    if abs(value) > _FAR:
        # The slope is the same at -x, and exp(-|x|) is never too large to be evaluated.
        e: Node = exp(-x) if value >= 0 else exp(x)
        w.claim("bound", less(e / (1 + e) ** 2, number(1e-300)), title=message("Far out"))
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
        If there is nothing to tell, or something is no number.
    """
    values, results = told_values(function, given, out)
    if values.size == 0 or not np.isfinite(values).all():
        raise InputError(
            message("explain: {name} must be one finite number or more; got {got}", name=name, got=repr(given))
        )
    return values, results


def _told(
    values: NDArray[Any],
    results: NDArray[Any],
    of_one: Callable[[float, float], Working],
    *,
    question: Message,
    given: tuple[str, Message],
    columns: Callable[[Node, Node, Node], Sequence[Node]],
    cells: Callable[[float, float], Sequence[float | str]],
    note: Message,
) -> Working:
    """Return the working of one value, or a table of many from which ``at(index=...)`` takes one."""

    def closer(index: int = 0) -> Working:
        place = checked_index(index, values.size)
        return of_one(float(values[place]), float(results[place]))

    if values.size == 1:
        return closer()
    name, words = given
    i, x, value = symbols(f"i {name} v")
    w = Derivation("sigmoid", question)
    w.given(name, values, words)
    kept = kept_rows(values.size)
    rows: list[tuple[Any, ...]] = []
    for k in kept:
        one, its = indexed(x, k + 1), indexed(value, k + 1)
        _, _, *rules = columns(number(k + 1), one, its)
        # From the value itself: log(p / (1 - p)) of odds that were rounded has hardly a digit left where they are 1.
        told = zip((one, *rules), cells(float(values[k]), float(results[k])), strict=True)
        rows.append((k + 1, *(cell if isinstance(cell, str) else Derived(cell, rule) for rule, cell in told)))
    *_, last = columns(i, indexed(x, i), indexed(value, i))
    w.define("definition", last)
    w.table(
        "values",
        Table(
            tuple(map(heading, columns(i, x, value))),
            tuple(rows),
            total=int(values.size) if len(kept) < values.size else None,
        ),
        absolute=5e-324,
    )
    w.conclude(
        message("They lie from {low} to {high}.", low=shown(float(results.min())), high=shown(float(results.max())))
    )
    w.note(note)
    return w.build(more=closer)


def kept_rows(count: int) -> list[int]:
    """Return which rows of a table are shown: all of few, the first and the last of many."""
    if count <= _MOST_ROWS:
        return list(range(count))
    return [*range(_MOST_ROWS // 2), *range(count - _MOST_ROWS // 2, count)]
