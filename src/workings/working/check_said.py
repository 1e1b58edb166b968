"""Checking what says where numbers come from: definitions, symbols in the cells beside them, and their digits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from workings.errors import InputError, WorkingError
from workings.expression import Apply, Equation, Node, Number, Partial, evaluate, operation_count
from workings.language import message
from workings.working.check_digits import LEAST_APART
from workings.working.digits import half_unit, read
from workings.working.model import Derived, Step
from workings.working.precision import is_finite, precise
from workings.working.values import TrueValues

__all__ = ["check_digits_of_cell", "check_symbols_in_row", "definition_holds"]

# A definition of more operations is not worked out besides.
_SHORT = 10_000
# What both sides may differ by, of what they would be if nothing in them cancelled.
_NEAR = 1e-9


def definition_holds(step: Step, values: TrueValues) -> bool:
    """Whether both sides of a definition have values, which then are one: what it introduced was worked out below it.

    Raises
    ------
    WorkingError
        If both have values that differ.
    """
    statement = step.statement
    if not isinstance(statement, Equation) or statement.relation != "=":
        return False
    left, right = _worth(statement.left, values), _worth(statement.right, values)
    if left is None or right is None:
        return False
    if abs(left - right) > _NEAR * max(values.size(statement.right), abs(right)) + step.absolute + LEAST_APART:
        raise WorkingError(
            message(
                "verify: line {key} says {statement}; with the numbers of this working that is {left} = {right}",
                key=step.key,
                statement=str(statement),
                left=left.context.nstr(left, 15),
                right=right.context.nstr(right, 15),
            )
        )
    return True


def check_symbols_in_row(step: Step, row: Iterable[Any], values: TrueValues) -> None:
    """See that an expression in a row with numbers that follow is worth one of them, and a derivative names one.

    Raises
    ------
    WorkingError
        If it is worth something else, or is another's name.
    """
    cells = list(row)
    derived = [cell for cell in cells if isinstance(cell, Derived)]
    numbers = [(_worth(cell.right, values), cell.absolute) for cell in derived]
    named = [cell.left for cell in derived if isinstance(cell.left, Partial)]
    for cell in cells if derived else ():
        if isinstance(cell, Partial) and named and cell not in named:
            raise _no_number_of_its_row(step, cell)
        worth = _worth(cell, values) if isinstance(cell, Apply) else None
        if worth is None:
            continue
        allowed = _NEAR * max(values.size(cell), abs(worth)) + step.absolute + LEAST_APART
        if not any(each is not None and abs(worth - each) <= allowed + absolute for each, absolute in numbers):
            raise _no_number_of_its_row(step, cell)


def check_digits_of_cell(step: Step, number: Number) -> None:
    """See that the digits in a cell are those of its number.

    Raises
    ------
    WorkingError
        If they are not.
    """
    if not math.isfinite(number.value):
        return
    if abs(read(number.text) - Fraction(number.value)) > half_unit(number.text):
        raise WorkingError(
            message(
                "verify: table {key}: a cell says {digits}, and its number is {value}",
                key=step.key,
                digits=number.text,
                value=repr(number.value),
            )
        )


def _no_number_of_its_row(step: Step, cell: Node) -> WorkingError:
    return WorkingError(
        message("verify: table {key}: {cell} is no number of its row", key=step.key, cell=str(cell)),
    )


def _worth(node: Node, values: TrueValues) -> Any:
    """Return what an expression is worth with all that is known, None if it has no finite value by that."""
    try:
        if operation_count(node, values.floats) > _SHORT:
            return None
        value = evaluate(node, values.exact, arithmetic="mpmath")
    except InputError:
        return None
    return precise(value) if is_finite(value) else None
