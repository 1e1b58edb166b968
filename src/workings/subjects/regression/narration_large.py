"""Telling a fit to very many rows: from sums that were counted once, instead of from every term of every line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, absolute, at_most, equation, indexed, number, sqrt, symbol, total
from workings.language import message
from workings.once import cached_property
from workings.subjects.regression.explain_linear import LinearNarrator
from workings.subjects.regression.explain_logistic import LogisticNarrator
from workings.subjects.regression.letters import MEAN_X, MEAN_Y, Letters
from workings.subjects.regression.narration import Narrator
from workings.subjects.regression.narration_errors import sureness
from workings.subjects.regression.recount import (
    Moments,
    errors_again,
    information_again,
    log_losses_again,
    moments_again,
)
from workings.subjects.regression.told_fit import Fit
from workings.working import Derivation, Rule, rounded_up

__all__ = ["LargeLinearNarrator", "LargeLogisticNarrator"]

Array = NDArray[np.float64]


class _FromSums(Narrator):
    """What both tell alike of very many rows: they start from the means and covariances of the columns."""

    def __init__(self, fit: Fit, w: Derivation, letters: Letters) -> None:
        super().__init__(fit, w, letters)
        self.moments: Moments = moments_again(fit.rows)

    def give_rows(self) -> None:
        """Start from the number of the rows, and from the means and covariances of their columns."""
        w, letters, columns = self.w, self.letters, self.fit.columns
        mean, covariance = self.moments.mean, self.moments.covariance
        w.given("n", len(self.fit.rows.X), message("the number of rows"))
        if letters.weighted:
            w.given("S", self.moments.weight, message("the sum of the weights"), source="state")
        if letters.single:
            w.given("x̄", float(mean[0]), message("the mean of {name}", name=self.fit.names[0]), source="state")
            w.given("c_xx", float(covariance[0, 0]), message("the variance of x"), source="state")
        else:
            w.given("p", columns, message("the number of columns"))
            w.given("x̄", mean[:columns], message("the means of the columns"), source="state")
            w.given("c", covariance[:columns, :columns], message("the covariances of the columns"), source="state")
        w.note(
            message(
                "Of {count} rows not every term is worked: the lines start from sums over all rows, which were counted "
                "again for this by another way than the fit's.",
                count=len(self.fit.rows.X),
            )
        )

    def give_scores(self, at: int | None, parameters: Array) -> None:
        """Start from nothing more: no line needs each row's score."""
        del at, parameters

    def mean_square(self) -> Node:
        """Return the mean of x², from its mean and variance."""
        return symbol("c_xx") + MEAN_X**2

    def mean(self) -> Node:
        """Return the mean of x."""
        return MEAN_X

    @property
    def cross_products(self) -> Array:
        """The products of the columns about their means."""
        return self.means_and_products[1]

    def tell_column(self) -> tuple[Node | None, Node]:
        """Start from the one column's mean and the sum of its squared deviations."""
        size, squares = self.information(), symbol("M")
        mean = self.mean_letter if self.letters.fit_intercept else None
        x = self.letters.x(self.i)
        apart = x if mean is None else x - mean
        self.w.define("squares_of_column", equation(squares, self.informed(apart**2)))
        self.w.given("M", float(self.cross_products[0, 0]), message("the sum of the squares"), source="state")
        if mean is not None:
            self.give_means(1 / size * self.informed(x))
        return mean, squares

    def give_means(self, rule: Node) -> None:
        """Start from the means, where they were not given with the rows."""
        del rule

    def give_cross_products(self) -> None:
        """Several columns: start from their means and products, which were counted over all rows."""
        j, k, letter = symbol("j"), symbol("k"), self.mean_letter
        x, size = self.letters.x, self.information()
        centred = self.letters.fit_intercept
        if centred:
            self.give_means(1 / size * self.informed(x(self.i, j)))
        body = (
            (x(self.i, j) - indexed(letter, j)) * (x(self.i, k) - indexed(letter, k))
            if centred
            else x(self.i, j) * x(self.i, k)
        )
        title = message("Products of two columns")
        self.w.define("products_of_columns", equation(indexed("M", j, k), self.informed(body)), title=title)
        self.w.given("M", self.cross_products, message("the products of the columns"), source="state")

    def squares_along(self) -> Node | None:
        """Return the mean square of how far the rows lie along the steepest direction, from the covariances."""
        steep, columns = self.fit.steep, self.fit.columns
        if steep is None:
            return None
        j, k, p, v = symbol("j"), symbol("k"), symbol("p"), symbol("v")
        self.w.given("v", steep[:columns], message("the direction of the largest curvature, of length 1"))
        body = indexed(v, j) * indexed(v, k) * indexed("c", j, k)
        spread = total(total(body, k, 1, p), j, 1, p)
        along: Node = total(indexed(v, j) * indexed(MEAN_X, j), j, 1, p)
        if self.letters.fit_intercept:
            self.w.given("v_b", float(steep[columns]), message("its part for the intercept"))
            along = along + symbol("v_b")
        return spread + along**2

    def _rms(self, column: int) -> float:
        return math.sqrt(self.moments.covariance[column, column] + self.moments.mean[column] ** 2)


class LargeLinearNarrator(_FromSums, LinearNarrator):
    """The lines of a linear fit to very many rows: the cost and its slopes from means and covariances."""

    def highest_cost(self, cost: float) -> float:
        """Return what a cost's rounding goes by: no less than the mean square of the target, which it is left of."""
        mean, covariance = float(self.moments.mean[-1]), float(self.moments.covariance[-1, -1])
        return max(super().highest_cost(cost), 0.5 * (covariance + mean**2))

    @cached_property
    def means_and_products(self) -> tuple[Array, Array]:
        """The means of the columns and their products about them, from the covariances."""
        columns = self.fit.columns
        mean, covariance = self.moments.mean[:columns], self.moments.covariance[:columns, :columns]
        about = covariance if self.letters.fit_intercept else covariance + np.outer(mean, mean)
        return mean, self.moments.weight * about

    def tell_column(self) -> tuple[Node | None, Node]:
        """Derive the sum of the column's squared deviations from its variance."""
        squares, within = symbol("M"), symbol("c_xx")
        centred = self.letters.fit_intercept
        body = self.letters.size * (within if centred else within + MEAN_X**2)
        title = message("Sum of squared deviations from the mean") if centred else None
        self.w.line("squares_of_column", equation(squares, body), title=title, rule=Rule.SUM)
        return MEAN_X if centred else None, squares

    def give_rows(self) -> None:
        """Start from the moments of y too."""
        super().give_rows()
        w, columns = self.w, self.fit.columns
        mean, covariance = self.moments.mean, self.moments.covariance
        w.given("ȳ", float(mean[columns]), message("the mean of the target"), source="state")
        w.given("c_yy", float(covariance[columns, columns]), message("the variance of the target"), source="state")
        text = message("the covariance of the target with the column")
        if self.letters.single:
            w.given("c_xy", float(covariance[0, 1]), text, source="state")
        else:
            w.given("d", covariance[:columns, columns], text, source="state")

    def definitions(self) -> None:
        """Tell the cost and its slopes, and what becomes of them when the sums are multiplied out."""
        super().definitions()
        w, letters = self.w, self.letters
        column = 1 if letters.single else symbol("j")
        with w.part("expanded", message("Multiplied out, the rows stand in means and covariances alone"), closed=True):
            self._define_moments()
            w.define("cost_expanded", equation(symbol("J"), self.cost_of(None)), title=message("The cost"))
            w.define(
                "gradient_expanded",
                equation(letters.slope_of_cost(None, column), self.slope_of(None, column)),
                title=message("The slope by a coefficient"),
            )
            if letters.fit_intercept:
                w.define(
                    "gradient_expanded_intercept",
                    equation(letters.slope_of_cost(None, None), self.slope_of(None, None)),
                    title=message("The slope by the intercept"),
                )

    def _define_moments(self) -> None:
        w, letters, i = self.w, self.letters, self.i
        j, k = (1, 1) if letters.single else (symbol("j"), symbol("k"))
        x, other, y = letters.x(i, j), letters.x(i, k), letters.y(i)
        mean, second = (MEAN_X, MEAN_X) if letters.single else (indexed(MEAN_X, j), indexed(MEAN_X, k))
        within = symbol("c_xx") if letters.single else indexed("c", j, k)
        across = symbol("c_xy") if letters.single else indexed("d", j)
        means = ((mean, x, "mean_of_column"), (MEAN_Y, y, "mean_of_target"))
        for letter, body, key in means:
            w.define(key, equation(letter, letters.mean_over_rows(body)), title=message("A mean"))
        spreads = (
            (within, (x - mean) * (other - second), "covariance_of_columns"),
            (across, (x - mean) * (y - MEAN_Y), "covariance_with_target"),
            (symbol("c_yy"), (y - MEAN_Y) ** 2, "variance_of_target"),
        )
        for letter, body, key in spreads:
            w.define(key, equation(letter, letters.mean_over_rows(body)), title=message("A mean of products"))

    def cost_of(self, at: int | None) -> Node:
        """Return the cost from the moments."""
        letters = self.letters
        if letters.single:
            m = letters.coefficient(at)
            spread: Node = symbol("c_yy") - 2 * m * symbol("c_xy") + m**2 * symbol("c_xx")
        else:
            j, k, p = symbol("j"), symbol("k"), symbol("p")
            products = letters.coefficient(at, j) * letters.coefficient(at, k) * indexed("c", j, k)
            mixed = total(letters.coefficient(at, j) * indexed("d", j), j, 1, p)
            spread = symbol("c_yy") - 2 * mixed + total(total(products, k, 1, p), j, 1, p)
        return self.with_penalty((spread + self._mean_error(at) ** 2) / 2, at)

    def slope_of(self, at: int | None, column: Node | int | None) -> Node:
        """Return the slope from the moments."""
        letters, off = self.letters, self._mean_error(at)
        if column is None:
            return off
        if letters.single:
            m = letters.coefficient(at)
            slope = m * symbol("c_xx") - symbol("c_xy") + off * MEAN_X
            return slope + symbol("α") / letters.size * m if self.penalised else slope
        k = symbol("k")
        spread = total(letters.coefficient(at, k) * indexed("c", column, k), k, 1, symbol("p"))
        slope = spread - indexed("d", column) + off * indexed(MEAN_X, column)
        return slope + symbol("α") / letters.size * letters.coefficient(at, column) if self.penalised else slope

    def tolerance_of(self, column: int) -> float:
        """Return the tolerance of a column, from its mean square and the spread of the target."""
        columns = self.fit.columns
        rms = 1.0 if column == columns else self._rms(column)
        spread = math.sqrt(max(self.moments.covariance[columns, columns], 0.0))
        least = self.fit.rounding(None if column == columns else column)
        return rounded_up(max(rms * self.fit.tol * spread, least))

    def quality(self) -> None:
        """Work R², RMSE and MAE from the sums of squared and of absolute errors."""
        w, size = self.w, self.letters.size
        squares, absolutes = errors_again(self.fit.rows, self.fit.parameters, fit_intercept=self.letters.fit_intercept)
        SSE, sum_of_sizes, variance = symbol("SSE"), symbol("SAE"), symbol("c_yy")
        spread, error = float(self.moments.covariance[-1, -1]), indexed("e", self.i)
        with w.part("quality", message("How near the predictions come"), closed=self.fit.rate is not None):
            for letter, body in ((SSE, error**2), (sum_of_sizes, absolute(error))):
                w.define(f"{letter.name}_rule", equation(letter, self.letters.sum_over_rows(body)))
            w.given("SSE", squares, message("the sum of the squared errors"), source="state")
            w.given("SAE", absolutes, message("the sum of the absolute errors"), source="state")
            largest = abs(float(self.moments.mean[-1])) + math.sqrt(max(spread, 0.0))
            self.sure = sureness(largest, max(squares / self.moments.weight, 1e-300))
            self.squares_told = squares / self.moments.weight > (1e-12 * largest) ** 2
            bound = number(rounded_up(1e-10 * (largest**2 + squares / self.moments.weight)))
            plain = self.cost_of(None)
            penalty = self.penalty_of(None)
            plain = plain if penalty is None else plain - penalty
            w.claim("squares", at_most(absolute(SSE / (2 * size) - plain), bound), place="sentence")
            if spread > 0.0:
                w.line(
                    "r2",
                    equation(symbol("R²", latex="R^2"), 1 - SSE / (size * variance)),
                    title=message("Coefficient of determination (R²)"),
                    rule=Rule.RATIO,
                )
            title = message("Root mean squared error (RMSE)")
            w.line("rmse", equation(symbol("RMSE"), sqrt(SSE / size)), title=title, rule=Rule.SQUARE_ROOT)
            title = message("Mean absolute error (MAE)")
            w.line("mae", equation(symbol("MAE"), sum_of_sizes / size), title=title, rule=Rule.MEAN)

    def varying_together(self) -> Node:
        """Return the sum of the products of the column's and the target's deviations, from their covariance."""
        within = symbol("c_xy")
        return self.letters.size * (within if self.letters.fit_intercept else within + MEAN_X * MEAN_Y)

    def _mean_error(self, at: int | None) -> Node:
        """Return what the prediction for the means is off from the target's mean."""
        letters = self.letters
        if letters.single:
            predicted: Node = letters.coefficient(at) * MEAN_X
        else:
            j = symbol("j")
            predicted = total(letters.coefficient(at, j) * indexed(MEAN_X, j), j, 1, symbol("p"))
        return (predicted + letters.intercept(at) if letters.fit_intercept else predicted) - MEAN_Y


class LargeLogisticNarrator(_FromSums, LogisticNarrator):
    """The lines of a logistic fit to very many rows: the cost and its slopes from sums at each iteration told."""

    def __init__(self, fit: Fit, w: Derivation, letters: Letters) -> None:
        super().__init__(fit, w, letters)
        # By the bytes of the parameters: several iterations of one fit may stand at the same place.
        self._sums: dict[bytes, tuple[float, Array]] = {}

    def give_sums(self, at: int | None, parameters: Array) -> None:
        """Start from the sum of the losses, and of error times value for each parameter."""
        w, letters, columns = self.w, self.letters, self.fit.columns
        loss, slopes = self._sums_at(parameters)
        w.given(letters.letter("Q", at).name, loss, message("the sum of the losses of all rows"), source="state")
        text = message("the sum of error times value over all rows")
        value = float(slopes[0]) if letters.single else slopes[:columns]
        w.given(letters.letter("A", at).name, value, text, source="state")
        if letters.fit_intercept:
            text = message("the sum of the errors of all rows")
            w.given(letters.letter("B", at).name, float(slopes[columns]), text, source="state")

    def look_ahead(self) -> None:
        """Count the sums at all iterations that will be told by one look at the rows."""
        self._count([*(at.parameters[0] for at in self.fit.way_iterates()), self.fit.parameters])

    def _sums_at(self, parameters: Array) -> tuple[float, Array]:
        if parameters.tobytes() not in self._sums:
            self._count([parameters])
        return self._sums[parameters.tobytes()]

    def _count(self, places: Sequence[Array]) -> None:
        there = np.unique(np.array(places), axis=0)
        losses, slopes = log_losses_again(self.fit.rows, there, fit_intercept=self.letters.fit_intercept)
        for at, loss, slope in zip(there, losses.tolist(), slopes, strict=True):
            self._sums[at.tobytes()] = loss, slope

    def information(self) -> Node:
        """Start from the sum of what the rows tell."""
        v, V = symbol("v"), symbol("V")
        if not self._information_given:
            self._information_given = True
            self.define_information()
            self.w.define("information_sum", equation(V, total(indexed(v, self.i), self.i, 1, symbol("n"))))
            self.w.given("V", self._informed[0], message("the sum of what the rows tell"), source="state")
        return V

    def give_means(self, rule: Node) -> None:
        """Start from the means in which a row counts for what it tells."""
        letter, means = self.mean_letter, self.means_and_products[0]
        one = self.letters.single
        self.w.define("means_of_columns", equation(letter if one else indexed(letter, symbol("j")), rule))
        value = float(means[0]) if one else means
        self.w.given(letter.name, value, message("the means of the columns"), source="state")

    @cached_property
    def _informed(self) -> tuple[float, Array, Array]:
        mean = self.moments.mean[: self.fit.columns]
        return information_again(self.fit.rows, self.fit.parameters, mean, fit_intercept=self.letters.fit_intercept)

    @cached_property
    def means_and_products(self) -> tuple[Array, Array]:
        """The means of the columns and their products about them, each row with the weight of what it tells."""
        return self._informed[1], self._informed[2]

    def definitions(self) -> None:
        """Tell the log-loss and its slopes, and the letters of the sums in them."""
        super().definitions()
        w, letters, i = self.w, self.letters, self.i
        p, y, column = indexed("p", i), letters.y(i), 1 if letters.single else symbol("j")
        with w.part("sums", message("The sums in them, counted over all rows at each iteration that is told")):
            # In the letters of a row, which have no value here: these are definitions.
            loss = indexed("ℓ", i)
            w.define("sum_of_losses", equation(symbol("Q"), letters.sum_over_rows(loss)), title=message("The losses"))
            slope = symbol("A") if letters.single else indexed("A", column)
            errors = letters.sum_over_rows((p - y) * letters.x(i, column))
            w.define("sum_of_products", equation(slope, errors), title=message("Error times value"))
            if letters.fit_intercept:
                errors = letters.sum_over_rows(p - y)
                w.define("sum_of_errors", equation(symbol("B"), errors), title=message("The errors"))

    def cost_of(self, at: int | None) -> Node:
        """Return the cost from the sum of the losses."""
        return self.with_penalty(self.letters.letter("Q", at) / self.letters.size, at)

    def slope_of(self, at: int | None, column: Node | int | None) -> Node:
        """Return the slope from the sum of error times value."""
        letters = self.letters
        if column is None:
            return letters.letter("B", at) / letters.size
        summed = letters.letter("A", at)
        slope = (summed if letters.single else indexed(summed, column)) / letters.size
        return slope + letters.coefficient(at, column) / (symbol("C") * letters.size) if self.penalised else slope

    def tolerance_of(self, column: int) -> float:
        """Return the tolerance of a column, from its mean square."""
        return self.fit.tol if column == self.fit.columns else rounded_up(self.fit.tol * self._rms(column))
