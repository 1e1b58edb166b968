"""Telling a fit: the model, the cost, the chain rule, the first steps, the end. What both regressions share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.expression import (
    Node,
    Symbol,
    absolute,
    at_least,
    at_most,
    equation,
    indexed,
    largest,
    number,
    substitute,
    symbol,
    total,
)
from workings.expression.calculus import derivative
from workings.expression.calculus.combine import is_zero, times
from workings.language import Message, message
from workings.once import cached_property
from workings.subjects.regression.iteration import Iterate
from workings.subjects.regression.letters import Letters
from workings.subjects.regression.narration_cost import tell_cost
from workings.subjects.regression.narration_errors import SURE, give_cross_products, means_and_products, tell_column
from workings.subjects.regression.told_fit import FIRST_STEPS, MOST_LINES, ROUNDING, Fit, told_apart
from workings.working import Derivation, Place, Rule, rounded_up, shown

__all__ = ["Narrator", "one", "tell_arrival"]

Array = NDArray[np.float64]


class Narrator(ABC):
    """Writes the lines that both regressions share; what differs is in the methods that a subclass gives."""

    def __init__(self, fit: Fit, w: Derivation, letters: Letters) -> None:
        self.fit = fit
        self.w = w
        self.letters = letters
        self.i = symbol("i")
        self.placed: set[int] = set()
        self._column: tuple[Node | None, Node] | None = None
        self.sure = SURE

    @abstractmethod
    def give_penalty(self) -> None:
        """Start from the penalty's strength, where there is a penalty."""

    @abstractmethod
    def definitions(self) -> None:
        """Tell the model, the cost, and the slopes by the chain rule."""

    @abstractmethod
    def cost_of(self, at: int | None) -> Node:
        """Return the cost in the row scores of an iteration."""

    @abstractmethod
    def error_written_out(self, at: int | None) -> Node:
        """Return a row's prediction less its truth."""

    @abstractmethod
    def predictions(self, scores: Array) -> Array:
        """Return what the model predicts from the rows' scores."""

    @abstractmethod
    def penalty_of(self, at: int | None) -> Node | None:
        """Return what the penalty adds to the cost, None for nothing."""

    @abstractmethod
    def slope_by_score(self) -> Node:
        """Derive the slope of a row's cost by its weighted sum, in the letter of its error."""

    @abstractmethod
    def tolerance_of(self, column: int) -> float:
        """Return a bound of the partial derivative at the end (the last is the intercept's)."""

    @property
    @abstractmethod
    def mean_letter(self) -> Symbol:
        """The letter of a column's mean, each row with the weight of what it tells."""

    @abstractmethod
    def has_errors(self) -> bool:
        """Whether what the predictions leave over is more than rounding, so that standard errors have digits."""

    @abstractmethod
    def residual_variance(self) -> Node | None:
        """Derive what the errors leave over by degree of freedom; None where the model says how they scatter."""

    @abstractmethod
    def information(self) -> Node:
        """Start from how much each row tells; return the letter of the sum."""

    @abstractmethod
    def informed(self, body: Node) -> Node:
        """Return the sum over the rows of something times how much each row tells."""

    @property
    @abstractmethod
    def row_information(self) -> Array:
        """How much each row tells, shape (rows,)."""

    @cached_property
    def means_and_products(self) -> tuple[Array, Array]:
        """The means of the columns and their products about them, each row with the weight of what it tells."""
        X = np.asarray(self.fit.rows.X, np.float64)
        return means_and_products(X, self.row_information, centred=self.letters.fit_intercept)

    @property
    def cross_products(self) -> Array:
        """The products of the columns about their means, shape (columns, columns)."""
        return self.means_and_products[1]

    def column_told(self) -> tuple[Node | None, Node]:
        """Derive the one column's mean (None without an intercept) and the sum of its squared deviations, once."""
        if self._column is None:
            self._column = self.tell_column()
        return self._column

    def tell_column(self) -> tuple[Node | None, Node]:
        """Derive the one column's mean and the sum of its squared deviations."""
        return tell_column(self, self.row_information, self.information())

    def give_cross_products(self) -> None:
        """Several columns: start from their means and products."""
        give_cross_products(self, self.means_and_products[0], self.information())

    def errors(self, parameters: Array, scores: Array) -> Array:
        """Return the errors of the rows, which have these scores at these parameters."""
        del parameters
        return self.predictions(scores) - self.fit.rows.y

    def error_of(self, at: int | None) -> Node:
        """Return a row's error as it stands in further formulas: written out for one column, else by its letter."""
        return self.error_written_out(at) if self.letters.single else indexed(self.letters.letter("e", at), self.i)

    def slope_of(self, at: int | None, column: Node | int | None) -> Node:
        """Return the gradient's formula for a column, or for the intercept: the chain rule's."""
        return self.chained(substitute(self.slope_by_score(), {indexed("e", self.i): self.error_of(at)}), at, column)

    def chained(self, by_score: Node, at: int | None, column: Node | int | None) -> Node:
        """Return the mean of a row's slope by its score, times that of the score by a parameter; and the penalty's."""
        letters = self.letters
        variable = letters.intercept(at) if column is None else letters.coefficient(at, column)
        slope = letters.mean_over_rows(times(by_score, derivative(letters.weighted_sum(at, self.i), variable)))
        penalty = self.penalty_of(at)
        extra = None if penalty is None else derivative(penalty, variable)
        return slope if extra is None or is_zero(extra) else slope + extra

    def with_penalty(self, cost: Node, at: int | None) -> Node:
        """Return a cost with the penalty added."""
        penalty = self.penalty_of(at)
        return cost if penalty is None else cost + penalty

    def sum_of_squares(self, at: int | None) -> Node:
        """Return the sum of the squared coefficients."""
        if self.letters.single:
            return self.letters.coefficient(at) ** 2
        j = symbol("j")
        return total(self.letters.coefficient(at, j) ** 2, j, 1, symbol("p"))

    def give_rows(self) -> None:
        """Start from the rows."""
        rows, w = self.fit.rows, self.w
        w.given("n", len(rows.X), message("the number of rows"))
        if self.letters.single:
            w.given("x", rows.X[:, 0], message("the column {name}", name=self.fit.names[0]))
        else:
            w.given("p", self.fit.columns, message("the number of columns"))
            w.given("x", rows.X, message("the values, a row for each row and a column for each column"))
        w.given("y", rows.y, message("the target of each row"))
        if rows.weight is not None:
            w.given("s", rows.weight, message("the weight of each row"))
            size = equation(symbol("S"), total(indexed("s", self.i), self.i, 1, symbol("n")))
            w.line("weight", size, title=message("The sum of the weights"), rule=Rule.SUM)

    def added_to_squares(self) -> Node | None:
        """Return what the penalty adds to the curvature in the coefficient, where it does so here."""
        return None

    def give_parameters(self, at: Iterate) -> None:
        """Several columns: start from the parameters of an iteration, and the scores that come from them."""
        if self.letters.single:
            self.placed.add(at.number)
            return
        k, columns = at.number, self.fit.columns
        self.placed.add(k)
        self.w.given(
            self.letters.letter(self.letters.slope, k).name,
            at.parameters[0, :columns],
            message("the coefficients at iteration {k}", k=k),
        )
        if k and self.letters.fit_intercept:
            self.w.given(self.letters.intercept(k).name, float(at.parameters[0, columns]))
        self.give_scores(k, at.parameters[0])

    def look_ahead(self) -> None:  # noqa: B027 -- there is nothing to do where lines are told from the rows
        """Do at once what is needed at all iterations that will be told."""

    def give_sums(self, at: int | None, parameters: Array) -> None:
        """Start from sums over the rows at the parameters of an iteration, where the lines are told from such."""
        del at, parameters

    def mean_square(self) -> Node:
        """Return the mean of x², of one column."""
        return self.letters.mean_over_rows(self.letters.x(self.i) ** 2)

    def mean(self) -> Node:
        """Return the mean of x, of one column."""
        return self.letters.mean_over_rows(self.letters.x(self.i))

    def squares_along(self) -> Node | None:
        """Return the mean square of how far the rows lie along the steepest direction; None where that is not told."""
        steep, columns, rows, j = self.fit.steep, self.fit.columns, self.fit.rows, symbol("j")
        if steep is None:
            return None
        along, direction = product(rows.X, steep[:columns]), symbol("v")
        self.w.given("v", steep[:columns], message("the direction of the largest curvature, of length 1"))
        body: Node = total(indexed(direction, j) * self.letters.x(self.i, j), j, 1, symbol("p"))
        if self.letters.fit_intercept:
            self.w.given("v_b", float(steep[columns]), message("its part for the intercept"))
            along, body = along + steep[columns], body + symbol("v_b")
        self.w.given("r", along, message("how far each row lies along it"))
        size = float(np.abs(rows.X).max(initial=0.0) * math.sqrt(columns) + np.abs(steep[columns:]).sum())
        self.see("along", indexed("r", self.i) - body, size)
        return self.letters.mean_over_rows(indexed("r", self.i) ** 2)

    def give_scores(self, at: int | None, parameters: Array) -> None:
        """Several columns: start from each row's score, and see that it is the weighted sum of the row."""
        columns = self.fit.columns
        scores = product(self.fit.rows.X, parameters[:columns])
        if self.letters.fit_intercept:
            scores = scores + parameters[columns]
        rows = self.fit.rows
        size = float(np.abs(rows.X).max(initial=0.0) * np.abs(parameters[:columns]).sum())
        size += float(np.abs(rows.y).max() + np.abs(parameters[columns:]).sum())
        score, error = self.letters.letter(self.letters.score, at), self.letters.letter("e", at)
        self.w.given(score.name, scores, message("the weighted sum of each row"))
        self.see(f"scores_{at}", indexed(score, self.i) - self.letters.weighted_sum(at, self.i), size)
        self.w.given(error.name, self.errors(parameters, scores), message("the error of each row"))
        self.see(f"errors_{at}", indexed(error, self.i) - self.error_written_out(at), size)

    def see(self, key: str, off: Node, size: float) -> None:
        """See that something is 0 for every row, to the rounding of numbers of this size."""
        bound = number(rounded_up(ROUNDING * size))
        self.w.claim(key, at_most(largest(absolute(off), self.i, 1, symbol("n")), bound), place="sentence")

    def step_rounding(self, column: int | None) -> float:
        """Return how far rounding may have moved where a step led, None for the intercept.

        A step carries the slope's rounding on, η times; with momentum at most three times that.
        """
        rate = 0.0 if self.fit.rate is None else self.fit.rate.value
        return 4.0 * rate * self.fit.rounding(column)

    @property
    def left_by_cancelling(self) -> float:
        """How far rounding may move the error of a row, which is what is left of a prediction and a truth."""
        return 0.0

    def highest_cost(self, cost: float) -> float:
        """Return what a cost's rounding goes by: the cost before any step, of which a low one is what is left."""
        first = 0.0 if self.fit.history is None or not self.fit.alone else float(self.fit.history.cost[0])
        return max(abs(cost), first)

    def end(self) -> None:
        """Work the cost and the gradient at the end, for each coefficient, and see that it has arrived."""
        fit, letters = self.fit, self.letters
        self._give_the_end()
        told = self.listed if fit.asked is None else fit.asked
        place: Place = "line" if fit.columns <= FIRST_STEPS else "sentence"
        # Of a descent the last row of its way says the same.
        with self.w.part("end", message("At the end"), closed=fit.rate is not None):
            tell_cost(self, "cost", message("The cost at the end"), None, fit.cost)
            for column in [*told, *([None] if letters.fit_intercept else [])]:
                self._level(column, place)

    def coefficient(self, column: int) -> None:
        """See of one coefficient alone that the fit has arrived."""
        self._give_the_end()
        self._level(column, "line")

    def _level(self, column: int | None, place: Place) -> None:
        """See that the cost is level in a coefficient, or say how steep it still is."""
        fit, letters, w = self.fit, self.letters, self.w
        name = "intercept" if column is None else f"coef_{column}"
        at = fit.columns if column is None else column
        formula = self.slope_of(None, one(column))
        if fit.status.converged:
            # The slope itself is what rounding left of a sum that cancels: it has a bound, and no digits to show.
            bound = number(self.tolerance_of(at))
            w.claim(name, at_most(absolute(formula), bound), title=self._coefficient_title(column), place=place)
            return
        w.line(
            name,
            equation(letters.slope_of_cost(None, one(column)), formula),
            float(fit.gradient[at]),
            title=self._coefficient_title(column),
            rule=Rule.DERIVATIVE,
            note=message("The fit ended before the cost was level in it: this is the slope that is left."),
            brief=True,
            absolute=fit.rounding(column),
            digits=3,
            place=place,
        )

    def iterations(self) -> None:
        """Count the steps: one less than the costs that were noted on the way."""
        history, w = self.fit.history, self.w
        if history is None or not self.fit.alone:
            return
        w.given("N", len(history), message("how many costs were noted, from the start to the end"))
        steps = equation(symbol("K"), symbol("N") - 1)
        w.line("iterations", steps, len(history) - 1, title=message("Steps taken"), place="sentence")
        tolerances = [self.tolerance_of(column) for column in range(len(self.fit.parameters))]
        tell_arrival(w, float(history.gradient_norm[-1]), tolerances, arrived=self.fit.status.converged)

    def _give_the_end(self) -> None:
        fit, letters, w = self.fit, self.letters, self.w
        if letters.single:
            w.given(letters.slope, float(fit.parameters[0]), self._coefficient_title(0))
        else:
            w.given(letters.slope, fit.parameters[: fit.columns], message("the coefficients"))
        if letters.fit_intercept:
            w.given("b", float(fit.parameters[fit.columns]), message("the intercept"))
        if not letters.single:
            self.give_scores(None, fit.parameters)
        self.give_sums(None, fit.parameters)

    @property
    def listed(self) -> list[int]:
        """The columns that have a row in the table of the coefficients."""
        columns = self.fit.columns
        if columns <= MOST_LINES:
            return list(range(columns))
        return sorted({*told_apart(self.fit.parameters[:columns]), *(self.fit.asked or ())})

    def slope_title(self, column: int | None) -> Message:
        """Return what the slope of a column is called, or that of the intercept."""
        if column is None:
            return message("The slope for the intercept")
        return message("The slope for {column}", column=self.fit.names[column])

    def _coefficient_title(self, column: int | None) -> Message:
        if column is None:
            return message("The intercept, {value}", value=shown(float(self.fit.parameters[-1])))
        return message(
            "The coefficient of {column}, {value}",
            column=self.fit.names[column],
            value=shown(float(self.fit.parameters[column])),
        )


def tell_arrival(w: Derivation, slope: float, tolerances: Sequence[float], *, arrived: bool) -> None:
    """Hold the largest partial derivative at the end, as the descent noted it, against the tolerance asked."""
    G = symbol("G")
    w.given("G", slope, message("the largest partial derivative at the end, as the descent noted it"), source="state")
    title = message("The largest partial derivative at the end")
    if arrived:
        w.claim("arrived", at_most(G, number(max(tolerances))), title=title, digits=3, place="sentence")
    else:
        w.claim("arrived", at_least(G, 0), title=title, digits=3, place="sentence")


def one(column: int | None) -> int | None:
    """A column's index as mathematics counts it."""
    return None if column is None else column + 1
