"""What derivations that stay with whole formulas share: how a formula is written, named, and given its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workings.expression import Node, symbol
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.chain_rule.explain_point import Point
from workings.subjects.chain_rule.explain_rows import take_rows_apart
from workings.working import Derivation

__all__ = ["give_point", "own_values", "writer_of"]


def writer_of(formula: Formula) -> Callable[[Node], Node]:
    """Return how a formula's expressions are written: as they are, but sums over rows with Σ."""
    if not formula.aggregated:
        return lambda node: node
    return take_rows_apart(
        formula, [symbol(name) for name in formula.variables if name not in formula.rows]
    ).written_out


def give_point(w: Derivation, point: Point, formula: Formula) -> None:
    """Start a derivation from the point's numbers and columns."""
    for name, value in point.values.items():
        w.given(name, value, message("a column of data") if np.ndim(value) else message("the value at the point"))
    if point.count:
        letters = take_rows_apart(formula, []).letters
        w.given(letters.count.name, point.count, message("the number of rows"))
        point.learn(letters.count, point.count)


def own_values(point: Point, formula: Formula) -> dict[str, Any]:
    """Return the values that the formula is called with, as floats and arrays."""
    return {name: point.floats[name] for name in formula.variables}
