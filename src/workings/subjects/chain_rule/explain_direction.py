"""The slope along a direction told: each partial derivative times its part of the direction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

from workings.expression import Equation, Node, Number, Symbol, equation, free_symbols, partial, substitute, symbol
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_difference import against_a_difference
from workings.subjects.chain_rule.explain_given import give_point, own_values, writer_of
from workings.subjects.chain_rule.explain_kinks import from_both_sides, say_choices
from workings.subjects.chain_rule.explain_point import Point, as_float, conditioned, values_at
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_terms import free_letter
from workings.subjects.chain_rule.explain_trial import MOST_TRIED, Tried, try_out
from workings.subjects.chain_rule.forms import output_of
from workings.subjects.chain_rule.results import Gradient
from workings.working import Derivation, Working, shown

__all__ = ["DirectionStory"]


class DirectionStory:
    """The slope of a formula along a direction.

    Parameters
    ----------
    formula
        The formula.
    direction
        How far each variable moves.
    slopes
        The partial derivatives by these variables.
    along
        The slope along the direction, as one formula.
    """

    def __init__(self, formula: Formula, direction: Mapping[str, float], slopes: Gradient, along: Formula) -> None:
        self.formula, self.along = formula, along
        self.written = writer_of(formula)
        self.output = output_of(formula)
        self.whole = self.written(formula.node)
        self.by = [symbol(name) for name in direction]
        self.steps = [Number(step) for step in direction.values()]
        alone = len(free_symbols(formula.node)) == 1
        self.names = [partial(self.output, name, ordinary=alone) for name in self.by]
        self.nodes = [self.written(slopes[name.name].node) for name in self.by]
        self.slope = symbol(free_letter("DSMQ", {*formula.arguments, self.output.name}))

    def told(self, values: Mapping[str, Any] | None = None) -> Working:
        """Return the working, in symbols or at a point."""
        point = None if values is None else Point(values)
        w = Derivation("chain_rule", self._question(point))
        if point is not None:
            give_point(w, point, self.formula)
            point.refuse_undefined(self.whole)
        w.define("formula", equation(self.output, self.whole), title=message("The formula"))
        total = reduce(add, [step * name for step, name in zip(self.steps, self.names, strict=True)])
        one_formula = self.written(self.along.node)
        for name, node in zip(self.names, self.nodes, strict=True):
            self._line(w, f"slope_{name}", equation(name, node), point, message("Differentiated"))
        title = message("Each slope times its part of the direction")
        self._line(w, "along", equation(self.slope, total), point, title)
        title = message("As one formula")
        if point is None:
            w.define("one_formula", equation(self.slope, one_formula), title=title)
            self._try_out(w, one_formula)
            w.conclude(message("{derivative}.", derivative=equation(self.slope, one_formula)))
        else:
            value = float(self.along(**own_values(point, self.formula)))
            absolute = conditioned(one_formula, point)
            w.line("one_formula", equation(self.slope, one_formula), value, title=title, absolute=absolute)
            slope = shown(as_float(point[self.slope]))
            if self._slopes_differ(w, point):
                w.conclude(
                    message("{value} by convention: on the two sides of this point the slopes differ.", value=slope)
                )
            else:
                w.conclude(message("{value} for each unit of the direction.", value=slope))
        return w.build(more=lambda **given: self.told(values_at(self.formula, given)))

    def _line(self, w: Derivation, key: str, statement: Equation, point: Point | None, title: Message) -> None:
        if point is None:
            w.define(key, statement, title=title)
            return
        point.refuse_undefined(statement.right)
        value, absolute = point[statement.right], conditioned(statement.right, point)
        point.learn(statement.left, value)
        w.line(key, statement, as_float(value), title=title, absolute=absolute)

    def _try_out(self, w: Derivation, one_formula: Node) -> None:
        """Hold each slope and the whole against differences at one point; of many slopes the whole alone."""
        t, moved = self._moved()
        tried = [Tried(name, self.whole, [by], n) for name, by, n in zip(self.names, self.by, self.nodes, strict=True)]
        along = Tried(self.slope, moved, [t], one_formula, still=t)
        few = tried if len(tried) < MOST_TRIED else []
        try_out(w, [*few, along], taken={*self.formula.arguments, self.output.name, self.slope.name, t.name})

    def _moved(self) -> tuple[Symbol, Node]:
        """Return how far one has gone along the direction, by a letter, and the formula there."""
        t = symbol(free_letter("tτε", {*self.formula.arguments, self.output.name, self.slope.name}))
        way: dict[Node, Node] = {a: a + b * t for a, b in zip(self.by, self.steps, strict=True)}
        return t, substitute(self.whole, way)

    def _slopes_differ(self, w: Derivation, point: Point) -> bool:
        """Hold the slope against a difference along the direction; return whether it is another on the other side."""
        choices = [not point.count and say_choices(w, self.whole, variable, point) for variable in self.by]
        taken = {*self.formula.arguments, self.output.name, self.slope.name}
        t, moved = self._moved()
        w.given(t.name, 0, message("how far along the direction"))
        point.learn(t, 0)
        if any(choices):
            return from_both_sides(w, moved, t, point, taken={*taken, t.name})
        what = message(
            "{moved} is how far the variables have gone along the direction; the differences are taken by it, worked "
            "out at 50 digits.",
            moved=t,
        )
        against_a_difference(w, moved, self.slope, [t], point, taken={*taken, t.name}, what=what)
        return False

    def _question(self, point: Point | None) -> Message:
        way = listed([equation(a, b) for a, b in zip(self.by, self.steps, strict=True)])
        places = {"output": self.output, "direction": way}
        if point is None:
            return message("How does {output} change along the direction {direction}?", **places)
        return message(
            "How does {output} change along the direction {direction}, from {point}?", **places, point=point.said()
        )
