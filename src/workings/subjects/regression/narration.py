"""Telling a fit: the model, the cost, the chain rule, the first steps, the end. What both regressions share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.expression import (
    Node,
    absolute,
    at_least,
    at_most,
    equation,
    indexed,
    largest,
    number,
    sqrt,
    substitute,
    symbol,
    total,
)
from workings.expression.calculus import derivative
from workings.expression.calculus.combine import is_zero, times
from workings.language import Message, message
from workings.subjects.regression.iteration import Iterate
from workings.subjects.regression.letters import Letters
from workings.subjects.regression.told_fit import FIRST_STEPS, MOST_LINES, ROUNDING, Fit, told_apart
from workings.working import Derivation, Place, Rule, Table, shown

__all__ = ["Narrator", "rounded_up", "tell_arrival"]

Array = NDArray[np.float64]


class Narrator(ABC):
    """Writes the lines that both regressions share; what differs is in the methods that a subclass gives."""

    def __init__(self, fit: Fit, w: Derivation, letters: Letters) -> None:
        self.fit = fit
        self.w = w
        self.letters = letters
        self.i = symbol("i")

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

    def first_steps(self) -> None:
        """Work iterations 0, 1 and 2 with the data's numbers: the cost, the slopes, the step."""
        iterates = self.fit.first_iterates()
        if len(iterates) < 2:
            return
        self._start(iterates[0])
        for before, after in pairwise(iterates):
            title = message("Iteration {k}", k=before.number)
            with self.w.part(f"iteration_{before.number}", title):
                self._iteration(before)
                self._step(before, after)

    def _start(self, first: Iterate) -> None:
        if self.letters.single:
            self.w.given(self.letters.letter(self.letters.slope, 0).name, 0)
        if self.letters.fit_intercept:
            self.w.given(self.letters.intercept(0).name, 0)
        self._give_parameters(first)

    def _give_parameters(self, at: Iterate) -> None:
        """Several columns: the parameters of an iteration and the scores that come from them."""
        if self.letters.single:
            return
        k, columns = at.number, self.fit.columns
        self.w.given(
            self.letters.letter(self.letters.slope, k).name,
            at.parameters[0, :columns],
            message("the coefficients at iteration {k}", k=k),
        )
        if k and self.letters.fit_intercept:
            self.w.given(self.letters.intercept(k).name, float(at.parameters[0, columns]))
        self.give_scores(k, at.parameters[0])

    def give_scores(self, at: int | None, parameters: Array) -> None:
        """Several columns: start from each row's score, and see that it is the weighted sum of the row."""
        columns = self.fit.columns
        scores = product(self.fit.rows.X, parameters[:columns])
        if self.letters.fit_intercept:
            scores = scores + parameters[columns]
        size = float(np.abs(self.fit.rows.X).max(initial=0.0) * np.abs(parameters).sum() + 1.0)
        score, error = self.letters.letter(self.letters.score, at), self.letters.letter("e", at)
        self.w.given(score.name, scores, message("the weighted sum of each row"))
        self.see(f"scores_{at}", indexed(score, self.i) - self.letters.weighted_sum(at, self.i), size)
        self.w.given(error.name, self.errors(parameters, scores), message("the error of each row"))
        self.see(f"errors_{at}", indexed(error, self.i) - self.error_written_out(at), size)

    def see(self, key: str, off: Node, size: float) -> None:
        """See that something is 0 for every row, to the rounding of numbers of this size."""
        bound = number(rounded_up(ROUNDING * size))
        self.w.claim(key, at_most(largest(absolute(off), self.i, 1, symbol("n")), bound), place="sentence")

    def _iteration(self, at: Iterate) -> None:
        k, column = at.number, self.fit.steepest
        letters, w = self.letters, self.w
        w.line(
            f"cost_at_{k}",
            equation(letters.cost(k), self.cost_of(k)),
            at.cost,
            title=message("The cost"),
            brief=True,
            absolute=ROUNDING * self._highest_cost(at.cost),
        )
        places = [column, None] if letters.fit_intercept else [column]
        for place in places:
            value = at.gradient[0, -1 if place is None else place]
            w.line(
                f"slope_at_{k}_{'intercept' if place is None else place}",
                equation(letters.slope_of_cost(k, _one(place)), self.slope_of(k, _one(place))),
                float(value),
                title=self._slope_title(place),
                rule=Rule.DERIVATIVE,
                brief=True,
                absolute=self.fit.rounding(place),
            )

    def _step(self, before: Iterate, after: Iterate) -> None:
        """One step: plain, or plain and then on along the way that was come."""
        k, letters = before.number, self.letters
        places = [self.fit.steepest, None] if letters.fit_intercept else [self.fit.steepest]
        carried = not np.array_equal(after.parameters, after.landing)
        if carried:
            self._momentum(before, after)
        for place in places:
            at = -1 if place is None else place
            name = "intercept" if place is None else str(place)
            old = letters.intercept(k) if place is None else letters.coefficient(k, place + 1)
            new = letters.intercept(k + 1) if place is None else letters.coefficient(k + 1, place + 1)
            plain = old - symbol("η") * letters.slope_of_cost(k, _one(place))
            # A step carries the slope's rounding on, η times; with momentum at most three times that.
            slack = 4.0 * self._rate() * self.fit.rounding(place)
            if carried:
                landed, last = self._landing(k + 1, place), self._landing(k, place)
                value = float(after.landing[0, at])
                self.w.line(f"landing_{k + 1}_{name}", equation(landed, plain), value, rule=Rule.STEP, absolute=slack)
                plain = landed + symbol(f"β_{k}") * (landed - last)
            elif self.fit.momentum:
                landed = self._landing(k + 1, place)
                value = float(after.landing[0, at])
                self.w.line(f"landing_{k + 1}_{name}", equation(landed, plain), value, place="sentence", absolute=slack)
            step = equation(new, plain)
            self.w.line(f"step_{k + 1}_{name}", step, float(after.parameters[0, at]), rule=Rule.STEP, absolute=slack)
        self._give_parameters(after)

    def _rate(self) -> float:
        return 0.0 if self.fit.rate is None else self.fit.rate.value

    def _momentum(self, before: Iterate, after: Iterate) -> None:
        k = before.number
        t, following = symbol(f"t_{k}"), symbol(f"t_{k + 1}")
        self.w.given(f"t_{k}", before.pace, message("Nesterov's t"))
        self.w.line(f"pace_{k}", equation(following, (1 + sqrt(1 + 4 * t**2)) / 2), after.pace, place="sentence")
        self.w.line(
            f"momentum_{k}",
            equation(symbol(f"β_{k}"), (t - 1) / following),
            (before.pace - 1.0) / after.pace,
            title=message("Nesterov's momentum"),
            note=message(
                "The plain step lands at u; the step goes on from there, along the way from the last landing."
            ),
        )

    def _landing(self, k: int, place: int | None) -> Node:
        letter = self.letters.letter("u", k)
        return self.letters.letter("v", k) if place is None else letter

    def way(self) -> None:
        """Tell cost and gradient at a choice of iterations."""
        history = self.fit.history
        if history is None or len(history) < 2:
            return
        last = len(history) - 1
        chosen = sorted({k for k in (0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, last) if k <= last})
        rows = tuple((k, float(history.cost[k]), float(history.gradient_norm[k])) for k in chosen)
        columns = (symbol("k"), symbol("J"), message("largest partial derivative"))
        total_rows = len(history) if len(chosen) < len(history) else None
        self.w.table("way", Table(columns, rows, total=total_rows), title=message("The way down"))

    def _highest_cost(self, cost: float) -> float:
        """Return what a cost's rounding goes by: the cost before any step, of which a low one is what is left."""
        first = 0.0 if self.fit.history is None else float(self.fit.history.cost[0])
        return max(1.0, abs(cost), first)

    def end(self) -> None:
        """Work the cost and the gradient at the end, for each coefficient, and see that it has arrived."""
        fit, letters, w = self.fit, self.letters, self.w
        columns = fit.columns
        self._give_the_end()
        w.line(
            "cost",
            equation(letters.cost(None), self.cost_of(None)),
            fit.cost,
            title=message("The cost at the end"),
            brief=True,
            absolute=ROUNDING * self._highest_cost(fit.cost),
        )
        listed = self._listed()
        told = listed if fit.asked is None else fit.asked
        place: Place = "line" if columns <= FIRST_STEPS else "sentence"
        for column in [*told, *([None] if letters.fit_intercept else [])]:
            self._level(column, place)
        self._coefficients(listed)

    def coefficient(self, column: int) -> None:
        """See of one coefficient alone that the fit has arrived."""
        self._give_the_end()
        self._level(column, "line")

    def _level(self, column: int | None, place: Place) -> None:
        """See that the cost is level in a coefficient, or say how steep it still is."""
        fit, letters, w = self.fit, self.letters, self.w
        name = "intercept" if column is None else f"coef_{column}"
        at = fit.columns if column is None else column
        formula = self.slope_of(None, _one(column))
        if fit.status.converged:
            # The slope itself is what rounding left of a sum that cancels: it has a bound, and no digits to show.
            bound = number(self.tolerance_of(at))
            w.claim(name, at_most(absolute(formula), bound), title=self._coefficient_title(column), place=place)
            return
        w.line(
            name,
            equation(letters.slope_of_cost(None, _one(column)), formula),
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
        if history is None:
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

    def _coefficients(self, listed: Sequence[int]) -> None:
        fit, columns = self.fit, self.fit.columns
        rows: list[tuple[Any, ...]] = [(fit.names[j], float(fit.parameters[j])) for j in listed]
        if self.letters.fit_intercept:
            rows.append((message("intercept"), float(fit.parameters[columns])))
        arrived = message(
            "in every direction the cost is level here, to the tolerance asked: no small change lowers it."
        )
        self.w.table(
            "coefficients",
            Table(
                (message("column"), message("coefficient")),
                tuple(rows),
                total=columns + self.letters.fit_intercept if len(listed) < columns else None,
            ),
            title=message("The coefficients"),
            note=arrived if fit.status.converged else None,
        )

    def _listed(self) -> list[int]:
        columns = self.fit.columns
        if columns <= MOST_LINES:
            return list(range(columns))
        return sorted({*told_apart(self.fit.parameters[:columns]), *(self.fit.asked or ())})

    def _slope_title(self, column: int | None) -> Message:
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


def _one(column: int | None) -> int | None:
    """A column's index as mathematics counts it."""
    return None if column is None else column + 1


def rounded_up(value: float) -> float:
    """Return the next number above with one digit."""
    power = math.floor(math.log10(value)) if value > 0.0 else 0
    return float(f"{math.ceil(value / 10.0**power)}e{power}")
