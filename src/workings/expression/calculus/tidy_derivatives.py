"""Derivatives tidied with what the function that was differentiated says of its own domain."""

from __future__ import annotations

from collections.abc import Sequence

from workings.expression.calculus.facts import Facts
from workings.expression.calculus.tidy import Tidier
from workings.expression.nodes import Apply, Node, Symbol
from workings.expression.traverse import free_symbols, postorder

__all__ = ["tidied_derivatives"]

_LARGE = 100_000  # an expression of more parts has its derivatives left as they are


def tidied_derivatives(node: Node, slopes: Sequence[Node], variables: Sequence[Node]) -> tuple[Node, ...]:
    """Return the derivatives of an expression as a person would write them.

    Where the expression has a derivative, these have its value: x·(1/x) becomes 1 beside log(x), for which x > 0.
    """
    parts = list(postorder(node))
    if len(parts) > _LARGE:
        return tuple(slopes)
    kept = frozenset(parts)
    raised = _in_exponents(parts)
    everywhere = Facts()
    everywhere.learn_domain(node, smooth=True)
    branches = _Branches(parts)
    shared = Tidier(kept, everywhere, branches.facts)
    plain = [place for place, variable in enumerate(variables) if variable not in raised]
    found = dict(zip(plain, shared.tidy([slopes[place] for place in plain]), strict=True))
    for place, variable in enumerate(variables):
        if place not in found:
            # x^n has a derivative by n where x > 0 only; by x it has one for x < 0 too, if n is whole.
            facts = Facts()
            facts.learn_domain(node, smooth=True, variables=(variable,))
            found[place] = Tidier(kept, facts, branches.facts).tidy((slopes[place],))[0]
    return tuple(found[place] for place in range(len(slopes)))


def _in_exponents(parts: Sequence[Node]) -> set[Node]:
    """Return the names that stand in an exponent."""
    found: set[Node] = set()
    for part in parts:
        if isinstance(part, Apply) and part.operation.name == "power" and part.args[1].symbolic:
            found |= {part.args[1]} if isinstance(part.args[1], Symbol) else free_symbols(part.args[1])
    return found


class _Branches:
    """What is known where a condition holds: the condition itself, and that the case it leads to has a derivative."""

    def __init__(self, parts: Sequence[Node]) -> None:
        self._cases: dict[tuple[Node, bool], list[Node]] = {}
        for part in parts:
            if isinstance(part, Apply) and part.operation.name == "where":
                condition, first, second = part.args
                self._cases.setdefault((condition, True), []).append(first)
                self._cases.setdefault((condition, False), []).append(second)

    def facts(self, outer: Facts, condition: Node, holds: bool) -> Facts:
        """Return what is known inside a case."""
        facts = Facts(outer)
        facts.learn_condition(condition, holds)
        stack = [(condition, holds)]
        while stack:
            here, true = stack.pop()
            for case in self._cases.get((here, true), ()):
                facts.learn_domain(case, smooth=True)
            if isinstance(here, Apply) and here.operation.name == ("both" if true else "either"):
                stack.extend((arg, true) for arg in here.args)
            elif isinstance(here, Apply) and here.operation.name == "negation":
                stack.append((here.args[0], not true))
        return facts
