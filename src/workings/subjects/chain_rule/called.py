"""Derivatives called with numbers and arrays: compiled together, and warned of where one is undefined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression.compiling import Compiled, compile_nodes
from workings.expression.formula import Formula
from workings.expression.formula.undefined import warn_undefined
from workings.expression.nodes import Node
from workings.expression.tracing import Mathematical

__all__ = ["compiled_like", "matrix_of", "values_at"]


def compiled_like(formula: Formula, nodes: tuple[Node, ...]) -> Compiled:
    """Return expressions compiled to one function of a formula's arguments."""
    return compile_nodes(nodes, formula.arguments, rows=formula.columns)


def values_at(
    formula: Formula,
    compiled: Callable[[], Compiled],
    outputs: tuple[Formula, ...],
    args: tuple[Any, ...],
    values: dict[str, Any],
) -> tuple[Any, ...]:
    """Return the outputs at a point, with a warning for each that is undefined there."""
    symbolic = any(isinstance(value, Mathematical) for value in (*args, *values.values()))
    if symbolic or formula.captured:  # another formula is put in, or this is part of one that is traced
        return tuple(output(*args, **values) for output in outputs)
    given = formula.values_of(*args, **values)
    found = compiled()(*given)
    for output, value in zip(outputs, found, strict=True):
        if isinstance(value, float) and value != value:  # noqa: PLR0124 -- NaN
            warn_undefined(output, dict(zip(formula.arguments, given, strict=True)))
    return found


def matrix_of(values: tuple[Any, ...], rows: int, columns: int) -> NDArray[Any]:
    """Return values as a matrix, each broadcast to the shape of all."""
    shape = np.broadcast_shapes(*(np.shape(value) for value in values))
    whole = np.array([np.broadcast_to(value, shape) for value in values])
    return whole.reshape(rows, columns, *shape)
