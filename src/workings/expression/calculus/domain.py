"""Under which conditions an expression has a value, as expressions themselves: x ≠ 0, x > 0."""

from __future__ import annotations

from functools import cache

from workings.errors import FormulaError
from workings.expression.calculus.coefficient import ZERO_NODE, number_of
from workings.expression.calculus.facts import Facts
from workings.expression.calculus.guards import all_of
from workings.expression.calculus.terms import is_positive_constant
from workings.expression.nodes import Apply, Node, Operand, Symbol
from workings.expression.operations import OPERATIONS
from workings.expression.traverse import substitute

__all__ = ["assumed", "domain"]

_LETTERS = tuple(Symbol(letter) for letter in "abc")
_CONDITIONS = frozenset(
    {"equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation", "iverson"}
)
_MOST = 50_000  # parts, counted once for each condition under which they are reached


def domain(node: Node) -> dict[tuple[Node | None, Node], Node]:
    """Return the conditions under which an expression has a value, each with the case in which it is asked for.

    With each stands the part that needs it.

    Examples
    --------
    >>> from workings.expression import log, symbols
    >>> x, z = symbols("x z")
    >>> for case, condition in domain(log(x) / z):
    ...     print(case, condition)
    None z ≠ 0
    None x > 0
    """
    found: dict[tuple[Node | None, Node], Node] = {}
    seen: set[tuple[Node, Node | None]] = {(node, None)}
    stack: list[tuple[Node, Node | None]] = [(node, None)]
    while stack and len(seen) < _MOST:
        here, case = stack.pop()
        if isinstance(here, Apply) and here.operation.name in _CONDITIONS:
            continue
        places = [(child, case) for child in here.children]
        if isinstance(here, Apply):
            condition = _own(here)
            if condition is not None:
                found.setdefault((case, condition), here)
            if here.operation.name == "where":
                holds, first, second = here.args
                places = [(first, all_of(case, holds)), (second, all_of(case, Apply("negation", (holds,))))]
        for place in reversed(places):
            if place not in seen:
                seen.add(place)
                stack.append(place)
    return found


def assumed(before: Node, after: Node, known: Facts) -> tuple[Node, ...]:
    """Return the conditions that an expression needs and its simplified form does not, beyond what is known."""
    kept = domain(after)
    facts = Facts(known)
    for case, condition in kept:
        if case is None:
            facts.learn_condition(condition)
    lost: list[Node] = []
    for case, condition in reversed(domain(before)):  # what is inside first: x ≠ 0 before 1/x ≠ 0, which follows
        if (case, condition) in kept or (None, condition) in kept:
            continue
        here = facts
        if case is not None:
            here = Facts(facts)
            here.learn_condition(case)
        if _follows(condition, here):
            continue
        lost.append(condition if case is None else Apply("either", (Apply("negation", (case,)), condition)))
        if case is None:
            facts.learn_condition(condition)
    return tuple(reversed(lost))


def _follows(condition: Node, facts: Facts) -> bool:
    if facts.holds(condition):
        return True
    if not isinstance(condition, Apply) or condition.args[-1] is not ZERO_NODE:
        return False
    name, part = condition.operation.name, condition.args[0]
    return (
        (name == "different" and facts.nonzero(part))
        or (name == "greater" and facts.positive(part))
        or (name == "at_least" and facts.at_least_zero(part))
    )


def _own(node: Apply) -> Node | None:
    """Return the condition under which one operation has a value, None where it always has."""
    name, args = node.operation.name, node.args
    if name == "power" and (number := number_of(args[1])) is not None:
        whole, positive = isinstance(number.value, int), number.value > 0
        if whole:
            return None if positive or not number.value else Apply("different", (args[0], ZERO_NODE))
        return Apply("at_least" if positive else "greater", (args[0], ZERO_NODE))
    if name in ("divide", "log", "log2", "log10") and (number := number_of(args[-1])) is not None and number.value > 0:
        return None
    if name == "power" and is_positive_constant(args[0]):
        return None
    condition = _template(name)
    parts: dict[Node, Operand] = dict(zip(_LETTERS, args, strict=False))
    return None if condition is None else substitute(condition, parts)


@cache
def _template(name: str) -> Node | None:
    text = OPERATIONS[name].defined
    if not text:
        return None
    from workings.expression.reading import parse

    try:
        return parse(f"where({text}, 1, 0)", names=("a", "b", "c")).root.children[0]
    except FormulaError:  # a condition for which formula text has no word
        return None
