"""One derivative told: order by order, in symbols first, then with the numbers of a point."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from fractions import Fraction
from typing import Any

from workings.expression import (
    Apply,
    Node,
    Partial,
    Symbol,
    absolute,
    at_most,
    equation,
    partial,
    postorder,
    substitute,
    symbol,
)
from workings.expression.formula import Formula
from workings.language import Message, message
from workings.subjects.chain_rule.explain_chain import ChainNarrator
from workings.subjects.chain_rule.explain_cost import CostStory
from workings.subjects.chain_rule.explain_difference import against_a_difference
from workings.subjects.chain_rule.explain_kinks import from_both_sides, say_choices
from workings.subjects.chain_rule.explain_naming import take_apart
from workings.subjects.chain_rule.explain_passes import backward_pass, forward_pass
from workings.subjects.chain_rule.explain_point import Point, as_float, conditioned, values_at
from workings.subjects.chain_rule.explain_settled import step_number
from workings.subjects.chain_rule.explain_structure import Structure
from workings.subjects.chain_rule.explain_terms import free_letter, is_short
from workings.subjects.chain_rule.explain_trial import Tried, try_out
from workings.working import Derivation, Working, shown
from workings.working.digits import in_words

__all__ = ["MOST_PARTS", "said_as_formula", "told_derivative"]

# A formula of more parts is told in tables instead of lines.
MOST_PARTS = 12
# Beside the lines of more parts the forward pass is closed.
_MOST_FORWARD = 4
# By so much the variable rises in the conclusion, or by less where the slope has changed by then: from 0.01 on.
_RISES = range(2, 16)
_HOLDS = Fraction(1, 50)


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
        chosen = point is not None and self._hold_against_differences(w, point)
        if point is None:
            tried = Tried(self.name(self.order), self.formula.node, self.by, self.derived[-1].node)
            try_out(w, [tried], taken=self.taken)
        w.conclude(self._conclusion(w, point, chosen=chosen))
        return w.build(more=self._closer)

    def _tell_order(self, w: Derivation, order: int, body: Node, point: Point | None) -> None:
        variable, key = self.by[order - 1], self._key(order)
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
        only = structure.outer_first[0] if len(structure.parts) == 1 else None
        if only is not None and narrator.derivative_of(only, variable) is self.derived[order - 1].node:
            # There is no chain: the one partial derivative is the derivative.
            narrator.terms(only, variable)
            self._one_formula(w, order, point, narrator.rules(only, variable, only.body))
        else:
            narrator.partials()
            if not narrator.brief:
                narrator.combined(variable)
            elif point is not None:
                # What is put together last stands in the passes' tables.
                self._passes(w, structure, point, order)
                narrator.combined(variable)
            self._one_formula(w, order, point)
        if point is not None and len(structure.parts) > 1 and not narrator.brief:
            self._passes(w, structure, point, order)

    def _passes(self, w: Derivation, structure: Structure, point: Point, order: int) -> None:
        key, variable = self._key(order), self.by[order - 1]
        # Of a long chain the lines above have the values: how they go on from x is there for who asks.
        apart = _MOST_FORWARD < len(structure.parts) <= MOST_PARTS
        title = message("How each part changes with {variable}", variable=variable)
        with w.part(f"{key}forward", title, closed=True) if apart else nullcontext():
            forward_pass(w, structure, point, variable, key=key)
        backward_pass(w, structure, point, key=key)

    def _one_formula(self, w: Derivation, order: int, point: Point | None, title: Message | None = None) -> None:
        """Write the derivative as one formula of the variables, whose value is that of the compiled code."""
        key, title = f"{self._key(order)}one_formula", title or message("As one formula")
        derived, name = self.derived[order - 1], self.name(order)
        statement = equation(name, derived.node)
        short = is_short(derived.node)
        if point is None:
            if short:
                w.define(key, statement, title=title)
            return
        point.refuse_undefined(derived.node)
        value = derived(**point.floats)
        true = point[derived.node]
        absolute, place = conditioned(derived.node, point), "line" if short else "sentence"
        w.line(key, statement, value, title=title, absolute=absolute, place=place)
        point.learn(name, true)

    def _key(self, order: int) -> str:
        return "" if self.order == 1 else f"order_{order}_"

    def _hold_against_differences(self, w: Derivation, point: Point) -> bool:
        """Write how the derivative compares with differences; return whether it is a choice between two sides."""
        whole, name = self.formula.node, self.name(self.order)
        chosen = [say_choices(w, whole, variable, point) for variable in dict.fromkeys(self.by)]
        if any(chosen) and (self.order > 1 or from_both_sides(w, whole, self.by[0], point, taken=self.taken)):
            return True
        against_a_difference(w, whole, name, self.by, point, taken=self.taken)
        return False

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

    def _conclusion(self, w: Derivation, point: Point | None, *, chosen: bool) -> Message:
        name = self.name(self.order)
        if point is None:
            return said_as_formula(name, self.derived[-1].node)
        value = as_float(point[name])
        places = {"value": shown(value), "derivative": name, "output": self.output, "variable": self.by[0]}
        if chosen:
            return message("{value} by convention: on the two sides of this point the slopes differ.", **places)
        if self.order > 1:
            return message("{value} is the value of {derivative} at this point.", **places)
        if value == 0.0:
            return message("0: at this point {output} neither rises nor falls with {variable}.", **places)
        rise = self._rise(w, point)
        if rise is None:
            return message("{value} is the value of {derivative} at this point.", **places)
        places |= {"rise": shown(float(rise)), "change": in_words(abs(value) * float(rise), 2)}
        if value > 0:
            return message("{value}: here a rise of {rise} in {variable} raises {output} by about {change}.", **places)
        return message("{value}: here a rise of {rise} in {variable} lowers {output} by about {change}.", **places)

    def _rise(self, w: Derivation, point: Point) -> Fraction | None:
        """Return a rise of the variable by which the slope foretells the change, which is claimed, if there is one."""
        whole, name, variable = self.formula.node, self.name(1), self.by[0]
        if abs(as_float(point[name])) < sys.float_info.min:  # of which few digits are left
            return None
        for power in _RISES:
            rise = Fraction(1, 10**power)
            change = substitute(whole, {variable: variable + step_number(rise)}) - whole
            off, foretold = absolute(change - step_number(rise) * name), absolute(step_number(rise) * name)
            holds = at_most(off, step_number(_HOLDS) * foretold)
            if point[holds] is True:
                w.claim("rise", holds, place="sentence")
                return rise
        return None

    def _closer(self, **values: Any) -> Working:
        return self.told(values_at(self.formula, values))


def said_as_formula(name: Node, node: Node) -> Message:
    """Return a derivative's formula as a sentence, or how large it is where that cannot be read."""
    if is_short(node):
        return message("{derivative}.", derivative=equation(name, node))
    count = sum(isinstance(part, Apply) for part in postorder(node))
    return message("{derivative} is a formula of {count} operations.", derivative=name, count=count)


def told_derivative(formula: Formula, derived: Sequence[Formula], variables: Sequence[str]) -> Working:
    """Return the working of a derivative in symbols; ``at`` puts numbers in."""
    if not formula.aggregated:
        return DerivativeStory(formula, derived, variables).told()
    last = derived[-1]
    body, stands_for = formula, None
    if len(derived) > 1:
        # The last differentiation is told; the derivative before it is a formula over rows too.
        letter = free_letter("gpqfGPQF", formula.arguments)
        output = symbol(formula.name or free_letter("JCLEyf", formula.arguments))
        before, stands_for = derived[-2], partial(output, *map(symbol, variables[:-1]))
        body = Formula.of(before.node, before.variables, rows=before.rows, name=letter, data=before.data)
    name = variables[-1]
    return CostStory(body, {name: last}, lambda point: {name: last(**point)}, stands_for=stands_for).told()
