"""Expressions as plain data and back: a list of nodes, each naming its parts by their places in the list.

Parts that are shared stay shared, and no depth is too deep for a JSON reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, cast

from workings.errors import InputError
from workings.expression.nodes import (
    Apply,
    Elided,
    Equation,
    Indexed,
    Integral,
    Node,
    Number,
    Partial,
    Reduction,
    Symbol,
)
from workings.language import message

__all__ = ["from_json", "to_json"]

_VERSION = 1
_RATIO = re.compile(r"-?\d{1,4000}/\d{1,4000}")


def to_json(node: Node) -> dict[str, Any]:
    """Return an expression as plain data: dictionaries, lists, text and whole numbers.

    Numbers are written as text that gives back their exact value.

    Examples
    --------
    >>> from workings.expression import symbol, to_json
    >>> data = to_json(symbol("x") + 1)
    >>> data["nodes"][-1]
    {'node': 'apply', 'operation': 'add', 'parts': [0, 1]}
    """
    places: dict[Node, int] = {}
    rows: list[dict[str, Any]] = []
    stack = [(node, False)]
    while stack:
        here, ready = stack.pop()
        if here in places:
            continue
        parts = _parts(here)
        if ready or not parts:
            places[here] = len(rows)
            row = _describe(here)
            rows.append({**row, "parts": [places[part] for part in parts]} if parts else row)
        else:
            stack.append((here, True))
            stack.extend((part, False) for part in reversed(parts))
    return {"version": _VERSION, "nodes": rows}


def from_json(data: Mapping[str, Any]) -> Node:
    """Return the expression that :func:`to_json` wrote: the very same node.

    Raises
    ------
    InputError
        If the data is of another version, incomplete, or not what ``to_json`` writes.

    Examples
    --------
    >>> from workings.expression import from_json, symbol, to_json
    >>> x = symbol("x")
    >>> from_json(to_json(x / 2)) is x / 2
    True
    """
    version = data.get("version") if isinstance(data, Mapping) else None  # pyright: ignore[reportUnnecessaryIsInstance] -- data comes from files
    if version != _VERSION:
        raise InputError(message("from_json: version must be {known}; got {got}", known=_VERSION, got=version))
    rows = data.get("nodes")
    if not isinstance(rows, list) or not rows:
        raise InputError(message("from_json: nodes must be a list with one node or more"))
    built: list[Node] = []
    for place, row in enumerate(cast("list[Any]", rows)):
        try:
            built.append(_READERS[row["node"]](row, [_earlier(built, part) for part in row.get("parts", [])]))
        except InputError:
            raise
        except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                message(
                    "from_json: node {place} must be what to_json writes; got {got}", place=place, got=repr(row)[:200]
                )
            ) from error
    return built[-1]


def _earlier(built: list[Node], place: Any) -> Node:
    if type(place) is not int or place < 0:
        raise TypeError("a part must be a place in the list")
    return built[place]


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Reduction):
        return (node.body, node.index, node.lower, node.upper)
    if isinstance(node, Integral):
        return (node.body, node.variable, node.lower, node.upper)
    return (node.function, *node.variables, *node.held) if isinstance(node, Partial) else node.children


def _describe(node: Node) -> dict[str, Any]:
    if isinstance(node, Number):
        exact = repr(node.value) if isinstance(node.value, float) else str(node.value)
        return {"node": "number", "type": type(node.value).__name__, "value": exact, "text": node.text}
    if isinstance(node, Symbol):
        return {"node": "symbol", "name": node.name, "style": node.style, "latex": node.latex}
    if isinstance(node, Apply):
        return {"node": "apply", "operation": node.operation.name}
    if isinstance(node, Reduction):
        return {"node": "reduction", "kind": node.kind}
    if isinstance(node, Elided):
        return {"node": "elided", "first": len(node.first)}
    if isinstance(node, Equation):
        return {"node": "equation", "relation": node.relation}
    if isinstance(node, Integral):
        return {"node": "integral"}
    if isinstance(node, Partial):
        row: dict[str, Any] = {"node": "partial"}
        if len(node.variables) > 1 or node.held:
            row["variables"] = len(node.variables)
        return {**row, "ordinary": True} if node.ordinary else row
    return {"node": "indexed"}


def _number(row: Mapping[str, Any], parts: list[Node]) -> Node:
    return Number(_VALUES[row["type"]](row["value"]), _string(row["text"]))


def _ratio(text: str) -> Fraction:
    if _RATIO.fullmatch(text) is None:  # Fraction also reads 1e999999999, which would fill the memory
        whole = int(text)
        return Fraction(whole)
    return Fraction(text)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text is expected")
    return value


_VALUES: dict[str, Callable[[str], Any]] = {
    "int": lambda text: int(_string(text)),
    "float": lambda text: float(_string(text)),
    "bool": lambda text: {"True": True, "False": False}[text],
    "Fraction": lambda text: _ratio(_string(text)),
}


def _symbol(row: Mapping[str, Any], parts: list[Node]) -> Node:
    latex = row["latex"]
    return Symbol(_string(row["name"]), row["style"], None if latex is None else _string(latex))


def _reduction(row: Mapping[str, Any], parts: list[Node]) -> Node:
    body, index, lower, upper = parts
    if not isinstance(index, Symbol):
        raise TypeError("an index must be a symbol")
    return Reduction(row["kind"], body, index, lower, upper)


def _elided(row: Mapping[str, Any], parts: list[Node]) -> Node:
    split = 1 + int(row["first"])
    return Elided(parts[0], parts[1:split], parts[split:])


def _equation(row: Mapping[str, Any], parts: list[Node]) -> Node:
    left, right = parts
    return Equation(left, right, row["relation"])


def _partial(row: Mapping[str, Any], parts: list[Node]) -> Node:
    split = 1 + int(row.get("variables", 1))
    return Partial(parts[0], parts[1:split], parts[split:], ordinary=row.get("ordinary") is True)


def _integral(row: Mapping[str, Any], parts: list[Node]) -> Node:
    body, variable, lower, upper = parts
    if not isinstance(variable, Symbol):
        raise TypeError("a variable must be a symbol")
    return Integral(body, variable, lower, upper)


_READERS: dict[str, Callable[[Mapping[str, Any], list[Node]], Node]] = {
    "number": _number,
    "symbol": _symbol,
    "apply": lambda row, parts: Apply(_string(row["operation"]), parts),
    "indexed": lambda row, parts: Indexed(parts[0], parts[1:]),
    "reduction": _reduction,
    "elided": _elided,
    "equation": _equation,
    "partial": _partial,
    "integral": _integral,
}
