"""One derivative told: order by order, in symbols first, then with the numbers of a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from workings.expression import Node, Partial, Symbol, equation, free_symbols, partial, substitute, symbol
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_chain import ChainNarrator
from workings.subjects.chain_rule.explain_difference import against_a_difference, from_both_sides
from workings.subjects.chain_rule.explain_kinks import say_choices
from workings.subjects.chain_rule.explain_passes import backward_pass, forward_pass
from workings.subjects.chain_rule.explain_point import Point, as_float, check_names, number_at
from workings.subjects.chain_rule.explain_structure import Structure, free_letter, take_apart
from workings.working import Derivation, Working, shown
from workings.working.digits import in_words

__all__ = ["told_derivative"]

# A formula of more parts is told in tables instead of lines.
MOST_PARTS = 12
_RISE = 0.01


class DerivativeStory:
    """One derivative by one variable after another.

    Parameters
    ----------
    formula
        What is differentiated.
    derived
        The first derivative, the second, and so on to the one that is asked for.
    variables
        By what, in order.
    """

    def __init__(self, formula: Formula, derived: Sequence[Formula], variables: Sequence[str]) -> None:
        self.formula = formula
        self.derived = tuple(derived)
        self.by = tuple(symbol(name) for name in variables)
        self.first = self._apart(formula.node, formula.definitions, self.by[0], formula.name)
        self.output = self.first.output
        self.taken = {*formula.variables, *(name.name for name in self.first.parts)}

    @property
    def order(self) -> int:
        """How many times it is differentiated."""
        return len(self.by)

    def name(self, order: int) -> Partial:
        """Return the name of the derivative of this order: ∂y/∂x, ∂²y/∂z∂x."""
        if order == 1:
            return self.first.total(self.output, self.by[0])
        return partial(self.output, *self.by[:order], ordinary=self.first.total(self.output, self.by[0]).ordinary)

    def told(self, values: Mapping[str, Any] | None = None) -> Working:
        """Return the working, in symbols or at a point."""
        point = None if values is None else Point(values)
        w = Derivation("chain_rule", self._question(point))
        if point is not None:
            for name, value in point.values.items():
                w.given(name, value, message("the value at the point"))
            point.refuse_undefined(self.formula.node)
        body = self.formula.node
        for order in range(1, self.order + 1):
            last = order == self.order
            with nullcontext() if self.order == 1 else w.part(f"order_{order}", self._heading(order)):
                self._tell_order(w, order, body, point if last else None)
            body = self.derived[order - 1].node
        if point is not None:
            self._hold_against_differences(w, point)
        w.conclude(self._conclusion(point))
        return w.build(more=self._closer)

    def _tell_order(self, w: Derivation, order: int, body: Node, point: Point | None) -> None:
        variable, key = self.by[order - 1], "" if self.order == 1 else f"order_{order}_"
        if order == 1:
            structure = self.first
        else:
            letter = free_letter("gpqfGPQF", self.taken)
            structure = self._apart(body, {}, variable, letter)
            call = equation(structure.output, self.name(order - 1))
            w.define(f"{key}call", call, title=message("The derivative so far, by one letter"))
        narrator = ChainNarrator(w, structure, point, brief=len(structure.parts) > MOST_PARTS, key=key)
        narrator.dependencies()
        narrator.chain_rule()
        narrator.values()
        narrator.partials()
        narrator.combined(variable)
        self._one_formula(w, order, point, key)
        if point is not None and len(structure.parts) > 1:
            forward_pass(w, structure, point, variable, key=key)
            backward_pass(w, structure, point, key=key)

    def _one_formula(self, w: Derivation, order: int, point: Point | None, key: str) -> None:
        """Write the derivative as one formula of the variables, whose value is that of the compiled code."""
        derived, name = self.derived[order - 1], self.name(order)
        statement = equation(name, derived.node)
        title = message("As one formula")
        if point is None:
            w.define(f"{key}one_formula", statement, title=title)
            return
        point.refuse_undefined(derived.node)
        value = derived(**point.values)
        true = point[derived.node]
        w.line(f"{key}one_formula", statement, value, title=title, absolute=_conditioned(derived.node, true, point))
        point.learn(name, true)

    def _hold_against_differences(self, w: Derivation, point: Point) -> None:
        whole, name = self.formula.node, self.name(self.order)
        chosen = [say_choices(w, whole, variable, point) for variable in dict.fromkeys(self.by)]
        if any(chosen):
            sides = [from_both_sides(w, whole, self.by[0], point, taken=self.taken)] if self.order == 1 else [True]
            if any(sides):
                return
        against_a_difference(w, whole, name, self.by, point, taken=self.taken)

    def _apart(self, node: Node, definitions: Mapping[str, Node], variable: Symbol, name: str | None) -> Structure:
        return take_apart(node, definitions, [variable], name=name, taken=self.formula.variables)

    def _question(self, point: Point | None) -> Message:
        output, variable = self.output, self.by[0]
        if self.order == 1 and point is None:
            return message("What is the derivative of {output} by {variable}?", output=output, variable=variable)
        if self.order == 1 and point is not None:
            places = {"output": output, "variable": variable, "point": point.said()}
            return message("How does {output} change with {variable} where {point}?", **places)
        if point is None:
            return message("What is {derivative}?", derivative=self.name(self.order))
        return message("What is {derivative} where {point}?", derivative=self.name(self.order), point=point.said())

    def _heading(self, order: int) -> Message:
        if order == 1:
            return message("First by {variable}", variable=self.by[0])
        return message("Then by {variable}", variable=self.by[order - 1])

    def _conclusion(self, point: Point | None) -> Message:
        name = self.name(self.order)
        if point is None:
            return message("{derivative}.", derivative=equation(name, self.derived[-1].node))
        value = as_float(point[name])
        places = {"value": shown(value), "derivative": name, "output": self.output, "variable": self.by[0]}
        if self.order > 1:
            return message("{value} is the value of {derivative} at this point.", **places)
        if value == 0.0:
            return message("0: at this point {output} neither rises nor falls with {variable}.", **places)
        places |= {"rise": shown(_RISE), "change": in_words(abs(value) * _RISE, 2)}
        if value > 0:
            return message("{value}: here a rise of {rise} in {variable} raises {output} by about {change}.", **places)
        return message("{value}: here a rise of {rise} in {variable} lowers {output} by about {change}.", **places)

    def _closer(self, **values: Any) -> Working:
        check_names(values, self.formula.variables)
        return self.told({name: number_at(name, values[name]) for name in self.formula.variables})


def told_derivative(formula: Formula, derived: Sequence[Formula], variables: Sequence[str]) -> Working:
    """Return the working of a derivative in symbols; ``at`` puts numbers in."""
    return DerivativeStory(formula, derived, variables).told()


def _conditioned(node: Node, true: Any, point: Point) -> float:
    """Return how far a float may be off because its inputs are floats: as far as a last digit of them moves it."""
    moved = 0.0
    for name in free_symbols(node):
        value = point.values.get(name.name)
        if value:
            nudged = point[substitute(node, {name: name * (1 + 2.0**-40)})]
            moved += abs(as_float(nudged - true)) * 2.0**-10
    return moved
