"""How sure each coefficient is, told: from the spread of the columns, and from what the predictions leave over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import one_blas_thread
from workings.expression import Node, absolute, at_most, equation, indexed, largest, number, sqrt, symbol, total
from workings.language import message
from workings.subjects.regression.explain_spread import tell_spread
from workings.working import Derived, Rule, Table, digits_known, rounded_up

if TYPE_CHECKING:
    from workings.subjects.regression.narration import Narrator

__all__ = ["SURE", "give_cross_products", "means_and_products", "sureness", "tell_column", "tell_errors"]

Array = NDArray[np.float64]

SURE = 1e-7
"""How far, as a part of it, a standard error may lie from what its formula gives."""
# Beyond this condition of the columns' correlations an inverse has fewer digits than that.
_WORST = 1e7
# The inverse of so many columns is seen to be one, which takes the square of their number for each row.
_MOST_COLUMNS = 64


def tell_errors(told: Narrator) -> Sequence[Node]:
    """Derive the standard errors, in a part that is closed.

    Returns
    -------
    sequence of Node
        Their letters, one a column and the intercept's last; none where there are none, or rounding leaves none.
    """
    fit, w, letters = told.fit, told.w, told.letters
    count, errors = len(fit.parameters), fit.standard_errors
    if errors is None or not np.isfinite(errors[:count]).all() or not (errors[:count] > 0.0).all():
        return ()
    if not told.has_errors() or (not letters.single and not _can_be_inverted(told)):
        return ()
    with w.part("errors", message("How sure each coefficient is: the standard errors"), closed=True):
        variance = told.residual_variance()
        size = told.information()
        if letters.single:
            return _of_one_column(told, variance, size, errors)
        return _of_several(told, variance, size, errors)


def _of_one_column(told: Narrator, variance: Node | None, size: Node, errors: Array) -> Sequence[Node]:
    w, letters = told.w, told.letters
    mean, squares = told.column_told()
    over = number(1) if variance is None else variance
    coefficient = symbol(f"SE_{letters.slope}")
    w.line(
        "error_of_coefficient",
        equation(coefficient, sqrt(over / squares)),
        float(errors[0]),
        title=message("The standard error of the coefficient"),
        rule=Rule.SQUARE_ROOT,
        tolerance=told.sure,
        digits=_digits(told),
        note=message("The farther apart the values of the column lie, the surer the slope is."),
    )
    if mean is None:
        return (coefficient,)
    intercept = symbol("SE_b")
    inside = 1 / size + mean**2 / squares
    w.line(
        "error_of_intercept",
        equation(intercept, sqrt(inside if variance is None else variance * inside)),
        float(errors[1]),
        title=message("The standard error of the intercept"),
        rule=Rule.SQUARE_ROOT,
        tolerance=told.sure,
        digits=_digits(told),
    )
    return coefficient, intercept


def _of_several(told: Narrator, variance: Node | None, size: Node, errors: Array) -> Sequence[Node]:
    w, letters, columns = told.w, told.letters, told.fit.columns
    told.give_cross_products()
    correlations, scale = _correlations(told)
    inverse = np.linalg.inv(correlations) / np.outer(scale, scale)
    j, k, c, p = symbol("j"), symbol("k"), symbol("l"), symbol("p")
    w.given("D", inverse, message("the inverse of M"))
    w.given("E", np.eye(columns), message("1 for a column with itself, else 0"))
    w.define("inverse", equation(symbol("D"), symbol("M") ** -1), title=message("Its inverse"))
    # In units of the columns: what M D is off from the unit matrix.
    off = absolute(total(indexed("M", j, k) * indexed("D", k, c), k, 1, p) - indexed("E", j, c))
    apart = largest(largest(off * sqrt(indexed("M", c, c) / indexed("M", j, j)), c, 1, p), j, 1, p)
    w.claim(
        "inverted", at_most(apart, number(rounded_up(1e-13 * columns * np.linalg.cond(correlations)))), place="sentence"
    )
    found = [indexed("SE", place + 1) for place in range(columns)]

    def rule(place: Node | int) -> Node:
        entry = indexed("D", place, place)
        return sqrt(entry if variance is None else variance * entry)

    w.define("error_rule", equation(indexed("SE", j), rule(j)), title=message("The standard error of a coefficient"))
    rows = tuple(
        (
            told.fit.names[place],
            Derived(float(inverse[place, place]), indexed("D", place + 1, place + 1)),
            Derived(
                float(errors[place]),
                equation(found[place], rule(place + 1)),
                told.sure * float(errors[place]),
                _digits(told),
            ),
        )
        for place in told.listed
    )
    heads = (message("column"), indexed("D", j, j), indexed("SE", j))
    w.table(
        "errors_of_coefficients",
        Table(heads, rows, total=columns if len(rows) < columns else None),
        title=message("The standard errors"),
    )
    if not letters.fit_intercept:
        return found
    mean, intercept = told.mean_letter, symbol("SE_b")
    inner = indexed(mean, j) * indexed("D", j, k) * indexed(mean, k)
    inside = 1 / size + total(total(inner, k, 1, p), j, 1, p)
    w.line(
        "error_of_intercept",
        equation(intercept, sqrt(inside if variance is None else variance * inside)),
        float(errors[columns]),
        title=message("The standard error of the intercept"),
        rule=Rule.SQUARE_ROOT,
        tolerance=told.sure,
        digits=_digits(told),
        folded=True,
    )
    return [*found, intercept]


def sureness(size: float, mean_square: float) -> float:
    """Return how far a standard error may lie from its formula, by a mean square of errors of numbers of this size.

    A factor of the columns leaves of errors what is more than the rounding of the numbers.
    """
    return max(SURE, 64.0 * float(np.finfo(float).eps) * size / np.sqrt(mean_square))


def _digits(told: Narrator) -> int:
    return max(1, digits_known(1.0, told.sure))


def _can_be_inverted(told: Narrator) -> bool:
    if told.fit.columns > _MOST_COLUMNS:
        return False
    correlations, _ = _correlations(told)
    return bool(np.isfinite(correlations).all()) and float(np.linalg.cond(correlations)) < _WORST


def _correlations(told: Narrator) -> tuple[Array, Array]:
    """Return the products of the columns in units of each, and the units."""
    scale = np.sqrt(np.diagonal(told.cross_products))
    with np.errstate(divide="ignore", invalid="ignore"):
        return told.cross_products / np.outer(scale, scale), scale


def tell_column(told: Narrator, weight: Array | None, size: Node) -> tuple[Node | None, Node]:
    """Derive the mean of the one column and the sum of its squared deviations, each row with its weight.

    Returns
    -------
    tuple of Node
        Their letters; without an intercept None, and the sum of the squares themselves.
    """
    x = told.letters.x(told.i)
    values = np.asarray(told.fit.rows.X[:, 0], np.float64)
    squares = symbol("M")
    if not told.letters.fit_intercept:
        told.w.line("squares_of_column", equation(squares, told.informed(x**2)), rule=Rule.SUM)
        return None, squares
    tell_spread(
        told.w,
        values,
        weight,
        keys=("mean_of_column", "squares_of_column"),
        mean=told.mean_letter,
        y_i=x,
        mean_of=lambda body: 1 / size * told.informed(body),
        sum_of=told.informed,
        spread=squares,
        origin=symbol("o_x"),
    )
    return told.mean_letter, squares


def means_and_products(X: Array, weight: Array, *, centred: bool) -> tuple[Array, Array]:
    """Return the means of columns (0 unless ``centred``) and their products about them, each row with its weight."""
    with one_blas_thread():
        mean = weight @ X / weight.sum() if centred else np.zeros(X.shape[1])
        apart = X - mean
        return mean, apart.T @ (weight[:, None] * apart)


def give_cross_products(told: Narrator, mean: Array, size: Node) -> None:
    """Start from the columns' means and their products about them, and see that the rows have these."""
    w, i, j, k, p = told.w, told.i, symbol("j"), symbol("k"), symbol("p")
    x, letter, centred = told.letters.x, told.mean_letter, told.letters.fit_intercept
    apart_j, apart_k = (x(i, j) - indexed(letter, j), x(i, k) - indexed(letter, k)) if centred else (x(i, j), x(i, k))
    body = told.informed(apart_j * apart_k)
    if centred:
        w.given(letter.name, mean, message("the means of the columns"))
        w.define("means_of_columns", equation(indexed(letter, j), 1 / size * told.informed(x(i, j))))
    w.given("M", told.cross_products, message("the products of the columns"))
    w.define("products_of_columns", equation(indexed("M", j, k), body), title=message("Products of two columns"))
    own = sqrt(indexed("M", j, j))
    if centred:
        off = absolute(indexed(letter, j) - 1 / size * told.informed(x(i, j)))
        part = off / (absolute(indexed(letter, j)) + own / sqrt(size))
        w.claim("means_seen", at_most(largest(part, j, 1, p), number(1e-11)), place="sentence")
    off = absolute(indexed("M", j, k) - body) / (own * sqrt(indexed("M", k, k)))
    w.claim("products_seen", at_most(largest(largest(off, k, 1, p), j, 1, p), number(1e-10)), place="sentence")
