"""The estimators: scikit-learn's interface over the fits of this room."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin, MultiOutputMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from workings.arrays import as_row_weights, not_numbers
from workings.errors import InputError, WorkingsWarning, warn
from workings.language import message
from workings.subjects.regression.cholesky import least_squares_of, least_squares_of_moments
from workings.subjects.regression.compute import (
    Momentum,
    descend_linear,
    descend_logistic,
    newton_logistic,
)
from workings.subjects.regression.information import standard_errors_of
from workings.subjects.regression.iteration import Status
from workings.subjects.regression.linear_model import LinearModel, kept_numbers, split
from workings.subjects.regression.objectives import SquaredCost
from workings.subjects.regression.parameters import check_choice, check_descent, check_number
from workings.subjects.regression.rows import Rows, fold_rows
from workings.subjects.regression.size import check_size
from workings.subjects.regression.solution import solve
from workings.subjects.regression.summary import GramMoments
from workings.subjects.sigmoid import sigmoid

__all__ = ["LinearRegression", "LogisticRegression"]

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
        s²(ZᵀSZ)⁻¹, Z the columns with one of ones, s² the sum of squared errors divided by rows with weight less
        parameters: a weight says how exact a row is, as in statsmodels' ``WLS``, not how many rows it stands for. NaN
        where columns depend on each other, no row is to spare, there is a penalty, or a descent stopped before it
        arrived.
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
                self.standard_errors_ = self._errors_at_the_minimum(rows, self.moments_)
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

    def _errors_at_the_minimum(self, rows: Rows, moments: GramMoments) -> Array:
        """Return the standard errors of the least squares, from the moments alone where they have the digits for it."""
        state = least_squares_of_moments(moments)
        if state is None:
            state = least_squares_of(rows, fold_rows(rows), moments.columns, moments.targets)
        return solve(state, fit_intercept=self.fit_intercept).standard_errors

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
                stacklevel=3,
            )


class LogisticRegression(ClassifierMixin, LinearModel):
    r"""Logistic regression: the probability of yes as the sigmoid of a weighted sum of the columns.

    .. math:: p = σ(w \cdot x + b), \qquad
              J(w, b) = \frac{1}{S} \Bigl[ -\sum_i s_i \bigl( y_i \log p_i + (1 - y_i) \log(1 - p_i) \bigr)
              + \frac{1}{2C} \lVert w \rVert^2 \Bigr], \qquad S = \sum_i s_i

    This is the minimum of scikit-learn's ``LogisticRegression`` with the same C; the intercept b is not penalised.

    Three classes and more are asked one by one, *this class or another?*, each with its own w and b, and the
    probabilities are divided by their sum. scikit-learn's default is the multinomial model instead; ours is its
    ``OneVsRestClassifier(LogisticRegression())``. The cost is then the sum over the questions.

    Parameters
    ----------
    C
        The inverse of the penalty's strength, > 0; ``math.inf`` for no penalty.
    fit_intercept
        Whether b is fitted; else it is 0.
    solver
        "newton": Newton's method with a line search. "gradient_descent": full-batch descent from zero.
    learning_rate
        "auto" for 1/L, where L, the largest eigenvalue of XᵀX/(4S) plus the penalty's 1/(CS), bounds the curvature of
        J; or a number: where it is too large, the descent stops when the cost rises.
    momentum
        "nesterov": Nesterov's momentum with adaptive restart (O'Donoghue and Candès 2015). "none": plain descent.
    max_iter
        The most steps.
    tol
        The fit has arrived when every |∂J/∂wⱼ| is at most tol · rms(xⱼ), and |∂J/∂b| at most tol.

    Attributes
    ----------
    classes_
        The classes of the rows with weight, sorted; of two, the second is yes.
    coef_, intercept_
        w and b, shapes (1, columns) and (1,), or one row a class; float64.
    standard_errors_
        Of the coefficients and, last, the intercept, shape (1, columns + 1), or one row a class: the square roots of
        the diagonal of the inverse of the observed information Σ sᵢ pᵢ(1 - pᵢ) zᵢzᵢᵀ, z a row with a 1 for the
        intercept. NaN where columns depend on each other, the fit stopped before it arrived, or there is a penalty
        (C is finite): coefficients that are drawn towards zero are off by more than their scatter, which no formula
        tells from the rows.
    n_iter_
        Steps taken.
    history_, status_, learning_rate_, cost_, gradient_
        The way of the fit (:class:`History`), why it ended (:class:`Status`), its rate (:class:`LearningRate`; None
        for "newton"), J and its partial derivatives at the end.
    rows_
        A copy of the rows, where they hold at most 100,000 values: what ``explain`` works from. Else None.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Warns
    -----
    ConvergenceWarning
        If the fit stopped before it arrived, saying where and why: the steps ran out, the cost rose, or the columns
        part a class from the rest (but for rows on the border itself) and no penalty holds the coefficients back.

    Raises
    ------
    InputError
        If y has one class, rows without weight not counted, or a parameter is out of its range.

    See Also
    --------
    LinearRegression : for a number as target.

    Examples
    --------
    >>> import workings as wk
    >>> model = wk.LogisticRegression().fit([[1.0], [2.0], [3.0], [4.0]], ["no", "no", "yes", "yes"])
    >>> model.predict([[1.5], [3.5]])
    array(['no', 'yes'], dtype='<U3')
    >>> model.predict_proba([[2.5]]).round(6)
    array([[0.5, 0.5]])
    """

    def __init__(
        self,
        *,
        C: float = 1.0,
        fit_intercept: bool = True,
        solver: Literal["newton", "gradient_descent"] = "newton",
        learning_rate: float | Literal["auto"] = "auto",
        momentum: Momentum = "nesterov",
        max_iter: int = 10_000,
        tol: float = 1e-8,
    ) -> None:
        self.C = C
        self.fit_intercept = fit_intercept
        self.solver = solver
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
            Shape (rows,): numbers, booleans or text, at least two classes.
        sample_weight
            Shape (rows,): how often each row counts, or one number for all; None for once each.
        """
        name = type(self).__name__
        check_choice(name, "solver", self.solver, ("newton", "gradient_descent"))
        check_descent(name, self.learning_rate, self.momentum, self.max_iter, self.tol)
        check_number(name, "C", self.C, above=0.0)
        X_, y_ = self._checked(X, y)
        found = np.unique(y_)
        # Labels nearly all different get a warning; of a few among many rows the few are looked at, three times each.
        check_classification_targets(y_ if 3 * len(found) > len(y_) else np.tile(found, 3))
        weight = as_row_weights(sample_weight, len(X_), function=name)
        # A row without weight is as one that is not there.
        self.classes_ = found if weight is None else np.unique(y_[weight > 0.0])
        codes = np.minimum(np.searchsorted(self.classes_, y_), len(self.classes_) - 1)
        if len(self.classes_) < 2:
            raise InputError(
                message(
                    "{function}: y must have at least two classes; got one class, {found}; check the target column",
                    function=name,
                    found=str(self.classes_[0]),
                )
            )
        columns, outputs = X_.shape[1], 1 if len(self.classes_) == 2 else len(self.classes_)
        rows = Rows(X_, codes, weight)
        self._begin(rows)
        fold = fold_rows(rows)
        keep = kept_numbers(X_.size)
        rate = None
        if self.solver == "newton":
            descent = newton_logistic(
                fold,
                columns,
                outputs,
                C=self.C,
                fit_intercept=self.fit_intercept,
                max_iter=self.max_iter,
                tol=self.tol,
                keep_values=keep,
            )
        else:
            descent, rate, _ = descend_logistic(
                fold,
                columns,
                outputs,
                C=self.C,
                fit_intercept=self.fit_intercept,
                learning_rate=self.learning_rate,
                momentum=self.momentum,
                max_iter=self.max_iter,
                tol=self.tol,
                keep_values=keep,
            )
        self.coef_, self.intercept_ = split(descent.minimum, columns)
        self.standard_errors_ = np.full((outputs, columns + 1), np.nan)
        if descent.converged and np.isinf(self.C):
            self.standard_errors_ = standard_errors_of(fold, descent.minimum, columns)
        self._keep(descent, rate)
        return self

    def decision_function(self, X: ArrayLike) -> Array:
        """Return the scores w·x + b, shape (rows,), or (rows, classes) for three classes and more."""
        scores = self._scores(X)
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of the largest score for each row; of two, the second where the score is above 0."""
        scores = self.decision_function(X)
        return self.classes_[(scores > 0.0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)]

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probabilities, shape (rows, classes), in the order of ``classes_``."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            return np.stack([sigmoid(-scores), sigmoid(scores)], axis=1)
        each = sigmoid(scores)
        total = each.sum(axis=1, keepdims=True)
        # Where every class answers no beyond what float64 holds, none is likelier than the others.
        return np.divide(each, total, out=np.full_like(each, 1.0 / each.shape[1]), where=total > 0.0)

    def predict_log_proba(self, X: ArrayLike) -> Array:
        """Return the logarithms of the probabilities, shape (rows, classes)."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            # log(1 - p) by way of p would be -inf from a score of 37 on.
            return -np.logaddexp(0.0, np.stack([scores, -scores], axis=1))
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))


def _is_count(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and int(value) >= 0
