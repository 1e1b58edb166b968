"""Derivatives of expressions, by whichever sweep is the shorter."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workings.errors import InputError
from workings.expression.calculus.forward import tangents
from workings.expression.calculus.over_index import indices_apart
from workings.expression.calculus.reverse import needs_forward, swept
from workings.expression.calculus.tidy_derivatives import tidied_derivatives
from workings.expression.nodes import Equation, Indexed, Node, Partial, Symbol
from workings.language import message

__all__ = ["adjoints", "derivative", "derivatives", "gradient", "jacobian"]


def derivative(node: Node, variable: Node) -> Node:
    """Return the derivative of an expression by one variable, as an expression that reads well."""
    return derivatives((node,), variable)[0]


def derivatives(nodes: Sequence[Node], variable: Node) -> tuple[Node, ...]:
    """Return the derivatives of several expressions by one variable, in one sweep (forward mode)."""
    _check(nodes, (variable,))
    apart = [indices_apart(node, variable) for node in nodes] if isinstance(variable, Indexed) else list(nodes)
    return tuple(
        tidied_derivatives(node, (slope,), (variable,))[0]
        for node, slope in zip(apart, tangents(apart, variable), strict=True)
    )


def gradient(node: Node, variables: Sequence[Node], *, rows: Collection[str] | None = None) -> tuple[Node, ...]:
    """Return the derivatives of one expression by several variables, in one sweep (reverse mode)."""
    return tidied_derivatives(node, adjoints(node, variables, rows=rows), variables)


def adjoints(node: Node, variables: Sequence[Node], *, rows: Collection[str] | None = None) -> tuple[Node, ...]:
    """Return the same derivatives as the sweep leaves them: not tidied, and sharing what they can with the expression.

    This is the form to compile together with the expression: what its value needs is not computed again.
    """
    _check((node,), variables)
    if needs_forward(node):
        return tuple(tangents((indices_apart(node, variable),), variable)[0] for variable in variables)
    return swept(node, variables, rows)


def jacobian(
    nodes: Sequence[Node], variables: Sequence[Node], *, rows: Collection[str] | None = None
) -> tuple[tuple[Node, ...], ...]:
    """Return the derivatives of several expressions by several variables: a row for each expression."""
    if len(variables) < len(nodes):
        columns = [derivatives(nodes, variable) for variable in variables]
        return tuple(zip(*columns, strict=True)) if columns else tuple(() for _ in nodes)
    return tuple(gradient(node, variables, rows=rows) for node in nodes)


def _check(nodes: Sequence[Node], variables: Sequence[Node]) -> None:
    for node in nodes:
        if isinstance(node, Equation):
            raise InputError(message("derivative: node must be one side of an equation; got {got}", got=node))
    for variable in variables:
        if not isinstance(variable, (Symbol, Indexed, Partial)):
            raise InputError(
                message("derivative: variable must be a name or an element of an array; got {got}", got=variable)
            )
