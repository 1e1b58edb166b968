"""What has been found true while a working is checked: the inputs, and each line's value as it was evaluated again.

Nothing that a kernel returned and nothing that is shown enters here, except the inputs themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from workings.errors import WorkingsError
from workings.expression import (
    Apply,
    Node,
    Reduction,
    Symbol,
    absolute,
    evaluate,
    operation_count,
    postorder,
    substitute,
)
from workings.language import message
from workings.working.model import Input, InputSummary
from workings.working.precision import precise

__all__ = ["Scope", "TrueValues", "name_or_node"]

Scope = Literal["inputs", "recount", "state"]

# Up to here a line is evaluated term by term at 50 digits; beyond, it is recounted with exact integers and math.fsum.
_TERM_BY_TERM = 10_000
_WEIGHT: dict[Scope, int] = {"inputs": 0, "recount": 1, "state": 2}
_LARGEST_WHOLE = 2**62
# 50 digits of what cancelled leave a few units of the 50th; what is not tiny is not asked about.
_NOISE, _SUSPECT = 1e-45, 1e-30


class TrueValues:
    """The true values so far, and from what each was found.

    Raises
    ------
    WorkingsError
        If of an input only a summary is left.
    """

    def __init__(self, inputs: Mapping[str, Input]) -> None:
        self.exact: dict[str | Node, Any] = {}
        self.floats: dict[str | Node, Any] = {}
        self._scopes: dict[str | Node, Scope] = {}
        self._off: dict[str | Node, Any] = {}
        self._seen: dict[str | Node, str] = {}
        self._sums: dict[Node, Any] = {}
        for given in inputs.values():
            if isinstance(given.value, InputSummary):
                raise WorkingsError(
                    message("verify: input {name} must be there in full; only its summary was kept", name=given.name)
                )
            self.exact[given.name] = self.floats[given.name] = given.value
            self._scopes[given.name] = "state" if given.source == "state" else "inputs"

    def recounted(self, nodes: Iterable[Node]) -> bool:
        """Whether these together take so many operations that they are recounted rather than taken term by term."""
        done = 0
        return any((done := done + operation_count(node, self.floats)) > _TERM_BY_TERM for node in nodes)

    def evaluated(self, node: Node, *, recount: bool = False) -> tuple[Any, Scope]:
        """Return what ``node`` is worth, a truth value or a number of 60 digits, and from what that was found."""
        if not (recount or self.recounted([node])):
            value, scope = evaluate(node, self.exact, arithmetic="mpmath"), "inputs"
            if isinstance(node, Reduction) and not isinstance(value, bool | int):
                # A sum that is shown with an ellipsis is held against this, not against what rounding leaves of it.
                self._sums[node] = float(self.settled(node, value))
        else:
            value = self.total(node) if isinstance(node, Reduction) else evaluate(node, self.floats)
            scope = "recount"
        scopes: list[Scope] = [scope, *(self._scopes[key] for key in self._sources(node))]
        return (value if isinstance(value, bool) else precise(value)), max(scopes, key=_WEIGHT.__getitem__)

    def learn(self, node: Node | None, value: Any, scope: Scope, off: Any = 0, *, seen: str | None = None) -> None:
        """Remember the value of what a line derived, for the lines below it.

        ``off`` is how far from it the value was that had been computed, which the line allowed: the digits that are
        put in further down are those of that one, -3.8·10⁻¹⁷ where deviations add up to 0. ``seen`` is what the line
        itself shows for it, which it held against the true value.
        """
        if node is None:
            return
        key = name_or_node(node)
        whole = abs(value) < _LARGEST_WHOLE and value == int(value) if value == value else False  # noqa: PLR0124 -- NaN
        self.exact[key] = int(value) if whole else value
        self.floats[key] = int(value) if whole else float(value)
        self._scopes[key] = scope
        self._off[key] = off
        self._seen.pop(key, None)
        if seen is not None:
            self._seen[key] = seen
        self._sums.clear()

    def off(self, node: Node) -> Any:
        """Return how far the value computed for ``node`` was from the true one."""
        return self._off.get(name_or_node(node), 0)

    def saw(self, node: Node, digits: str) -> bool:
        """Whether the line that derived ``node`` showed these digits for it."""
        return self._seen.get(name_or_node(node)) == digits

    def knows(self, node: Node) -> bool:
        """Whether ``node`` was given or derived."""
        return name_or_node(node) in self._scopes

    def total(self, reduction: Node, shown: Mapping[Node, Node] = MappingProxyType({})) -> Any:
        """Return the value of a long sum by an exactly rounded recount, with digits ``shown`` for parts of its terms.

        One of very many terms nobody counts again by hand: there the parts have their values.
        """
        if shown and operation_count(reduction, self.floats) <= _TERM_BY_TERM:
            return evaluate(substitute(reduction, shown), self.floats)
        if reduction not in self._sums:
            self._sums[reduction] = evaluate(reduction, self.floats)
        return self._sums[reduction]

    def size(self, node: Node) -> Any:
        """Return what ``node`` would be worth if nothing in it cancelled: its rounding is a small part of this."""
        return abs(precise(evaluate(_without_cancelling(node), self.floats)))

    def settled(self, node: Node, value: Any) -> Any:
        """Return the value of ``node``, 0 where it is no more than the last of its 50 digits: 0.1 - (0.3 - 0.2)."""
        if not 0 < abs(value) < _SUSPECT:
            return value
        return precise(0) if abs(value) <= _NOISE * self.size(node) else value

    def _sources(self, node: Node) -> set[str | Node]:
        """Return what is known and stands in ``node``; what stands only inside another known part does not count."""
        found: set[str | Node] = set()
        waiting, seen = [node], set[Node]()
        while waiting:
            part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            if self.knows(part):
                found.add(name_or_node(part))
            else:
                waiting.extend(part.children)
        return found


def name_or_node(node: Node) -> str | Node:
    """Return what something is known by: a symbol by its name, however it is styled; anything else by itself."""
    return node.name if isinstance(node, Symbol) else node


def _without_cancelling(node: Node) -> Node:
    """Return the expression with every term of its sums and differences made positive.

    Below a function nothing is changed: its value counts as one term. exp(-200) is small without being a remainder.
    """
    positive: dict[Node, Node] = {}
    for part in postorder(node):
        positive[part] = _made_positive(part, positive)
    return positive[node]


def _made_positive(part: Node, positive: Mapping[Node, Node]) -> Node:
    if isinstance(part, Apply):
        match part.operation.name:
            case "add" | "subtract":
                return Apply("add", tuple(positive[each] for each in part.args))
            case "multiply":
                return Apply("multiply", tuple(positive[each] for each in part.args))
            case "divide":
                return Apply("divide", (positive[part.args[0]], absolute(part.args[1])))
            case "negate":
                return positive[part.args[0]]
            case _:
                return absolute(part)
    if isinstance(part, Reduction) and part.kind == "sum":
        return Reduction("sum", positive[part.body], part.index, part.lower, part.upper)
    return absolute(part)
