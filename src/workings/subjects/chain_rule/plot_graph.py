"""A graph of dependencies as it is told: what its nodes are, what stands at its arrows, and what both are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workings.expression import Node, Partial, Symbol, equation, to_text
from workings.subjects.chain_rule.explain_point import as_float
from workings.working import shown

__all__ = ["Graph"]

_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Graph:
    """What is drawn: the nodes that depend on others, and what stands at the arrows between.

    Parameters
    ----------
    root
        What depends on everything else.
    edges
        On what each node depends directly.
    bodies
        What each node is.
    labels
        Of the arrows on marked ways, the partial derivative and its formula, None where that is not known.
    by
        The variables to which the ways are marked.
    left_out
        How many nodes there are besides.
    numbers
        What nodes and partial derivatives are worth at a point.
    slopes
        Of each node the derivative of the root by it.
    """

    root: Symbol
    edges: Mapping[Symbol, Sequence[Symbol]]
    bodies: Mapping[Symbol, Node]
    labels: Mapping[tuple[Symbol, Symbol], tuple[Partial, Node | None]]
    by: frozenset[Symbol]
    left_out: int = 0
    numbers: Mapping[Node, Any] = field(default_factory=dict[Node, Any])
    slopes: Mapping[Symbol, Partial] = field(default_factory=dict[Symbol, Partial])

    def number(self, node: Node) -> str:
        """Return what something is worth at the point, as it is written after it; "" where there is no point."""
        if node not in self.numbers:
            return ""
        value = as_float(self.numbers[node])
        rounded = f"{value:#.{_DIGITS}g}"
        if float(rounded) == value:
            return f"= {to_text(shown(value))}"
        return f"≈ {to_text(shown(float(rounded))) if 'e' in rounded else rounded.rstrip('.')}"

    def label(self, edge: tuple[Symbol, Symbol]) -> tuple[str, str, str]:
        """Return what stands at an arrow: the partial derivative, "= " its formula, and its number; "" for neither."""
        name, formula = self.labels[edge]
        if formula is None:
            return to_text(name), "", ""
        return to_text(name), f"= {to_text(formula)}", self.number(name) if formula.symbolic else ""

    def told(self, edge: tuple[Symbol, Symbol]) -> str:
        """Return all that there is to say of an arrow, in one line."""
        return " ".join(filter(None, self.label(edge)))

    def stated(self, edge: tuple[Symbol, Symbol]) -> str:
        """Return an arrow's partial derivative with its formula, where that is known."""
        name, formula = self.labels[edge]
        return to_text(name if formula is None else equation(name, formula))

    def words(self, name: Symbol) -> tuple[str, str, str]:
        """Return what stands at a node: "= " its formula, its number, and the slope of the root by it."""
        slope = self.slopes.get(name)
        told = "" if slope is None or slope not in self.numbers else f"{to_text(slope)} {self.number(slope)}"
        body = f"= {to_text(self.bodies[name])}" if name in self.bodies else ""
        return body, self.number(name), told
