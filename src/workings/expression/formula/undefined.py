"""Why a value is NaN: which operation, of which numbers, outside of which domain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from workings.errors import FormulaError, UndefinedWarning, warn
from workings.expression.compiling import compile_nodes
from workings.expression.evaluation import evaluate
from workings.expression.floats import as_float
from workings.expression.formula.contents import is_aggregate, symbols_of
from workings.expression.nodes import Apply, Node, Number, Operand, Symbol
from workings.expression.operations import OPERATIONS
from workings.expression.render_text import to_text
from workings.expression.traverse import postorder, substitute
from workings.language import Message, message

if TYPE_CHECKING:
    from workings.expression.formula.model import Formula

__all__ = ["undefined_cause", "warn_undefined"]

_LONGEST = 80


def warn_undefined(formula: Formula, values: Mapping[str, Any]) -> None:
    """Warn that a formula's value is NaN and say why, unless it was given one.

    Parameters
    ----------
    formula
        The formula.
    values
        The value of each of its arguments, by name.
    """
    if not any(np.isnan(value).any() for value in values.values()):
        warn(UndefinedWarning(undefined_cause(formula, values)))


def undefined_cause(formula: Formula, values: Mapping[str, Any]) -> Message:
    """Return the sentence that names the first operation whose value is NaN though none of its arguments is.

    The branch of a ``where`` that is not taken has no part in it.
    """
    name = formula.name or "formula"
    columns = {key: value for key, value in values.items() if np.ndim(value)}
    known = _numbers(formula, values)
    node, row = formula.node, None
    for _ in range(len(known) + 1):  # each turn goes into one aggregate
        found = _lowest(node, known)
        if not is_aggregate(found):
            return _told(name, found, known, row)
        body = found.children[0]
        (terms,) = compile_nodes((body,), tuple(values), rows=tuple(columns))(*values.values())
        at = np.flatnonzero(np.isnan(terms))
        if not at.size:
            return message(
                "{formula}: {part} is undefined: it adds {infinity} and {minus}, or has no rows; the value is NaN",
                formula=name,
                part=_short(found),
                infinity="∞",
                minus="-∞",
            )
        row = int(at[0])
        here = {symbol: float(columns[symbol.name][row]) for symbol in symbols_of(body) if symbol.name in columns}
        node, known = body, _computed(body, {**_fixed(known), **here})
    return message("{formula}: the value is NaN", formula=name)


def _numbers(formula: Formula, values: Mapping[str, Any]) -> dict[Node, Any]:
    """Return the value of each part that has one for all rows."""
    aggregates = tuple(part for part in postorder(formula.node) if is_aggregate(part))
    found: dict[Node, Any] = {}
    if aggregates:
        compiled = compile_nodes(aggregates, tuple(values), rows=formula.columns)
        found.update(zip(aggregates, compiled(*values.values()), strict=True))
    for symbol in symbols_of(formula.node):
        if not np.ndim(values[symbol.name]):
            found[symbol] = float(as_float(values[symbol.name]))
    return _computed(formula.node, found)


def _fixed(known: Mapping[Node, Any]) -> dict[Node, Any]:
    return {node: value for node, value in known.items() if isinstance(node, Symbol) or is_aggregate(node)}


def _computed(root: Node, known: Mapping[Node, Any]) -> dict[Node, Any]:
    """Return the value of each part that is made of known ones."""
    values = dict(known)
    with np.errstate(all="ignore"):
        for node in postorder(root):
            if isinstance(node, Number):
                values[node] = float(as_float(node.value))
            elif isinstance(node, Apply) and node not in values and all(arg in values for arg in node.args):
                values[node] = node.operation.numpy(*(values[arg] for arg in node.args))
    return values


def _lowest(root: Node, values: Mapping[Node, Any]) -> Node:
    """Return the part below which nothing that counts is NaN."""
    node = root
    while not is_aggregate(node):
        children = node.children
        if isinstance(node, Apply) and node.operation.name == "where":
            children = (node.args[1 if values[node.args[0]] else 2],)
        below = [child for child in children if _is_nan(values.get(child))]
        if not below:
            break
        node = below[0]
    return node


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124 -- NaN


def _told(formula: str, node: Node, values: Mapping[Node, Any], row: int | None) -> Message:
    if not isinstance(node, Apply) or not all(arg in values for arg in node.args):
        return message("{formula}: the value is NaN", formula=formula)
    with_numbers = Apply(node.operation, [_rounded(values[arg]) for arg in node.args])
    said: dict[str, object] = {"formula": formula, "part": _short(node), "numbers": _short(with_numbers)}
    if row is not None:
        said["row"] = row + 1
    condition = _broken_condition(node, values)
    if condition is None:
        if row is None:
            return message("{formula}: {part} is {numbers}, which is undefined; the value is NaN", **said)
        return message("{formula}: {part} is {numbers} in row {row}, which is undefined; the value is NaN", **said)
    said["condition"] = _short(condition)
    if row is None:
        return message(
            "{formula}: {part} is {numbers}, which is undefined unless {condition}; the value is NaN", **said
        )
    return message(
        "{formula}: {part} is {numbers} in row {row}, which is undefined unless {condition}; the value is NaN",
        **said,
    )


def _rounded(value: float) -> Number:
    return Number(value, f"{value:.6g}" if math.isfinite(value) else None)


def _broken_condition(node: Apply, values: Mapping[Node, Any]) -> Node | None:
    """Return the condition under which an operation is defined, in the formula's own terms, if it does not hold."""
    condition = _domain(node.operation.name)
    if condition is None:
        return None
    letters = dict(zip("abc", node.args, strict=False))
    if evaluate(condition, {letter: values[arg] for letter, arg in letters.items()}):
        return None
    parts: dict[Node, Operand] = {s: letters[s.name] for s in symbols_of(condition) if s.name in letters}
    return substitute(condition, parts)


@cache
def _domain(operation: str) -> Node | None:
    """Return the condition on a, b, c under which an operation is defined."""
    from workings.expression.reading import parse

    text = OPERATIONS[operation].defined
    if operation == "power":  # NaN is what negative numbers have for powers that are not whole; 1/0 is not
        text = "a >= 0"
    if not text:
        return None
    try:
        root = parse(f"where({text}, 1, 0)", names=("a", "b", "c")).root
    except FormulaError:  # a condition that formula text has no word for (whole numbers)
        return None
    return root.children[0]


def _short(node: Node) -> str:
    text = to_text(node)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"
