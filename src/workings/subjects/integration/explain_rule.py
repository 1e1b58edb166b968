"""What the adaptive rule did, worked: its subintervals, their sum, and the same subintervals by a second rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from workings.errors import FormulaError, InputError
from workings.expression import Node, Number, Symbol, equation, indexed, number, substitute, symbol, symbols, total
from workings.expression.formula import as_formula
from workings.language import Message, message
from workings.subjects.integration.explain_cuts import CUTS, ends_of
from workings.subjects.integration.explain_estimates import Estimates, tell_estimates
from workings.subjects.integration.result import Integral, Subintervals
from workings.subjects.integration.second_rule import SecondRule, second_rule
from workings.working import Derivation, Derived, Rule, Table, shown

__all__ = ["NO_AREA", "Body", "conclude", "tell_rule", "traced"]

_MOST_SUBINTERVALS, _MOST_ROUNDS, _MOST_NAMED = 12, 8, 5
# Of ends: a middle of a middle of a middle is shown as it is.
_FEWEST_DIGITS = 6
# Of these there is no area.
NO_AREA = ("divergent", "not_finite")
Body = tuple[Node, Symbol]


def traced(f: Any, args: tuple[Any, ...]) -> Body | None:
    """Return a function as a node of one variable, where it is a formula or a function that can be traced."""
    try:
        whole = as_formula(f)
    except (FormulaError, InputError):
        return None
    if whole.data or len(whole.variables) - 1 > len(args):
        return None
    if not whole.variables:  # a constant
        return whole.node, symbol("x")
    first, *others = whole.variables
    values: dict[Node, Any] = {symbol(name): _whole(value) for name, value in zip(others, args, strict=False)}
    return substitute(whole.node, values), symbol(first)


def _whole(value: Any) -> Number:
    """Return a parameter as a node; one that an array has made a float of is whole again: 3·x, not 3.0·x."""
    return number(int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value)


def tell_rule(
    w: Derivation, integral: Integral, cut: Subintervals, body: Body | None, f: Callable[[Any], Any]
) -> SecondRule | None:
    """Tell the subintervals, their sum, and what a second rule makes of them; return that rule if it settles.

    Parameters
    ----------
    w
        Where it is told.
    integral, cut
        A real integral of one variable and its subintervals.
    body
        The integrand as a node, and its variable; None where only its values are known.
    f
        The integrand of an array of places.
    """
    low, high = integral.limits
    there_is = math.isfinite(integral.value) and integral.status.name not in NO_AREA
    again = second_rule(cut, f, sign=1.0 if low <= high else -1.0) if there_is else None
    if again is not None and not again.settled:
        again = None
    if again is not None:
        _give_rule(w, again, known=body is not None)
    w.given("A", cut.value, message("the areas of the subintervals, as the rule gave them"))
    w.given("epsilon", cut.error, message("their estimated errors, as the rule gave them"))
    w.given("m", len(cut), message("how many subintervals"))
    _tell_rounds(w, cut, falling=low > high)
    _tell_subintervals(w, cut, integral, body, again)
    if there_is:
        _tell_sum(w, cut, integral)
    if again is not None:
        _tell_again(w, cut, integral, body, again)
    elif there_is:
        w.note(
            message(
                "No other rule settles on this integrand: that the areas of the subintervals add up was checked, and "
                "not each of them."
            )
        )
    else:
        w.note(
            message(
                "No other rule can check an area that there is not: the areas of the subintervals, and errors that are "
                "infinite, stand as the adaptive rule gave them."
            )
        )
    return again


def conclude(w: Derivation, found: Integral) -> None:
    """Say what an integral came to."""
    value, error = shown(found.value, 12), shown(found.error, 2)
    if found.status.name in NO_AREA:
        w.conclude(message("No area is given. {status}", status=found.status.text))
    elif not found.converged:
        w.conclude(
            message(
                "{value}, with an estimated error of {error}. {status}",
                value=value,
                error=error,
                status=found.status.text,
            )
        )
    elif 0.0 < abs(found.value) <= found.error:
        w.conclude(message("0, within the estimated error of {error}; {value} came out.", value=value, error=error))
    else:
        w.conclude(message("{value}, with an estimated error of {error}.", value=value, error=error))


def _give_rule(w: Derivation, again: SecondRule, *, known: bool) -> None:
    w.given("X", again.places, message("the nodes of the double-exponential rule on each subinterval"))
    w.given("W", again.weights, message("their weights"))
    if not known:
        w.given("f", again.values, message("the values of f at those nodes, as it gave them"))


def _term(body: Body | None, i: Node | int, j: Node) -> Node:
    """Return the weight times the value at node j of subinterval i."""
    weight = indexed("W", i, j)
    if body is None:
        return weight * indexed("f", i, j)
    node, x = body
    return weight * substitute(node, {x: indexed("X", i, j)})


def _tell_subintervals(
    w: Derivation, cut: Subintervals, integral: Integral, body: Body | None, again: SecondRule | None
) -> None:
    kept = list(range(len(cut)))
    if len(cut) > _MOST_SUBINTERVALS:
        half = _MOST_SUBINTERVALS // 2
        kept = [*range(half), *range(len(cut) - half, len(cut))]
    j = symbol("j")
    nodes = 0 if again is None else again.places.shape[1]
    ends = ends_of(cut)
    if ends.cuts:
        w.given(CUTS, np.array(ends.cuts), message("where the range was cut elsewhere than midway"))
    estimates = tell_estimates(w, cut, ends, kept, falling=integral.limits[0] > integral.limits[1])
    digits = _telling_apart([*cut.low.tolist(), cut.high[-1].item()])
    if cut.breaks:
        w.note(
            message(
                "Cut elsewhere than midway, at {places}: there f was seen to jump, to bend or to become infinite. That "
                "is not checked; wherever the range is cut, its parts add up.",
                places=", ".join(shown(place, digits).text for place in sorted(cut.breaks)[:_MOST_NAMED]),
            )
        )

    within = 0.0
    if again is not None:
        # The estimate of one subinterval may be too small, which those of the others make up for.
        within = float(np.max(np.where(np.isfinite(cut.error), cut.error, 0.0) + again.within))

    def end(k: int, value: float) -> Derived:
        return Derived(value, equation(indexed("x", k), ends.places[k]), ends.within[k], digits)

    rows: list[tuple[Any, ...]] = []
    for k in kept:
        # B, not A: the lines below put the rule's own areas in. What no other rule gives is held against those.
        area = (
            Derived(float(cut.value[k]), indexed("A", k + 1))
            if again is None
            else Derived(
                float(cut.value[k]),
                equation(indexed("B", k + 1), total(_term(body, k + 1, j), j, 1, nodes)),
                within,
            )
        )
        name = message("double-exponential") if cut.double_exponential[k] else message("Gauss-Kronrod")
        error = estimates.cells.get(k, Derived(float(cut.error[k]), indexed("epsilon", k + 1)))
        rows.append((end(k, float(cut.low[k])), end(k + 1, float(cut.high[k])), area, error, name))
    headings = (message("from"), message("to"), message("area"), message("estimated error"), message("rule"))
    total_rows = len(cut) if len(cut) > len(rows) else None
    if math.isfinite(integral.error):
        i = symbol("i")
        w.line(
            "errors_together",
            equation(symbol("delta"), total(indexed("epsilon", i), i, 1, symbol("m"))),
            math.fsum(cut.error.tolist()),
            place="sentence",
        )
    w.table(
        "subintervals",
        Table(headings, tuple(rows), total=total_rows, note=_not_computed_again(cut, kept, estimates)),
        title=message("Its subintervals in the end") if len(cut.rounds) > 1 else message("What the adaptive rule did"),
        note=_why_it_stopped(integral, len(cut.rounds) - 1),
    )


def _not_computed_again(cut: Subintervals, kept: list[int], estimates: Estimates) -> Message | None:
    """Return which estimates rest on the rule's word, None where none does."""
    by_other_rule = sum(bool(cut.double_exponential[k]) for k in kept)
    if not (by_other_rule or estimates.raised):
        return None
    if not estimates.raised:
        return message(
            "The double-exponential rule's estimated errors stand as it gave them; the others were computed again."
        )
    if not by_other_rule:
        return message(
            "Bisecting had shown {raised} of the estimates too small: they stand as they were raised, and were only "
            "checked to be no less than the formula gives.",
            raised=estimates.raised,
        )
    return message(
        "Not computed again: the double-exponential rule's estimated errors, and the {raised} that bisecting had shown "
        "too small and raised; of these it was only checked that they are no less than the formula gives.",
        raised=estimates.raised,
    )


def _telling_apart(ends: list[float]) -> int:
    """Return with how many digits no two neighbours look alike."""
    for digits in range(_FEWEST_DIGITS, 17):
        texts = [shown(end, digits, short=digits).text for end in ends]
        if all(one != two for one, two in pairwise(texts)):
            return digits
    return 17


def _why_it_stopped(integral: Integral, rounds: int) -> Message:
    count = integral.evaluations
    allowed = shown(max(integral.epsabs, integral.epsrel * abs(integral.value)), 3)
    if not integral.converged:
        return message(
            "In each round what kept most of the error was cut in two. It stopped before the errors together were "
            "within the {allowed} that was allowed. Rounds: {rounds}; values of f in all: {count}.",
            allowed=allowed,
            rounds=rounds,
            count=count,
        )
    if not rounds:
        return message(
            "Nothing had to be cut: the error was at once within the {allowed} that was allowed. Values of f in "
            "all: {count}.",
            allowed=allowed,
            count=count,
        )
    return message(
        "In each round what kept most of the error was cut in two, until the errors together, {error}, were within the "
        "{allowed} that was allowed. Rounds: {rounds}; values of f in all: {count}.",
        error=shown(integral.error, 2),
        allowed=allowed,
        rounds=rounds,
        count=count,
    )


def _tell_rounds(w: Derivation, cut: Subintervals, *, falling: bool) -> None:
    """Say where each round left the sums, where there was one."""
    rounds = list(enumerate(cut.rounds))
    if len(rounds) < 2:
        return
    half = _MOST_ROUNDS // 2
    kept = rounds if len(rounds) <= _MOST_ROUNDS else [*rounds[:half], *rounds[-half:]]
    headings = (
        message("Round"),
        message("subintervals"),
        message("values of f"),
        message("area"),
        message("estimated error"),
    )
    rows: list[tuple[Any, ...]] = [
        (k, at.panels, at.evaluations, -at.value if falling else at.value, at.error) for k, at in kept
    ]
    i, m = symbols("i m")
    number_of, count, values, area, error = rows[-1]
    size = 1e-14 * float(np.abs(cut.value).sum())
    added = [total(indexed(name, i), i, 1, m) for name in ("A", "epsilon")]
    rows[-1] = (
        number_of,
        Derived(count, m),
        values,
        Derived(area, equation(indexed("Q", number_of), added[0]), size) if math.isfinite(area) else area,
        Derived(error, equation(indexed("delta", number_of), added[1])) if math.isfinite(error) else error,
    )
    w.table(
        "rounds",
        Table(headings, tuple(rows), total=len(rounds) if len(rounds) > len(rows) else None),
        title=message("The adaptive rule, round by round"),
        note=message("As it was noted on the way; the sums of the last round are added up again."),
    )


def _tell_sum(w: Derivation, cut: Subintervals, integral: Integral) -> None:
    i = symbol("i")
    size = float(abs(cut.value).sum())
    w.line(
        "sum",
        equation(symbol("Q"), total(indexed("A", i), i, 1, symbol("m"))),
        integral.value,
        title=message("The subintervals together"),
        rule=Rule.SUM,
        folded=len(cut) > 6,
        absolute=1e-14 * size,
    )


def _tell_again(w: Derivation, cut: Subintervals, integral: Integral, body: Body | None, again: SecondRule) -> None:
    i, j, m = symbols("i j m")
    nodes = again.places.shape[1]
    error = integral.error if math.isfinite(integral.error) else 0.0
    w.line(
        "again",
        equation(symbol("Q"), total(total(_term(body, i, j), j, 1, nodes), i, 1, m)),
        integral.value,
        title=message("By another rule"),
        rule=Rule.SUM,
        folded=True,
        note=message(
            "On each subinterval the double-exponential rule (Takahasi and Mori 1974), with {nodes} nodes X and "
            "weights W of its own, gives the same area within the estimated error.",
            nodes=nodes,
        ),
        absolute=error + float(again.within.sum()),
    )
