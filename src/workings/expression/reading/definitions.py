"""Definitions in any order: put in order, held to make sense, and put into each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workings.expression.nodes import Node, Symbol
from workings.expression.reading.faults import Fault
from workings.expression.reading.limits import MAX_NODES, MAX_WRITTEN
from workings.expression.reading.pieces import Definition, Piece, condition_for_value
from workings.expression.reading.refusals import shortened, too_large
from workings.expression.traverse import free_symbols, postorder, substitute
from workings.language import message

__all__ = ["put_together"]


def put_together(statements: Sequence[Piece | Definition]) -> tuple[str | None, Node, dict[str, Node]]:
    """Return the output's name (None for an expression without one), the output with every definition put in, and the
    definitions, each after those that it needs.

    Raises
    ------
    Fault
        If definitions run in a circle, a name is defined twice, or not exactly one definition is the output.
    """
    definitions: dict[str, Definition] = {}
    for statement in statements:
        body = statement if isinstance(statement, Piece) else statement.body
        if body.condition:
            raise condition_for_value(body)
        if isinstance(statement, Piece):
            if len(statements) > 1:
                raise _nameless(statement)
            return None, statement.node, {}
        if statement.name in definitions:
            raise _twice(statement)
        definitions[statement.name] = statement
    total = 0
    for definition in definitions.values():
        total += definition.body.size
        if total > MAX_NODES:
            raise too_large(definition.body.at)
    order = _ordered(definitions)
    root = _put_in(order, definitions)
    return order[-1], root, {name: definitions[name].body.node for name in order}


def _ordered(definitions: Mapping[str, Definition]) -> list[str]:
    """Return the names in an order in which each needs only those before it, the one that no other needs last."""
    needs = {name: _needed(definition, definitions) for name, definition in definitions.items()}
    order: dict[str, None] = {}
    path: list[str] = []
    for first in definitions:
        stack = [(first, False)]
        while stack:
            name, ready = stack.pop()
            if ready:
                order[path.pop()] = None
            elif name in path:
                raise _circle(path[path.index(name) :], definitions)
            elif name not in order:
                path.append(name)
                stack.append((name, True))
                stack.extend((other, False) for other in reversed(needs[name]))
    used = {other for others in needs.values() for other in others}
    outputs = [name for name in definitions if name not in used]
    if len(outputs) > 1:
        raise _several(outputs, definitions)
    return [name for name in order if name != outputs[0]] + outputs


def _needed(definition: Definition, definitions: Mapping[str, Definition]) -> list[str]:
    names = {symbol.name for symbol in free_symbols(definition.body.node)}
    return [other for other in definitions if other in names]


def _put_in(order: list[str], definitions: Mapping[str, Definition]) -> Node:
    """Return the output with every definition put in."""
    known: dict[Node, Node] = {}
    root: Node = definitions[order[0]].body.node
    for name in order:
        root = substitute(definitions[name].body.node, known)
        sizes: dict[Node, int] = {}
        for node in postorder(root):
            sizes[node] = 1 + sum(sizes[child] for child in node.children)
        if sizes[root] > MAX_WRITTEN:
            raise _grown(definitions[name])
        known[Symbol(name)] = root
    return root


def _nameless(statement: Piece) -> Fault:
    return Fault(
        message(
            "formula: of several expressions each must have a name, as in y = u*v; u = x*z; got one without at column "
            "{column}",
        ),
        statement.at,
    )


def _twice(definition: Definition) -> Fault:
    return Fault(
        message(
            "formula: {name} must be defined once; got a second definition at column {column}",
            name=shortened(definition.name),
        ),
        definition.at,
    )


def _circle(path: list[str], definitions: Mapping[str, Definition]) -> Fault:
    return Fault(
        message(
            "formula: definitions must not run in a circle; got {circle}; try a variable in place of one of them",
            circle=" → ".join(map(shortened, [*path, path[0]])),
        ),
        definitions[path[0]].at,
    )


def _several(outputs: list[str], definitions: Mapping[str, Definition]) -> Fault:
    return Fault(
        message(
            "formula: one definition must be the output, which no other uses; got {count}: {names}; "
            "try a formula for each",
            count=len(outputs),
            names=", ".join(map(shortened, outputs)),
        ),
        definitions[outputs[1]].at,
    )


def _grown(definition: Definition) -> Fault:
    return Fault(
        message(
            "formula: {name} must have at most {limit} numbers, names and operations with every definition put in; "
            "got more; try a Python function",
            name=shortened(definition.name),
            limit=MAX_WRITTEN,
        ),
        definition.at,
    )
