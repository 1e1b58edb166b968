"""A gradient told: every partial derivative of one formula, from one backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workings.errors import InputError
from workings.expression import Node, Symbol, equation, symbol
from workings.expression.calculus import derivative
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_chain import ChainNarrator
from workings.subjects.chain_rule.explain_cost import CostStory
from workings.subjects.chain_rule.explain_derivative import MOST_PARTS
from workings.subjects.chain_rule.explain_difference import against_differences, against_one_direction
from workings.subjects.chain_rule.explain_kinks import say_choices
from workings.subjects.chain_rule.explain_naming import take_apart
from workings.subjects.chain_rule.explain_passes import backward_pass
from workings.subjects.chain_rule.explain_point import Point, as_float, conditioned, values_at
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_terms import is_short
from workings.subjects.chain_rule.explain_trial import Tried, try_out
from workings.subjects.chain_rule.results import Gradient, ValueAndGradient
from workings.working import Derivation, Working, told_as

__all__ = ["told_gradient"]

# By more variables the lines of each would repeat what tables say.
_MOST_VARIABLES = 6


class GradientStory:
    """All partial derivatives of a formula.

    Parameters
    ----------
    found
        The gradient, alone or with the value.
    """

    def __init__(self, found: Gradient | ValueAndGradient) -> None:
        self.found = found
        self.gradient = found if isinstance(found, Gradient) else found.gradient
        self.formula: Formula = found.formula
        self.by = [symbol(name) for name in self.gradient]
        formula = self.formula
        self.structure = take_apart(
            formula.node, formula.definitions, self.by, name=formula.name, taken=formula.variables
        )
        self.brief = len(self.structure.parts) > MOST_PARTS or len(self.by) > _MOST_VARIABLES

    def told(self, values: Mapping[str, Any] | None = None) -> Working:
        """Return the working, in symbols or at a point."""
        point = None if values is None else Point(values)
        structure = self.structure
        w = Derivation("chain_rule", self._question(point))
        if point is not None:
            for name, value in point.values.items():
                w.given(name, value, message("the value at the point"))
            point.refuse_undefined(self.formula.node)
        narrator = ChainNarrator(w, structure, point, brief=self.brief)
        narrator.dependencies()
        narrator.chain_rule()
        narrator.values()
        narrator.partials()
        if not self.brief:
            for variable in self.by:
                narrator.combined(variable)
        if point is None:
            self._all_formulas(w)
            whole, output = self.formula.node, structure.output
            tried = [Tried(structure.total(output, v), whole, [v], self.gradient[v.name].node) for v in self.by]
            try_out(w, tried, taken={*self.formula.variables, *(name.name for name in structure.parts)})
        else:
            self._at_the_point(w, point)
        w.conclude(self._conclusion(point))
        return w.build(more=self._closer)

    def _at_the_point(self, w: Derivation, point: Point) -> None:
        """Write the backward pass, the value that compiled code gives for each formula, and the differences."""
        structure, whole = self.structure, self.formula.node
        for partial in self.gradient.values():
            point.refuse_undefined(partial.node)
        found = self.found(**point.floats)
        values = found if isinstance(found, dict) else found[1]
        computed = {variable: float(values[variable.name]) for variable in self.by}
        names = {variable: structure.total(structure.output, variable) for variable in self.by}
        taken = {*self.formula.variables, *(name.name for name in structure.parts)}
        if self.brief:
            off = max((conditioned(self.gradient[v.name].node, point) for v in self.by[:_MOST_VARIABLES]), default=0.0)
            backward_pass(w, structure, point, computed=computed, absolute=off)
            choices = [say_choices(w, whole, variable, point) for variable in self.by]
            self._all_formulas(w, point, computed)
            if not any(choices):
                compare = against_one_direction if len(self.by) > _MOST_VARIABLES else against_differences
                compare(w, whole, names, point, taken=taken)
            return
        if len(structure.parts) > 1:
            backward_pass(w, structure, point)
        self._formulas(w, point, computed)
        smooth = {v: name for v, name in names.items() if not say_choices(w, whole, v, point)}
        if smooth:
            against_differences(w, whole, smooth, point, taken=taken)

    def _all_formulas(
        self, w: Derivation, point: Point | None = None, computed: Mapping[Symbol, float] | None = None
    ) -> None:
        """Write the formulas of all variables, those of many in a closed part, and say how many are not written."""
        nodes = {variable: self.gradient[variable.name].node for variable in self.by}
        untold = [variable for variable, node in nodes.items() if not self._told_already(variable, node)]
        long = [variable for variable in untold if not is_short(nodes[variable])]
        if len(self.by) <= _MOST_VARIABLES and point is None:
            self._formulas(w)
        elif len(long) < len(untold):
            with w.part("formulas", message("Each derivative as one formula"), closed=True):
                self._formulas(w, point, computed)
        if long:
            places = {"count": len(long), "all": len(nodes), "name": long[0].name}
            w.note(
                message(
                    '{count} of {all} formulas {count:is|are} too long to be read here: gradient(...)["{name}"] is '
                    "the whole of one.",
                    **places,
                )
            )

    def _formulas(
        self, w: Derivation, point: Point | None = None, computed: Mapping[Symbol, float] | None = None
    ) -> None:
        """Write each partial derivative as one formula, with the value that the compiled code gives for all at once."""
        structure = self.structure
        for variable in self.by:
            name, node = structure.total(structure.output, variable), self.gradient[variable.name].node
            key, statement, title = f"one_formula_{variable.name}", equation(name, node), message("As one formula")
            if point is None or computed is None:
                if is_short(node) and not self._told_already(variable, node):
                    w.define(key, statement, title=title)
                continue
            place = "line" if is_short(node) and not self._told_already(variable, node) else "sentence"
            if place == "sentence" and self.brief:  # the backward pass has held its value against the compiled code's
                continue
            w.line(key, statement, computed[variable], title=title, absolute=conditioned(node, point), place=place)
            point.learn(name, point[node])

    def _told_already(self, variable: Symbol, node: Node) -> bool:
        """Whether the one partial derivative of a formula without a chain has said it."""
        parts = self.structure.outer_first
        return len(parts) == 1 and variable in parts[0].depends and derivative(parts[0].body, variable) is node

    def _question(self, point: Point | None) -> Message:
        output = self.structure.output
        if point is None:
            return message("What is the gradient of {output}?", output=output)
        places = {"output": output, "variables": listed(self.by), "point": point.said()}
        if len(self.by) == 1:
            return message("How does {output} change with {variables} where {point}?", **places)
        return message("How does {output} change with each of {variables} where {point}?", **places)

    def _conclusion(self, point: Point | None) -> Message:
        structure, output = self.structure, self.structure.output
        names = [structure.total(output, variable) for variable in self.by]
        if point is None:
            nodes = [self.gradient[variable.name].node for variable in self.by]
            if len(nodes) > _MOST_VARIABLES or not all(map(is_short, nodes)):
                return message("{count} formulas, one for each variable.", count=len(nodes))
            return message("{gradient}.", gradient=listed([equation(a, b) for a, b in zip(names, nodes, strict=True)]))
        slopes = [told_as(name, as_float(point[name])) for name in names]
        if len(slopes) > _MOST_VARIABLES:
            return message("{count} partial derivatives, in the tables above.", count=len(slopes))
        if isinstance(self.found, ValueAndGradient):
            slopes.insert(0, told_as(output, as_float(point[output])))
        return message("{gradient}.", gradient=listed(slopes))

    def _closer(self, **values: Any) -> Working:
        return self.told(values_at(self.formula, values))


def told_gradient(found: Gradient | ValueAndGradient) -> Working:
    """Return the working of a gradient in symbols; ``at`` puts numbers in."""
    if not (found if isinstance(found, Gradient) else found.gradient):
        raise InputError(
            message(
                "explain: the formula must have a variable; got {formula}, which is the same everywhere",
                formula=found.formula.node,
            )
        )
    if not found.formula.aggregated:
        return GradientStory(found).told()
    if isinstance(found, Gradient):
        return CostStory(found.formula, found, lambda point: found(**point)).told()
    return CostStory(found.formula, found.gradient, lambda point: found(**point)[1], with_value=True).told()
