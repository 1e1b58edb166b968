"""The fits of this room as functions of a fold over the data, so that rows in memory and rows in files go one way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message
from workings.subjects.regression.descent import GradientDescent
from workings.subjects.regression.iteration import Outcome, run
from workings.subjects.regression.newton import NewtonMethod
from workings.subjects.regression.objectives import LogisticCost, SquaredCost, largest_eigenvalue
from workings.subjects.regression.rows import Fold
from workings.subjects.regression.separation import told_if_separated
from workings.subjects.regression.summary import GramMoments

__all__ = ["LearningRate", "Momentum", "descend_linear", "descend_logistic", "newton_logistic"]

Momentum = Literal["nesterov", "none"]


@dataclass(frozen=True)
class LearningRate:
    """How far a step goes: η times the gradient.

    Parameters
    ----------
    value
        η.
    largest_curvature
        L, no less than the cost's second derivative in any direction. From η = 2/L on a descent on a quadratic cost
        overshoots by more than it gains; at η = 1/L, the choice of "auto", every step lowers the cost.
    automatic
        Whether η was chosen here.
    """

    value: float
    largest_curvature: float
    automatic: bool

    @property
    def largest_stable(self) -> float:
        """2/L."""
        return 2.0 / self.largest_curvature if self.largest_curvature > 0.0 else math.inf


def descend_linear(
    fold: Fold,
    columns: int,
    targets: int = 1,
    *,
    alpha: float = 0.0,
    fit_intercept: bool = True,
    learning_rate: float | Literal["auto"] = "auto",
    momentum: Momentum = "nesterov",
    max_iter: int = 10_000,
    tol: float = 1e-12,
    keep_values: int = 10_000,
    function: str = "descend_linear",
) -> tuple[Outcome, LearningRate, GramMoments]:
    r"""Minimise the mean squared error by full-batch gradient descent from zero.

    .. math:: J(W, b) = \frac{1}{2S} \Bigl[ \sum_i s_i \lVert W x_i + b - y_i \rVert^2 + α \lVert W \rVert^2 \Bigr]

    The data is passed over once, for its moments; the iterates computed from them are those of the descent over all
    rows, to rounding.

    Parameters
    ----------
    fold
        One pass over the data (:func:`fold_rows` for rows in memory).
    columns, targets
        The numbers of columns of X and of y.
    alpha, fit_intercept, learning_rate, momentum, max_iter, tol
        As in :class:`LinearRegression`.
    keep_values
        About how many numbers the history of the parameters may hold.
    function
        The name that an error speaks of.

    Returns
    -------
    descent, rate, moments
        What the descent came to, the learning rate with its reason, and the moments that it ran on.

    Raises
    ------
    InputError
        If a fixed learning rate is 2/L or more: the descent would diverge from almost every start.
    """
    moments = fold(lambda: GramMoments(columns, targets))
    cost = SquaredCost(moments, alpha=alpha, fit_intercept=fit_intercept)
    rate = _rate(learning_rate, largest_eigenvalue(cost.second_derivatives()))
    if rate.value >= rate.largest_stable:
        raise InputError(
            message(
                "{function}: learning_rate must be below {largest:.6g} (2 divided by the largest curvature of the "
                'cost on this data, {curvature:.6g}), else the descent diverges; got {rate:.6g}; try "auto"',
                function=function,
                largest=rate.largest_stable,
                curvature=rate.largest_curvature,
                rate=rate.value,
            )
        )
    method = GradientDescent(cost, rate.value, tol, momentum=momentum == "nesterov")
    start = np.zeros((targets, columns + fit_intercept))
    return run(method, start, max_iter=max_iter, keep_values=keep_values), rate, moments


def descend_logistic(
    fold: Fold,
    columns: int,
    outputs: int = 1,
    *,
    C: float = 1.0,
    fit_intercept: bool = True,
    learning_rate: float | Literal["auto"] = "auto",
    momentum: Momentum = "nesterov",
    max_iter: int = 10_000,
    tol: float = 1e-8,
    keep_values: int = 10_000,
) -> tuple[Outcome, LearningRate, GramMoments]:
    r"""Minimise the mean log-loss by full-batch gradient descent from zero.

    .. math:: J(W, b) = \frac{1}{S} \Bigl[ \sum_i s_i ℓ_i + \frac{1}{2C} \lVert W \rVert^2 \Bigr]

    Parameters
    ----------
    fold
        One pass over the data; y holds the number of each row's class, from 0. A pass is made for every step.
    columns, outputs
        The number of columns of X, and of yes/no questions about a row (1 for two classes).
    C, fit_intercept, learning_rate, momentum, max_iter, tol
        As in :class:`LogisticRegression`.
    keep_values
        About how many numbers the history of the parameters may hold.

    Returns
    -------
    descent, rate, moments
        What the descent came to, the learning rate with its reason, and the moments of X that gave it.
    """
    moments = fold(lambda: GramMoments(columns, 0))
    squared = SquaredCost(moments, fit_intercept=fit_intercept)
    # σ' is at most 1/4, so XᵀX/(4S) is no less than the curvature anywhere.
    curvature = largest_eigenvalue(squared.second_derivatives()) / 4.0 + 1.0 / (C * moments.weight)
    rate = _rate(learning_rate, curvature)
    cost = LogisticCost(fold, columns, C=C, rms=squared.rms)
    method = GradientDescent(cost, rate.value, tol, momentum=momentum == "nesterov")
    start = np.zeros((outputs, columns + fit_intercept))
    descent = run(method, start, max_iter=max_iter, keep_values=keep_values)
    return (told_if_separated(descent, fold, columns) if math.isinf(C) else descent), rate, moments


def newton_logistic(
    fold: Fold,
    columns: int,
    outputs: int = 1,
    *,
    C: float = 1.0,
    fit_intercept: bool = True,
    max_iter: int = 10_000,
    tol: float = 1e-8,
    keep_values: int = 10_000,
) -> Outcome:
    """Minimise the cost of :func:`descend_logistic` by Newton's method with a line search; same parameters."""
    start: NDArray[np.float64] = np.zeros((outputs, columns + fit_intercept))
    method = NewtonMethod(LogisticCost(fold, columns, C=C), tol)
    descent = run(method, start, max_iter=max_iter, keep_values=keep_values)
    return told_if_separated(descent, fold, columns) if math.isinf(C) else descent


def _rate(asked: float | Literal["auto"], curvature: float) -> LearningRate:
    if asked == "auto":
        # A cost that is flat (every column zero) is at its minimum wherever one stands; any rate will do.
        return LearningRate(1.0 / curvature if curvature > 0.0 else 1.0, curvature, automatic=True)
    return LearningRate(float(asked), curvature, automatic=False)
