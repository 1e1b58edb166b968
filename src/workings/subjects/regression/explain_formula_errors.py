"""How sure the parameters of a fit are, told: the products of the slopes, and their inverse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workings.expression import (
    Node,
    Symbol,
    absolute,
    at_most,
    equation,
    indexed,
    largest,
    number,
    sqrt,
    symbol,
    to_latex,
    total,
)
from workings.language import message
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_notation import Notation
from workings.working import Derivation, Rule, rounded_up

__all__ = ["tell_errors"]

Array = NDArray[np.float64]

# The standard errors of so many parameters are worked out entry by entry.
_WORKED = 3
# Those of so many by an inverse that is seen to be one; beyond this condition it has too few digits for that.
_MOST, _WORST = 40, 1e7


def tell_errors(w: Derivation, fit: FormulaFit, letters: Notation, slopes: Sequence[Node]) -> Mapping[str, Node]:
    """Work the standard errors, where the errors are squared and the parameters few.

    Parameters
    ----------
    w
        Where it is told.
    fit
        The fit.
    letters
        In which it is told.
    slopes
        A row's slopes by the parameters, as they were defined above.

    Returns
    -------
    Mapping[str, Node]
        The letter of each standard error; empty where they were not derived.
    """
    size, squared = len(letters.parameters), fit.loss == "squared"
    if not squared or not np.isfinite(fit.covariance).all() or fit.degrees_of_freedom <= 0:
        return {}
    inverse = _Inverse.of(w, fit, letters) if size > _WORKED else None
    if size > _WORKED and inverse is None:
        return {}
    with w.part("errors", message("How sure each number is"), closed=True):
        variance = _variance(w, fit, letters)
        if inverse is not None:
            return inverse.told(w, fit, letters, slopes, variance)
        return _by_determinants(w, fit, letters, slopes, variance)


def _variance(w: Derivation, fit: FormulaFit, letters: Notation) -> Node:
    size = len(letters.parameters)
    left = letters.count if fit.weight is None else number(fit.degrees_of_freedom + size)
    weights = letters.count if fit.weight is None else symbol("S")
    if fit.absolute_sigma:
        w.note(message("The weights are one over each row's variance, so s² is 1."))
        return number(1)
    variance = symbol("s²")
    scaled = equation(variance, weights * letters.cost / (left - size))
    w.line("variance", scaled, title=message("The errors left over, by degree of freedom"))
    return variance


def _by_determinants(
    w: Derivation, fit: FormulaFit, letters: Notation, slopes: Sequence[Node], variance: Node
) -> Mapping[str, Node]:
    size = len(slopes)
    entries: list[list[Node]] = [[number(0)] * size for _ in range(size)]
    for j in range(size):
        for k in range(j, size):
            body = slopes[j] ** 2 if j == k else slopes[j] * slopes[k]
            entries[j][k] = entries[k][j] = _entry(w, fit, letters, body, f"{j + 1}{k + 1}")
    matrix = _determinant(entries)
    if size > 1:
        # Written out within each error it would be told once for every parameter, in a fraction that no page holds.
        determinant = symbol("det")
        w.line("determinant", equation(determinant, matrix), title=message("The determinant of these"), digits=7)
        matrix = determinant
    found: dict[str, Node] = {}
    for j, (name, key) in enumerate(zip(letters.parameters, fit.parameters, strict=True)):
        minor = _determinant([[e for b, e in enumerate(row) if b != j] for a, row in enumerate(entries) if a != j])
        found[key] = _error_line(w, fit, name, key, variance * minor / matrix)
    return found


def _error_line(w: Derivation, fit: FormulaFit, name: Symbol, key: str, square: Node) -> Node:
    letter = _error_of(name)
    w.line(
        f"error_{name.name}",
        equation(letter, sqrt(square)),
        fit.standard_errors[key],
        title=message("The standard error of {name}", name=name),
        tolerance=1e-7,
    )
    return letter


@dataclass(frozen=True, eq=False)
class _Inverse:
    """The matrix of the slopes' products and its inverse, where the parameters are too many for determinants."""

    products: Array
    inverse: Array
    condition: float

    @classmethod
    def of(cls, w: Derivation, fit: FormulaFit, letters: Notation) -> _Inverse | None:
        """Return what the rows' slopes, which are given, make; None where rounding leaves too little of it."""
        given = w.build().inputs
        table = np.asarray(given[letters.slopes.name].value, np.float64)
        weight = np.ones(len(table)) if fit.weight is None else np.asarray(given[fit.weight].value, np.float64)
        products = table.T @ (weight[:, None] * table)
        scale = np.sqrt(np.diagonal(products))
        if table.shape[1] > _MOST or not (np.isfinite(scale).all() and (scale > 0.0).all()):
            return None
        alike = products / np.outer(scale, scale)
        condition = float(np.linalg.cond(alike))
        if not condition < _WORST:
            return None
        return cls(products, np.linalg.inv(alike) / np.outer(scale, scale), condition)

    def told(
        self, w: Derivation, fit: FormulaFit, letters: Notation, slopes: Sequence[Node], variance: Node
    ) -> Mapping[str, Node]:
        """Tell the matrix, that its inverse is one, and each standard error."""
        size, row = len(slopes), letters.row
        a, c, unit, D = letters.products, letters.inverse, symbol("δ"), letters.slopes
        j, k, other = symbol("j'"), symbol("k'"), symbol("l'")
        body = indexed(D, row, j) * indexed(D, row, k)
        body = body if fit.weight is None else indexed(symbol(fit.weight), row) * body
        entry = total(body, row, 1, letters.count)
        w.define(
            "entries", equation(indexed(a, j, k), entry), title=message("Slopes multiplied, added up over the rows")
        )
        w.define("inverse", equation(c, a**-1), title=message("Its inverse"))
        w.given(a.name, self.products, message("the products of the slopes"))
        w.given(c.name, self.inverse, message("the inverse of these"))
        w.given(unit.name, np.eye(size), message("1 for a parameter with itself, else 0"))
        off = absolute(indexed(a, j, k) - entry) / sqrt(indexed(a, j, j) * indexed(a, k, k))
        w.claim("entries_seen", at_most(largest(largest(off, k, 1, size), j, 1, size), number(1e-10)), place="sentence")
        # In units of the parameters: what the product of both is off from the unit matrix.
        one = absolute(total(indexed(a, j, k) * indexed(c, k, other), k, 1, size) - indexed(unit, j, other))
        one = one * sqrt(indexed(a, other, other) / indexed(a, j, j))
        bound = number(rounded_up(1e-13 * size * self.condition))
        w.claim("inverted", at_most(largest(largest(one, other, 1, size), j, 1, size), bound), place="sentence")
        return {
            key: _error_line(w, fit, name, key, variance * indexed(c, place, place))
            for place, (name, key) in enumerate(zip(letters.parameters, fit.parameters, strict=True), start=1)
        }


def _error_of(name: Symbol) -> Symbol:
    return Symbol(f"SE_{name.name}", style="upright", latex=rf"\mathrm{{SE}}_{{{to_latex(name)}}}")


def _entry(w: Derivation, fit: FormulaFit, letters: Notation, body: Node, place: str) -> Node:
    entry = symbol(f"{letters.products.name}_{place}")
    if fit.weight is not None:
        body = indexed(symbol(fit.weight), letters.row) * body
    w.line(
        f"entry_{place}",
        equation(entry, total(body, letters.row, 1, letters.count)),
        title=message("Slopes multiplied, added up over the rows"),
        rule=Rule.SUM,
    )
    return entry


def _determinant(entries: list[list[Node]]) -> Node:
    """Return the determinant of a small matrix, by its first row."""
    if not entries:
        return number(1)
    if len(entries) == 1:
        return entries[0][0]
    whole: Node | None = None
    for place, entry in enumerate(entries[0]):
        term = entry * _determinant([[e for k, e in enumerate(row) if k != place] for row in entries[1:]])
        whole = term if whole is None else whole - term if place % 2 else whole + term
    return number(0) if whole is None else whole
