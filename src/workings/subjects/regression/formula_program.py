"""What one pass over the data computes for a fit: the cost, its slopes, and the Gauss-Newton matrix, all at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workings.expression import Node, Number, Symbol, sqrt, sum_rows
from workings.expression.calculus import adjoints, gradient_to_compute
from workings.expression.calculus.combine import is_zero, plus, times
from workings.expression.calculus.steady import steady
from workings.expression.calculus.zero_base import with_zero_bases
from workings.expression.compiling import Compiled, compile_nodes
from workings.expression.formula import Formula
from workings.once import cached_property
from workings.subjects.regression.formula_loss import Loss, loss_of
from workings.subjects.regression.formula_parameters import parameter_symbols

__all__ = ["FitProgram", "program_from_json"]


@dataclass(frozen=True)
class FitProgram:
    r"""A model with its loss, ready to be compiled.

    With q the predictor, ℓ the loss of a row, and s its weight, the sums over rows are

    .. math:: \sum s, \quad \sum s ℓ, \quad \sum s \frac{∂ℓ}{∂q} \frac{∂q}{∂θ_j}, \quad
              \sum s c \frac{∂q}{∂θ_j} \frac{∂q}{∂θ_k}

    with c the loss's curvature in q: for the squared error twice the matrix JᵀJ of Gauss and Newton.

    Parameters
    ----------
    model
        The formula; its rows are the columns that it reads.
    parameters
        Which of its variables are parameters, in order.
    target
        The name of the column that it is fitted to.
    loss
        As :func:`loss_of` takes it; a formula as text.
    weight
        The name of the column of weights, None where every row counts once.
    least
        As :func:`loss_of` takes it.
    """

    model: Formula
    parameters: tuple[str, ...]
    target: str
    loss: str
    weight: str | None = None
    least: float = 1e-10

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that a batch must have."""
        needed = [*self.model.columns, self.target]
        return tuple(dict.fromkeys(needed if self.weight is None else [*needed, self.weight]))

    @cached_property
    def of_row(self) -> Loss:
        """The loss of a row, the model in a form that does not overflow where the prediction does not."""
        return loss_of(self.loss, Symbol(self.target), steady(self.model.node), least=self.least)

    @cached_property
    def slopes(self) -> tuple[Node, ...]:
        """The derivatives of the predictor by the parameters."""
        symbols = parameter_symbols(self.model, self.parameters)
        return gradient_to_compute(self.of_row.predictor, symbols, rows=self.columns)[1]

    @cached_property
    def sums(self) -> Compiled:
        """The function of parameters and columns that gives all sums: weight, cost, slopes, upper triangle."""
        loss, size = self.of_row, len(self.parameters)
        pairs = [(j, k) for j in range(size) for k in range(j, size)]
        bodies = [loss.cost, *(loss.slope * slope for slope in self.slopes)]
        curved = [loss.weight * slope for slope in self.slopes]
        bodies += [curved[j] * self.slopes[k] for j, k in pairs]
        return self._compiled([sum_rows(self._weighted(body)) for body in bodies])

    @cached_property
    def bends(self) -> Compiled | None:
        """The function of parameters, a direction v, and columns that gives Σ s c ∂q/∂θ ∂²q/∂v²; None if that is 0."""
        directions = [Symbol(f"direction of {name}") for name in self.parameters]
        symbols = parameter_symbols(self.model, self.parameters)
        along = _dot(directions, self.slopes)
        twice = _dot(directions, adjoints(along, symbols, rows=self.columns))
        if is_zero(twice):
            return None
        curved = self.of_row.weight * with_zero_bases([twice])[0]
        found = [sum_rows(self._weighted(curved * slope)) for slope in self.slopes]
        names = (*self.parameters, *(direction.name for direction in directions), *self.columns)
        return compile_nodes(found, names, rows=self.columns)

    @cached_property
    def rows(self) -> Compiled:
        """For the squared error: the rows of √s·[∂p/∂θ, y - p], one array a column."""
        root = None if self.weight is None else sqrt(Symbol(self.weight))
        found = [*self.slopes, Symbol(self.target) - self.of_row.predictor]
        return self._compiled(found if root is None else [root * node for node in found])

    @cached_property
    def predictions(self) -> Compiled:
        """The function of parameters and the model's columns that gives each row's prediction."""
        node = steady(self.model.node)
        return compile_nodes((node,), (*self.parameters, *self.model.columns), rows=self.model.columns)

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(
            {
                "model": self.model.to_json(),
                "parameters": self.parameters,
                "target": self.target,
                "loss": self.loss,
                "weight": self.weight,
                "least": self.least,
            }
        )

    def _weighted(self, body: Node) -> Node:
        return body if self.weight is None else Symbol(self.weight) * body

    def _compiled(self, nodes: Sequence[Node]) -> Compiled:
        return compile_nodes(nodes, (*self.parameters, *self.columns), rows=self.columns)


def _dot(directions: Sequence[Node], slopes: Sequence[Node]) -> Node:
    whole: Node = Number(0)
    for direction, slope in zip(directions, slopes, strict=True):
        whole = plus(whole, times(direction, slope))
    return whole


@lru_cache(maxsize=16)
def program_from_json(text: str) -> FitProgram:
    """Return what :meth:`FitProgram.to_json` wrote; asked again with the same text, the same program, compiled."""
    fields: dict[str, Any] = json.loads(text)
    return FitProgram(
        Formula.from_json(fields["model"]),
        tuple(fields["parameters"]),
        fields["target"],
        fields["loss"],
        fields["weight"],
        fields["least"],
    )
