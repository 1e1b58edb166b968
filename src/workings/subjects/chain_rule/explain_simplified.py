"""What simplifying a formula did: every rule in its order, and both sides of each held against each other at points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workings.expression import Apply, Node, Reduction, equation, free_symbols, postorder, substitute, symbol
from workings.expression.calculus.over_rows import AGGREGATES
from workings.expression.formula import SimplifiedFormula
from workings.expression.formula.exact import with_exact_decimals
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point, as_float, values_at
from workings.subjects.chain_rule.explain_terms import free_letter
from workings.subjects.chain_rule.explain_trial import points_to_try
from workings.working import Derivation, Derived, Table, Working, shown

__all__ = ["told_simplified"]

# Both sides are worked out at 50 digits; this share of them is the rounding of a few thousand operations.
_ROUNDING = 1e-40
_MOST_PARTS = 400

Change = tuple[Message, Node, Node]


def told_simplified(found: SimplifiedFormula) -> Working:
    """Return how a formula became shorter: ``at(x=1, z=2)`` holds both sides of every rule against each other there."""
    return _Story(found).told(None)


class _Story:
    def __init__(self, found: SimplifiedFormula) -> None:
        self.found = found
        self.whole, self.result = found.original.node, found.formula.node
        self.output = symbol(found.original.name or free_letter("yfFgGhH", found.original.arguments))
        self.changes = _changes(found)

    def at(self, **values: Any) -> Working:
        """Return the same, with the two sides of each rule worked out at a point.

        Raises
        ------
        InputError
            If a value is missing or none, or a side has no value there.
        """
        point = Point(values_at(self.found.original, values))
        for _, before, after in self._checked():
            for side in (before, after):
                point.refuse_undefined(side)
        return self.told(point)

    def told(self, point: Point | None) -> Working:
        w = Derivation("chain_rule", message("How does {output} become shorter?", output=self.output))
        w.define("formula", equation(self.output, self.whole), title=message("The formula"))
        for place, (title, before, after) in enumerate(self.changes, 1):
            w.define(f"rule_{place}", equation(before, after), title=title)
        if self.changes:
            w.define("result", equation(self.output, self.result), title=message("The shorter formula"))
        for place, condition in enumerate(self.found.assumptions):
            w.define(f"assumed_{place}", condition, title=message("Taken for granted"))
        checked = self._checked()
        self._points(w, checked, [point] if point is not None else self._chosen(checked))
        if not self.changes:
            w.note(message("No rule makes it shorter."))
        elif not self.found.assumptions:
            w.note(message("Both have a value at the same points, and it is the same."))
        w.conclude(message("{value}.", value=equation(self.output, self.result)))
        return w.build(more=self.at)

    def _checked(self) -> list[tuple[Node, Node, Node]]:
        """Return what can be worked out with numbers for the variables: the number of each line and its sides."""
        every = [(symbol(str(place)), before, after) for place, (_, before, after) in enumerate(self.changes, 2)]
        if len(self.changes) > 1:
            every.append((self.output, self.whole, self.result))
        return [each for each in every if not any(_is_of_rows(side) for side in each[1:])]

    def _chosen(self, checked: Sequence[tuple[Node, Node, Node]]) -> list[Point]:
        sides = [with_exact_decimals(side) for _, *both in checked for side in both]
        if len({part for side in sides for part in postorder(side)}) > _MOST_PARTS:
            return []
        names = sorted({name for side in sides for name in free_symbols(side)}, key=lambda name: name.name)
        if not names:
            return [Point({})]
        # On both sides of zero, where there are such: there √(x²) and x are two things.
        found = [*points_to_try(names, sides)]
        return [*found[:1], *found[1:][-1:]]

    def _points(self, w: Derivation, checked: Sequence[tuple[Node, Node, Node]], points: Sequence[Point]) -> None:
        rows: list[tuple[Node | Message | Derived, ...]] = []
        for of, before, after in checked:
            for point in points:
                numbers: dict[Node, Node] = {symbol(name): shown(value) for name, value in point.values.items()}
                left, right = (with_exact_decimals(substitute(side, numbers)) for side in (before, after))
                a, b = (as_float(point[with_exact_decimals(side)]) for side in (before, after))
                off = Derived(0.0, left - right, absolute=_ROUNDING * max(abs(a), abs(b), 1.0))
                where = point.said() if point.values else message("everywhere")
                rows.append((of, where, Derived(a, left), Derived(b, right), off))
        if rows:
            heads = (message("line"), message("where"), message("before"), message("after"), message("difference"))
            w.table("points", Table(heads, tuple(rows)), title=message("Both sides at points"))


def _changes(found: SimplifiedFormula) -> list[Change]:
    """Return each rule with its two sides; what rules before it did within its part is put in."""
    done: dict[Node, Node] = {}
    changes: list[Change] = []
    for step in found.steps:
        inside = substitute(step.before, {before: after for before, after in done.items() if before is not step.before})
        before = step.before if inside is step.after else inside
        changes.append((step.title, before, step.after))
        done[step.before] = step.after
    return changes


def _is_of_rows(node: Node) -> bool:
    return any(
        isinstance(part, Reduction) or (isinstance(part, Apply) and part.operation.name in AGGREGATES)
        for part in postorder(node)
    )
