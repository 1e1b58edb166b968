"""The exact least squares, told beside a descent's: by the textbook's formulas, or by the slopes there, which are 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workings.expression import at_most, equation, number, symbol
from workings.language import Message, message
from workings.subjects.regression.cholesky import least_squares_of
from workings.subjects.regression.iteration import Iterate
from workings.subjects.regression.letters import EXACT, MEAN_Y
from workings.subjects.regression.narration_steps import steepest_slope
from workings.subjects.regression.rows import fold_rows
from workings.subjects.regression.solution import LeastSquaresSolution, solve
from workings.working import Rule, digits_known, rounded_up

if TYPE_CHECKING:
    from workings.subjects.regression.explain_linear import LinearNarrator

__all__ = ["Exact", "tell_exact"]

Array = NDArray[np.float64]

# A column (or target) of less spread than this part of its size is not told by the textbook's formulas, which subtract.
_CLOSE = 1e-6


@dataclass(frozen=True, eq=False)
class Exact:
    """The exact solution as it was told.

    Parameters
    ----------
    parameters
        Shape (columns,) or with the intercept last.
    off
        How far rounding may have moved each.
    """

    parameters: Array
    off: Array


def tell_exact(told: LinearNarrator) -> Exact | None:
    """Derive the exact solution beside which a descent's end is held, in a part that is closed; None of no descent."""
    fit, w, letters = told.fit, told.w, told.letters
    state = least_squares_of(fit.rows, fold_rows(fit.rows), fit.columns, 1)
    solution = solve(state, alpha=fit.penalty, fit_intercept=letters.fit_intercept)
    if solution.rank < fit.columns and not told.penalised:
        w.note(_many_fit(fit.columns, solution.rank))
    if fit.rate is None:
        return None
    best = solution.coef[0]
    parameters = np.append(best, solution.intercept[0]) if letters.fit_intercept else best
    off = _rounding(told, solution, parameters)
    with w.part("exact", message("The exact solution, without steps"), closed=True):
        if letters.single and solution.rank == 1 and told.squares_told and told.spreads_by(_CLOSE):
            _by_the_textbook(told, parameters, off)
        else:
            _by_its_slopes(told, parameters)
    return Exact(parameters, off)


def _by_the_textbook(told: LinearNarrator, parameters: Array, off: Array) -> None:
    """How x and y vary together, divided by how x varies, is m*; with b* the line goes through both means."""
    w, letters = told.w, told.letters
    mean, squares = told.column_told()
    slope, together = letters.coefficient(EXACT), symbol("C_xy")
    w.line(
        "together",
        equation(together, told.varying_together()),
        title=message("How the column and the target vary together"),
        rule=Rule.SUM,
    )
    least = squares + symbol("α") if told.penalised else squares
    for key, rule, left, right, title in (
        ("coefficient", Rule.RATIO, slope, together / least, message("The coefficient")),
        (
            "intercept",
            Rule.DIFFERENCE,
            letters.intercept(EXACT),
            None if mean is None else MEAN_Y - slope * mean,
            message("The intercept: the line goes through both means"),
        ),
    ):
        if right is not None:
            place = int(key == "intercept")
            value, slack = float(parameters[place]), float(off[place])
            digits = max(1, digits_known(value, slack))
            w.line(f"exact_{key}", equation(left, right), value, title=title, rule=rule, absolute=slack, digits=digits)


def _by_its_slopes(told: LinearNarrator, parameters: Array) -> None:
    """Start from the solution, and see that every slope is 0 there."""
    fit, letters, w = told.fit, told.letters, told.w
    at = Iterate(EXACT, parameters[None], 0.0, np.zeros((1, len(parameters))), noise=0.0, landing=parameters[None])
    text = message("the exact solution, by an orthogonal factor of the centred columns")
    name = letters.letter(letters.slope, EXACT).name
    w.given(name, float(parameters[0]) if letters.single else parameters[: fit.columns], text)
    if letters.fit_intercept:
        w.given(letters.intercept(EXACT).name, float(parameters[-1]), message("its intercept"))
    if not letters.single:
        told.give_scores(EXACT, at.parameters[0])
    told.give_sums(EXACT, at.parameters[0])
    # The solution is rounded to floats: what that adds to each prediction stands in the slopes, times the values.
    largest = np.array([max(abs(float(one.max())), abs(float(one.min()))) for one in fit.rows.X.T])
    size = float(np.abs(fit.rows.y).max()) + float(np.abs(parameters[: fit.columns]) @ largest)
    size += abs(float(parameters[-1])) if letters.fit_intercept else 0.0
    # The slope of the intercept has no values in it but ones.
    values = max(float(letters.fit_intercept), float(largest.max()))
    off = 16.0 * float(np.finfo(float).eps) * (fit.columns + 4) * size * values
    w.claim(
        "exact_level",
        at_most(steepest_slope(told, EXACT), number(rounded_up(off))),
        title=message("Every slope is 0 there, to rounding"),
    )


def _rounding(told: LinearNarrator, solution: LeastSquaresSolution, parameters: Array) -> Array:
    r"""Return how far rounding may have moved each coefficient: :math:`c\,κ\,(‖w‖ + κ\,‖r‖)` in units of the columns.

    N. Higham (2002), *Accuracy and Stability of Numerical Algorithms*, theorem 20.1.
    """
    columns = told.fit.columns
    mean, products = told.means_and_products
    scale = np.sqrt(np.diagonal(products))
    varying = scale > 0.0
    inside = np.ix_(varying, varying)
    condition = 1.0
    if varying.any():
        condition = float(np.sqrt(np.linalg.cond(products[inside] / np.outer(scale, scale)[inside])))
    size = float(np.linalg.norm((parameters[:columns] * scale)[varying]))
    residual = float(np.sqrt(solution.squared_errors[0]))
    unit = 16.0 * np.finfo(float).eps * (columns + 4)
    each = unit * condition * (size + condition * residual) / np.where(varying, scale, np.inf)
    if not told.letters.fit_intercept:
        return each
    target = float(np.abs(told.fit.rows.y).max(initial=0.0))
    return np.append(each, float(np.abs(mean) @ each) + unit * target)


def _many_fit(columns: int, rank: int) -> Message:
    if columns == 1:
        return message(
            "The column is constant, so that no one slope fits best: the exact solution has the slope 0, and a "
            "descent ends at the first line that fits as well."
        )
    return message(
        "Of {columns} columns only {rank} {rank:is|are} independent (a constant column never is): many "
        "coefficients fit equally well. The exact solution has the least of them; a descent ends at "
        "the first that it meets.",
        columns=columns,
        rank=rank,
    )
