"""Derivatives of expressions, by whichever sweep is the shorter."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workings.errors import InputError
from workings.expression.calculus.cost import form_to_compute
from workings.expression.calculus.forward import tangents
from workings.expression.calculus.nowhere import undefined_derivative
from workings.expression.calculus.over_index import indices_apart
from workings.expression.calculus.reverse import needs_forward, swept
from workings.expression.calculus.steady import steady
from workings.expression.calculus.tidy_derivatives import tidied_derivatives
from workings.expression.calculus.zero_base import with_zero_bases
from workings.expression.nodes import Equation, Indexed, Node, Partial, Symbol
from workings.language import message

__all__ = ["adjoints", "derivative", "derivatives", "gradient", "gradient_to_compute", "jacobian"]


def derivative(node: Node, variable: Node) -> Node:
    """Return the derivative of an expression by one variable, as an expression that reads well."""
    return derivatives((node,), variable)[0]


def derivatives(nodes: Sequence[Node], variable: Node) -> tuple[Node, ...]:
    """Return the derivatives of several expressions by one variable, in one sweep (forward mode)."""
    _check(nodes, (variable,))
    apart = [indices_apart(node, variable) for node in nodes] if isinstance(variable, Indexed) else list(nodes)
    return tuple(
        undefined_derivative(node) or tidied_derivatives(node, (slope,), (variable,))[0]
        for node, slope in zip(apart, tangents(apart, variable), strict=True)
    )


def gradient(node: Node, variables: Sequence[Node], *, rows: Collection[str] | None = None) -> tuple[Node, ...]:
    """Return the derivatives of one expression by several variables, in one sweep (reverse mode)."""
    found = adjoints(node, variables, rows=rows)
    undefined = undefined_derivative(node)
    return tidied_derivatives(node, found, variables) if undefined is None else (undefined,) * len(found)


def adjoints(node: Node, variables: Sequence[Node], *, rows: Collection[str] | None = None) -> tuple[Node, ...]:
    """Return the same derivatives as the sweep leaves them: not tidied, and sharing what they can with the expression.

    For the form to compile see :func:`gradient_to_compute`.
    """
    _check((node,), variables)
    if needs_forward(node):
        return tuple(tangents((indices_apart(node, variable),), variable)[0] for variable in variables)
    return swept(node, variables, rows)


def gradient_to_compute(
    node: Node, variables: Sequence[Node], *, rows: Collection[str] | None = None
) -> tuple[Node, tuple[Node, ...]]:
    """Return an expression and its derivatives in the form in which they are to be compiled together.

    The values are those of the expression and its gradient, up to rounding. Where their parts would overflow or cancel
    though they do not, other parts stand for them, and what the value needs is not computed again.
    """
    value = steady(node)
    swept = adjoints(value, variables, rows=rows)
    undefined = undefined_derivative(value)
    if undefined is not None:
        return value, (undefined,) * len(swept)
    return value, with_zero_bases(form_to_compute((value,), tidied_derivatives(value, swept, variables), swept))


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
