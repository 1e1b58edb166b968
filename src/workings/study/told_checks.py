"""What was verified, itself worked: the lines of every derivation, and from what they were evaluated again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workings.expression import equation, indexed, largest, symbol, symbols, total
from workings.language import Message, message
from workings.working import Derivation, Rule, Table, Verification, Working
from workings.working.values import Scope

__all__ = ["explain_checks"]

_MOST_LISTED = 40
k, D = symbols("k D")


def explain_checks(questions: Mapping[str, Message], verifications: Mapping[str, Verification]) -> Working:
    """Return how the lines that were evaluated again add up.

    Parameters
    ----------
    questions
        What each derivation asks.
    verifications
        What checking each came to, by the same keys: one at least.
    """
    found = [verifications[key] for key in questions]
    scopes: dict[Scope, str] = {"inputs": "i", "recount": "r", "state": "s"}
    counts = {scope: [one.scope.get(scope, 0) for one in found] for scope in scopes}
    w = Derivation("study", message("How many lines were evaluated again?"))
    w.given("D", len(found), message("the number of derivations"))
    w.given("e", np.array([one.equations for one in found]), message("lines of each derivation"))
    w.given("ε", np.array([one.largest_error for one in found]), message("largest relative difference in each"))
    e_k, error = indexed("e", k), indexed("ε", k)
    w.line(
        "equations",
        equation(symbol("E"), total(e_k, k, 1, D)),
        sum(one.equations for one in found),
        title=message("Lines evaluated again"),
        rule=Rule.SUM,
        note=message("{symbol} counts the derivations: {count}.", symbol=D, count=len(found)),
    )
    for scope, letter in scopes.items():
        if any(counts[scope]):
            w.given(letter, np.array(counts[scope]), _title(scope))
            whole = equation(symbol(letter.upper()), total(indexed(letter, k), k, 1, D))
            w.line(scope, whole, sum(counts[scope]), title=_title(scope), rule=Rule.SUM)
    w.line(
        "largest",
        equation(symbol("ε_max"), largest(error, k, 1, D)),
        max(one.largest_error for one in found),
        title=message("The largest relative difference"),
    )
    parts = [indexed(letter, k) for scope, letter in scopes.items() if any(counts[scope])]
    columns = [counts[scope] for scope in scopes if any(counts[scope])]
    whole = sum(parts[1:], parts[0]) if parts else None
    heads = (message("Derivation"), *parts, e_k if whole is None else equation(e_k, whole))
    rows = tuple(
        (question, *(column[place] for column in columns), found[place].equations)
        for place, question in enumerate(questions.values())
    )
    left_out = len(rows) if len(rows) > _MOST_LISTED else None
    w.table("derivations", Table(heads, rows[:_MOST_LISTED], total=left_out), title=message("By derivation"))
    return w.build()


def _title(scope: Scope) -> Message:
    if scope == "inputs":
        return message("From the inputs, term by term")
    if scope == "recount":
        return message("From the inputs, recounted")
    return message("From the merged state")
