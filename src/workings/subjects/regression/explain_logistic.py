"""Logistic regression, told: the log-loss, its slopes by the chain rule, the descent, and where it ended."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.expression import Node, Symbol, equation, indexed, log, partial, sigmoid, substitute, symbol, total
from workings.expression.calculus import derivative, simplify
from workings.language import message
from workings.once import cached_property
from workings.subjects.regression.narration import Narrator
from workings.subjects.regression.narration_rate import tell_largest_eigenvalue, tell_learning_rate
from workings.subjects.sigmoid import sigmoid as compute_sigmoid
from workings.working import Rule, rounded_up

__all__ = ["LogisticNarrator"]

Array = NDArray[np.float64]


class LogisticNarrator(Narrator):
    """The lines of a logistic fit."""

    _information_given = False

    @property
    def penalised(self) -> bool:
        """Whether there is a penalty."""
        return math.isfinite(self.fit.penalty)

    def give_penalty(self) -> None:
        """Start from C."""
        if self.penalised:
            self.w.given("C", self.fit.penalty, message("the inverse of the penalty's strength"))

    def cost_of(self, at: int | None) -> Node:
        """Return the mean log-loss, with 1 - σ(z) written σ(-z), and the penalty."""
        score, y = self.letters.row_score(at, self.i), self.letters.y(self.i)
        return self.with_penalty(
            -self.letters.mean_over_rows(y * log(sigmoid(score)) + (1 - y) * log(sigmoid(-score))), at
        )

    def predictions(self, scores: Array) -> Array:
        """Return the probabilities."""
        return np.asarray(compute_sigmoid(scores))

    def error_written_out(self, at: int | None) -> Node:
        """Return the probability less the truth."""
        return sigmoid(self.letters.row_score(at, self.i)) - self.letters.y(self.i)

    def penalty_of(self, at: int | None) -> Node | None:
        """Return Σ w² / (2 C n)."""
        return 1 / (2 * symbol("C") * self.letters.size) * self.sum_of_squares(at) if self.penalised else None

    def slope_by_score(self) -> Node:
        """Return the slope of the log-loss by the score, p - y, which is the error."""
        p, y = indexed("p", self.i), self.letters.y(self.i)
        return substitute(simplify(self._by_probability() * self._by_score()).node, {p - y: indexed("e", self.i)})

    def _by_probability(self) -> Node:
        p, y = indexed("p", self.i), self.letters.y(self.i)
        return derivative(-(y * log(p) + (1 - y) * log(1 - p)), p)

    def _by_score(self) -> Node:
        z = indexed("z", self.i)
        return substitute(derivative(sigmoid(z), z), {sigmoid(z): indexed("p", self.i)})

    def tolerance_of(self, column: int) -> float:
        """Return the tolerance of a column: relative to the most that its slope can be."""
        if column == self.fit.columns:
            return self.fit.tol
        rms = float(np.sqrt(np.average(self.fit.rows.X[:, column] ** 2, weights=self.fit.rows.weight)))
        return rounded_up(self.fit.tol * rms)

    @property
    def mean_letter(self) -> Symbol:
        """The letter of a column's mean, in which a row counts for what it tells."""
        return Symbol("x̃", style="italic", latex=r"\tilde{x}")

    def has_errors(self) -> bool:
        """A probability says itself how far truths scatter about it."""
        return True

    def residual_variance(self) -> None:
        """Return None: there is no s² beside p (1 - p)."""
        return

    def information(self) -> Node:
        """Start from how much each row tells, p (1 - p), and derive their sum; return its letter."""
        v, V = symbol("v"), symbol("V")
        if self._information_given:
            return V
        self._information_given = True
        self.define_information()
        i = self.i
        self.w.given("v", self.row_information, message("what each row tells"))
        score = self.letters.row_score(None, i)
        written = sigmoid(score) * sigmoid(-score)
        weighted = self.fit.rows.weight is not None
        self.see("information", indexed("v", i) - (indexed("s", i) * written if weighted else written), self._heaviest)
        self.w.line("information_sum", equation(V, total(indexed(v, i), i, 1, symbol("n"))), rule=Rule.SUM)
        return V

    def define_information(self) -> None:
        """Say what a row tells."""
        p, i = indexed("p", self.i), self.i
        told = p * (1 - p)
        self.w.define(
            "information_rule",
            equation(indexed("v", i), told if self.fit.rows.weight is None else indexed("s", i) * told),
            title=message("What a row tells"),
            note=message(
                "It is how much the slope of the row's loss changes with its score, the second derivative: nearly "
                "nothing of a row that is nearly certain."
            ),
        )

    def highest_cost(self, cost: float) -> float:
        """Return what a cost's rounding goes by: no less than 1, since a loss rounds as its score does."""
        return max(1.0, super().highest_cost(cost))

    def informed(self, body: Node) -> Node:
        """Return the sum over the rows, each times what it tells."""
        return total(indexed("v", self.i) * body, self.i, 1, symbol("n"))

    @property
    def _heaviest(self) -> float:
        return 1.0 if self.fit.rows.weight is None else float(self.fit.rows.weight.max())

    @property
    def row_information(self) -> Array:
        """What each row tells, p (1 - p), times its weight."""
        return self._of_each_row

    @cached_property
    def _of_each_row(self) -> Array:
        fit = self.fit
        scores = product(fit.rows.X, fit.parameters[: fit.columns])
        if self.letters.fit_intercept:
            scores = scores + fit.parameters[fit.columns]
        told = self.predictions(scores) * self.predictions(-scores)
        return told if fit.rows.weight is None else told * fit.rows.weight

    def definitions(self) -> None:
        """Tell the model, the cost, and the slopes by the chain rule."""
        w, letters, i = self.w, self.letters, self.i
        column = 1 if letters.single else symbol("j")
        z, p, y = indexed("z", i), indexed("p", i), letters.y(i)
        score = letters.weighted_sum(None, i)
        w.define("score", equation(z, score), title=message("The score of a row"))
        w.define("model", equation(p, sigmoid(z)), title=message("Its probability of yes"))
        if not letters.single:
            w.define("error", equation(indexed("e", i), p - y), title=message("Its error"))
        w.define(
            "cost_rule",
            equation(symbol("J"), self.with_penalty(-letters.mean_over_rows(y * log(p) + (1 - y) * log(1 - p)), None)),
            title=message("The cost: the mean log-loss"),
            note=message("A yes (y = 1) costs -log p, a no (y = 0) costs -log(1 - p)."),
        )
        if self.penalised:
            w.note(
                message(
                    "The last term of J is the penalty that keeps the weights small (C = {C}, as in scikit-learn); the "
                    "intercept is left out of it.",
                    C=f"{self.fit.penalty:g}",
                )
            )
        weight = letters.coefficient(None, column)
        with w.part("chain_rule", message("The slopes, by the chain rule")):
            loss = indexed("ℓ", i)
            by_probability, by_score = self._by_probability(), self._by_score()
            by_weight = derivative(score, weight)
            w.define(
                "chain_loss", equation(partial(loss, p), by_probability), title=message("The loss, by probability")
            )
            w.define("chain_sigmoid", equation(partial(p, z), by_score), title=message("The probability, by score"))
            w.define("chain_score", equation(partial(z, weight), by_weight), title=message("The score, by weight"))
            error = simplify(by_probability * by_score).node
            w.define(
                "gradient_rule",
                equation(letters.slope_of_cost(None, column), self.chained(error, None, column)),
                title=message("Multiplied; p(1-p) cancels"),
                note=message("The slope is the mean of error times value."),
            )
            if letters.fit_intercept:
                w.define(
                    "gradient_rule_intercept",
                    equation(letters.slope_of_cost(None, None), self.chained(error, None, None)),
                    title=message("For the intercept x is 1"),
                )

    def rate(self) -> None:
        """Tell why a step is as long as it is; of Newton's method, what its step is."""
        if self.fit.rate is None:
            theta, H, g = symbol("θ"), symbol("H"), symbol("g")
            self.w.define(
                "newton_rule",
                equation(symbol("θ'"), theta - H**-1 * g),
                title=message("Newton's step"),
                note=message(
                    "θ are the coefficients, g the slopes and H the second derivatives there: the step leads to the "
                    "minimum of the parabola that touches the cost at θ. It is halved where the cost does not fall "
                    "enough."
                ),
            )
            return
        tell_learning_rate(self, self._largest_curvature)

    def _largest_curvature(self) -> Node | None:
        """Derive the largest eigenvalue of XᵀX/n, of which p (1 - p) leaves a quarter at most; return L by it."""
        if self.fit.rate is None:
            return None
        penalty = 1.0 / (self.fit.penalty * self.fit.weight)
        eigenvalue = 4.0 * (self.fit.rate.largest_curvature - penalty)
        found = tell_largest_eigenvalue(self)
        if found is None:
            text = message("the largest eigenvalue of XᵀX/n, with a column of ones for the intercept")
            self.w.given("λ", eigenvalue, text, source="state")
        else:
            self.w.line("eigenvalue", equation(symbol("λ"), found), eigenvalue, title=message("The largest eigenvalue"))
        bound = symbol("λ") / 4
        return bound + 1 / (symbol("C") * self.letters.size) if self.penalised else bound
