"""How sure the parameters of a fit are, told: the matrix of the slopes, and its inverse by determinants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workings.expression import Node, Symbol, equation, indexed, number, sqrt, symbol, to_latex, total
from workings.language import message
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_notation import Notation
from workings.working import Derivation, Rule

__all__ = ["tell_errors"]

# The standard errors of so many parameters are worked out entry by entry.
_WORKED = 3


def tell_errors(w: Derivation, fit: FormulaFit, letters: Notation, slopes: Sequence[Node]) -> None:
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
    """
    size = len(letters.parameters)
    worked = size <= _WORKED and fit.loss == "squared"
    if not worked or not np.isfinite(fit.covariance).all() or fit.degrees_of_freedom <= 0:
        return
    with w.part("errors", message("How sure each number is")):
        left = letters.count if fit.weight is None else number(fit.degrees_of_freedom + size)
        weights = letters.count if fit.weight is None else symbol("S")
        variance = symbol("s²")
        scaled = equation(variance, weights * letters.cost / (left - size))
        if fit.absolute_sigma:
            w.note(message("The weights are one over each row's variance, so s² is 1."))
        else:
            w.line("variance", scaled, title=message("The errors left over, by degree of freedom"))
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
        for j, name in enumerate(letters.parameters):
            minor = _determinant([[e for b, e in enumerate(row) if b != j] for a, row in enumerate(entries) if a != j])
            size_of = number(1) if fit.absolute_sigma else variance
            w.line(
                f"error_{name.name}",
                equation(_error_of(name), sqrt(size_of * minor / matrix)),
                fit.standard_errors[name.name],
                title=message("The standard error of {name}", name=name),
                tolerance=1e-7,
            )


def _error_of(name: Symbol) -> Symbol:
    return Symbol(f"SE_{name.name}", style="upright", latex=rf"\mathrm{{SE}}_{{{to_latex(name)}}}")


def _entry(w: Derivation, fit: FormulaFit, letters: Notation, body: Node, place: str) -> Node:
    entry = symbol(f"A_{place}")
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
