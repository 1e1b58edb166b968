"""Logistic regression: scikit-learn's interface over Newton's method and the descent of this room."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets

from workings.arrays import as_row_weights
from workings.errors import InputError
from workings.language import message
from workings.subjects.regression.compute import (
    Momentum,
    descend_logistic,
    newton_logistic,
)
from workings.subjects.regression.information import standard_errors_of
from workings.subjects.regression.linear_model import LinearModel, kept_numbers, split
from workings.subjects.regression.parameters import check_choice, check_descent, check_number
from workings.subjects.regression.rows import Rows, fold_rows
from workings.subjects.sigmoid import sigmoid

__all__ = ["LogisticRegression"]

Array = NDArray[np.float64]


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
