"""Linear regression: scikit-learn's interface over the exact least squares and the descent of this room."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from workings.arrays import as_row_weights, not_numbers
from workings.errors import InputError, WorkingsWarning, warn
from workings.language import message
from workings.subjects.regression.cholesky import least_squares_of, least_squares_of_moments
from workings.subjects.regression.compute import (
    Momentum,
    descend_linear,
)
from workings.subjects.regression.iteration import Status
from workings.subjects.regression.linear_model import LinearModel, kept_numbers, split
from workings.subjects.regression.objectives import SquaredCost
from workings.subjects.regression.parameters import check_choice, check_descent, check_number
from workings.subjects.regression.rows import Rows, fold_rows
from workings.subjects.regression.size import check_size
from workings.subjects.regression.solution import solve
from workings.subjects.regression.summary import GramMoments

__all__ = ["LinearRegression"]

Array = NDArray[np.float64]


class LinearRegression(MultiOutputMixin, RegressorMixin, LinearModel):
    r"""Linear regression: the weighted sum of the columns that comes nearest to the target.

    .. math:: \hat y = w \cdot x + b, \qquad
              J(w, b) = \frac{1}{2S} \Bigl[ \sum_i s_i (\hat y_i - y_i)^2 + α \lVert w \rVert^2 \Bigr],
              \qquad S = \sum_i s_i

    The intercept b is not penalised. With α = 0 this is scikit-learn's ``LinearRegression``, else its ``Ridge``.

    Parameters
    ----------
    fit_intercept
        Whether b is fitted; else it is 0.
    solver
        "exact": an orthogonal factor of the centred columns, exact to rounding (13 digits on NIST's Longley data),
        by two passes of products over many rows where those are as exact, else by reflections.
        "gradient_descent": full-batch descent from zero, with its history.
    alpha
        The penalty α >= 0, as in ``Ridge``.
    learning_rate
        "auto" for 1/L with L the largest curvature of J, or a number below 2/L.
    momentum
        "nesterov": Nesterov's momentum with adaptive restart (O'Donoghue and Candès 2015). "none": plain descent,
        θ' = θ - η ∂J/∂θ, as in a textbook.
    max_iter
        The most steps of the descent. They cost the same whatever the number of rows.
    tol
        The descent has arrived when every |∂J/∂wⱼ| is at most tol · rms(xⱼ) · sd(y) (or its own rounding).

    Attributes
    ----------
    coef_
        w, shape (columns,), or (targets, columns) where y has two dimensions; float64.
    intercept_
        b, a number, or shape (targets,); 0.0 where it is not fitted.
    rank_
        The number of columns that do not depend on the others (solver "exact").
    standard_errors_
        Of the coefficients and, last, the intercept, shape (targets, columns + 1): the square roots of the diagonal of
        s²(ZᵀSZ)⁻¹, Z the columns with one of ones, s² the sum of squared errors that the model leaves divided by rows
        with weight less parameters: a weight says how exact a row is, as in statsmodels' ``WLS``, not how many rows it
        stands for. NaN where columns depend on each other, no row is to spare, there is a penalty, or a descent
        stopped before it arrived.
    n_iter_
        Steps taken; 1 for "exact".
    history_, status_, learning_rate_, cost_, gradient_
        The way of the descent (:class:`History`), why it ended (:class:`Status`), its rate (:class:`LearningRate`),
        J and its partial derivatives at the end.
    moments_
        The means and centred products of the columns, on which the descent ran (:class:`GramMoments`).
    rows_
        A copy of the rows, where they hold at most 100,000 values: what ``explain`` works from. Else None.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Warns
    -----
    ConvergenceWarning
        If the descent stopped before it arrived, saying where and why.
    WorkingsWarning
        If columns depend on each other: of all coefficients that fit equally well, the least (Euclidean norm) are
        given.

    Raises
    ------
    InputError
        If a fixed learning rate must diverge, y is no numbers, or a parameter is out of its range.

    See Also
    --------
    LogisticRegression : for a yes/no target.

    Examples
    --------
    >>> import workings as wk
    >>> model = wk.LinearRegression().fit([[50.0], [60.0], [80.0]], [150.0, 170.0, 210.0])
    >>> model.coef_.round(6), round(model.intercept_, 6)
    (array([2.]), 50.0)
    """

    def __init__(
        self,
        *,
        fit_intercept: bool = True,
        solver: Literal["exact", "gradient_descent"] = "exact",
        alpha: float = 0.0,
        learning_rate: float | Literal["auto"] = "auto",
        momentum: Momentum = "nesterov",
        max_iter: int = 10_000,
        tol: float = 1e-12,
    ) -> None:
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.alpha = alpha
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        X
            Shape (rows, columns), finite.
        y
            Shape (rows,) or (rows, targets), finite.
        sample_weight
            Shape (rows,): how often each row counts, or one number for all; None for once each.
        """
        name = type(self).__name__
        check_choice(name, "solver", self.solver, ("exact", "gradient_descent"))
        check_descent(name, self.learning_rate, self.momentum, self.max_iter, self.tol)
        check_number(name, "alpha", self.alpha, least=0.0, finite=True)
        X_, y_ = self._checked(X, y, multi_output=True, y_numeric=True)
        if y_.dtype.kind not in "fiub":
            raise not_numbers(y_.dtype, function=name, argument="y")
        check_size(name, "y", y_)
        weight = as_row_weights(sample_weight, len(X_), function=name)
        rows = Rows(X_, y_, weight)
        self._begin(rows)
        columns, targets = X_.shape[1], 1 if y_.ndim == 1 else y_.shape[1]
        if self.solver == "exact":
            self._fit_exactly(rows, columns, targets)
        else:
            descent, rate, self.moments_ = descend_linear(
                fold_rows(rows),
                columns,
                targets,
                alpha=self.alpha,
                fit_intercept=self.fit_intercept,
                learning_rate=self.learning_rate,
                momentum=self.momentum,
                max_iter=self.max_iter,
                tol=self.tol,
                keep_values=kept_numbers(X_.size),
                function=name,
            )
            self.coef_, self.intercept_ = split(descent.minimum, columns)
            self.standard_errors_ = np.full((targets, columns + 1), np.nan)
            if descent.converged and self.alpha == 0.0:
                self.standard_errors_ = self._errors_at_the_end(rows, self.moments_, descent.minimum)
            self._keep(descent, rate)
        if y_.ndim == 1:
            self.coef_, self.intercept_ = self.coef_[0], float(self.intercept_[0])
        if not self.fit_intercept:
            self.intercept_ = 0.0
        return self

    def predict(self, X: ArrayLike) -> Array:
        """Return ŷ = w·x + b for each row, shape (rows,) or (rows, targets)."""
        return self._scores(X)

    def path_at(self, iteration: int) -> tuple[Array, Any]:
        r"""Return ``coef_`` and ``intercept_`` as plain descent has them after so many steps, in closed form.

        It takes as long for the millionth iteration as for the first, whether or not the fit went as far. In exact
        arithmetic it is the iterate of full-batch descent over all rows; in float64 it differs from that, as the
        iterates of the fit do, by no more than 8(p + 4)(k + 1) ε (θ + g/L) in norm, with p columns, ε = 2⁻⁵², θ the
        largest parameters on the way, g the gradient at zero and L the largest curvature: a step rounds by a part of
        that, and none enlarges what the ones before it rounded.

        Parameters
        ----------
        iteration
            k >= 0.

        Raises
        ------
        InputError
            If the model was not fitted by plain descent (``solver="gradient_descent", momentum="none"``): momentum that
            is dropped on the way has no closed form.

        Examples
        --------
        >>> import workings as wk
        >>> model = wk.LinearRegression(solver="gradient_descent", momentum="none", learning_rate=0.5)
        >>> model.fit([[-1.0], [0.0], [1.0]], [1.0, 2.0, 6.0]).path_at(1)
        (array([0.83333333]), 1.5)
        """
        check_is_fitted(self)
        if not hasattr(self, "moments_") or self.momentum != "none" or self.learning_rate_ is None:
            raise InputError(
                message(
                    "LinearRegression.path_at: only plain descent has a closed form; fit with "
                    'solver="gradient_descent" and momentum="none"'
                )
            )
        if not _is_count(iteration):
            raise InputError(
                message(
                    "LinearRegression.path_at: iteration must be an integer >= 0; got {value}", value=repr(iteration)
                )
            )
        cost = SquaredCost(self.moments_, alpha=self.alpha, fit_intercept=self.fit_intercept)
        coef, intercept = split(cost.iterate(self.learning_rate_.value, int(iteration)), self.n_features_in_)
        if self.coef_.ndim == 1:
            return coef[0], float(intercept[0])
        return coef, intercept if self.fit_intercept else 0.0

    def _errors_at_the_end(self, rows: Rows, moments: GramMoments, ended: Array) -> Array:
        """Return the standard errors by what is left over there, from the moments where they have the digits for it."""
        state = least_squares_of_moments(moments)
        if state is None:
            state = least_squares_of(rows, fold_rows(rows), moments.columns, moments.targets)
        found = solve(state, fit_intercept=self.fit_intercept, ended=split(ended, moments.columns))
        return found.standard_errors

    def _fit_exactly(self, rows: Rows, columns: int, targets: int) -> None:
        state = least_squares_of(rows, fold_rows(rows), columns, targets)
        solution = solve(state, alpha=self.alpha, fit_intercept=self.fit_intercept)
        self.coef_, self.intercept_ = solution.coef, solution.intercept
        self.rank_ = solution.rank
        self.standard_errors_ = solution.standard_errors
        self.n_iter_ = 1
        self.status_ = Status("converged", message("solved exactly, from an orthogonal factor of the centred columns"))
        if solution.rank < columns and self.alpha == 0.0:
            warn(
                WorkingsWarning(
                    message(
                        "LinearRegression: only {rank} of {columns} columns {rank:is|are} independent; of all "
                        "coefficients that fit equally well the least are given; drop columns, or set alpha > 0",
                        rank=solution.rank,
                        columns=columns,
                    )
                ),
            )


def _is_count(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and int(value) >= 0
