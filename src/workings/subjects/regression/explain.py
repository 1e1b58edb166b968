"""What a fitted regression explains: how it was fitted, and how it predicts one row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_matrix, as_row_weights, as_vector, check_same_length
from workings.errors import InputError
from workings.language import message
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression
from workings.subjects.regression.explain_coefficient import about_coefficient, column_of, tell_coefficient
from workings.subjects.regression.explain_descent import explain_descent
from workings.subjects.regression.explain_formula import explain_formula_fit
from workings.subjects.regression.explain_iteration import about_iteration, tell_one_iteration
from workings.subjects.regression.explain_linear import LinearNarrator
from workings.subjects.regression.explain_logistic import LogisticNarrator
from workings.subjects.regression.explain_path import explain_path
from workings.subjects.regression.explain_prediction import predict_class, predict_number
from workings.subjects.regression.letters import Letters
from workings.subjects.regression.narration_coefficients import tell_coefficients
from workings.subjects.regression.narration_errors import tell_errors
from workings.subjects.regression.narration_exact import tell_exact
from workings.subjects.regression.narration_large import LargeLinearNarrator, LargeLogisticNarrator
from workings.subjects.regression.narration_steps import tell_steps, tell_way
from workings.subjects.regression.nearness import errors_of
from workings.subjects.regression.objectives import LogisticCost, SquaredCost, steepest_direction
from workings.subjects.regression.rows import Rows, fold_rows
from workings.subjects.regression.summary import GramMoments
from workings.subjects.regression.told_fit import MOST_TERMS, Fit
from workings.working import Derivation, Working, explainer

__all__ = [
    "explain_descent",
    "explain_formula_fit",
    "explain_linear",
    "explain_logistic",
    "explain_path",
    "names_of",
    "rows_of",
]

Array = NDArray[np.float64]


@explainer(LinearRegression)
def explain_linear(
    model: LinearRegression,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    target: int = 0,
    coefficients: Sequence[str | int] | None = None,
) -> Working:
    """Return how the coefficients came about.

    ``at(row=17)`` tells one prediction (the first row is row 0), ``at(coefficient="age")`` one coefficient, and
    ``at(iteration=10)`` one iteration of a descent, if its place was kept.

    Parameters
    ----------
    model
        A fitted model.
    X, y, sample_weight
        The rows that it was fitted on; needed where they were too many for the model to keep.
    names
        The columns' names, by default those of the frame that the model was fitted on.
    target
        Which target, where there are several.
    coefficients
        Columns, by name or place from 0, whose coefficients get a line each. By default all of them; of more than 30
        the first 15 and the 15 largest.
    """
    rows = rows_of(model, X, y, sample_weight)
    columns = rows.X.shape[1]
    coef, intercept = np.atleast_2d(model.coef_)[target], np.atleast_1d(np.asarray(model.intercept_))
    one = rows._replace(y=rows.y if rows.y.ndim == 1 else rows.y[:, target])
    parameters = _joined(coef, float(intercept[target % len(intercept)]), model.fit_intercept)
    moments = fold_rows(one)(lambda: GramMoments(columns))
    objective = SquaredCost(moments, alpha=model.alpha, fit_intercept=model.fit_intercept)
    cost, gradient = objective.value(parameters[None])
    descended = model.solver == "gradient_descent"
    if not descended and rows.X.size <= MOST_TERMS:
        # The products of the columns have lost what is left of numbers that are large and nearly fitted.
        cost = _cost_of_rows(one, parameters, alpha=model.alpha, fit_intercept=model.fit_intercept)
    fit = Fit(
        rows=one,
        names=names_of(model, names, columns),
        parameters=parameters,
        cost=cost,
        gradient=gradient[0],
        status=model.status_,
        iterations=model.n_iter_,
        tol=model.tol if descended else 1e-10,
        penalty=model.alpha,
        objective=objective if descended else None,
        rate=model.learning_rate_ if descended else None,
        steep=steepest_direction(objective.second_derivatives()) if descended else None,
        history=model.history_ if descended else None,
        question=target,
        alone=model.coef_.ndim == 1 or len(model.coef_) == 1,
        momentum=model.momentum == "nesterov",
        standard_errors=model.standard_errors_[target],
    )
    if coefficients is not None:
        fit = replace(fit, asked=[column_of(fit, one, function="explain") for one in coefficients])
    w = Derivation("regression", message("Which coefficients make the squared errors least, and how were they found?"))
    letters = Letters(columns, "m" if columns == 1 else "w", "ŷ", model.fit_intercept, one.weight is not None)
    narrator = LargeLinearNarrator if one.X.size > MOST_TERMS else LinearNarrator
    told = narrator(fit, w, letters)
    told.look_ahead()
    told.give_rows()
    told.give_penalty()
    told.definitions()
    told.rate()
    tell_steps(told)
    tell_way(told)
    told.end()
    told.quality()
    exact = tell_exact(told)
    tell_coefficients(told, tell_errors(told), exact)
    told.iterations()
    if descended:
        w.conclude(message("The fit {status}.", status=model.status_.text))
    else:
        w.conclude(message("The coefficients were found at once, from an orthogonal factor of the centred columns."))

    def more(row: int | None = None, *, coefficient: str | int | None = None, iteration: int | None = None) -> Working:
        which = _which(row, coefficient, iteration)
        if which == "row":
            return predict_number(fit, letters, _row(row, len(one.X)))
        if which == "iteration":
            return tell_one_iteration(narrator(fit, about_iteration(iteration), letters), iteration)
        column = column_of(fit, coefficient)
        return tell_coefficient(narrator(fit, about_coefficient(fit, column), letters), column)

    return w.build(more=more)


@explainer(LogisticRegression)
def explain_logistic(
    model: LogisticRegression,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    label: Any = None,
    coefficients: Sequence[str | int] | None = None,
) -> Working:
    """Return how the coefficients came about.

    ``at(row=17, threshold=0.3)`` tells one prediction (the threshold is 0.5 unless it is given, and the first row is
    row 0), ``at(coefficient="age")`` one coefficient, ``at(iteration=10)`` one iteration, if its place was kept.

    Parameters
    ----------
    model
        A fitted model.
    X, y, sample_weight
        The rows that it was fitted on; needed where they were too many for the model to keep.
    names
        The columns' names, by default those of the frame that the model was fitted on.
    class_names
        What the classes are called, in the order of ``classes_``; by default as they are.
    label
        Of three classes and more: whose question is told, *this class or another?*; the first by default.
    coefficients
        As for a linear model.
    """
    rows = rows_of(model, X, y, sample_weight)
    columns, classes = rows.X.shape[1], model.classes_
    codes = rows.y if y is None else _codes(rows.y, classes)
    question, yes = _question(classes, label)
    one = Rows(rows.X, (codes == yes).astype(np.int64), rows.weight)
    parameters = _joined(model.coef_[question], float(model.intercept_[question]), model.fit_intercept)
    objective = LogisticCost(fold_rows(one), columns, C=model.C)
    alone, large = len(classes) == 2, one.X.size > MOST_TERMS
    # Of very many rows the cost and the slopes that the fit noted are told, which a recount is held against.
    cost, gradient = (model.cost_, model.gradient_) if alone and large else objective.value(parameters[None])
    fit = Fit(
        rows=one,
        names=names_of(model, names, columns),
        parameters=parameters,
        cost=model.cost_ if alone and y is None else cost,
        gradient=gradient[0],
        status=model.status_,
        iterations=model.n_iter_,
        tol=model.tol,
        penalty=model.C,
        objective=objective if model.learning_rate_ is not None else None,
        rate=model.learning_rate_,
        steep=_steepest(one, model.fit_intercept) if model.learning_rate_ is not None else None,
        history=model.history_ if alone or model.learning_rate_ is not None else None,
        question=question,
        alone=alone,
        momentum=model.momentum == "nesterov",
        standard_errors=model.standard_errors_[question],
    )
    if coefficients is not None:
        fit = replace(fit, asked=[column_of(fit, one, function="explain") for one in coefficients])
    called = str(classes[yes] if class_names is None else class_names[yes])
    w = Derivation(
        "regression",
        message("Which weights make the log-loss for {label} least, and how were they found?", label=called),
    )
    letters = Letters(columns, "w", "z", model.fit_intercept, one.weight is not None)
    narrator = LargeLogisticNarrator if large else LogisticNarrator
    told = narrator(fit, w, letters)
    told.look_ahead()
    told.give_rows()
    told.give_penalty()
    told.definitions()
    told.rate()
    tell_steps(told)
    tell_way(told)
    told.end()
    tell_coefficients(told, tell_errors(told))
    told.iterations()
    w.conclude(message("The fit {status}.", status=model.status_.text))

    def more(
        row: int | None = None,
        threshold: float = 0.5,
        *,
        coefficient: str | int | None = None,
        iteration: int | None = None,
    ) -> Working:
        which = _which(row, coefficient, iteration)
        if which == "row":
            return predict_class(fit, letters, _row(row, len(one.X)), threshold, called)
        if which == "iteration":
            return tell_one_iteration(narrator(fit, about_iteration(iteration), letters), iteration)
        column = column_of(fit, coefficient)
        return tell_coefficient(narrator(fit, about_coefficient(fit, column), letters), column)

    return w.build(more=more)


def rows_of(model: Any, X: Any, y: Any, sample_weight: Any) -> Rows:
    """Return the rows that a model was fitted on: those given, else those that it kept.

    Raises
    ------
    InputError
        If it is not fitted, or there are neither.
    """
    name = f"explain({type(model).__name__})"
    if not hasattr(model, "coef_"):
        raise InputError(message("{function}: the model must be fitted first; call fit", function=name))
    if X is None or y is None:
        if X is None and y is None and model.rows_ is not None:
            return model.rows_
        raise InputError(
            message(
                "{function}: X and y must be given, the rows that the model was fitted on; they were too many for it "
                "to keep; try model.explain(X, y)",
                function=name,
            )
        )
    matrix = as_matrix(X, function=name, argument="X")
    target = np.asarray(y)
    check_same_length(name, X=len(matrix), y=len(target))
    if isinstance(model, LinearRegression) and target.ndim == 1:
        target = as_vector(target, function=name, argument="y")
    return Rows(matrix.astype(np.float64), target, as_row_weights(sample_weight, len(matrix), function=name))


def _codes(y: NDArray[Any], classes: NDArray[Any]) -> NDArray[np.intp]:
    if len(classes) == 2:
        # Of two classes a comparison tells; a search takes ten times as long.
        second = np.asarray(y == classes[1])
        if second.shape == y.shape and (second | (y == classes[0])).all():
            return second.astype(np.intp)
    codes = np.searchsorted(classes, y)
    if (codes >= len(classes)).any() or (classes[codes] != y).any():
        raise InputError(message("explain: y must hold the classes that the model was fitted on, and no others"))
    return codes


def _question(classes: NDArray[Any], label: Any) -> tuple[int, int]:
    """Return which line of the coefficients is told, and the number of the class that is its yes."""
    if len(classes) == 2:
        return 0, 1
    places = [0] if label is None else np.flatnonzero(classes == label).tolist()
    if not places:
        raise InputError(
            message(
                "explain: label must be one of the classes {classes}; got {got}",
                classes=", ".join(str(c) for c in classes),
                got=repr(label),
            )
        )
    return places[0], places[0]


def names_of(model: Any, names: Sequence[str] | None, columns: int) -> list[str]:
    """Return what the columns are called: the names given, those of the frame it was fitted on, else x_1, x_2, ...

    Raises
    ------
    InputError
        If the names are not one a column.
    """
    known = names if names is not None else getattr(model, "feature_names_in_", None)
    if known is None:
        return ["x"] if columns == 1 else [f"x_{j + 1}" for j in range(columns)]
    if len(known) != columns:
        raise InputError(
            message("explain: names must be one a column; got {found} for {count}", found=len(known), count=columns)
        )
    return [str(name) for name in known]


def _cost_of_rows(rows: Rows, parameters: Array, *, alpha: float, fit_intercept: bool) -> float:
    """Return half the mean squared error and the penalty, from each row's error."""
    columns = rows.X.shape[1]
    intercept = float(parameters[columns]) if fit_intercept else 0.0
    errors = errors_of(rows.X, parameters[:columns], intercept, rows.y)
    weight = np.ones(len(errors)) if rows.weight is None else rows.weight
    penalty = alpha * float(parameters[:columns] @ parameters[:columns])
    return (math.fsum(weight * errors**2) + penalty) / (2.0 * math.fsum(weight))


def _steepest(rows: Rows, fit_intercept: bool) -> Array | None:
    moments = fold_rows(rows)(lambda: GramMoments(rows.X.shape[1], 0))
    return steepest_direction(SquaredCost(moments, fit_intercept=fit_intercept).second_derivatives())


def _joined(coef: Array, intercept: float, fit_intercept: bool) -> Array:
    return np.append(coef, intercept) if fit_intercept else np.array(coef)


def _which(row: Any, coefficient: Any, iteration: Any) -> str:
    """Return what a closer look is asked at: one of the three."""
    given = {"row": row, "coefficient": coefficient, "iteration": iteration}
    asked = [name for name, value in given.items() if value is not None]
    if len(asked) != 1:
        raise InputError(
            message(
                "at: row, coefficient or iteration must be given, one of the three; got {got}; try at(row=0)",
                got=", ".join(asked) or message("none"),
            )
        )
    return asked[0]


def _row(row: Any, count: int) -> int:
    if not isinstance(row, int | np.integer) or not 0 <= row < count:
        raise InputError(
            message("at: row must be a whole number from 0 to {last}; got {got}", last=count - 1, got=repr(row))
        )
    return int(row)
