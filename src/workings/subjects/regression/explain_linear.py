"""Linear regression, told: the squared errors, their slopes by the chain rule, the descent, and the exact solution."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, Symbol, absolute, at_most, equation, indexed, number, partial, sqrt, symbol
from workings.expression.calculus import derivative, simplify
from workings.language import message
from workings.subjects.regression.explain_spread import tell_spread
from workings.subjects.regression.letters import MEAN_X, MEAN_Y
from workings.subjects.regression.narration import Narrator
from workings.subjects.regression.narration_errors import sureness
from workings.subjects.regression.narration_rate import tell_largest_eigenvalue, tell_learning_rate
from workings.subjects.regression.nearness import errors_of
from workings.working import Rule, digits_known, rounded_up

__all__ = ["LinearNarrator"]

Array = NDArray[np.float64]

_TITLES = message("Root mean squared error (RMSE)"), message("Mean absolute error (MAE)")


class LinearNarrator(Narrator):
    """The lines of a linear fit."""

    squares_told = False

    @property
    def penalised(self) -> bool:
        """Whether there is a penalty."""
        return self.fit.penalty > 0.0

    def give_penalty(self) -> None:
        """Start from α."""
        if self.penalised:
            self.w.given("α", self.fit.penalty, message("the strength of the penalty"))

    def cost_of(self, at: int | None) -> Node:
        """Return half the mean squared error, and the penalty."""
        return self.with_penalty(self._half_mean(self.error_of(at) ** 2), at)

    def error_written_out(self, at: int | None) -> Node:
        """Return the prediction less the truth."""
        return self.letters.row_score(at, self.i) - self.letters.y(self.i)

    def predictions(self, scores: Array) -> Array:
        """Return the scores themselves."""
        return scores

    def penalty_of(self, at: int | None) -> Node | None:
        """Return α Σ w² / (2 n)."""
        return symbol("α") / (2 * self.letters.size) * self.sum_of_squares(at) if self.penalised else None

    def slope_by_score(self) -> Node:
        """Return the slope of e²/2 by e: an error changes as its score does."""
        error = indexed("e", self.i)
        return derivative(error**2 / 2, error)

    def tolerance_of(self, column: int) -> float:
        """Return the tolerance of a column: relative to the most that its slope can be, and no less than rounding."""
        X, y, weight = self.fit.rows.X, self.fit.rows.y, self.fit.rows.weight
        rms = 1.0 if column == self.fit.columns else float(np.sqrt(np.average(X[:, column] ** 2, weights=weight)))
        spread = float(np.sqrt(np.average((y - np.average(y, weights=weight)) ** 2, weights=weight)))
        least = self.fit.rounding(None if column == self.fit.columns else column)
        return rounded_up(max(rms * self.fit.tol * spread, least))

    @property
    def mean_letter(self) -> Symbol:
        """The letter of a column's mean."""
        return MEAN_X

    @property
    def left_by_cancelling(self) -> float:
        """How far rounding may move the error of a row."""
        return 4.0 * float(np.finfo(float).eps) * self.fit.size

    def highest_cost(self, cost: float) -> float:
        """Return what a cost's rounding goes by: where sums of products gave it, no less than the target's own."""
        highest = super().highest_cost(cost)
        if self.fit.rate is None:
            return highest
        return max(
            highest, 0.5 * float(np.average(self.fit.rows.y.astype(np.float64) ** 2, weights=self.fit.rows.weight))
        )

    def has_errors(self) -> bool:
        """Whether the squared errors were told, which of a perfect fit they are not."""
        return self.squares_told

    def residual_variance(self) -> Node:
        """Derive s², the sum of squared errors by degree of freedom."""
        weight, count, parameters = self.fit.rows.weight, symbol("n"), len(self.fit.parameters)
        if weight is not None:
            count = symbol("n_s")
            rows = int(np.count_nonzero(weight))
            self.w.given(count.name, rows, message("the rows that have a weight"))
        variance = symbol("s²")
        self.w.line(
            "residual_variance",
            equation(variance, symbol("SSE") / (count - parameters)),
            title=message("The errors left over, by degree of freedom"),
            rule=Rule.RATIO,
        )
        return variance

    def information(self) -> Node:
        """Return the number of rows, or the sum of their weights: a row tells as much as its weight."""
        return self.letters.size

    def informed(self, body: Node) -> Node:
        """Return the sum over the rows, weighted where they have weights."""
        return self.letters.sum_over_rows(body)

    @property
    def row_information(self) -> Array:
        """The weights, or ones."""
        return np.ones(len(self.fit.rows.X)) if self.fit.rows.weight is None else self.fit.rows.weight

    def definitions(self) -> None:
        """Tell the model, the cost, and the slopes by the chain rule."""
        w, letters, i = self.w, self.letters, self.i
        column = 1 if letters.single else symbol("j")
        guess, error, y = indexed("ŷ", i), indexed("e", i), letters.y(i)
        prediction = letters.weighted_sum(None, i)
        w.define("model", equation(guess, prediction), title=message("The prediction for a row"))
        w.define("error", equation(error, guess - y), title=message("Its error"))
        w.define(
            "cost_rule",
            equation(symbol("J"), self.with_penalty(self._half_mean(error**2), None)),
            title=message("The cost: half the mean squared error"),
        )
        weight = letters.coefficient(None, column)
        with w.part("chain_rule", message("The slopes, by the chain rule")):
            by_error = derivative(error**2, error)
            by_weight = derivative(prediction - y, weight)
            w.define(
                "chain_square", equation(partial(error**2, error), by_error), title=message("The square by the error")
            )
            w.define(
                "chain_error", equation(partial(error, weight), by_weight), title=message("The error by a coefficient")
            )
            halved = simplify(by_error / 2).node
            w.define(
                "gradient_rule",
                equation(letters.slope_of_cost(None, column), self.chained(halved, None, column)),
                title=message("Multiplied; the 2s cancel"),
            )
            if letters.fit_intercept:
                w.define(
                    "gradient_rule_intercept",
                    equation(letters.slope_of_cost(None, None), self.chained(halved, None, None)),
                    title=message("For the intercept x is 1"),
                )
        w.convention(
            message("The factor in J"),
            message("the mean of the squares is halved, so that the slope has no factor 2"),
            message("without the half J and every slope double, and the coefficients stay as they are"),
        )

    def rate(self) -> None:
        """Tell why a step is as long as it is; of an exact solution, how it is found."""
        if self.fit.rate is None:
            letters = self.letters
            level = equation(letters.slope_of_cost(None, 1 if letters.single else symbol("j")), number(0))
            self.w.define(
                "normal_equations",
                level,
                title=message("Where the cost is least every slope is 0"),
                note=message(
                    "The slopes are linear in the coefficients: as many equations as unknowns, solved at once."
                ),
            )
        tell_learning_rate(self, lambda: tell_largest_eigenvalue(self))

    def added_to_squares(self) -> Node | None:
        """Return α/n."""
        return symbol("α") / self.letters.size if self.penalised else None

    def quality(self) -> None:
        """Work R², RMSE and MAE on these rows."""
        w, letters, i = self.w, self.letters, self.i
        rows = self.fit.rows
        error, y = self.error_of(None), letters.y(i)
        weight = np.ones(len(rows.X)) if rows.weight is None else rows.weight
        squares, spread = symbol("SSE"), symbol("SST")
        off = self._errors()
        sse = math.fsum(weight * off**2)
        size = self.fit.size
        with w.part("quality", message("How near the predictions come"), closed=self.fit.rate is not None):
            if sse / self.fit.weight <= (1e-12 * size) ** 2:
                self._no_errors(letters.sum_over_rows(error**2), size)
                return
            sst = tell_spread(
                w,
                rows.y.astype(np.float64),
                rows.weight,
                keys=("mean_y", "squared_deviations"),
                mean=MEAN_Y,
                y_i=y,
                mean_of=letters.mean_over_rows,
                sum_of=letters.sum_over_rows,
            )
            left = self.left_by_cancelling * math.sqrt(self.fit.weight)
            off_squares = 1e-20 * sst + left * (2.0 * math.sqrt(sse) + left)
            w.line(
                "squared_errors",
                equation(squares, letters.sum_over_rows(error**2)),
                sse,
                title=message("Sum of squared errors"),
                rule=Rule.SUM,
                absolute=off_squares,
                digits=max(1, digits_known(sse, off_squares)),
            )
            if sst > 0.0 and abs(sst - sse) <= 1e-12 * sst:
                nothing = at_most(absolute(1 - squares / spread), number(1e-11))
                w.claim("r2", nothing, title=message("Coefficient of determination (R²)"))
            elif sst > 0.0:
                r2 = equation(symbol("R²", latex="R^2"), 1 - squares / spread)
                w.line(
                    "r2",
                    r2,
                    1.0 - sse / sst,
                    title=message("Coefficient of determination (R²)"),
                    rule=Rule.RATIO,
                    # Deviations from the mean keep the rounding of the numbers themselves.
                    absolute=1e-15 * size / math.sqrt(sst / self.fit.weight),
                )
            self.squares_told = True
            self.sure = sureness(size, sse / self.fit.weight)
            self._mean_errors(squares, sse, math.fsum(weight * np.abs(off)))

    def _no_errors(self, squares: Node, size: float) -> None:
        """Claim of a perfect fit that the errors are rounding, which has no digits to show."""
        mean = self.letters.mean_over_rows(absolute(self.error_of(None)))
        bound = number(rounded_up(1e-11 * size))
        self.w.claim("rmse", at_most(sqrt(squares / self.letters.size), bound), title=_TITLES[0])
        self.w.claim("mae", at_most(mean, bound), title=_TITLES[1])

    def _mean_errors(self, squares: Node, sse: float, absolutes: float) -> None:
        w, letters, weight = self.w, self.letters, self.fit.weight
        root, mean = sqrt(squares / letters.size), letters.mean_over_rows(absolute(self.error_of(None)))
        rmse = equation(symbol("RMSE"), root)
        w.line("rmse", rmse, math.sqrt(sse / weight), title=_TITLES[0], rule=Rule.SQUARE_ROOT)
        w.line("mae", equation(symbol("MAE"), mean), absolutes / weight, title=_TITLES[1], rule=Rule.MEAN)

    def spreads_by(self, part: float) -> bool:
        """Whether the column and the target spread by more than a part of their size."""
        rows = self.fit.rows
        return all(
            float(np.sqrt(np.average((one - np.average(one, weights=rows.weight)) ** 2, weights=rows.weight)))
            > part * float(np.abs(one).max())
            for one in (rows.X[:, 0], rows.y)
        )

    def varying_together(self) -> Node:
        """Return the sum of the products of the column's and the target's deviations."""
        x, y = self.letters.x(self.i), self.letters.y(self.i)
        return self.letters.sum_over_rows((x - MEAN_X) * (y - MEAN_Y) if self.letters.fit_intercept else x * y)

    def errors(self, parameters: Array, scores: Array) -> Array:
        """Return the errors, which are much smaller than the scores may be."""
        del scores
        columns = self.fit.columns
        intercept = float(parameters[columns]) if self.letters.fit_intercept else 0.0
        return errors_of(self.fit.rows.X, parameters[:columns], intercept, self.fit.rows.y)

    def _errors(self) -> Array:
        return self.errors(self.fit.parameters, np.empty(0))

    def _half_mean(self, body: Node) -> Node:
        return 1 / (2 * self.letters.size) * self.letters.sum_over_rows(body)
