"""A formula as a cost to be lowered: its value, its slopes and its curvature at given parameters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workings.expression.calculus import adjoints, gradient, gradient_to_compute
from workings.expression.calculus.zero_base import with_zero_bases
from workings.expression.compiling import Compiled, compile_nodes
from workings.expression.formula import Formula
from workings.expression.formula.undefined import undefined_cause
from workings.language import Message
from workings.once import cached_property
from workings.subjects.regression.formula_parameters import parameter_symbols

__all__ = ["FormulaCost"]

Array = NDArray[np.float64]


class FormulaCost:
    """A formula of parameters, over columns that stay the same.

    Parameters
    ----------
    formula
        It has one value for all rows.
    names
        Its parameters.
    columns
        Its columns, those that it keeps included.
    """

    def __init__(self, formula: Formula, names: tuple[str, ...], columns: Mapping[str, Array]) -> None:
        self.formula = formula
        self.names = names
        self.columns = columns
        self._values = tuple(columns.values())
        self._symbols = parameter_symbols(formula, names)
        # In a form that neither overflows nor cancels where the cost does not.
        self._node, slopes = gradient_to_compute(formula.node, self._symbols, rows=tuple(columns))
        self._compiled = compile_nodes((self._node, *slopes), (*names, *columns), rows=tuple(columns))

    def value(self, parameters: Array) -> tuple[float, Array]:
        """Return the cost and its partial derivatives, in one pass over the columns."""
        cost, *slopes = self._compiled(*parameters.tolist(), *self._values)
        return float(cost), np.array(slopes, dtype=np.float64)

    def curvature(self, parameters: Array) -> Array:
        """Return the matrix of second derivatives."""
        size = len(self.names)
        found = np.array(self._second(*parameters.tolist(), *self._values), dtype=np.float64)
        matrix = np.zeros((size, size))
        matrix[np.triu_indices(size)] = found
        return matrix + np.triu(matrix, 1).T

    def cause(self, parameters: Array) -> Message:
        """Return why the value at these parameters is NaN."""
        given = dict(zip(self.names, parameters.tolist(), strict=True))
        values = {name: given[name] if name in given else self.columns[name] for name in self.formula.arguments}
        return undefined_cause(self.formula, values)

    @cached_property
    def _second(self) -> Compiled:
        rows = tuple(self.columns)
        nodes = [
            node
            for place, slope in enumerate(gradient(self._node, self._symbols, rows=rows))
            for node in adjoints(slope, self._symbols[place:], rows=rows)
        ]
        return compile_nodes(with_zero_bases(nodes), (*self.names, *rows), rows=rows)
