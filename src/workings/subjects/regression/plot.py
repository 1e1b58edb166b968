"""A fitted regression, drawn: the rows with the line or curve through them, or the coefficients; and the way down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays.blas import rows_product
from workings.chart import themed
from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression
from workings.subjects.regression.explain import names_of, rows_of
from workings.subjects.regression.history import History
from workings.subjects.regression.plot_boundary import boundary_panel, path_of
from workings.subjects.regression.plot_coefficients import coefficients_panel, coefficients_words
from workings.subjects.regression.plot_descent import cost_panel
from workings.subjects.regression.plot_formula import plot_descent, plot_formula_fit
from workings.subjects.regression.plot_path import plot_path
from workings.subjects.regression.plot_rows import (
    ITERATES,
    Iterates,
    current_cost,
    curve_panel,
    iterates_of,
    line,
    line_panel,
    slider_of,
)
from workings.subjects.regression.plot_surface import places_of, surface_of, surface_panel
from workings.working import plotter

__all__ = ["plot_descent", "plot_formula_fit", "plot_linear", "plot_logistic", "plot_path"]

_SIZE = (340, 240)
_LOW = 150
_APART = 26


@plotter(LinearRegression)
def plot_linear(
    model: LinearRegression,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    target: int = 0,
) -> alt.ConcatChart:
    """Return the rows and the line through them (one column) or the coefficients, and the cost by iteration.

    Parameters
    ----------
    model
        A fitted model. Where it has a history, a slider moves the line along the iterations.
    X, y
        The rows that it was fitted on, where it did not keep them; without them coefficients are drawn.
    names
        The columns' names.
    target
        Which target, where there are several.

    Raises
    ------
    InputError
        If the model is not fitted, or the names are not one a column.
    """
    _check_fitted(model)
    title = message("Linear regression")
    coef, intercepts = np.atleast_2d(model.coef_), np.atleast_1d(np.asarray(model.intercept_, np.float64))
    slopes, intercept = coef[target].tolist(), float(intercepts[target if len(intercepts) > 1 else 0])
    called = names_of(model, names, len(slopes))
    history = _history(model)
    if len(slopes) > 1 or (X is None and model.rows_ is None):
        return _of_coefficients(called, slopes, _errors(model.standard_errors_[target, :-1]), history, title)
    rows = rows_of(model, X, y, None)
    values = rows.y if rows.y.ndim == 1 else rows.y[:, target]
    iterates = iterates_of(history, slopes[0], intercept, target)
    x, targets = rows.X[:, 0], np.asarray(values, np.float64)
    surface = surface_of(x, targets, rows.weight, model.alpha) if history is not None and model.fit_intercept else None
    places = None if surface is None else places_of(surface, iterates)
    panel, table = line_panel(x, targets, iterates, called[0], size=_SIZE, more=places)
    panels = [panel] if surface is None else [panel, surface_panel(surface, iterates, called[0], size=_SIZE)]
    words = message(
        "{count} rows over {column} and the line {line} through them.",
        count=len(values),
        column=called[0],
        line=f"y = {line(slopes[0], intercept)}",
    )
    return _of_rows(panels, table, iterates.slider, history, words=words, title=title)


@plotter(LogisticRegression)
def plot_logistic(
    model: LogisticRegression,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    label: Any = None,
) -> alt.ConcatChart:
    """Return the rows and the curve of their probability (one column) or the coefficients, and the cost by iteration.

    Parameters
    ----------
    model
        A fitted model. Where it has a history, a slider moves the curve along the iterations.
    X, y
        The rows that it was fitted on, where it did not keep them; without them coefficients are drawn.
    names, class_names
        What the columns are called, and the classes in the order of ``classes_``.
    label
        Of three classes and more: whose question is drawn; the first by default.

    Raises
    ------
    InputError
        If the model is not fitted, the names are not one a column, or ``label`` is no class.
    """
    _check_fitted(model)
    two = len(model.classes_) == 2
    yes = 1 if two else 0 if label is None else _place_of(label, model.classes_.tolist())
    question = 0 if two else yes
    slopes, intercept = model.coef_[question].tolist(), float(model.intercept_[question])
    called = names_of(model, names, len(slopes))
    said = str(model.classes_[yes] if class_names is None else class_names[yes])
    title = message("Logistic regression for {label}", label=said)
    history = _history(model)
    errors = _errors(model.standard_errors_[question, :-1])
    if X is None and model.rows_ is None:
        return _of_coefficients(called, slopes, errors, history, title)
    rows = rows_of(model, X, y, None)
    are = np.asarray(rows.y == (yes if y is None else model.classes_[yes]), np.float64)
    if len(slopes) == 2:
        path = path_of(history, slopes, intercept, question)
        panel, table = boundary_panel(rows.X, are, path, called, said, size=_SIZE)
        words = message(
            "{count} rows over {first} and {second}, and the lines where the probability of {label} is 0.1, 0.25, 0.5, "
            "0.75 and 0.9.",
            count=len(are),
            first=called[0],
            second=called[1],
            label=said,
        )
        return _of_rows([panel], table, slider_of(len(path.parameters)), history, words=words, title=title)
    if len(slopes) > 2:
        return _of_coefficients(
            called, slopes, errors, history, title, scores=_scores(rows.X, are, slopes, intercept, said)
        )
    iterates = iterates_of(history, slopes[0], intercept, question)
    panel, table = curve_panel(
        rows.X[:, 0], are, iterates, called[0], message("Probability of {label}", label=said), size=_SIZE
    )
    words = message(
        "{count} rows over {column}, at 1 where they are {label} and at 0 where they are not, and the curve of the "
        "probability; it passes 0.5 at {middle}.",
        count=len(are),
        column=called[0],
        label=said,
        middle=f"{-intercept / slopes[0]:.5g}" if slopes[0] else "∞",
    )
    return _of_rows([panel], table, iterates.slider, history, words=words, title=title)


def _scores(X: NDArray[np.float64], are: NDArray[np.float64], slopes: list[float], intercept: float, said: str) -> Any:
    """Draw the rows by their score, at 0 or 1, and the curve of the probability over it."""
    alone = Iterates(np.array([], np.int64), np.ones(1), np.zeros(1), np.full(1, np.nan))
    score, title = str(message("Score w·x + b")), message("Probability of {label}", label=said)
    panel, table = curve_panel(rows_product(X, np.array(slopes)) + intercept, are, alone, score, title, size=_SIZE)
    return panel, [{**row, "words": ""} for row in table]


def _errors(standard: NDArray[np.float64]) -> list[float] | None:
    """Return the coefficients' standard errors, None where no one is known."""
    return None if np.isnan(standard).all() else standard.tolist()


def _place_of(label: Any, classes: list[Any]) -> int:
    if label in classes:
        return classes.index(label)
    raise InputError(
        message(
            "plot: label must be one of the classes; got {got}; try one of {labels}",
            got=repr(label),
            labels=", ".join(map(repr, classes)),
        )
    )


def _check_fitted(model: LinearRegression | LogisticRegression) -> None:
    if not hasattr(model, "coef_"):
        function = f"plot({type(model).__name__})"
        raise InputError(message("{function}: the model must be fitted first; call fit", function=function))


def _of_rows(
    panels: list[Any],
    table: list[Any],
    slider: alt.Parameter,
    history: History | None,
    *,
    words: Message,
    title: Message,
) -> alt.ConcatChart:
    if history is not None:
        way = _way(history)
        way.layer = [*way.layer, current_cost()]
        panels = [*panels, way]
    # One below the other: each is then as wide as a telephone, or as a column of print.
    picture = (
        alt.concat(*panels, columns=1, spacing=_APART)
        .resolve_scale(color="independent", shape="independent")
        .add_params(slider)
    )
    picture.datasets = {ITERATES.name: table}
    return themed(picture, title=title, description=_with_the_way(words, history))


def _of_coefficients(
    names: Sequence[str],
    values: Sequence[float],
    errors: Sequence[float] | None,
    history: History | None,
    title: Message,
    *,
    scores: tuple[Any, list[Any]] | None = None,
) -> alt.ConcatChart:
    panels: list[Any] = [coefficients_panel(names, values, errors, width=_SIZE[0])]
    if scores is not None:
        panels.append(scores[0])
    if history is not None:
        panels.append(_way(history))
    words = _with_the_way(coefficients_words(names, values), history)
    picture = alt.concat(*panels, columns=1, spacing=_APART).resolve_scale(color="independent", shape="independent")
    if scores is not None:
        picture = picture.add_params(slider_of(1))
        picture.datasets = {ITERATES.name: scores[1]}
    return themed(picture, title=title, description=words)


def _way(history: History) -> alt.LayerChart:
    iterations = np.arange(len(history))
    return cost_panel(iterations, history.cost, history.gradient_norm, width=_SIZE[0], height=_LOW)


def _with_the_way(words: Message, history: History | None) -> Message:
    if history is None:
        return words
    return message(
        "{picture} The cost falls from {first} at iteration 0 to {last} at iteration {iterations}.",
        picture=words,
        first=f"{history.cost[0]:.6g}",
        last=f"{history.cost[-1]:.6g}",
        iterations=len(history) - 1,
    )


def _history(model: LinearRegression | LogisticRegression) -> History | None:
    """Return the way of a fit that was made step by step."""
    history = getattr(model, "history_", None)
    return history if history is not None and len(history) > 1 and model.solver != "exact" else None
