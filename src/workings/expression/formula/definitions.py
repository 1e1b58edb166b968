"""Systems of formulas: definitions put into each other, in the order in which they need one another."""

from __future__ import annotations

from collections.abc import Mapping

from workings.errors import FormulaError
from workings.expression.formula.contents import symbols_of
from workings.expression.nodes import Node, Operand
from workings.expression.traverse import substitute
from workings.language import message

__all__ = ["resolved"]


def resolved(definitions: Mapping[str, Node]) -> dict[str, Node]:
    """Return definitions with all others put in, each after those that it needs.

    Raises
    ------
    FormulaError
        If they go in a circle, which the error shows.
    """
    done: dict[str, Node] = {}
    for start in definitions:
        path: list[str] = [start]
        while path:
            name = path[-1]
            needed = [symbol.name for symbol in symbols_of(definitions[name]) if symbol.name in definitions]
            waiting = [other for other in needed if other not in done]
            if name in done:
                path.pop()
            elif waiting:
                _refuse_circle(path, waiting[0])
                path.append(waiting[0])
            else:
                path.pop()
                inside = symbols_of(definitions[name])
                parts: dict[Node, Operand] = {symbol: done[symbol.name] for symbol in inside if symbol.name in done}
                done[name] = substitute(definitions[name], parts)
    return done


def _refuse_circle(path: list[str], name: str) -> None:
    if name in path:
        circle = [*path[path.index(name) :], name]
        raise FormulaError(
            message(
                "formula: definitions must not run in a circle; got {circle}; try a variable in place of one of them",
                circle=" → ".join(circle),
            )
        )
