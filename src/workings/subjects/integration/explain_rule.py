"""What the adaptive rule did, worked: its subintervals, their sum, and the same subintervals by a second rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from workings.errors import FormulaError, InputError
from workings.expression import Node, Symbol, equation, indexed, number, substitute, symbol, symbols, total
from workings.expression.formula import as_formula
from workings.language import Message, message
from workings.subjects.integration.result import Integral, Subintervals
from workings.subjects.integration.second_rule import SecondRule, second_rule
from workings.working import Derivation, Derived, Rule, Table, shown

__all__ = ["Body", "conclude", "limit", "tell_rule", "traced"]

_MOST_SUBINTERVALS, _MOST_ROUNDS = 20, 10
# Of these there is no area.
_NONE = ("divergent", "not_finite")
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
    values: dict[Node, Any] = {symbol(name): number(value) for name, value in zip(others, args, strict=False)}
    return substitute(whole.node, values), symbol(first)


def limit(value: float) -> Node:
    """Return a limit as a node, 10 for 10.0."""
    return number(int(value)) if math.isfinite(value) and value == int(value) else number(value)


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
    there_is = math.isfinite(integral.value) and integral.status.name not in _NONE
    again = second_rule(cut, f, sign=1.0 if low <= high else -1.0) if there_is else None
    if again is not None and not again.settled:
        again = None
    if again is not None:
        _give_rule(w, again, known=body is not None)
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
    return again


def conclude(w: Derivation, found: Integral) -> None:
    """Say what an integral came to."""
    value, error = shown(found.value, 12), shown(found.error, 2)
    if found.status.name in _NONE:
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
    kept = range(len(cut))
    if len(cut) > _MOST_SUBINTERVALS:
        half = _MOST_SUBINTERVALS // 2
        kept = [*range(half), *range(len(cut) - half, len(cut))]
    j = symbol("j")
    nodes = 0 if again is None else again.places.shape[1]
    rows: list[tuple[Any, ...]] = []
    digits = _telling_apart([*cut.low.tolist(), cut.high[-1].item()])
    for k in kept:
        area: Any = float(cut.value[k])
        if again is not None:
            # B, not A: the lines below put the rule's own areas in.
            area = Derived(area, equation(indexed("B", k + 1), total(_term(body, k + 1, j), j, 1, nodes)))
        name = message("double-exponential") if cut.double_exponential[k] else message("Gauss-Kronrod")
        rows.append((shown(cut.low[k], digits), shown(cut.high[k], digits), area, float(cut.error[k]), name))
    headings = (message("from"), message("to"), message("area"), message("estimated error"), message("rule"))
    within = 0.0
    if again is not None:
        within = float(np.max(np.where(np.isfinite(cut.error), cut.error, 0.0) + again.within))
    w.table(
        "subintervals",
        Table(headings, tuple(rows), total=len(cut) if len(cut) > len(rows) else None),
        title=message("Its subintervals in the end") if len(cut.rounds) > 1 else message("What the adaptive rule did"),
        note=_why_it_stopped(integral, len(cut.rounds) - 1),
        absolute=within,
    )


def _telling_apart(ends: list[float]) -> int:
    """Return with how many digits no two neighbours look alike."""
    for digits in range(5, 17):
        texts = [shown(end, digits).text for end in ends]
        if all(one != two for one, two in pairwise(texts)):
            return digits
    return 17


def _why_it_stopped(integral: Integral, rounds: int) -> Message:
    count = f"{integral.evaluations:,}"
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
            "Nothing had to be cut: the error was within the {allowed} that was allowed at once. Values of f in "
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
    rows = [(k, at.panels, at.evaluations, -at.value if falling else at.value, at.error) for k, at in kept]
    w.table(
        "rounds",
        Table(headings, tuple(rows), total=len(rounds) if len(rounds) > len(rows) else None),
        title=message("The adaptive rule, round by round"),
    )


def _tell_sum(w: Derivation, cut: Subintervals, integral: Integral) -> None:
    i = symbol("i")
    w.given("A", cut.value, message("the areas of the subintervals, as the rule gave them"))
    w.given("m", len(cut), message("how many subintervals"))
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
