"""Formulas made of formulas: joined by operators, put in for variables, called inside traced functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression.formula import arguments
from workings.expression.formula.contents import has_rows, symbols_of
from workings.expression.formula.model import Formula
from workings.expression.nodes import Apply, Node, Operand
from workings.expression.tracing import NamedColumn, Traced, as_number, number_node
from workings.expression.traverse import substitute
from workings.language import message

__all__ = ["aggregate", "composed", "joined"]


def joined(build: Callable[..., Node], operands: Sequence[Any]) -> Formula:
    """Return the formula whose expression is built from those of other formulas and of numbers.

    Its variables are theirs, in the order of their first appearance.

    Raises
    ------
    InputError
        If something else is among the operands, or a name is a column in one and something else in another.
    """
    formulas = [operand for operand in operands if isinstance(operand, Formula)]
    node = build(*(operand.node if isinstance(operand, Formula) else _number(operand) for operand in operands))
    return _merged(as_number(node), formulas, {})


def _number(operand: Any) -> Node:
    node = number_node(operand)
    if node is None:
        raise InputError(
            message(
                "formula: a formula must be joined with numbers and formulas; got {kind}; try calling it, f(x)",
                kind=type(operand).__name__,
            )
        )
    return node


def aggregate(formula: Formula, name: str) -> Formula:
    """Return the sum or the mean of a formula over its rows.

    Raises
    ------
    InputError
        If it has none.
    """
    if not formula.over_rows:
        raise InputError(
            message(
                'formula: np.{name} must have rows to run over; got a formula without; try formula(..., rows=("x",))',
                name=name,
            )
        )
    return formula.alike(Apply(name, (formula.node,)))


def composed(formula: Formula, args: Sequence[Any]) -> Any:
    """Return a formula with other formulas, or traced values, put in for its variables.

    Raises
    ------
    InputError
        If a variable is a column and what is put in for it is not, or the other way round.
    """
    if formula.captured or any(isinstance(value, Traced) for value in args):
        return _traced(formula, args)
    nodes: dict[str, Node] = {}
    data = dict(formula.data)
    for name, value in zip(formula.variables, args, strict=True):
        if isinstance(value, Formula):
            _check_rows(formula, name, value.over_rows)
            nodes[name] = value.node
        elif name in formula.rows:
            data[name] = arguments.column(formula, name, value)
        else:
            nodes[name] = _number(value)
    symbols: dict[Node, Operand] = {s: nodes[s.name] for s in symbols_of(formula.node) if s.name in nodes}
    arguments.check_lengths(formula, data)
    return _merged(substitute(formula.node, symbols), [value for value in args if isinstance(value, Formula)], data)


def _traced(formula: Formula, args: Sequence[Any]) -> Traced:
    """Return the value of a formula inside a function that is traced."""
    operands: dict[str, Any] = {
        **dict(zip(formula.variables, args, strict=True)),
        **{name: NamedColumn(name, column) for name, column in formula.data.items()},
        **{symbol.name: value for symbol, value in formula.captured.items()},
    }
    over = {name: _has_rows(value) for name, value in operands.items()}
    for name in formula.variables:
        _check_rows(formula, name, over[name])
    symbols = symbols_of(formula.node)

    def build(*nodes: Node) -> Node:
        known = dict(zip(operands, nodes, strict=True))
        parts: dict[Node, Operand] = {symbol: as_number(known[symbol.name]) for symbol in symbols}
        return substitute(formula.node, parts)

    first = next(value for value in operands.values() if isinstance(value, Traced))
    value = first.__built__(build, tuple(operands.values()))
    return Traced(value.trace, value.node, has_rows(formula.node, lambda symbol: over[symbol.name]))


def _has_rows(operand: Any) -> bool:
    if isinstance(operand, Traced):
        return operand.has_rows
    return isinstance(operand, NamedColumn) or np.ndim(operand) > 0


def _check_rows(formula: Formula, name: str, has_rows: bool) -> None:
    """Refuse a number where a column is wanted, and a column where sums over rows want one number."""
    if has_rows is (name in formula.rows) or not formula.columns:
        return
    if name in formula.rows:
        arguments.refuse_number(formula, name)
    arguments.refuse_column(formula, name)


def _merged(node: Node, formulas: Sequence[Formula], data: Mapping[str, NDArray[Any]]) -> Formula:
    """Return the formula of an expression that joins others, with the names and columns of all of them."""
    variables = tuple(dict.fromkeys(name for formula in formulas for name in formula.variables))
    rows = {name for formula in formulas for name in formula.rows}
    captured = {symbol: value for formula in formulas for symbol, value in formula.captured.items()}
    kept = dict(data)
    for formula in formulas:
        for name, column in formula.data.items():
            if not np.array_equal(kept.setdefault(name, column), column):
                _refuse_name(name)
    for formula in formulas:
        for name in formula.variables:
            if name in kept or (name in rows and name not in formula.rows):
                _refuse_name(name)
    return Formula.of(node, variables, rows=rows, data=kept, captured=captured)


def _refuse_name(name: str) -> NoReturn:
    raise InputError(
        message(
            "formula: a name must mean the same in all formulas that are joined; got {name}, which is a column in one "
            "and something else in another; try another name",
            name=name,
        )
    )
