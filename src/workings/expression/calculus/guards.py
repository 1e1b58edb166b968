"""Under which condition a part of an expression has any influence: the branch of a ``where`` that is taken.

None stands for the condition that always holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from workings.expression.calculus.coefficient import ZERO_NODE
from workings.expression.calculus.combine import plus, selected
from workings.expression.nodes import Apply, Node

__all__ = ["all_of", "any_of", "gathered"]

_THREE_WAYS = ("greater", "equal", "less")


def all_of(outer: Node | None, inner: Node | None) -> Node | None:
    """Return the condition that both hold."""
    if outer is None or inner is None or outer is inner:
        return outer or inner
    return Apply("both", (outer, inner))


def any_of(conditions: Iterable[Node | None]) -> Node | None:
    """Return the condition that at least one holds: c or not c is always, (p and c) or (p and not c) is p."""
    kept: dict[Node | None, None] = dict.fromkeys(conditions)
    waiting = deque(kept)
    while waiting and None not in kept:
        condition = waiting.popleft()
        if condition is None or condition not in kept:
            continue
        outer, inner = _split(condition)
        for family in _families(inner):
            members = [all_of(outer, member) for member in family]
            if all(member in kept for member in members):
                for member in members:
                    del kept[member]
                kept[outer] = None
                waiting.append(outer)
                break
    if None in kept:
        return None
    joined: Node | None = None
    for condition in kept:
        if condition is not None:
            joined = condition if joined is None else Apply("either", (joined, condition))
    return joined


def gathered(parts: Iterable[tuple[Node | None, Node]], reach: Node | None) -> Node:
    """Return the sum of values, each counted where its own condition holds, given that ``reach`` holds.

    A value whose condition does not hold is not multiplied by 0, which would keep its NaN, but left out.
    """
    groups: dict[Node | None, Node] = {}
    for condition, value in parts:
        groups[condition] = plus(groups[condition], value) if condition in groups else value
    places = {condition: place for place, condition in enumerate(groups)}
    total: Node = ZERO_NODE
    while groups:
        condition = next(iter(groups))
        if condition is None or condition is reach:
            total = plus(total, groups.pop(condition))
        else:
            total = plus(total, _cases(condition, groups, places))
    return total


def _cases(condition: Node, groups: dict[Node | None, Node], places: dict[Node | None, int]) -> Node:
    """Return the value under a condition and under those that exclude it, taking them out of the groups."""
    outer, inner = _split(condition)
    cases: list[tuple[Node, Node]] = []
    complete = False
    for family in _families(inner):
        members: list[Node] = [member if outer is None else Apply("both", (outer, member)) for member in family]
        found = sorted((member for member in members if member in groups), key=lambda member: places[member])
        if len(found) > 1:
            cases = [(member, groups.pop(member)) for member in found]
            complete = len(cases) == len(members) and outer is None
            break
    if not cases:
        cases = [(condition, groups.pop(condition))]
    value = cases.pop()[1] if complete else ZERO_NODE
    for case, chosen in reversed(cases):
        value = selected(case, chosen, value)
    return value


def _families(condition: Node) -> tuple[tuple[Node, ...], ...]:
    """Return the sets of conditions, this one among them, of which always exactly one holds."""
    if not isinstance(condition, Apply):
        return ()
    name, args = condition.operation.name, condition.args
    if name == "negation":
        return ((args[0], condition),)
    pair = (condition, Apply("negation", (condition,)))
    if name in _THREE_WAYS:
        return (pair, tuple(Apply(way, args) for way in _THREE_WAYS))
    return (pair,)


def _split(condition: Node) -> tuple[Node | None, Node]:
    """Return the conditions before the last, and the last."""
    if isinstance(condition, Apply) and condition.operation.name == "both":
        outer, inner = condition.args
        return outer, inner
    return None, condition
